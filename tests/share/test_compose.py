import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.share import dossiers

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Window
from trucewatch.errors import ReleaseError
from trucewatch.grade.finding import (
    Attributed,
    ExemptStatus,
    Grade,
)
from trucewatch.place import Place, Unlocated
from trucewatch.record import canonical, decoded
from trucewatch.review.decision import Decision, Verdict
from trucewatch.share.bulletin import Bulletin
from trucewatch.share.compose import compose
from trucewatch.share.formats.html import render
from trucewatch.share.release import Release, Stage
from trucewatch.share.select import counted_in, period_before

NOON = dossiers.DAY.begin + timedelta(hours=12)
PLACE = Place.circle(48.1, 30.7, 500)


def made(source, *order, previous=None):
    return compose(source, dossiers.order(*order), previous, 7, "00" * 32)


def one(name="2031-05-05-a", begin=NOON, **changed):
    return dossiers.incident(name, PLACE, begin, (Act.EXPLOSION, 1.0), **changed)


def decided(finding, verdict=Verdict.CONFIRMED, hours=1, **changed):
    when = dossiers.CUTOFF - timedelta(hours=hours)
    return Decision(
        finding=finding.id,
        verdict=verdict,
        reviewer="reviewer-1",
        reason="read",
        decided=when,
        **changed,
    )


def test_a_bulletin_survives_the_ledger():
    bulletin = made(dossiers.full(), Stage.R, Release.CELL)
    again = decoded(Bulletin, json.loads(canonical(bulletin)))
    assert again == bulletin
    assert again.id == bulletin.id


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_a_dossier_does_not_matter(chance):
    source = dossiers.full(8)
    names = ("incidents", "findings", "observations", "decisions", "coverage")
    mixed = {name: list(getattr(source, name)) for name in (*names, "deliveries")}
    for part in mixed.values():
        chance.shuffle(part)
    shuffled = replace(source, **{name: tuple(part) for name, part in mixed.items()})
    assert made(shuffled).id == made(source).id


@settings(max_examples=30)
@given(st.integers(-200, 200), st.integers(1, 100))
def test_an_incident_is_counted_in_one_day_only(begin_h, length_h):
    begin = dossiers.DAY.begin + timedelta(hours=begin_h)
    time = dossiers.period(begin, length_h * 3600)
    days = [dossiers.DAY]
    for _ in range(10):
        days.append(period_before(days[-1]))
    length = dossiers.DAY.end - dossiers.DAY.begin
    ahead = [
        replace(dossiers.DAY, begin=d.begin + 11 * length, end=d.end + 11 * length)
        for d in days
    ]
    assert sum(counted_in(time, day) for day in (*days, *ahead)) <= 1
    assert counted_in(time, dossiers.DAY) == (0 <= begin_h + length_h / 2 < 24)


def test_what_is_only_claimed_is_in_no_count_but_the_claimed():
    raid = dossiers.incident(
        "r", Unlocated(), NOON, (Act.LAUNCH, 1.0), units=536, claimed_by="NOR"
    )
    seen = one(units=3)
    bulletin = made(dossiers.dossier((raid, seen), sectors_of={seen.id: "buffer"}))
    rows = {row.sector: row for row in bulletin.counts}
    assert (rows["buffer"].incidents, rows["buffer"].units) == (1, 3)
    assert (rows[""].incidents, rows[""].claimed_incidents) == (0, 1)
    assert rows[""].claimed_units == 536


def test_counts_stand_beside_those_of_the_period_before():
    earlier = one("y", NOON - timedelta(days=1), units=4)
    older = one("z", NOON - timedelta(days=2), units=9)
    source = dossiers.dossier(
        (earlier, older, one(units=2)), sectors_of={earlier.id: "buffer"}
    )
    row = next(r for r in made(source).counts if r.sector == "buffer")
    assert (row.incidents, row.incidents_before, row.units_before) == (0, 1, 4)


def test_firing_is_counted_in_no_sector():
    shot = dossiers.incident("s", PLACE, NOON, (Act.SHOT, 1.0), units=5)
    bulletin = made(dossiers.dossier((shot,), sectors_of={shot.id: "buffer"}))
    rows = {row.sector: row.units for row in bulletin.counts}
    assert rows == {"buffer": 0, "bridge": 0, "": 0, "firing": 5}
    assert bulletin.incidents == ()


def test_exempt_units_are_counted():
    drill = one(units=7)
    excused = replace(dossiers.finding(drill), exempt_status=ExemptStatus.EXEMPT)
    rows = made(dossiers.dossier((drill,), (excused,))).counts
    assert sum(row.exempt_units for row in rows) == 7


def test_what_came_after_the_cutoff_is_left_out():
    after = dossiers.CUTOFF + timedelta(minutes=1)
    late = dossiers.statement("later", "NOR", "north.example", ("shelling", 1))
    late = replace(late, result_time=dossiers.period(after))
    delivery = replace(dossiers.delivery("patrols", "p.csv"), received=after)
    source = dossiers.dossier(
        (one(begin=after),), observations=(late,), deliveries=(delivery,)
    )
    bulletin = made(source)
    assert (bulletin.incidents, bulletin.statements) == ((), ())
    assert bulletin.deliveries == ()


def test_readings_say_how_much_of_the_day_the_terms_were_in_force():
    rows = {row.id: row for row in made(dossiers.dossier()).readings}
    assert rows["north"].in_force_ratio == 1.0
    assert rows["south"].in_force_ratio == 0.5
    assert rows["south"].changes == (("2", "not_applied"),)


def test_a_window_known_to_a_day_is_printed_as_that_day():
    day = dossiers.period(dossiers.DAY.begin, 86_400)
    terms = dossiers.agreement()
    reading = replace(terms.readings[0], windows=(Window(day, None, "5 May"),))
    source = dossiers.dossier(versions=(replace(terms, readings=(reading,)),))
    assert made(source).readings[0].windows == (
        "2031-05-04T21:00Z~2031-05-05T21:00Z/..",
    )


def row_of(finding, *decisions, stage=Stage.R):
    source = dossiers.dossier((one(),), (finding,), decisions=decisions)
    return made(source, stage).incidents[0].findings[0]


def test_a_finding_nobody_reviewed_says_so():
    row = row_of(dossiers.finding(one()))
    assert (row.verdict, row.grade, row.grade_automatic) == (
        "",
        "Probable",
        "Probable",
    )


def test_a_verdict_stands_beside_the_automatic_grade():
    finding = dossiers.finding(one(), reasons=("needs_review",))
    row = row_of(finding, decided(finding))
    assert (row.verdict, row.grade) == ("confirmed", "Verified")
    assert row.grade_automatic == "Probable"


def test_the_last_decision_stands():
    finding = dossiers.finding(one())
    first = decided(finding, hours=5)
    last = decided(finding, Verdict.REJECTED, hours=2)
    assert row_of(finding, last, first).grade == "Discounted"


def test_a_decision_after_the_cutoff_does_not_count():
    finding = dossiers.finding(one())
    assert row_of(finding, decided(finding, Verdict.REJECTED, hours=-1)).verdict == ""


def test_a_decision_does_not_reach_an_automatic_stage():
    finding = dossiers.finding(one())
    decision = decided(finding, attribution=Attributed.ATTRIBUTED, side="contact/left")
    row = row_of(finding, decision, stage=Stage.A3)
    assert (row.verdict, row.attribution, row.attributed_to) == ("", "withheld", "")


@pytest.mark.parametrize(
    ("said", "side", "shown"),
    [
        ("attributed", "contact/left", ("attributed", "NOR")),
        ("largely_attributed", "contact/right", ("largely_attributed", "SUD")),
        ("attributed", "contact/inside", ("not_attributable", "")),
        ("attributed", "another/left", ("not_attributable", "")),
        ("not_attributable", "", ("not_attributable", "")),
    ],
)
def test_a_party_is_named_only_for_a_side_a_person_named(said, side, shown):
    finding = dossiers.finding(one())
    decision = decided(finding, attribution=Attributed(said), side=side)
    row = row_of(finding, decision)
    assert (row.attribution, row.attributed_to) == shown


def test_no_party_is_named_for_what_may_not_have_happened():
    finding = dossiers.finding(one(), grade=Grade.POSSIBLE)
    decision = decided(finding, attribution=Attributed.ATTRIBUTED, side="contact/left")
    row = row_of(finding, decision)
    assert (row.attribution, row.attributed_to) == ("not_attributable", "")


def test_no_party_is_named_without_a_person():
    finding = dossiers.finding(one(), status=Attributed.ATTRIBUTED)
    row = row_of(finding)
    assert (row.attribution, row.attributed_to) == ("not_attributable", "")


def test_a_reviewed_row_gives_the_reviewers_reason_without_coordinates():
    finding = dossiers.finding(one())
    decision = replace(decided(finding), reason="crater at 48.12345, 37.54321 seen")
    row = row_of(finding, decision)
    assert row.reviewer_reason.startswith("crater at")
    assert "48.12345" not in row.reviewer_reason
    assert row_of(finding, decision, stage=Stage.A3).reviewer_reason == ""


def test_reasons_to_abstain_go_when_a_person_attributes():
    finding = dossiers.finding(one())
    assert "place_is_not_origin" in row_of(finding).reasons
    named = decided(finding, attribution=Attributed.ATTRIBUTED, side="contact/left")
    assert row_of(finding, named).reasons == ("single_origin",)


def test_an_open_total_says_that_it_is_open():
    exact = dossiers.statement("12 strikes", "NOR", "one.example", ("strikes", 12))
    vague = replace(exact, result=replace(exact.result, total_at_least=True))
    for seen, told in ((exact, False), (vague, True)):
        (row,) = made(dossiers.dossier(observations=(seen,))).statements
        assert row.total_at_least is told
        (page,) = render(made(dossiers.dossier(observations=(seen,))))
        assert ("“more than” or “nearly”" in page.data.decode()) is told


def kept_in(*decisions, p=0.9, breaches=1, stage=Stage.R):
    found = tuple(
        dossiers.finding(one(f"2031-05-05-{k}"), reasons=("needs_review",))
        for k in range(breaches)
    )
    source = dossiers.dossier(
        findings=found,
        decisions=tuple(
            decided(f, verdict) for f, verdict in zip(found, decisions, strict=False)
        ),
        compliance=(dossiers.compliance("buffer", "north", p, found),),
    )
    (row,) = made(source, stage).compliance
    return row


def test_a_clause_is_violated_only_on_a_persons_word():
    assert kept_in().kept == "unresolved"
    assert kept_in(Verdict.CONFIRMED).kept == "violated"
    assert kept_in(Verdict.CONFIRMED, stage=Stage.A3).kept == "unresolved"


def test_rejected_breaches_leave_what_silence_is_worth():
    row = kept_in(Verdict.REJECTED)
    assert (row.kept, row.seen) == ("none_seen", 0)
    assert kept_in(Verdict.REJECTED, p=0.2).kept == "not_monitored"
    assert kept_in(Verdict.REJECTED, breaches=2).kept == "unresolved"


def test_a_bound_is_printed_upwards():
    assert kept_in().bound_per_day == 3.5
    assert kept_in(p=0.0, breaches=0).bound_per_day is None


@pytest.mark.parametrize("stage", [Stage.A1, Stage.A2, Stage.A3])
def test_an_automatic_stage_names_no_party_for_any_act(stage):
    bulletin = made(dossiers.full(), stage)
    assert bulletin.statements == ()
    assert bulletin.contradictions == ()
    assert {row.note for row in bulletin.readings} == {""}
    origins = [o for row in bulletin.incidents for o in row.origins]
    assert {o.claimed_by for o in origins} == {"", "withheld"}
    findings = [f for row in bulletin.incidents for f in row.findings]
    assert {(f.attribution, f.attributed_to) for f in findings} == {("withheld", "")}
    assert not any("NOR" in o.label or "SUD" in o.label for o in origins)


def test_a_flash_is_for_the_cell_only():
    with pytest.raises(ReleaseError, match="F0 is for the cell"):
        made(dossiers.dossier(), Stage.F0, Release.PUBLIC)


def test_a_later_stage_supersedes_and_says_what_changed():
    finding = dossiers.finding(one())
    before = made(dossiers.dossier((one(),), (finding,)), Stage.A3)
    better = replace(finding, grade=Grade.VERIFIED)
    stronger = dossiers.dossier((one(), one("2031-05-05-b")), (better,))
    after = made(stronger, Stage.R, previous=before)
    assert after.supersedes == before.id
    assert dict(after.changed) == {"incidents_added": 1, "grades_changed": 1}
    assert before.id in after.derived_from


def test_the_same_again_changes_nothing():
    before = made(dossiers.full(5), Stage.R)
    after = made(dossiers.full(5), Stage.R, previous=before)
    assert after.changed == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Stage.R, Release.CELL), (Stage.R, Release.PUBLIC)),
        ((Stage.FINAL, Release.CELL), (Stage.R, Release.CELL)),
    ],
)
def test_a_bulletin_of_another_audience_or_later_stage_is_not_superseded(first, second):
    with pytest.raises(ReleaseError, match="cannot supersede"):
        made(dossiers.dossier(), *second, previous=made(dossiers.dossier(), *first))


def test_what_became_known_late_is_counted():
    earlier = one(begin=NOON - timedelta(days=3))
    finding = dossiers.finding(earlier)
    said = dossiers.statement("old", "NOR", "north.example")
    old = replace(said, phenomenon_time=period_before(dossiers.DAY))
    source = dossiers.dossier(
        (earlier,), (finding,), observations=(old,), decisions=(decided(finding),)
    )
    assert dict(made(source).late) == {"late_observations": 1, "late_decisions": 1}


def test_failed_looks_and_obstruction_are_listed():
    jamming = dossiers.incident("j", PLACE, NOON, (Act.JAMMING, 1.0))
    source = replace(dossiers.full(0), incidents=(jamming,))
    rows = [(r.what, r.procedure, r.hours_lost) for r in made(source).interference]
    assert rows == [("unknown", "camera", 2), ("jamming", "", 0)]


def test_rejected_rows_are_counted_by_delivery():
    rows = made(dossiers.full(0)).deliveries
    assert {row.source: row.rejected for row in rows} == {
        "claims": 0,
        "fires": 0,
        "patrols": 1,
    }


def test_probabilities_leave_in_whole_per_cent():
    bulletin = made(dossiers.full())
    numbers = [row.p_exists for row in bulletin.incidents]
    numbers += [f.p_zone for row in bulletin.incidents for f in row.findings]
    assert all(round(p, 2) == p for p in numbers)

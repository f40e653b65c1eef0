from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import SPOT, day, hours, observation
from tests.grade.build import (
    COARSE,
    LINE,
    SETTINGS,
    STRONG,
    agreement,
    clause,
    exemption,
    graded,
    incident,
    origin,
    reading,
    window,
    word,
)
from trucewatch.agreement.taxonomy import Act, ExemptKind
from trucewatch.collect.observation import Notice, Statement, StatementKind
from trucewatch.completeness.coverage import Coverage, Watch
from trucewatch.detect.detection import ActShare, Channel
from trucewatch.grade.finding import Attributed, ExemptStatus, Grade, Severity
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import Reason
from trucewatch.grade.reviewed import reviewed_attribution, reviewed_grade
from trucewatch.place import Place, Unlocated
from trucewatch.review.decision import Verdict


def watched(p, sector="", period=None):
    return Coverage(
        sector=sector,
        procedure="patrol",
        period=period or day(),
        act=Act.ATTACK,
        watch=Watch.WATCHED,
        p_detect=p,
        watched_ratio=1.0,
        acquisitions=1,
        observations=1,
    )


def notice(kind=ExemptKind.DEMINING, place=SPOT, time=None):
    return observation(Notice(kind, "A", "1/26"), place=place, time=time or hours(1, 4))


def denial(speaker="B", place=None, time=None):
    said = Statement(StatementKind.DENIAL, speaker, "", (), None, "", "", "")
    return observation(said, place=place or Unlocated(), time=time or day())


# Excuses ---------------------------------------------------------------------

BLAST = incident(Place.circle(48.5, 37.5, 300.0), act=Act.EXPLOSION, p_exists=0.9)
EXCUSED = agreement(exemptions=(exemption(),))


def test_notified_demining_is_exempt_discounted_and_not_grave():
    found = graded(BLAST, EXCUSED, [notice()])[0]
    assert found.exempt_status is ExemptStatus.EXEMPT
    assert found.exempt_kind is ExemptKind.DEMINING
    assert (found.grade, found.severity) == (Grade.DISCOUNTED, Severity.S1)
    assert notice().id in found.derived_from


@pytest.mark.parametrize(
    "other",
    [
        notice(ExemptKind.TRAINING),
        notice(place=Place.circle(49.5, 37.5, 300.0)),
        notice(time=hours(12, 14)),
        notice(place=Unlocated()),
    ],
)
def test_another_kind_place_or_time_excuses_nothing(other):
    found = graded(BLAST, EXCUSED, [other])[0]
    assert (found.p_exempt, found.exempt_status) == (0, ExemptStatus.NONE)


def test_a_notice_at_the_edge_of_its_reach_may_excuse():
    edge = notice(place=Place.circle(48.5 + 3 / 111.2, 37.5, 1_500.0))
    found = graded(BLAST, EXCUSED, [edge])[0]
    assert found.exempt_status is ExemptStatus.POSSIBLE
    assert Reason.EXEMPT_POSSIBLE in found.reasons


def test_an_announcement_is_no_authorisation():
    terms = agreement(exemptions=(exemption("authorisation"),))
    found = graded(BLAST, terms, [notice()])[0]
    assert found.exempt_status is ExemptStatus.POSSIBLE
    assert Reason.AUTHORISATION_NOT_SHOWN in found.reasons


def test_what_needs_nothing_is_excused_in_its_zones():
    terms = agreement(exemptions=(exemption("nothing", where=("near",)),))
    assert graded(BLAST, terms)[0].exempt_status is ExemptStatus.EXEMPT
    away = agreement(exemptions=(exemption("nothing", where=("far",)),))
    assert graded(BLAST, away)[0].exempt_status is ExemptStatus.NONE


# Grades ----------------------------------------------------------------------


def test_no_automatic_grade_is_verified():
    found = graded(STRONG)[0]
    assert found.grade is Grade.PROBABLE
    assert Reason.NEEDS_REVIEW in found.reasons
    assert (found.independent_origins, found.independent_channels) == (2, 2)


@pytest.mark.parametrize(
    "weaker",
    [
        replace(STRONG, p_exists=0.94),
        replace(STRONG, p_without_strongest=0.5),
        replace(STRONG, contributions=(origin("a"), origin("b"))),
        replace(STRONG, contributions=(origin("a"), origin("b", Channel.MEDIA))),
    ],
)
def test_review_makes_verified_only_of_what_two_kinds_support(weaker):
    found = graded(weaker)[0]
    assert found.grade is Grade.PROBABLE
    assert reviewed_grade(found, Verdict.CONFIRMED) is Grade.PROBABLE


def test_every_verdict_of_a_reviewer_has_a_grade():
    found = graded(STRONG)[0]
    assert {v: reviewed_grade(found, v) for v in Verdict} == {
        Verdict.CONFIRMED: Grade.VERIFIED,
        Verdict.UNVERIFIABLE: Grade.UNVERIFIABLE,
        Verdict.DISPUTED: Grade.CONTESTED,
        Verdict.REJECTED: Grade.DISCOUNTED,
        Verdict.MERGED: Grade.PROBABLE,
    }
    with pytest.raises(ValueError, match="nobody"):
        reviewed_grade(found, "nobody says this")


def test_a_side_stands_only_for_a_confirmed_breach_that_is_probable():
    found = graded(STRONG)[0]
    for said in Attributed:
        assert reviewed_attribution(found, Verdict.CONFIRMED, said) is said
    for verdict in set(Verdict) - {Verdict.CONFIRMED}:
        said = reviewed_attribution(found, verdict, Attributed.ATTRIBUTED)
        assert said is Attributed.NOT


@pytest.mark.parametrize(
    ("weaker", "windows"),
    [
        (incident(p_exists=0.7), None),
        (incident(p_exists=0.99, contributions=(word(),)), None),
        (STRONG, ()),
    ],
)
def test_no_side_stands_for_what_is_only_possible_or_outside(weaker, windows):
    found = graded(weaker, agreement(readings=[reading(windows=windows)]))[0]
    said = reviewed_attribution(found, Verdict.CONFIRMED, Attributed.ATTRIBUTED)
    assert said is Attributed.NOT


def test_the_word_of_one_party_is_never_more_than_possible():
    found = graded(incident(p_exists=0.99, contributions=(word(),)))[0]
    assert found.grade is Grade.POSSIBLE
    assert found.independent_origins == 0
    assert Reason.ONE_PARTY_ONLY in found.reasons


def test_parties_that_accuse_each_other_make_it_contested():
    found = graded(incident(contributions=(word("A", "B"), word("B", "A"))))[0]
    assert found.grade is Grade.CONTESTED
    assert Reason.PARTIES_DISAGREE in found.reasons


def test_an_admission_contests_nothing():
    found = graded(incident(contributions=(word("A", "B"), word("B", ""))))[0]
    assert found.grade is Grade.POSSIBLE
    assert Reason.PARTIES_ONLY in found.reasons


def test_a_denial_by_the_accused_contests_a_claim():
    claimed = incident(contributions=(word(),), against="B")
    found = graded(claimed, notices=[denial()])[0]
    assert found.grade is Grade.CONTESTED
    assert denial().id in found.derived_from


@pytest.mark.parametrize(
    "said",
    [denial("A"), denial(time=day(5)), denial(place=Place.circle(46, 30, 1_000.0))],
)
def test_a_denial_by_others_of_another_day_or_place_contests_nothing(said):
    claimed = incident(contributions=(word(),), against="B")
    assert graded(claimed, notices=[said])[0].grade is Grade.POSSIBLE


def test_a_denial_without_a_place_does_not_contest_what_others_saw():
    assert graded(STRONG, notices=[denial()])[0].grade is Grade.PROBABLE
    assert graded(STRONG, notices=[denial(place=SPOT)])[0].grade is Grade.CONTESTED


@pytest.mark.parametrize(
    ("p_exists", "p_detect", "expected"),
    [
        (0.6, 0.0, Grade.POSSIBLE),
        (0.3, 0.0, Grade.UNVERIFIABLE),
        (0.3, 0.9, Grade.REPORTED),
        (0.01, 0.9, Grade.DISCOUNTED),
        (0.01, 0.1, Grade.UNVERIFIABLE),
    ],
)
def test_silence_counts_only_where_somebody_watched(p_exists, p_detect, expected):
    found = graded(incident(p_exists=p_exists), coverage=[watched(p_detect)])[0]
    assert found.grade is expected


def test_coverage_of_another_sector_or_day_does_not_count():
    low = incident(p_exists=0.01)
    for other in (watched(0.9, "far"), watched(0.9, period=day(3))):
        assert graded(low, coverage=[other])[0].grade is Grade.UNVERIFIABLE
    assert graded(low, coverage=[watched(0.9, "near")])[0].grade is Grade.DISCOUNTED


ORDER = [Grade.DISCOUNTED, Grade.UNVERIFIABLE, Grade.POSSIBLE, Grade.PROBABLE]


@given(st.floats(0.1, 0.99), st.floats(0, 0.5))
def test_more_evidence_never_lowers_the_grade(p, more):
    least, most = (graded(incident(p_exists=x))[0] for x in (p, min(0.999, p + more)))
    assert ORDER.index(least.grade) <= ORDER.index(most.grade)


@given(st.permutations([incident(p_exists=n / 10, name=str(n)) for n in range(1, 5)]))
def test_the_order_of_incidents_never_matters(incidents):
    terms = (agreement(readings=[reading("B"), reading("A")]),)
    found = grade(incidents, terms, (), (), SETTINGS)
    back = grade(incidents[::-1], terms, (), (), SETTINGS)
    assert found == back
    assert len(found) == 8


def test_p_breach_is_the_product_of_its_factors():
    terms = agreement(
        [clause(where=("near",))],
        [reading("A", (window(begin=hours(2, 3)),))],
        exemptions=(exemption(acts=(Act.SHELLING,), within_m=10_000.0),),
    )
    one = incident(Place.circle(48.5, 37.5, 15_000.0))
    f = graded(one, terms, [notice()])[0]
    product = f.p_exists * f.p_act * f.p_zone * f.p_window * (1 - f.p_exempt)
    assert 0 < f.p_exempt < 1
    assert f.p_breach == pytest.approx(product, abs=1e-5)


# Severity and attribution ----------------------------------------------------


@pytest.mark.parametrize(
    ("act", "units", "expected"),
    [
        (Act.SHOT, 1, Severity.S1),
        (Act.SHOT, 10, Severity.S2),
        (Act.SHELLING, 0, Severity.S2),
        (Act.DRONE_IMPACT, 536, Severity.S4),
        (Act.MISSILE, 1, Severity.S3),
        (Act.MONITOR_FIRED_UPON, 1, Severity.S3),
    ],
)
def test_severity_follows_from_act_and_units(act, units, expected):
    one = incident(act=act, units_best=units)
    terms = agreement([clause(prohibits=(act,))])
    assert graded(one, terms)[0].severity is expected


def test_a_protected_site_is_one_step_graver():
    terms = agreement([clause("1"), clause("2", sites="energy")])
    found = graded(incident(Place.circle(48.5, 37.5, 300.0)), terms)
    assert [f.severity for f in found] == [Severity.S2, Severity.S3]


def test_an_unlikely_act_does_not_make_it_grave():
    acts = (ActShare(Act.SHOT, 0.95), ActShare(Act.MISSILE, 0.05))
    assert graded(incident(acts=acts))[0].severity is Severity.S1


def test_attribution_gives_shares_of_sides_and_names_nobody():
    east = incident(Place.circle(48.5, 37.6, 1_000.0))
    found = graded(east, agreement(lines=(LINE,)))[0].attribution
    assert found.status is Attributed.NOT
    assert {(s.line, s.held): round(s.p, 3) for s in found.shares} == {
        ("line", "left"): 0.0,
        ("line", "right"): 1.0,
    }
    assert Reason.AUTOMATIC_STAGE in found.reasons
    assert Reason.NEAR_LINE not in found.reasons


def test_on_the_line_the_side_cannot_be_told():
    found = graded(incident(), agreement(lines=(LINE,)))[0].attribution
    assert Reason.NEAR_LINE in found.reasons


@pytest.mark.parametrize("place", [Unlocated(), COARSE])
def test_a_coarse_place_has_no_side(place):
    found = graded(incident(place), agreement(lines=(LINE,)))[0].attribution
    assert found.shares == ()
    assert Reason.PLACE_TOO_COARSE in found.reasons


def test_every_reason_says_in_words_what_it_means():
    codes = {r.value for r in Reason}
    assert all(code == code.lower() and " " not in code for code in codes)
    assert len(codes) == len(Reason)

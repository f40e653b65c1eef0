from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import SPOT, hours, observation
from tests.grade.build import (
    LINE,
    SETTINGS,
    agreement,
    exemption,
    incident,
    origin,
    word,
)
from trucewatch.agreement.taxonomy import Act, ExemptKind
from trucewatch.collect.observation import Notice
from trucewatch.detect.detection import ActShare, Channel
from trucewatch.fuse.incident import Sign
from trucewatch.grade.calibration import shipped_calibration
from trucewatch.grade.causes import causes_of, is_heard
from trucewatch.grade.explain import account, further, log10_of, without_each
from trucewatch.grade.finding import Attributed, ExemptStatus, Grade
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import Reason
from trucewatch.place import Place

FAR = Place.circle(48.9, 37.9, 300.0)
LEARNT = shipped_calibration()
TAUGHT = replace(SETTINGS, calibration=LEARNT)
BANG = (ActShare(Act.EXPLOSION, 0.6), ActShare(Act.FIRING, 0.4))


def bang(name="a", rounds=1, also=(), at=SPOT, **fields):
    """What nodes heard, with whoever speaks beside them."""
    nodes = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
    return incident(
        at,
        name=f"2026-02-02-{name}",
        acts=BANG,
        units_best=rounds,
        log10_prior_odds=-4.0,
        contributions=(nodes, *also),
        p_exists=0.99999,
        **fields,
    )


def words_only(name="w", outlets=1, **fields):
    one = word()
    copies = tuple(f"detection:{n}" for n in range(outlets))
    return incident(
        name=f"2026-02-02-{name}",
        contributions=(replace(one, detections=copies),),
        log10_prior_odds=-0.5,
        p_exists=0.49,
        **fields,
    )


def claps(many):
    """Lone bangs of one moment, from places some hundreds of metres apart."""
    return [
        bang(f"s{n}", at=Place.circle(48.5 + n % 5 / 100, 37.5 + n // 5 / 100, 300.0))
        for n in range(many)
    ]


def p_deed(one, beside=()):
    return causes_of([one, *beside], LEARNT)[one.id].deed.p


def test_a_calibration_ships_and_says_what_it_was_learnt_from():
    assert LEARNT is not None
    assert "drawn exercises" in LEARNT.trained_on
    assert len(LEARNT.sha256) == 64
    assert LEARNT.reliability


def test_one_clap_among_many_is_hardly_an_attack():
    storm = claps(30)
    assert p_deed(storm[0], storm[1:]) < 0.2


def test_one_bang_among_attacks_is_likelier_an_attack_than_in_a_storm():
    lone = bang("lone", time=hours(14, 15))
    storm = claps(20)
    fire = [bang(f"f{n}", rounds=5) for n in range(20)]
    assert p_deed(lone, fire) > p_deed(lone, storm) + 0.2


def test_rounds_and_words_beside_a_bang_speak_for_an_attack():
    storm = [bang(f"s{n}") for n in range(10)]
    alone = p_deed(bang(), storm)
    assert p_deed(bang(rounds=4), storm) > alone
    assert p_deed(bang(also=(word(),)), storm) > alone


def test_what_more_than_sound_shows_is_somebodys_deed():
    seen = bang(also=(origin("thermal", Channel.INSTRUMENT, 2.0),))
    assert not is_heard(seen)
    assert causes_of([seen], LEARNT)[seen.id].deed.p == 1.0


def test_without_a_calibration_nothing_is_taken_for_thunder():
    assert causes_of([bang()], None)[bang().id].deed.p == 1.0


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)))
def test_the_order_of_incidents_does_not_matter(order):
    some = [bang(f"s{n}", rounds=1 + n % 3) for n in range(6)]
    assert causes_of([some[k] for k in order], LEARNT) == causes_of(some, LEARNT)


def findings(*incidents, notices=(), **fields):
    return grade(incidents, (agreement(**fields),), notices, (), TAUGHT)


def test_a_lone_bang_in_a_storm_says_that_it_may_be_thunder():
    rows = findings(*claps(30))
    assert all(Reason.MAY_BE_NATURAL in one.reasons for one in rows)
    assert all(one.p_breach < 0.2 < one.p_exists for one in rows)


# --- properties of grades ----------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 30), st.integers(1, 100), st.floats(-3, 2))
def test_what_parties_alone_say_never_passes_possible(many, outlets, prior):
    told = [
        replace(words_only(f"w{n}", outlets), log10_prior_odds=prior)
        for n in range(many)
    ]
    allowed = {Grade.POSSIBLE, Grade.REPORTED, Grade.UNVERIFIABLE, Grade.DISCOUNTED}
    assert {one.grade for one in findings(*told)} <= allowed


@settings(deadline=None, max_examples=25)
@given(st.sampled_from([words_only, bang]))
def test_a_hundred_times_the_outlets_change_no_grade(made):
    few, many = made(), made()
    hundred = tuple(
        replace(one, detections=tuple(f"detection:{k}" for k in range(100)))
        for one in many.contributions
    )
    many = replace(many, contributions=hundred)
    (a,), (b,) = findings(few), findings(many)
    assert (a.grade, a.p_breach, a.p_exists) == (b.grade, b.p_breach, b.p_exists)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(Channel)[:4]), st.floats(0.1, 6)),
        min_size=2,
        max_size=5,
    ),
    st.floats(-6, 0),
)
def test_taking_a_kind_of_evidence_away_never_makes_surer(given_origins, prior):
    whole = incident(
        contributions=tuple(
            origin(f"k{n}", channel, ratio)
            for n, (channel, ratio) in enumerate(given_origins)
        ),
        log10_prior_odds=prior,
        p_exists=0.5,
    )
    for channel, _ in given_origins:
        kept = tuple(c for c in whole.contributions if c.channel is not channel)
        less = replace(whole, contributions=kept)
        before, after = findings(whole)[0].p_exists, findings(less)[0].p_exists
        assert after <= before


# --- announced work ----------------------------------------------------------------


NOTE = observation(
    Notice(ExemptKind.DEMINING, "A", "1/26"), place=SPOT, time=hours(1, 4)
)


def excused(one, *beside):
    rows = findings(one, *beside, notices=(NOTE,), exemptions=(exemption(),))
    return next(row for row in rows if row.incident == one.id)


def test_a_lone_bang_where_work_was_announced_is_that_work():
    elsewhere = [bang(f"f{n}", rounds=4, at=FAR, time=hours(5, 6)) for n in range(6)]
    row = excused(bang(), *elsewhere)
    assert row.exempt_status is ExemptStatus.EXEMPT
    assert row.p_breach < 0.05


def test_a_salvo_a_party_complains_of_is_not_the_work_announced_there():
    elsewhere = [bang(f"f{n}", rounds=4, at=FAR, time=hours(5, 6)) for n in range(6)]
    row = excused(bang(rounds=6, also=(word(),)), *elsewhere)
    assert row.exempt_status is not ExemptStatus.EXEMPT
    assert row.p_exempt < excused(bang(), *elsewhere).p_exempt - 0.3


def test_far_from_what_was_announced_nothing_is_excused():
    assert excused(bang(at=FAR)).exempt_status is ExemptStatus.NONE


# --- which side it came from -------------------------------------------------------

EAST = Place.circle(48.5, 37.7, 300.0)  # fourteen km right of the line


def sided(one):
    (row,) = findings(one, lines=(LINE,))
    return row.attribution, {c.held: c.p for c in row.attribution.came_from}


def seen_shelling(at=EAST, act=Act.SHELLING, also=()):
    seen = origin("patrol:1", Channel.OBSERVER, 5.0)
    nodes = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
    return incident(
        at,
        act=act,
        p_exists=0.9999,
        units_best=5,
        contributions=(nodes, seen, origin("paper"), *also),
    )


def test_shells_that_land_on_the_right_came_from_the_left():
    attribution, came_from = sided(seen_shelling())
    assert came_from["left"] == pytest.approx(0.98, abs=0.01)
    assert attribution.assessed is Attributed.ATTRIBUTED
    assert attribution.status is Attributed.NOT  # no automatic stage states it


def test_firing_on_the_right_came_from_the_right():
    assert sided(seen_shelling(act=Act.FIRING))[1]["right"] > 0.95


def test_on_the_line_no_side_is_assessed():
    near = seen_shelling(Place.circle(48.5, 37.5, 300.0))
    attribution, came_from = sided(near)
    assert max(came_from.values()) < 0.6
    assert attribution.assessed is Attributed.NOT


def test_a_bang_that_only_a_party_says_landed_names_no_side():
    attribution, came_from = sided(bang(rounds=5, at=EAST, also=(word(),)))
    assert max(came_from.values()) < 0.9
    assert attribution.assessed is Attributed.NOT


def test_what_is_out_of_reach_of_the_far_side_did_not_come_from_it():
    deep = seen_shelling(Place.circle(48.5, 38.5, 300.0))  # 73 km from the line
    assert sided(deep)[1]["left"] < 0.1


@settings(deadline=None, max_examples=25)
@given(st.floats(36.9, 38.1), st.sampled_from([Act.SHELLING, Act.FIRING, Act.STRIKE]))
def test_the_two_sides_sum_to_one(lon, act):
    came_from = sided(seen_shelling(Place.circle(48.5, lon, 900.0), act))[1]
    assert sum(came_from.values()) == pytest.approx(1.0, abs=1e-5)


# --- explanation -------------------------------------------------------------------


def test_the_explanation_adds_up_to_the_odds():
    storm = [bang(f"s{n}") for n in range(5)]
    whole = bang("whole", rounds=3, also=(word(), origin("paper", ratio=1.0)))
    every = {one.id: one for one in (whole, *storm)}
    for row in findings(whole, *storm):
        told = account(every[row.incident], row)
        total = sum(one.log10_odds for one in told)
        assert total == pytest.approx(log10_of(row.p_breach), abs=1e-4)


def test_each_kind_of_evidence_is_worth_what_is_lost_without_it():
    whole = bang("whole", rounds=3, also=(word(), origin("paper", ratio=1.0)))
    (row,) = findings(whole)
    left = {one.channel: one.p_breach for one in without_each(whole, row, TAUGHT)}
    assert set(left) == {Channel.INSTRUMENT, Channel.MEDIA, Channel.PARTY}
    assert left[Channel.INSTRUMENT] < row.p_breach - 0.1
    assert all(p <= row.p_breach + 1e-6 for p in left.values())


def test_more_evidence_is_told_to_reach_the_next_grade():
    one = incident(
        contributions=(origin("paper", ratio=1.0),),
        log10_prior_odds=-2.5,
        p_exists=0.03,
    )
    (row,) = findings(one)
    more = further(one, row, TAUGHT)
    assert more.p_breach >= row.p_breach
    assert more.next_grade == Grade.POSSIBLE
    assert more.log10_to_next is not None


@pytest.mark.parametrize("code", ["aloft", "sweep"])
def test_what_physics_says_weighs_against_an_attack_and_a_blast_alike(code):
    plain = bang("a")
    signed = replace(bang("b"), signs=(Sign(code, 2.0),))
    found = causes_of([plain, signed], LEARNT)
    without, with_sign = found[plain.id], found[signed.id]
    lost = without.log10_deed_odds - with_sign.log10_deed_odds
    assert lost == pytest.approx(2.0)
    assert with_sign.log10_work_ratio == without.log10_work_ratio
    assert with_sign.deed.p <= without.deed.p


def test_arrivals_that_agree_on_no_place_say_nothing_of_the_cause():
    plain, loose = bang("a"), replace(bang("b"), signs=(Sign("loose", 0.0),))
    found = causes_of([plain, loose], LEARNT)
    assert found[plain.id].weights == found[loose.id].weights

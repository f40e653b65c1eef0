"""What silence may claim, and what it must not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.agreement.within_terms import SQUARE, drawn_line, ring, terms
from trucewatch.agreement.geometry import Disc, Everywhere, Polygon, SideOf
from trucewatch.agreement.taxonomy import Act, Domain
from trucewatch.agreement.terms import Clause
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Acquisition,
    CloudCover,
    Credibility,
    Observation,
    Outcome,
    Reliability,
    Rounding,
)
from trucewatch.completeness.cover import Given, cover, p_detect, prohibited
from trucewatch.completeness.coverage import Watch
from trucewatch.errors import AgreementError
from trucewatch.period import Period
from trucewatch.place import Place, Unlocated
from trucewatch.plugin import load

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
ZERO = datetime(2025, 4, 19, tzinfo=UTC)
AGREEMENT = terms(
    zones=(
        ("square", SQUARE),
        ("west", Polygon(ring(33, 47, 33.5, 49))),
        ("disc", Disc(48.0, 36.0, 20_000)),
        ("strait", Polygon(ring(179.5, 65, 180.5, 66))),
    )
)
ALL = Polygon(ring(20, 40, 50, 60))
WEST_HALF = Polygon(ring(30, 40, 34, 60))
HERE = Place.circle(47.3, 33.5, 1_000.0)


def hours(first, last):
    return Period(ZERO + timedelta(hours=first), ZERO + timedelta(hours=last))


DAY = hours(0, 24)


def look(first=0.0, last=24.0, footprint=ALL, procedure="patrol/1", **changes):
    made = Acquisition(
        procedure=procedure,
        footprint=footprint,
        time=hours(first, last),
        outcome=Outcome.MISS,
        p_clear=1.0,
        independence=procedure,
        row="line 2",
    )
    return replace(made, **changes)


def told(procedure="patrol/1", time=DAY):
    return Observation(
        procedure=procedure,
        result=CloudCover(0.5),
        place=Unlocated(),
        phenomenon_time=time,
        result_time=time,
        independence=procedure,
        reliability=Reliability.C,
        credibility=Credibility.POSSIBLE,
        rounding=Rounding.DAY,
        row="line 3",
    )


def covered(*acquisitions, zone="square", family="patrol", observations=()):
    (only,) = cover(
        Given(acquisitions, observations), AGREEMENT, (zone,), (DAY,), (family,)
    )
    return only


# Watch states ------------------------------------------------------------------------
def test_nothing_delivered_is_no_delivery():
    found = covered()
    assert (found.watch, found.p_detect, found.watched_ratio) == (
        Watch.NO_DELIVERY,
        0.0,
        0.0,
    )


def test_observations_alone_cannot_speak_about_silence():
    found = covered(observations=(told(), told("camera/1"), told(time=hours(24, 25))))
    assert (found.watch, found.observations) == (Watch.NOT_WATCHED, 1)
    assert found.p_detect == found.watched_ratio == 0.0


def test_rows_of_a_table_cannot_speak_about_silence_either():
    delivery = Delivery(source="firms", name="x", sha256="0", size_bytes=1)
    raw = b"LATITUDE,LONGITUDE,ACQ_DATE\n47.3,33.5,2025-04-19\n47.3,33.5,2025-04-25\n"
    tables = load("trucewatch.collect.sources", "firms").read(raw, delivery).tables
    given = Given((), (), tables)
    (found,) = cover(given, AGREEMENT, ("square",), (DAY,), ("viirs",))
    assert (found.watch, found.observations) == (Watch.NOT_WATCHED, 1)


def test_failures_alone_are_a_failure_and_add_nothing():
    broken = look(outcome=Outcome.FAILURE, p_clear=0.0)
    found = covered(broken, observations=(told(),))
    assert (found.watch, found.acquisitions) == (Watch.FAILED, 0)
    assert found.p_detect == found.watched_ratio == 0.0


def test_looks_elsewhere_do_not_watch():
    elsewhere = look(footprint=Polygon(ring(40, 47, 41, 48)))
    assert covered(elsewhere).watch is Watch.NOT_WATCHED


def test_the_whole_ground_for_the_whole_day_is_watched():
    found = covered(look())
    assert found.watch is Watch.WATCHED
    assert found.watched_ratio == pytest.approx(1, abs=1e-3)
    assert found.p_detect == pytest.approx(0.5, abs=1e-3)
    assert found.derived_from == (look().id,)


def test_a_clouded_look_proves_nothing():
    assert covered(look(p_clear=0.0)).watch is Watch.NOT_WATCHED


def test_a_family_without_a_response_model_notices_nothing():
    found = covered(look(procedure="dowsing/1"), family="dowsing")
    assert (found.watch, found.p_detect) == (Watch.WATCHED, 0.0)


def test_an_act_before_the_period_is_not_answered_for():
    assert covered(look(-5, 0)).watch is Watch.NO_DELIVERY


# Area-hours --------------------------------------------------------------------------
def test_half_the_area_for_half_the_day_is_a_quarter():
    found = covered(look(0, 12, WEST_HALF), zone="square")
    # The square is 2 degrees square without a hole of 0.5 by 0.8 in its west half.
    west_ratio = (2 - 0.4) / (4 - 0.4)
    assert found.watch is Watch.PARTLY
    assert found.watched_ratio == pytest.approx(west_ratio / 2, abs=2e-3)


def test_the_same_ground_and_hours_count_once():
    twice = covered(look(0, 12), look(6, 18, procedure="patrol/2"))
    assert twice.watched_ratio == pytest.approx(0.75, abs=1e-3)
    assert twice.p_detect == pytest.approx((12 * 0.5 + 6 * 0.75) / 24, abs=1e-3)


def test_looks_of_one_key_in_one_hour_are_one():
    one = covered(look(p_clear=0.8))
    both = covered(look(p_clear=0.8), look(p_clear=0.5, row="line 9"))
    assert both.p_detect == one.p_detect
    other_key = covered(look(p_clear=0.8), look(p_clear=0.5, independence="other"))
    assert other_key.p_detect > one.p_detect


def test_ground_is_measured_in_area_not_in_degrees():
    tall = terms(zones=(("tall", Polygon(ring(30, 0, 31, 60))),))
    south = look(footprint=Polygon(ring(30, 0, 31, 30)))
    (found,) = cover(Given((south,)), tall, ("tall",), (DAY,), ("patrol",))
    # Of a strip from the equator to 60 degrees, sin 30 / sin 60 lies below 30.
    assert found.watched_ratio == pytest.approx(0.5 / 0.8660, abs=5e-3)


def test_a_sector_across_the_antimeridian_is_covered():
    half = look(footprint=Polygon(ring(-180, 60, -170, 70)))
    assert covered(half, zone="strait").watched_ratio == pytest.approx(0.5, abs=5e-3)


def test_a_thermal_pass_answers_for_the_hour_before_it():
    passing = look(12, 12.1, procedure="viirs/N")
    found = covered(passing, family="viirs")
    assert found.watched_ratio == pytest.approx(1.1 / 24, abs=1e-3)
    # MODEL: at most V D / 24 h of burns are seen, times what an act sets on fire.
    assert found.p_detect <= 0.02 * 1.1 / 24 + 1e-6
    next_day = look(24.2, 24.3, procedure="viirs/N")
    assert covered(next_day, family="viirs").watched_ratio == pytest.approx(
        0.8 / 24, abs=1e-3
    )


def test_everywhere_is_the_ground_the_terms_speak_of():
    agreement = terms(
        (drawn_line(),), (("all", Everywhere()), ("n", SideOf("front", "N")))
    )
    for zone in ("", "all", "n"):
        (found,) = cover(Given((look(),)), agreement, (zone,), (DAY,), ("patrol",))
        assert found.watch is Watch.WATCHED
    north = look(footprint=Polygon(ring(20, 48.3, 50, 60)))
    (whole,) = cover(Given((north,)), agreement, ("",), (DAY,), ("patrol",))
    assert 0.1 < whole.watched_ratio < 0.4


def test_terms_without_ground_can_claim_nothing():
    bare = terms(zones=(("all", Everywhere()),))
    (found,) = cover(Given((look(),)), bare, ("",), (DAY,), ("patrol",))
    assert (found.watch, found.watched_ratio) == (Watch.NOT_WATCHED, 0.0)


def test_a_sector_that_is_no_zone_is_refused():
    with pytest.raises(AgreementError, match="no zone 'moon'"):
        covered(look(), zone="moon")


def test_records_follow_the_order_asked_for():
    found = cover(
        Given((look(),)),
        AGREEMENT,
        ("west", "disc"),
        (DAY, hours(24, 48)),
        ("viirs", "patrol"),
    )
    assert [one.sector for one in found] == ["west"] * 4 + ["disc"] * 4
    assert [one.procedure for one in found[:4]] == ["viirs", "patrol"] * 2


def test_acts_are_those_the_clauses_prohibit():
    clause = Clause("1", "", Domain.LAND, (Act.STRIKE, Act.SHOT), (), "", (), (), "")
    assert prohibited(replace(AGREEMENT, clauses=(clause,))) == (Act.SHOT, Act.STRIKE)
    assert prohibited(AGREEMENT) == (Act.ATTACK,)


# p_detect ----------------------------------------------------------------------------
def test_no_look_detects_nothing():
    assert p_detect((), HERE, DAY, Act.STRIKE) == 0.0


def test_a_patrol_on_the_spot_detects_as_its_model_says():
    assert p_detect((look(),), HERE, DAY, Act.EXPLOSION) == pytest.approx(0.8)
    assert p_detect((look(0, 6),), HERE, DAY, Act.EXPLOSION) == pytest.approx(0.2)
    assert p_detect((look(p_clear=0.5),), HERE, DAY, Act.EXPLOSION) == pytest.approx(
        0.4
    )


def test_only_the_part_of_the_ellipse_looked_at_counts():
    west = look(footprint=Polygon(ring(30, 40, 33.5, 60)))
    assert p_detect((west,), HERE, DAY, Act.EXPLOSION) == pytest.approx(0.4, abs=0.01)


footprints = st.builds(
    lambda west, south, wide, high: Polygon(
        ring(west, south, west + wide, south + high)
    ),
    st.floats(32, 35),
    st.floats(46, 49),
    st.floats(0.1, 3),
    st.floats(0.1, 3),
)
acquisitions = st.builds(
    lambda footprint, first, length, clear, who, outcome: look(
        first,
        first + length,
        footprint,
        who,
        p_clear=0.0 if outcome is Outcome.FAILURE else clear,
        outcome=outcome,
    ),
    footprints,
    st.floats(-2, 25),
    st.floats(0.01, 12),
    st.floats(0, 1),
    st.sampled_from(["patrol/1", "patrol/2", "patrol/3"]),
    st.sampled_from(Outcome),
)


@QUICK
@given(st.lists(acquisitions, max_size=5), acquisitions)
def test_one_more_look_never_lowers_what_silence_may_claim(some, one):
    less, more = covered(*some), covered(*some, one)
    assert 0 <= less.watched_ratio <= more.watched_ratio + 2e-6 <= 1 + 2e-6
    assert 0 <= less.p_detect <= more.p_detect + 2e-6 <= 1 + 2e-6
    p = p_detect(some, HERE, DAY, Act.EXPLOSION)
    assert 0 <= p <= p_detect([*some, one], HERE, DAY, Act.EXPLOSION) + 1e-12


@QUICK
@given(st.lists(acquisitions, max_size=4), footprints)
def test_a_failure_adds_nothing(some, footprint):
    failed = look(footprint=footprint, outcome=Outcome.FAILURE, p_clear=0.0)
    with_it, without = covered(*some, failed), covered(*some)
    assert with_it.p_detect == without.p_detect
    assert with_it.watched_ratio == without.watched_ratio
    assert p_detect([*some, failed], HERE, DAY, Act.SHOT) == p_detect(
        some, HERE, DAY, Act.SHOT
    )


@QUICK
@given(st.lists(acquisitions, max_size=4), st.randoms())
def test_the_order_of_looks_does_not_matter(some, random):
    shuffled = some[:]
    random.shuffle(shuffled)
    assert covered(*shuffled) == covered(*some)

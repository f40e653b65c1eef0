"""What truly happens lies where it should, by day and by place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exercise.making import scenario
from trucewatch.exercise.air import air_over
from trucewatch.exercise.decoys import BOOM_HEIGHT_M, BOOM_MPS
from trucewatch.exercise.dice import dice
from trucewatch.exercise.happenings import happenings, rates_per_day
from trucewatch.exercise.routes import WATERS_M, routes_of, waters
from trucewatch.exercise.sound import boomed, network_of
from trucewatch.exercise.truth import Sort, nearest, places, stage_of

BUSY = scenario(
    days=3,
    parties={
        "NOR": {"training_per_day": 3, "entries_per_day": 4, "crossings_per_day": 5},
        "SUD": {"overflights_per_day": 4, "jams_per_day": 4, "p_turns_back": 0.5},
    },
    decoys={
        "quarry_per_day": 4,
        "thunder_per_day": 10,
        "fireworks_per_day": 4,
        "sonic_booms_per_day": 3,
        "farm_fires_per_day": 10,
        "false_tracks_per_day": 2,
    },
    nodes={"count": 60},
    patrols={"count": 6},
)
STAGE = stage_of(BUSY, 4)
TRUTH = happenings(STAGE, 4)


def of(what):
    found = [one for one in TRUTH if one.what == what]
    assert found
    return found


def hour(one):
    return (one.time - STAGE.begin).total_seconds() / 3600 % 24


def test_a_quarry_blasts_at_its_own_place_and_hour():
    blasts = of("quarry")
    spots = np.array([(one.x_m, one.y_m) for one in blasts])
    for one, spot in zip(blasts, spots, strict=True):
        same = np.hypot(*(spots - spot).T) < 800
        mine = [hour(b) for b, here in zip(blasts, same, strict=True) if here]
        assert 8 <= hour(one) <= 18
        assert np.ptp(mine) < 1.5


def test_fireworks_are_many_small_bangs_in_the_evening():
    for one in of("fireworks"):
        assert 19 <= hour(one) <= 23.5
        assert one.rounds >= 20 and one.level_db < 110


def test_thunder_comes_from_all_along_its_channel_at_once():
    claps = [one.spots for one in of("thunder")]
    assert all(len(one) >= 2 for one in claps)
    assert max(spot.after_s for one in claps for spot in one) <= 0.3
    heights = [spot.height_m for one in claps for spot in one]
    assert min(heights) >= 0 and 3_000 < np.median(heights) < 6_000
    spread = [np.ptp([(s.x_m, s.y_m) for s in one], axis=0).max() for one in claps]
    assert 1_000 < np.median(spread) < 8_000


def test_training_is_exempt_and_lies_behind_the_strip():
    for one in of("training"):
        deep = one.y_m - STAGE.line_at(one.x_m)
        assert one.sort is Sort.EXEMPT
        assert deep > STAGE.scenario.sector.depth_m


def test_vessels_enter_the_closed_waters_and_false_tracks_only_seem_to():
    x, y = waters(STAGE)
    for what, sort in (
        ("vessel_in_exclusion_area", Sort.BREACH),
        ("false_track", Sort.DECOY),
    ):
        for one in of(what):
            assert one.sort is sort
            assert np.hypot(one.x_m - x, one.y_m - y) <= WATERS_M + 1


def test_lawful_traffic_never_comes_near_closed_ground():
    asked = scenario(traffic={"vessels": 30, "aircraft": 30})
    stage = stage_of(asked, 1)
    x, y = waters(stage)
    for one in routes_of(stage, 1):
        spots = one.at(np.arange(0.0, stage.span_s, 120.0))
        if one.kind == "vessel":
            assert np.hypot(spots[:, 0] - x, spots[:, 1] - y).min() > WATERS_M
        else:
            assert np.abs(spots[:, 1]).min() > stage.scenario.sector.depth_m


def test_a_boom_sweeps_over_the_ground_as_fast_as_its_aircraft():
    one = of("sonic_boom")[0]
    rng = dice(1, "boom", "net")
    net, air = network_of(STAGE, rng), air_over(STAGE, 4)
    begin = (one.time - STAGE.begin).total_seconds()
    ends = np.array([(begin + s.after_s, s.x_m, s.y_m) for s in one.path])
    picks = boomed(net, air, (ends, BOOM_HEIGHT_M, 25_000.0), 140.0, rng)
    assert picks.node.size >= 5
    way = ends[1, 1:] - ends[0, 1:]
    along = np.column_stack([net.x_m, net.y_m])[picks.node] @ way / np.hypot(*way)
    aside = np.column_stack([net.x_m, net.y_m])[picks.node] - ends[0, 1:]
    aside = np.abs(aside @ np.array([way[1], -way[0]])) / np.hypot(*way)
    # Arrivals are those of a cone of Mach angle: time grows with the slant distance.
    sound, _, _, _ = air.at(begin)
    mach = BOOM_MPS / sound
    told = (
        along / BOOM_MPS
        + np.hypot(aside, BOOM_HEIGHT_M) * np.sqrt(mach**2 - 1) / BOOM_MPS
    )
    late = picks.time_s - net.bias_s[picks.node] - told
    assert np.ptp(late) < 0.2


def test_a_clause_is_broken_as_often_as_its_rate_says():
    rates = rates_per_day(STAGE)
    assert rates["no-attack"] == 0
    for clause, acts in (
        ("no-entry", {"vessel_in_exclusion_area"}),
        ("no-overflight", {"overflight", "drone_crossing"}),
        ("no-obstruction", {"jamming", "access_denial"}),
    ):
        count = sum(one.what in acts for one in TRUTH)
        mean = rates[clause] * STAGE.scenario.days
        assert abs(count - mean) <= 4 * mean**0.5


@given(st.floats(-90_000, 90_000), st.floats(-90_000, 90_000), st.integers(0, 10**6))
def test_no_place_of_a_happening_is_nearer_than_the_nearest(x, y, k):
    one = TRUTH[k % len(TRUTH)]
    off = np.hypot(*(np.array(nearest(one, x, y)) - np.array([x, y])))
    stands = np.hypot(*(places(one) - np.array([x, y])).T)
    assert off <= stands.min() + 1e-6 or one.reach_m
    assert stands.min() <= off + 8_000 + 1e-6


@pytest.mark.parametrize("what", ["overflight", "drone_crossing"])
def test_a_way_through_closed_air_is_told_from_entry_to_exit(what):
    for one in of(what):
        assert one.path[0].after_s == 0
        assert one.path[-1].after_s == pytest.approx(one.length_s)

"""Waves at arrays and stations, weighed with what nodes heard."""

from dataclasses import replace

import pytest

from tests.fuse.bangs import (
    NOON_S,
    SETTINGS,
    bang,
    bearing,
    cell_of,
    fused,
    shaking,
)
from trucewatch.fuse.state import offset
from trucewatch.fuse.weigh import weigh

SOURCE = (48.5, 37.5)
WEST = bearing("west", 48.5, 37.36, SOURCE)
SOUTH = bearing("south", 48.40, 37.5, SOURCE)


def test_bearings_of_two_arrays_that_cross_at_the_right_time_are_one_incident():
    pytest.importorskip("numba")
    (both,) = fused(WEST, SOUTH)
    state = both.weighed.moment.state
    assert abs(offset(*SOURCE, state)[0]) < 500
    assert abs(offset(*SOURCE, state)[1]) < 500
    assert state.time_s == pytest.approx(NOON_S, abs=5.0)
    assert both.weighed.place.semi_major_m < 1_500


def test_a_wave_that_comes_too_early_or_late_is_of_another_incident():
    pytest.importorskip("numba")
    late = bearing("south", 48.40, 37.5, SOURCE, late_s=60.0)
    assert len(fused(WEST, SOUTH)) == 1
    assert len(fused(WEST, late)) == 2


def test_a_bearing_adds_to_what_nodes_heard_only_where_it_fits():
    pytest.importorskip("numba")
    heard = bang(log10_odds=0.0)
    (both,) = fused(heard, WEST)
    assert both.weighed.log10_odds > 0.5
    aside = bearing("west", 48.5, 37.36, (48.55, 37.5))
    assert len(fused(heard, aside)) == 2


def test_more_than_one_bearing_of_an_array_counts_once():
    pytest.importorskip("numba")
    twin = replace(WEST, derived_from=("table:again",))
    assert fused(WEST, SOUTH, twin)[0].weighed.log10_odds == pytest.approx(
        fused(WEST, SOUTH)[0].weighed.log10_odds
    )


def test_waves_along_one_line_that_never_meet_are_weighed_without_a_fault():
    pytest.importorskip("numba")
    behind = bearing("behind", 48.5, 37.30, SOURCE, late_s=3_600.0)
    told = weigh([cell_of(WEST), cell_of(behind)], SETTINGS)
    assert told.time in (WEST.time, behind.time) or told.moment is not None
    assert len(fused(WEST, behind)) == 2


EAST = shaking("XX.EAST", 48.5, 37.62, SOURCE)
NORTH = shaking("XX.NORTH", 48.57, 37.5, SOURCE)


def test_ground_and_sound_at_a_station_add_to_what_nodes_heard_only_where_they_fit():
    heard = bang(log10_odds=0.0)
    (both,) = fused(heard, EAST)
    assert both.weighed.log10_odds > 3.0
    late = shaking("XX.EAST", 48.5, 37.62, SOURCE, late_s=20.0)
    assert len(fused(heard, late)) == 2
    early = shaking("XX.EAST", 48.5, 37.62, SOURCE, late_s=-20.0)
    assert len(fused(heard, early)) == 2


def test_a_bearing_and_a_station_that_felt_it_place_one_incident():
    pytest.importorskip("numba")
    (both,) = fused(WEST, EAST)
    state = both.weighed.moment.state
    assert abs(offset(*SOURCE, state)[0]) < 1_000
    assert state.time_s == pytest.approx(NOON_S, abs=3.0)


def test_every_station_that_felt_it_makes_it_surer_and_better_known():
    heard = bang(log10_odds=-1.0)
    odds = [
        fused(heard, *rest)[0].weighed.log10_odds
        for rest in ((), (EAST,), (EAST, NORTH))
    ]
    assert odds == sorted(odds)
    assert odds[2] > odds[0] + 5
    volumes = [
        fused(heard, *rest)[0].weighed.moment.log10_km2_days
        for rest in ((), (EAST,), (EAST, NORTH))
    ]
    assert volumes == sorted(volumes, reverse=True)


def test_two_phases_of_one_station_are_one_origin():
    twin = replace(EAST, derived_from=("table:again",))
    assert fused(bang(), EAST, twin)[0].weighed.log10_odds == pytest.approx(
        fused(bang(), EAST)[0].weighed.log10_odds
    )

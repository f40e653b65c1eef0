"""The result is one, however the work is cut and wherever it runs."""

import dataclasses
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import heard, line, volleys
from trucewatch.fuse.acoustic.axis import axis_of
from trucewatch.fuse.acoustic.engine import solve, solve_on
from trucewatch.fuse.acoustic.network import Outages, Weather
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.tiles import OVER_M, epochs_of, tiles_of

SETTINGS = EngineSettings(epoch_s=900.0, tile_m=60_000.0)
COUNTED = ("probability", "score", "n_arrivals", "incident", "pick", "residual_s")


def same(one, other, names=None):
    for name in names or [field.name for field in dataclasses.fields(one)]:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@pytest.fixture(scope="module")
def network():
    return line()


@pytest.fixture(scope="module")
def truth(network):
    return volleys(network)


@pytest.fixture(scope="module")
def picks(network, truth):
    return heard(network, truth, clutter=900, span_s=2_700.0)


@pytest.fixture(scope="module")
def weather():
    hours = np.array([0.0, 3_600.0])
    return Weather(
        time_s=hours,
        temp_c=np.array([14.0, 14.5]),
        wind_u_mps=np.array([0.5, 0.0]),
        wind_v_mps=np.array([0.0, 0.5]),
    )


@pytest.fixture(scope="module")
def outages():
    return Outages(
        sensor=np.array([3, 17]),
        down_s=np.array([100.0, 800.0]),
        up_s=np.array([500.0, 4e9]),
    )


@pytest.fixture(scope="module")
def solution(network, picks, weather, outages):
    return solve(network, picks, weather, outages, SETTINGS)


def test_the_line_is_cut_into_seven_tiles_that_cover_it(network):
    tiles = tiles_of(axis_of(network).own(network), SETTINGS.tile_m)
    assert len(tiles) == 7
    assert sum(tile.mine.size for tile in tiles) == network.x_m.size
    assert tiles[0].low_m == -np.inf
    assert tiles[-1].high_m == np.inf
    for one, two in zip(tiles[:-1], tiles[1:], strict=True):
        assert one.high_m - two.low_m == pytest.approx(OVER_M)


def test_incidents_at_borders_are_neither_lost_nor_doubled(truth, solution):
    for x, y, t, _ in truth:
        near = np.abs(solution.time_s - t) < 0.5
        near &= np.hypot(solution.x_m - x, solution.y_m - y) < 200.0
        assert near.sum() == 1, (x, y, t)
    assert len(solution.time_s) == len(truth)


def test_no_pick_belongs_to_two_incidents_of_neighbouring_blocks(solution):
    assert len(np.unique(solution.pick)) == len(solution.pick)


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_change_not_a_byte(network, picks, weather, outages, solution, workers):
    with ThreadPoolExecutor(workers) as pool:
        again = solve_on(pool)(network, picks, weather, outages, SETTINGS)
    same(again, solution)


def test_processes_change_not_a_byte(network, picks, weather, outages, solution):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        again = solve_on(pool)(network, picks, weather, outages, SETTINGS)
    same(again, solution)


def test_days_later_the_same_happens(network, picks, weather, outages, solution):
    days = 3 * 86_400.0
    later = solve(
        network,
        dataclasses.replace(picks, time_s=picks.time_s + days),
        dataclasses.replace(weather, time_s=weather.time_s + days),
        dataclasses.replace(
            outages, down_s=outages.down_s + days, up_s=outages.up_s + days
        ),
        SETTINGS,
    )
    moved = ("time_s", "medium_time_s")
    names = [field.name for field in dataclasses.fields(later)]
    same(later, solution, [name for name in names if name not in moved])
    assert np.abs(later.time_s - days - solution.time_s).max() < 1e-9


@pytest.mark.parametrize("turn_deg", [30.0, 90.0, 215.0])
def test_turning_and_moving_the_network_changes_places_alone(
    network, picks, weather, outages, solution, turn_deg
):
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))

    def turned(x, y):
        return c * x - s * y, s * x + c * y

    x, y = turned(network.x_m, network.y_m)
    u, v = turned(weather.wind_u_mps, weather.wind_v_mps)
    there = solve(
        dataclasses.replace(network, x_m=x + 70_000.0, y_m=y - 33_000.0),
        picks,
        dataclasses.replace(weather, wind_u_mps=u, wind_v_mps=v),
        outages,
        SETTINGS,
    )
    x, y = turned(solution.x_m, solution.y_m)
    assert there.x_m - 70_000.0 == pytest.approx(x, abs=0.01)
    assert there.y_m + 33_000.0 == pytest.approx(y, abs=0.01)
    same(there, solution, ("n_arrivals", "incident", "pick"))
    assert there.probability == pytest.approx(solution.probability, abs=1e-9)
    spread = np.trace(there.cov[:, :2, :2], axis1=1, axis2=2)
    assert spread == pytest.approx(np.trace(solution.cov[:, :2, :2], axis1=1, axis2=2))


def test_without_wind_a_turn_changes_not_a_byte_of_what_is_no_place(network, picks):
    here = solve(network, picks, None, None, SETTINGS)
    turned = dataclasses.replace(network, x_m=-network.y_m, y_m=network.x_m)
    there = solve(turned, picks, None, None, SETTINGS)
    same(there, here, COUNTED)


def test_the_order_of_picks_changes_not_a_byte(
    network, picks, weather, outages, solution
):
    rows = np.random.default_rng(5).permutation(picks.time_s.size)
    mixed = dataclasses.replace(
        picks,
        **{
            field.name: getattr(picks, field.name)[rows]
            for field in dataclasses.fields(picks)
        },
    )
    again = solve(network, mixed, weather, outages, SETTINGS)
    same(dataclasses.replace(again, pick=rows[again.pick]), solution)


def test_epochs_are_those_in_which_something_can_have_happened():
    second = 1_000_000
    times = np.array([950, 1_000, 9_050]) * second
    assert epochs_of(times, 900.0) == [1, 9, 10]
    assert epochs_of(np.empty(0, np.int64), 900.0) == []

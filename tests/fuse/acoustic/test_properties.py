import dataclasses

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.settings import EngineSettings

SETTINGS = EngineSettings()
FIELDS = ("time_s", "sensor", "level_db", "snr_db")


def with_rows(picks, rows):
    return Picks(**{name: getattr(picks, name)[rows] for name in FIELDS})


@pytest.fixture(scope="module")
def network():
    return grid()


@pytest.fixture(scope="module")
def picks(network):
    return heard(network, INCIDENTS, clutter=60)


@pytest.fixture(scope="module")
def solution(network, picks):
    return solve(network, picks, None, None, SETTINGS)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_picks_changes_not_a_byte(network, picks, solution, seed):
    rows = np.random.default_rng(seed).permutation(picks.time_s.size)
    again = solve(network, with_rows(picks, rows), None, None, SETTINGS)
    for field in dataclasses.fields(solution):
        mine, other = getattr(solution, field.name), getattr(again, field.name)
        if field.name == "pick":
            other = rows[other]
        assert mine.tobytes() == other.tobytes(), field.name


def test_shifting_the_network_shifts_the_places(network, picks, solution):
    moved = dataclasses.replace(
        network, x_m=network.x_m + 64_000.0, y_m=network.y_m - 32_000.0
    )
    again = solve(moved, picks, None, None, SETTINGS)
    assert again.x_m - 64_000.0 == pytest.approx(solution.x_m, abs=0.01)
    assert again.y_m + 32_000.0 == pytest.approx(solution.y_m, abs=0.01)


def test_shifting_the_clock_shifts_the_times(network, picks, solution):
    later = dataclasses.replace(picks, time_s=picks.time_s + 86_400.0)
    again = solve(network, later, None, None, SETTINGS)
    assert again.time_s - 86_400.0 == pytest.approx(solution.time_s, abs=1e-4)
    assert again.x_m == pytest.approx(solution.x_m, abs=0.05)


def test_a_further_consistent_arrival_never_lowers_the_odds(network):
    full = heard(network, INCIDENTS[:1], heard_m=7000.0)
    fewer = with_rows(full, np.arange(full.time_s.size - 1))
    more = solve(network, full, None, None, SETTINGS)
    less = solve(network, fewer, None, None, SETTINGS)
    assert len(more.time_s) == len(less.time_s) == 1
    assert more.score[0] > less.score[0]
    assert more.probability[0] >= less.probability[0]

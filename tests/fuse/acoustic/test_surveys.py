import dataclasses

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import grid, heard
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.settings import EngineSettings

WRONG, EAST_M, NORTH_M = 9, 80.0, -60.0
INCIDENTS = [
    (4200.0 + 1900.0 * (k % 5), 2300.0 + 1700.0 * (k % 4), 60.0 + 37.3 * k, 118.0)
    for k in range(16)
]


def surveyed(network, sensor, east_m, north_m):
    """The network as it is told when one node stands elsewhere than it was surveyed."""
    at = np.arange(network.x_m.size) == sensor
    return dataclasses.replace(
        network,
        x_m=network.x_m - np.where(at, east_m, 0.0),
        y_m=network.y_m - np.where(at, north_m, 0.0),
    )


def solved(east_m, north_m):
    network = grid()
    picks = heard(network, INCIDENTS, clutter=60)
    told = surveyed(network, WRONG, east_m, north_m)
    return solve(told, picks, None, None, EngineSettings())


@pytest.fixture(scope="module")
def solution():
    return solved(EAST_M, NORTH_M)


def test_a_node_that_was_surveyed_wrongly_is_put_where_it_stands(solution):
    assert solution.away_m[WRONG] == pytest.approx([EAST_M, NORTH_M], abs=15.0)


def test_all_other_nodes_stay_where_they_were_surveyed(solution):
    assert not np.delete(solution.away_m, WRONG, axis=0).any()


def test_its_clock_is_not_blamed(solution):
    assert not solution.clock_broken.any()


def test_nodes_that_stand_where_they_were_surveyed_are_not_moved():
    assert not solved(0.0, 0.0).away_m.any()


def test_the_way_of_a_node_turns_with_the_frame(solution):
    network = surveyed(grid(), WRONG, EAST_M, NORTH_M)
    turned = dataclasses.replace(network, x_m=-network.y_m, y_m=network.x_m)
    picks = heard(grid(), INCIDENTS, clutter=60)
    away = solve(turned, picks, None, None, EngineSettings()).away_m
    assert away == pytest.approx(
        np.stack([-solution.away_m[:, 1], solution.away_m[:, 0]], 1), abs=1e-3
    )

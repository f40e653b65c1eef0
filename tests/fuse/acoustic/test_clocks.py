import dataclasses

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import grid, heard
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.settings import EngineSettings

OFF, OFF_S = 9, 2.4
INCIDENTS = [
    (5200.0 + 900.0 * (k % 5), 4300.0 + 700.0 * (k % 4), 60.0 + 37.3 * k, 118.0)
    for k in range(14)
]


def late(picks, sensor, by_s):
    time = picks.time_s + np.where(picks.sensor == sensor, by_s, 0.0)
    order = np.lexsort((picks.sensor, time))
    moved = dataclasses.replace(picks, time_s=time)
    return Picks(**{
        field.name: getattr(moved, field.name)[order]
        for field in dataclasses.fields(Picks)
    })


@pytest.fixture(scope="module")
def solution():
    network = grid()
    picks = late(heard(network, INCIDENTS, clutter=100), OFF, OFF_S)
    return picks, solve(network, picks, None, None, EngineSettings())


def test_a_clock_that_is_off_by_seconds_is_marked_alone(solution):
    assert np.flatnonzero(solution[1].clock_broken).tolist() == [OFF]


def test_its_offset_is_solved_for(solution):
    assert solution[1].clock_s[OFF] == pytest.approx(OFF_S, abs=0.03)


def test_its_picks_are_used_again(solution):
    picks, found = solution
    assert np.sum(picks.sensor[found.pick] == OFF) >= 10


def test_no_clock_is_marked_without_reason():
    network = grid()
    picks = heard(network, INCIDENTS, clutter=100)
    found = solve(network, picks, None, None, EngineSettings())
    assert not found.clock_broken.any()

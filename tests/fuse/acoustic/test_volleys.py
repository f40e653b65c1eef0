import numpy as np

from tests.fuse.acoustic.scenes import grid, heard
from trucewatch.fuse.acoustic.scene import BASE, BIRTH, PER_S, RATE, scene_of
from trucewatch.fuse.acoustic.volleys import comb, lined_up, volleys

PLACE = (7000.0, 6000.0)
SHOTS = [(*PLACE, 100.0 + 0.9 * k, 118.0) for k in range(8)]


def scene():
    network = grid()
    found, _ = scene_of(network, heard(network, SHOTS, clutter=40), None, 15_000.0)
    found.know[PER_S : BASE + 1] = (0.003, 0.008)
    found.know[BIRTH] = -25.0
    found.medium[:, 0] = 340.0
    found.picks[:, RATE] = np.log(0.02)
    return found


def test_shots_line_up_at_their_place_and_not_beside_it():
    at, room = np.array([*PLACE, 103.0, 118.0]), comb()
    here, peaks = lined_up(scene(), at, room)
    beside, _ = lined_up(scene(), at + (250.0, 150.0, 0.0, 0.0), room)
    assert peaks == len(SHOTS)
    assert here > 2 * beside


def test_every_shot_is_proposed():
    places = np.array([[*PLACE, 103.0, 118.0, 20.0]])
    found = volleys(scene(), places, np.array([10.0, 3.0]), 1000)
    for x, y, t, _ in SHOTS:
        near = np.abs(found[:, 2] - t) < 0.06
        assert (np.hypot(found[near, 0] - x, found[near, 1] - y) < 40.0).any()

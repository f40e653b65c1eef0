import numpy as np

from tests.fuse.acoustic.scenes import grid, heard
from trucewatch.fuse.acoustic.scene import BASE, BIRTH, PER_S, RATE, scene_of
from trucewatch.fuse.acoustic.strewn import strewn, uneasy

SHOTS = [
    (7000.0, 6000.0, 100.00, 118.0),
    (7120.0, 5930.0, 100.21, 118.0),
    (6910.0, 6090.0, 100.35, 118.0),
    (7040.0, 6150.0, 100.52, 118.0),
    (6890.0, 5880.0, 100.58, 118.0),
]
CENTRE = np.array([[6992.0, 6010.0, 100.3, 118.0, 20.0]])
SEARCH = np.array([30.0, 3.0])


def scene():
    network = grid(step_m=2000.0, nx=8, ny=7)
    found, _ = scene_of(network, heard(network, SHOTS, clutter=40), None, 15_000.0)
    found.know[PER_S : BASE + 1] = (0.003, 0.008)
    found.know[BIRTH] = -25.0
    found.medium[:, 0] = 340.0
    found.picks[:, RATE] = np.log(0.02)
    return found


def test_every_shot_of_a_strewn_volley_is_proposed():
    found = strewn(scene(), CENTRE, SEARCH, 1000)
    for x, y, t, _ in SHOTS:
        near = np.abs(found[:, 2] - t) < 0.05
        assert (np.hypot(found[near, 0] - x, found[near, 1] - y) < 30.0).any()


def test_no_more_is_proposed_than_there_is_room_for():
    assert len(strewn(scene(), CENTRE, SEARCH, 3)) == 3


def test_a_place_beside_one_that_was_looked_around_adds_nothing():
    again = np.concatenate([CENTRE, CENTRE + (30.0, 20.0, 0.1, 0.0, 0.0)])
    once = strewn(scene(), CENTRE, SEARCH, 1000)
    assert np.array_equal(strewn(scene(), again, SEARCH, 1000), once)


def test_nothing_is_proposed_where_nothing_is_heard():
    silent = CENTRE + (0.0, 0.0, 200.0, 0.0, 0.0)
    assert len(strewn(scene(), silent, SEARCH, 1000)) == 0


def test_those_beside_others_that_fit_worst_come_first():
    incidents = np.array([[0.0, 0.0, k, 118.0, s] for k, s in enumerate((9, 50, 12))])
    incidents = np.concatenate([incidents, incidents + (0.0, 0.0, 9.0, 0.0, 0.0)])
    owner = np.repeat([0, 1, 2, 3, 4, 5, -1], [3, 5, 6, 3, 5, 6, 4])
    crowd = np.array([1, 1, 1, 0, 1, 1])
    found = uneasy(incidents, owner, crowd)
    assert found[:, 2].tolist() == [2.0, 11.0]  # two of five: 2 nats for each pick

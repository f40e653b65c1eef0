"""What a network notices, and what the air absorbs, are learnt from incidents."""

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import grid
from trucewatch.fuse.acoustic.audibility import learn_audibility
from trucewatch.fuse.acoustic.levels import no_levels
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.physics import MISS_AT_DB
from trucewatch.fuse.acoustic.scene import BASE, EVEN, PER_S, SPREAD, scene_of

NETWORK = grid(step_m=2500.0, nx=8, ny=8)
N = 150
SPREAD_DB = 4.0
ROWS = np.arange(N)


def world(even_db, absorbed_db_km, levels=True):
    """A scene whose incidents own what was heard of them, all where they were."""
    dice = np.random.default_rng(7)
    picks, owner = [], []
    x, y = dice.uniform(2000.0, 15_500.0, (2, N))
    source = dice.uniform(104.0, 116.0, N)
    for k in range(N):
        r = np.hypot(NETWORK.x_m - x[k], NETWORK.y_m - y[k])
        km = np.maximum(r, 20.0) / 1000.0
        level = source[k] - 20.0 * np.log10(km) - absorbed_db_km * (km - 1.0)
        level += dice.normal(0.0, SPREAD_DB, km.size)
        chance = 1.0 / (1.0 + np.exp(-(level - 85.0 - even_db) / 2.2))
        for s in np.nonzero(dice.random(km.size) < chance)[0]:
            picks.append((100.0 * (k + 1) + r[s] / 340.0, s, level[s]))
            owner.append(k)
    time, sensor, level = (np.array(column) for column in zip(*picks, strict=True))
    level = level if levels else np.full(level.size, np.nan)
    heard = Picks(
        time_s=time,
        sensor=sensor.astype(np.int64),
        level_db=level,
        snr_db=np.full(level.size, 15.0),
    )
    scene, order = scene_of(NETWORK, heard, None, 15_000.0)
    scene.know[PER_S : BASE + 1] = (0.003, 0.008)
    scene.know[SPREAD] = SPREAD_DB
    scene.medium[:, 0] = 340.0
    scene.owner[:] = np.array(owner)[order]
    at = 100.0 * (ROWS + 1.0)
    return scene, np.stack([x, y, at, source, np.full(N, 50.0)], 1)


OWN_S = (0.0, 1e6)
NOTHING = no_levels(NETWORK.x_m.size)


@pytest.mark.parametrize("even_db", [9.0, 12.0, 14.0])
def test_the_level_noticed_is_learnt(even_db):
    scene, events = world(even_db, 1.5)
    learn_audibility(scene, events, OWN_S, NOTHING)
    assert scene.know[EVEN] == pytest.approx(even_db, abs=0.5)


@pytest.mark.parametrize("absorbed_db_km", [1.0, 2.0])
def test_absorption_is_not_taken_for_what_is_noticed(absorbed_db_km):
    scene, events = world(11.0, absorbed_db_km)
    learn_audibility(scene, events, OWN_S, NOTHING)
    assert scene.know[EVEN] == pytest.approx(11.0, abs=0.5)


def test_without_strong_incidents_of_its_own_time_nothing_changes():
    scene, events = world(9.0, 2.0)
    for weak, own_s in ((events - (0, 0, 0, 0, 40.0), OWN_S), (events, (-9.0, 0.0))):
        known = learn_audibility(scene, weak, own_s, NOTHING)
        assert scene.know[EVEN] == MISS_AT_DB
        assert not known.audible.any()


def test_what_was_learnt_before_is_taken_over():
    scene, events = world(9.5, 2.0)
    known = learn_audibility(scene, events, OWN_S, NOTHING)
    again, _ = world(9.5, 2.0)
    learn_audibility(again, events[:0], OWN_S, known)
    assert again.know[EVEN] == pytest.approx(scene.know[EVEN], abs=0.01)


def test_what_was_learnt_before_counts_beside_what_is_heard():
    scene, events = world(9.0, 1.5)
    known = learn_audibility(scene, events, OWN_S, NOTHING)
    other, events = world(13.0, 1.5)
    learn_audibility(other, events, OWN_S, known)
    assert 9.5 < other.know[EVEN] < 12.5


def test_without_levels_the_level_noticed_cannot_be_told_from_that_of_the_source():
    scene, events = world(9.0, 1.5, levels=False)
    learn_audibility(scene, events, OWN_S, NOTHING)
    assert scene.know[EVEN] == pytest.approx(MISS_AT_DB, abs=0.1)

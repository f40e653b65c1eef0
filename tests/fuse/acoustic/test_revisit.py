import numpy as np

from tests.fuse.acoustic.scenes import C_MPS, grid, heard
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.revisit import revisited
from trucewatch.fuse.acoustic.scene import BASE, BIRTH, PER_S, RATE, scene_of
from trucewatch.fuse.acoustic.settings import EngineSettings

PLACE = (7300.0, 6200.0)
LOUD = [(*PLACE, 60.0 + 41.0 * k, 118.0) for k in range(4)]
FAINT_S = 148.0


def with_faint(network, at_m):
    """Loud incidents at one place, and four picks that would come from another."""
    picks = heard(network, LOUD, clutter=60)
    r = np.hypot(network.x_m - at_m[0], network.y_m - at_m[1])
    near = np.argsort(r)[[0, 1, 3, 5]]
    level = 109.0 - 20 * np.log10(r[near] / 1000) - 1.5 * (r[near] / 1000 - 1)
    time = np.append(picks.time_s, FAINT_S + r[near] / C_MPS)
    sensor = np.append(picks.sensor, near)
    levels = np.append(picks.level_db, level)
    order = np.lexsort((sensor, time))
    return Picks(
        time_s=time[order],
        sensor=sensor[order],
        level_db=levels[order],
        snr_db=levels[order] - 85.0,
    )


def score_at(moved_m):
    """Log odds of what the faint picks tell of; nothing if that is no incident."""
    network = grid()
    picks = with_faint(network, (PLACE[0] + moved_m, PLACE[1]))
    found = solve(network, picks, None, None, EngineSettings())
    return found.score[np.abs(found.time_s - FAINT_S) < 0.3].tolist()


def test_four_faint_picks_count_for_more_where_sound_came_from_before():
    known, elsewhere = score_at(0.0), score_at(2500.0)
    assert len(known) == 1
    assert known[0] > max(elsewhere, default=-np.inf) + 3.0


def test_faint_picks_of_a_known_place_are_candidates_if_little_is_asked():
    network = grid()
    picks = with_faint(network, PLACE)
    scene, _ = scene_of(network, picks, None, 15_000.0)
    scene.medium[:, 0] = C_MPS
    scene.know[PER_S : BASE + 1] = (0.0026, 0.008)
    scene.know[BIRTH] = -34.0
    scene.picks[:, RATE] = -6.0
    places = np.array([[*PLACE, 101.0, 118.0, 30.0]])
    none = revisited(scene, places, np.array([10.0, 120.0]), 100)
    some = revisited(scene, places, np.array([10.0, -6.0]), 100)
    assert len(none) == 0
    assert np.abs(some[:, 2] - FAINT_S).min() < 0.05

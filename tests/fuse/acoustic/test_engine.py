import numpy as np
import pytest

from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Outages, Picks
from trucewatch.fuse.acoustic.settings import EngineSettings

SETTINGS = EngineSettings()


@pytest.fixture(scope="module")
def network():
    return grid()


@pytest.fixture(scope="module")
def solution(network):
    picks = heard(network, INCIDENTS, clutter=120)
    return solve(network, picks, None, None, SETTINGS)


def test_incidents_are_found_where_they_were(solution):
    assert len(solution.time_s) == len(INCIDENTS)
    for k, (x, y, t, _) in enumerate(INCIDENTS):
        assert np.hypot(solution.x_m[k] - x, solution.y_m[k] - y) < 25.0
        assert solution.time_s[k] == pytest.approx(t, abs=0.06)


def test_no_pick_is_used_twice(solution):
    assert len(set(solution.pick.tolist())) == len(solution.pick)
    assert solution.n_arrivals.sum() == len(solution.pick)


def test_covariances_are_symmetric_and_positive(solution):
    for cov in solution.cov:
        assert cov == pytest.approx(cov.T)
        assert np.linalg.eigvalsh(cov).min() > 0


def test_probabilities_are_shares(solution):
    assert ((solution.probability > 0.5) & (solution.probability <= 1)).all()


def test_clutter_alone_gives_no_incident(network):
    picks = heard(network, (), clutter=300)
    assert len(solve(network, picks, None, None, SETTINGS).time_s) == 0


def test_no_picks_give_no_incidents(network):
    none = np.empty(0)
    picks = Picks(time_s=none, sensor=np.empty(0, np.int64), level_db=none, snr_db=none)
    solution = solve(network, picks, None, None, SETTINGS)
    assert len(solution.time_s) == 0
    assert len(solution.clock_s) == len(network.sensor_id)


def test_picks_without_levels_still_locate(network):
    full = heard(network, INCIDENTS)
    unknown = np.full(full.time_s.size, np.nan)
    picks = Picks(
        time_s=full.time_s, sensor=full.sensor, level_db=unknown, snr_db=unknown
    )
    solution = solve(network, picks, None, None, SETTINGS)
    assert len(solution.time_s) == len(INCIDENTS)


def test_silence_of_a_sensor_that_is_down_is_no_evidence(network):
    full = heard(network, INCIDENTS[:1])
    deaf = full.sensor % 4 == 0
    picks = Picks(**{
        name: getattr(full, name)[~deaf]
        for name in ("time_s", "sensor", "level_db", "snr_db")
    })
    rows = np.arange(0, len(network.sensor_id), 4)
    down = Outages(
        sensor=rows, down_s=np.zeros(len(rows)), up_s=np.full(len(rows), 900.0)
    )
    known = solve(network, picks, None, down, SETTINGS)
    blind = solve(network, picks, None, None, SETTINGS)
    assert known.score[0] > blind.score[0]

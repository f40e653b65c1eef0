import numpy as np
import pytest

from trucewatch.fuse.acoustic.places import shared

ERROR_M = 12.0
TURNS = np.arange(8) * 2.4
SHARED = np.stack([500 + ERROR_M * np.cos(TURNS), 900 + ERROR_M * np.sin(TURNS)], 1)


def incidents(places, apart_s):
    n = len(places)
    events = np.zeros((n, 5))
    events[:, :2], events[:, 2] = places, np.arange(n) * apart_s
    cov = np.tile(np.diag([144.0, 144.0, 0.03**2]), (n, 1, 1))
    return events, cov


def test_incidents_of_one_place_draw_together_and_are_known_better():
    events, cov = incidents(SHARED, 5.0)
    shared(events, cov)
    off = np.hypot(*(events[:, :2] - (500, 900)).T)
    assert off.max() < 0.6 * ERROR_M
    assert (cov[:, 0, 0] < 100.0).all()


def test_scattered_incidents_stay_where_they_are():
    turn = np.arange(8) * np.pi / 4
    places = np.stack([180 * np.cos(turn), 180 * np.sin(turn)], 1)
    events, cov = incidents(places, 5.0)
    shared(events, cov)
    assert events[:, :2] == pytest.approx(places, abs=1.0)


def test_two_at_once_are_never_of_one_place():
    events, cov = incidents(SHARED[:2], 0.05)
    before = events.copy()
    shared(events, cov)
    assert events == pytest.approx(before)


def test_covariances_stay_positive():
    events, cov = incidents(SHARED, 5.0)
    cov[:, 0, 2] = cov[:, 2, 0] = 0.2
    shared(events, cov)
    assert all(np.linalg.eigvalsh(one).min() > 0 for one in cov)

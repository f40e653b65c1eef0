"""The kernel does what its slow definition does, and keeps what it cannot see apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter

from trucewatch.detect.change.moments import Moments
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.speckle import decibels, fold, level_db

DEFAULT = ChangeSettings()


def noise(seed, shape):
    return np.random.default_rng(seed).gamma(4.4, 1 / 4.4, shape).astype(np.float32)


def lee(power, looks):
    power = power.astype(np.float64)
    mean = uniform_filter(power, 7)
    spread = uniform_filter(power**2, 7) - mean**2
    kept = np.clip(1 - mean**2 / looks / spread, 0, 1)
    return (10 * np.log10(mean + kept * (power - mean)))[3:-3, 3:-3]


def test_decibels_are_those_of_the_logarithm():
    power = np.geomspace(1e-12, 1e12, 10_001).astype(np.float32).reshape(1, -1)
    assert np.abs(decibels(power) - 10 * np.log10(power.astype(float))).max() < 2e-5


def test_moments_of_many_pictures_are_those_of_numpy():
    some = [noise(seed, (46, 58)) for seed in range(9)]
    found = Moments.none(40, 52)
    for power in some:
        found = found.folded(power, 0.0, DEFAULT)
    whole = np.stack([lee(one, 4.4) for one in some])
    assert (found.count == 9).all()
    assert np.abs(found.mean - whole.mean(axis=0)).max() < 1e-4
    assert np.abs(found.variance - whole.var(axis=0, ddof=1)).max() < 1e-3


@settings(deadline=None, max_examples=20)
@given(cut=st.integers(0, 7), seed=st.integers(0, 100))
def test_states_put_together_are_the_state_of_all_pictures(cut, seed):
    some = [noise(seed + k, (26, 26)) for k in range(7)]
    states = []
    for part in (some, some[:cut], some[cut:]):
        one = Moments.none(20, 20)
        for power in part:
            one = one.folded(power, 1.5, DEFAULT)
        states.append(one)
    whole, early, late = states
    both = early.together(late)
    assert np.abs(both.mean - whole.mean).max() < 1e-4
    assert np.abs(both.variance - whole.variance).max() < 1e-3


def test_no_data_enters_no_window_and_no_state():
    power = noise(1, (26, 26))
    holed = power.copy()
    holed[10:13, 10:13] = [[np.nan, 0, -1], [np.inf, np.nan, 0], [0, 0, np.nan]]
    found = Moments.none(20, 20).folded(holed, 0.0, DEFAULT)
    assert (found.count[7:10, 7:10] == 0).all()
    assert (found.count == 0).sum() == 9
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.variance).all()
    lost = Moments.none(20, 20).folded(np.full((26, 26), np.nan), 0.0, DEFAULT)
    assert (lost.count == 0).all()


def test_a_tile_gives_what_the_whole_picture_gives_there():
    power = noise(2, (86, 86))
    whole = Moments.none(80, 80).folded(power, 0.0, DEFAULT)
    part = Moments.none(30, 20).folded(power[20:56, 40:66], 0.0, DEFAULT)
    inner = whole.mean[20:50, 40:60]
    assert np.abs(part.mean - inner).max() < 2e-5


def test_the_level_of_a_picture_is_taken_away_and_found():
    power = noise(3, (206, 206))
    brighter = power * np.float32(2)
    assert level_db(brighter, power) == pytest.approx(10 * np.log10(2), abs=1e-6)
    some = brighter.copy()
    some[:60] *= 8  # damage of a part moves the level little
    assert level_db(some, power) == pytest.approx(10 * np.log10(2), abs=1e-6)
    assert level_db(power, None) == 0
    assert level_db(np.full_like(power, np.nan), power) == 0


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        fold(noise(1, (20, 20)), 3, 4.4, 0.0, np.zeros((3, 20, 20), np.float32))

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.physics import heard, log_law, log_miss, loss_db, travel


@given(st.floats(-690, 690))
def test_the_exponential_is_the_exponential(x):
    assert exp_of(x) == pytest.approx(math.exp(x), rel=1e-12)


@given(st.floats(1e-300, 1e300))
def test_the_logarithm_is_the_logarithm(x):
    assert log_of(x) == pytest.approx(math.log(x), rel=1e-12, abs=1e-12)


def test_sound_takes_its_way_faster_with_the_wind():
    still, _, _ = travel(3400.0, 0.0, (340.0, 0.0, 0.0))
    along, _, _ = travel(3400.0, 0.0, (340.0, 10.0, 0.0))
    across, _, _ = travel(3400.0, 0.0, (340.0, 0.0, 10.0))
    assert still == 10.0
    assert along == pytest.approx(3400 / 350)
    assert across == pytest.approx(3400 / math.sqrt(340**2 - 100))


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(-9e3, 9e3))
def test_travel_is_that_of_a_circle_that_drifts(u, v, east):
    north = 4321.0
    tau, _, _ = travel(east, north, (338.0, u, v))
    assert math.hypot(east - u * tau, north - v * tau) == pytest.approx(338.0 * tau)


def test_loss_is_nothing_at_a_kilometre_and_grows():
    assert loss_db(1000.0) == pytest.approx(0.0, abs=1e-9)
    assert loss_db(2000.0) == pytest.approx(20 * math.log10(2) + 1.5, abs=1e-6)
    assert all(np.diff([loss_db(r) for r in range(100, 34000, 500)]) > 0)


def test_what_is_heard_and_what_is_missed_are_one():
    for z in np.arange(-7.5, 3.5, 0.25):
        assert heard(z) + math.exp(log_miss(z)) == pytest.approx(1.0, abs=1e-9)


def test_the_law_of_picks_integrates_to_one():
    late = np.arange(-3.0, 3.0, 0.0005)
    total = sum(math.exp(log_law(r, 0.03)) for r in late) * 0.0005
    assert total == pytest.approx(1.0, abs=2e-3)


def test_late_picks_are_likelier_than_early_ones():
    assert log_law(0.3, 0.03) > log_law(-0.3, 0.03)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.repetition import (
    REACH_M,
    REACH_S,
    SAME_M,
    SAME_S,
    TIGHT,
    TIGHT_M,
    WIDE,
    WIDE_M,
    likely,
    repeats,
)

BIRTH = np.log(1e-12)
ONE = np.array([[0.0, 0.0, 100.0, 118.0, 30.0]])


def bonus(away_m, later_s, weight=1.0):
    place = np.array([[away_m, 0.0, 100.0 + later_s, 118.0, 10.0]])
    return repeats(place, ONE, np.array([weight]), BIRTH)[0]


@settings(deadline=None)  # kernels compile at first
@given(st.floats(0, 380), st.floats(0, 380), st.floats(1, 170))
def test_farther_is_never_likelier(near_m, far_m, later_s):
    near_m, far_m = sorted((near_m, far_m))
    assert bonus(far_m, later_s) <= bonus(near_m, later_s) + 1e-12


@settings(deadline=None)  # kernels compile at first
@given(st.floats(0, 300), st.floats(1, 170))
def test_without_others_there_is_no_bonus(away_m, later_s):
    assert bonus(away_m, later_s, weight=0.0) == 0.0
    assert bonus(away_m, later_s) >= 0.0


def test_an_incident_does_not_vouch_for_itself():
    assert bonus(3.0, 0.01) == 0.0


def test_weights_rise_with_the_score():
    weight = likely(np.array([-5.0, 0.0, 4.0, 12.0]))
    assert (np.diff(weight) > 0).all()
    assert abs(weight[2] - 0.5) < 1e-12


def test_the_bonus_is_that_of_all_pairs():
    rng = np.random.default_rng(7)
    low, high = (
        (-1500.0, -1500.0, -300.0, 110.0, 0.0),
        (1500.0, 1500.0, 300.0, 120.0, 9),
    )
    incidents = np.sort(rng.uniform(low, high, (300, 5)).T)[:, :].T
    incidents[:, :2] = rng.permuted(incidents[:, :2], axis=0)
    places, weight = rng.uniform(low, high, (40, 5)), rng.uniform(0, 1, 300)
    dx, dy, dt = (places[:, None, k] - incidents[None, :, k] for k in range(3))
    d2 = dx * dx + dy * dy
    tight = np.where(d2 < 25 * TIGHT_M**2, TIGHT * np.exp(-0.5 * d2 / TIGHT_M**2), 0.0)
    density = (tight + WIDE * np.exp(-0.5 * d2 / WIDE_M**2)) * np.exp(-abs(dt) / 60.0)
    density[(d2 > REACH_M**2) | (abs(dt) > REACH_S)] = 0.0
    density[(abs(dt) <= SAME_S) & (d2 <= SAME_M**2)] = 0.0
    expected = np.log1p(density @ weight / np.exp(BIRTH))
    assert repeats(places, incidents, weight, BIRTH) == pytest.approx(
        expected, rel=1e-9
    )


@settings(deadline=None)  # kernels compile at first
@given(st.permutations(range(40)))
def test_the_order_of_places_does_not_matter(order):
    dice = np.random.default_rng(5)
    width = np.array([1_500.0, 1_500.0, 300.0, 0.0, 20.0])
    places = dice.random((40, 5)) * width
    others = places[np.argsort(places[:, 2])]
    weight = likely(others[:, 4])
    one = repeats(places, others, weight, BIRTH)
    assert one.max() > 1.0
    assert (
        repeats(places[list(order)], others, weight, BIRTH).tobytes()
        == one[list(order)].tobytes()
    )

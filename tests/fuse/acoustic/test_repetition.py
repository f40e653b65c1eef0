import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.repetition import likely, repeats

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

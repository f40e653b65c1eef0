import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.calibrated import calibrated, shipped


def p_of(score, crowding, arrivals):
    p, _ = calibrated(
        np.array([score]), np.array([crowding]), np.array([arrivals]), np.eye(3)[None]
    )
    return p[0]


def test_the_shipped_table_falls_with_neither_score_nor_arrivals():
    p = np.array(shipped().p)
    assert (np.diff(p, axis=1) >= 0).all()
    assert (np.diff(p, axis=2) >= 0).all()


@given(
    st.floats(-20, 100),
    st.floats(0, 20),
    st.integers(0, 12),
    st.integers(4, 40),
    st.integers(0, 10),
)
def test_more_evidence_never_lowers_the_odds(score, gain, crowding, arrivals, more):
    less = p_of(score, crowding, arrivals)
    assert p_of(score + gain, crowding, arrivals + more) >= less

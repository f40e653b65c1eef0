"""The fit of the engine's calibration: tables that only rise."""

import pathlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = pathlib.Path(__file__).parents[3] / "benchmarks/acoustic"


@pytest.fixture(scope="module")
def both():
    """The function, from a folder whose modules import one another by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        from calibrate import rising_both

        yield rising_both


def table(seed):
    """Probabilities and weights, four knots by three groups."""
    draw = np.random.default_rng(seed)
    return draw.random((3, 4)), draw.uniform(0.5, 50, (3, 4))


@given(seed=st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_a_fitted_table_falls_neither_along_rows_nor_along_columns(both, seed):
    p, weight = table(seed)
    found = both(p, weight)
    assert np.all(np.diff(found, axis=0) >= -1e-12)
    assert np.all(np.diff(found, axis=1) >= -1e-12)
    assert found.min() >= p.min() - 1e-9
    assert found.max() <= p.max() + 1e-9


@given(seed=st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_a_table_that_rises_already_is_left_as_it_is(both, seed):
    p, weight = table(seed)
    risen = np.maximum.accumulate(np.maximum.accumulate(p, axis=0), axis=1)
    assert both(risen, weight) == pytest.approx(risen, abs=1e-9)


def test_of_two_cells_in_the_wrong_order_the_heavier_moves_less(both):
    p = np.array([[0.8, 0.2], [0.8, 0.8]])
    found = both(p, np.array([[9.0, 1.0], [1.0, 1.0]]))
    assert found[0, 0] == pytest.approx(found[0, 1])
    assert found[0, 0] == pytest.approx((9 * 0.8 + 0.2) / 10, abs=1e-3)

"""Draws follow their laws, and functions are what they are called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trucewatch.exercise.dice import away, dice, exp, log, log10, tanh, turned

reals = st.floats(-600, 600)


@given(reals)
def test_functions_are_those_of_the_library_but_for_a_last_bit(x):
    assert float(exp(x)) == pytest.approx(float(np.exp(x)), rel=1e-14, abs=1e-300)
    assert float(tanh(x)) == pytest.approx(float(np.tanh(x)), abs=1e-14)
    cos, sin = turned(x)
    assert float(cos) == pytest.approx(float(np.cos(2 * np.pi * x)), abs=1e-11)
    assert float(sin) == pytest.approx(float(np.sin(2 * np.pi * x)), abs=1e-11)


@given(st.floats(1e-300, 1e300))
def test_logarithms_are_those_of_the_library(x):
    assert float(log(x)) == pytest.approx(float(np.log(x)), rel=1e-14, abs=1e-15)
    assert float(log10(x)) == pytest.approx(float(np.log10(x)), rel=1e-14, abs=1e-15)


def test_vectors_are_as_long_as_pythagoras_says():
    assert away([3.0, -5.0], [4.0, 12.0]).tolist() == [5.0, 13.0]


LAWS = {
    "uniform": (lambda d, n: d.uniform(2.0, 5.0, n), stats.uniform(2.0, 3.0)),
    "normal": (lambda d, n: d.normal(1.0, 2.0, n), stats.norm(1.0, 2.0)),
    "exponential": (lambda d, n: d.exponential(3.0, n), stats.expon(scale=3.0)),
    "lognormal": (
        lambda d, n: d.lognormal(0.5, 0.7, n),
        stats.lognorm(0.7, scale=np.exp(0.5)),
    ),
}


@pytest.mark.parametrize("name", LAWS)
def test_draws_follow_their_law(name):
    draw, law = LAWS[name]
    assert stats.kstest(draw(dice(1, "law", name), 40_000), law.cdf).pvalue > 0.001


@pytest.mark.parametrize("mean", [0.0, 0.3, 5.0, 37.3, 900.0])
def test_counts_follow_poisson(mean):
    found = dice(2, "law", "poisson").poisson(np.full(20_000, mean))
    assert found.mean() == pytest.approx(mean, abs=4 * (mean / 20_000) ** 0.5)
    assert found.var() == pytest.approx(mean, rel=0.05, abs=1e-12)


def test_choices_come_in_proportion_and_some_are_never_the_same():
    rng = dice(3, "law", "choice")
    counts = np.bincount(rng.weighted([5, 3, 2], 50_000), minlength=3) / 50_000
    assert counts == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    assert sorted(rng.some_of(4, 4).tolist()) == [0, 1, 2, 3]
    assert rng.one_of("a") == "a"
    assert 0 <= int(rng.index(3)) < 3

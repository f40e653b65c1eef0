"""The looks that are chosen."""

import hypothesis.strategies as st
import numpy as np
import pytest
from benchmarks.cueing import best, instance
from hypothesis import given, settings

from trucewatch.review.choice import Looks, chosen

SEEDS = st.integers(0, 10_000)


@given(SEEDS)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_small_choice_is_near_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    weight, looks = instance(rng, 8, 20, 5, 3)
    plan = chosen(weight, looks, 6.0)
    assert plan.worth >= 0.9 * best(weight, looks, 6.0)


@given(SEEDS)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_hours_and_limits_are_kept_and_nothing_is_taken_twice(seed):
    rng = np.random.default_rng(seed)
    weight, looks = instance(rng, 40, 60, 8, 4)
    plan = chosen(weight, looks, 10.0)
    assert len(set(plan.taken)) == len(plan.taken)
    assert looks.cost_h[plan.taken].sum() <= 10.0 + 1e-9
    used = np.bincount(looks.asset[plan.taken], minlength=4)
    assert (used <= looks.limit).all()
    assert plan.worth == pytest.approx(sum(plan.gains))


@given(SEEDS)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_more_hours_are_never_worth_much_less(seed):
    rng = np.random.default_rng(seed)
    weight, looks = instance(rng, 30, 60, 8, 4)
    less, more = (chosen(weight, looks, hours).worth for hours in (4.0, 8.0))
    assert more >= 0.99 * less


def test_a_look_that_shows_nothing_new_is_not_taken():
    looks = Looks(
        first=np.array([0, 1, 2]),
        cell=np.array([0, 0]),
        p=np.array([1.0, 1.0]),
        cost_h=np.array([1.0, 1.0]),
        asset=np.array([0, 0]),
        limit=np.array([2]),
    )
    assert chosen(np.array([3.0]), looks, 9.0).taken == [0]

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.exercise.calibration import calibration
from trucewatch.grade.venn_abers import VennAbers, fitted
from trucewatch.record import decoded, written_out

CASES = st.lists(st.tuples(st.floats(-6, 8), st.booleans()), min_size=1, max_size=80)


def made(cases):
    return fitted([odds for odds, _ in cases], [true for _, true in cases])


@settings(deadline=None, max_examples=40)
@given(CASES, st.floats(-9, 9), st.floats(0, 5))
def test_more_odds_never_make_less_likely(cases, odds, more):
    learnt = made(cases)
    low, high = learnt.interval(odds), learnt.interval(odds + more)
    assert low.p <= high.p
    assert low.p_low <= high.p_low
    assert low.p_high <= high.p_high


@settings(deadline=None, max_examples=40)
@given(CASES, st.floats(-9, 9))
def test_the_probability_lies_in_its_interval(cases, odds):
    one = made(cases).interval(odds)
    assert 0 <= one.p_low <= one.p <= one.p_high <= 1


@settings(deadline=None, max_examples=40)
@given(CASES)
def test_the_order_of_cases_does_not_matter(cases):
    assert made(cases) == made(cases[::-1])


def test_few_cases_leave_more_open_than_many():
    few, many = ([(0.0, True), (0.0, False)] * n for n in (3, 300))
    wide, narrow = (made(cases).interval(0.0) for cases in (few, many))
    assert wide.p_high - wide.p_low > 10 * (narrow.p_high - narrow.p_low)
    assert narrow.p == pytest.approx(0.5, abs=0.01)


def test_odds_ten_times_too_sure_are_read_as_they_hold():
    rng = np.random.default_rng(1)
    odds = rng.uniform(-2, 2, 20_000)
    true = rng.random(odds.size) < 1 / (1 + 10 ** -(odds - 1))
    learnt = fitted(odds[::2].tolist(), true[::2].tolist())
    read = np.array([learnt.interval(one).p for one in odds[1::2].tolist()])
    assert calibration(read, true[1::2] * 1.0).ece_ratio < 0.02
    taken = 1 / (1 + 10 ** -odds[1::2])
    assert calibration(taken, true[1::2] * 1.0).ece_ratio > 0.1


def test_what_is_written_is_read_again():
    import json

    learnt = made([(0.0, True), (1.0, True), (-1.0, False)])
    assert decoded(VennAbers, json.loads(written_out(learnt))) == learnt


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (((0.0, 1.0), (0.5, 0.4), (0.6, 0.7)), "rise"),
        (((0.0,), (0.5, 0.6), (0.6,)), "rise"),
        (((), (), ()), "rise"),
        (((0.0,), (0.7,), (0.6,)), "ends after"),
    ],
)
def test_steps_that_are_none_are_refused(steps, told):
    with pytest.raises(ValueError, match=told):
        VennAbers(1, *steps)


def test_scores_and_outcomes_must_pair():
    with pytest.raises(ValueError, match="2 scores for 1"):
        fitted([0.0, 1.0], [True])
    with pytest.raises(ValueError, match="0 scores"):
        fitted([], [])

"""Tests of means, false discoveries, likelihood ratios and times of change."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from benchmarks.sar import auc, district, judged
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from tests.radar import SINCE, World
from trucewatch.detect.change.assess import assess
from trucewatch.detect.change.discovery import q_values
from trucewatch.detect.change.places import Band
from trucewatch.detect.change.settings import ChangeSettings, Combination, Scatter
from trucewatch.detect.change.timing import changed_within
from trucewatch.detect.change.welch import Sample, difference, joined, score

DEFAULT = ChangeSettings(looks_ratio=4.0)
SMALL = World(size=160, before=10, after=4)


@pytest.mark.parametrize(
    ("scatter", "equal"), [(Scatter.POOLED, True), (Scatter.OWN, False)]
)
def test_the_statistic_is_that_of_scipy(scatter, equal):
    rng = np.random.default_rng(1)
    before, after = rng.normal(0, 1, (50, 9)), rng.normal(0.5, 2, (50, 5))
    found = difference(Sample.of(before), Sample.of(after), scatter)
    told = stats.ttest_ind(after, before, axis=1, equal_var=equal)
    assert np.allclose(found.t, told.statistic)
    assert np.allclose(found.freedom, told.df)
    assert np.allclose(2 * stats.norm.sf(np.abs(score(found))), told.pvalue)


def test_one_picture_after_is_tested_against_the_scatter_before():
    rng = np.random.default_rng(2)
    many = rng.normal(0, 1, (20_000, 9))
    found = difference(Sample.of(many[:, :8]), Sample.of(many[:, 8:]))
    assert (found.freedom == 7).all()
    p = 2 * stats.norm.sf(np.abs(score(found)))
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.006)


def test_too_few_pictures_are_unknown():
    one = Sample.of(np.array([[1.0]]))
    assert np.isnan(difference(one, one).t).all()
    none = Sample.of(np.array([[np.nan, np.nan]]))
    assert np.isnan(difference(Sample.of(np.ones((1, 4))), none).t).all()


@pytest.mark.parametrize("combination", Combination)
@pytest.mark.parametrize("bands", [1, 2, 6])
def test_bands_without_change_make_a_standard_size(combination, bands):
    z = np.random.default_rng(bands).standard_normal((bands, 40_000))
    found = joined(z, combination)
    assert stats.kstest(2 * stats.norm.sf(found), "uniform").pvalue > 1e-3


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(0, 1)))
@settings(deadline=None)
def test_q_is_never_below_p_of_one_test_and_rises_with_p(p):
    q = q_values(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(q[order]) >= -1e-12).all()
    assert ((q >= 0) & (q <= 1)).all()
    assert (q_values(p[::-1])[::-1] == q).all()


def test_unknown_tests_stay_unknown_and_count_for_nothing():
    p = np.array([0.001, 0.2, 0.9, 0.4])
    holed = np.array([0.001, np.nan, 0.2, 0.9, np.nan, 0.4])
    assert np.allclose(q_values(holed)[[0, 2, 3, 5]], q_values(p))
    assert np.isnan(q_values(holed)[[1, 4]]).all()


def test_fallen_houses_are_told_from_standing_ones():
    found, truth = judged(SMALL, DEFAULT)
    assert auc(found.score, truth) >= 0.95
    assert np.median(found.log10_ratios[truth]) > 1
    assert np.median(found.log10_ratios[~truth]) < 0


def test_where_nothing_happened_hardly_a_house_is_called():
    # At most one world in ten may have any false discovery at 10 %; six worlds here.
    called = 0
    for seed in range(6):
        quiet = replace(SMALL, damaged_ratio=0.0, seed=seed)
        found, _ = judged(quiet, DEFAULT)
        called += bool((found.q <= 0.1).any())
        assert np.mean(found.log10_ratios > 1) < 0.03
    assert called <= 3


def test_false_discoveries_are_about_as_many_as_promised():
    false = total = 0
    for seed in range(8):
        found, truth = judged(replace(SMALL, seed=seed), DEFAULT)
        called = found.q <= 0.1
        false += int((called & ~truth).sum())
        total += int(called.sum())
    assert false / total == pytest.approx(0.1, abs=0.05)  # benchmarks/sar.py: closer


def test_the_ratio_never_falls_as_the_score_rises():
    found, _ = judged(SMALL, DEFAULT)
    order = np.argsort(found.score)
    assert (np.diff(found.log10_ratios[order]) >= -1e-12).all()


def test_the_order_of_bands_does_not_matter():
    bands, _, _ = district(SMALL)
    one, two = (assess(some, SINCE, DEFAULT) for some in (bands, bands))
    assert (one.log10_ratios == two.log10_ratios).all()
    scores = assess(bands[::-1], SINCE, DEFAULT).score
    assert np.allclose(scores, one.score)


def test_a_season_that_the_placebos_know_weighs_little():
    # A slow rise over the year: the last pictures differ from the mean, always.
    rng = np.random.default_rng(5)
    times = tuple(SINCE + timedelta(days=12 * k) for k in range(-16, 4))
    drift = 0.15 * np.arange(20)
    values = rng.normal(0, 0.5, (400, 20)) + drift
    found = assess((Band("1/vv", times, values),), SINCE, DEFAULT)
    steady = assess((Band("1/vv", times, values - drift),), SINCE, DEFAULT)
    assert np.median(found.score) > 2 * np.median(steady.score)
    assert np.mean(found.log10_ratios > 1) < 0.05


def test_too_little_to_learn_from_is_said():
    times = tuple(SINCE + timedelta(days=12 * k) for k in range(-3, 2))
    band = Band("1/vv", times, np.zeros((50, 5)))
    with pytest.raises(ValueError, match="4 pictures before.*1/vv 3 before and 2"):
        assess((band,), SINCE, DEFAULT)
    early = tuple(SINCE + timedelta(days=12 * k) for k in range(-5, 1))
    few = Band("1/vv", early, np.zeros((2, 6)))
    with pytest.raises(ValueError, match="too few for a background"):
        assess((few,), SINCE, DEFAULT)


@given(step=st.integers(0, 5), seed=st.integers(0, 50))
@settings(deadline=None, max_examples=30)
def test_a_clear_step_is_put_between_the_right_pictures(step, seed):
    rng = np.random.default_rng(seed)
    times = tuple(SINCE + timedelta(days=12 * k) for k in range(-8, 6))
    values = rng.normal(0, 0.3, (1, 14))
    values[0, 8 + step :] += 8
    found = changed_within((Band("1/vv", times, values),), 0, SINCE)
    assert found.begin <= times[7 + step] < found.end
    assert found.end >= times[8 + step]
    assert found.duration_s <= 12 * 86_400


def test_a_faint_step_is_not_put_between_two_pictures():
    times = tuple(SINCE + timedelta(days=12 * k) for k in range(-8, 6))
    values = np.random.default_rng(1).normal(0, 1, (1, 14))
    found = changed_within((Band("1/vv", times, values),), 0, SINCE)
    assert found.duration_s > 24 * 86_400

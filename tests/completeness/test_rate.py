from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trucewatch.completeness.rate import (
    Watched,
    breaks,
    change,
    rate_bound_per_day,
    rate_interval_per_day,
    recapture,
)

chances = st.floats(0.02, 1.0)
trials_known = st.sampled_from([5, 20, 200, None])
counts = st.integers(0, 200)


def watched(p, days=7.0, trials=None, false_alarms=0.0):
    return Watched(
        exposure_days=days,
        p_detect=p,
        trials=trials,
        false_per_day=false_alarms / days,
    )


@pytest.mark.parametrize("seen", [0, 1, 5, 60])
@pytest.mark.parametrize("p", [1.0, 0.5, 0.05])
def test_with_a_chance_known_exactly_the_bound_is_the_chi_square_one(seen, p):
    exact = stats.chi2.ppf(0.95, 2 * (seen + 1)) / (2 * 7.0 * p)
    assert rate_bound_per_day(seen, watched(p)) == pytest.approx(exact, rel=1e-9)


@given(counts, chances, trials_known, st.floats(0, 30))
@settings(max_examples=60)
def test_doubt_about_the_chance_never_lowers_the_bound(seen, p, trials, false_alarms):
    sure = rate_bound_per_day(seen, watched(p, false_alarms=false_alarms))
    doubtful = watched(p, trials=trials, false_alarms=false_alarms)
    assert rate_bound_per_day(seen, doubtful) >= sure * (1 - 1e-4)  # of integration


@given(counts, chances, trials_known)
@settings(max_examples=60)
def test_more_seen_or_less_watched_never_lowers_the_bound(seen, p, trials):
    here = rate_bound_per_day(seen, watched(p, trials=trials))
    assert rate_bound_per_day(seen + 1, watched(p, trials=trials)) > here
    assert rate_bound_per_day(seen, watched(p, days=3.0, trials=trials)) > here


@pytest.mark.parametrize("false_alarms", [0.0, 1.0, 40.0])
def test_false_alarms_make_silence_no_more_eloquent(false_alarms):
    bound = rate_bound_per_day(0, watched(0.5, false_alarms=false_alarms))
    assert bound == pytest.approx(-log(0.05) / (7.0 * 0.5), rel=1e-9)


def test_where_nobody_watched_nothing_bounds_the_rate():
    assert rate_bound_per_day(0, watched(0.0)) == inf
    assert rate_interval_per_day(0, watched(0.0)) == (0.0, inf)


@pytest.mark.parametrize("per_day", [0.1, 1.0, 8.0])
@pytest.mark.parametrize("p", [0.9, 0.3])
@pytest.mark.parametrize("false_alarms", [0.0, 3.0])
def test_the_bound_holds_as_often_as_it_says(per_day, p, false_alarms):
    rng = np.random.default_rng(7)
    truth = rng.beta(20 * p, 20 * (1 - p), 4000)
    seen = rng.poisson(per_day * 7.0 * truth + false_alarms)
    watch = watched(p, trials=20, false_alarms=false_alarms)
    bound = {int(n): rate_bound_per_day(int(n), watch) for n in np.unique(seen)}
    held = np.mean([bound[int(n)] >= per_day for n in seen])
    assert held >= 0.95 - 3 * (0.05 * 0.95 / 4000) ** 0.5


def test_the_interval_lies_around_the_plain_estimate():
    low, high = rate_interval_per_day(30, watched(0.5, days=10.0))
    assert low < 6.0 < high
    exact = stats.gamma.ppf([0.025, 0.975], 31) / 5.0
    assert (low, high) == pytest.approx(tuple(exact), rel=1e-6)


@pytest.mark.parametrize(
    "bad",
    [
        {"exposure_days": 0.0, "p_detect": 0.5},
        {"exposure_days": 1.0, "p_detect": 1.5},
        {"exposure_days": 1.0, "p_detect": float("nan")},
        {"exposure_days": inf, "p_detect": 0.5},
        {"exposure_days": 1.0, "p_detect": 0.5, "trials": 0},
        {"exposure_days": 1.0, "p_detect": 0.5, "false_per_day": -1.0},
    ],
)
def test_a_watch_nobody_can_have_kept_is_refused(bad):
    with pytest.raises(ValueError, match="not a watch"):
        Watched(**bad)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="-1 seen"):
        rate_bound_per_day(-1, watched(0.5))
    with pytest.raises(ValueError, match="level 1"):
        rate_interval_per_day(1, watched(0.5), 1.0)


def test_an_outage_is_no_lull():
    blind = change((20, 10.0), (2, 1.0))
    quiet = change((20, 10.0), (2, 10.0))
    assert blind.low_ratio < 1 < blind.high_ratio
    assert quiet.high_ratio < 1
    assert quiet.p_rose < 0.01 < blind.p_rose


def test_a_change_read_backwards_is_the_inverse():
    there, back = change((5, 2.0), (17, 3.0)), change((17, 3.0), (5, 2.0))
    assert there.middle_ratio * back.middle_ratio == pytest.approx(1)
    assert there.low_ratio * back.high_ratio == pytest.approx(1)
    assert there.p_rose + back.p_rose == pytest.approx(1)


def test_a_change_without_exposure_is_refused():
    with pytest.raises(ValueError, match="no change"):
        change((5, 0.0), (5, 1.0))


def test_a_new_rate_is_noticed_where_it_begins():
    seen = np.array([5.0, 4, 6, 5, 6, 4, 0, 0, 0, 0])
    p = breaks(seen, np.ones(10))
    assert int(np.argmax(p)) == 6
    assert p[6] > 0.3 > max(p[1:6])


def test_days_nobody_watched_begin_no_new_rate():
    seen = np.array([5.0, 4, 6, 5, 0, 0, 0, 5, 4, 6])
    days = np.array([1.0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
    assert breaks(seen, days).max() < 0.1
    assert breaks(seen, np.ones(10)).max() > 0.3


def test_breaks_refuse_what_does_not_belong_together():
    with pytest.raises(ValueError, match="differ"):
        breaks(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match="negative"):
        breaks(-np.ones(3), np.ones(3))
    assert breaks(np.ones(0), np.ones(0)).size == 0


def test_recapture_finds_the_total_and_the_chances():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        first, second = rng.random(400) < 0.6, rng.random(400) < 0.4
        found = recapture(int(first.sum()), int(second.sum()), int(sum(first & second)))
        held += found.low <= 400 <= found.high
    assert held / 300 >= 0.92
    assert found.p_first == pytest.approx(0.6, abs=0.1)
    assert found.p_second == pytest.approx(0.4, abs=0.1)


def test_recapture_refuses_more_common_acts_than_were_noticed():
    with pytest.raises(ValueError, match="cannot be common"):
        recapture(3, 5, 4)


def test_two_channels_that_saw_the_same_leave_nothing_unseen():
    found = recapture(12, 12, 12)
    assert (found.total, found.low, found.high) == (12, 12, 12)

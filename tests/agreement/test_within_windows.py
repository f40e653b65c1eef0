"""Windows whose edges, and times that are, only known to a period."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from trucewatch.agreement.terms import Window
from trucewatch.agreement.within import p_in_windows, share_in_force
from trucewatch.period import Period

ZERO = datetime(2025, 4, 19, 15, tzinfo=UTC)
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def span(first_h, last_h):
    return Period(ZERO + timedelta(hours=first_h), ZERO + timedelta(hours=last_h))


def sharp(hour):
    """An edge known to the microsecond."""
    at = ZERO + timedelta(hours=hour)
    return Period(at, at + timedelta(microseconds=1))


def window(begin_h, end_h):
    return Window(sharp(begin_h), sharp(end_h), "")


def test_no_window_is_never():
    assert p_in_windows((), span(0, 1)) == 0.0


def test_an_open_window_is_always():
    assert p_in_windows((Window(None, None, ""),), span(0, 1)) == 1.0
    assert p_in_windows((Window(sharp(-5), None, ""),), span(0, 1)) == 1.0
    assert p_in_windows((Window(None, sharp(0), ""),), span(1, 2)) == 0.0


def test_what_ends_as_the_window_opens_is_outside():
    assert p_in_windows((window(1, 2),), span(0, 1)) == 0.0
    assert p_in_windows((window(1, 2),), span(2, 3)) == pytest.approx(0, abs=1e-9)
    assert p_in_windows((window(1, 2),), span(1, 2)) == pytest.approx(1, abs=1e-9)


def test_half_a_period_in_the_window_is_a_half():
    assert p_in_windows((window(1, 9),), span(0, 2)) == pytest.approx(0.5, abs=1e-6)


def test_an_edge_known_to_a_day_is_uniform_over_it():
    opens_on_the_day = Window(span(0, 24), None, "")
    assert p_in_windows((opens_on_the_day,), span(0, 24)) == pytest.approx(0.5)
    assert p_in_windows((opens_on_the_day,), span(0, 6)) == pytest.approx(0.125)
    one_day = Window(span(0, 24), span(0, 24), "")
    assert p_in_windows((one_day,), span(0, 24)) == pytest.approx(1 / 6)


def test_windows_that_overlap_count_once():
    two = (window(0, 4), window(2, 6))
    assert p_in_windows(two, span(0, 8)) == pytest.approx(0.75, abs=1e-6)
    twice = (Window(span(0, 24), None, ""), Window(span(0, 24), None, "again"))
    assert p_in_windows(twice, span(0, 24)) == pytest.approx(0.5)


def test_share_in_force_is_the_expected_part_of_a_day():
    easter = Window(sharp(0), sharp(30), "")
    assert share_in_force((easter,), span(-9, 15)) == pytest.approx(15 / 24, abs=1e-6)


hours = st.integers(-48, 48)
periods = st.builds(
    lambda first, length: span(first, first + length), hours, st.integers(1, 48)
)
windows = st.builds(Window, st.none() | periods, st.none() | periods, st.just(""))


@QUICK
@given(st.lists(windows, max_size=4), periods)
def test_probability_is_the_mean_over_the_parts_of_a_period(some, time):
    middle = time.begin + (time.end - time.begin) / 3
    parts = Period(time.begin, middle), Period(middle, time.end)
    mean = sum(p_in_windows(tuple(some), p) * p.duration_s for p in parts)
    whole = p_in_windows(tuple(some), time)
    assert 0 <= whole <= 1
    assert whole == pytest.approx(mean / time.duration_s, abs=1e-8)


@QUICK
@given(st.lists(windows, max_size=4), windows, periods)
def test_one_more_window_never_lowers_the_probability(some, one, time):
    less, more = p_in_windows(tuple(some), time), p_in_windows((*some, one), time)
    assert less <= more + 1e-9


@QUICK
@given(st.lists(windows, max_size=3), periods, st.integers(-500, 500))
def test_a_shift_of_all_times_changes_nothing(some, time, hours_on):
    on = timedelta(hours=hours_on)

    def later(period):
        return period and Period(period.begin + on, period.end + on)

    moved = tuple(Window(later(w.begin), later(w.end), "") for w in some)
    assert p_in_windows(moved, later(time)) == p_in_windows(tuple(some), time)


@QUICK
@given(st.permutations([window(0, 5), window(3, 9), Window(span(1, 20), None, "")]))
def test_order_does_not_matter(some):
    expected = p_in_windows(tuple(sorted(some, key=repr)), span(-3, 12))
    assert p_in_windows(tuple(some), span(-3, 12)) == pytest.approx(expected, abs=1e-9)

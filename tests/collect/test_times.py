from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.observation import Rounding
from trucewatch.collect.times import moment, span

KYIV = ZoneInfo("Europe/Kyiv")
SECONDS = st.integers(315_532_800, 3_786_912_000)  # 1980 to 2090
INSTANTS = SECONDS.map(lambda s: datetime.fromtimestamp(s, UTC))


@given(when=INSTANTS, hours=st.integers(-12, 14))
def test_an_offset_changes_the_writing_and_not_the_moment(when, hours):
    local = (when + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S")
    period, rounding = moment(f"{local}{hours:+03d}:00", None)
    assert period.begin == when
    assert period.duration_s == 1
    assert rounding is Rounding.SECOND


@given(when=INSTANTS)
def test_a_local_date_holds_every_moment_of_its_day(when):
    local = when.astimezone(KYIV)
    period, rounding = moment(local.strftime("%Y-%m-%d"), KYIV)
    assert period.contains(when)
    assert rounding is Rounding.DAY
    assert 23 * 3600 <= period.duration_s <= 25 * 3600


@given(when=INSTANTS)
def test_a_local_minute_holds_the_moment_it_was_written_for(when):
    local = when.astimezone(KYIV)
    period, _ = moment(local.strftime("%Y-%m-%d %H:%M"), KYIV)
    assert period.contains(when)


def test_the_hour_the_clocks_showed_twice_is_two_hours_wide():
    period, _ = moment("2025-10-26 03:30", KYIV)
    assert period.duration_s == 3600 + 60


def test_the_hour_the_clocks_skipped_is_refused():
    with pytest.raises(ValueError, match="skipped"):
        moment("2025-03-30 03:30", KYIV)


def test_the_day_the_clocks_changed_is_shorter_or_longer():
    assert moment("2025-03-30", KYIV)[0].duration_s == 23 * 3600
    assert moment("2025-10-26", KYIV)[0].duration_s == 25 * 3600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-13-01",
        "2025-02-30",
        "20.04.2025",
        "2025-04-20T24:00Z",
        "2025-04-20T10:00:61Z",
        "2025-04-20T10:00+19:00",
        "2025-W16-7",
        "٢٠٢٥-04-20x",
        "2025-04-20T10:00Z and later",
    ],
)
def test_what_is_no_time_is_refused_with_the_text(text):
    with pytest.raises(ValueError, match="not a time|no offset"):
        moment(text, UTC)


@pytest.mark.parametrize("text", ["2025-04-20", "2025-04-20 10:00"])
def test_a_time_without_a_zone_needs_the_option(text):
    with pytest.raises(ValueError, match="option zone"):
        moment(text, None)


def test_a_span_from_clock_to_clock_ends_at_the_second_clock():
    period, rounding = span("2025-04-20 18:30", "2025-04-21 08:00", UTC)
    assert period.duration_s == 13.5 * 3600
    assert rounding is Rounding.MINUTE


def test_a_span_of_dates_holds_its_last_day():
    period, rounding = span("2025-04-20", "2025-04-21", UTC)
    assert period.duration_s == 2 * 86400
    assert rounding is Rounding.DAY


def test_a_span_from_a_date_to_a_clock_starts_with_that_day():
    period, rounding = span("2025-04-20", "2025-04-21 08:00", UTC)
    assert period.duration_s == 32 * 3600
    assert rounding is Rounding.DAY


def test_a_span_that_ends_where_it_begins_is_as_long_as_its_clock_ticks():
    assert span("2025-04-20 18:30", "2025-04-20 18:30", UTC)[0].duration_s == 60
    assert span("2025-04-20", "2025-04-20", UTC)[0].duration_s == 86400
    assert span("2025-04-20 18:30", "", UTC)[0].duration_s == 60


def test_a_span_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="before the beginning"):
        span("2025-04-21", "2025-04-20", UTC)

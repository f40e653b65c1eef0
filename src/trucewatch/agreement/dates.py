"""Windows and durations as they are written, read into periods and seconds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trucewatch.agreement.problem import TermError
from trucewatch.agreement.terms import Window
from trucewatch.period import Period

RESOLUTION = timedelta(seconds=1)  # an instant in words is known to its second
OPEN = ".."

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_MAX_DIGITS = 6
_YEARS = range(1900, 2200)
_ADVICE = (
    "write BEGIN/END with each an instant with its zone (2025-04-19T15:00Z), a date,"
    " a range of dates (2026-01-25..2026-01-30) or `..` for an open end;"
    " END may be a duration (P7D)"
)


def read_window(text: str, zone: ZoneInfo, stated: str = "") -> Window:
    """The half-open window a text such as ``2025-03-18/P30D`` stands for.

    A bare date is an edge known only to that day in ``zone``; a range of dates is
    an edge known only to lie in it. ``..`` is an edge that was never set.

    Raises:
        TermError: if the text is no window, or it ends before it begins.

    Source: ISO 8601-1:2019 §5.5 (intervals), ISO 8601-2:2019 §4 (open ends, ranges).
    """
    begin_text, slash, end_text = (part.strip() for part in text.partition("/"))
    if not slash or not begin_text or not end_text:
        wrong = f"`{text}` is not a window"
        raise TermError(wrong, _ADVICE)
    begin = _edge(begin_text, zone)
    end: Period | None
    if end_text.startswith("P"):
        end = _moved(begin, begin_text, read_duration_s(end_text), zone)
    else:
        end = _edge(end_text, zone)
    if begin and end and end.begin <= begin.begin and end.end <= begin.end:
        wrong = f"the window `{text}` ends before it begins or when it begins"
        raise TermError(wrong, "the end must be later; give times if it is one day")
    return Window(begin=begin, end=end, stated=stated)


def read_duration_s(text: str) -> float:
    """Seconds of an ISO 8601 duration; a day has 24 hours.

    Raises:
        TermError: if the text is no duration of fixed length, or it is too long.
    """
    found = _DURATION.fullmatch(text.strip())
    parts = {k: v for k, v in found.groupdict().items() if v} if found else {}
    if not parts or text.endswith("T"):
        right = "write it as PT2H, P7D or P1DT12H; months and years vary in length"
        wrong = f"`{text}` is not a duration"
        raise TermError(wrong, right)
    if any(len(number) > _MAX_DIGITS for number in parts.values()):
        wrong = f"the duration `{text}` is too long"
        raise TermError(wrong, "give fewer digits")
    return timedelta(**{name: int(n) for name, n in parts.items()}).total_seconds()


def read_instant(text: str) -> datetime:
    """An instant in UTC.

    Raises:
        TermError: if the text is no instant, or names no zone.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        wrong = f"`{text}` is not an instant"
        raise TermError(wrong, _ADVICE) from error
    _check_year(found, text)
    if found.utcoffset() is None:
        wrong = f"`{text}` names no time zone"
        right = f"write {text}Z for UTC or add the offset, as in {text}+03:00"
        raise TermError(wrong, right)
    return found.astimezone(UTC)


def _edge(text: str, zone: ZoneInfo) -> Period | None:
    if text == OPEN:
        return None
    first, dots, last = text.partition("..")
    if dots:
        return _days(_date(first), _date(last), zone)
    if "T" in text or " " in text:
        instant = read_instant(text)
        return Period(instant, instant + RESOLUTION)
    return _days(_date(text), _date(text), zone)


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        wrong = f"`{text}` is not a date"
        raise TermError(wrong, _ADVICE) from error
    _check_year(found, text)
    return found


def _check_year(found: date, text: str) -> None:
    if found.year not in _YEARS:
        wrong = f"`{text}` lies outside {_YEARS.start} to {_YEARS.stop}"
        raise TermError(wrong, "give a date a truce can have")


def _days(first: date, last: date, zone: ZoneInfo) -> Period:
    if last < first:
        wrong = f"the range of dates {first}..{last} runs backwards"
        raise TermError(wrong, f"write {last}..{first}")
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return Period(begin.astimezone(UTC), end.astimezone(UTC))


def _moved(
    begin: Period | None, begin_text: str, by_s: float, zone: ZoneInfo
) -> Period:
    """The edge a duration after another; whole days keep to the local calendar.

    Raises:
        TermError: if there is no edge to begin from, or none it could reach.
    """
    if begin is None:
        wrong = "a duration cannot follow an open beginning"
        raise TermError(wrong, "give the beginning, or the end as a date")
    try:
        shift = timedelta(seconds=by_s)
        if "T" in begin_text or shift % timedelta(days=1):
            return Period(begin.begin + shift, begin.end + shift)
        first, _, last = begin_text.partition("..")
        return _days(_date(first) + shift, _date(last or first) + shift, zone)
    except OverflowError as error:
        wrong = "the window ends outside the calendar"
        raise TermError(wrong, "give a shorter duration") from error

"""Times as sources write them, as periods with the depth they were given to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from trucewatch.collect.cells import shown
from trucewatch.collect.observation import Rounding
from trucewatch.period import Period

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
MIDNIGHT = ("00:00", "00:00:00")
_DEPTHS = {
    Rounding.SECOND: timedelta(seconds=1),
    Rounding.MINUTE: timedelta(minutes=1),
    Rounding.DAY: timedelta(days=1),
}


def moment(text: str, zone: tzinfo | None) -> tuple[Period, Rounding]:
    """When a written time was, and to what depth it was given.

    A date alone is the whole local day, 23 to 25 hours long. A local time that the
    clocks showed twice is the period from its first to its last moment.

    Args:
        text: ISO 8601 date, or date and time, with or without an offset.
        zone: of times that carry no offset; ``None`` refuses them.

    Raises:
        ValueError: if it is no such time, or has no zone, or the clocks skipped it.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        msg = f"{shown(text)} is not a time such as 2025-04-20T18:00Z"
        raise ValueError(msg)
    try:
        year, month, day, hour, minute, second = (
            int(n or 0) for n in match.groups()[:6]
        )
        naive = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        msg = f"{shown(text)} is not a time: {error}"
        raise ValueError(msg) from error
    if match[4] is None:
        rounding = Rounding.DAY
    else:
        rounding = Rounding.MINUTE if match[6] is None else Rounding.SECOND
    if match[7]:
        begin = naive - _offset(match[7])
        return Period(begin, begin + _DEPTHS[rounding]), rounding
    if zone is None:
        msg = f"{shown(text)} has no time zone; name one in option zone"
        raise ValueError(msg)
    return _local(naive, rounding, zone), rounding


def printed_at(text: str, zone: tzinfo | None) -> tuple[Period, Rounding]:
    """When something was printed, as tables of reports and posts write it.

    Midnight is a date, written by a program that had no time to write; seconds that
    are 0 were given by nobody.

    Raises:
        ValueError: as ``moment`` does.
    """
    day, _, clock = text.strip().replace("T", " ").partition(" ")
    if clock in MIDNIGHT:
        return moment(day, zone)
    if re.fullmatch(r"\d\d?:\d\d:00", clock):
        text = text.strip().removesuffix(":00")
    return moment(text, zone)


def instant(text: str, zone: tzinfo | None) -> datetime:
    """The beginning of a written time.

    Raises:
        ValueError: as ``moment`` does.
    """
    return moment(text, zone)[0].begin


def span(begin: str, end: str, zone: tzinfo | None) -> tuple[Period, Rounding]:
    """From the beginning of one written time to the end of another.

    Where the end is a time of the clock, it is itself the (excluded) end; where it is
    a date, that day belongs to the period. An empty end leaves the first time alone.

    Raises:
        ValueError: as ``moment`` does, or if the end lies before the beginning.
    """
    first, first_depth = moment(begin, zone)
    if not end.strip():
        return first, first_depth
    last, last_depth = moment(end, zone)
    stop = last.end if last_depth is Rounding.DAY else last.begin
    coarser = Rounding.DAY in (first_depth, last_depth)
    depth = Rounding.DAY if coarser else max(first_depth, last_depth, key=_length)
    if first.begin == last.begin:
        return first if first_depth is depth else last, depth
    if stop <= first.begin:
        msg = f"the end {shown(end)} lies before the beginning {shown(begin)}"
        raise ValueError(msg)
    return Period(first.begin, stop), depth


def _length(depth: Rounding) -> timedelta:
    return _DEPTHS[depth]


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        msg = f"{text} is no offset from UTC"
        raise ValueError(msg)
    return sign * timedelta(hours=hours, minutes=minutes)


def _local(naive: datetime, rounding: Rounding, zone: tzinfo) -> Period:
    wall = naive.replace(tzinfo=zone)
    if rounding is Rounding.DAY:
        tomorrow = (naive + timedelta(days=1)).replace(tzinfo=zone)
        return Period(wall.astimezone(UTC), tomorrow.astimezone(UTC))
    first, last = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > last:
        msg = f"the clocks of {zone} skipped {wall:%Y-%m-%d %H:%M}"
        raise ValueError(msg)
    return Period(first, last + _DEPTHS[rounding])

"""Periods reckoned from the parts of a named time, and the clock they are reckoned by.

Conventions, stated because words are vague: a night lasts from 21:00 to 07:00, "about
10.00" is a quarter of an hour either way, a day without a year lies nearest to the
publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trucewatch.collect.claim import Rounding
from trucewatch.collect.prose.rules import Rules
from trucewatch.period import Period

NIGHT = (time(21), time(7))
ABOUT = timedelta(minutes=15)
PARTS_OF_DAY = {"morning": time(6), "noon": time(12), "evening": time(18)}
PARTS_OF_MONTH = {"begin": (1, 11), "middle": (11, 21), "end": (21, 32)}


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative times are relative to.

    Attributes:
        published: when the words were made known.
        zone: of the speaker's days and hours.
        stated: somebody says when that was; else nothing is reckoned from it.
    """

    published: Period
    zone: ZoneInfo
    stated: bool = True

    @property
    def reckoned(self) -> Period:
        """The publication, to reckon from.

        Raises:
            LookupError: if nobody says when that was.
        """
        if not self.stated:
            msg = "nobody says when it was published"
            raise LookupError(msg)
        return self.published

    @property
    def today(self) -> date:
        """The local day of publication.

        Raises:
            LookupError: if nobody says when that was.
        """
        return self.reckoned.begin.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """A local time of day, in UTC."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def days(self, first: date, after: date) -> Period:
        """From the beginning of one local day to the beginning of another."""
        return Period(self.at(first, time()), self.at(after, time()))

    def day(self, day: date) -> Period:
        """One local day."""
        return self.days(day, day + timedelta(days=1))

    def moment(self, day: date, hour: int, minute: int) -> datetime:
        """An hour of a local day, in UTC; 24.00 is the end of it.

        Raises:
            ValueError: if there is no such hour.
        """
        if (hour, minute) == (24, 0):
            return self.at(day + timedelta(days=1), time())
        return self.at(day, time(hour, minute))


Made = tuple[Period, Rounding]
Maker = Callable[[re.Match[str], Clock, Rules], Made]


def _month_number(word: str, r: Rules) -> int:
    low = word.lower().rstrip(".")
    forms = (n for n, form in enumerate(r.months, 1) if re.fullmatch(form, low))
    return next(forms)


def _day_of(
    match: re.Match[str], clock: Clock, r: Rules, suffix: str = ""
) -> date | None:
    """The day a date names; one without a year lies nearest to the publication."""
    groups = match.groupdict()
    number, word = groups.get(f"day{suffix}"), groups.get(f"month{suffix}")
    if not (number and word):
        return None
    written = groups.get("year") or groups.get("year2")
    return _nearest(int(number), _month_number(word, r), written, clock)


def _nearest(day: int, month: int, year: str | None, clock: Clock) -> date:
    if year:
        return date(int(year), month, day)
    today = clock.today
    near = []
    for candidate in (today.year - 1, today.year, today.year + 1):
        if (month, day) != (2, 29) or candidate % 4 == 0:
            near.append(date(candidate, month, day))
    return min(near, key=lambda d: (abs((d - today).days), d))


def hours(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """From one hour to another.

    Raises:
        ValueError: if there is no such day or hour.
    """
    h1, m1, h2, m2 = (int(match[name]) for name in ("h1", "m1", "h2", "m2"))
    first, last = _day_of(match, clock, r), _day_of(match, clock, r, "2")
    if last is None:
        last = first or clock.today
        end = clock.moment(last, h2, m2)
        if first is None and end > clock.reckoned.end:  # it had ended by then
            last -= timedelta(days=1)
    end = clock.moment(last, h2, m2)
    begin = clock.moment(first or last, h1, m1)
    if first is None and begin >= end:
        begin = clock.moment(last - timedelta(days=1), h1, m1)
    return Period(begin, end), Rounding.MINUTE


def days(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """From one day to another, both included.

    Raises:
        ValueError: if there is no such day or hour.
    """
    last = _day_of(match, clock, r, "2")
    month = match.groupdict().get("month") or match["month2"]
    if last is None:
        raise ValueError
    number = _month_number(month, r)
    year = last.year - (number > last.month)
    first = date(year, number, int(match["day"]))
    return clock.days(first, last + timedelta(days=1)), Rounding.DAY


def for_days(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """So many days from a day on.

    Raises:
        ValueError: if there is no such day or hour.
    """
    first = _day_of(match, clock, r)
    if first is None:
        raise ValueError
    return clock.days(first, first + timedelta(days=int(match["n"]))), Rounding.DAY


def since(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """From a day up to the publication, or that day where it lies ahead.

    Raises:
        ValueError: if there is no such day or hour.
    """
    first = _day_of(match, clock, r)
    if first is None:
        raise ValueError
    part = match.groupdict().get("part")
    evening = part in ("вечера", "вечора")
    hour = PARTS_OF_DAY["evening" if evening else "morning"] if part else time()
    begin = clock.at(first, hour)
    if begin >= clock.reckoned.begin:  # it lies ahead: a day, not "until now"
        return clock.day(first), Rounding.DAY
    return Period(begin, clock.reckoned.begin), Rounding.DAY


def hour(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """A minute, or a quarter of an hour about it.

    Raises:
        ValueError: if there is no such day or hour.
    """
    day = _day_of(match, clock, r)
    hour, minute = int(match["h1"]), int(match["m1"])
    instant = clock.moment(day or clock.today, hour, minute)
    if day is None and instant > clock.reckoned.end + ABOUT:
        instant = clock.moment(clock.today - timedelta(days=1), hour, minute)
    if match["about"]:
        return Period(instant - ABOUT, instant + ABOUT), Rounding.HOUR
    return Period(instant, instant + timedelta(minutes=1)), Rounding.MINUTE


def dated(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """A day.

    Raises:
        ValueError: if there is no such day or hour.
    """
    day = _day_of(match, clock, r)
    if day is None:
        raise ValueError
    return clock.day(day), Rounding.DAY


def night_before(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """The night that ends in the morning of a day."""
    day = dated(match, clock, r)[0].begin.astimezone(clock.zone).date()
    begin = clock.at(day - timedelta(days=1), NIGHT[0])
    return Period(begin, clock.at(day, NIGHT[1])), Rounding.HOUR


def numeric(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """A day in digits.

    Raises:
        ValueError: if there is no such day or hour.
    """
    day = date(int(match["year"]), int(match["mm"]), int(match["day"]))
    return clock.day(day), Rounding.DAY


def month_of(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """A month, or its beginning, middle or end.

    Raises:
        ValueError: if there is no such day or hour.
    """
    groups = match.groupdict()
    month = _month_number(match["month"], r)
    if groups.get("year"):
        year = int(match["year"])
    elif groups.get("this"):
        year = clock.today.year
    else:
        year = _nearest(15, month, None, clock).year
    first, after = _share(groups.get("share") or "")
    begin = date(year, month, first)
    following = date(year + month // 12, month % 12 + 1, 1)
    end = following if after > 31 else date(year, month, after)
    return clock.days(begin, end), Rounding.MONTH


def _share(words: str) -> tuple[int, int]:
    low = words.lower()
    if re.search(r"нач|поч|start|beg|early", low):
        return PARTS_OF_MONTH["begin"]
    if re.search(r"серед|mid", low):
        return PARTS_OF_MONTH["middle"]
    return PARTS_OF_MONTH["end"] if low else (1, 32)


def weekday_of(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """The last such day up to the publication, or the next where the words look on."""
    word = match["weekday"].lower()
    number = next(n for n, f in enumerate(r.weekdays) if re.fullmatch(f, word))
    back = (clock.today.weekday() - number) % 7
    day = clock.today - timedelta(days=back)
    around = match.string[max(0, match.start() - 120) : match.end() + 80]
    ahead = re.compile(rf"\b(?:{'|'.join(r.future)})\b", re.IGNORECASE)
    if (
        back
        and ahead.search(around)
        and r.order == "slavic"
        or back
        and re.search(rf"\b(?:next|upcoming)\s{re.escape(match[0])}", around)
    ):
        day += timedelta(days=7)
    return clock.day(day), Rounding.DAY


def relative(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """Yesterday, today, tomorrow, last night, the day up to the publication.

    Raises:
        ValueError: if there is no such day or hour.
    """
    one = timedelta(days=1)
    match match.lastgroup:
        case "yesterday":
            return clock.day(clock.today - one), Rounding.DAY
        case "today":
            return clock.day(clock.today), Rounding.DAY
        case "tomorrow":
            return clock.day(clock.today + one), Rounding.DAY
        case "past_day":
            published = clock.reckoned.begin
            return Period(published - one, published), Rounding.DAY
    begin = clock.at(clock.today - one, NIGHT[0])
    return Period(begin, clock.at(clock.today, NIGHT[1])), Rounding.HOUR


def year_of(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """A year.

    Raises:
        ValueError: if there is no such day or hour.
    """
    year = int(match["year"])
    return clock.days(date(year, 1, 1), date(year + 1, 1, 1)), Rounding.UNKNOWN

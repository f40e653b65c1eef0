"""Times that words speak of, as periods with the depth they were given to.

Written for spans of text and for depth: a library that reads dates gives instants, and
"on Monday" would become midnight. Conventions of this module, stated because words are
vague: a night lasts from 21:00 to 07:00, "about 10.00" is a quarter of an hour either
way, a day without a year lies nearest to the publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from trucewatch.collect.claim import Rounding
from trucewatch.collect.prose.rules import Rules, rules
from trucewatch.period import Period

NIGHT = (time(21), time(7))
ABOUT = timedelta(minutes=15)
PARTS_OF_DAY = {"morning": time(6), "noon": time(12), "evening": time(18)}
PARTS_OF_MONTH = {"begin": (1, 11), "middle": (11, 21), "end": (21, 32)}

_MOSCOW = re.compile(r"мск|московск|moscow time|MSK", re.IGNORECASE)
_KYIV = re.compile(r"за ки[єе]вом|по киеву|київськ\w+ час|kyiv time", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """A time named at characters ``[begin, end)``."""

    begin: int
    end: int
    period: Period
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative times are relative to.

    Attributes:
        published: when the words were made known.
        zone: of the speaker's days and hours.
    """

    published: Period
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day of publication."""
        return self.published.begin.astimezone(self.zone).date()

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


def times(text: str, begin: int, end: int, clock: Clock, rules_: Rules) -> list[When]:
    """Every time named in ``[begin, end)``, in order; the longest reading of each."""
    found: list[When] = []
    for pattern, make in _forms(rules_.language):
        for match in pattern.finditer(text, begin, end):
            if any(w.begin < match.end() and match.start() < w.end for w in found):
                continue
            zone = _zone_in(match[0]) or clock.zone
            try:
                period, depth = make(match, Clock(clock.published, zone), rules_)
            except (ValueError, OverflowError):
                continue  # 31 February, 25:00: no time is better than a wrong one
            counted = "n" in pattern.groupindex  # "for 30 days": 30 is a number too
            stop = match.start("n") if counted else match.end()
            found.append(When(match.start(), stop, period, depth))
    return _finest(sorted(found, key=lambda w: w.begin))


def _finest(found: list[When]) -> list[When]:
    """Without the coarser of two readings that stand side by side for one time."""
    kept: list[When] = []
    for one in found:
        before = kept[-1] if kept else None
        if (
            before
            and one.begin - before.end <= 3
            and one.period.overlaps(before.period)
        ):
            if one.period.duration_s < before.period.duration_s:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _zone_in(words: str) -> ZoneInfo | None:
    if _MOSCOW.search(words):
        return ZoneInfo("Europe/Moscow")
    return ZoneInfo("Europe/Kyiv") if _KYIV.search(words) else None


@cache
def _forms(language: str) -> tuple[tuple[re.Pattern[str], Maker], ...]:
    """Patterns of a language, the most telling first."""
    return tuple(
        (re.compile(form, re.IGNORECASE), make)
        for form, make in _written(rules(language))
    )


_YEAR = r"(?P<year>(?:19|20)\d\d)(?: ?(?:г(?:ода|оду)?\b\.?|р(?:оку|ік)?\b\.?))?"
_ZONE = r"(?:\s?(?:мск|MSK|за Києвом|по Киеву|(?:по )?московск\w+ времен\w+|UTC|GMT))?"
_HOUR, _HOUR2 = (rf"(?P<h{n}>\d{{1,2}})[.:](?P<m{n}>\d\d)" for n in (1, 2))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|-го|er)?"
_DAY2 = _DAY.replace("<day>", "<day2>")
_TO = r"(?:до|по|to|until|till|and|à|au|-|–)"
_START = r"(?:(?:в|у) пер[иі]од )?(?:с|з|із|from|between|de|du|entre)"
_PART = r"(?P<part>утра|ранку|morning|вечера|вечора)"
_THIS = r"(?P<this>этого года|цього року|this year|cette année)"
_SHARE = (
    r"(?P<share>в начале|в середине|в конце|на початку|у середині|в середині|"
    r"наприкінці|в кінці|"
    r"(?:at the |in |by the )?(?:start|beginning|early|middle|mid|end|late)"
    r"(?: of)?)"
)
_ABOUT = r"(?P<about>около|приблизно|близько|примерно|about|around|vers)?"
_SINCE = r"(?:начиная с|починаючи з|since|з|с|depuis le)"


def _written(r: Rules) -> Iterator[tuple[str, Maker]]:
    """Forms with hours, then days, then what is vaguer."""
    month = rf"(?P<month>{'|'.join(r.months)})\b\.?"
    weekday = rf"(?P<weekday>{'|'.join(r.weekdays)})\b"
    yield from _with_hours(month)
    yield from _with_days(month, weekday)
    yield from _vague(month, weekday, r)


def _with_hours(month: str) -> Iterator[tuple[str, Maker]]:
    month2 = month.replace("<month>", "<month2>")
    dated = rf"(?:\s{_DAY}\s{month}(?:\s{_YEAR})?)?"
    year2 = _YEAR.replace("<year>", "<year2>")
    dated2 = rf"(?:\s{_DAY2}\s{month2}(?:\s{year2})?)?"
    begin = rf"\b{_START}\s{_HOUR}{_ZONE}{dated}"
    yield rf"{begin}\s{_TO}\s{_HOUR2}{_ZONE}{dated2}", _hours


def _with_days(month: str, weekday: str) -> Iterator[tuple[str, Maker]]:
    month2 = month.replace("<month>", "<month2>")
    dated = rf"{_DAY}\s{month}(?:\s{_YEAR})?"
    first = rf"\b{_START}\s{_DAY}(?:\s{month})?"
    yield rf"{first}\s{_TO}\s{_DAY2}\s{month2}(?:\s{_YEAR})?", _days
    yield rf"(?<![\d.,])\b{_DAY}\s?[-–—]\s?{_DAY2}\s{month2}(?:\s{_YEAR})?", _days
    length = r"\s(?:на|for)\s(?P<n>\d+)\s(?:дн|day)\w*"
    yield rf"\b(?:с|з|from)\s{dated}{length}", _for_days
    yield rf"\b(?:с|з|since)\s{_PART}\s(?:{weekday},?\s)?{dated}", _since
    yield rf"\b{_SINCE}\s{dated}", _since
    night = r"(?:в ночь на|у ніч на|ночью|вночі|уночі|night (?:of|to)|nuit du)"
    yield rf"\b{night}\s(?:the )?{dated}", _night_before
    at = r"(?:(?:в|о|об|at|à)\s)?"
    named = r"(?=\s*(?:мск|MSK|за|по)|\b(?!\s*%))"
    clock = rf"{_HOUR}(?:{_ZONE}){named}(?:\s{_DAY}\s{month})?(?![.:]?\d)"
    then = rf"{_HOUR}(?:{_ZONE}){named}(?![.:]?\d)"
    yield rf"\b{dated},?\s{_ABOUT}\s?{at}{then}", _hour
    yield rf"\b{_ABOUT}\s?{at}{clock}", _hour
    lead = rf"\b(?:{weekday},?\s)?"
    yield rf"{lead}(?:on\s|le\s)?{_DAY}\s{month},?(?:\s{_YEAR})?", _date
    yield rf"{lead}{month}\s{_DAY}(?:,?\s{_YEAR})?\b", _date
    written = r"(?P<year>(?:19|20)\d\d)"
    yield rf"\b(?P<day>\d{{1,2}})\.(?P<mm>\d\d)\.{written}\b", _numeric
    yield rf"\b{written}-(?P<mm>\d\d)-(?P<day>\d\d)\b", _numeric


def _vague(month: str, weekday: str, r: Rules) -> Iterator[tuple[str, Maker]]:
    yield rf"\b{_SHARE}[\s-]{month}(?:\s(?:{_YEAR}|{_THIS}))?", _month
    of_year = rf"(?:\s(?:of\s)?(?:{_YEAR}|{_THIS}))?"
    yield rf"\b(?:в|у|in|en)\s{month}{of_year}(?!\s\d)", _month
    yield rf"\b{month},?\s{_YEAR}", _month
    yield rf"\b(?:(?:в|у|во|on|by|ce|le)\s)?{weekday}(?:'s)?", _weekday
    for name, forms in r.relative.items():
        yield rf"\b(?P<{name}>{'|'.join(forms)})(?!\w)", _relative
    written = r"(?P<year>(?:19|20)\d\d)"
    yield rf"\b(?:in|since|by|en|depuis)\s{written}\b(?!\s\w+s\b)", _year
    named = r"(?:-?(?:м|го))?\s(?:год[уа]|році|року|г\.|р\.)"
    yield rf"\b(?:в|у|с|з)\s{written}{named}", _year


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


def _hours(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    h1, m1, h2, m2 = (int(match[name]) for name in ("h1", "m1", "h2", "m2"))
    first, last = _day_of(match, clock, r), _day_of(match, clock, r, "2")
    if last is None:
        last = first or clock.today
        end = clock.moment(last, h2, m2)
        if first is None and end > clock.published.end:  # it had ended by then
            last -= timedelta(days=1)
    end = clock.moment(last, h2, m2)
    begin = clock.moment(first or last, h1, m1)
    if first is None and begin >= end:
        begin = clock.moment(last - timedelta(days=1), h1, m1)
    return Period(begin, end), Rounding.MINUTE


def _days(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    last = _day_of(match, clock, r, "2")
    month = match.groupdict().get("month") or match["month2"]
    if last is None:
        raise ValueError
    number = _month_number(month, r)
    year = last.year - (number > last.month)
    first = date(year, number, int(match["day"]))
    return clock.days(first, last + timedelta(days=1)), Rounding.DAY


def _for_days(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    first = _day_of(match, clock, r)
    if first is None:
        raise ValueError
    return clock.days(first, first + timedelta(days=int(match["n"]))), Rounding.DAY


def _since(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    first = _day_of(match, clock, r)
    if first is None:
        raise ValueError
    part = match.groupdict().get("part")
    evening = part in ("вечера", "вечора")
    hour = PARTS_OF_DAY["evening" if evening else "morning"] if part else time()
    begin = clock.at(first, hour)
    if begin >= clock.published.begin:  # it lies ahead: a day, not "until now"
        return clock.day(first), Rounding.DAY
    return Period(begin, clock.published.begin), Rounding.DAY


def _hour(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    day = _day_of(match, clock, r)
    hour, minute = int(match["h1"]), int(match["m1"])
    instant = clock.moment(day or clock.today, hour, minute)
    if day is None and instant > clock.published.end + ABOUT:
        instant = clock.moment(clock.today - timedelta(days=1), hour, minute)
    if match["about"]:
        return Period(instant - ABOUT, instant + ABOUT), Rounding.HOUR
    return Period(instant, instant + timedelta(minutes=1)), Rounding.MINUTE


def _date(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    day = _day_of(match, clock, r)
    if day is None:
        raise ValueError
    return clock.day(day), Rounding.DAY


def _night_before(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    """The night that ends in the morning of a day."""
    day = _date(match, clock, r)[0].begin.astimezone(clock.zone).date()
    begin = clock.at(day - timedelta(days=1), NIGHT[0])
    return Period(begin, clock.at(day, NIGHT[1])), Rounding.HOUR


def _numeric(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    day = date(int(match["year"]), int(match["mm"]), int(match["day"]))
    return clock.day(day), Rounding.DAY


def _month(match: re.Match[str], clock: Clock, r: Rules) -> Made:
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


def _weekday(match: re.Match[str], clock: Clock, r: Rules) -> Made:
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


def _relative(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    one = timedelta(days=1)
    match match.lastgroup:
        case "yesterday":
            return clock.day(clock.today - one), Rounding.DAY
        case "today":
            return clock.day(clock.today), Rounding.DAY
        case "tomorrow":
            return clock.day(clock.today + one), Rounding.DAY
        case "past_day":
            published = clock.published.begin
            return Period(published - one, published), Rounding.DAY
    begin = clock.at(clock.today - one, NIGHT[0])
    return Period(begin, clock.at(clock.today, NIGHT[1])), Rounding.HOUR


def _year(match: re.Match[str], clock: Clock, r: Rules) -> Made:
    year = int(match["year"])
    return clock.days(date(year, 1, 1), date(year + 1, 1, 1)), Rounding.UNKNOWN

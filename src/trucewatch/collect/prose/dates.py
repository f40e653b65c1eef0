"""Times that words speak of, as periods with the depth they were given to.

Written for spans of text and for depth: a library that reads dates gives instants, and
"on Monday" would become midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo

from trucewatch.collect.claim import Rounding
from trucewatch.collect.prose import reckoning
from trucewatch.collect.prose.reckoning import Clock, Maker
from trucewatch.collect.prose.rules import Rules, rules
from trucewatch.period import Period

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
class Open:
    """A time named at ``[begin, end)`` that nobody can place: "on Tuesday", of when?"""

    begin: int
    end: int
    rounding: Rounding = Rounding.DAY


def times(text: str, begin: int, end: int, clock: Clock, rules_: Rules) -> list[When]:
    """Every time named in ``[begin, end)``, in order; the longest reading of each."""
    found = _named(text, (begin, end), clock, rules_)
    return _finest([one for one in found if isinstance(one, When)])


def open_times(
    text: str, begin: int, end: int, clock: Clock, rules_: Rules
) -> list[Open]:
    """Times in ``[begin, end)`` left open: nobody says what they are relative to."""
    if clock.stated:
        return []
    found = _named(text, (begin, end), clock, rules_)
    return [one for one in found if isinstance(one, Open)]


def weekday_in(words: str, language: str) -> int | None:
    """The day of the week some words name, from 0 for Monday; ``None`` for none."""
    named = enumerate(rules(language).weekdays)
    found = (n for n, form in named if re.search(rf"\b(?:{form})\b", words, re.I))
    return next(found, None)


def _named(
    text: str, where: tuple[int, int], clock: Clock, rules_: Rules
) -> list[When | Open]:
    found: list[When | Open] = []
    for pattern, make in _forms(rules_.language):
        for match in pattern.finditer(text, *where):
            if any(w.begin < match.end() and match.start() < w.end for w in found):
                continue
            zone = _zone_in(match[0]) or clock.zone
            counted = "n" in pattern.groupindex  # "for 30 days": 30 is a number too
            stop = match.start("n") if counted else match.end()
            try:
                period, depth = make(match, replace(clock, zone=zone), rules_)
            except LookupError:
                found.append(Open(match.start(), stop))
                continue
            except (ValueError, OverflowError):
                continue  # 31 February, 25:00: no time is better than a wrong one
            found.append(When(match.start(), stop, period, depth))
    return sorted(found, key=lambda w: w.begin)


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
    yield rf"{begin}\s{_TO}\s{_HOUR2}{_ZONE}{dated2}", reckoning.hours


def _with_days(month: str, weekday: str) -> Iterator[tuple[str, Maker]]:
    month2 = month.replace("<month>", "<month2>")
    dated = rf"{_DAY}\s{month}(?:\s{_YEAR})?"
    first = rf"\b{_START}\s{_DAY}(?:\s{month})?"
    yield rf"{first}\s{_TO}\s{_DAY2}\s{month2}(?:\s{_YEAR})?", reckoning.days
    yield (
        rf"(?<![\d.,])\b{_DAY}\s?[-–—]\s?{_DAY2}\s{month2}(?:\s{_YEAR})?",
        reckoning.days,
    )
    length = r"\s(?:на|for)\s(?P<n>\d+)\s(?:дн|day)\w*"
    yield rf"\b(?:с|з|from)\s{dated}{length}", reckoning.for_days
    yield rf"\b(?:с|з|since)\s{_PART}\s(?:{weekday},?\s)?{dated}", reckoning.since
    yield rf"\b{_SINCE}\s{dated}", reckoning.since
    night = r"(?:в ночь на|у ніч на|ночью|вночі|уночі|night (?:of|to)|nuit du)"
    yield rf"\b{night}\s(?:the )?{dated}", reckoning.night_before
    at = r"(?:(?:в|о|об|at|à)\s)?"
    named = r"(?=\s*(?:мск|MSK|за|по)|\b(?!\s*%))"
    clock = rf"{_HOUR}(?:{_ZONE}){named}(?:\s{_DAY}\s{month})?(?![.:]?\d)"
    then = rf"{_HOUR}(?:{_ZONE}){named}(?![.:]?\d)"
    yield rf"\b{dated},?\s{_ABOUT}\s?{at}{then}", reckoning.hour
    yield rf"\b{_ABOUT}\s?{at}{clock}", reckoning.hour
    lead = rf"\b(?:{weekday},?\s)?"
    yield rf"{lead}(?:on\s|le\s)?{_DAY}\s{month},?(?:\s{_YEAR})?", reckoning.dated
    yield rf"{lead}{month}\s{_DAY}(?:,?\s{_YEAR})?\b", reckoning.dated
    written = r"(?P<year>(?:19|20)\d\d)"
    yield rf"\b(?P<day>\d{{1,2}})\.(?P<mm>\d\d)\.{written}\b", reckoning.numeric
    yield rf"\b{written}-(?P<mm>\d\d)-(?P<day>\d\d)\b", reckoning.numeric


def _vague(month: str, weekday: str, r: Rules) -> Iterator[tuple[str, Maker]]:
    yield rf"\b{_SHARE}[\s-]{month}(?:\s(?:{_YEAR}|{_THIS}))?", reckoning.month_of
    of_year = rf"(?:\s(?:of\s)?(?:{_YEAR}|{_THIS}))?"
    yield rf"\b(?:в|у|in|en)\s{month}{of_year}(?!\s\d)", reckoning.month_of
    yield rf"\b{month},?\s{_YEAR}", reckoning.month_of
    yield rf"\b(?:(?:в|у|во|on|by|ce|le)\s)?{weekday}(?:'s)?", reckoning.weekday_of
    for name, forms in r.relative.items():
        yield rf"\b(?P<{name}>{'|'.join(forms)})(?!\w)", reckoning.relative
    written = r"(?P<year>(?:19|20)\d\d)"
    yield rf"\b(?:in|since|by|en|depuis)\s{written}\b(?!\s\w+s\b)", reckoning.year_of
    named = r"(?:-?(?:м|го))?\s(?:год[уа]|році|року|г\.|р\.)"
    yield rf"\b(?:в|у|с|з)\s{written}{named}", reckoning.year_of

"""How breaches went over the days of a run, with what was watched as exposure.

A day on which little could have been noticed counts as little watched time, so that an
outage is never a lull.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import combinations
from math import inf, isfinite
from pathlib import Path

import numpy as np

from trucewatch.completeness.rate import (
    Change,
    Recaptured,
    Watched,
    breaks,
    change,
    rate_interval_per_day,
    recapture,
)
from trucewatch.errors import MissionError
from trucewatch.fuse.incident import Incident
from trucewatch.grade.compliance import Compliance
from trucewatch.record import RecordId
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import on_one_line, write

_LIKELY = 0.5  # from here an incident, or a new rate, counts as one
_HARDLY_DAYS = 0.25  # watched less, a day says next to nothing
# Below this mean chance of noticing no rate follows from a count: the chance is known
# as from 20 trials (``Watched.trials``), and with less than one success in them the law
# of the rate has no norm, so that its bounds would be those of the arithmetic.
_LEAST_P = 1 / 20
_SPEAKS = 1.0  # log10 of the ratio from which an origin noticed an incident


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a series.

    Attributes:
        watched_days: time in force times the chance of noticing.
        p_break: that a new rate began with it, as known just after.
    """

    begin: datetime
    seen: int
    watched_days: float
    p_break: float


@dataclass(frozen=True, slots=True)
class Series:
    """Breaches of a clause under one reading in one sector, day by day.

    Attributes:
        low_per_day: with ``high_per_day`` the 95 % interval of the rate of breaches,
            seen or not, over all days; 0 and ``None`` where too little was watched.
        change: of the later half of the days against the earlier; ``None`` where one of
            them was not watched.
    """

    sector: str
    clause: str
    reading: str
    days: tuple[Day, ...]
    low_per_day: float
    high_per_day: float | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Twice:
    """What two families noticed of the same incidents, and what follows from it."""

    first: str
    second: str
    noticed_first: int
    noticed_second: int
    both: int
    found: Recaptured


def trend(what: Path) -> tuple[tuple[Series, ...], tuple[Twice, ...]]:
    """Series by sector, clause and reading, and pairs of families, by name.

    Raises:
        MissionError: if no mission has been run with this ledger.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        pictures = _latest(ledger)
        kept = _of_pictures(ledger, pictures)
        noticed = _noticed(ledger, pictures)
    keys = sorted({(one.sector, one.clause, one.reading) for one in kept})
    return tuple(_series(key, kept) for key in keys), tuple(_twice(noticed))


def _latest(ledger: Reader) -> list[Picture]:
    """The last picture of every day, in order of days.

    Raises:
        MissionError: if there is none.
    """
    last: dict[datetime, Picture] = {}
    for one in ledger.records(Picture):
        known = last.get(one.day.begin)
        if known is None or one.cutoff > known.cutoff:
            last[one.day.begin] = one
    if not last:
        msg = f"no mission has been run with {ledger.folder}"
        raise MissionError(msg)
    return [last[day] for day in sorted(last)]


def _of_pictures(ledger: Reader, pictures: Sequence[Picture]) -> list[Compliance]:
    named = {name for one in pictures for name in one.compliance}
    return [one for one in ledger.records(Compliance) if one.id in named]


def _series(key: tuple[str, str, str], kept: Iterable[Compliance]) -> Series:
    own = [one for one in kept if (one.sector, one.clause, one.reading) == key]
    own.sort(key=lambda one: one.period.begin)
    seen = np.array([one.seen for one in own], np.float64)
    days = np.array([one.exposure_days * one.p_detect for one in own])
    lengths = np.array([one.exposure_days for one in own])
    low, high = 0.0, inf
    if days.sum() >= _LEAST_P * lengths.sum() > 0:
        false = float(np.mean([one.false_per_day for one in own]))
        watched = Watched(
            exposure_days=float(lengths.sum()),
            p_detect=float(days.sum() / lengths.sum()),
            false_per_day=false,
        )
        low, high = rate_interval_per_day(int(seen.sum()), watched)
    early, late = slice(len(own) // 2), slice(len(own) // 2, None)
    halves = [(int(seen[h].sum()), float(days[h].sum())) for h in (early, late)]
    told = zip(own, days.tolist(), breaks(seen, days).tolist(), strict=True)
    return Series(
        *key,
        days=tuple(Day(one.period.begin, one.seen, d, p) for one, d, p in told),
        low_per_day=low,
        high_per_day=high if isfinite(high) else None,
        change=change(halves[0], halves[1]) if min(d for _, d in halves) > 0 else None,
    )


def _noticed(ledger: Reader, pictures: Sequence[Picture]) -> list[frozenset[str]]:
    """Families that noticed each incident which is more likely than not."""
    named: set[RecordId] = {name for one in pictures for name in one.incidents}
    latest: dict[str, Incident] = {}
    for one in ledger.records(Incident):
        if one.id in named and one.p_exists >= _LIKELY:
            latest[one.name] = one
    return [
        frozenset(
            origin.independence.partition(":")[0]
            for origin in one.contributions
            if origin.log10_likelihood_ratio >= _SPEAKS
        )
        for one in latest.values()
    ]


def _twice(noticed: Sequence[frozenset[str]]) -> Iterable[Twice]:
    for first, second in combinations(sorted({f for one in noticed for f in one}), 2):
        a, b = (sum(name in one for one in noticed) for name in (first, second))
        both = sum({first, second} <= one for one in noticed)
        yield Twice(first, second, a, b, both, recapture(a, b, both))


def show_trend(what: Path, *, as_json: bool) -> None:
    """Print rates, changes and breaks, and what pairs of families say of each other.

    Raises:
        MissionError: if no mission has been run with this ledger.
    """
    series, pairs = trend(what)
    if as_json:
        body = {"series": [asdict(one) for one in series]}
        more = {"pairs": [asdict(one) for one in pairs]}
        write(sys.stdout, json.dumps(body | more, default=str, indent=2))
        return
    for one in series:
        write(sys.stdout, on_one_line(_headline(one)))
        for day in one.days:
            write(sys.stdout, _line(day))
    for pair in pairs:
        write(sys.stdout, on_one_line(_said(pair)))


def _headline(one: Series) -> str:
    rate = "too little was watched to bound how many breaches there were a day"
    if one.high_per_day is not None:
        low, high = _figures(one.low_per_day), _figures(one.high_per_day)
        rate = f"{low} to {high} breaches a day"
    where = f"{one.sector or 'everywhere'}, {one.clause} as {one.reading} reads it"
    if one.change is None:
        return f"{where}: {rate}"
    ratio = f"{one.change.low_ratio:.2f} to {one.change.high_ratio:.2f}"
    rose = f"it rose with a chance of {100 * one.change.p_rose:.0f} %"
    return f"{where}: {rate}; later half × {ratio}, {rose}"


def _figures(rate_per_day: float) -> str:
    """A rate as it may be quoted: two figures."""
    if rate_per_day >= 10:
        digits = len(f"{rate_per_day:.0f}") - 2
        return f"{round(rate_per_day, -digits):,.0f}"
    return f"{rate_per_day:.2g}"


def _line(day: Day) -> str:
    marks = []
    if day.watched_days < _HARDLY_DAYS:
        marks.append("hardly watched: the rate is little more than a guess")
    if day.p_break >= _LIKELY:
        marks.append("a new rate begins here?")
    told = f"{day.seen:>5} seen, watched for {24 * day.watched_days:.1f} h"
    broke = f"  new rate since then {100 * day.p_break:>3.0f} %"
    return "  ".join((f"  {day.begin:%Y-%m-%d}{told}{broke}", *marks))


def _said(pair: Twice) -> str:
    found = pair.found
    noticed = f"{pair.first} noticed {pair.noticed_first}"
    other = f"{pair.second} {pair.noticed_second}, both {pair.both}"
    total = f"there were {found.low} to {found.high} if they are independent"
    chances = f"{100 * found.p_first:.0f} and {100 * found.p_second:.0f} % noticed"
    return f"{noticed}, {other}: {total}; {chances}"

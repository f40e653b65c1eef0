"""One side's running totals of the other's losses, one row per day.

``date`` and counters such as ``tank`` or ``drone``. A total says nothing about a day;
the difference of two consecutive days is one claimed day, dated the next morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.cells import count, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Figure,
    Observation,
    Rounding,
    Statement,
    StatementKind,
)
from trucewatch.collect.rows import Row, account, csv_rows
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.place import Unlocated

OPTIONS = known("F", "6", zone="Europe/Kyiv", speaker=REQUIRED, against=REQUIRED)
COUNTERS = (
    "personnel",
    "tank",
    "apc",
    "field artillery",
    "mrl",
    "anti-aircraft warfare",
    "aircraft",
    "helicopter",
    "drone",
    "cruise missiles",
    "naval ship",
    "submarines",
    "vehicles and fuel tanks",
    "military auto",
    "fuel tank",
    "special equipment",
    "mobile srbm system",
    "ground robotic systems",
)
_DAY = timedelta(days=1)

Days = Mapping[date, Row]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One statement per day whose day before is in the delivery too.

    The first day, the day after a gap, a repeated day and a day on which a counter
    runs backwards say nothing of one day; they are rejected with that reason.

    Raises:
        SourceError: if the delivery is not such a table, an option is wrong, or it is
            not said who speaks and of whom.
    """
    chosen = options(delivery, OPTIONS)
    found = tuple(csv_rows(raw, chosen, ("date",)))
    make = partial(_day, days=_by_day(found), delivery=delivery, chosen=chosen)
    return account(delivery, found, make)


def _day(row: Row, days: Days, delivery: Delivery, chosen: Options) -> Observation:
    day = _date(row)
    if days[day] is not row:
        msg = f"{day} stands twice; {days[day].where} is used"
        raise ValueError(msg)
    if day - _DAY not in days:
        msg = f"{day - _DAY} is missing, so {day} has nothing to be subtracted from"
        raise ValueError(msg)
    speaker = chosen.slug("speaker")
    claimed, _ = moment((day - _DAY).isoformat(), chosen.zone())
    said, _ = moment(day.isoformat(), chosen.zone())
    return Observation(
        procedure=f"statements/{speaker}",
        result=Statement(
            kind=StatementKind.FIGURE,
            speaker=speaker,
            against=chosen.slug("against"),
            figures=_figures(days[day - _DAY], row),
            total=None,
            words="",
            outlet="",
            address="",
        ),
        place=Unlocated(),
        phenomenon_time=claimed,
        result_time=said,
        independence=f"party:{speaker}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=Rounding.DAY,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _figures(before: Row, after: Row) -> tuple[Figure, ...]:
    found = []
    for name in COUNTERS:
        if not (before.get(name) and after.get(name)):
            continue
        units = count(after.get(name)) - count(before.get(name))
        if units < 0:
            msg = f"the counter {name!r} runs backwards by {-units}"
            raise ValueError(msg)
        found.append(Figure(label=name, act=Act.UNDETERMINED, units=units))
    if not found:
        msg = "no counter is filled on this day and the day before"
        raise ValueError(msg)
    return tuple(found)


def _by_day(found: tuple[Row, ...]) -> Days:
    days: dict[date, Row] = {}
    for row in found:
        try:
            days.setdefault(_date(row), row)
        except ValueError:
            continue  # the same error rejects the row when it is read
    return days


def _date(row: Row) -> date:
    if row.fault:
        raise ValueError(row.fault)
    text = row.need("date")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{shown(text)} is not a date such as 2025-04-20"
        raise ValueError(msg) from error

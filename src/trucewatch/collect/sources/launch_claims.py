"""One side's claims of weapons the other launched, one row per raid and model.

``time_start,time_end,model,launched,destroyed`` and, where known, ``affected region``.
Columns of launch places and carriers are never read: no such value enters the system.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from trucewatch.collect.cells import count, count_or_none
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import LaunchClaim, Observation
from trucewatch.collect.rows import Row, account, csv_rows
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import span
from trucewatch.period import Period
from trucewatch.place import Area, Unlocated, Whereabouts

# That the hours of the known table are Kyiv's is likely, not verified by its maker.
OPTIONS = known(
    "F", "6", zone="Europe/Kyiv", speaker=REQUIRED, against=REQUIRED, country=""
)
NEEDED = ("time_start", "time_end", "model", "launched")

# A raid's tally is posted in the hours after it ends; the table does not say when.
POSTED_WITHIN = timedelta(hours=12)

_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per row that says how many were launched.

    A day without a row is a day without a claim, not a day without launches.

    Raises:
        SourceError: if the delivery is not such a table, an option is wrong, or it is
            not said who speaks and of whom.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_claim, delivery=delivery, chosen=chosen)
    return account(delivery, csv_rows(raw, chosen, NEEDED), make)


def _claim(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    start, end = row.need("time_start"), row.get("time_end")
    time, rounding = span(start, end, chosen.zone())
    regions = tuple(a or b for a, b in _QUOTED.findall(row.get("affected region")))
    speaker = chosen.slug("speaker")
    return Observation(
        procedure=f"launch_claims/{speaker}",
        result=LaunchClaim(
            speaker=speaker,
            against=chosen.slug("against"),
            weapon=row.need("model"),
            units=count(row.need("launched")),
            units_stopped=count_or_none(row.get("destroyed")),
            regions=regions,
        ),
        place=_place(regions, chosen.text("country")),
        phenomenon_time=time,
        result_time=Period(time.end, time.end + POSTED_WITHIN),
        independence=f"party:{speaker}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _place(regions: tuple[str, ...], country: str) -> Whereabouts:
    if len(regions) == 1:
        return Area(name=regions[0], level="province")
    return Area(name=country, level="country") if country else Unlocated()

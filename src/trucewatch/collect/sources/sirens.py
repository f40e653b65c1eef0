"""Air-raid siren intervals: a warning over an area, not an incident.

Three forms are read, told apart by their header: ``region,started_at,finished_at`` with
``n_subalerts`` where the maker merged intervals, the same with ``naive`` (volunteers),
and ``oblast,raion,hromada,level,started_at,finished_at`` (official).
"""

from __future__ import annotations

from functools import partial

from trucewatch.collect.cells import count
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Alert, Observation
from trucewatch.collect.places import area
from trucewatch.collect.rows import Row, account, csv_rows
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment, span
from trucewatch.place import Whereabouts

# Feeds of one warning system, official or kept by volunteers, err together.
OPTIONS = known("B", "2", zone="", feed="national", system="national", longest_h="24")
NEEDED = ("started_at", "finished_at")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per interval of at most ``longest_h`` hours.

    Makers merge intervals that touch until one runs for weeks; such a one no longer
    says when anybody was warned. It is rejected, as is an end the maker guessed.

    Raises:
        SourceError: if the delivery is not such a table or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_alert, delivery=delivery, chosen=chosen)
    return account(delivery, csv_rows(raw, chosen, NEEDED), make)


def _alert(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    zone = chosen.zone()
    time, rounding = span(row.need("started_at"), row.need("finished_at"), zone)
    if time.duration_s > chosen.number("longest_h") * 3600:
        days = time.duration_s / 86400
        msg = f"it is {days:.1f} days long, merged by the maker: taken as unknown"
        raise ValueError(msg)
    if row.get("naive").lower() in ("true", "yes", "1"):
        msg = "its end was guessed by the maker (naive)"
        raise ValueError(msg)
    return Observation(
        procedure=f"alerts/{chosen.slug('feed')}",
        result=Alert(merged=count(row.get("n_subalerts") or "1")),
        place=_place(row),
        phenomenon_time=time,
        result_time=moment(row.need("started_at"), zone)[0],
        independence=f"alerts:{chosen.slug('system')}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _place(row: Row) -> Whereabouts:
    return area(
        (row.get("hromada"), "municipality"),
        (row.get("raion"), "district"),
        (row.get("oblast"), "province"),
        (row.get("region"), "province"),
    )

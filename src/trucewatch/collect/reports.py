"""What an outlet reported, from a row with a time, a place and tags."""

from __future__ import annotations

from datetime import timedelta

from trucewatch.collect.acts import tagged
from trucewatch.collect.cells import number
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import MediaReport, Observation, Rounding
from trucewatch.collect.places import circle, point
from trucewatch.collect.rows import Row
from trucewatch.collect.settings import Options
from trucewatch.collect.times import printed_at
from trucewatch.collect.words import digest, outlet
from trucewatch.period import Period
from trucewatch.place import Place


def report(row: Row, delivery: Delivery, options: Options) -> Observation:
    """One report of an act at a place; the words stay in the delivery.

    A report with a time of the clock speaks of the ``lag_h`` hours before it; one with
    a date alone, or at exactly midnight, of that local day.

    Cells: ``datetime``, ``lat``, ``lon``, ``event_type``, ``headline``; where known
    ``place_name``, ``radius_m``, ``url``.

    Raises:
        ValueError: if a cell is missing or is not what it should be.
    """
    happened, printed, rounding = _times(row.need("datetime"), options)
    address = row.get("url")
    printer = outlet(address) if address else ""
    feed = options.slug("feed")
    return Observation(
        procedure=f"media/{feed}",
        result=MediaReport(
            acts=tagged(row.get("event_type")),
            outlet=printer,
            text_sha256=digest(row.cells.get("headline", "")),
        ),
        place=_place(row, options),
        phenomenon_time=happened,
        result_time=printed,
        independence=f"media:{printer or feed}",
        reliability=options.reliability,
        credibility=options.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _times(text: str, options: Options) -> tuple[Period, Period, Rounding]:
    printed, rounding = printed_at(text, options.zone())
    if rounding is Rounding.DAY:
        return printed, printed, rounding
    lag = timedelta(hours=options.number("lag_h"))
    return Period(printed.begin - lag, printed.end), printed, rounding


def _place(row: Row, options: Options) -> Place:
    spot = point(row.need("lat"), row.need("lon"), options.bounds())
    wide = {name.strip().lower() for name in options.text("wide_names").split(",")}
    named = row.get("place_name").lower()
    otherwise = "wide_m" if named and named in wide else "radius_m"
    if row.get("radius_m"):
        return circle(*spot, number(row.get("radius_m")))
    return circle(*spot, options.number(otherwise))

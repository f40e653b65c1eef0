"""Satellite passes over a footprint, with the cloud over it: where a sensor looked.

One row, one pass: ``satellite,begin,end,cloud_ratio,outcome`` and the footprint as
``footprint`` (Well-Known Text) or ``west,south,east,north``; a ZIP archive may hold
fields of cloud beside the table, and passes are cut by them. This is what makes thermal
silence mean anything at all: lists of fires do not say where the satellite looked.
"""

from __future__ import annotations

from functools import partial

import shapely

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.cells import number, share, shown
from trucewatch.collect.clouds import Clouds, clear_parts, parted
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows, wkt
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.rows import Row, account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import box, one_polygon
from trucewatch.collect.source import Batch
from trucewatch.collect.times import span

OPTIONS = known("A", "2", zone="UTC", family="viirs", field_h="1")
NEEDED = ("satellite", "begin", "end", "cloud_ratio", "outcome")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One look per pass and part of like cloud; unknown cloud is a rejection.

    Raises:
        SourceError: if the delivery is not such a table or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    data, clouds = parted(raw, chosen)
    make = partial(_pass, delivery=delivery, chosen=chosen, clouds=clouds)
    return account(delivery, rows(data, chosen, NEEDED), make)


def _pass(
    row: Row, delivery: Delivery, chosen: Options, clouds: Clouds
) -> tuple[Acquisition, ...]:
    satellite = row.need("satellite")
    family = chosen.slug("family")
    time, _ = span(row.need("begin"), row.need("end"), chosen.zone())
    outcome = _outcome(row.need("outcome"))
    field = clouds.at(time)
    told = row.get("cloud_ratio") if field else row.need("cloud_ratio")
    whole = _footprint(row)
    parts: tuple[tuple[Polygon, float], ...]
    if field is None or outcome is Outcome.FAILURE:
        parts = ((whole, 1 - share(told or "1")),)
    else:
        ground = shapely.Polygon(whole.outer, whole.holes)
        parts = clear_parts(ground, time, clouds, share(told) if told else None)
    return tuple(
        Acquisition(
            procedure=f"{family}/{satellite}",
            footprint=footprint,
            time=time,
            outcome=outcome,
            p_clear=0.0 if outcome is Outcome.FAILURE else p_clear,
            independence=f"{family}:{satellite}",
            row=row.where,
            derived_from=(delivery.id,),
        )
        for footprint, p_clear in parts
    )


def _footprint(row: Row) -> Polygon:
    if row.shape is not None:
        return one_polygon(row.shape)
    if row.get("footprint"):
        return one_polygon(wkt(row.get("footprint")))
    west, south, east, north = (
        number(row.need(side)) for side in ("west", "south", "east", "north")
    )
    return box(west, south, east, north)


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text.lower())
    except ValueError as error:
        msg = f"outcome must be hit, miss or failure, not {shown(text)}"
        raise ValueError(msg) from error

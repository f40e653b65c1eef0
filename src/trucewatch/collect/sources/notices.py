"""Notifications of activity that the terms may excuse: training, demining, repair.

``kind,by,reference,begin,end`` and the place as ``lat,lon,radius_m``, as an area's name
in ``place`` with ``level``, or as a GeoJSON point; ``announced`` where known.
"""

from __future__ import annotations

from functools import partial

from trucewatch.agreement.taxonomy import ExemptKind
from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows
from trucewatch.collect.observation import Notice, Observation
from trucewatch.collect.places import area, circle, point
from trucewatch.collect.rows import Row, account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment, span
from trucewatch.place import Unlocated, Whereabouts

OPTIONS = known("B", "2", zone="", radius_m="1000", bounds="")
NEEDED = ("kind", "by", "reference", "begin", "end")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One notice per row.

    Raises:
        SourceError: if the delivery is not such a form or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_notice, delivery=delivery, chosen=chosen)
    return account(delivery, rows(raw, chosen, NEEDED), make)


def _notice(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    by = row.need("by")
    time, rounding = span(row.need("begin"), row.need("end"), chosen.zone())
    announced = row.get("announced")
    return Observation(
        procedure=f"notices/{by}",
        result=Notice(kind=_kind(row), by=by, reference=row.need("reference")),
        place=_place(row, chosen),
        phenomenon_time=time,
        result_time=moment(announced, chosen.zone())[0] if announced else time,
        independence=f"party:{by}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _kind(row: Row) -> ExemptKind:
    text = row.need("kind")
    try:
        return ExemptKind(text.lower().replace(" ", "_"))
    except ValueError as error:
        kinds = ", ".join(one.value for one in ExemptKind)
        msg = f"{shown(text)} is none of {kinds}"
        raise ValueError(msg) from error


def _place(row: Row, chosen: Options) -> Whereabouts:
    radius = row.get("radius_m") or chosen.text("radius_m")
    if row.shape is not None and row.shape.geom_type == "Point":
        lon, lat = row.shape.coords[0][:2]
        return circle(*point(str(lat), str(lon), chosen.bounds()), number(radius))
    if row.get("lat") or row.get("lon"):
        spot = point(row.need("lat"), row.need("lon"), chosen.bounds())
        return circle(*spot, number(radius))
    if row.get("place"):
        return area((row.get("place"), row.get("level") or "district"))
    return Unlocated()

"""What fixed cameras recorded, and when each of them was looking where.

``record`` is ``view`` (camera on, with ``heading_deg``, ``opening_deg``, ``range_km``,
``outcome``, ``clear_ratio``) or ``event`` (what it recorded, in the SMM annex form).
``observer`` is the camera's name, ``observer_lat,observer_lon`` its place.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows
from trucewatch.collect.looks import look
from trucewatch.collect.places import point
from trucewatch.collect.rows import Made, Row, account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import one_polygon, view
from trucewatch.collect.sightings import sighting
from trucewatch.collect.source import Batch

OPTIONS = known("A", "2", zone="", procedure="camera", radius_m="300", bounds="")
NEEDED = ("record", "observer", "begin")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per view, one sighting per recorded event.

    Raises:
        SourceError: if the delivery is not such a log or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_record, delivery=delivery, chosen=chosen)
    return account(delivery, rows(raw, chosen, NEEDED), make)


def _record(row: Row, delivery: Delivery, chosen: Options) -> Made:
    match row.need("record").lower():
        case "view":
            return look(row, _footprint(row, chosen), delivery, chosen)
        case "event":
            recorded = row.get("means") or "recorded"
            told = replace(row, cells={**row.cells, "means": recorded})
            return sighting(told, delivery, chosen)
        case other:
            msg = f"record must be view or event, not {shown(other)}"
            raise ValueError(msg)


def _footprint(row: Row, chosen: Options) -> Polygon:
    if row.shape is not None and row.shape.geom_type == "Polygon":
        return one_polygon(row.shape)
    lat, lon = row.need("observer_lat"), row.need("observer_lon")
    return view(
        point(lat, lon, chosen.bounds()),
        number(row.need("heading_deg")),
        number(row.need("opening_deg")),
        number(row.need("range_km")) * 1000,
    )

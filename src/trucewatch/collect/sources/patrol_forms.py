"""What monitors on patrol witnessed, and where they looked, in the SMM annex form.

Each row says in ``record`` what it is. ``event``: observer, position or range and
bearing, means, number, observation, description, direction, weapon, local time.
``track``: where a patrol went (Well-Known Text or a GeoJSON line, or a point where it
stood) and ``view``: what it could see (a polygon), each with ``begin``, ``end``,
``outcome`` and how clear it was; these two prove where somebody looked.
"""

from __future__ import annotations

from functools import partial

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows, wkt
from trucewatch.collect.looks import look
from trucewatch.collect.rows import Made, Row, account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import around, one_polygon
from trucewatch.collect.sightings import sighting
from trucewatch.collect.source import Batch

OPTIONS = known(
    "A", "2", zone="", procedure="patrol", radius_m="500", sight_m="5000", bounds=""
)
NEEDED = ("record", "observer", "begin")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One sighting per event, one acquisition per track or view.

    Raises:
        SourceError: if the delivery is not such a form or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_record, delivery=delivery, chosen=chosen)
    return account(delivery, rows(raw, chosen, NEEDED), make)


def _record(row: Row, delivery: Delivery, chosen: Options) -> Made:
    match row.need("record").lower():
        case "event":
            return sighting(row, delivery, chosen)
        case "track":
            return look(row, _track(row, chosen), delivery, chosen)
        case "view":
            return look(row, _view(row), delivery, chosen)
        case other:
            msg = f"record must be event, track or view, not {shown(other)}"
            raise ValueError(msg)


def _track(row: Row, chosen: Options) -> Polygon:
    shape = row.shape if row.shape is not None else wkt(row.need("track"))
    return around(shape, number(row.get("sight_m") or chosen.text("sight_m")))


def _view(row: Row) -> Polygon:
    return one_polygon(row.shape if row.shape is not None else wkt(row.need("view")))

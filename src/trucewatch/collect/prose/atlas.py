"""A gazetteer as a table of a delivery, and the gazetteer of several such tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from trucewatch.collect.columnar import opened, written
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.gazetteer import Gazetteer, Settlement
from trucewatch.collect.prose.toponyms import radius_m
from trucewatch.collect.source import Columns
from trucewatch.place import Place, where_prec

SCHEMA = "places"
SOURCE = "gazetteers"  # name of the source whose deliveries are such tables

_TYPES: dict[str, pa.DataType] = {
    "place_id": pa.string(),
    "name": pa.string(),
    "lat_deg": pa.float64(),
    "lon_deg": pa.float64(),
    "radius90_m": pa.float64(),
    "where_prec": pa.int64(),
    "population": pa.int64(),
    "province": pa.string(),
    "names": pa.string(),
}
_ARROW = pa.schema(_TYPES)
_BETWEEN = "|"  # names of one settlement


@dataclass(frozen=True, slots=True)
class Entry:
    """A settlement and every name by which it is found."""

    settlement: Settlement
    names: tuple[str, ...]


def table_of(entries: Sequence[Entry], delivery: Delivery) -> Columns:
    """The entries as one table, in their order; radii filled in by population."""
    places = [one.settlement for one in entries]
    radii = [round(radius_m(one), 3) for one in places]
    made = {
        "place_id": [one.id for one in places],
        "name": [one.name for one in places],
        "lat_deg": [round(one.lat_deg, 7) for one in places],
        "lon_deg": [round(one.lon_deg, 7) for one in places],
        "radius90_m": radii,
        "where_prec": [
            where_prec(Place.circle(one.lat_deg, one.lon_deg, radius))
            for one, radius in zip(places, radii, strict=True)
        ],
        "population": [one.population for one in places],
        "province": [one.province for one in places],
        "names": [_BETWEEN.join(one.names) for one in entries],
    }
    table = pa.table(made, schema=_ARROW)
    return written(table, SCHEMA, delivery, f"{SOURCE}/{delivery.name or SOURCE}")


def gazetteer_of(tables: Sequence[Columns]) -> Gazetteer:
    """One gazetteer of all tables of places among ``tables``; empty without any.

    Raises:
        ValueError: if the bytes of one are damaged.
    """
    places = tuple(one for one in tables if one.table.schema == SCHEMA)
    return _gazetteer(places)


@lru_cache(maxsize=4)
def _gazetteer(tables: tuple[Columns, ...]) -> Gazetteer:
    made = Gazetteer()
    for one in tables:
        for row in opened(one, SCHEMA, _ARROW).to_pylist():
            settlement = Settlement(
                row["place_id"],
                row["name"],
                row["lat_deg"],
                row["lon_deg"],
                row["population"],
                row["province"],
                row["radius90_m"],
            )
            made.add(settlement, row["names"].split(_BETWEEN))
    return made

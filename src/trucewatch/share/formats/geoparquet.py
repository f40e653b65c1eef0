"""Incidents as GeoParquet 1.1, with cells as well-known binary.

Source: OGC GeoParquet 1.1.0, file and column metadata.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.share.bulletin import Bulletin, File, IncidentRow
from trucewatch.share.cells import outline

_TIME = pa.timestamp("s", tz="UTC")
_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("id", pa.string()),
    ("name", pa.string()),
    ("begin", _TIME),
    ("end", _TIME),
    ("located", pa.string()),
    ("lat_deg", pa.float64()),
    ("lon_deg", pa.float64()),
    ("cell_deg", pa.float64()),
    ("semi_major_m", pa.float64()),
    ("semi_minor_m", pa.float64()),
    ("azimuth_deg", pa.float64()),
    ("area", pa.string()),
    ("sector", pa.string()),
    ("acts", pa.list_(pa.string())),
    ("p_acts", pa.list_(pa.float64())),
    ("units_low", pa.int64()),
    ("units_best", pa.int64()),
    ("units_high", pa.int64()),
    ("p_exists", pa.float64()),
    ("word", pa.string()),
)


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """``incidents.parquet``; longitude before latitude, OGC:CRS84 by default."""
    rows = bulletin.incidents
    cells = [_cell(row) for row in rows]
    columns = {
        name: pa.array([getattr(row, name) for row in rows], kind)
        for name, kind in _COLUMNS
    }
    wkb = [None if c is None else shapely.to_wkb(c, byte_order=1) for c in cells]
    table = pa.table({**columns, "geometry": pa.array(wkb, pa.binary())})
    metadata = {"geo": _geo(cells), "bulletin": bulletin.id}
    target = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        target,
        compression="none",
    )
    return (File("incidents.parquet", target.getvalue()),)


def _cell(row: IncidentRow) -> BaseGeometry | None:
    if row.lat_deg is None or row.lon_deg is None:
        return None
    return outline(row.lat_deg, row.lon_deg, row.cell_deg)


def _geo(cells: Sequence[BaseGeometry | None]) -> str:
    """The ``geo`` metadata; a file without any cell has no bounding box."""
    there = [one for one in cells if one is not None]
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": sorted({one.geom_type for one in there}),
    }
    if there:
        column["bbox"] = [float(x) for x in shapely.total_bounds(there)]
    body = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": column},
    }
    return json.dumps(body, separators=(",", ":"), sort_keys=True)

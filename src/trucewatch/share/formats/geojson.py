"""Incidents as cells, and the agreement's lines and zones (RFC 7946)."""

from __future__ import annotations

import json

import shapely

from trucewatch.period import iso
from trucewatch.share.bulletin import Bulletin, File, FiringRow, IncidentRow, ShapeRow
from trucewatch.share.cells import outline

Json = dict[str, object]


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """Three collections; an incident without a place has no geometry."""
    return (
        _file("incidents", bulletin, [_incident(one) for one in bulletin.incidents]),
        _file("firing", bulletin, [_firing(one) for one in bulletin.firing]),
        _file("agreement", bulletin, [_shape(one) for one in bulletin.shapes]),
    )


def _file(name: str, bulletin: Bulletin, features: list[Json]) -> File:
    body = {
        "type": "FeatureCollection",
        "bulletin": bulletin.id,
        "release": bulletin.order.release.value,
        "features": features,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return File(f"{name}.geojson", text.encode() + b"\n")


def _incident(row: IncidentRow) -> Json:
    readings = {f"{one.clause}/{one.reading}": one.grade for one in row.findings}
    properties: Json = {
        "name": row.name,
        "begin": iso(row.begin),
        "end": iso(row.end),
        "located": row.located,
        "area": row.area,
        "sector": row.sector,
        "act": row.acts[0],
        "p_act": row.p_acts[0],
        "units": row.units_best,
        "p_exists": row.p_exists,
        "origins": len(row.origins),
        "grades": readings,
    }
    if row.lat_deg is None or row.lon_deg is None:
        return _feature(row.id, None, properties)
    ellipse = {
        "cell_deg": row.cell_deg,
        "semi_major_m": row.semi_major_m,
        "semi_minor_m": row.semi_minor_m,
        "azimuth_deg": row.azimuth_deg,
    }
    cell = _geometry(row.lat_deg, row.lon_deg, row.cell_deg)
    return _feature(row.id, cell, properties | ellipse)


def _firing(row: FiringRow) -> Json:
    properties: Json = {
        "line": row.line,
        "held": row.held,
        "incidents": row.incidents,
        "p_mass": row.p_mass,
        "cell_deg": row.cell_deg,
    }
    return _feature("", _geometry(row.lat_deg, row.lon_deg, row.cell_deg), properties)


def _shape(row: ShapeRow) -> Json:
    properties: Json = {
        "what": row.what,
        "id": row.id,
        "title": row.title,
        "uncertainty_m": row.uncertainty_m,
    }
    return _feature(f"{row.what}:{row.id}", json.loads(row.geojson), properties)


def _geometry(lat_deg: float, lon_deg: float, cell_deg: float) -> Json:
    # Exterior rings run counter-clockwise (RFC 7946 §3.1.6).
    cell = shapely.orient_polygons(outline(lat_deg, lon_deg, cell_deg))
    body: Json = json.loads(shapely.to_geojson(cell))
    return body


def _feature(name: str, geometry: Json | None, properties: Json) -> Json:
    body: Json = {"type": "Feature", "geometry": geometry, "properties": properties}
    return body | {"id": name} if name else body

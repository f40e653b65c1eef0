"""The outline of a released cell."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry


def outline(lat_deg: float, lon_deg: float, cell_deg: float) -> BaseGeometry:
    """The square of a cell, cut in two where it crosses the antimeridian.

    Source: RFC 7946 §3.1.9.
    """
    half = cell_deg / 2
    south, north = max(-90.0, lat_deg - half), min(90.0, lat_deg + half)
    if lon_deg - half >= -180:
        return _box(lon_deg - half, south, lon_deg + half, north)
    east = _box(-180.0, south, lon_deg + half, north)
    west = _box(360 + lon_deg - half, south, 180.0, north)
    return shapely.MultiPolygon([east, west])


def _box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    corners = [round(x, 7) for x in (west, south, east, north)]
    return shapely.Polygon.from_bounds(*corners)

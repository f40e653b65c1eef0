"""The outline of something hit, as a place with an ellipse that holds it."""

from __future__ import annotations

from math import nan

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.collect.shapes import MAX_LAT_DEG, WGS84
from trucewatch.place import Place

MOST_M = 50_000.0  # across: beyond it an outline says nothing of where
_LEAST_M = 1.0


def extent_of(shape: BaseGeometry | None, error_m: float) -> tuple[Place, float]:
    """The middle of an outline, as wide as the outline and its error; its area in m².

    A point has no area. The circle reaches the outline's farthest corner, the error
    of the layer added: what was hit is inside, where inside nobody knows.

    Args:
        shape: polygon or point, longitude first, WGS 84.
        error_m: of the layer's places, with 90 % probability.

    Raises:
        ValueError: if there is no such shape, or it is too large or too near a pole.
    """
    kinds = ("Polygon", "MultiPolygon", "Point")
    if shape is None or shape.geom_type not in kinds or shape.is_empty:
        found = "nothing" if shape is None else f"a {shape.geom_type}"
        msg = f"an outline or a point is needed, found {found}"
        raise ValueError(msg)
    middle = shape.centroid
    x, y = (nan, nan) if middle.is_empty else (float(middle.x), float(middle.y))
    lat, lon = y, (x + 180) % 360 - 180
    if not abs(lat) <= MAX_LAT_DEG:  # NaN where it has no middle
        msg = f"an outline at latitude {lat:.1f} is too near the pole, or has no middle"
        raise ValueError(msg)
    points = shapely.get_coordinates(shape)
    here = np.broadcast_to([x, y], points.shape)
    _, _, far_m = WGS84.inv(*here.T.copy(), *points.T.copy())
    reach_m = float(np.max(far_m))
    if not reach_m <= MOST_M:
        msg = f"an outline that reaches {reach_m:.0f} m from its middle is no place"
        raise ValueError(msg)
    area_m2 = 0.0
    if shape.geom_type != "Point":
        area_m2 = abs(float(WGS84.geometry_area_perimeter(shape)[0]))
    return Place.circle(lat, lon, max(reach_m + error_m, _LEAST_M)), area_m2

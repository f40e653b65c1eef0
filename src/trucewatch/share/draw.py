"""Draw the agreement's shapes in degrees; for looking at, not for testing against."""

from __future__ import annotations

from functools import reduce
from math import cos, radians

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import (
    AllOf,
    AnyOf,
    Disc,
    Except,
    Line,
    NearLine,
    NearSites,
    Polygon,
    Shape,
    Site,
)
from trucewatch.agreement.terms import Agreement
from trucewatch.share.coarsen import snapped
from trucewatch.share.release import FIRING_CELL_DEG

_DEGREE_M = 111_195.0  # mean degree of a great circle, IUGG mean radius 6 371 008.8 m


def drawn(shape: Shape, agreement: Agreement) -> BaseGeometry:
    """The shape in degrees; empty where it has no border of its own."""
    match shape:
        case Polygon() | Disc() | NearLine() | NearSites():
            return _simple(shape, agreement)
        case AnyOf():
            return shapely.unary_union(_zones(shape.zones, agreement))
        case AllOf():
            return shapely.intersection_all(_zones(shape.zones, agreement))
        case Except():
            whole = shapely.unary_union(_zones((shape.zone,), agreement))
            return reduce(shapely.difference, _zones(shape.without, agreement), whole)
        case _:
            return shapely.Polygon()


def path(line: Line) -> BaseGeometry:
    """The line as drawn, or the border of the areas that draw it."""
    return shapely.LineString(line.path) if line.path else _areas(line).boundary


def coarse_point(site: Site, cell_deg: float = FIRING_CELL_DEG) -> BaseGeometry:
    """A site at the middle of its cell."""
    lat_deg, lon_deg = snapped(site.lat_deg, site.lon_deg, cell_deg)
    return shapely.Point(lon_deg, lat_deg)


def _simple(
    shape: Polygon | Disc | NearLine | NearSites, agreement: Agreement
) -> BaseGeometry:
    match shape:
        case Polygon():
            return shapely.Polygon(shape.outer, shape.holes)
        case Disc():
            centre = shapely.Point(shape.lon_deg, shape.lat_deg)
            return _buffered(centre, shape.radius_m)
        case NearLine():
            lines = (one for one in agreement.lines if one.id == shape.line)
            return shapely.unary_union([_band(one, shape) for one in lines])
        case NearSites():
            listed = (one for one in agreement.sites if shape.sites in one.lists)
            return shapely.unary_union([
                _buffered(coarse_point(one), one.radius_m + shape.within_m)
                for one in listed
            ])


def _band(line: Line, near: NearLine) -> BaseGeometry:
    """The band along a line, cut to the side the zone is on."""
    held = next((one.held for one in line.sides if one.party == near.side), "")
    match held:
        case "inside":
            whole = _buffered(path(line), near.within_m)
            return shapely.intersection(whole, _areas(line))
        case "rest":
            whole = _buffered(path(line), near.within_m)
            return shapely.difference(whole, _areas(line))
        case "left":
            return _buffered(path(line), near.within_m, one_sided=True)
        case "right":
            return _buffered(path(line), -near.within_m, one_sided=True)
        case _:
            return _buffered(path(line), near.within_m)


def _areas(line: Line) -> BaseGeometry:
    return shapely.unary_union([shapely.Polygon(a.outer, a.holes) for a in line.areas])


def _zones(ids: tuple[str, ...], agreement: Agreement) -> list[BaseGeometry]:
    by_id = {zone.id: zone for zone in agreement.zones}
    parts = (drawn(by_id[one].shape, agreement) for one in ids if one in by_id)
    return [one for one in parts if not one.is_empty]


def _buffered(
    shape: BaseGeometry, within_m: float, *, one_sided: bool = False
) -> BaseGeometry:
    """A buffer made where a degree of longitude is drawn as long as it is.

    Good to a few per cent within some degrees of the shape's middle; every test of
    distance is geodesic and made in ``agreement.within``.
    """
    lon_deg, lat_deg = shape.centroid.x, shape.centroid.y
    ratio = max(0.01, cos(radians(lat_deg)))
    flat = affinity.scale(shape, ratio, 1.0, origin=(lon_deg, lat_deg))
    wide = flat.buffer(within_m / _DEGREE_M, quad_segs=8, single_sided=one_sided)
    return affinity.scale(wide, 1 / ratio, 1.0, origin=(lon_deg, lat_deg))

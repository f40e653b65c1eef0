"""The ground a sector covers, and which looks fell on which part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import fsum

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement import zoning
from trucewatch.agreement.drawn import Part, band_part, polygon_part, window
from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import Plane, distance_m, middle_of
from trucewatch.agreement.terms import Agreement

_BAND_M = 50_000.0  # of ground on both sides of a line that counts where none is named
_GRID_M = 0.01  # borders that run together are joined on this grid
_TOL_RATIO = 1e-4  # borders are drawn flat to this share of the sector's reach
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Sector:
    """A zone as polygons in a plane about the middle of all ground under the terms.

    Attributes:
        reach_m: half the side of the window the polygons lie in.
    """

    plane: Plane
    reach_m: float
    outline: BaseGeometry


@dataclass(frozen=True, slots=True)
class Tile:
    """Part of a sector that the same looks fell on.

    Attributes:
        area_ratio: share of the sector's area.
        looks: positions of the footprints that hold it.
    """

    area_ratio: float
    looks: tuple[int, ...]


@lru_cache(maxsize=32)
def sector(agreement: Agreement, zone: str) -> Sector | None:
    """The ground of a zone; of everywhere, where the zone is empty.

    Everywhere means all zones with bounds and a band of 50 km around every line: the
    ground the terms speak of. A zone without bounds is cut to it. ``None`` where the
    terms draw nothing with bounds.

    Raises:
        AgreementError: if there is no such zone.
    """
    tree = zoning.tree_of_any(agreement, (zone,) if zone else ())
    ground = _ground(agreement)
    if ground is None:
        return None
    regions = dict(ground.regions)
    for part in zoning.parts(tree):
        if part not in regions:
            tol_m = ground.reach_m * _TOL_RATIO
            regions[part] = part.region(ground.plane, ground.reach_m, tol_m)
    drawn = zoning.drawn(tree, regions, window(ground.reach_m))
    outline = shapely.intersection(ground.outline, drawn)
    return Sector(ground.plane, ground.reach_m, outline)


@dataclass(frozen=True, slots=True)
class _Ground:
    plane: Plane
    reach_m: float
    outline: BaseGeometry
    regions: dict[Part, BaseGeometry]


@lru_cache(maxsize=4)
def _ground(agreement: Agreement) -> _Ground | None:
    """Everything with bounds that the terms draw, and a band around every line."""
    bounded = _bounded(agreement)
    if not bounded:
        return None
    extents = [part.extent() for part in bounded]
    plane = middle_of(np.concatenate([points for points, _ in extents]))
    centre = np.array([[plane.lon_deg, plane.lat_deg]])
    reach_m = max(
        float(distance_m(centre, points).max()) + radius_m
        for points, radius_m in extents
    )
    tol_m = reach_m * _TOL_RATIO
    regions = {part: part.region(plane, reach_m, tol_m) for part in bounded}
    outline = shapely.union_all(list(regions.values()))
    return _Ground(plane, reach_m, outline, regions)


def tiles(ground: Sector, footprints: Sequence[Polygon]) -> tuple[Tile, ...]:
    """The sector cut by the borders of all footprints; nothing counts twice.

    Ground that no footprint holds is left out.
    """
    seen = {one: _clipped(ground, one) for one in dict.fromkeys(footprints)}
    seen = {one: part for one, part in seen.items() if not part.is_empty}
    if not seen:
        return ()
    parts = shapely.get_parts(ground.outline)
    outer = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    whole_m2 = fsum(m2 for one in _rings_m2(ground.plane, outer) for m2 in one)
    borders = [ground.outline.boundary, *(part.boundary for part in seen.values())]
    net = shapely.union_all(borders, grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize([net]))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    inside = [shapely.contains_xy(part, inner) for part in seen.values()]
    held = dict(zip(seen, inside, strict=True))
    nothing = np.zeros(len(faces), dtype=np.bool_)
    member = np.array([held.get(one, nothing) for one in footprints]).T
    areas: defaultdict[tuple[int, ...], float] = defaultdict(float)
    some = np.flatnonzero(member.any(1))
    face, looks = np.nonzero(member[some])
    each = np.split(looks, np.flatnonzero(np.diff(face)) + 1)
    for which, rings in zip(each, _rings_m2(ground.plane, faces[some]), strict=False):
        areas[tuple(which.tolist())] += fsum(rings)
    return tuple(
        Tile(min(area_m2 / whole_m2, 1.0), which)
        for which, area_m2 in sorted(areas.items())
    )


def _bounded(agreement: Agreement) -> list[Part]:
    every = tuple(zone.id for zone in agreement.zones)
    drawn = zoning.parts(zoning.tree_of_any(agreement, every)) if every else []
    bands: list[Part] = [band_part(line, _BAND_M) for line in agreement.lines]
    return [part for part in (*drawn, *bands) if len(part.extent()[0])]


def _clipped(ground: Sector, footprint: Polygon) -> BaseGeometry:
    part = polygon_part(footprint)
    tol_m = ground.reach_m * _TOL_RATIO
    region = part.region(ground.plane, ground.reach_m, tol_m)
    return shapely.intersection(region, ground.outline)


def _rings_m2(plane: Plane, polygons: NDArray[np.object_]) -> list[list[float]]:
    """Area on the ellipsoid of each ring of polygons in a plane, holes below 0."""
    rings, of = shapely.get_rings(polygons, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    cuts = np.searchsorted(ring_of, np.arange(len(rings) + 1)).tolist()
    lonlat_deg = plane.unproject(points)
    found: list[list[float]] = [[] for _ in polygons]
    for polygon, (begin, end) in zip(of.tolist(), pairwise(cuts), strict=True):
        lon, lat = lonlat_deg[begin:end].T
        area_m2, _ = _GEOD.polygon_area_perimeter(lon.copy(), lat.copy())
        is_hole = bool(found[polygon])  # the outer ring of a polygon comes first
        found[polygon].append(-abs(area_m2) if is_hole else abs(area_m2))
    return found

"""The parts zones are made of, each of which can say what it holds near a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, hypot, pi, sqrt
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import Line, Polygon
from trucewatch.agreement.planar import Curve, Numbers, Plane, distance_m, gathered

Flags = NDArray[np.bool_]
States = NDArray[np.int8]

IN, OUT, UNDECIDED = np.int8(1), np.int8(-1), np.int8(0)
_GRID_M = 0.001  # borders are joined on this grid, so that seams close
_CHART_M = 0.05  # how flat a path is drawn where only sides are asked
_FAR_M = 20_000_000.0  # just short of the antipode


class Part(Protocol):
    """One shape with one border."""

    @property
    def line(self) -> str:
        """Id of the uncertain line that carries the border; empty for none."""

    @property
    def sd_m(self) -> float:
        """One standard deviation of that line's shift."""

    def __hash__(self) -> int:
        """Parts are told apart by identity."""

    def extent(self) -> tuple[Numbers, float]:
        """Points, and a distance in metres from them, that enclose the part.

        No points where the part has no bounds.
        """

    def states(self, lonlat_deg: Numbers, reach_m: Numbers) -> States:
        """Whether all within reach of each point is ``IN``, ``OUT``, or undecided."""

    def region(self, plane: Plane, reach_m: float, tol_m: float) -> BaseGeometry:
        """What the part holds of the plane, exact within reach of its centre."""


class Bordered:
    """Polygons, or one side of a line: a border, and a test which side is held."""

    def __init__(self, border: Curve, ground: Ground, line: Line | None = None) -> None:
        """Keep the border, what lies inside it, and the uncertain line it follows."""
        self._border = border
        self._ground = ground
        self.sd_m = line.uncertainty_m if line else 0.0
        self.line = line.id if line and line.uncertainty_m > 0 else ""
        self._bounded = line is None

    def extent(self) -> tuple[Numbers, float]:
        """The border of polygons; a side of a line has no bounds."""
        return (self._border.points_deg if self._bounded else np.empty((0, 2))), 0.0

    def states(self, lonlat_deg: Numbers, reach_m: Numbers) -> States:
        """Decided where the border is certainly further than reach."""
        least_m, _ = self._border.bounds_m(lonlat_deg)
        far = least_m > reach_m
        states = np.full(len(lonlat_deg), UNDECIDED)
        states[far] = np.where(self._ground.holds(lonlat_deg[far]), IN, OUT)
        return states

    def region(self, plane: Plane, reach_m: float, tol_m: float) -> BaseGeometry:
        """The faces the border cuts the window into, as far as they are held."""
        square = window(reach_m)
        edges = self._border.near(plane, reach_m * sqrt(2), tol_m)
        cuts = [gathered(edges), square.boundary]
        net = shapely.union_all(cuts, grid_size=_GRID_M)
        faces = shapely.get_parts(shapely.polygonize([net]))
        inner = shapely.get_coordinates(shapely.point_on_surface(faces))
        kept = faces[self._ground.holds(plane.unproject(inner))]
        return shapely.intersection(shapely.union_all(kept), square)


class Near:
    """Everything within a distance of a line."""

    def __init__(self, line: Line, within_m: float) -> None:
        """Keep the line's edges and the distance."""
        self._curve = curve_of(line)
        self._within_m = within_m
        self.sd_m = line.uncertainty_m
        self.line = line.id if line.uncertainty_m > 0 else ""

    def extent(self) -> tuple[Numbers, float]:
        """The line, and the distance from it."""
        return self._curve.points_deg, self._within_m

    def states(self, lonlat_deg: Numbers, reach_m: Numbers) -> States:
        """Decided where the distance certainly differs by more than reach."""
        least_m, most_m = self._curve.bounds_m(lonlat_deg)
        inside = most_m + reach_m < self._within_m
        outside = least_m - reach_m > self._within_m
        return np.where(inside, IN, np.where(outside, OUT, UNDECIDED)).astype(np.int8)

    def region(self, plane: Plane, reach_m: float, tol_m: float) -> BaseGeometry:
        """The band, joined edge by edge.

        One buffer around the whole line would be simpler, but GEOS first straightens
        bends shallower than a hundredth of the distance.
        """
        square = window(reach_m)
        edges = self._curve.near(plane, self._within_m + reach_m * sqrt(2), tol_m)
        quarter = ceil(corners(self._within_m, tol_m) / 4)
        bands = shapely.buffer(
            shapely.linestrings(edges), self._within_m, quad_segs=quarter
        )
        return shapely.union_all(shapely.clip_by_rect(bands, *square.bounds))


class Round:
    """Everything within a geodesic distance of a point."""

    line = ""
    sd_m = 0.0

    def __init__(self, lon_deg: float, lat_deg: float, radius_m: float) -> None:
        """Keep centre and radius."""
        self._centre = Plane(lon_deg, lat_deg)
        self._radius_m = radius_m

    def extent(self) -> tuple[Numbers, float]:
        """The centre, and the radius."""
        return np.array([[self._centre.lon_deg, self._centre.lat_deg]]), self._radius_m

    def states(self, lonlat_deg: Numbers, reach_m: Numbers) -> States:
        """Decided by the geodesic distance from the centre."""
        centre = np.array([[self._centre.lon_deg, self._centre.lat_deg]])
        beyond_m = distance_m(lonlat_deg, centre) - self._radius_m
        sign = np.where(beyond_m < 0, IN, OUT)
        return np.where(np.abs(beyond_m) > reach_m, sign, UNDECIDED).astype(np.int8)

    def region(self, plane: Plane, reach_m: float, tol_m: float) -> BaseGeometry:
        """The geodesic circle, filled."""
        count = corners(self._radius_m, tol_m)
        turn = np.arange(count) * (2 * pi / count)
        circle = self._radius_m * np.column_stack((np.sin(turn), np.cos(turn)))
        disc = shapely.Polygon(plane.project(self._centre.unproject(circle)))
        return shapely.intersection(disc, window(reach_m))


class Ground(Protocol):
    """Something that tells which points of the earth it holds."""

    def holds(self, lonlat_deg: Numbers) -> Flags:
        """One flag per point."""


class Inside:
    """What any of some polygons holds; their edges are straight in degrees."""

    def __init__(self, areas: Sequence[Polygon]) -> None:
        """Prepare the polygons for many tests."""
        self._areas = [shapely.Polygon(one.outer, one.holes) for one in areas]
        shapely.prepare(self._areas)

    def holds(self, lonlat_deg: Numbers) -> Flags:
        """Whether any area holds each point, whatever turn its longitudes are on."""
        found = np.zeros(len(lonlat_deg), dtype=np.bool_)
        for area in self._areas:
            west = area.bounds[0]
            lon = west + (lonlat_deg[:, 0] - west) % 360
            found |= shapely.intersects_xy(area, lon, lonlat_deg[:, 1])
        return found


class LeftOf:
    """What lies to the left of a path.

    Each end is carried on along the great ellipse that leads away from the middle of
    the path, half around the earth, so that every place is left or right. Where such
    an extension meets the path again, sides change as at any crossing.
    """

    def __init__(self, path: Numbers) -> None:
        """Extend the path and close it far away on its left."""
        middle = path[len(path) // 2] if len(path) > 2 else path.mean(axis=0)
        self._chart = Plane(float(middle[0]), float(middle[1]))
        tails = [self._tail(path[0])[::-1], self._tail(path[-1])]
        self.border = Curve.through(tails[0], path, tails[1])
        drawn = Curve.through(path).traced(self._chart, _CHART_M)
        ring = np.concatenate((drawn, _arc(drawn[-1], drawn[0])))
        self._left = shapely.make_valid(shapely.Polygon(ring))
        shapely.prepare(self._left)

    def holds(self, lonlat_deg: Numbers) -> Flags:
        """Whether each point lies to the left."""
        return np.asarray(
            shapely.contains_xy(self._left, self._chart.project(lonlat_deg))
        )

    def _tail(self, end_deg: Numbers) -> Numbers:
        """From an end of the path straight on to the far side of the earth."""
        xy = self._chart.project(end_deg[None])[0]
        range_m = max(hypot(*xy), 1.0)
        steps = np.geomspace(range_m, _FAR_M, 2_000)
        tail = self._chart.unproject(xy / range_m * steps[:, None])
        tail[0] = end_deg
        tail[:, 0] = np.unwrap(tail[:, 0], period=360)
        return tail


@dataclass(frozen=True, slots=True)
class Beyond:
    """What another ground does not hold."""

    ground: Ground

    def holds(self, lonlat_deg: Numbers) -> Flags:
        """The opposite of each flag."""
        return ~self.ground.holds(lonlat_deg)


# Equal shapes are the same part, so that what is worked out once serves every zone.
@lru_cache(maxsize=256)
def polygon_part(shape: Polygon) -> Part:
    """A polygon of the agreement, its border exact."""
    return Bordered(Curve.through(*_rings((shape,))), Inside((shape,)))


@lru_cache(maxsize=64)
def band_part(line: Line, within_m: float) -> Part:
    """Everything within a distance of a line."""
    return Near(line, within_m)


@lru_cache(maxsize=1_024)
def disc_part(lon_deg: float, lat_deg: float, radius_m: float) -> Part:
    """Everything within a geodesic distance of a point."""
    return Round(lon_deg, lat_deg, radius_m)


@lru_cache(maxsize=32)
def side_part(line: Line, held: str) -> Part:
    """What is ``left``, ``right`` or ``inside`` of a line, or the ``rest``."""
    if line.path:
        left = LeftOf(np.array(line.path))
        return Bordered(left.border, left if held == "left" else Beyond(left), line)
    inside = Inside(line.areas)
    ground = inside if held == "inside" else Beyond(inside)
    return Bordered(curve_of(line), ground, line)


@lru_cache(maxsize=32)
def curve_of(line: Line) -> Curve:
    """The edges of a line, drawn as a path or as the border of areas."""
    paths = [np.array(line.path)] if line.path else _rings(line.areas)
    return Curve.through(*paths)


def window(reach_m: float) -> shapely.Polygon:
    """The square about a plane's centre that holds all within reach."""
    return shapely.box(-reach_m, -reach_m, reach_m, reach_m)


def corners(radius_m: float, tol_m: float) -> int:
    """How many corners a circle needs to be round to ``tol_m``."""
    return min(max(ceil(pi / sqrt(2 * tol_m / radius_m)), 32), 16_384)


def _rings(areas: Sequence[Polygon]) -> list[Numbers]:
    return [np.array(ring) for one in areas for ring in (one.outer, *one.holes)]


def _arc(start: Numbers, end: Numbers) -> Numbers:
    """Far points from one direction anticlockwise to another."""
    first = np.arctan2(start[1], start[0])
    sweep = (np.arctan2(end[1], end[0]) - first) % (2 * pi)
    turn = first + np.linspace(0, sweep, 361)
    return 1.01 * _FAR_M * np.column_stack((np.cos(turn), np.sin(turn)))

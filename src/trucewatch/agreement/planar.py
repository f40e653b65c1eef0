"""Flat ground about a point, and borders found quickly on the round earth.

Points are arrays of shape ``(n, 2)``: ``(lon_deg, lat_deg)`` on WGS 84, or ``(x, y)``
in metres, east and north of a plane's centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees, hypot
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

Numbers = NDArray[np.float64]

_GEOD = Geod(ellps="WGS84")
_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_PER_DEGREE_M = 111_700.0  # no degree of WGS 84 is longer, either way
_PIECE_M = 5_000.0  # borders are searched in pieces no longer than this
_MOST_STEPS = 2_048  # of one piece; only reached beside a pole


def distance_m(from_deg: Numbers, to_deg: Numbers) -> Numbers:
    """Geodesic distances on WGS 84 between points taken in pairs."""
    return np.asarray(_inverse(from_deg, to_deg)[1], dtype=np.float64)


def _inverse(from_deg: Numbers, to_deg: Numbers) -> tuple[Numbers, Numbers]:
    start, end = np.broadcast_arrays(from_deg, to_deg)
    lon1, lat1, lon2, lat2 = np.array([*start.T, *end.T], dtype=np.float64)
    azimuth_deg, _, length_m = _GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(azimuth_deg), np.asarray(length_m)


@dataclass(frozen=True, slots=True)
class Plane:
    """The azimuthal-equidistant plane about a point of WGS 84.

    Distance and azimuth from the centre are the geodesic ones, everywhere on earth;
    between two other points at range ``r`` a distance is long by up to
    ``r² / 6R²``: 0.004 % at 100 km.

    Source: J. P. Snyder, Map Projections - A Working Manual, USGS PP 1395, §25.
    """

    lon_deg: float
    lat_deg: float

    def project(self, lonlat_deg: Numbers) -> Numbers:
        """Where points lie in the plane."""
        azimuth_deg, length_m = _inverse(self._centre, lonlat_deg)
        turn = np.radians(azimuth_deg)
        return np.column_stack((length_m * np.sin(turn), length_m * np.cos(turn)))

    def unproject(self, xy_m: Numbers) -> Numbers:
        """Which points of the earth lie there; longitudes in [-180, 180]."""
        length_m = np.hypot(xy_m[:, 0], xy_m[:, 1])
        azimuth_deg = np.degrees(np.arctan2(xy_m[:, 0], xy_m[:, 1]))
        lon0, lat0 = np.full(len(xy_m), self.lon_deg), np.full(len(xy_m), self.lat_deg)
        lon, lat, _ = _GEOD.fwd(lon0, lat0, azimuth_deg, length_m)
        return np.column_stack((lon, lat))

    @property
    def _centre(self) -> Numbers:
        return np.array([[self.lon_deg, self.lat_deg]])


class Curve:
    """Edges straight in longitude and latitude, with a tree to find the near ones."""

    def __init__(self, start_deg: Numbers, end_deg: Numbers) -> None:
        """Cut the edges into pieces of at most 5 km; each array is ``(n, 2)``."""
        counts = np.ceil(_longest_m(start_deg, end_deg) / _PIECE_M).astype(int)
        counts = np.maximum(counts, 1)
        edge = np.repeat(np.arange(len(counts)), counts)
        step = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
        along = (end_deg - start_deg)[edge] / counts[edge, None]
        self._start: Numbers = start_deg[edge] + along * step[:, None]
        self._end = self._start + along
        self._middle = self._start + along / 2

    @classmethod
    def through(cls, *paths: Numbers) -> Curve:
        """The edges of paths given by their vertices."""
        starts = [np.asarray(path)[:-1] for path in paths]
        ends = [np.asarray(path)[1:] for path in paths]
        return cls(np.concatenate(starts), np.concatenate(ends))

    @property
    def points_deg(self) -> Numbers:
        """Points along the curve at most 5 km apart."""
        return self._start

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(_chord_space(self._middle))

    @cached_property
    def _half_m(self) -> float:
        longest = _longest_m(self._start, self._end)
        return float(longest.max()) / 2

    def bounds_m(self, lonlat_deg: Numbers) -> tuple[Numbers, Numbers]:
        """Least and greatest geodesic distance the curve can have from each point.

        A chord is never longer than the geodesic, and no piece reaches further than
        half its length from its middle.
        """
        chord_m, nearest = self._tree.query(_chord_space(lonlat_deg))
        farthest_m = distance_m(lonlat_deg, self._middle[nearest])
        return np.maximum(chord_m - self._half_m, 0.0), farthest_m

    def near(self, plane: Plane, reach_m: float, tol_m: float) -> Numbers:
        """All edges within reach of the centre, as few as are true to ``tol_m``.

        Edges somewhat beyond reach may be among them.

        Returns:
            Ends in the plane, in metres, of shape ``(n, 2, 2)``.
        """
        centre = _chord_space(np.array([[plane.lon_deg, plane.lat_deg]]))[0]
        found = self._tree.query_ball_point(centre, reach_m + self._half_m)
        if not found:
            return np.empty((0, 2, 2))
        pieces = np.array(sorted(found))
        points = _refined(self._start[pieces], self._end[pieces], tol_m)
        flat = plane.project(points.reshape(-1, 2)).reshape(points.shape)
        edges = np.stack((flat[:, :-1], flat[:, 1:]), axis=2).reshape(-1, 2, 2)
        moved = np.abs(edges[:, 1] - edges[:, 0]).max(axis=1) > 0
        return _straightened(edges[moved], tol_m)

    def traced(self, plane: Plane, tol_m: float) -> Numbers:
        """All of a curve that is one path, as points of the plane in drawn order."""
        points = _refined(self._start, self._end, tol_m)
        path = np.concatenate((points[:, :-1].reshape(-1, 2), points[-1:, -1]))
        return plane.project(path)

    def distance_m(self, plane: Plane, tol_m: float = 0.01) -> float:
        """Geodesic distance from the plane's centre, to within about ``tol_m``."""
        centre = np.array([[plane.lon_deg, plane.lat_deg]])
        _, farthest_m = self.bounds_m(centre)
        edges = self.near(plane, float(farthest_m[0]) + 1.0, tol_m)
        return float(_from_origin_m(edges).min())


def middle_of(lonlat_deg: Numbers) -> Plane:
    """The plane about the mean direction of some points, seen from the earth's centre.

    Points that balance around the whole earth get the plane of the first of them.
    """
    x, y, z = _chord_space(lonlat_deg).mean(axis=0)
    if hypot(x, y, z) < 1.0:
        return Plane(float(lonlat_deg[0, 0]), float(lonlat_deg[0, 1]))
    return Plane(degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y))))


def gathered(edges_m: Numbers) -> BaseGeometry:
    """Edges, ``(n, 2, 2)``, as one collection of lines."""
    lines = np.asarray(shapely.linestrings(edges_m), dtype=np.object_)
    return cast(BaseGeometry, shapely.multilinestrings(lines))


def _from_origin_m(edges_m: Numbers) -> Numbers:
    """Distance of each edge, ``(n, 2, 2)``, from the plane's centre."""
    start, along = edges_m[:, 0], edges_m[:, 1] - edges_m[:, 0]
    share = -(start * along).sum(axis=1) / (along * along).sum(axis=1)
    nearest = start + along * np.clip(share, 0, 1)[:, None]
    return np.asarray(np.hypot(nearest[:, 0], nearest[:, 1]))


def _longest_m(start_deg: Numbers, end_deg: Numbers) -> Numbers:
    """A length no edge exceeds on the ground."""
    span = np.abs(end_deg - start_deg)
    across = (start_deg[:, 1] > 0) != (end_deg[:, 1] > 0)
    least = np.minimum(np.abs(start_deg[:, 1]), np.abs(end_deg[:, 1]))
    widest = np.cos(np.radians(np.where(across, 0.0, least)))
    return np.asarray(_PER_DEGREE_M * np.hypot(span[:, 0] * widest, span[:, 1]))


def _refined(start_deg: Numbers, end_deg: Numbers, tol_m: float) -> Numbers:
    """Points along pieces, ``(n, steps + 1, 2)``, with chords flat to ``tol_m``.

    An edge straight in longitude and latitude curves on the ground by at most about
    ``(1 + 2 tan lat) / R``; a chord of length ``c`` then lies off by ``c² / 8`` of it.
    """
    steep = np.maximum(np.abs(start_deg[:, 1]), np.abs(end_deg[:, 1]))
    bend = (1 + 2 * np.tan(np.radians(np.minimum(steep, 89.99)))) / _EQUATOR_M
    chord_m = np.sqrt(8 * tol_m / bend)
    most = np.ceil(_longest_m(start_deg, end_deg) / chord_m).max()
    steps = int(min(max(most, 1), _MOST_STEPS))
    share = np.linspace(0, 1, steps + 1)[None, :, None]
    return start_deg[:, None] * (1 - share) + end_deg[:, None] * share


def _straightened(edges_m: Numbers, tol_m: float) -> Numbers:
    """The same lines without the corners that bend them by less than ``tol_m``."""
    lines = shapely.line_merge(gathered(edges_m))
    fewer = shapely.simplify(shapely.get_parts(lines), tol_m)
    points, line = shapely.get_coordinates(fewer, return_index=True)
    joined = line[1:] == line[:-1]
    return np.stack((points[:-1][joined], points[1:][joined]), axis=1)


def _chord_space(lonlat_deg: Numbers) -> Numbers:
    """Earth-centred coordinates in metres, ``(n, 3)``: straight lines are chords."""
    lon, lat = np.radians(lonlat_deg[:, 0]), np.radians(lonlat_deg[:, 1])
    squared = _FLATTENING * (2 - _FLATTENING)
    normal_m = _EQUATOR_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
    out_m = normal_m * np.cos(lat)
    up_m = normal_m * (1 - squared) * np.sin(lat)
    return np.column_stack((out_m * np.cos(lon), out_m * np.sin(lon), up_m))

"""How much of a normal law lies in a polygon: closed form, no sampling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, fsum, pi, radians, sin, sqrt

import numpy as np
import shapely
from scipy.special import ndtri, owens_t
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.planar import Numbers
from trucewatch.place import SIGMAS_90, Place

# Points of the lattice for what has no closed form; its error stays below 0.005.
_LATTICE_POINTS = 8_192


@dataclass(frozen=True, slots=True)
class Law:
    """A bivariate normal law about the origin of a plane.

    Attributes:
        major_m: standard deviation along the major axis.
        minor_m: standard deviation across it.
        azimuth_deg: of the major axis, clockwise from north (the y axis).
    """

    major_m: float
    minor_m: float
    azimuth_deg: float

    @classmethod
    def of(cls, place: Place, shift_m: float = 0.0) -> Law:
        """The law of a place, seen from a line shifted by ``shift_m`` (one sd).

        The shift is normal, isotropic and independent of the place, so the two
        variances add.
        """
        major_m = place.semi_major_m / SIGMAS_90
        minor_m = place.semi_minor_m / SIGMAS_90
        spread = sqrt(major_m**2 + shift_m**2), sqrt(minor_m**2 + shift_m**2)
        return cls(*spread, place.azimuth_deg)

    def whitened(self, xy_m: Numbers) -> Numbers:
        """Points in standard deviations along and across the major axis."""
        s, c = sin(radians(self.azimuth_deg)), cos(radians(self.azimuth_deg))
        along = (xy_m[:, 0] * s + xy_m[:, 1] * c) / self.major_m
        across = (xy_m[:, 1] * s - xy_m[:, 0] * c) / self.minor_m
        return np.column_stack((along, across))

    def spread(self, normal_ratio: Numbers) -> Numbers:
        """Points of the plane, in metres, made of pairs of standard normal numbers."""
        s, c = sin(radians(self.azimuth_deg)), cos(radians(self.azimuth_deg))
        along = normal_ratio[:, 0] * self.major_m
        across = normal_ratio[:, 1] * self.minor_m
        return np.column_stack((along * s - across * c, along * c + across * s))


def p_of(geometry: BaseGeometry, law: Law) -> float:
    """The probability of the polygons of ``geometry``, holes left out."""
    parts = []
    for polygon in shapely.get_parts(geometry):
        if isinstance(polygon, shapely.Polygon) and not polygon.is_empty:
            parts.append(_p_of_ring(polygon.exterior, law))
            parts.extend(-_p_of_ring(hole, law) for hole in polygon.interiors)
    return min(max(fsum(parts), 0.0), 1.0)


def _p_of_ring(ring: shapely.LinearRing, law: Law) -> float:
    """The probability of what a ring encloses, by Green's theorem.

    In polar coordinates of the whitened plane the law's mass inside a closed path is
    the integral of ``(1 - exp(-r²/2)) dθ / 2π`` along it. Over a straight edge at
    distance ``h`` from the origin, from ``u`` to ``v`` along itself, the second part
    is ``T(h, v/h) - T(h, u/h)`` with Owen's function T.

    Source: D. B. Owen, Tables for computing bivariate normal probabilities, Ann.
    Math. Statist. 27 (1956) 1075-1090; A. R. DiDonato & R. K. Hageman, SIAM J. Sci.
    Stat. Comput. 3 (1982) 434-446.
    """
    points = law.whitened(shapely.get_coordinates(ring))
    start, end = points[:-1], points[1:]
    edge = end - start
    length = np.hypot(edge[:, 0], edge[:, 1])
    start, end, edge = start[length > 0], end[length > 0], edge[length > 0]
    unit = edge / length[length > 0, None]
    height = start[:, 0] * unit[:, 1] - start[:, 1] * unit[:, 0]
    clear = np.abs(height) > 1e-12  # an edge through the origin sweeps no angle
    start, end, unit, height = start[clear], end[clear], unit[clear], height[clear]
    u, v = (start * unit).sum(axis=1), (end * unit).sum(axis=1)
    cross = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    swept = np.arctan2(cross, (start * end).sum(axis=1)) / (2 * pi)
    cut = owens_t(height, v / height) - owens_t(height, u / height)
    return abs(fsum((swept - cut).tolist()))


@lru_cache(maxsize=8)
def lattice(dimensions: int, points: int = _LATTICE_POINTS) -> Numbers:
    """Standard normal points spread evenly, the same ones every time.

    Returns:
        A read-only array of shape ``(points, dimensions)``, without unit.

    Source: H. Niederreiter, Random Number Generation and Quasi-Monte Carlo Methods,
    SIAM 1992, §3 (Kronecker sequence, here of the generalised golden ratio).
    """
    ratio = 2.0
    for _ in range(64):  # the root above 1 of x^(d+1) = x + 1
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    step = ratio ** -np.arange(1.0, dimensions + 1)
    uniform = (0.5 + np.arange(1, points + 1)[:, None] * step) % 1.0
    normal = np.asarray(ndtri(np.clip(uniform, 1e-12, 1 - 1e-12)), dtype=np.float64)
    normal.setflags(write=False)
    return normal

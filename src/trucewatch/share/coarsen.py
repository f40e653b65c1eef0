"""Make places and times as coarse as a release level allows, never finer.

What is released always contains what is known: cells hold the centre, ellipses
hold the ellipse, periods hold the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, cos, hypot, radians, sqrt

from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.record import Value
from trucewatch.share.release import FIRING_CELL_DEG

# Longest degree on WGS 84 (of latitude, at a pole), so that bounds are upper bounds.
_DEGREE_M = 111_694.0
# Shortest degrees: of latitude at the equator; of longitude times the cosine.
_SHORT_DEGREE_M = 110_574.0
FIRING_CELL_M = 2_000.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cell(Value):
    """A released place: a square in degrees and a 90 % ellipse about its centre.

    Attributes:
        lat_deg: of the centre, a multiple of ``cell_deg``.
        lon_deg: of the centre, in [-180, 180).
        semi_major_m: semi-axes of an ellipse that holds the whole 90 % ellipse of
            the true place, wherever in the cell its centre lies.
    """

    lat_deg: float
    lon_deg: float
    cell_deg: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_deg: float


def coarse(place: Place, cell_deg: float) -> Cell:
    """The cell of a place, with the ellipse widened by half the cell's diagonal."""
    lat_deg, lon_deg = snapped(place.lat_deg, place.lon_deg, cell_deg)
    reach_m = _half_diagonal_m(lat_deg, cell_deg)
    major_m, minor_m = _widened(place.semi_major_m, place.semi_minor_m, reach_m)
    step_m = max(1.0, reach_m / 10)
    return Cell(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        cell_deg=cell_deg,
        semi_major_m=ceil(major_m / step_m) * step_m,
        semi_minor_m=ceil(minor_m / step_m) * step_m,
        azimuth_deg=place.azimuth_deg,
    )


def snapped(lat_deg: float, lon_deg: float, cell_deg: float) -> tuple[float, float]:
    """The nearest multiples of ``cell_deg``, longitude in [-180, 180)."""
    decimals = len(f"{cell_deg:.7f}".rstrip("0").partition(".")[2])
    lat = round(round(lat_deg / cell_deg) * cell_deg, decimals)
    lon = round(round(lon_deg / cell_deg) * cell_deg, decimals)
    return lat + 0.0, (lon - 360 if lon >= 180 else lon) + 0.0


def firing_cell_deg(lat_deg: float) -> float:
    """Side of the cell for what may be firing: nowhere shorter than 2 km."""
    shortest_m = FIRING_CELL_DEG * _SHORT_DEGREE_M * cos(radians(min(abs(lat_deg), 85)))
    return FIRING_CELL_DEG * ceil(FIRING_CELL_M / shortest_m)


def widened(time: Period, step_s: float) -> Period:
    """The shortest period on the grid of ``step_s`` seconds that holds ``time``."""
    step = timedelta(seconds=step_s)
    begin = _EPOCH + (time.begin - _EPOCH) // step * step
    return Period(begin, _EPOCH - (_EPOCH - time.end) // step * step)


def _half_diagonal_m(lat_deg: float, cell_deg: float) -> float:
    nearest_equator_deg = max(0.0, abs(lat_deg) - cell_deg / 2)
    width_ratio = cos(radians(nearest_equator_deg))
    return _DEGREE_M * cell_deg / 2 * hypot(1.0, width_ratio)


def _widened(major_m: float, minor_m: float, reach_m: float) -> tuple[float, float]:
    """Semi-axes of an ellipse holding another one moved by up to ``reach_m``.

    Source: Kurzhanski and Valyi, Ellipsoidal Calculus (1997), §2.2: the outer
    ellipsoid of a sum, of least trace.
    """
    t = sqrt((major_m**2 + minor_m**2) / (2 * reach_m**2))
    wide = (1 + t) * reach_m**2
    stretch = 1 + 1 / t
    return sqrt(stretch * major_m**2 + wide), sqrt(stretch * minor_m**2 + wide)

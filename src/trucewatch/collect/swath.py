"""What a scanning fire sensor sees from its orbit: swath, scan angle, size of a pixel.

The Earth is a sphere here; against the ellipsoid that costs under 1 % of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, hypot, radians, sin, sqrt

EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Scanner:
    """A cross-track scanner of thermal anomalies.

    Attributes:
        family: of procedures, ``viirs`` or ``modis``.
        altitude_m: nominal height of the orbit.
        edge_deg: largest scan angle from nadir.
        zones: from nadir outwards, scan angle up to which so many samples along the
            scan are one pixel.
        sample_m: size of one sample at nadir along the scan.
        line_m: size of one detector at nadir along the track.
        lines: detectors per scan; scans overlap off nadir (bow-tie).
    """

    family: str
    altitude_m: float
    edge_deg: float
    zones: tuple[tuple[float, int], ...]
    sample_m: float
    line_m: float
    lines: int


# Source: VIIRS Imagery 375 m: aggregation 3:1, 2:1, 1:1 at 31.72 and 44.86 deg, edge at
# 56.28 deg, 32 lines (Wolfe et al. 2013, doi:10.1002/jgrd.50873); sample 129 m by 371 m
# at nadir (JPSS VIIRS geolocation ATBD), orbit 829 km.
VIIRS = Scanner(
    family="viirs",
    altitude_m=829_000.0,
    edge_deg=56.28,
    zones=((31.72, 3), (44.86, 2), (56.28, 1)),
    sample_m=129.0,
    line_m=371.0,
    lines=32,
)
# Source: MODIS 1 km bands: +-55 deg, 10 lines, orbit 705 km (MODIS geolocation ATBD).
MODIS = Scanner(
    family="modis",
    altitude_m=705_000.0,
    edge_deg=55.0,
    zones=((55.0, 1),),
    sample_m=1_000.0,
    line_m=1_000.0,
    lines=10,
)


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Ground a pixel covers.

    Attributes:
        scan_m: across the track.
        track_m: along it.
        overlap_ratio: share of a scan's ground that its neighbours see as well; VIIRS
            deletes most of it on board, MODIS lists it twice.
    """

    scan_m: float
    track_m: float
    overlap_ratio: float


def pixel_size(scanner: Scanner, scan_deg: float) -> PixelSize:
    """The ground a pixel covers at a scan angle from nadir, either side.

    Raises:
        ValueError: if the sensor does not scan as far.

    Source: sphere of radius R seen from height h at angle t: central angle
    g = asin((R + h) / R sin t) - t, slant d = R sin g / sin t; along the scan
    R dg/dt, along the track d, each times the sample's angle.
    """
    scan = abs(scan_deg)
    if not scan <= scanner.edge_deg:
        msg = f"{scan_deg} deg lies beyond the scan's edge, {scanner.edge_deg} deg"
        raise ValueError(msg)
    samples = next(count for edge_deg, count in scanner.zones if scan <= edge_deg)
    along = samples * scanner.sample_m / scanner.altitude_m
    ratio = (EARTH_M + scanner.altitude_m) / EARTH_M
    angle = radians(scan)
    stretch = ratio * cos(angle) / sqrt(1 - (ratio * sin(angle)) ** 2) - 1
    slant_m = _slant_m(scanner, angle)
    growth = slant_m / scanner.altitude_m
    return PixelSize(
        scan_m=EARTH_M * stretch * along,
        track_m=scanner.line_m * growth,
        overlap_ratio=max(0.0, 1 - 1 / growth),
    )


def off_track_m(scanner: Scanner, scan_deg: float) -> float:
    """How far from the ground track a scan angle looks, along the sphere."""
    angle = radians(abs(scan_deg))
    ratio = (EARTH_M + scanner.altitude_m) / EARTH_M
    return EARTH_M * (asin(ratio * sin(angle)) - angle)


def scan_angle_deg(scanner: Scanner, away_m: float) -> float:
    """The scan angle from nadir at which ground so far off the track is seen.

    Raises:
        ValueError: if that ground lies outside the swath.
    """
    reach_m = off_track_m(scanner, scanner.edge_deg)
    if not 0 <= away_m <= reach_m:
        msg = f"{away_m:.0f} m off the track lies outside the swath, {reach_m:.0f} m"
        raise ValueError(msg)
    central = away_m / EARTH_M
    beyond = (EARTH_M + scanner.altitude_m) / EARTH_M - cos(central)
    return degrees(asin(sin(central) / hypot(sin(central), beyond)))


def _slant_m(scanner: Scanner, angle: float) -> float:
    if angle < 1e-9:
        return scanner.altitude_m
    ratio = (EARTH_M + scanner.altitude_m) / EARTH_M
    central = asin(ratio * sin(angle)) - angle
    return EARTH_M * sin(central) / sin(angle)

"""The flat frame a network is solved in, and the way back to the frame of its files."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from trucewatch.errors import SourceError

Reals: TypeAlias = NDArray[np.float64]

# So far from its centre the plane is wrong by 1 part in 2,700, as much as 0.13 m/s of
# wind. Source: J. P. Snyder, Map Projections (1987), p. 195: scale c / sin c across.
MAX_REACH_M = 300_000.0
# Nodes this close to one line cannot tell its two sides apart.
LEAST_WIDTH_M = 25.0
LEAST_WIDTH_RATIO = 0.005
_STEP_DEG = 1e-4
SQRT_CHI2_90 = 2.1459660262893476  # of two degrees of freedom


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plane touches the ellipsoid; nowhere, if the files are flat already."""

    centre: tuple[float, float] | None = None

    @property
    def columns(self) -> tuple[str, str]:
        """The names of the coordinates in files."""
        return ("x_m", "y_m") if self.centre is None else ("lat", "lon")

    def plane(self, first: Reals, second: Reals) -> tuple[Reals, Reals]:
        """Metres east and north of the coordinates of a file."""
        if self.centre is None:
            return first, second
        east, north = self._transformer().transform(second, first)
        return np.asarray(east), np.asarray(north)

    def back(self, x_m: Reals, y_m: Reals) -> tuple[Reals, Reals]:
        """The coordinates of a file, in the order of ``columns``."""
        if self.centre is None:
            return x_m, y_m
        lon, lat = self._transformer().transform(x_m, y_m, direction="INVERSE")
        return np.asarray(lat), np.asarray(lon)

    def north_deg(self, x_m: Reals, y_m: Reals) -> Reals:
        """Azimuth of north in the plane, clockwise from its y axis, shape (n,)."""
        if self.centre is None:
            return np.zeros(len(x_m))
        lat, lon = self.back(x_m, y_m)
        east, north = self.plane(lat + _STEP_DEG, lon)
        return np.degrees(np.arctan2(east - x_m, north - y_m))

    def _transformer(self) -> Transformer:
        lat, lon = self.centre or (0.0, 0.0)
        plane = f"+proj=aeqd +lat_0={lat:.9f} +lon_0={lon:.9f} +datum=WGS84 +units=m"
        return Transformer.from_crs("EPSG:4326", plane, always_xy=True)


def frame_of(lat_deg: Reals, lon_deg: Reals) -> Frame:
    """A plane centred on a network, anywhere on earth, the antimeridian included.

    Raises:
        SourceError: if the network is too large for one plane.
    """
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    x, y = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon)
    mean = [float(one.mean()) for one in (x, y, np.sin(lat))]
    centre = degrees(atan2(mean[2], hypot(mean[0], mean[1])))
    frame = Frame((round(centre, 4), round(degrees(atan2(mean[1], mean[0])), 4)))
    east, north = frame.plane(lat_deg, lon_deg)
    reach = float(np.hypot(east, north).max())
    if not reach <= MAX_REACH_M:
        msg = (
            f"a sensor lies {reach / 1e3:.0f} km from the middle of the network; one "
            f"plane serves {MAX_REACH_M / 1e3:.0f} km: check lat and lon, or split it"
        )
        raise SourceError(msg)
    return frame


def check_spread(x_m: Reals, y_m: Reals) -> None:
    """Return when a network can tell one side of itself from the other.

    Raises:
        SourceError: if it has fewer than three places or all lie on one line.
    """
    places = len(set(zip(x_m.tolist(), y_m.tolist(), strict=True)))
    if places < 3:
        msg = f"{places} places of sensors; at least 3, not on one line, are needed"
        raise SourceError(msg)
    xx, xy, yy = covariance(x_m, y_m)
    long, short, _ = axes(np.array([xx]), np.array([xy]), np.array([yy]))
    wide = max(LEAST_WIDTH_M, LEAST_WIDTH_RATIO * float(long[0]))
    if short[0] < wide:
        msg = (
            f"the sensors lie on one line ({short[0]:.1f} m rms off it, {wide:.0f} m "
            "are needed): they cannot tell its sides apart"
        )
        raise SourceError(msg)


def covariance(x_m: Reals, y_m: Reals) -> tuple[float, float, float]:
    """Variances and covariance of places about their mean, in m^2."""
    dx, dy = x_m - x_m.mean(), y_m - y_m.mean()
    return float((dx * dx).mean()), float((dx * dy).mean()), float((dy * dy).mean())


def axes(xx: Reals, xy: Reals, yy: Reals) -> tuple[Reals, Reals, Reals]:
    """Standard deviations along the axes of ellipses, and the azimuth of the longer.

    Azimuth in degrees clockwise from y, 0 to 180; shape (n,) each.
    """
    half, apart = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    long, short = np.sqrt(half + apart), np.sqrt(np.maximum(half - apart, 0.0))
    turn = 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy))  # counter-clockwise from x
    return long, short, np.mod(90.0 - turn, 180.0)

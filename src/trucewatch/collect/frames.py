"""What ground a camera in the air has in its picture, on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.shapes import WGS84, one_polygon

Vectors = NDArray[np.float64]  # shape (n, 3) or (3, 3)

_TO_EARTH = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
_FROM_EARTH = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
_A_M, _B_M = WGS84.a, WGS84.b
_NEWTON_STEPS = 4
_BISECTIONS = 40
MAX_OPENING_DEG = 170.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, where it is and how it is turned.

    Attributes:
        height_m: above the ellipsoid, or above whatever ``ground_m`` counts from.
        ground_m: of the ground in the picture, taken as level.
        turned: rotation from camera (forward, right, down) to north, east, down.
        across_deg: full angle of view from left to right.
        along_deg: full angle of view from top to bottom.
    """

    lat_deg: float
    lon_deg: float
    height_m: float
    ground_m: float
    turned: Vectors
    across_deg: float
    along_deg: float


def turn(heading_deg: float, pitch_deg: float, roll_deg: float) -> Vectors:
    """The rotation by heading (clockwise), pitch (nose up), then roll (right down).

    Source: MISB ST 0601.19, 6.1; aerospace sequence 3-2-1.
    """
    h, p, r = (radians(one) for one in (heading_deg, pitch_deg, roll_deg))
    ch, sh, cp, sp, cr, sr = (
        *(np.cos(h), np.sin(h), np.cos(p)),
        *(np.sin(p), np.cos(r), np.sin(r)),
    )
    yaw = np.array([[ch, -sh, 0], [sh, ch, 0], [0, 0, 1]])
    nod = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    tilt = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    turned: Vectors = yaw @ nod @ tilt
    return turned


def footprint(camera: Camera, range_m: float) -> Polygon:
    """The ground in the picture within a range, a four-sided figure.

    Where the upper or lower edge of the picture looks above the horizon or beyond the
    range, the figure ends where the picture last shows ground within it: it never holds
    ground that is not in the picture.

    Raises:
        ValueError: if no edge of the picture shows ground within the range.
    """
    if (
        not (0 < camera.across_deg < MAX_OPENING_DEG and camera.along_deg > 0)
        or not camera.along_deg < MAX_OPENING_DEG
    ):
        msg = (
            f"an angle of view of {camera.across_deg:.1f} by {camera.along_deg:.1f} "
            "degrees is not between 0 and 170"
        )
        raise ValueError(msg)
    top, bottom = -1.0, 1.0  # of the picture, in half heights downwards
    if not _seen(camera, bottom, range_m):
        top, bottom = bottom, top
    if not _seen(camera, bottom, range_m):
        msg = f"it shows no ground within {range_m:.0f} m"
        raise ValueError(msg)
    if not _seen(camera, top, range_m):
        top = _last_seen(camera, top, bottom, range_m)
    ends = np.vstack((
        _edge(camera, top, range_m),
        _edge(camera, bottom, range_m)[::-1],
    ))
    turns = np.round((camera.lon_deg - ends[:, 0]) / 360)
    return one_polygon(
        shapely.Polygon(np.column_stack((ends[:, 0] + 360 * turns, ends[:, 1])))
    )


def centre_deg(camera: Camera, range_m: float) -> tuple[float, float] | None:
    """Latitude and longitude of the picture's middle, ``None`` where it shows none."""
    ray = np.array([[1.0, 0.0, 0.0]])
    lon, lat = _ground(camera, ray, range_m)[0].tolist()
    return (lat, lon) if np.isfinite(lat) else None


def _last_seen(camera: Camera, far: float, near: float, range_m: float) -> float:
    """The line of the picture nearest to ``far`` that still shows ground."""
    for _ in range(_BISECTIONS):
        middle = (far + near) / 2
        if _seen(camera, middle, range_m):
            near = middle
        else:
            far = middle
    return near


def _seen(camera: Camera, down: float, range_m: float) -> bool:
    return bool(np.isfinite(_edge(camera, down, range_m)).all())


def _edge(camera: Camera, down: float, range_m: float) -> Vectors:
    """Longitude and latitude of both ends of one line of the picture."""
    right = tan(radians(camera.across_deg) / 2)
    below = down * tan(radians(camera.along_deg) / 2)
    return _ground(
        camera, np.array([[1.0, -right, below], [1.0, right, below]]), range_m
    )


def _ground(camera: Camera, rays: Vectors, range_m: float) -> Vectors:
    """Where rays of the camera's frame meet the ground; NaN where they do not.

    The ellipsoid raised by the ground's height is met in closed form; Newton's method
    then moves the point to the surface of exactly that height.
    """
    lon, lat = radians(camera.lon_deg), radians(camera.lat_deg)
    north = [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)]
    east = [-np.sin(lon), np.cos(lon), 0.0]
    down = [-np.cos(lat) * np.cos(lon), -np.cos(lat) * np.sin(lon), -np.sin(lat)]
    to_earth = np.array([north, east, down]).T
    units = (to_earth @ camera.turned @ rays.T).T
    units /= np.linalg.norm(units, axis=1)[:, None]
    start = np.array(
        _TO_EARTH.transform(camera.lon_deg, camera.lat_deg, camera.height_m)
    )
    way_m = _way(start, units, camera.ground_m)
    for _ in range(_NEWTON_STEPS):
        spot = start + way_m[:, None] * units
        height = _on_earth(spot)[:, 2]
        up = spot / np.array([_A_M**2, _A_M**2, _B_M**2])
        up /= np.linalg.norm(up, axis=1)[:, None]
        sink = (units * up).sum(axis=1)
        way_m -= (height - camera.ground_m) / sink
    good = (way_m > 0) & (way_m <= range_m)
    spot = start + np.where(good, way_m, 0.0)[:, None] * units
    found = _on_earth(spot)[:, :2]
    found[~good] = np.nan
    return found


def _on_earth(spots: Vectors) -> Vectors:
    """Longitude, latitude and height of points given from the middle of the Earth."""
    found: Vectors = np.column_stack(_FROM_EARTH.transform(*spots.T))
    return found


def _way(start: Vectors, units: Vectors, ground_m: float) -> NDArray[np.float64]:
    """Distance to the ellipsoid with both axes longer by the ground's height."""
    axes = np.array([_A_M + ground_m, _A_M + ground_m, _B_M + ground_m])
    from_, along = start / axes, units / axes
    a = (along**2).sum(axis=1)
    b = (along * from_).sum(axis=1)
    c = float((from_**2).sum()) - 1
    under = b**2 - a * c
    root = np.sqrt(np.where(under >= 0, under, np.nan))
    way: NDArray[np.float64] = (-b - root) / a
    return way

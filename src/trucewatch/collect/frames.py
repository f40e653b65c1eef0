"""What ground a camera in the air has in its picture: level ground, or terrain."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.shapes import WGS84, one_polygon
from trucewatch.collect.terrain import Terrain

Vectors = NDArray[np.float64]  # shape (n, 3) or (3, 3)

_TO_EARTH = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
_FROM_EARTH = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
_A_M, _B_M = WGS84.a, WGS84.b
_NEWTON_STEPS = 4
_BISECTIONS = 40
_SIDE_POINTS = 9  # of each side of a picture over terrain
_MOST_STEPS = 4_000  # of a ray
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


def footprint(
    camera: Camera, range_m: float, terrain: Terrain | None = None
) -> Polygon:
    """The ground in the picture within a range, a four-sided figure.

    Where the upper or lower edge of the picture looks above the horizon or beyond the
    range, the figure ends where the picture last shows ground within it: over level
    ground it never holds ground that is not in the picture. With terrain its sides
    follow the relief; what a ridge hides inside the figure is not taken out of it.

    Raises:
        ValueError: if no edge of the picture shows ground within the range, or the
            terrain ends before it.
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
    scene = _Scene(camera, range_m, terrain)
    top, bottom = -1.0, 1.0  # of the picture, in half heights downwards
    if not scene.shows(bottom):
        top, bottom = bottom, top
    if not scene.shows(bottom):
        msg = f"it shows no ground within {range_m:.0f} m"
        raise ValueError(msg)
    if not scene.shows(top):
        top = scene.last_shown(top, bottom)
    ends = scene.outline(top, bottom)
    turns = np.round((camera.lon_deg - ends[:, 0]) / 360)
    ring = shapely.Polygon(np.column_stack((ends[:, 0] + 360 * turns, ends[:, 1])))
    return one_polygon(ring if terrain is None else _largest(ring))


def centre_deg(
    camera: Camera, range_m: float, terrain: Terrain | None = None
) -> tuple[float, float] | None:
    """Latitude and longitude of the picture's middle, ``None`` where it shows none."""
    ray = np.array([[1.0, 0.0, 0.0]])
    lon, lat = _ground(camera, ray, range_m, terrain)[0].tolist()
    return (lat, lon) if np.isfinite(lat) else None


def _largest(ring: shapely.Polygon) -> BaseGeometry:
    """The largest area an outline encloses: behind ridges it may cross itself."""
    every = shapely.get_parts(shapely.get_parts(shapely.make_valid(ring)))
    areas = [one for one in every if one.geom_type == "Polygon"]
    return max(areas, key=lambda one: one.area, default=ring)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a camera looks at; level where no terrain is given."""

    camera: Camera
    range_m: float
    terrain: Terrain | None

    def shows(self, down_ratio: float) -> bool:
        """Whether all of a line of the picture shows ground."""
        return bool(np.isfinite(self._met(self._across(), down_ratio)).all())

    def last_shown(self, far_ratio: float, near_ratio: float) -> float:
        """The line of the picture nearest to ``far_ratio`` that still shows ground."""
        for _ in range(_BISECTIONS if self.terrain is None else _BISECTIONS // 2):
            middle = (far_ratio + near_ratio) / 2
            if self.shows(middle):
                near_ratio = middle
            else:
                far_ratio = middle
        return near_ratio

    def outline(self, top_ratio: float, bottom_ratio: float) -> Vectors:
        """Longitude and latitude around the picture, from its upper left corner.

        Raises:
            ValueError: if a side shows no ground.
        """
        across = self._across()
        down = top_ratio + (bottom_ratio - top_ratio) * (across + 1) / 2
        one = np.ones(len(across) - 1)
        right = np.concatenate((across[:-1], one, -across[:-1], -one))
        below = np.concatenate((
            top_ratio * one,
            down[:-1],
            bottom_ratio * one,
            down[:0:-1],
        ))
        found = self._met(right, below)
        if not np.isfinite(found).all():
            msg = f"a side of it shows no ground within {self.range_m:.0f} m"
            raise ValueError(msg)
        return found

    def _across(self) -> NDArray[np.float64]:
        """Points of a line of the picture, in half widths from its middle."""
        return np.linspace(-1, 1, 2 if self.terrain is None else _SIDE_POINTS)

    def _met(
        self, right: NDArray[np.float64], down: NDArray[np.float64] | float
    ) -> Vectors:
        """Longitude and latitude of points of the picture; NaN where it shows none."""
        across = right * tan(radians(self.camera.across_deg) / 2)
        below = down * np.tan(radians(self.camera.along_deg) / 2)
        rays = np.column_stack((
            np.ones(len(across)),
            across,
            np.broadcast_to(below, across.shape),
        ))
        return _ground(self.camera, rays, self.range_m, self.terrain)


def _ground(
    camera: Camera, rays: Vectors, range_m: float, terrain: Terrain | None
) -> Vectors:
    """Where rays of the camera's frame meet the ground; NaN where they do not."""
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
    if terrain is None:
        way_m = _level(start, units, camera.ground_m)
    else:
        way_m = _marched(start, units, range_m, terrain)
    good = (way_m > 0) & (way_m <= range_m)
    spot = start + np.where(good, way_m, 0.0)[:, None] * units
    found = _on_earth(spot)[:, :2]
    found[~good] = np.nan
    return found


def _level(start: Vectors, units: Vectors, ground_m: float) -> NDArray[np.float64]:
    """Distance to level ground.

    The ellipsoid raised by the ground's height is met in closed form; Newton's method
    then moves the point to the surface of exactly that height.
    """
    way_m = _way(start, units, ground_m)
    for _ in range(_NEWTON_STEPS):
        spot = start + way_m[:, None] * units
        height = _on_earth(spot)[:, 2]
        up = spot / np.array([_A_M**2, _A_M**2, _B_M**2])
        up /= np.linalg.norm(up, axis=1)[:, None]
        sink = (units * up).sum(axis=1)
        way_m -= (height - ground_m) / sink
    return way_m


def _marched(
    start: Vectors, units: Vectors, range_m: float, terrain: Terrain
) -> NDArray[np.float64]:
    """Distance to the first point of each ray below the terrain; NaN for none.

    Steps of half a pixel between the heights of the highest and the lowest ground, then
    bisection; a needle narrower than a step can be missed.

    Raises:
        ValueError: if the camera is below the ground, or a ray leaves the terrain.
    """
    lowest_m, highest_m = terrain.span_m
    near, far = _way(start, units, highest_m + 1), _way(start, units, lowest_m - 1)
    near = np.where(near > 0, np.minimum(near, range_m), 0.0)
    far = np.where(far > 0, np.minimum(far, range_m), range_m)
    steps = int(np.ceil(float((far - near).max()) / (terrain.pixel_m / 2))) + 1
    part = np.linspace(0, 1, min(max(steps, 2), _MOST_STEPS))

    ways = near[:, None] + part * (far - near)[:, None]
    over = _above(start + ways[:, :, None] * units[:, None, :], terrain)
    if _above(start[None], terrain)[0] <= 0:
        msg = "the camera lies below the terrain"
        raise ValueError(msg)
    below, off = over <= 0, ~np.isfinite(over)
    first = np.argmax(below | off, axis=1)
    row = np.arange(len(units))
    if (off[row, first]).any():
        msg = "the terrain ends before the ground in the picture"
        raise ValueError(msg)
    met = below[row, first] & (first > 0)
    low, high = ways[row, np.maximum(first - 1, 0)], ways[row, first]
    for _ in range(_BISECTIONS // 2):
        middle = (low + high) / 2
        under = _above(start + middle[:, None] * units, terrain) <= 0
        low, high = np.where(under, low, middle), np.where(under, middle, high)
    return np.where(met, high, np.nan)


def _above(spots: Vectors, terrain: Terrain) -> NDArray[np.float64]:
    """Height of points given from the middle of the Earth, over the terrain."""
    lon, lat, height = _FROM_EARTH.transform(
        spots[..., 0], spots[..., 1], spots[..., 2]
    )
    found: NDArray[np.float64] = np.asarray(height) - terrain.at(
        np.asarray(lon), np.asarray(lat)
    )
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

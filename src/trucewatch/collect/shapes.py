"""Footprints: areas repaired, tracks widened by sight, fields of view opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import radians

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import Polygon, Ring
from trucewatch.place import SIGMAS_90, Place

Points = NDArray[np.float64]  # shape (n, 2): longitude and latitude, or x and y

WGS84 = Geod(ellps="WGS84")

# Decimals of a degree kept of a footprint: 0.1 m.
_DECIMALS = 6
# Beyond this a track is no patrol, and a plane around its start no longer serves.
MAX_TRACK_KM = 500
MAX_SIGHT_KM = 100
MAX_LAT_DEG = 85
_VIEW_STEP_DEG = 10


def polygons(shape: BaseGeometry | None) -> tuple[tuple[Polygon, ...], tuple[str, ...]]:
    """The areas of a shape, repaired, and why each piece was left out.

    A ring that crosses itself is rebuilt from the areas it encloses; a piece without
    area is left out.

    Raises:
        ValueError: if the shape is not an area.
    """
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        found = "nothing" if shape is None else f"a {shape.geom_type}"
        msg = f"an area is needed, found {found}"
        raise ValueError(msg)
    kept: list[Polygon] = []
    dropped: list[str] = []
    for number, piece in enumerate(shapely.get_parts(shape), start=1):
        areas = tuple(_polygon(one) for one in _repaired(piece))
        kept.extend(areas)
        if not areas:
            dropped.append(f"polygon {number}: its rings enclose no area")
    return tuple(kept), tuple(dropped)


def one_polygon(shape: BaseGeometry | None) -> Polygon:
    """The single area of a shape.

    Raises:
        ValueError: if it has none or several.
    """
    found, _ = polygons(shape)
    if len(found) != 1:
        msg = f"one polygon is needed, found {len(found)}"
        raise ValueError(msg)
    return found[0]


def box(
    west_deg: float, south_deg: float, east_deg: float, north_deg: float
) -> Polygon:
    """The rectangle between two meridians and two parallels, by straight edges.

    Raises:
        ValueError: if it has no size or leaves the Earth.
    """
    if east_deg < west_deg:
        east_deg += 360
    if not (-90 <= south_deg < north_deg <= 90 and -180 <= west_deg < east_deg <= 540):
        msg = "a box needs west, south, east, north in degrees, south below north"
        raise ValueError(msg)
    return _polygon(shapely.box(west_deg, south_deg, east_deg, north_deg))


def around(track: BaseGeometry, sight_m: float) -> Polygon:
    """Everything within sight of a track or a point.

    Raises:
        ValueError: if the track is neither, too long, or the range is not usable.
    """
    if track.geom_type not in ("Point", "LineString"):
        msg = f"a track is a LineString or a Point, found a {track.geom_type}"
        raise ValueError(msg)
    if WGS84.geometry_length(track) > MAX_TRACK_KM * 1000:
        msg = f"a track longer than {MAX_TRACK_KM} km is not one patrol's"
        raise ValueError(msg)
    lon_deg, lat_deg = track.coords[0][:2]
    _check_sight(sight_m, lat_deg)
    flat = shapely.transform(track, partial(_flat, lon_deg, lat_deg))
    wide = shapely.buffer(flat, sight_m, quad_segs=4)
    return one_polygon(shapely.transform(wide, partial(_back, lon_deg, lat_deg)))


def view(
    origin_deg: tuple[float, float],
    heading_deg: float,
    opening_deg: float,
    range_m: float,
) -> Polygon:
    """What a camera sees: a sector of a disc, or the disc for 360 degrees.

    Args:
        origin_deg: latitude and longitude of the camera.
        heading_deg: of the middle of the view, clockwise from north.
        opening_deg: full angle of the view, above 0, at most 360.
        range_m: how far it sees what it is there for.

    Raises:
        ValueError: if an angle or the range is not usable.
    """
    if not 0 < opening_deg <= 360:
        msg = f"a field of view of {opening_deg} degrees is not between 0 and 360"
        raise ValueError(msg)
    lat_deg, lon_deg = origin_deg
    _check_sight(range_m, lat_deg)
    steps = max(2, round(opening_deg / _VIEW_STEP_DEG))
    first = heading_deg - opening_deg / 2
    azimuths = [first + opening_deg * i / steps for i in range(steps + 1)]
    arc = [WGS84.fwd(lon_deg, lat_deg, azimuth, range_m)[:2] for azimuth in azimuths]
    corner = [] if opening_deg == 360 else [(lon_deg, lat_deg)]
    ring = _unbroken(np.array([*corner, *arc]), lon_deg)
    return one_polygon(shapely.Polygon(ring))


def sighted(
    origin_deg: tuple[float, float],
    bearing_deg: float,
    range_m: float,
    range_sd_m: float,
    bearing_sd_deg: float,
) -> Place:
    """Where something is that was seen in a direction at a distance.

    The ellipse is as long as the estimate of the distance is poor, and as wide as the
    bearing's error makes it there.

    Raises:
        ValueError: if the distance is not positive or the place leaves the map.
    """
    if not 0 < range_m <= MAX_SIGHT_KM * 1000:
        msg = f"a range of {range_m} m is not between 0 and {MAX_SIGHT_KM} km"
        raise ValueError(msg)
    lat_deg, lon_deg = origin_deg
    lon, lat, _ = WGS84.fwd(lon_deg, lat_deg, bearing_deg, range_m)
    along = SIGMAS_90 * range_sd_m
    across = SIGMAS_90 * range_m * radians(bearing_sd_deg)
    azimuth = bearing_deg if along >= across else bearing_deg + 90
    return Place(
        lat_deg=float(lat),
        lon_deg=float(lon),
        semi_major_m=max(along, across),
        semi_minor_m=min(along, across),
        azimuth_deg=round(azimuth % 180, 6) % 180,
    )


def _flat(lon_deg: float, lat_deg: float, points: Points) -> Points:
    """Metres east and north in the azimuthal equidistant plane about a place.

    Azimuth and distance of the geodesic from the place are the plane's own, so no
    projection has to be set up for each place.
    """
    here = np.full(len(points), lon_deg), np.full(len(points), lat_deg)
    azimuth, _, away_m = WGS84.inv(*here, points[:, 0], points[:, 1])
    turn = np.radians(azimuth)
    return np.column_stack((away_m * np.sin(turn), away_m * np.cos(turn)))


def _back(lon_deg: float, lat_deg: float, points: Points) -> Points:
    """Longitude and latitude of points of that plane, without a jump of longitude."""
    here = np.full(len(points), lon_deg), np.full(len(points), lat_deg)
    azimuth = np.degrees(np.arctan2(points[:, 0], points[:, 1]))
    lon, lat, _ = WGS84.fwd(*here, azimuth, np.hypot(points[:, 0], points[:, 1]))
    return _unbroken(np.column_stack((lon, lat)), lon_deg)


def _check_sight(sight_m: float, lat_deg: float) -> None:
    if abs(lat_deg) > MAX_LAT_DEG:
        msg = f"a footprint at latitude {lat_deg} is too near the pole to be drawn"
        raise ValueError(msg)
    if not 0 < sight_m <= MAX_SIGHT_KM * 1000:
        msg = f"a sight range of {sight_m} m is not between 0 and {MAX_SIGHT_KM} km"
        raise ValueError(msg)


def _unbroken(points: Points, lon_deg: float) -> Points:
    """The same points with longitudes that do not jump at the antimeridian."""
    turns = np.round((lon_deg - points[:, 0]) / 360)
    return np.column_stack((points[:, 0] + 360 * turns, points[:, 1]))


def _repaired(piece: BaseGeometry) -> Iterator[BaseGeometry]:
    whole = piece if piece.is_valid else shapely.make_valid(piece)
    for part in shapely.get_parts(shapely.get_parts(whole)):
        if part.geom_type == "Polygon" and part.area > 0:
            yield part


def _polygon(shape: BaseGeometry) -> Polygon:
    exterior, *interiors = shapely.get_rings(shape)
    return Polygon(outer=_ring(exterior), holes=tuple(_ring(one) for one in interiors))


def _ring(ring: BaseGeometry) -> Ring:
    points = shapely.get_coordinates(ring).tolist()
    return tuple(
        (round(x, _DECIMALS) + 0.0, round(y, _DECIMALS) + 0.0) for x, y in points
    )

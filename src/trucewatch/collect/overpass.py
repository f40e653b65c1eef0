"""When a satellite's swath crosses a box, and what ground of it was scanned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from trucewatch.collect.elements import Elements, Nominal
from trucewatch.collect.pixels import Numbers
from trucewatch.collect.places import Bounds
from trucewatch.collect.swath import off_track_m
from trucewatch.period import Period

STEP_S = 10.0  # between points of a track; 67 km on the ground
# Errors of propagated elements grow by 1 to 3 km a day along the track (Vallado 2006);
# the footprint is drawn narrower and the time wider by as much.
DRIFT_M_PER_DAY = 3_000.0
GROUND_MPS = 6_700.0
FRESH_DAYS = 3.0  # up to here nothing is widened
OLDEST_DAYS = 14.0  # beyond, a pass is refused
NOMINAL_SLACK = timedelta(
    minutes=60
)  # a swath is seen up to so far from its local time

_SCAN_POINTS = 17  # along one scan; 190 km apart at most

_GEOD = Geod(ellps="WGS84")
_TO_LATITUDE = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Overpass:
    """One pass over a box.

    Attributes:
        footprint: ground of the box the swath held, longitude and latitude.
        time: from the first to the last scan that touched it.
        age_days: between the elements' epoch and the pass.
    """

    satellite: str
    family: str
    footprint: BaseGeometry
    time: Period
    age_days: float


@dataclass(frozen=True, slots=True)
class Track:
    """Points under a satellite, shape ``(n,)`` each.

    Attributes:
        time_s: seconds since the track's begin.
        lon_deg: east positive.
        lat_deg: geodetic.
        heading_deg: over ground, clockwise from north; of the step to the next point.
    """

    time_s: Numbers
    lon_deg: Numbers
    lat_deg: Numbers
    heading_deg: Numbers


def ground_track(elements: Elements, begin: datetime, end: datetime) -> Track:
    """Points under the satellite every ``STEP_S``, from begin to end.

    Raises:
        ValueError: if the elements cannot be propagated as far.

    Source: SGP4 (Vallado et al. 2006) in TEME, turned by Greenwich mean sidereal time;
    polar motion and UT1 - UTC are left out, under 0.5 km on the ground.
    """
    count = max(2, ceil((end - begin).total_seconds() / STEP_S) + 2)
    time_s: Numbers = np.arange(count, dtype=np.float64) * STEP_S
    days = (begin - _J2000) / timedelta(days=1) + time_s / 86_400
    whole = np.floor(days)
    errors, position_km, _ = elements.orbit.sgp4_array(
        2_451_545.0 + whole, days - whole
    )
    if errors.any():
        msg = f"the elements cannot be propagated to {begin:%Y-%m-%d} (SGP4 error)"
        raise ValueError(msg)
    turn = sidereal(days)
    x, y, z = position_km.T * 1_000
    place = _TO_LATITUDE.transform(
        x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn), z
    )
    lon, lat = (np.asarray(one, dtype=np.float64) for one in place[:2])
    heading, _, _ = _GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    course: Numbers = np.asarray(heading, dtype=np.float64) % 360
    return Track(time_s[:-1], lon[:-1], lat[:-1], course)


def sidereal(days: Numbers) -> Numbers:
    """Greenwich mean sidereal time in radians, of days of UT1 since J2000.

    Source: IAU 1982, as SGP4 uses it (Vallado 2013, equation 3-47).
    """
    century = days / 36_525
    seconds = (
        67_310.54841
        + (876_600 * 3600 + 8_640_184.812866) * century
        + 0.093104 * century**2
        - 6.2e-6 * century**3
    )
    turn: Numbers = np.radians(seconds / 240 % 360)
    return turn


def overpasses(
    elements: Elements, bounds: Bounds, period: Period
) -> Iterator[Overpass | str]:
    """Every pass of the period over the box; for one that is refused, why.

    Raises:
        ValueError: if the elements cannot be propagated as far.
    """
    track = ground_track(elements, period.begin, period.end)
    area = _box(bounds)
    for first, last in _runs(_reaches(track, elements, bounds)):
        begin = period.begin + timedelta(seconds=float(track.time_s[first]))
        age_days = abs((begin - elements.epoch) / timedelta(days=1))
        if age_days > OLDEST_DAYS:
            yield (
                f"{elements.satellite} at {begin:%Y-%m-%d %H:%MZ}: elements of "
                f"{elements.epoch:%Y-%m-%d} are {age_days:.0f} days off; at most "
                f"{OLDEST_DAYS:.0f}"
            )
            continue
        found = _pass(elements, track, slice(first, last + 1), area, age_days)
        if found is not None:
            ground, times = found
            slack = timedelta(seconds=_drift_m(age_days) / GROUND_MPS)
            yield Overpass(
                elements.satellite,
                elements.scanner.family,
                ground,
                Period(
                    period.begin + times[0] - slack, period.begin + times[1] + slack
                ),
                age_days,
            )


def nominal_passes(
    nominal: Nominal, bounds: Bounds, period: Period
) -> Iterator[Overpass]:
    """Passes at nominal local times, twice a day, wide in time; nothing proves them."""
    middle_deg = _box(bounds).centroid.x
    local = timedelta(hours=nominal.local_time.hour, minutes=nominal.local_time.minute)
    day = period.begin.replace(hour=0, minute=0, second=0, microsecond=0)
    at = day - timedelta(days=1) + local - timedelta(hours=middle_deg / 15)
    while at - NOMINAL_SLACK < period.end:
        time = Period(at - NOMINAL_SLACK, at + NOMINAL_SLACK)
        if time.begin >= period.begin and time.end <= period.end:
            yield Overpass(
                nominal.satellite, nominal.scanner.family, _box(bounds), time, 0.0
            )
        at += timedelta(hours=12)


def _reaches(track: Track, elements: Elements, bounds: Bounds) -> Numbers:
    """Which points of the track may see some of the box, generously."""
    west, south, east, north = _box(bounds).bounds
    reach_m = off_track_m(elements.scanner, elements.scanner.edge_deg) + 200_000
    _, _, away = _GEOD.inv(
        track.lon_deg,
        track.lat_deg,
        np.full_like(track.lon_deg, (west + east) / 2),
        np.full_like(track.lat_deg, (south + north) / 2),
    )
    _, _, half = _GEOD.inv(
        [(west + east) / 2] * 2, [(south + north) / 2] * 2, [west, west], [south, north]
    )
    near: Numbers = np.asarray(away) <= reach_m + max(half)
    return near


def _pass(
    elements: Elements, track: Track, run: slice, area: BaseGeometry, age_days: float
) -> tuple[BaseGeometry, tuple[timedelta, timedelta]] | None:
    """The ground of the box one run of the track scanned, and when."""
    lon, lat, heading = track.lon_deg[run], track.lat_deg[run], track.heading_deg[run]
    if len(lon) < 2:
        return None
    side = off_track_m(elements.scanner, elements.scanner.edge_deg)
    scans = _scans(lon, lat, heading, max(0.0, side - _drift_m(age_days)))
    scans[:, :, 0] = _near(scans[:, :, 0], area.centroid.x)
    rings = np.concatenate((scans[:-1], scans[1:, ::-1], scans[:-1, :1]), axis=1)
    strips = np.array([shapely.Polygon(one) for one in rings])
    touched = np.flatnonzero(shapely.intersects(strips, area))
    if not len(touched):
        return None
    ground = shapely.intersection(shapely.union_all(strips[touched]), area)
    times = track.time_s[run]
    first, last = float(times[touched[0]]), float(times[touched[-1] + 1])
    if ground.area <= 0:
        return None
    return ground, (timedelta(seconds=first), timedelta(seconds=last))


def _scans(lon: Numbers, lat: Numbers, heading: Numbers, side_m: float) -> Numbers:
    """Points along the scan under each point, shape ``(n, _SCAN_POINTS, 2)``.

    A scan is a geodesic across the track; drawn straight on a map it would be seconds
    off. The turn of the Earth under the satellite is in the heading.
    """
    away = np.linspace(-side_m, side_m, _SCAN_POINTS)
    shape = (len(lon), _SCAN_POINTS)
    across, north, _ = _GEOD.fwd(
        np.broadcast_to(lon[:, None], shape),
        np.broadcast_to(lat[:, None], shape),
        np.broadcast_to(heading[:, None] + 90, shape),
        np.broadcast_to(away, shape),
    )
    scans: Numbers = np.stack((across, north), axis=2)
    return scans


def _near(lon_deg: Numbers, middle_deg: float) -> Numbers:
    turned: Numbers = middle_deg + (lon_deg - middle_deg + 180) % 360 - 180
    return turned


def _drift_m(age_days: float) -> float:
    return DRIFT_M_PER_DAY * age_days if age_days > FRESH_DAYS else 0.0


def _box(bounds: Bounds) -> BaseGeometry:
    east = bounds.east_deg + (360 if bounds.east_deg < bounds.west_deg else 0)
    return shapely.box(bounds.west_deg, bounds.south_deg, east, bounds.north_deg)


def _runs(chosen: Numbers) -> Iterator[tuple[int, int]]:
    """First and last position of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], chosen.astype(np.int8), [0]))))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield first, after - 1

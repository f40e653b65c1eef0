"""Events from bearings and times of arrays, decoys left over.

1. every arrival in turn is taken as an event's: along its bearing and over origin
   times the likelihood of all other arrivals is summed (a fan of places)
2. the arrival whose event is most probable gives one; a fine grid about it and a
   common wind, integrated out, give place, 90 % ellipse and time
3. the arrivals that are probably the event's are taken away, and again from 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from trucewatch.fuse.arrays.heard import Heard, LocationSettings
from trucewatch.fuse.arrays.likelihood import (
    SLOWNESS,
    along_path,
    arrival_density,
    bearing_density,
    over_times,
    turned,
)
from trucewatch.fuse.arrays.season import zonal_wind_mps
from trucewatch.place import SIGMAS_90, Place

Numbers = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
RANGES_KM = np.geomspace(0.5, 2000.0, 220)
FAN_SD = np.linspace(-3.2, 3.2, 15)
FINE = 41  # places per side of the fine grid
ZOOMS = 4
_HERMITE = ((-1.7320508075688772, 1 / 6), (0.0, 2 / 3), (1.7320508075688772, 1 / 6))


@dataclass(frozen=True, slots=True)
class Match:
    """One arrival of an event.

    Attributes:
        name: of the detection.
        p: that it is the event's, given the event.
        bearing_off_deg: heard less expected.
        celerity_mps: distance over travel time.
    """

    name: str
    p: float
    bearing_off_deg: float
    celerity_mps: float


@dataclass(frozen=True, slots=True)
class Located:
    """One event.

    Attributes:
        place: with its 90 % ellipse.
        time_s: of the origin, since 1970-01-01 UTC.
        time_sd_s: standard deviation.
        p: that there was such an event.
        matches: its arrivals.
    """

    place: Place
    time_s: float
    time_sd_s: float
    p: float
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """All arrivals and arrays as arrays of numbers."""

    heard: tuple[Heard, ...]
    numbers: Numbers  # time, back-azimuth, concentration, number of the array
    lat_deg: Numbers
    lon_deg: Numbers
    assumed: Numbers
    log_births: float  # per km2 and s
    winds: Numbers  # east, north (m/s), weight

    @property
    def usual(self) -> Numbers:
        """The wind of the season, and none: enough to tell events apart."""
        odd = float(self.winds[-1, 2])
        season = [*self.winds[len(_HERMITE) ** 2 // 2, :2], 1 - odd]
        return np.array([season, self.winds[-1]])


def locate(
    heard: Sequence[Heard], settings: LocationSettings
) -> tuple[tuple[Located, ...], tuple[Heard, ...]]:
    """Events in order of time, and the arrivals of none."""
    left = tuple(sorted(heard, key=lambda one: (one.time_s, one.array_id, one.name)))
    found: list[Located] = []
    while len({one.array_id for one in left}) >= settings.arrays_least:
        event = _most_probable(left, settings)
        if event is None:
            break
        taken = {one.name for one in event.matches}
        left = tuple(one for one in left if one.name not in taken)
        found.append(event)
    return tuple(sorted(found, key=lambda one: one.time_s)), left


def _most_probable(
    heard: tuple[Heard, ...], settings: LocationSettings
) -> Located | None:
    """The event with the best evidence that enough arrays heard; ``None``: none."""
    best: tuple[float, _Field, int, Numbers] | None = None
    for one in heard:
        field = _field(_near(heard, one, settings), one, settings)
        anchor = field.heard.index(one)
        evidence, middle = _fan(field, anchor)
        if best is None or evidence > best[0]:
            best = (evidence, field, anchor, middle)
    if best is None or not np.isfinite(best[0]):
        return None
    event = _refined(best[1], best[2], best[3])
    if event is None:
        return None
    enough = len(event.matches) >= settings.arrays_least
    return event if enough and event.p >= settings.p_least else None


def _near(
    heard: tuple[Heard, ...], anchor: Heard, settings: LocationSettings
) -> tuple[Heard, ...]:
    """Arrivals that an event of the anchor can explain by time; arrays all stay."""
    reach_s = settings.reach_km * float(SLOWNESS[-1]) * 1.2
    return tuple(one for one in heard if abs(one.time_s - anchor.time_s) <= reach_s)


def _field(
    heard: tuple[Heard, ...], anchor: Heard, settings: LocationSettings
) -> _Field:
    names = sorted({one.array_id for one in heard})
    first = [next(one for one in heard if one.array_id == name) for name in names]
    turn = np.radians(settings.deviation_deg)
    sd = np.radians([one.back_azimuth_sd_deg for one in heard])
    area_km2 = pi * settings.reach_km**2
    return _Field(
        heard=heard,
        numbers=np.column_stack((
            [one.time_s for one in heard],
            np.radians([one.back_azimuth_deg for one in heard]),
            1 / (sd**2 + turn**2),
            [float(names.index(one.array_id)) for one in heard],
        )),
        lat_deg=np.array([one.lat_deg for one in first]),
        lon_deg=np.array([one.lon_deg for one in first]),
        assumed=np.array([
            settings.p_heard,
            settings.clutter_per_day / 86_400 / (2 * pi),
            settings.reach_km,
        ]),
        log_births=log(settings.events_per_day / 86_400 / area_km2),
        winds=_winds(settings, zonal_wind_mps(anchor.lat_deg, anchor.time_s)),
    )


def _paths(field: _Field, lat_deg: Numbers, lon_deg: Numbers) -> Numbers:
    """Distance (km) and azimuth (rad) from every array to every place."""
    one = np.ones_like(lat_deg)
    away, turn = [], []
    for lat, lon in zip(field.lat_deg, field.lon_deg, strict=True):
        azimuth, _, distance = GEOD.inv(lon * one, lat * one, lon_deg, lat_deg)
        away.append(distance / 1000)
        turn.append(np.radians(azimuth))
    return np.array([away, turn])


def _fan(field: _Field, anchor: int) -> tuple[float, Numbers]:
    """Log evidence of an event of the anchor; latitude, longitude of its best place."""
    own = field.heard[anchor]
    sd = 1 / np.sqrt(field.numbers[anchor, 2])
    turn = field.numbers[anchor, 1] + FAN_SD * sd
    ranges = RANGES_KM[: np.searchsorted(RANGES_KM, field.assumed[2])]
    away, azimuth = (one.ravel() for one in np.meshgrid(ranges, np.degrees(turn)))
    one = np.ones_like(away)
    lon, lat, _ = GEOD.fwd(one * own.lon_deg, one * own.lat_deg, azimuth, away * 1000)
    paths = _paths(field, lat, lon)
    ratio = _over(field, anchor, paths, field.usual).sum(axis=(1, 2))
    growth = float(np.log(RANGES_KM[1] / RANGES_KM[0]))
    cell_km2 = away**2 * growth * sd * (FAN_SD[1] - FAN_SD[0])
    mass = ratio * cell_km2
    best = int(np.argmax(mass))
    total = float(mass.sum())
    evidence = log(total) + field.log_births if total > 0 else -np.inf
    return evidence, np.array([lat[best], lon[best], away[best] * sd, away[best]])


@dataclass(frozen=True, slots=True)
class _Fit:
    """The posterior of one event over a grid of places, winds and times."""

    field: _Field
    anchor: int
    paths: Numbers
    ratio: Numbers

    @property
    def home(self) -> int:
        """Number of the anchor's array."""
        return int(self.field.numbers[self.anchor, 3])


def _over(field: _Field, anchor: int, paths: Numbers, winds: Numbers) -> Numbers:
    return over_times(paths, field.numbers, anchor, field.assumed, winds)


def _refined(field: _Field, anchor: int, middle: Numbers) -> Located | None:
    """The event on grids that close in on it, the common wind integrated out."""
    lat0, lon0 = float(middle[0]), float(middle[1])
    half_km = max(4 * float(middle[2]), 0.25 * float(middle[3]))
    event = None
    for _ in range(ZOOMS):
        axis = np.linspace(-half_km, half_km, FINE)
        east, north = (one.ravel() for one in np.meshgrid(axis, axis))
        paths = _paths(field, *_around(lat0, lon0, east, north))
        ratio = _over(field, anchor, paths, field.winds)
        mass = ratio.sum(axis=(1, 2))
        total = float(mass.sum())
        if total <= 0:
            break
        evidence = log(total * (axis[1] - axis[0]) ** 2) + field.log_births
        place, spread_km = _ellipse(lat0, lon0, np.array([east, north]), mass / total)
        event = _told(_Fit(field, anchor, paths, ratio), place, evidence)
        at_edge = float(mass[_border(FINE)].sum()) / total > 1e-3
        lat0, lon0 = place.lat_deg, place.lon_deg
        wanted = 4.5 * spread_km
        if not at_edge and wanted > 0.6 * half_km:
            break
        half_km = 2 * half_km if at_edge else max(wanted, 0.05)
    return event


def _told(fit: _Fit, place: Place, evidence: float) -> Located:
    """Time and arrivals of an event, averaged over its posterior."""
    share = fit.ratio / fit.ratio.sum()
    far = fit.paths[0, fit.home]
    origins = fit.field.numbers[fit.anchor, 0] - np.outer(far, SLOWNESS)
    by_time = share.sum(axis=1)
    time_s = float((by_time * origins).sum())
    sd_s = float(np.sqrt((by_time * (origins - time_s) ** 2).sum()))
    return Located(
        place=place,
        time_s=time_s,
        time_sd_s=max(sd_s, 1e-3),
        p=float(1 / (1 + np.exp(-np.clip(evidence, -500, 500)))),
        matches=_matches(fit),
    )


def _matches(fit: _Fit) -> tuple[Match, ...]:
    """Per array the arrival that is most probably the event's, if more so than not."""
    place, wind, time = np.unravel_index(int(np.argmax(fit.ratio)), fit.ratio.shape)
    numbers, p_heard = fit.field.numbers, float(fit.field.assumed[0])
    far = fit.paths[0, :, place]
    origin_s = float(numbers[fit.anchor, 0] - SLOWNESS[time] * far[fit.home])
    found: list[Match] = []
    for array in range(len(fit.field.lat_deg)):
        weights = {
            i: _weight(fit, i, int(place), fit.field.winds[wind], origin_s)
            for i in np.flatnonzero(numbers[:, 3] == array).tolist()
        }
        if array == fit.home:
            weights = {fit.anchor: 1.0}
        best = max(weights, key=lambda i: (weights[i], -i))
        miss = 0.0 if array == fit.home else 1 - p_heard
        p = p_heard * weights[best] / (p_heard * sum(weights.values()) + miss)
        if p > 0.5:
            turn = fit.paths[1, array, place]
            off_deg = float(np.degrees(numbers[best, 1] - turn))
            travel_s = float(numbers[best, 0]) - origin_s
            found.append(
                Match(
                    name=fit.field.heard[best].name,
                    p=float(p),
                    bearing_off_deg=(off_deg + 180) % 360 - 180,
                    celerity_mps=1000 * float(far[array]) / travel_s,
                )
            )
    return tuple(found)


def _weight(fit: _Fit, one: int, place: int, wind: Numbers, origin_s: float) -> float:
    """Density of an arrival if it is the event's over that of clutter."""
    time_s, turn, kappa, array = fit.field.numbers[one].tolist()
    far, expected = fit.paths[:, int(array), place]
    off = np.float64(turn - expected - turned(float(far), expected, wind))
    bearing = bearing_density(off, np.float64(kappa))
    along = along_path(expected, wind)
    density = arrival_density(time_s - origin_s, float(far), along)
    return bearing * density / float(fit.field.assumed[1])


def _winds(settings: LocationSettings, usual_mps: float) -> Numbers:
    """Winds 50 km up and weights: nodes of Gauss and Hermite about the season's.

    The last is no wind but the chance that the season says nothing of this day.
    """
    east, north = settings.zonal_sd_mps, settings.meridional_sd_mps
    odd = settings.p_off_season
    nodes = [
        [usual_mps + east * x, north * y, (1 - odd) * wx * wy]
        for x, wx in _HERMITE
        for y, wy in _HERMITE
    ]
    return np.array([*nodes, [np.nan, np.nan, odd]])


def _around(
    lat_deg: float, lon_deg: float, east_km: Numbers, north_km: Numbers
) -> tuple[Numbers, Numbers]:
    one = np.ones_like(east_km)
    azimuth = np.degrees(np.arctan2(east_km, north_km))
    away = np.hypot(east_km, north_km) * 1000
    lon, lat, _ = GEOD.fwd(one * lon_deg, one * lat_deg, azimuth, away)
    return lat, lon


def _border(side: int) -> NDArray[np.bool_]:
    edge = np.zeros((side, side), np.bool_)
    edge[[0, -1], :] = True
    edge[:, [0, -1]] = True
    return edge.ravel()


def _ellipse(
    lat_deg: float, lon_deg: float, offsets_km: Numbers, mass: Numbers
) -> tuple[Place, float]:
    """Mean, and the ellipse of its covariance that holds 90 % of the mass."""
    mean = offsets_km @ mass
    off = offsets_km.T - mean
    step = float(np.ptp(offsets_km[0])) / (FINE - 1)
    covariance = (off * mass[:, None]).T @ off + np.eye(2) * step**2 / 12
    inverse = np.linalg.inv(covariance)
    far = np.sqrt(np.einsum("ni,ij,nj->n", off, inverse, off))
    order = np.argsort(far, kind="stable")
    held = np.searchsorted(np.cumsum(mass[order]), 0.90)
    factor = max(float(far[order][min(held, len(far) - 1)]), SIGMAS_90)
    values, vectors = np.linalg.eigh(covariance)
    major = vectors[:, 1]
    azimuth = float(np.degrees(np.arctan2(major[0], major[1]))) % 180
    lat, lon = _around(lat_deg, lon_deg, mean[:1], mean[1:])
    semi = factor * np.sqrt(values) * 1000
    place = Place(
        lat_deg=float(lat[0]),
        lon_deg=float(lon[0]),
        semi_major_m=float(semi[1]),
        semi_minor_m=float(semi[0]),
        azimuth_deg=azimuth if azimuth < 180 else 0.0,
    )
    return place, float(np.sqrt(values[1]))

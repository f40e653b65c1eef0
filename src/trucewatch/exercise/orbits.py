"""Satellites on orbits of their own: elements as published, and how they see ground.

The orbits are invented: circular, sun-synchronous, crossing the equator northward at
13:30 local solar time as Suomi NPP, NOAA-20 and NOAA-21 do, a third of a lap apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from trucewatch.collect.elements import Elements, sets
from trucewatch.collect.overpass import Overpass, ground_track, overpasses
from trucewatch.collect.places import Bounds
from trucewatch.collect.swath import VIIRS, pixel_size, scan_angle_deg
from trucewatch.exercise.delivered import Intake, stamp
from trucewatch.exercise.truth import Stage
from trucewatch.period import Period

NADIR_M = 375.0
NUMBERS = (43013, 37849, 54234)  # NORAD, of the names that fire lists use
ASCENDS_H = 13.5
# Sun-synchronous at 829 km. Source: Wertz & Larson, Space Mission Analysis and Design,
# third edition, 6.2; JPSS: 14.195 laps a day at 98.7 degrees.
LAPS_PER_DAY, INCLINED_DEG = 14.1955, 98.73
TRACK_S = 300.0  # of ground track on either side of a pass


@dataclass(frozen=True, slots=True)
class Look:
    """One pass over the sector.

    Attributes:
        track_m: points under the satellite in the plane of the sector, shape (n, 2).
        scan_east_ratio: way of the scan, with ``scan_north_ratio``; of length one.
    """

    at_s: float
    satellite: str
    track_m: np.ndarray
    scan_east_ratio: float
    scan_north_ratio: float

    def pixel(self, x_m: float, y_m: float) -> tuple[float, float]:
        """How wide a pixel there is along the scan and along the track; 0 beyond."""
        off = self.track_m - np.array([x_m, y_m])
        away = float(np.sqrt((off**2).sum(axis=1).min()))
        try:
            size = pixel_size(VIIRS, scan_angle_deg(VIIRS, away))
        except ValueError:
            return 0.0, 0.0
        return size.scan_m, size.track_m


def elements(stage: Stage, cloud_ratio: list[float]) -> Intake:
    """Orbit mean-elements messages, with the cloud of each day as options."""
    days = [stage.begin + timedelta(days=k) for k in range(stage.scenario.days)]
    cloud = {
        f"cloud.{day:%Y-%m-%d}": f"{one:.2f}"
        for day, one in zip(days, cloud_ratio, strict=True)
    }
    box = _bounds(stage)
    sides = (box.west_deg, box.south_deg, box.east_deg, box.north_deg)
    options = {
        "bounds": ",".join(f"{one:.4f}" for one in sides),
        "begin": stamp(stage, 0.0),
        "end": stamp(stage, stage.span_s),
        **cloud,
    }
    body = json.dumps(_messages(stage), indent=1) + "\n"
    intake = tuple(sorted(options.items()))
    return Intake("orbital_elements", "elements.json", body.encode(), intake)


def looks(stage: Stage) -> Iterator[Look]:
    """Every pass over the sector, by time.

    Raises:
        SourceError: if sgp4 is not installed.
    """
    period = Period(stage.begin, stage.end)
    found: list[Look] = []
    body = json.dumps(_messages(stage)).encode()
    usable = [one for one in sets(body, "exercise") if isinstance(one, Elements)]
    for one in usable:
        over = overpasses(one, _bounds(stage), period)
        times = [each.time for each in over if isinstance(each, Overpass)]
        found += [_look(stage, one, time) for time in times]
    yield from sorted(found, key=lambda look: (look.at_s, look.satellite))


def _look(stage: Stage, one: Elements, time: Period) -> Look:
    middle = time.begin + (time.end - time.begin) / 2
    slack = timedelta(seconds=TRACK_S)
    track = ground_track(one, middle - slack, middle + slack)
    flat = stage.plane.project(np.column_stack([track.lon_deg, track.lat_deg]))
    near = int(np.argmin((flat**2).sum(axis=1)))
    step = flat[min(near + 1, len(flat) - 1)] - flat[max(near - 1, 0)]
    east, north = step / np.sqrt((step**2).sum())
    at = (middle - stage.begin).total_seconds()
    return Look(at, one.satellite, flat, float(north), float(-east))


def _bounds(stage: Stage) -> Bounds:
    ground = stage.scenario.sector
    reach = np.array([0.6 * ground.length_m, 1.5 * ground.depth_m])
    (west, south), (east, north) = stage.lonlat(*np.array([-reach, reach]).T).tolist()
    return Bounds(west, south, east, north)


def _messages(stage: Stage) -> list[dict[str, object]]:
    """One message a satellite, of the middle of the exercise.

    Source of the Sun's longitude: Astronomical Almanac, low precision formulae.
    """
    epoch = stage.begin + (stage.end - stage.begin) / 2
    days = (epoch - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1)
    sun_deg = (280.46 + 0.9856474 * days) % 360
    node = round((sun_deg + (ASCENDS_H - 12.0) * 15.0) % 360, 4)
    return [
        {
            "OBJECT_NAME": f"INVENTED {number}",
            "OBJECT_ID": f"2031-{number}A",
            "CLASSIFICATION_TYPE": "U",
            "NORAD_CAT_ID": number,
            "EPOCH": f"{epoch:%Y-%m-%dT%H:%M:%S.%f}",
            "MEAN_MOTION": LAPS_PER_DAY,
            "ECCENTRICITY": 0.00012,
            "INCLINATION": INCLINED_DEG,
            "RA_OF_ASC_NODE": node,
            "ARG_OF_PERICENTER": 90.0,
            "MEAN_ANOMALY": round(270.0 + 120.0 * k, 4) % 360,
            "EPHEMERIS_TYPE": 0,
            "ELEMENT_SET_NO": 999,
            "REV_AT_EPOCH": 1,
            "BSTAR": 4e-05,
            "MEAN_MOTION_DOT": 5e-07,
            "MEAN_MOTION_DDOT": 0,
        }
        for k, number in enumerate(NUMBERS[: stage.scenario.satellites.orbits])
    ]

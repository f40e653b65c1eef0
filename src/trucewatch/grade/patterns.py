"""What bangs around a bang say of its cause.

Claps of one thunder, the pops of a display and a boom that sweeps the ground are heard
at one moment from places kilometres apart. A quarry blasts at its place and hour, day
after day, and in working hours. What is left, by itself and at any hour, is what
attacks are like; but salvos of rocket launchers fall at many places in one moment too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from trucewatch.agreement.planar import Plane
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place
from trucewatch.record import RecordId

Reals = NDArray[np.float64]
MOMENT_S = 15.0  # sound from one flash or boom is told within it
APART_M = (300.0, 6_000.0)  # nearer are rounds of one act, farther is chance
SAME_PLACE_M = 300.0  # beyond the ellipses
FARTHEST_M = 1_500.0
DAY_S = 86_400.0
SAME_HOUR_S = 1_800.0
WORK_HOURS = (8, 18)  # local clock

AT_ONCE, BY_ITSELF = "at_once", "by_itself"
DAILY, NOT_DAILY = "daily", "not_daily"
WORK_TIME, REST_TIME = "work_time", "rest_time"
PATTERNS = (AT_ONCE, BY_ITSELF, DAILY, NOT_DAILY, WORK_TIME, REST_TIME)


def patterns_of(
    heard: Sequence[Incident], zone: ZoneInfo
) -> dict[RecordId, frozenset[str]]:
    """Three codes for each incident that was only heard; order never matters."""
    rows = [k for k, one in enumerate(heard) if isinstance(one.place, Place)]
    at_once, daily = set[int](), set[int]()
    if rows:
        placed = [heard[k] for k in rows]
        spots = _spots(placed)
        clock_s = np.array([_middle(one).timestamp() for one in placed])
        at_once = {rows[k] for k in _at_once(spots, clock_s)}
        daily = {rows[k] for k in _daily(placed, spots, clock_s)}
    return {
        one.id: frozenset((
            AT_ONCE if k in at_once else BY_ITSELF,
            DAILY if k in daily else NOT_DAILY,
            WORK_TIME if _is_work_time(one, zone) else REST_TIME,
        ))
        for k, one in enumerate(heard)
    }


def _at_once(spots: Reals, clock_s: Reals) -> Iterator[int]:
    """Rows with company at the same moment from elsewhere."""
    order = np.argsort(clock_s, kind="stable")
    ends = np.searchsorted(clock_s[order], clock_s[order] + MOMENT_S, side="right")
    for n, end in enumerate(ends.tolist()):
        here, later = order[n], order[n + 1 : end]
        apart_m = np.hypot(*(spots[later] - spots[here]).T)
        for other in later[(apart_m >= APART_M[0]) & (apart_m <= APART_M[1])].tolist():
            yield from (int(here), other)


def _daily(placed: Sequence[Incident], spots: Reals, clock_s: Reals) -> Iterator[int]:
    """Rows with another at the same place and hour on another day."""
    wide_m = np.array([
        one.place.semi_major_m if isinstance(one.place, Place) else 0.0
        for one in placed
    ])
    for a, b in sorted(KDTree(spots).query_pairs(FARTHEST_M)):
        days = abs(clock_s[a] - clock_s[b]) / DAY_S
        off_s = abs(days - round(days)) * DAY_S
        apart_m = float(np.hypot(*(spots[a] - spots[b])))
        near = apart_m <= SAME_PLACE_M + wide_m[a] + wide_m[b]
        if days >= 0.5 and off_s <= SAME_HOUR_S and near:
            yield from (a, b)


def _is_work_time(incident: Incident, zone: ZoneInfo) -> bool:
    begin, end = WORK_HOURS
    return begin <= _middle(incident).astimezone(zone).hour < end


def _spots(placed: Sequence[Incident]) -> Reals:
    """Places on flat ground about their mean, m, shape (n, 2)."""
    places = [one.place for one in placed if isinstance(one.place, Place)]
    lonlat = np.array([(one.lon_deg, one.lat_deg) for one in places])
    return Plane(*np.median(lonlat, axis=0).tolist()).project(lonlat)


def _middle(incident: Incident) -> datetime:
    return incident.time.begin + (incident.time.end - incident.time.begin) / 2

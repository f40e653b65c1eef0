"""Which of the bangs about an announcement are the work it announces.

Odds of being the work are the density of announced work where and when a bang was,
over the density of everything else there: attacks, what nature does, what bangs all
around in the same moment, and what bangs on this very spot when nothing is announced.

A bang is the work of one announcement at most, and work is mostly done on one spot:
where one bang is surely the work, another a kilometre off hardly is too. Who belongs
to whom is passed to and fro until it settles: with odds ``o`` of bang ``n`` being the
work ``k``, and ``w`` for the best bang of each other spot about ``k``,

    w[n, k] = o[n, k] / (1 + sum over other works of v[n, .])
    v[n, k] = o[n, k] (q + (1 - q) / (1 + sum over other spots of w[., k]))
    P(n is k) = v[n, k] / (1 + sum over works of v[n, .])

where ``q`` is how often an announcement means work on several spots.

Several spots at one moment are what a stroke of lightning, fireworks or a barrage
does: whichever it was, it was no announced work. Constants are judgement, not fitted.

Source: belief propagation for data association, J. L. Williams and R. A. Lau,
IEEE Trans. Aerospace and Electronic Systems 50 (2014) 2942, with spots for targets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import hypot, pi

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from trucewatch.agreement.planar import Plane
from trucewatch.detect.ellipse import offset_m
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place

Reals = NDArray[np.float64]
SPOT_M = 300.0  # charges of one work lie no farther apart
P_SEVERAL = 0.05  # that an announcement means work on more spots than one
MOMENT_S, MOMENT_M = 10.0, 5_000.0  # within which bangs belong to one commotion
CHANCE = 1  # so many bangs beside another make no habit
FINE_M = 500.0  # what is placed worse may be another's echo: it tells of no other spot
LEAST_DAYS = 1.0
PASSES = 20  # to and fro; most settle after three
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class _Spots:
    """Well-placed bangs: rows of the incidents, metres in a plane, seconds."""

    rows: list[int]
    at_m: Reals  # shape (n, 2)
    reach_m: Reals  # half the length of each ellipse
    at_s: Reals


def commotion_per_km2_day(
    incidents: Sequence[Incident], announced: Set[int]
) -> dict[int, float]:
    """Density of other bangs about each: of the same moment, and of the same spot.

    ``announced`` are the rows that lie within reach of any announcement, for which it
    is asked; they say nothing of what bangs on a spot otherwise.
    """
    spots = _spots(incidents)
    found = dict.fromkeys(announced, 0.0)
    if spots is None:
        return found
    asked = [k for k, row in enumerate(spots.rows) if row in announced]
    tree = KDTree(spots.at_m)
    near = [tree.query_ball_point(spots.at_m[k], MOMENT_M) for k in asked]
    plain = np.array([row not in announced for row in spots.rows])
    for k, others in zip(asked, near, strict=True):
        some = np.array([one for one in others if one != k], np.int64)
        found[spots.rows[k]] = _commotion(spots, k, some, plain[some])
    return found


def _commotion(
    spots: _Spots, k: int, some: NDArray[np.int64], plain: NDArray[np.bool_]
) -> float:
    """The same about one bang, from some others and which of them nobody announced."""
    away_m = np.hypot(*(spots.at_m[some] - spots.at_m[k]).T)
    apart_m = SPOT_M + spots.reach_m[some] + spots.reach_m[k]
    at_once = np.abs(spots.at_s[some] - spots.at_s[k]) <= MOMENT_S
    others = float((at_once & (away_m > apart_m)).sum())
    here = float((plain & (away_m <= SPOT_M)).sum())
    days = max(float(np.ptp(spots.at_s)) / DAY_S, LEAST_DAYS)
    moment = _disc_km2(MOMENT_M) * 2 * MOMENT_S / DAY_S
    return others / moment + max(0.0, here - CHANCE) / (_disc_km2(SPOT_M) * days)


def _disc_km2(radius_m: float) -> float:
    return pi * (radius_m / 1000) ** 2


def _spots(incidents: Sequence[Incident]) -> _Spots | None:
    fine = [
        (n, one.place)
        for n, one in enumerate(incidents)
        if isinstance(one.place, Place) and one.place.semi_major_m <= FINE_M
    ]
    if not fine:
        return None
    first = fine[0][1]
    lonlat = np.array([(place.lon_deg, place.lat_deg) for _, place in fine])
    return _Spots(
        [n for n, _ in fine],
        Plane(first.lon_deg, first.lat_deg).project(lonlat),
        np.array([place.semi_major_m for _, place in fine]),
        np.array([incidents[n].time.begin.timestamp() for n, _ in fine]),
    )


def p_works(
    odds: Sequence[Mapping[int, float]], incidents: Sequence[Incident]
) -> list[dict[int, float]]:
    """The probability that each bang is the work of each announcement.

    Args:
        odds: for each announcement, of bangs being its work, were there no others, by
            row of the incidents; those have a point.
        incidents: all of them.
    """
    spots = [_spot_of(some, incidents) for some in odds]
    told = [dict(some) for some in odds]
    for _ in range(PASSES):
        whole = _summed(told)
        free = [
            {n: o / (1 + whole[n] - told[k][n]) for n, o in some.items()}
            for k, some in enumerate(odds)
        ]
        told = [_beside_others(some, free[k], spots[k]) for k, some in enumerate(odds)]
    whole = _summed(told)
    return [{n: v / (1 + whole[n]) for n, v in some.items()} for some in told]


def _summed(told: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """By bang, what all announcements say of it."""
    whole: dict[int, float] = {}
    for some in told:
        for n, v in some.items():
            whole[n] = whole.get(n, 0.0) + v
    return whole


def _beside_others(
    odds: Mapping[int, float], free: Mapping[int, float], spot_of: Mapping[int, int]
) -> dict[int, float]:
    """What one announcement says of each bang, those on other spots considered."""
    best: dict[int, float] = {}
    for n, w in free.items():
        best[spot_of[n]] = max(best.get(spot_of[n], 0.0), w)
    every = sum(best.values())
    return {
        n: o * (P_SEVERAL + (1 - P_SEVERAL) / (1 + every - best[spot_of[n]]))
        for n, o in odds.items()
    }


def _spot_of(
    odds: Mapping[int, float], incidents: Sequence[Incident]
) -> dict[int, int]:
    """By bang the likeliest bang of its spot, for one announcement."""
    leaders: list[int] = []
    of: dict[int, int] = {}
    for n in sorted(odds, key=lambda n: (-odds[n], incidents[n].id)):
        same = (k for k in leaders if _one_spot(incidents[k], incidents[n]))
        of[n] = next(same, n)
        if of[n] == n:
            leaders.append(n)
    return of


def _one_spot(one: Incident, other: Incident) -> bool:
    """Whether two bangs may have been on one spot, as far as their places tell."""
    place, beside = one.place, other.place
    if not (isinstance(place, Place) and isinstance(beside, Place)):
        return False
    reach_m = SPOT_M + place.semi_major_m + beside.semi_major_m
    return hypot(*offset_m(place, beside)) <= reach_m

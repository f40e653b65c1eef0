"""Where and when several aircraft at once lost the accuracy they had.

Aircraft broadcast how well satellites place them. One that says less than before may
have a fault; several that do so in one cell and step of time share a cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from trucewatch.collect.shapes import WGS84
from trucewatch.collect.tracks import Flags, Integers, Labels, Mark, Numbers
from trucewatch.detect.trajectory import SECOND_NS, Trajectories
from trucewatch.place import SIGMAS_90, SIGMAS_95, Place

# Expert judgement, not fitted, but for the two accuracies.
# What aircraft must hold where ADS-B is required: 0.2 NM with 95 %, and what none that
# does would say. Source: 14 CFR 91.227 (c)(1)(iii); ICAO Doc 9871, table A-2-5.
GOOD_95_M, POOR_95_M = 370.4, 926.0
STEP_S = 600
CELLS_PER_DEG = 2
LEAST_AIRCRAFT = 3
LEAST_SHARE = 0.5
# An aircraft without a place is taken to be within this of its last one.
LOST_S = 600

_TO_90 = SIGMAS_90 / SIGMAS_95

Cell = tuple[int, int, int]  # step of time, row and column


@dataclass(frozen=True, slots=True)
class Denied:
    """Cells and steps that touch, in which most aircraft lost their accuracy.

    Attributes:
        rows: one message of each aircraft and cell, in order of time.
        aircraft: how many different ones lost it.
        lost_ratio: of those able to tell.
        place: a circle about all of them, where satellites could not be used; the
            cause may lie far outside.
    """

    rows: tuple[int, ...]
    aircraft: int
    lost_ratio: float
    place: Place


def denied(tracks: Trajectories) -> Iterator[Denied]:
    """Every such area, in order of time.

    Only aircraft that were accurate before within the watched period are asked, so that
    poor equipment counts for nothing. Where nobody flew, nothing is said.
    """
    asked, poor, lat, lon = _told(tracks)
    step = tracks.points.begin_ns[asked] // (STEP_S * SECOND_NS)
    row, column = np.floor(lat * CELLS_PER_DEG), np.floor(lon * CELLS_PER_DEG)
    cells = np.column_stack((step, row, column)).astype(np.int64)
    lost = _lost(cells, tracks.points.identity[asked], poor)
    for group in _joined(set(lost)):
        at = np.array(sorted(number for cell in group for number in lost[cell][0]))
        some = asked[at][np.argsort(tracks.points.begin_ns[asked[at]], kind="stable")]
        yield Denied(
            rows=tuple(some.tolist()),
            aircraft=len(set(tracks.points.identity[some].tolist())),
            lost_ratio=len(at) / sum(lost[cell][1] for cell in group),
            place=_about(lat[at], lon[at]),
        )


def _lost(
    cells: Integers, identity: Labels, poor: Flags
) -> dict[Cell, tuple[list[int], int]]:
    """Cells in which most aircraft lost accuracy.

    With the first poor message of each that did, and how many were able to tell.
    """
    told: dict[Cell, dict[str, list[tuple[int, bool]]]] = {}
    rows = zip(cells.tolist(), identity.tolist(), poor.tolist(), strict=True)
    for number, ((step, row, column), name, is_poor) in enumerate(rows):
        each = told.setdefault((step, row, column), {})
        each.setdefault(name, []).append((number, is_poor))
    found: dict[Cell, tuple[list[int], int]] = {}
    for cell, each in told.items():
        firsts = [_first_poor(said) for said in each.values() if _mostly_poor(said)]
        if len(firsts) >= max(LEAST_AIRCRAFT, LEAST_SHARE * len(each)):
            found[cell] = (firsts, len(each))
    return found


def _mostly_poor(said: list[tuple[int, bool]]) -> bool:
    return 2 * sum(is_poor for _, is_poor in said) > len(said)


def _first_poor(said: list[tuple[int, bool]]) -> int:
    return next(number for number, is_poor in said if is_poor)


def _told(tracks: Trajectories) -> tuple[Integers, Flags, Numbers, Numbers]:
    """Messages that tell an accuracy after a good one: rows, whether poor, and where.

    A message that tells an accuracy and no place stands where its aircraft told one
    last.
    """
    points = tracks.points
    lat, lon = points.lat_deg.copy(), points.lon_deg.copy()
    lost = (points.marks & (Mark.GNSS_WITHOUT_FIX | Mark.INACCURATE_TOLD)) > 0
    poor = lost | (points.radius90_m >= POOR_95_M * _TO_90)
    good = points.placed & (points.radius90_m <= GOOD_95_M * _TO_90)
    good |= (points.marks & Mark.ACCURATE_TOLD) > 0
    asked = np.zeros(len(points), dtype=np.bool_)
    for _, rows in tracks.runs():
        was_good = np.maximum.accumulate(good[rows])
        asked[rows] = was_good & (good[rows] | poor[rows])
        at = np.arange(rows.start, rows.stop)
        last = np.maximum.accumulate(np.where(points.placed[rows], at, -1))
        known = last >= 0
        stale_ns = points.begin_ns[at] - points.begin_ns[last]
        asked[rows] &= known & (stale_ns <= LOST_S * SECOND_NS)
        lat[rows], lon[rows] = points.lat_deg[last], points.lon_deg[last]
    found: Integers = np.flatnonzero(asked)
    return found, poor[found], lat[found], lon[found]


def _joined(cells: set[Cell]) -> Iterator[list[Cell]]:
    """Cells in groups that touch in place, in one step or the next."""
    left = set(cells)
    for first in sorted(cells):
        group = [first] if first in left else []
        left.discard(first)
        for cell in group:  # grows meanwhile
            near = sorted(left.intersection(_around(cell)))
            left.difference_update(near)
            group += near
        if group:
            yield group


def _around(cell: Cell) -> Iterator[Cell]:
    for i, j, k in product((-1, 0, 1), repeat=3):
        yield cell[0] + i, cell[1] + j, cell[2] + k


def _about(lat_deg: Numbers, lon_deg: Numbers) -> Place:
    """A circle about all places, as wide as a cell at least."""
    lat, lon = float(lat_deg.mean()), float(lon_deg.mean())
    here = np.full(len(lat_deg), lon), np.full(len(lat_deg), lat)
    _, _, apart_m = WGS84.inv(*here, lon_deg, lat_deg)
    least_m = 111_195.0 / CELLS_PER_DEG / 2
    return Place.circle(lat, lon, max(least_m, float(np.max(apart_m)) + POOR_95_M))

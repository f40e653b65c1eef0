"""Stretches of tracks that mean something: in a zone, to and fro, or silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_inside_each
from trucewatch.collect.tracks import Integers, Numbers
from trucewatch.detect.trajectory import SECOND_NS, Trajectories, steps_m

# Everything below is expert judgement, not fitted (docs/tracks.md).

# What a thing heard by a family would do in a zone where that is prohibited.
ACT_OF: Mapping[str, Act] = {
    "ais": Act.VESSEL_IN_EXCLUSION_AREA,
    "adsb": Act.OVERFLIGHT,
    "remote_id": Act.DRONE_CROSSING,
    "mavlink": Act.DRONE_CROSSING,
    "ulog": Act.DRONE_CROSSING,
}
# Chance of being inside from which a message is a candidate for an entry.
P_CANDIDATE = 0.05
# One message per identity and so many seconds is asked about.
THIN_S = 30
# A silence that ends one pass and begins another.
PASS_S = 1_800.0

# Silence that is long for the family, in seconds.
SILENT_S: Mapping[str, float] = {"ais": 3_600.0, "adsb": 600.0}
SILENT_OTHER_S = 120.0
# Receivers hear what is around: cells of a quarter of a degree, and the next ones.
CELLS_PER_DEG = 4
HEARD_SHARE = 0.8

LOITER_S = 3_600
LOITER_PATH_M = 2_000.0
LOITER_RATIO = 4.0  # of way made to extent


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages from ``first`` to ``last`` of one identity; ``best`` stands for them."""

    identity: str
    first: int
    last: int
    best: int


def act_of(family: str) -> Act:
    """What a thing of the family would do where it must not be."""
    return ACT_OF.get(family, Act.MOVEMENT)


def entries(tracks: Trajectories, terms: Agreement) -> Iterator[Stretch]:
    """Passes during which a thing may have been where its act is prohibited."""
    act = act_of(tracks.family)
    wheres = {
        clause.where
        for clause in terms.clauses
        if any(is_a(act, one) for one in clause.prohibits)
    }
    asked = _thinned(tracks)
    places = [tracks.place(at) for at in asked.tolist()]
    found: set[Stretch] = set()
    for where in sorted(wheres):
        p = p_inside_each(terms, where, places)
        inside = asked[p >= P_CANDIDATE]
        best = dict(zip(asked.tolist(), p.tolist(), strict=True))
        found |= set(_passes(tracks, inside, best))
    yield from sorted(found, key=lambda one: (one.first, one.last, one.best))


def loitering(tracks: Trajectories) -> Iterator[Stretch]:
    """Whole hours in which a thing made much way and got nowhere."""
    steps = np.nan_to_num(steps_m(tracks.points))
    hour = tracks.points.begin_ns // (LOITER_S * SECOND_NS)
    for identity, rows in tracks.runs():
        placed = np.flatnonzero(tracks.points.placed[rows]) + rows.start
        if not placed.size:
            continue
        ends = np.flatnonzero(np.diff(hour[placed])) + 1
        for some in np.split(placed, ends):
            if _to_and_fro(tracks, some, steps):
                first, last = int(some[0]), int(some[-1])
                yield Stretch(identity, first, last, int(some[len(some) // 2]))


def dark(tracks: Trajectories) -> Iterator[Stretch]:
    """Silences during which others nearby were heard all the while.

    Where nobody was heard nothing is said: no reception is not no vessel.
    """
    silent_s = SILENT_S.get(tracks.family, SILENT_OTHER_S)
    bin_ns = int(silent_s / 4 * SECOND_NS)
    heard = _heard(tracks, bin_ns)
    for identity, rows in tracks.runs():
        points = tracks.points.taken(np.arange(rows.start, rows.stop))
        gaps = points.begin_ns[1:] - points.end_ns[:-1]
        for at in np.flatnonzero(gaps > silent_s * SECOND_NS).tolist():
            before = np.flatnonzero(points.placed[: at + 1])
            if not before.size:
                continue
            last = rows.start + int(before[-1])
            begin, end = int(points.end_ns[at]), int(points.begin_ns[at + 1])
            if _was_heard(
                tracks, last, range(begin // bin_ns + 1, end // bin_ns), heard
            ):
                yield Stretch(identity, rows.start + at, rows.start + at + 1, last)


def _thinned(tracks: Trajectories) -> Integers:
    """The first placed message of each identity in each step of time."""
    placed = np.flatnonzero(tracks.points.placed & (tracks.points.identity != ""))
    if not placed.size:
        return placed
    step = tracks.points.begin_ns[placed] // (THIN_S * SECOND_NS)
    identity = tracks.points.identity[placed]
    new = np.ones(len(placed), dtype=np.bool_)
    new[1:] = (np.diff(step) != 0) | (identity[1:] != identity[:-1])
    return placed[new]


def _passes(
    tracks: Trajectories, inside: Integers, p: Mapping[int, float]
) -> Iterator[Stretch]:
    if not inside.size:
        return
    identity, begin = tracks.points.identity[inside], tracks.points.begin_ns[inside]
    new = (identity[1:] != identity[:-1]) | (np.diff(begin) > PASS_S * SECOND_NS)
    for some in np.split(inside, np.flatnonzero(new) + 1):
        best = max(some.tolist(), key=lambda at: (p[at], -at))
        name = str(tracks.points.identity[some[0]])
        yield Stretch(name, int(some[0]), int(some[-1]), best)


def _to_and_fro(tracks: Trajectories, some: Integers, steps: Numbers) -> bool:
    points = tracks.points
    lasted_ns = points.begin_ns[some[-1]] - points.begin_ns[some[0]]
    if len(some) < 3 or lasted_ns < LOITER_S * SECOND_NS * 3 // 4:
        return False
    way_m = float(steps[some[0] : some[-1]].sum())
    lat, lon = points.lat_deg[some], points.lon_deg[some]
    flat = np.cos(np.radians(lat.mean()))
    extent_m = 111_195 * float(np.hypot(np.ptp(lat), np.ptp(lon) * flat))
    return way_m >= LOITER_PATH_M and way_m >= LOITER_RATIO * extent_m


def _heard(tracks: Trajectories, bin_ns: int) -> frozenset[tuple[int, int, int]]:
    """Cells and steps of time in which anything at all was heard."""
    points = tracks.points.taken(tracks.points.placed)
    cells = np.column_stack((
        np.floor(points.lat_deg * CELLS_PER_DEG).astype(np.int64),
        np.floor(points.lon_deg * CELLS_PER_DEG).astype(np.int64),
        points.begin_ns // bin_ns,
    ))
    found = np.unique(cells, axis=0).tolist()
    return frozenset((row, column, step) for row, column, step in found)


def _was_heard(
    tracks: Trajectories,
    at: int,
    steps: range,
    heard: frozenset[tuple[int, int, int]],
) -> bool:
    """Whether around a place others were heard in most steps of time."""
    row = int(np.floor(tracks.points.lat_deg[at] * CELLS_PER_DEG))
    column = int(np.floor(tracks.points.lon_deg[at] * CELLS_PER_DEG))
    around = [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    known = sum(any((*cell, step) in heard for cell in around) for step in steps)
    return len(steps) > 0 and known >= HEARD_SHARE * len(steps)

"""Stretches of tracks that mean something: in a zone, to and fro, or silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log10

import numpy as np

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_inside_each
from trucewatch.collect.reception import (
    PACES,
    STILL_MPS,
    Course,
    reception,
    with_course,
)
from trucewatch.collect.tracks import Integers, Numbers, TrackPoints
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

# Silence that is long for the family, in seconds; of others nobody asks.
SILENT_S: Mapping[str, float] = {"ais": 3_600.0, "adsb": 600.0}
# What flies lower may be about to land.
LANDING_M = 3_000.0
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


@dataclass(frozen=True, slots=True)
class Silence:
    """A thing that was not heard where it would have been.

    Attributes:
        where: messages before and after it; ``best`` tells the place last.
        log10_ratio: of a transmitter that fell silent against poor reception.
    """

    where: Stretch
    log10_ratio: float


def dark(tracks: Trajectories) -> Iterator[Silence]:
    """Silences of things under way in reception that is proven, others heard meanwhile.

    Only as much of a silence counts as the thing would have stayed in good reception on
    its course. The chance of it by reception is counted over all things in the same
    recordings that stayed as long. Elsewhere nothing is said: no reception is not no
    vessel.
    """
    pace = PACES.get(tracks.family)
    learnt = reception(tracks.points, pace) if pace else None
    if learnt is None or pace is None:
        return
    silent_s = SILENT_S[tracks.family]
    bin_ns = int(silent_s / 4 * SECOND_NS)
    heard = _heard(tracks, bin_ns)
    tracks = replace(tracks, points=with_course(tracks.points))
    found = list(_silences(tracks, silent_s))
    last = np.array([one.best for one in found], dtype=np.int64)
    stayed = learnt.steps_inside(Course.of(tracks.points, last))
    for one, inside in zip(found, stayed.tolist(), strict=True):
        begin = int(tracks.points.end_ns[one.first])
        end = int(tracks.points.begin_ns[one.last])
        proven = min(learnt.working_steps(begin, end), inside)
        steps = range(begin // bin_ns + 1, end // bin_ns)
        if proven * pace.step_s >= silent_s / 2 and _was_heard(
            tracks, one.best, steps, heard
        ):
            yield Silence(one, -log10(learnt.p_silent(proven)))


def _silences(tracks: Trajectories, silent_s: float) -> Iterator[Stretch]:
    """Every long silence of a thing that was under way when last heard."""
    points = tracks.points
    for identity, rows in tracks.runs():
        gaps = points.begin_ns[rows][1:] - points.end_ns[rows][:-1]
        placed = points.placed[rows]
        at = np.arange(rows.start, rows.stop)
        last = np.maximum.accumulate(np.where(placed, at, -1))
        under = np.flatnonzero(gaps > silent_s * SECOND_NS) + rows.start
        for before in under.tolist():
            best = int(last[before - rows.start])
            if best >= 0 and _under_way(points, best):
                yield Stretch(identity, before, before + 1, best)


def _under_way(points: TrackPoints, at: int) -> bool:
    """Whether it moved and was not about to land: what rests may be switched off."""
    low = points.height_m[at] < LANDING_M
    return bool(points.speed_mps[at] >= STILL_MPS and not low)


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

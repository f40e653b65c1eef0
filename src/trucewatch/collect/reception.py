"""What a receiver of broadcasts could hear, learnt from what it did hear.

1. steps of time in which nothing at all was heard, longer than traffic explains, are
   outages
2. every thing heard in one step is asked after in the next and the one before: was it
   heard again? Shares by cell and window of time tell how well a cell is heard
3. a cell is proven where several things were asked after in it or beside it; with the
   station's place given, at its range and bearing

A share says how probably a thing that transmits there is heard within one step, given
that it was heard a step before or after: shadows that never let anything through are
not in it. No reception is no proof that nothing was there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np
import pyarrow as pa

from trucewatch.collect.hearing_cells import (
    CELLS_PER_DEG,
    COLUMNS,
    Groups,
    Spot,
    candidates,
    cells_of,
)
from trucewatch.collect.tracks import Flags, Integers, Numbers, TrackPoints

SECOND_NS = 1_000_000_000
# Expert judgement, not fitted, but for what each is compared with.
LEAST_TRIALS = 10  # in a window, in a cell and around it
LEAST_HEARD = 2  # different things: one alone may tell a false place
P_SILENT = 1e-3  # chance of a silence by few messages, below which it is an outage
PRIOR_TRIALS = 10.0  # weight of the surroundings in a cell's share
P_GOOD = 0.8  # of being heard within a step, from which a silence says something
STILL_MPS = 0.5
OFF_COURSE_DEG = 45.0
MOST_STAYED = 12
_M_PER_DEG = 111_195.0
_PASSES = 5
_MOST_STEPS = 1_000_000  # two years of minutes; what spans more is no one recording


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a family of things is heard where all is well.

    Attributes:
        step_s: in which a thing that transmits in good reception is heard.
        window_s: for which reception is taken to be one; whole steps.
        station_deg: latitude and longitude of the receiver, where told.
    """

    step_s: int
    window_s: int
    station_deg: Spot | None = None


# AIS: a moving vessel every 2 to 30 s, one at anchor every 3 minutes. ADS-B: twice a
# second. Source: ITU-R M.1371-5, annex 1, table 1; ICAO Doc 9871, B.2.
PACES = {"ais": Pace(600, 21_600), "adsb": Pace(60, 3_600)}


@dataclass(frozen=True, slots=True)
class Reception:
    """How well each cell was heard, window by window.

    Attributes:
        first: number of the first step since 1970.
        heard: per step, whether anything was heard; shape ``(n_steps,)``.
        outage: per step, whether the receiver is taken to have been deaf.
        window: number of the window since 1970, of each proven cell; shape ``(n,)``.
        cell: the cell, ``row * COLUMNS + column``; ascending within a window.
        p_heard: chance that a thing that transmits there is heard within a step.
        gaps: working steps from one hearing of a thing to the next, in proven cells;
            huge where it was not heard again; shape ``(m,)``.
        followed: working steps for which the receiver listened after that hearing.
        stayed: steps for which it stayed in good reception if it kept its course.
    """

    pace: Pace
    first: int
    heard: Flags
    outage: Flags
    window: Integers
    cell: Integers
    p_heard: Numbers
    gaps: Integers
    followed: Integers
    stayed: Integers

    def p_at(self, lat_deg: Numbers, lon_deg: Numbers, time_ns: Integers) -> Numbers:
        """The chance of being heard there and then; NaN where nothing proves it.

        All of one shape.
        """
        window = time_ns // (self.pace.window_s * SECOND_NS)
        wanted = _key(window, cells_of(lat_deg, lon_deg))
        known = _key(self.window, self.cell)
        if not known.size:
            return np.full(wanted.shape, np.nan)
        at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
        return np.where(known[at] == wanted, self.p_heard[at], np.nan)

    def steps_inside(self, course: Course) -> Integers:
        """Steps for which things stay in good reception, on course or a little off it.

        Up to ``MOST_STAYED``; 0 where one does not tell its speed, or its course unless
        it lies still. Reception is taken to be that of the begin.
        """
        still = course.speed_mps < STILL_MPS
        speed = np.where(still, 0.0, course.speed_mps)
        azimuth = np.where(still, 0.0, course.course_deg)
        inside = np.isfinite(speed) & np.isfinite(azimuth)
        found = np.zeros(len(speed), dtype=np.int64)
        for step in range(MOST_STAYED + 1):
            way_deg = speed * step * self.pace.step_s / _M_PER_DEG
            for off in (-OFF_COURSE_DEG, 0.0, OFF_COURSE_DEG):
                turn = np.radians(azimuth + off)
                lat = course.lat_deg + way_deg * np.cos(turn)
                flat = np.maximum(np.cos(np.radians(course.lat_deg)), 0.01)
                lon = course.lon_deg + way_deg * np.sin(turn) / flat
                inside &= self.p_at(lat, lon, course.time_ns) >= P_GOOD
            found[inside] = step
        return found

    def working_steps(self, begin_ns: int, end_ns: int) -> int:
        """Whole steps between two instants in which the receiver was not deaf."""
        step_ns = self.pace.step_s * SECOND_NS
        first, after = begin_ns // step_ns + 1, end_ns // step_ns
        part = self.outage[max(0, first - self.first) : max(0, after - self.first)]
        return int(np.count_nonzero(~part))

    def p_silent(self, steps: int) -> float:
        """The chance that a thing that stays in good reception is not heard so long.

        Counted over all things, those that truly fell silent among them: it errs
        upwards.
        """
        asked = (self.followed >= steps) & (self.stayed >= steps)
        longer = np.count_nonzero(self.gaps[asked] > steps)
        return float((longer + 1) / (np.count_nonzero(asked) + 1))


@dataclass(frozen=True, slots=True)
class Course:
    """Where things were and where they were bound, all ``(n,)``; NaN for unknown."""

    lat_deg: Numbers
    lon_deg: Numbers
    speed_mps: Numbers
    course_deg: Numbers
    time_ns: Integers

    @classmethod
    def of(cls, points: TrackPoints, which: Integers) -> Course:
        """The course of some messages."""
        return cls(
            *(points.lat_deg[which], points.lon_deg[which]),
            *(points.speed_mps[which], points.course_deg[which]),
            points.begin_ns[which],
        )


def _key(window: Integers, cell: Integers) -> Integers:
    return window * (COLUMNS * 181 * CELLS_PER_DEG) + cell


def reception(points: TrackPoints, pace: Pace) -> Reception | None:
    """How well things were heard.

    ``None`` where no message tells its time within a step, or they span too long.
    """
    step_ns = pace.step_s * SECOND_NS
    points = with_course(points.taken(points.end_ns - points.begin_ns <= step_ns))
    step = points.begin_ns // step_ns
    if not len(points) or int(np.ptp(step)) >= _MOST_STEPS:
        return None
    first = int(step.min())
    heard = np.zeros(int(step.max()) - first + 1, dtype=np.bool_)
    heard[step - first] = True
    outage = outages(heard)
    asked = _asked(points, step - first, outage)
    window = (asked.step + first) // (pace.window_s // pace.step_s)
    parts = _shares(asked, window, pace)
    empty = np.zeros(0, dtype=np.int64)
    bare = Reception(pace, first, heard, outage, *parts, empty, empty, empty)
    gaps, followed = _gaps(asked, outage)
    stayed = bare.steps_inside(Course.of(points, asked.row))
    return replace(bare, gaps=gaps, followed=followed, stayed=stayed)


def with_course(points: TrackPoints) -> TrackPoints:
    """The messages with the speed and course their sender told last.

    Aircraft tell them in other messages than their place.
    """
    codes = pa.array(points.identity).dictionary_encode().indices
    who = np.asarray(codes, dtype=np.int64)
    order = np.lexsort((points.begin_ns, who))
    found = {}
    for name in ("speed_mps", "course_deg"):
        told = getattr(points, name)[order]
        at = np.where(np.isfinite(told), np.arange(len(told)), -1)
        last = np.maximum.accumulate(at) if len(at) else at
        same = (last >= 0) & (who[order][last] == who[order])
        filled = np.full(len(told), np.nan)
        filled[order] = np.where(same, told[last], np.nan)
        found[name] = filled
    return replace(points, **found)


def outages(heard: Flags) -> Flags:
    """Which steps belong to silences too long for traffic as thin as it is.

    A silence of m steps is an outage where ``(1 - share heard)^m`` is below
    ``P_SILENT``; the share is that of all steps but its own and known outages.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([1], heard, [1]))))
    first, after = edges[::2], edges[1::2]
    length, outage = after - first, np.zeros(len(heard), dtype=np.bool_)
    for _ in range(_PASSES):
        others = np.count_nonzero(~outage) - np.where(outage[first], 0, length)
        share = np.count_nonzero(heard) / (others + 1)
        long = length * np.log1p(-share) < log(P_SILENT)
        found = np.zeros(len(heard) + 1, dtype=np.int64)
        found[first[long]] = 1
        found[after[long]] = -1
        fresh = np.cumsum(found)[:-1] > 0
        if (fresh == outage).all():
            break
        outage = fresh
    return outage


@dataclass(frozen=True, slots=True)
class _Asked:
    """Things heard in one step at one place, sorted by thing and step.

    Attributes:
        who: number of the thing.
        row: of a message that tells the place.
        trials: of the two steps beside, how many the receiver worked in.
        again: in how many of those the thing was heard.
    """

    who: Integers
    row: Integers
    step: Integers
    cell: Integers
    trials: Integers
    again: Integers


def _asked(points: TrackPoints, step: Integers, outage: Flags) -> _Asked:
    named = np.flatnonzero(points.identity != "")
    codes = pa.array(points.identity[named]).dictionary_encode().indices
    key = np.asarray(codes, dtype=np.int64) * (len(outage) + 2) + step[named] + 1
    every = np.unique(key)
    placed = points.placed[named]
    mine, at = np.unique(key[placed], return_index=True)
    row = named[placed][at]
    trials = np.zeros(len(mine), dtype=np.int64)
    again = np.zeros(len(mine), dtype=np.int64)
    for way in (-1, 1):
        beside = step[row] + way
        works = (beside >= 0) & (beside < len(outage))
        works[works] = ~outage[beside[works]]
        trials += works
        again += works & np.isin(mine + way, every, assume_unique=True)
    return _Asked(
        who=mine // (len(outage) + 2),
        row=row,
        step=step[row],
        cell=cells_of(points.lat_deg[row], points.lon_deg[row]),
        trials=trials,
        again=again,
    )


def _shares(
    asked: _Asked, window: Integers, pace: Pace
) -> tuple[Integers, Integers, Numbers]:
    """Window, cell and share of what is proven, ascending."""
    cells = candidates(asked.cell, pace.station_deg)
    groups = Groups.of(cells, pace.station_deg)
    whole = groups.summed(asked.cell, asked.trials, asked.again)
    prior = (whole.near_again + 1) / (whole.near_trials + 2)
    usual = _drawn_to(whole.again, whole.trials, prior)
    known = groups.different(asked.cell, asked.who) >= LEAST_HEARD
    parts: list[tuple[Integers, Integers, Numbers]] = []
    for number in np.unique(window).tolist():
        mine = window == number
        part = groups.summed(asked.cell[mine], asked.trials[mine], asked.again[mine])
        good = known & (part.near_trials >= LEAST_TRIALS)
        p = _drawn_to(part.again, part.trials, usual)[good]
        parts.append((np.full(len(p), number), cells[good], p))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0)
    windows, proven, p = (np.concatenate(one) for one in zip(*parts, strict=True))
    return windows, proven, p


def _drawn_to(again: Numbers, trials: Numbers, prior: Numbers) -> Numbers:
    found: Numbers = (again + PRIOR_TRIALS * prior) / (trials + PRIOR_TRIALS)
    return found


def _gaps(asked: _Asked, outage: Flags) -> tuple[Integers, Integers]:
    """Working steps from each row to the thing's next, and to the end."""
    worked = np.concatenate(([0], np.cumsum(~outage)))
    upto = worked[asked.step + 1]
    gap = np.full(len(upto), np.iinfo(np.int64).max)
    if len(upto):
        same = asked.who[1:] == asked.who[:-1]
        gap[:-1][same] = (upto[1:] - upto[:-1])[same]
    return gap, worked[-1] - upto

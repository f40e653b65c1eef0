"""What moves in an exercise: vessels, aircraft and small drones, lawful or not.

The closed waters are a disc beyond the west end of the line; lanes of shipping pass it
in the north and south. The closed air is the strip along the line; airways pass north
and south of it. What is lawful goes to and fro along a lane or an airway all the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.dice import Dice, away, dice
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import Reals, Stage

BESIDE_M = 25_000.0  # from the end of the line to the middle of the closed waters
WATERS_M = 12_000.0  # their radius
LANE_M, AIRWAY_M = 30_000.0, 45_000.0  # from the line
SPREAD_M = 2_000.0  # of lanes and airways
VESSEL_MPS, AIRCRAFT_MPS, RAIDER_MPS, DRONE_MPS = 8.0, 230.0, 200.0, 15.0
AIRWAY_HEIGHT_M, RAIDER_HEIGHT_M, DRONE_HEIGHT_M = 10_000.0, 3_000.0, 80.0
STAYS_S = 2_400.0  # how long a vessel keeps to where it went
JUMPS_S = 600.0  # how long a false vessel stays at either place
FALSE = "false_track"
# Addresses that no state was given. Sources: ITU, table of maritime identification
# digits (none of 999); ICAO Annex 10, volume III, table 9-1 (none of F00000 and on).
FIRST_MMSI, FIRST_ICAO = 999_000_000, 0xF00000


@dataclass(frozen=True, slots=True)
class Route:
    """One thing and its way.

    Attributes:
        kind: ``vessel``, ``aircraft`` or ``drone``.
        number: of its kind; its identity is made of it.
        what: the act it commits, ``false_track``, or nothing.
        points: seconds, east, north and height, shape (n, 4), by time.
        dark_s: from when until when it sends nothing; ``None`` for never.
    """

    kind: str
    number: int
    by: str
    what: str
    points: Reals
    dark_s: tuple[float, float] | None = None

    def at(self, times_s: Reals) -> Reals:
        """East, north and height at times, shape (n, 3)."""
        clock = self.points[:, 0]
        return np.column_stack([
            np.interp(times_s, clock, column) for column in self.points[:, 1:].T
        ])

    def sends(self, times_s: Reals) -> np.ndarray:
        """Whether it is there and sends at each time."""
        there = (times_s >= self.points[0, 0]) & (times_s <= self.points[-1, 0])
        if self.dark_s is None:
            return np.asarray(there)
        begin, end = self.dark_s
        return np.asarray(there & ((times_s < begin) | (times_s >= end)))


def waters(stage: Stage) -> tuple[float, float]:
    """The middle of the closed waters, east and north."""
    x = -0.5 * stage.scenario.sector.length_m - BESIDE_M
    return x, stage.line_at(x)


def routes_of(stage: Stage, seed: int) -> tuple[Route, ...]:
    """All that moves, in a fixed order; the same for every channel."""
    name = stage.scenario.scenario
    found = [
        *_vessels(stage, dice(seed, name, "vessels")),
        *_aircraft(stage, dice(seed, name, "aircraft")),
        *_drones(stage, dice(seed, name, "drones crossing")),
    ]
    return tuple(found)


def _vessels(stage: Stage, rng: Dice) -> Iterator[Route]:
    half = 0.5 * stage.scenario.sector.length_m
    ends = (-half - 80_000.0, half + 20_000.0)
    number = 0
    for number in range(1, stage.scenario.traffic.vessels + 1):
        points = _to_and_fro(stage, LANE_M, ends, (VESSEL_MPS, 0.0), rng)
        yield Route("vessel", number, "", "", points)
    for party in PARTIES:
        doing = stage.scenario.doing(party)
        for begin in _begins(stage, doing.entries_per_day, 16_000.0, rng):
            number += 1
            points = _entry(stage, party, begin, rng)
            dark = _inside(points, *waters(stage), WATERS_M + 4_000.0)
            silent = dark if rng.random() < doing.p_dark else None
            what = Act.VESSEL_IN_EXCLUSION_AREA.value
            yield Route("vessel", number, party, what, points, silent)
    false = stage.scenario.decoys.false_tracks_per_day
    for begin in _begins(stage, false, 8 * JUMPS_S, rng):
        number += 1
        yield Route("vessel", number, "", FALSE, _jumping(stage, begin, rng))


def _aircraft(stage: Stage, rng: Dice) -> Iterator[Route]:
    half = 0.5 * stage.scenario.sector.length_m
    ends = (-half - 150_000.0, half + 150_000.0)
    number = 0
    for number in range(1, stage.scenario.traffic.aircraft + 1):
        fast = (AIRCRAFT_MPS, AIRWAY_HEIGHT_M)
        points = _to_and_fro(stage, AIRWAY_M, ends, fast, rng)
        yield Route("aircraft", number, "", "", points)
    for party in PARTIES:
        doing = stage.scenario.doing(party)
        for begin in _begins(stage, doing.overflights_per_day, 2_000.0, rng):
            number += 1
            side = 1.0 if party == PARTIES[0] else -1.0
            x = half * rng.uniform(-0.8, 0.8, 3)
            y = side * np.array([90_000.0, -5_000.0, 90_000.0]) + stage.line_at(x[1])
            points = _timed(begin, x, y, (RAIDER_MPS, RAIDER_HEIGHT_M))
            dark = _near_line(stage, points, stage.scenario.sector.depth_m + 10_000.0)
            silent = dark if rng.random() < doing.p_dark else None
            what = Act.OVERFLIGHT.value
            yield Route("aircraft", number, party, what, points, silent)


def _drones(stage: Stage, rng: Dice) -> Iterator[Route]:
    half = 0.5 * stage.scenario.sector.length_m
    number = 0
    for party in PARTIES:
        rate = stage.scenario.doing(party).crossings_per_day
        side = 1.0 if party == PARTIES[0] else -1.0
        for begin in _begins(stage, rate, 1_500.0, rng):
            number += 1
            x = half * rng.uniform(-0.9, 0.9) + rng.uniform(-2_000.0, 2_000.0, 3)
            deep = np.array([3_000.0, -rng.uniform(800.0, 4_000.0), 3_000.0])
            y = np.array([stage.line_at(one) for one in x.tolist()]) + side * deep
            points = _timed(begin, x, y, (DRONE_MPS, DRONE_HEIGHT_M))
            what = Act.DRONE_CROSSING.value
            yield Route("drone", number, party, what, points)


def _begins(stage: Stage, per_day: float, lasts_s: float, rng: Dice) -> list[float]:
    """Times at which things of a length begin, so that they end before the end."""
    count = int(rng.poisson(per_day * stage.scenario.days))
    latest = max(1.0, stage.span_s - lasts_s)
    return sorted(rng.uniform(0.0, latest, count).round(3).tolist())


def _to_and_fro(
    stage: Stage,
    beside_m: float,
    ends: tuple[float, float],
    speed: tuple[float, float],
    rng: Dice,
) -> Reals:
    """Back and forth between two ends all the time, from anywhere on the way."""
    side = 1.0 if rng.random() < 0.5 else -1.0
    fast = speed[0] * rng.uniform(0.85, 1.15)
    lap_s = (ends[1] - ends[0]) / fast
    begin = -2 * lap_s * rng.random()
    count = int((stage.span_s - begin) // lap_s) + 2
    clock = begin + lap_s * np.arange(count)
    x = np.where(np.arange(count) % 2 == 0, ends[0], ends[1])
    y = np.full(count, side * (beside_m + SPREAD_M * rng.uniform(-1, 1)))
    return np.column_stack([clock, x, y, np.full(count, speed[1])])


def _timed(begin_s: float, x: Reals, y: Reals, speed: tuple[float, float]) -> Reals:
    steps = away(np.diff(x), np.diff(y)) / speed[0]
    clock = begin_s + np.concatenate(([0.0], np.cumsum(steps)))
    return np.column_stack([clock, x, y, np.full(len(x), speed[1])])


def _entry(stage: Stage, party: str, begin_s: float, rng: Dice) -> Reals:
    """From the lane into the closed waters, a stay there, and back."""
    side = 1.0 if party == PARTIES[0] else -1.0
    x0, y0 = waters(stage)
    inner = np.array([x0, y0]) + 0.5 * WATERS_M * rng.uniform(-1.0, 1.0, 2)
    outer = x0 + 20_000.0 * rng.uniform(-1.0, 1.0, 2)
    x = np.array([outer[0], inner[0], inner[0] + 400.0, outer[1]])
    y = np.array([side * LANE_M, inner[1], inner[1] + 400.0, side * LANE_M])
    points = _timed(begin_s, x, y, (VESSEL_MPS, 0.0))
    points[2:, 0] += STAYS_S
    return points


def _jumping(stage: Stage, begin_s: float, rng: Dice) -> Reals:
    """Now in the lane, now in the closed waters, faster than any vessel goes."""
    x0, y0 = waters(stage)
    lane = (x0 + 10_000.0 * float(rng.uniform(-1, 1)), y0 + LANE_M)
    rows = []
    for turn in range(8):
        x, y = lane if turn % 2 == 0 else (x0, y0)
        at = begin_s + turn * JUMPS_S
        rows += [(at, x, y, 0.0), (at + JUMPS_S - 1.0, x + 2_000.0, y, 0.0)]
    return np.array(rows)


def _inside(
    points: Reals, x_m: float, y_m: float, radius_m: float
) -> tuple[float, float]:
    """When a way is first and last within a disc, to the second."""
    clock = np.arange(points[0, 0], points[-1, 0], 1.0)
    x, y = (np.interp(clock, points[:, 0], points[:, k]) for k in (1, 2))
    inside = np.flatnonzero(away(x - x_m, y - y_m) <= radius_m)
    if not inside.size:
        return float(clock[0]), float(clock[0])
    return float(clock[inside[0]]), float(clock[inside[-1]] + 1.0)


def _near_line(stage: Stage, points: Reals, within_m: float) -> tuple[float, float]:
    """When a way is first and last so near the line, to the second."""
    clock = np.arange(points[0, 0], points[-1, 0], 1.0)
    x, y = (np.interp(clock, points[:, 0], points[:, k]) for k in (1, 2))
    off = np.abs(y - np.interp(x, stage.line_x_m, stage.line_y_m))
    inside = np.flatnonzero(off <= within_m)
    if not inside.size:
        return float(clock[0]), float(clock[0])
    return float(clock[inside[0]]), float(clock[inside[-1]] + 1.0)

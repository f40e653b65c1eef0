"""Fixed cameras near the line: when each looked where, and the bursts it recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees

import numpy as np

from trucewatch.exercise.delivered import (
    Delivered,
    Intake,
    dark,
    seconds,
    stamp,
    table,
)
from trucewatch.exercise.dice import Dice, away, dice
from trucewatch.exercise.truth import Happening, Sort, Stage

NAME = "cameras"
WATCH_S = 6 * 3_600.0
# One standard deviation of a range as a share of it, and of a bearing in degrees.
RANGE_RATIO, BEARING_DEG = 0.05, 1.0
HEAD = (
    *("record", "observer", "observer_lat", "observer_lon", "heading_deg"),
    *("opening_deg", "range_km", "bearing_deg", "number", "observation"),
    *("begin", "end", "outcome", "clear_ratio"),
)

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Camera:
    name: str
    x_m: float
    y_m: float
    lat: str
    lon: str
    heading_deg: float


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One log of views and events of all cameras."""
    asked = stage.scenario.cameras
    if not asked.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    cameras = list(_cameras(stage, rng))
    rows: list[Row] = []
    for begin in np.arange(0.0, stage.span_s, WATCH_S).tolist():
        clear = float(np.clip(rng.uniform(0.3, 1.3), 0.0, 1.0))  # fog some mornings
        for one in cameras:
            rows += _watch(stage, truth, one, (begin, clear), rng)
    options = (("zone", "UTC"),)
    files = (Intake("camera_logs", "cameras.csv", table(HEAD, rows), options),)
    return Delivered(files, ("sightings",), ("camera",))


def _cameras(stage: Stage, rng: Dice) -> Iterator[_Camera]:
    """Cameras along the line, some kilometres behind it, that look across it."""
    ground, count = stage.scenario.sector, stage.scenario.cameras.count
    for k in range(count):
        x = ((k + 0.5) / count - 0.5) * 0.95 * ground.length_m
        side = 1.0 if k % 2 == 0 else -1.0
        y = stage.line_at(x) + side * float(rng.uniform(300.0, 2_000.0))
        heading = ((180.0 if side > 0 else 0.0) + float(rng.normal(0, 20))) % 360
        ((lon, lat),) = stage.lonlat(np.array([x]), np.array([y])).tolist()
        yield _Camera(f"cam-{k + 1}", x, y, f"{lat:.6f}", f"{lon:.6f}", heading)


def _watch(
    stage: Stage,
    truth: Sequence[Happening],
    camera: _Camera,
    when: tuple[float, float],
    rng: Dice,
) -> Iterator[Row]:
    """One view of some hours, and what was recorded in it."""
    asked, (begin, clear) = stage.scenario.cameras, when
    out = rng.random() < asked.outage_ratio or dark(stage, NAME, begin)
    seen = [] if out else list(_events(stage, truth, camera, when, rng))
    outcome = "outage" if out else "hit" if seen else "miss"
    where = (camera.name, camera.lat, camera.lon)
    looks = (f"{camera.heading_deg:.1f}", asked.opening_deg, asked.range_m / 1_000)
    hours = (stamp(stage, begin), stamp(stage, min(begin + WATCH_S, stage.span_s)))
    share = "" if out else f"{clear:.2f}"
    yield ("view", *where, *looks, "", "", "", *hours, outcome, share)
    yield from seen


def _events(
    stage: Stage,
    truth: Sequence[Happening],
    camera: _Camera,
    when: tuple[float, float],
    rng: Dice,
) -> Iterator[Row]:
    asked, (begin, clear) = stage.scenario.cameras, when
    for one in truth:
        at = seconds(stage, one.time)
        real = one.sort in (Sort.BREACH, Sort.EXEMPT) and one.level_db
        if not real or not begin <= at < begin + WATCH_S:
            continue
        dx, dy = one.x_m - camera.x_m, one.y_m - camera.y_m
        far, bearing = float(away(dx, dy)), degrees(atan2(dx, dy))
        turn = (bearing - camera.heading_deg + 180) % 360 - 180
        inside = abs(turn) <= asked.opening_deg / 2 and far <= asked.range_m
        if not inside or rng.random() >= asked.p_records * clear:
            continue
        km = far * (1 + RANGE_RATIO * float(rng.normal(0, 1))) / 1_000
        told = (bearing + BEARING_DEG * float(rng.normal(0, 1))) % 360
        end = stamp(stage, at + one.length_s + 5)
        where = (camera.name, camera.lat, camera.lon, "", "", f"{km:.3f}")
        what = (f"{told:.2f}", one.rounds, "explosion", stamp(stage, at), end)
        yield ("event", *where, *what, "", "")

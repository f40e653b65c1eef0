"""Thermal satellites: when they passed, through how much cloud, and what burned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp, table
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.orbits import NADIR_M, Look, elements, looks
from trucewatch.exercise.truth import DAY_S, Happening, Reals, Stage

NAME = "satellites"
PASS_S = 60.0
P_HOT_ENOUGH = 0.6
GEOLOCATED_M = 50.0
PASSES = (
    *("satellite", "begin", "end", "west", "south", "east", "north"),
    *("cloud_ratio", "outcome"),
)
FIRES = (
    *("latitude", "longitude", "bright_ti4", "scan", "track", "acq_date", "acq_time"),
    *("satellite", "confidence", "version", "bright_ti5", "frp", "daynight"),
    "instrument",
)

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Over:
    """One pass: when, through how much cloud, and how it sees the ground."""

    at_s: float
    satellite: str
    cloud_ratio: float
    look: Look | None = None


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """Passes with their cloud, and pixels of what burned under them."""
    asked = stage.scenario.satellites
    if not (asked.passes_per_day or asked.orbits):
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    works = _works(stage, rng)
    days = np.clip(rng.random(stage.scenario.days) + asked.cloud_ratio - 0.5, 0, 1)
    cloud = days.round(2).tolist()
    over = _orbiting(stage, cloud) if asked.orbits else _even(stage, rng)
    passes: list[Row] = []
    fires: list[Row] = []
    for one in over:
        if dark(stage, NAME, one.at_s):
            continue
        seen = list(_seen(stage, truth, works, one, rng))
        passes.append(_pass(stage, one, "hit" if seen else "miss"))
        fires += seen
    if asked.orbits:
        told = elements(stage, cloud)
    else:
        told = Intake("satellite_passes", "passes.csv", table(PASSES, passes))
    files = (told, Intake("firms", "fires.csv", table(FIRES, fires)))
    return Delivered(files, ("thermal",), ("viirs",))


def _even(stage: Stage, rng: Dice) -> Iterator[_Over]:
    """Passes at even intervals, each with a cloud of its own."""
    asked = stage.scenario.satellites
    gap = DAY_S / asked.passes_per_day
    for k in range(stage.scenario.days * asked.passes_per_day):
        at = k * gap + float(rng.uniform(0.1, 0.9)) * gap
        cloud = float(np.clip(rng.random() + asked.cloud_ratio - 0.5, 0, 1))
        yield _Over(at, "N20", round(cloud, 2))


def _orbiting(stage: Stage, cloud: Sequence[float]) -> Iterator[_Over]:
    for one in looks(stage):
        day = int(np.clip(one.at_s // DAY_S, 0, stage.scenario.days - 1))
        yield _Over(one.at_s, one.satellite, cloud[day], one)


def _works(stage: Stage, rng: Dice) -> Reals:
    ground, n = stage.scenario.sector, stage.scenario.decoys.hot_works
    x = rng.uniform(-0.5, 0.5, n) * ground.length_m
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    return np.column_stack([x, line + rng.uniform(-0.8, 0.8, n) * ground.depth_m])


def _pass(stage: Stage, one: _Over, outcome: str) -> Row:
    ground = stage.scenario.sector
    reach = np.array([0.6 * ground.length_m, 1.5 * ground.depth_m])
    (west, south), (east, north) = stage.lonlat(*np.array([-reach, reach]).T).tolist()
    when = (stamp(stage, one.at_s), stamp(stage, one.at_s + PASS_S))
    box = (f"{west:.4f}", f"{south:.4f}", f"{east:.4f}", f"{north:.4f}")
    return (one.satellite, *when, *box, f"{one.cloud_ratio:.2f}", outcome)


def _seen(
    stage: Stage, truth: Sequence[Happening], works: Reals, over: _Over, rng: Dice
) -> Iterator[Row]:
    """Pixels of what burns under a pass; large pixels, off nadir, miss small fires."""
    burning = [
        (one.x_m, one.y_m)
        for one in truth
        if one.burns_s and not one.words_of
        if 0 <= over.at_s - seconds(stage, one.time) < one.burns_s
    ]
    for x, y in [*burning, *works.tolist()]:
        scan, track = over.look.pixel(x, y) if over.look else (NADIR_M, NADIR_M)
        if scan <= 0.0:
            continue  # beyond the edge of the swath
        p = (1 - over.cloud_ratio) * P_HOT_ENOUGH * NADIR_M / np.sqrt(scan * track)
        if rng.random() < p:
            yield _pixel(stage, over, (x, y), (scan, track), rng)


def _pixel(
    stage: Stage,
    over: _Over,
    spot: tuple[float, float],
    size: tuple[float, float],
    rng: Dice,
) -> Row:
    """A row of a fire list: the middle of the pixel that holds the fire."""
    east = over.look.scan_east_ratio if over.look else 1.0
    north = over.look.scan_north_ratio if over.look else 0.0
    along, across = rng.uniform(-0.5, 0.5, 2) * np.array(size)
    off = np.array([along * east - across * north, along * north + across * east])
    x, y = np.array(spot) + off + rng.normal(0, GEOLOCATED_M, 2)
    (lonlat,) = stage.lonlat(np.array([x]), np.array([y]))
    when = stamp(stage, over.at_s + PASS_S / 2)
    frp = f"{float(rng.lognormal(1.2, 0.7)):.2f}"
    width = (f"{size[0] / 1000:.2f}", f"{size[1] / 1000:.2f}")
    return (
        *(f"{lonlat[1]:.5f}", f"{lonlat[0]:.5f}", "330.0", *width),
        *(when[:10], when[11:16].replace(":", ""), over.satellite, "nominal", "2.0NRT"),
        *("290.0", frp, "N", "VIIRS"),
    )

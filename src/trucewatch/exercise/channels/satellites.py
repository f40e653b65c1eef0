"""Thermal satellites: when they passed, through how much cloud, and what burned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp, table
from trucewatch.exercise.truth import DAY_S, Happening, Stage, dice

NAME = "satellites"
PASS_S = 60.0
P_HOT_ENOUGH = 0.6
PIXEL_M = 375.0
PASSES = (
    *("satellite", "begin", "end", "west", "south", "east", "north"),
    *("cloud_ratio", "outcome"),
)
FIRES = (
    *("latitude", "longitude", "bright_ti4", "scan", "track", "acq_date", "acq_time"),
    *("satellite", "confidence", "version", "bright_ti5", "frp", "daynight"),
    "instrument",
)


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """Passes with their cloud, and pixels of what burned under them."""
    asked = stage.scenario.satellites
    if not asked.passes_per_day:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    works = _works(stage, rng)
    passes, fires = [], []
    gap = DAY_S / asked.passes_per_day
    for k in range(stage.scenario.days * asked.passes_per_day):
        at = k * gap + rng.uniform(0.1, 0.9) * gap
        cloud = float(np.clip(rng.beta(1.2, 1.2) + asked.cloud_ratio - 0.5, 0, 1))
        if dark(stage, NAME, at):
            continue
        seen = _seen(stage, truth, works, at, cloud, rng)
        passes.append(_pass(stage, at, cloud, "hit" if seen else "miss"))
        fires += seen
    files = (
        Intake("satellite_passes", "passes.csv", table(PASSES, passes)),
        Intake("firms", "fires.csv", table(FIRES, fires)),
    )
    return Delivered(files, ("thermal",), ("viirs",))


def _works(stage: Stage, rng: np.random.Generator) -> np.ndarray:
    ground, n = stage.scenario.sector, stage.scenario.decoys.hot_works
    x = rng.uniform(-0.5, 0.5, n) * ground.length_m
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    return np.column_stack([x, line + rng.uniform(-0.8, 0.8, n) * ground.depth_m])


def _pass(stage: Stage, at: float, cloud: float, outcome: str) -> tuple[object, ...]:
    ground = stage.scenario.sector
    reach = np.array([0.6 * ground.length_m, 1.5 * ground.depth_m])
    (west, south), (east, north) = stage.lonlat(*np.array([-reach, reach]).T).tolist()
    when = (stamp(stage, at), stamp(stage, at + PASS_S))
    box = (f"{west:.4f}", f"{south:.4f}", f"{east:.4f}", f"{north:.4f}")
    return ("N20", *when, *box, f"{cloud:.2f}", outcome)


def _seen(
    stage: Stage,
    truth: Sequence[Happening],
    works: np.ndarray,
    at: float,
    cloud: float,
    rng: np.random.Generator,
) -> list[tuple[object, ...]]:
    burning = [
        (one.x_m, one.y_m)
        for one in truth
        if one.burns_s and not one.words_of
        if 0 <= at - seconds(stage, one.time) < one.burns_s
    ]
    burning += [(x, y) for x, y in works.tolist()]
    clear = [spot for spot in burning if rng.random() < (1 - cloud) * P_HOT_ENOUGH]
    return [_pixel(stage, at, spot, rng) for spot in clear]


def _pixel(
    stage: Stage, at: float, spot: tuple[float, float], rng: np.random.Generator
) -> tuple[object, ...]:
    x, y = np.array(spot) + rng.uniform(-0.5, 0.5, 2) * PIXEL_M + rng.normal(0, 50, 2)
    (lonlat,) = stage.lonlat(np.array([x]), np.array([y]))
    when = stamp(stage, at + PASS_S / 2)
    frp = f"{rng.lognormal(1.2, 0.7):.2f}"
    return (
        *(f"{lonlat[1]:.5f}", f"{lonlat[0]:.5f}", "330.0", "0.39", "0.37"),
        *(when[:10], when[11:16].replace(":", ""), "N20", "nominal", "2.0NRT"),
        *("290.0", frp, "N", "VIIRS"),
    )

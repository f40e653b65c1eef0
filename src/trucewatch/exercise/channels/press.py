"""Outlets: they print what they hear of, late, roughly placed, and copy each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp, table
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.truth import DAY_S, Happening, Sort, Stage

NAME = "press"
HEAD = ["datetime", "lon", "lat", "place_name", "event_type", "headline", "url"]
TAGS = {"shelling": "artillery", "drone_impact": "uav", "strike": "airstrike"}
VILLAGE_M = 4_000.0  # between villages; a report names the nearest one
LAG_H = 12.0


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of reports of all outlets."""
    asked = stage.scenario.press
    if not asked.outlets:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    rows: list[tuple[float, tuple[object, ...]]] = []
    for one in truth:
        real = (
            one.sort is Sort.BREACH and one.level_db and rng.random() < asked.p_prints
        )
        if real and not dark(stage, NAME, seconds(stage, one.time)):
            tag = TAGS.get(one.what, "artillery")
            at = seconds(stage, one.time)
            rows += _printed(stage, at, (one.x_m, one.y_m), tag, rng)
    for _ in range(int(rng.poisson(asked.invents_per_day * stage.scenario.days))):
        ground = stage.scenario.sector
        x = float(rng.uniform(-0.5, 0.5)) * ground.length_m
        y = stage.line_at(x) + float(rng.uniform(-1, 1)) * ground.depth_m
        at = float(rng.uniform(0, stage.span_s))
        rows += _printed(stage, at, (x, y), "artillery", rng)
    rows.sort()
    options = (("feed", NAME), ("zone", "UTC"), ("lag_h", f"{LAG_H:g}"))
    reports = Intake(
        "media_reports", "reports.csv", table(HEAD, [row for _, row in rows]), options
    )
    return Delivered((reports,), ("reports",), ("media",))


def _printed(
    stage: Stage,
    at_s: float,
    spot: tuple[float, float],
    tag: str,
    rng: Dice,
) -> list[tuple[float, tuple[object, ...]]]:
    """One report, and copies of it by other outlets an hour or more later."""
    asked = stage.scenario.press
    x, y = (round(v / VILLAGE_M) * VILLAGE_M for v in spot)
    (lonlat,) = stage.lonlat(np.array([x]), np.array([y]))
    village = f"Village {round(x / VILLAGE_M):+d} {round(y / VILLAGE_M):+d}"
    many = min(1 + int(rng.poisson(asked.copies)), asked.outlets)
    outlets = rng.some_of(many, asked.outlets)
    at = at_s + float(rng.uniform(0.3, 0.9)) * LAG_H * 3600 / 2
    rows: list[tuple[float, tuple[object, ...]]] = []
    for k, outlet in enumerate(outlets.tolist()):
        printed = min(at + k * float(rng.uniform(600, 3600)), at_s + LAG_H * 3600 - 60)
        when = stamp(stage, min(printed, stage.span_s + DAY_S))
        url = f"https://outlet{outlet + 1}.example/{round(at_s)}"
        head = f"Explosions heard near {village}"
        place = (f"{lonlat[0]:.4f}", f"{lonlat[1]:.4f}", village, tag)
        rows.append((printed, (when[:19].replace("T", " "), *place, head, url)))
    return rows

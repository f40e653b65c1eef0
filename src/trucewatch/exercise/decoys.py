"""What looks or sounds like an attack and is none.

Levels are of one bang at 1 km. Sources: thunder 110 to 120 dB near the channel (Few
1995), drawn as claps from all along a channel of kilometres (``lightning``); a quarry
blasts at its own place and hour; a display shell bursts with some 100 dB at 1 km; the
overpressure under a fighter's supersonic flight at 10 km is 50 to 100 Pa (NASA SP-255,
1971).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trucewatch.exercise.attacks import spots, times
from trucewatch.exercise.dice import Dice, turned
from trucewatch.exercise.lightning import flash
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import DAY_S, Fields, Reals, Sort, Spot, Stage, Step

THUNDER_DB, QUARRY_DB, FIREWORK_DB, BOOM_DB = 118.0, 116.0, 97.0, 125.0
QUARRY_EVERY_DAY = 1.5  # blasts of one quarry a day
QUARRY_LATE_S = 600.0
EVENING_S = (19.5 * 3_600.0, 23.0 * 3_600.0)
BOOM_MPS, BOOM_HEIGHT_M, BOOM_WAY_M = 400.0, 10_000.0, 80_000.0
BOOM = "sonic_boom"


def decoys(stage: Stage, rng: Dice) -> Iterator[Fields]:
    """All decoys of an exercise but what is hot all the time."""
    asked = stage.scenario.decoys
    for at, spot in _anywhere(stage, asked.thunder_per_day, rng):
        claps = flash(spot, rng)
        yield _decoy("thunder", at, spot) | {
            "rounds": len(claps),
            "level_db": float(rng.normal(THUNDER_DB, 4.0)),
            "spots": claps,
        }
    yield from _quarries(stage, asked.quarry_per_day, rng)
    for at, spot in _anywhere(stage, asked.farm_fires_per_day, rng):
        day = np.floor(at / DAY_S) * DAY_S
        noon = float(day + 36_000.0 + (at - day) / 3)  # from ten to six
        yield _decoy("farm_fire", noon, spot) | {
            "burns_s": float(rng.lognormal(8.8, 0.5))
        }
    for at, spot in _anywhere(stage, asked.fireworks_per_day, rng):
        day = np.floor(at / DAY_S) * DAY_S
        yield _decoy("fireworks", float(day + rng.uniform(*EVENING_S)), spot) | {
            "rounds": 20 + int(rng.poisson(30.0)),
            "length_s": float(rng.uniform(240.0, 900.0)),
            "level_db": float(rng.normal(FIREWORK_DB, 3.0)),
            "scatter_m": 60.0,
        }
    for at, spot in _anywhere(stage, asked.sonic_booms_per_day, rng):
        yield _boom(stage, (at, spot), rng)


def _anywhere(stage: Stage, per_day: float, rng: Dice) -> Iterator[tuple[float, Reals]]:
    for at in times(stage, per_day, rng).tolist():
        yield at, spots(stage, rng.one_of(PARTIES), 1, rng)[0]


def _decoy(what: str, at_s: float, spot: Reals) -> Fields:
    return {
        "sort": Sort.DECOY,
        "what": what,
        "by": "",
        "at_s": at_s,
        "x_m": float(spot[0]),
        "y_m": float(spot[1]),
        "rounds": 1,
        "length_s": 0.0,
        "level_db": 0.0,
        "burns_s": 0.0,
    }


def _quarries(stage: Stage, per_day: float, rng: Dice) -> Iterator[Fields]:
    """Blasts of a few quarries, each at its own place and about its own hour."""
    count = max(1, round(per_day / QUARRY_EVERY_DAY)) if per_day else 0
    for _ in range(count):
        spot = spots(stage, rng.one_of(PARTIES), 1, rng)[0]
        hour_s = float(rng.uniform(9.0, 17.0)) * 3_600.0
        for day in range(stage.scenario.days):
            for _ in range(int(rng.poisson(per_day / count))):
                at = day * DAY_S + hour_s + float(rng.normal(0.0, QUARRY_LATE_S))
                yield _decoy("quarry", at, spot + rng.normal(0.0, 80.0, 2)) | {
                    "level_db": float(rng.normal(QUARRY_DB, 4.0))
                }


def _boom(stage: Stage, over: tuple[float, Reals], rng: Dice) -> Fields:
    """An aircraft faster than sound; its way passes over a spot half way."""
    at_s, spot = over
    cos, sin = turned(rng.random())
    half = 0.5 * BOOM_WAY_M * np.array([cos, sin])
    lasts = BOOM_WAY_M / BOOM_MPS
    ends = [(0.0, spot - half), (lasts, spot + half)]
    return _decoy(BOOM, at_s, spot - half) | {
        "length_s": lasts,
        "level_db": float(rng.normal(BOOM_DB, 3.0)),
        "path": tuple(Step(t, float(x), float(y)) for t, (x, y) in ends),
        "spots": tuple(_swept(stage, ends)),
    }


def _swept(stage: Stage, ends: list[tuple[float, Reals]]) -> Iterator[Spot]:
    """The ground right below the way, kilometre by kilometre, where it is watched."""
    (begin, start), (end, stop) = ends
    ground = stage.scenario.sector
    for share in np.linspace(0.0, 1.0, round(BOOM_WAY_M / 1_000.0) + 1).tolist():
        x, y = (start + share * (stop - start)).tolist()
        beside = abs(y - stage.line_at(x)) <= ground.depth_m
        if beside and abs(x) <= 0.5 * ground.length_m:
            yield Spot(begin + share * (end - begin), x, y)

"""What looks or sounds like an attack and is none.

Levels are of one bang at 1 km. Sources: thunder 110 to 120 dB near the channel (Few
1995), drawn as claps from all along a channel of kilometres; a quarry blasts at its own
place and hour; a display shell bursts with some 100 dB at 1 km; the overpressure under
a fighter's supersonic flight at 10 km is 50 to 100 Pa (NASA SP-255, 1971).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trucewatch.exercise.attacks import spots, times
from trucewatch.exercise.dice import Dice, turned
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import DAY_S, Fields, Reals, Sort, Stage, Step

THUNDER_DB, QUARRY_DB, FIREWORK_DB, BOOM_DB = 118.0, 116.0, 97.0, 125.0
CHANNEL_M = 700.0  # of a thunder's claps about their middle, one standard deviation
QUARRY_EVERY_DAY = 1.5  # blasts of one quarry a day
QUARRY_LATE_S = 600.0
EVENING_S = (19.5 * 3_600.0, 23.0 * 3_600.0)
BOOM_MPS, BOOM_HEIGHT_M, BOOM_WAY_M = 400.0, 10_000.0, 80_000.0
BOOM = "sonic_boom"


def decoys(stage: Stage, rng: Dice) -> Iterator[Fields]:
    """All decoys of an exercise but what is hot all the time."""
    asked = stage.scenario.decoys
    for at, spot in _anywhere(stage, asked.thunder_per_day, rng):
        yield _decoy("thunder", at, spot) | {
            "rounds": 2 + int(rng.poisson(3.0)),
            "level_db": float(rng.normal(THUNDER_DB, 4.0)),
            "scatter_m": CHANNEL_M,
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
        yield _boom(at, spot, rng)


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


def _boom(at_s: float, spot: Reals, rng: Dice) -> Fields:
    """An aircraft faster than sound; its way passes over the spot half way."""
    cos, sin = turned(rng.random())
    half = 0.5 * BOOM_WAY_M * np.array([cos, sin])
    lasts = BOOM_WAY_M / BOOM_MPS
    ends = [(0.0, spot - half), (lasts, spot + half)]
    return _decoy(BOOM, at_s, spot - half) | {
        "length_s": lasts,
        "level_db": float(rng.normal(BOOM_DB, 3.0)),
        "path": tuple(Step(t, float(x), float(y)) for t, (x, y) in ends),
    }

"""What parties do to each other's ground, and what they do on their own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.dice import Dice
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import DAY_S, Fields, Reals, Sort, Stage

ROUNDS = {Act.SHELLING: 6, Act.DRONE_IMPACT: 1, Act.STRIKE: 2, Act.FIRING: 8}
LEVEL_DB = {
    Act.SHELLING: 112.0,
    Act.DRONE_IMPACT: 104.0,
    Act.STRIKE: 122.0,
    Act.FIRING: 114.0,
}
LEVEL_SPREAD_DB = 6.0
P_FIRE = {Act.SHELLING: 0.05, Act.DRONE_IMPACT: 0.15, Act.STRIKE: 0.5}
BEHIND = (1.4, 2.2)  # where training grounds lie, in depths of the strip
JAMS_M = (60_000.0, 120_000.0)
JAMS_S = (3_600.0, 3 * 3_600.0)


def other(party: str) -> str:
    """The party on the other side."""
    return PARTIES[1 - PARTIES.index(party)]


def times(stage: Stage, rate_per_day: float, rng: Dice) -> Reals:
    """When things happen that happen so often, s, ascending."""
    count = int(rng.poisson(rate_per_day * stage.scenario.days))
    return np.sort(rng.uniform(0.0, stage.span_s, count))


def spots(stage: Stage, side: str, n: int, rng: Dice) -> Reals:
    """Places on the ground of a party, nearer the line more often; shape (n, 2)."""
    ground = stage.scenario.sector
    x = rng.uniform(-0.48 * ground.length_m, 0.48 * ground.length_m, n)
    deep = np.minimum(rng.exponential(0.3 * ground.depth_m, n), 0.95 * ground.depth_m)
    return _beyond(stage, side, x, deep)


def _beyond(stage: Stage, side: str, x_m: Reals, deep_m: Reals) -> Reals:
    line = np.interp(x_m, stage.line_x_m, stage.line_y_m)
    return np.column_stack([
        x_m,
        line + deep_m if side == PARTIES[0] else line - deep_m,
    ])


def attacks(stage: Stage, by: str, rate_per_day: float, rng: Dice) -> Iterator[Fields]:
    """Attacks by one party on the other's ground."""
    when = times(stage, rate_per_day, rng)
    where = spots(stage, other(by), len(when), rng)
    acts, shares = list(stage.scenario.acts), list(stage.scenario.acts.values())
    drawn = rng.weighted(shares, len(when))
    for at, spot, k in zip(when.tolist(), where, drawn.tolist(), strict=True):
        yield _sounding(Sort.BREACH, acts[k], by, (at, spot), rng)


def demining(stage: Stage, by: str, rate_per_day: float, rng: Dice) -> Iterator[Fields]:
    """Controlled explosions by day on a party's own ground."""
    when = _by_day(times(stage, rate_per_day, rng))
    where = spots(stage, by, len(when), rng)
    for at, spot in zip(when.tolist(), where, strict=True):
        yield _sounding(Sort.EXEMPT, Act.EXPLOSION, by, (at, spot), rng)


def training(stage: Stage, by: str, rate_per_day: float, rng: Dice) -> Iterator[Fields]:
    """Notified firing by day, behind the party's own strip and so outside the zone."""
    when = _by_day(times(stage, rate_per_day, rng))
    ground = stage.scenario.sector
    half = 0.4 * ground.length_m
    x = rng.uniform(-half, half, len(when))
    deep = ground.depth_m * rng.uniform(*BEHIND, len(when))
    where = _beyond(stage, by, x, deep)
    for at, spot in zip(when.tolist(), where, strict=True):
        made = _sounding(Sort.EXEMPT, Act.FIRING, by, (at, spot), rng)
        yield made | {"what": "training", "length_s": float(rng.uniform(60.0, 1_800.0))}


def jamming(stage: Stage, by: str, rate_per_day: float, rng: Dice) -> Iterator[Fields]:
    """Hours in which satellite navigation fails around a place of the party's own."""
    when = times(stage, rate_per_day, rng)
    where = spots(stage, by, len(when), rng)
    for at, spot in zip(when.tolist(), where, strict=True):
        yield {
            **_silent(Sort.BREACH, Act.JAMMING.value, by, (at, spot)),
            "length_s": float(rng.uniform(*JAMS_S)),
            "reach_m": float(rng.uniform(*JAMS_M)),
        }


def _by_day(when: Reals) -> Reals:
    """The same days, between twenty past eight and twenty past two."""
    day = np.floor(when / DAY_S) * DAY_S
    return np.asarray(day + 30_000.0 + (when - day) / 4)


def _silent(sort: Sort, what: str, by: str, at: tuple[float, Reals]) -> Fields:
    return {
        "sort": sort,
        "what": what,
        "by": by,
        "at_s": at[0],
        "x_m": float(at[1][0]),
        "y_m": float(at[1][1]),
        "rounds": 1,
        "length_s": 0.0,
        "level_db": 0.0,
        "burns_s": 0.0,
    }


def _sounding(
    sort: Sort, act: Act, by: str, at: tuple[float, Reals], rng: Dice
) -> Fields:
    rounds = 1 + int(rng.poisson(ROUNDS.get(act, 1) - 1))
    fire = rng.random() < P_FIRE.get(act, 0.05)
    return {
        **_silent(sort, act.value, by, at),
        "rounds": rounds,
        "length_s": float(rng.exponential(20.0) * (rounds - 1)),
        "level_db": float(rng.normal(LEVEL_DB.get(act, 108.0), LEVEL_SPREAD_DB)),
        "burns_s": float(rng.lognormal(8.2, 0.9)) if fire else 0.0,
        "scatter_m": 30.0 if rounds > 1 else 0.0,
    }

"""Shifts of patrols: where and when they go, and who turns them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.delivered import dark
from trucewatch.exercise.dice import dice
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import DAY_S, Fields, Reals, Sort, Stage

NAME = "patrols"
STOPS_M = 1_500.0  # how far a patrol moves in its shift
BARRIER_M = 100.0


@dataclass(frozen=True, slots=True)
class Shift:
    """One patrol on one day.

    Attributes:
        path: where it begins and ends, shape (2, 2).
        failed: that it could not look, whatever the reason.
        by: the party that turned it back; empty for none.
    """

    name: str
    begin_s: float
    path: Reals
    failed: bool
    by: str

    @property
    def barrier(self) -> Reals:
        """Where it is turned back, a little ahead on its way east, shape (2,)."""
        return np.asarray(self.path[0] + np.array([BARRIER_M, 0.0]))


def shifts(stage: Stage, seed: int) -> tuple[Shift, ...]:
    """All shifts in a fixed order."""
    asked, ground = stage.scenario.patrols, stage.scenario.sector
    rng = dice(seed, stage.scenario.scenario, NAME)
    made = []
    for day in range(stage.scenario.days):
        for k in range(asked.count):
            free_s = DAY_S - asked.hours_per_day * 3_600.0
            begin = day * DAY_S + float(rng.uniform(0.0, free_s))
            x = float(rng.uniform(-0.45, 0.45)) * ground.length_m
            y = stage.line_at(x) + float(rng.uniform(-0.5, 0.5)) * ground.depth_m
            side = PARTIES[0] if y > stage.line_at(x) else PARTIES[1]
            turned = rng.random() < stage.scenario.doing(side).p_turns_back
            lost = rng.random() < asked.p_denied or dark(stage, NAME, begin)
            path = np.array([[x, y], [x + STOPS_M, y]])
            failed = bool(turned or lost)
            by = side if turned else ""
            made.append(Shift(f"patrol-{k + 1}", begin, path, failed, by))
    return tuple(made)


def turned_back(stage: Stage, seed: int) -> Iterator[Fields]:
    """Patrols that parties did not let through."""
    for one in shifts(stage, seed):
        if one.by:
            yield {
                "sort": Sort.BREACH,
                "what": Act.ACCESS_DENIAL.value,
                "by": one.by,
                "at_s": one.begin_s,
                "x_m": float(one.barrier[0]),
                "y_m": float(one.barrier[1]),
                "rounds": 1,
                "length_s": 600.0,
                "level_db": 0.0,
                "burns_s": 0.0,
            }

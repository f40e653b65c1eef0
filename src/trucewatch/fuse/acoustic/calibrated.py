"""From the model's own odds and covariances to ones that hold.

The table beside this module was fitted on simulated sets of this project, never on
what it is judged by. Without a table the model's own word stands.
Source: monotone regression of outcomes on the score by crowding; group-conditional
conformal scaling of the covariance by crowding and arrivals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of
from trucewatch.fuse.acoustic.network import Reals, Whole

TABLE = "calibration.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Monotone maps of the score, and factors of the covariance.

    Attributes:
        crowding: least crowding of each group, ascending from 0.
        arrivals: least number of arrivals of each group, ascending from 0.
        score: knots of the score, ascending.
        p: probability at the knots, by crowding and arrivals; falls with neither
            score nor arrivals.
        factor: of the variance, by crowding and arrivals.
    """

    crowding: tuple[int, ...]
    arrivals: tuple[int, ...]
    score: tuple[float, ...]
    p: tuple[tuple[tuple[float, ...], ...], ...]
    factor: tuple[tuple[float, ...], ...]


@cache
def shipped() -> Calibration | None:
    """The table that ships, or None while there is none."""
    table = files("trucewatch.fuse.acoustic") / TABLE
    if not table.is_file():
        return None
    fields = json.loads(table.read_text("utf-8"))
    return Calibration(
        crowding=tuple(fields["crowding"]),
        arrivals=tuple(fields["arrivals"]),
        score=tuple(fields["score"]),
        p=tuple(tuple(tuple(knots) for knots in row) for row in fields["p"]),
        factor=tuple(tuple(row) for row in fields["factor"]),
    )


def calibrated(
    score: Reals, crowding: Whole, arrivals: Whole, cov: Reals
) -> tuple[Reals, Reals]:
    """Probabilities and covariances that hold, from those the model states."""
    table = shipped()
    if table is None:
        odds = np.array([1.0 / (1.0 + exp_of(-float(s))) for s in score])
        return odds.reshape(len(score)), cov
    p, scaled = np.empty(len(score)), cov.copy()
    for k in range(len(score)):
        i = _group(table.crowding, int(crowding[k]))
        j = _group(table.arrivals, int(arrivals[k]))
        p[k] = _between(table.score, table.p[i][j], float(score[k]))
        scaled[k] *= table.factor[i][j]
    return p, scaled


def _group(least: tuple[int, ...], value: int) -> int:
    return max(k for k, bound in enumerate(least) if value >= bound)


def _between(knots: tuple[float, ...], values: tuple[float, ...], at: float) -> float:
    if at <= knots[0]:
        return values[0]
    for k in range(1, len(knots)):
        if at < knots[k]:
            share = (at - knots[k - 1]) / (knots[k] - knots[k - 1])
            return values[k - 1] + share * (values[k] - values[k - 1])
    return values[-1]

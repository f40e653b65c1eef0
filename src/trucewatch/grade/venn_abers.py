"""Odds made true: what share of statements with such a score came true elsewhere.

An inductive Venn–Abers predictor. To one more statement with a score, fitted once as
if it had come true and once as if not, isotonic regression on the cases learnt from
gives two probabilities; whatever the truth is, one of them is calibrated. The interval
between them is as wide as the cases are few.

Source: Vovk, Petej and Fedorova 2015, NeurIPS 28, Large-scale probabilistic predictors
with and without guarantees of validity; eq. 7 there for the one number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.record import Value

Reals = NDArray[np.float64]
STEP_LOG10 = 0.1  # scores are told apart to a tenth of a decade
LEAST_LOG10, MOST_LOG10 = -8.0, 12.0


@dataclass(frozen=True, slots=True)
class Interval(Value):
    """A calibrated probability and the two it lies between."""

    p: float
    p_low: float
    p_high: float


CERTAIN = Interval(1.0, 1.0, 1.0)
UNKNOWN = Interval(0.5, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class VennAbers(Value):
    """The two isotonic steps over scores.

    Attributes:
        cases: how many statements it was fitted on.
        log10_odds: scores at which a step begins, rising; the first also holds below.
        p_low: from each of them on, if the statement had not come true.
        p_high: likewise, if it had.
    """

    cases: int
    log10_odds: tuple[float, ...]
    p_low: tuple[float, ...]
    p_high: tuple[float, ...]

    def check(self) -> None:
        """Check that the steps are steps.

        Raises:
            ValueError: if they differ in number, do not rise, or are reversed.
        """
        steps = (self.log10_odds, self.p_low, self.p_high)
        same = len({len(one) for one in steps}) == 1 and bool(self.log10_odds)
        if not same or any(list(one) != sorted(one) for one in steps):
            msg = f"steps must rise together: {[len(one) for one in steps]}"
            raise ValueError(msg)
        if any(a > b for a, b in zip(self.p_low, self.p_high, strict=True)):
            msg = "an interval ends after it begins"
            raise ValueError(msg)

    def interval(self, log10_odds: float) -> Interval:
        """What such a score is worth; never falls as the score rises."""
        step = max(0, bisect_right(self.log10_odds, log10_odds + 1e-9) - 1)
        low, high = self.p_low[step], self.p_high[step]
        return Interval(high / (1 - low + high), low, high)


def fitted(log10_odds: Sequence[float], came_true: Sequence[bool]) -> VennAbers:
    """The predictor learnt from scores and what became of them, each of length n.

    Raises:
        ValueError: if there is no case, or the two differ in length.
    """
    if len(log10_odds) != len(came_true) or not len(log10_odds):
        msg = f"{len(log10_odds)} scores for {len(came_true)} outcomes"
        raise ValueError(msg)
    at = np.clip(np.asarray(log10_odds, np.float64), LEAST_LOG10, MOST_LOG10)
    steps = np.round(at / STEP_LOG10).astype(np.int64)
    ends, home = np.unique(steps, return_inverse=True)
    cases: Reals = np.bincount(home).astype(np.float64)
    outcomes = np.asarray(came_true, np.float64)
    true: Reals = np.bincount(home, weights=outcomes).astype(np.float64)
    low = [_at(cases, true, k, 0.0) for k in range(len(ends))]
    high = [_at(cases, true, k, 1.0) for k in range(len(ends))]
    kept = [
        k
        for k in range(len(ends))
        if not k or (low[k], high[k]) != (low[k - 1], high[k - 1])
    ]
    begins = [round(float(ends[k] - 0.5) * STEP_LOG10, 6) for k in kept]
    return VennAbers(
        len(log10_odds),
        tuple(begins),
        tuple(low[k] for k in kept),
        tuple(high[k] for k in kept),
    )


def _at(cases: Reals, true: Reals, k: int, outcome: float) -> float:
    """The isotonic fit at step ``k`` with one more case there, of that outcome."""
    from scipy.optimize import isotonic_regression

    more = np.zeros_like(cases)
    more[k] = 1.0
    weights = cases + more
    share = (true + outcome * more) / weights
    fit = isotonic_regression(share, weights=weights).x
    return round(float(fit[k]), 6)

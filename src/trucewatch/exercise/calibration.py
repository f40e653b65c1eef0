"""How true stated probabilities are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.record import Value

Reals = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin(Value):
    """Statements of about one probability.

    Attributes:
        p_stated: their mean; ``p_came_true`` the share that came true.
        statements: how many.
    """

    p_stated: float
    p_came_true: float
    statements: int


@dataclass(frozen=True, slots=True)
class Calibration(Value):
    """How true stated probabilities are.

    ``brier_ratio = reliability_ratio - resolution_ratio + uncertainty_ratio`` up to
    the spread within bins. Source: Murphy 1973, J. Appl. Meteorol. 12, 595.

    Attributes:
        brier_ratio: mean squared difference of statement and outcome.
        ece_ratio: mean difference of statement and share, by bins of equal width.
    """

    statements: int
    brier_ratio: float
    ece_ratio: float
    reliability_ratio: float
    resolution_ratio: float
    uncertainty_ratio: float
    bins: tuple[Bin, ...]


def calibration(stated: Reals, came_true: Reals) -> Calibration:
    """Calibration of statements, both arrays of shape (n,); zeros for none.

    Raises:
        ValueError: if shapes differ or a statement is no probability.
    """
    if stated.shape != came_true.shape:
        msg = f"{stated.shape} statements for {came_true.shape} outcomes"
        raise ValueError(msg)
    if stated.size and not (stated.min() >= 0 and stated.max() <= 1):
        msg = "a statement is no probability"
        raise ValueError(msg)
    if not stated.size:
        return Calibration(0, 0.0, 0.0, 0.0, 0.0, 0.0, ())
    which = np.minimum((stated * BINS).astype(np.int64), BINS - 1)
    base, n = float(came_true.mean()), stated.size
    bins = []
    for k in range(BINS):
        here = which == k
        if here.any():
            means = float(stated[here].mean()), float(came_true[here].mean())
            bins.append(Bin(*means, int(here.sum())))
    gap = [(b.statements / n, b.p_stated - b.p_came_true) for b in bins]
    spread = [(b.statements / n, b.p_came_true - base) for b in bins]
    return Calibration(
        statements=n,
        brier_ratio=float(np.mean((stated - came_true) ** 2)),
        ece_ratio=sum(share * abs(off) for share, off in gap),
        reliability_ratio=sum(share * off**2 for share, off in gap),
        resolution_ratio=sum(share * off**2 for share, off in spread),
        uncertainty_ratio=base * (1 - base),
        bins=tuple(bins),
    )

"""Fires seen from orbit: a footprint, and a time that lies before the look.

Channel D of MODEL 1.3. The ellipse is that of the pixels, larger off nadir; the
detector weighs the fire against the background of its place and season. The time is
censored: what burns at the look was lit before, and the longer before, the fewer fires
still burn.

    LLR(t) = ratio + log S(look - t) / mean S,  S the survival of a lognormal burn

The mean is taken over the detector's period, so that where no other channel knows the
instant the ratio is the detector's own.
"""

from __future__ import annotations

from math import erf, exp, log, log10, sqrt

from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, ellipse_rows, plain_ratio
from trucewatch.fuse.state import Row, State

# Expert judgement, not fitted: half of what a strike lights burns less than an hour.
MEDIAN_S = 3_600.0
LOG_SD_RATIO = 1.0
BY_DATE_S = 12 * 3_600.0  # a longer period is a date: the time of the look is unknown


def capacity(cell: Cell) -> Capacity:
    """Many: one fire may have been lit by several hits."""
    return Capacity.MANY


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """The offset from the middle of the fire."""
    return ellipse_rows(cell, state)


def log10_ratio(cell: Cell, state: State) -> float:
    """The fire's ratio less its misfit, by how long it would have had to burn."""
    period = cell.best.time
    ratio = plain_ratio(cell, state)
    if period.duration_s > BY_DATE_S:
        return ratio
    for_s = max(period.end.timestamp() - state.time_s, 0.0)
    mean = mean_surviving(period.duration_s)
    return ratio + log10(max(surviving(for_s) / mean, 1e-12))


def surviving(for_s: float) -> float:
    """The share of fires that burn for longer."""
    return 1.0 - _below(for_s, 0.0)


def mean_surviving(within_s: float) -> float:
    """The mean of ``surviving`` from 0 to ``within_s``.

    Source: integration by parts; the partial mean of a lognormal law.
    """
    mean_s = MEDIAN_S * exp(LOG_SD_RATIO**2 / 2)
    shorter_s = mean_s * _below(within_s, LOG_SD_RATIO)
    return surviving(within_s) + shorter_s / within_s


def _below(for_s: float, shift_ratio: float) -> float:
    if for_s <= 0:
        return 0.0
    z = log(for_s / MEDIAN_S) / LOG_SD_RATIO - shift_ratio
    return (1.0 + erf(z / sqrt(2))) / 2

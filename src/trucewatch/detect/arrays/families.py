"""One arrival is one detection: windows of one direction, near in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.arrays.settings import ArraySettings

Numbers = NDArray[np.float64]

# Slowness of one arrival wanders less than this share of its own length, 9 degrees.
WANDER_RATIO = 0.16
LEAST_WINDOWS = 2  # windows overlap by three quarters: what arrives stands in several


@dataclass(frozen=True, slots=True)
class Family:
    """Windows that one arrival stands in.

    Attributes:
        peak: number of the window with the highest F.
        begin: number of the first window.
        end: number of the last window.
    """

    peak: int
    begin: int
    end: int


def families(
    begin_s: Numbers,
    slowness: Numbers,
    f_ratio: Numbers,
    rate_per_day: Numbers,
    settings: ArraySettings,
) -> tuple[Family, ...]:
    """Families of windows rarer than noise may be, in order of their peaks.

    Args:
        begin_s: of every window, ascending.
        slowness: east, north, s/m, shape ``(n_windows, 2)``.
        f_ratio: F of every window.
        rate_per_day: at which noise gives such a window.
        settings: names velocities, the rate allowed and how near in time.
    """
    speed = 1 / np.maximum(np.hypot(*slowness.T), 1e-12)
    kept = rate_per_day <= settings.false_per_day
    kept &= (speed >= settings.slow_mps) & (speed <= settings.fast_mps)
    closed: list[list[int]] = []
    opened: list[list[int]] = []
    for k in np.flatnonzero(kept).tolist():
        late = begin_s[k] - settings.together_s
        closed += [one for one in opened if begin_s[one[-1]] < late]
        opened = [one for one in opened if begin_s[one[-1]] >= late]
        nearest = _nearest(opened, slowness, k)
        if nearest is None:
            opened.append([k])
        else:
            nearest.append(k)
    found = [
        Family(max(one, key=lambda k: (f_ratio[k], -k)), one[0], one[-1])
        for one in closed + opened
        if _stands(one)
    ]
    return tuple(sorted(found, key=lambda one: (one.peak, one.begin)))


def _stands(windows: list[int]) -> bool:
    """Whether some windows follow each other without a hole."""
    run = np.diff(windows) == 1
    return len(windows) >= LEAST_WINDOWS and bool(run.any())


def _nearest(
    opened: list[list[int]], slowness: Numbers, window: int
) -> list[int] | None:
    """The open family whose last direction fits best; ``None`` where none does."""
    own = slowness[window]
    limit = WANDER_RATIO * np.hypot(*own)
    away = [float(np.hypot(*(slowness[one[-1]] - own))) for one in opened]
    if not away or min(away) > limit:
        return None
    return opened[int(np.argmin(away))]

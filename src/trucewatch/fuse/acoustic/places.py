"""Incidents that share a place are located together.

A source that does not move between its sounds has one place; each sound tells of it.
How probable it is that two incidents share theirs follows from how far apart they lie,
given how well each is known, and from how many around them do.
Source: empirical Bayes on a mixture of two kernels in distance (shared, scattered);
expectation-maximisation of the share of the one, by surroundings.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals

WITHIN_S = 200.0
WITHIN_M = 300.0
TOGETHER_S = 0.12  # closer in time, two cannot be of one source
MOVES_M2 = 36.0  # variance of the place from one sound to the next
WIDE_M2 = 110.0 * 110.0
COMMON = 0.1  # of the variance is of clocks and survey, and the same for both
ROUNDS = 6
PRIOR_SHARE, PRIOR_PAIRS = 0.3, 1.0
LEAST_TIE = 0.02


@kernel
def shared(events: Reals, cov: Reals) -> None:
    """Incidents stand where they do together with those they share a place with.

    `events` ascend in time and begin with x, y (m), time (s); `cov` holds their
    covariances, shape (n, 3, 3), without what is wrong for all alike. Both are changed.
    """
    n = events.shape[0]
    share, tied = np.full(n, PRIOR_SHARE), np.empty(n)
    for _ in range(ROUNDS):
        for i in range(n):
            tied[i] = _tied(events, cov, i, share)
        for i in range(n):
            share[i] = _around(events, i, tied)
    way, spread = np.empty((n, 2)), np.empty((n, 2, 2))
    for i in range(n):
        _join(events, cov, i, (share[i], way[i], spread[i]))
    for i in range(n):
        _take_up(events[i], cov[i], way[i], spread[i])


@part
def _kernels(events: Reals, cov: Reals, i: int, j: int) -> tuple[float, float]:
    """Densities (1/m2) of the way between two if they share a place and if not."""
    dx, dy = events[j, 0] - events[i, 0], events[j, 1] - events[i, 1]
    d2 = dx * dx + dy * dy
    if d2 > WITHIN_M * WITHIN_M or abs(events[j, 2] - events[i, 2]) < TOGETHER_S:
        return 0.0, 0.0
    a = cov[i, 0, 0] + cov[j, 0, 0] + MOVES_M2
    b = cov[i, 0, 1] + cov[j, 0, 1]
    c = cov[i, 1, 1] + cov[j, 1, 1] + MOVES_M2
    det = a * c - b * b
    q = (c * dx * dx - 2.0 * b * dx * dy + a * dy * dy) / det
    tight = exp_of(-0.5 * q) / np.sqrt(det)
    wide = WIDE_M2 + 0.5 * (a + c)
    return tight, exp_of(-0.5 * d2 / wide) / wide


@kernel
def _reach(events: Reals, i: int) -> tuple[int, int]:
    first = np.searchsorted(events[:, 2], events[i, 2] - WITHIN_S)
    last = np.searchsorted(events[:, 2], events[i, 2] + WITHIN_S)
    return int(first), int(last)


@kernel
def _tied(events: Reals, cov: Reals, i: int, share: Reals) -> float:
    """Probability that an incident shares its place with one around; -1 without any."""
    first, last = _reach(events, i)
    tight, wide = 0.0, 0.0
    for j in range(first, last):
        if j != i:
            near, far = _kernels(events, cov, i, j)
            tight += near
            wide += far
    if tight + wide <= 0.0:
        return -1.0
    return float(share[i] * tight / (share[i] * tight + (1.0 - share[i]) * wide))


@kernel
def _around(events: Reals, i: int, tied: Reals) -> float:
    """The mean of the tied around an incident, drawn towards the prior."""
    first, last = _reach(events, i)
    total, weight = PRIOR_SHARE * PRIOR_PAIRS, PRIOR_PAIRS
    for j in range(first, last):
        dx, dy = events[j, 0] - events[i, 0], events[j, 1] - events[i, 1]
        if tied[j] >= 0.0 and dx * dx + dy * dy < WITHIN_M * WITHIN_M:
            w = exp_of(-0.5 * (dx * dx + dy * dy) / WIDE_M2)
            total += w * tied[j]
            weight += w
    return total / weight


@kernel
def _join(events: Reals, cov: Reals, i: int, of: tuple[float, Reals, Reals]) -> None:
    """The way to the common place, and its covariance (m2)."""
    share, way, spread = of
    det = cov[i, 0, 0] * cov[i, 1, 1] - cov[i, 0, 1] * cov[i, 0, 1]
    p, q, r = cov[i, 1, 1] / det, -cov[i, 0, 1] / det, cov[i, 0, 0] / det
    x, y = 0.0, 0.0
    first, last = _reach(events, i)
    for j in range(first, last):
        near, far = _kernels(events, cov, i, j) if j != i else (0.0, 0.0)
        tie = share * near
        if tie <= LEAST_TIE * (tie + (1.0 - share) * far):
            continue
        tie /= tie + (1.0 - share) * far
        e, g = cov[j, 0, 0] + 2.0 * MOVES_M2, cov[j, 1, 1] + 2.0 * MOVES_M2
        f = cov[j, 0, 1]
        det = (e * g - f * f) / tie
        dx, dy = events[j, 0] - events[i, 0], events[j, 1] - events[i, 1]
        p += g / det
        q -= f / det
        r += e / det
        x += (g * dx - f * dy) / det
        y += (e * dy - f * dx) / det
    det = p * r - q * q
    way[0], way[1] = (r * x - q * y) / det, (p * y - q * x) / det
    spread[0, 0] = (1.0 - COMMON) * r / det + COMMON * cov[i, 0, 0]
    spread[0, 1] = -(1.0 - COMMON) * q / det + COMMON * cov[i, 0, 1]
    spread[1, 1] = (1.0 - COMMON) * p / det + COMMON * cov[i, 1, 1]


@kernel
def _take_up(event: Reals, c: Reals, way: Reals, spread: Reals) -> None:
    """Place, time and covariance follow what is now known of the place."""
    det = c[0, 0] * c[1, 1] - c[0, 1] * c[0, 1]
    g = (c[0, 2] * c[1, 1] - c[1, 2] * c[0, 1]) / det
    h = (c[1, 2] * c[0, 0] - c[0, 2] * c[0, 1]) / det
    event[0] += way[0]
    event[1] += way[1]
    event[2] += g * way[0] + h * way[1]
    less_xx, less_xy = c[0, 0] - spread[0, 0], c[0, 1] - spread[0, 1]
    less_yy = c[1, 1] - spread[1, 1]
    c[2, 2] -= g * g * less_xx + 2.0 * g * h * less_xy + h * h * less_yy
    c[0, 0], c[0, 1], c[1, 1] = spread[0, 0], spread[0, 1], spread[1, 1]
    c[0, 2] = g * c[0, 0] + h * c[0, 1]
    c[1, 2] = g * c[0, 1] + h * c[1, 1]
    c[1, 0], c[2, 0], c[2, 1] = c[0, 1], c[0, 2], c[1, 2]

"""Fire repeats from and onto the same places: the prior density of further incidents.

Source: a self-exciting point process. Guns and racks stay where they are, shells
scatter: two Gaussian kernels in space, one two-sided exponential in time.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals, Whole

TIGHT_M, WIDE_M = 22.0, 110.0
MEMORY_S = 60.0
REACH_S = 180.0
REACH_M = 400.0
SAME_S, SAME_M = 0.12, 150.0
EVEN = 4.0  # score of an incident that counts half
NEGLIGIBLE = 1e-3  # of the birth density, at the very place of an incident
ROW_BITS, TIME_BITS = 16, 31
HALF_ROW = 1 << 15
HALF_TIME = 1.07e9  # ms
TWO_PI = 6.283185307179586
TIGHT = 0.4 / (TWO_PI * TIGHT_M * TIGHT_M * 2.0 * MEMORY_S)
WIDE = 0.4 / (TWO_PI * WIDE_M * WIDE_M * 2.0 * MEMORY_S)


@kernel
def repeats(
    places: Reals, incidents: Reals, weight: Reals, log_birth_ratio: float
) -> Reals:
    """Log of how much likelier an incident is at each place because of the others.

    `incidents` ascend in time, each counts by its weight, and not at all if it hardly
    could; `log_birth_ratio` is the log density (per m2 and s) without others.
    """
    out = np.zeros(places.shape[0])
    rate = exp_of(log_birth_ratio)
    told = np.nonzero(weight * TIGHT > NEGLIGIBLE * rate)[0]
    told = told[_by_key(incidents[told])]
    near, heavy = incidents[told], weight[told]
    key = np.empty(told.size, np.int64)
    for k in range(told.size):
        key[k] = _key(near[k], 0, 0, 0.0)
    for k in _by_key(places):
        place, extra = places[k], 0.0
        for square in range(9):
            extra += _from_square(place, square, key, near, heavy)
        if extra > 0.0:
            out[k] = log_of(1.0 + extra / rate)
    return out


@kernel
def _by_key(places: Reals) -> Whole:
    """Rows by square and time, so that those after each other see the same others."""
    key = np.empty(places.shape[0], np.int64)
    for k in range(places.shape[0]):
        key[k] = _key(places[k], 0, 0, 0.0)
    return np.argsort(key, kind="mergesort")


@part
def _from_square(
    place: Reals, square: int, key: Whole, near: Reals, heavy: Reals
) -> float:
    """The density that incidents of one of the nine squares around a place add."""
    i, j, extra = square // 3 - 1, square % 3 - 1, 0.0
    e, end = _first(key, _key(place, i, j, -REACH_S)), _key(place, i, j, REACH_S)
    while e < key.size and key[e] <= end:
        extra += heavy[e] * _density(place, near[e])
        e += 1
    return extra


@part
def _key(place: Reals, i: int, j: int, later_s: float) -> int:
    """Keys ascend by square of REACH_M, and in each by time."""
    across = int(np.floor(place[0] / REACH_M)) + i + HALF_ROW
    along = int(np.floor(place[1] / REACH_M)) + j + HALF_ROW
    after = int(min(max((place[2] + later_s) * 1000.0 + HALF_TIME, 0.0), 2 * HALF_TIME))
    return ((across << ROW_BITS) + along << TIME_BITS) + after


@part
def _first(key: Whole, least: int) -> int:
    """The first row whose key is no less."""
    a, b = 0, key.size
    while a < b:
        middle = (a + b) // 2
        if key[middle] < least:
            a = middle + 1
        else:
            b = middle
    return a


@part
def _density(place: Reals, incident: Reals) -> float:
    """Of further incidents (per m2 and s) at a place, because of one; 0 if the same."""
    dx, dy = incident[0] - place[0], incident[1] - place[1]
    d2, dt = dx * dx + dy * dy, abs(incident[2] - place[2])
    same = dt <= SAME_S and d2 <= SAME_M * SAME_M
    if d2 > REACH_M * REACH_M or same:
        return 0.0
    near = WIDE * exp_of(-0.5 * d2 / (WIDE_M * WIDE_M))
    if d2 < 25.0 * TIGHT_M * TIGHT_M:
        near += TIGHT * exp_of(-0.5 * d2 / (TIGHT_M * TIGHT_M))
    return near * exp_of(-dt / MEMORY_S)


@kernel
def likely(score: Reals) -> Reals:
    """The weight of an incident of a score as the origin of others."""
    out = np.empty(score.size)
    for k in range(score.size):
        out[k] = 1.0 / (1.0 + exp_of(EVEN - score[k]))
    return out

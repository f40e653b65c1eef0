"""Fire repeats from and onto the same places: the prior density of further incidents.

Source: a self-exciting point process. Guns and racks stay where they are, shells
scatter: two Gaussian kernels in space, one two-sided exponential in time.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals

TIGHT_M, WIDE_M = 22.0, 110.0
MEMORY_S = 60.0
REACH_S = 180.0
REACH_M = 400.0
SAME_S, SAME_M = 0.12, 150.0
EVEN = 4.0  # score of an incident that counts half
TWO_PI = 6.283185307179586
TIGHT = 0.4 / (TWO_PI * TIGHT_M * TIGHT_M * 2.0 * MEMORY_S)
WIDE = 0.4 / (TWO_PI * WIDE_M * WIDE_M * 2.0 * MEMORY_S)


@kernel
def repeats(
    places: Reals, incidents: Reals, weight: Reals, log_birth_ratio: float
) -> Reals:
    """Log of how much likelier an incident is at each place because of the others.

    `incidents` ascend in time, each counts by its weight; `log_birth_ratio` is the log
    density (per m2 and s) without others.
    """
    out = np.zeros(places.shape[0])
    rate = exp_of(log_birth_ratio)
    for k in range(places.shape[0]):
        extra, e = 0.0, np.searchsorted(incidents[:, 2], places[k, 2] - REACH_S)
        while e < incidents.shape[0] and incidents[e, 2] < places[k, 2] + REACH_S:
            extra += weight[e] * _density(places[k], incidents[e])
            e += 1
        out[k] = log_of(1.0 + extra / rate)
    return out


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


def likely(score: Reals) -> Reals:
    """The weight of an incident of a score as the origin of others."""
    return np.array([1.0 / (1.0 + exp_of(EVEN - float(s))) for s in score])

"""Clocks that are off by seconds: found by what a node hears of strong incidents.

The picks of a node lie around the times at which it should have heard the incidents;
if its clock is off they lie as densely around times shifted by one and the same offset.
Source: cross-correlation of picks with predicted arrivals; the log likelihood ratio of
a Poisson count against the clutter around it.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.listen import air_of
from trucewatch.fuse.acoustic.network import Reals, Small
from trucewatch.fuse.acoustic.physics import (
    MISS_AT_DB,
    MISS_DB,
    heard,
    loss_db,
    travel,
)
from trucewatch.fuse.acoustic.scene import (
    GAIN,
    NOISE,
    QUIET,
    TIME,
    Scene,
    X,
    Y,
    first_from,
    is_down,
    sensors_near,
)

REACH_S = 8.0
BIN_S = 0.05
BINS = 320
HALF = 2  # a peak is five bins wide
LEAST_HEARD = 0.3
LEAST_S = 0.6
LEAST_COUNT = 4
LEAST_RATIO = 13.0


@kernel
def jumps(scene: Scene, events: Reals) -> Reals:
    """The offset (s) of each clock that is off by seconds; 0 for the others."""
    sensors = scene.node.shape[0]
    count = np.zeros((sensors, BINS), np.int32)
    last = np.full((sensors, BINS), -1, np.int32)
    for e in range(events.shape[0]):
        _correlate(scene, events[e], count, last)
    out = np.zeros(sensors)
    for s in range(sensors):
        out[s] = _jump(count[s])
    return out


@kernel
def _correlate(scene: Scene, event: Reals, count: Small, last: Small) -> None:
    """All picks around the times at which an incident should have been heard.

    Of a volley a pick counts but once for an offset.
    """
    air = air_of(scene, event[2], event[0])
    cell, near = sensors_near(scene, event[0], event[1])
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - event[0], scene.node[s, Y] - event[1], air
        )
        level, due = event[3] - loss_db(r), event[2] + tau
        if level < scene.know[QUIET]:
            break
        excess = level + scene.node[s, GAIN] - scene.node[s, NOISE] - MISS_AT_DB
        if heard(excess / MISS_DB) < LEAST_HEARD or is_down(scene, s, due):
            continue
        p, end = first_from(scene, s, due - REACH_S), due + REACH_S
        while p < scene.first[s + 1] and scene.picks[p, TIME] < end:
            b = int((scene.picks[p, TIME] - due + REACH_S) / BIN_S)
            b = min(b, BINS - 1)
            low, high = max(b - HALF, 0), b + HALF + 1
            count[s, b] += not np.any(last[s, low:high] == p)
            last[s, b] = p
            p += 1


@kernel
def _jump(count: Small) -> float:
    expected = (np.sum(count) + 1.0) * (2 * HALF + 1) / BINS
    best, top = 0, int(count[0])
    for b in range(HALF, BINS - HALF):
        n = int(np.sum(count[b - HALF : b + HALF + 1]))
        if n > top:
            best, top = b, n
    middle = BINS // 2
    usual = np.sum(count[middle - 2 * HALF : middle + 2 * HALF])
    if top < LEAST_COUNT or 2 * usual > top:
        return 0.0
    if top * log_of(top / expected) - (top - expected) < LEAST_RATIO:
        return 0.0
    mean = 0.0
    for b in range(best - HALF, best + HALF + 1):
        mean += count[b] * ((b + 0.5) * BIN_S - REACH_S)
    mean /= top
    return mean if abs(mean) >= LEAST_S else 0.0

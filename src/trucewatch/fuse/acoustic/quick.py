"""A first guess of what a place is worth, from the nearest sensors alone."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.kernel import part
from trucewatch.fuse.acoustic.listen import NOTHING
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import (
    MISS_AT_DB,
    PER_MISS_DB,
    log_miss,
)
from trucewatch.fuse.acoustic.rays import Rays, cast
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    CLOCK,
    GAIN,
    LEVEL,
    NOISE,
    PER_S,
    RATE,
    Scene,
    first_from,
    sensors_near,
)

NEAREST = 12
HOPELESS = -7.0
PER_LEVEL = 1.0 / 7.0  # 1/dB


@part
def quick_score(
    scene: Scene,
    event: Reals,
    air: tuple[float, float, float],
    widen_ratio: float,
    rays: Rays,
) -> float:
    """A fast lower guess of the score from the nearest sensors; NOTHING if hopeless."""
    cell, n = sensors_near(scene, event[0], event[1])
    total, hits = 0.0, 0
    n = cast(scene, event, air, (cell, 0, min(n, NEAREST)), rays)
    k2 = scene.know[PER_S] * scene.know[PER_S] + widen_ratio * widen_ratio
    base = scene.know[BASE] * scene.know[BASE] + 0.0005
    for q in range(n):
        s, tau = scene.near[cell, q], rays.tau[q]
        level = event[3] - rays.loss[q] + scene.node[s, GAIN]
        z = (level - scene.node[s, NOISE] - MISS_AT_DB) * PER_MISS_DB
        if z < -2.5:
            continue
        missed = max(log_miss(z), -3.0)
        var = scene.node[s, CLOCK] + k2 * tau * tau + base
        due = event[2] + tau + scene.node[s, BIAS]
        gain = _nearest(scene, s, (due, var), level)
        if gain > missed:
            hits += 1
            total += gain
        else:
            total += missed
            if total < HOPELESS:
                return NOTHING
    return total if hits >= 3 else NOTHING


@part
def _nearest(
    scene: Scene, sensor: int, when: tuple[float, float], level: float
) -> float:
    due, var = when
    width = 3.0 * np.sqrt(var)
    p, top = first_from(scene, sensor, due - width), NOTHING
    last = scene.first[sensor + 1]
    while p < last and scene.time[p] <= due + width:
        if scene.owner[p] == -1:
            late = scene.time[p] - due
            off = (scene.picks[p, LEVEL] - level) * PER_LEVEL
            off = min(max(off, -3.0), 3.0) if off == off else 0.0
            gain = -0.5 * (late * late / var + off * off) - scene.picks[p, RATE]
            top = max(top, gain)
        p += 1
    if top <= NOTHING:
        return top
    return top - 0.62 - 0.5 * log_of(var)

"""A first guess of what a place is worth, from the nearest sensors alone."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import Work
from trucewatch.fuse.acoustic.kernel import part
from trucewatch.fuse.acoustic.listen import NOTHING
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import (
    PER_MISS_DB,
    log_miss,
)
from trucewatch.fuse.acoustic.rays import cast
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    CLOCK,
    EVEN,
    GAIN,
    LEVEL,
    NOISE,
    PER_S,
    RATE,
    Scene,
    bucket_at,
    first_between,
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
    work: Work,
) -> float:
    """A fast lower guess of the score from the nearest sensors; NOTHING if hopeless."""
    total, hits = 0.0, 0
    for q in range(_asked(scene, event, (air, widen_ratio), work)):
        z = (work.net[q] - work.even[q]) * PER_MISS_DB
        if z < -2.5:
            continue
        missed = max(log_miss(z), -3.0)
        gain = _nearest(scene, work, q)
        if gain > missed:
            hits += 1
            total += gain
        else:
            total += missed
            if total < HOPELESS:
                return NOTHING
    return total if hits >= 3 else NOTHING


@part
def _asked(
    scene: Scene,
    event: Reals,
    how: tuple[tuple[float, float, float], float],
    work: Work,
) -> int:
    """The nearest sensors are in `work`, `net` being the level there; how many."""
    air, widen = how
    cell, n = sensors_near(scene, event[0], event[1])
    n = cast(scene, event, air, (cell, 0, min(n, NEAREST)), work.rays)
    k2 = scene.know[PER_S] * scene.know[PER_S] + widen * widen
    base = scene.know[BASE] * scene.know[BASE] + 0.0005
    for q in range(n):
        s, tau = scene.near[cell, q], work.rays.tau[q]
        work.sensor[q] = s
        work.net[q] = event[3] - work.rays.loss[q] + scene.node[s, GAIN]
        work.even[q] = scene.node[s, NOISE] + scene.know[EVEN]
        work.var[q] = scene.node[s, CLOCK] + k2 * tau * tau + base
        work.due[q] = event[2] + tau + scene.node[s, BIAS]
    for q in range(n):
        work.gate[q] = 3.0 * np.sqrt(work.var[q])
    for q in range(n):
        early = work.due[q] - work.gate[q]
        work.low[q], work.high[q] = bucket_at(scene, work.sensor[q], early)
    return n


@part
def _nearest(scene: Scene, work: Work, q: int) -> float:
    """The best gain (nats) of the free picks around the time a sound is due."""
    due, var, level, width = work.due[q], work.var[q], work.net[q], work.gate[q]
    p = first_between(scene, (work.low[q], work.high[q]), due - width)
    last, top = scene.first[work.sensor[q] + 1], NOTHING
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

"""Clutter: how often a node picks what no incident explains, learnt from the picks."""

from __future__ import annotations

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.scene import RATE, Scene

LEAST_PER_S = 2e-4
ECHO_PER_S = 0.2
ECHO_AFTER_S = 0.15
ECHO_DECAY_S = 0.5
ECHO_END_S = 2.5
SHOCK_PER_S = 0.008
SHOCK_END_S = 4.0


@kernel
def learn_rates(
    scene: Scene, before: Reals, span_s: float, window_s: float, shadows: bool
) -> None:
    """The log rate of clutter at each pick is that of the free picks around it.

    It is shrunk to the mean of the sensor over `span_s`, to which the free picks of
    each sensor `before` this scene belong, shape (n,); with `shadows` the echoes and
    shocks of owned picks add to it.
    """
    for s in range(scene.node.shape[0]):
        start, end = scene.first[s], scene.first[s + 1]
        free = before[s]
        for p in range(start, end):
            free += scene.owner[p] < 0
        mean = (free + 1.0) / span_s
        a, b, around = start, start, 0
        for p in range(start, end):
            while b < end and scene.time[b] <= scene.time[p] + window_s:
                around += scene.owner[b] < 0
                b += 1
            while scene.time[a] < scene.time[p] - window_s:
                around -= scene.owner[a] < 0
                a += 1
            rate = (around - (scene.owner[p] < 0) + mean * window_s) / (3.0 * window_s)
            rate = max(rate, LEAST_PER_S)
            if shadows:
                rate += _shadow(scene, p)
            scene.picks[p, RATE] = log_of(rate)


@part
def _shadow(scene: Scene, pick: int) -> float:
    s, extra = scene.sensor[pick], 0.0
    q = pick - 1
    while q >= scene.first[s] and scene.time[pick] - scene.time[q] < ECHO_END_S:
        if scene.owner[q] >= 0:
            after = scene.time[pick] - scene.time[q] - ECHO_AFTER_S
            extra += ECHO_PER_S * exp_of(-after / ECHO_DECAY_S)
            break
        q -= 1
    q = pick + 1
    while q < scene.first[s + 1] and scene.time[q] - scene.time[pick] < SHOCK_END_S:
        if scene.owner[q] >= 0:
            return extra + SHOCK_PER_S
        q += 1
    return extra

"""Clocks that are off by seconds: found by what a node hears of strong incidents.

A node whose clock is off hears nothing when it should, and as much at times shifted by
one and the same offset. For each offset the log odds are summed that its picks are
those of the incidents, over their being clutter; they are compared with the odds of no
offset, and of hearing nothing at all.
Source: log likelihood ratio of a Bernoulli detection with a uniform error of 0.3 s
against Poisson clutter; the bound stands for one clock in a hundred off, the number of
offsets tried, and a hundred thousand clocks looked at.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import air_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals, Small
from trucewatch.fuse.acoustic.physics import (
    MISS_DB,
    heard,
    loss_db,
    travel,
)
from trucewatch.fuse.acoustic.scene import (
    EVEN,
    GAIN,
    NOISE,
    QUIET,
    Scene,
    X,
    Y,
    first_from,
    is_down,
    sensors_near,
)

REACH_S = 8.0
BIN_S = 0.1
BINS = 160
HALF = 1  # an arrival lies within three bins
WIDTH_S = (2 * HALF + 1) * BIN_S
LEAST_HEARD = 0.3
LEAST_MISS = 0.05
LEAST_S = 0.6
USUAL_S = 0.3
LEAST_RATIO = 13.0


def no_odds(sensors: int) -> Reals:
    """Log odds of each offset of each clock before any incident, (s, BINS)."""
    return np.zeros((sensors, BINS))


@kernel
def jumps(odds: Reals) -> Reals:
    """The offset (s) of each clock that is off by seconds; 0 for the others."""
    out = np.zeros(odds.shape[0])
    for s in range(odds.shape[0]):
        out[s] = _jump(odds[s])
    return out


@kernel
def correlated(scene: Scene, events: Reals, before: Reals) -> Reals:
    """Log odds of each offset of each clock, (s, BINS), with those known before."""
    sensors = scene.node.shape[0]
    odds = before.copy()
    by_pick = np.full((sensors, BINS), -1, np.int32)
    by_event = np.full((sensors, BINS), -1, np.int32)
    span = max(np.max(scene.time) - np.min(scene.time), 60.0)
    for e in range(events.shape[0]):
        _correlate(scene, (events[e], e, span), odds, (by_pick, by_event))
    return odds


@part
def _correlate(
    scene: Scene,
    event: tuple[Reals, int, float],
    odds: Reals,
    used: tuple[Small, Small],
) -> None:
    """All picks around the times at which an incident should have been heard.

    Of a volley a pick counts but once for an offset, and of an incident one pick.
    """
    place, e, span = event
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - place[0], scene.node[s, Y] - place[1], air
        )
        level, due = place[3] - loss_db(r), place[2] + tau
        if level < scene.know[QUIET]:
            break
        excess = level + scene.node[s, GAIN] - scene.node[s, NOISE] - scene.know[EVEN]
        p = heard(excess / MISS_DB)
        if p < LEAST_HEARD or is_down(scene, s, due):
            continue
        _weigh(scene, (s, e, due, p, span), odds[s], (used[0][s], used[1][s]))


@part
def _weigh(
    scene: Scene,
    look: tuple[int, int, float, float, float],
    odds: Reals,
    used: tuple[Small, Small],
) -> None:
    """The picks of a node around the time at which it should have heard an incident."""
    s, e, due, p, span = look
    first, last = first_from(scene, s, due - REACH_S), scene.first[s + 1]
    end = first
    while end < last and scene.time[end] < due + REACH_S:
        end += 1
    usual = (last - scene.first[s] + 1.0) / span
    rate = usual + max(end - first - 1.0, 0.0) / (4.0 * REACH_S)
    missed = max(1.0 - p, LEAST_MISS)
    worth, silent = log_of(1.0 + p / (missed * WIDTH_S * rate)), log_of(missed)
    for b in range(BINS):
        odds[b] += silent
    for k in range(first, end):
        b = int((scene.time[k] - due + REACH_S) / BIN_S)
        for j in range(max(b - HALF, 0), min(b + HALF + 1, BINS)):
            if used[0][j] != k and used[1][j] != e:
                odds[j] += worth
                used[0][j], used[1][j] = k, e


@kernel
def _jump(odds: Reals) -> float:
    best, top, usual = 0, -1e9, 0.0
    for b in range(BINS):
        off = abs((b + 0.5) * BIN_S - REACH_S)
        if off < USUAL_S:
            usual = max(usual, odds[b])
        elif off > LEAST_S and odds[b] > top:
            best, top = b, odds[b]
    if top - usual < LEAST_RATIO:
        return 0.0
    total, weight = 0.0, 0.0
    for b in range(max(best - HALF, 0), min(best + HALF + 1, BINS)):
        if odds[b] > top - 2.0:
            total += (b + 0.5) * BIN_S - REACH_S
            weight += 1.0
    return total / weight

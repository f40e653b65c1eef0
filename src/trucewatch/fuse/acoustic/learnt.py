"""What one block hands to the next: air, clocks, levels, clutter and births.

A filter: the next block takes it for information of its own, which fades with time.
The air walks at random between its nodes; all else is forgotten by half-lives.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.calibrate import CLOCK_FLOOR_S, WALK, Normal
from trucewatch.fuse.acoustic.clocks import no_odds
from trucewatch.fuse.acoustic.elementary import LN2, exp_of
from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.levels import Levels, no_levels
from trucewatch.fuse.acoustic.linear import cholesky, inverse
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.scene import BIAS, CLOCK, ORIGIN, Scene

CLOCK_HALF_S = 86_400.0
LEVEL_HALF_S = 7 * 86_400.0
RATE_HALF_S = 6 * 3_600.0
FAR_OFF = 4.0  # standard deviations of a clock as declared


class Learnt(NamedTuple):
    """All that is known at the end of a block.

    Attributes:
        until_s: end of the block; NaN before the first.
        air_s: time of the medium's node; NaN while nothing is known of it.
        air: its five values, shape (5,), with their covariance, (5, 5).
        clock: information (1/s2) of each clock, and that times its offset, (s, 2).
        levels: what is known of levels.
        way: of each node from its surveyed place, as in `surveys`, shape (s, 4).
        odds: log odds of each offset of each clock, shape (s, offsets).
        clutter: picks of no incident of each sensor, shape (s,).
        incidents: how many there were, shape (1,).
        watched_s: in which time both were counted.
    """

    until_s: float
    air_s: float
    air: Reals
    air_cov: Reals
    clock: Reals
    levels: Levels
    way: Reals
    odds: Reals
    clutter: Reals
    incidents: Reals
    watched_s: float


def nothing(sensors: int) -> Learnt:
    """What is known before the first pick."""
    return Learnt(
        until_s=math.nan,
        air_s=math.nan,
        air=np.zeros(5),
        air_cov=np.zeros((5, 5)),
        clock=np.zeros((sensors, 2)),
        levels=no_levels(sensors),
        way=np.zeros((sensors, 4)),
        odds=no_odds(sensors),
        clutter=np.zeros(sensors),
        incidents=np.zeros(1),
        watched_s=0.0,
    )


def faded(known: Learnt, at_s: float) -> Learnt:
    """What is left of it at a later time."""
    if math.isnan(known.until_s):
        return known
    wait = max(at_s - known.until_s, 0.0)
    clock = exp_of(-LN2 * wait / CLOCK_HALF_S)
    level = exp_of(-LN2 * wait / LEVEL_HALF_S)
    rate = exp_of(-LN2 * wait / RATE_HALF_S)
    steps = max(at_s - known.air_s, 0.0) / NODE_S
    return Learnt(
        until_s=max(at_s, known.until_s),
        air_s=max(at_s, known.air_s),
        air=known.air,
        air_cov=known.air_cov + steps * np.diag(WALK * WALK),
        clock=known.clock * clock,
        levels=Levels(*(part * level for part in known.levels)),
        way=known.way,
        odds=known.odds * clock,
        clutter=known.clutter * rate,
        incidents=known.incidents * rate,
        watched_s=known.watched_s * rate,
    )


def inform(normal: Normal, scene: Scene, known: Learnt) -> None:
    """What is known joins the normal equations; times of both are of one clock."""
    if math.isnan(known.air_s):
        return
    o = 5 * _node(scene, known.air_s)
    _inform(normal, scene, (known.air, known.air_cov, known.clock), o)


@kernel
def _inform(
    normal: Normal, scene: Scene, known: tuple[Reals, Reals, Reals], o: int
) -> None:
    air, cov, clock = known
    weight = inverse(cholesky(cov))
    for i in range(5):
        for j in range(5):
            off = air[j] - scene.medium[o // 5, j]
            normal.air[o + i, o + j] += weight[i, j]
            normal.air_side[o + i] += weight[i, j] * off
    for s in range(clock.shape[0]):
        normal.clock[s] += clock[s, 0]
        normal.clock_side[s] += clock[s, 1] - clock[s, 0] * scene.node[s, BIAS]


def _node(scene: Scene, at_s: float) -> int:
    node = round((at_s - float(scene.know[ORIGIN])) / NODE_S)
    return int(min(max(node, 0), scene.medium.shape[0] - 1))


def clocks_of(scene: Scene, declared: Reals, offset: Reals) -> Reals:
    """Information of each clock beyond its declaration, and that times its offset.

    `declared` holds variances (s2); nothing is declared of clocks with an `offset` (s).
    """
    prior = 1.0 / (declared + CLOCK_FLOOR_S * CLOCK_FLOOR_S)
    prior = np.where(offset == 0.0, prior, 0.0)
    known = 1.0 / scene.node[:, CLOCK]
    return np.stack([np.maximum(known - prior, 0.0), scene.node[:, BIAS] * known], 1)


def known_off(declared: Reals, before: Learnt) -> Reals:
    """Offsets (s) of clocks that incidents have shown to be far off; 0 for others."""
    variance = declared + CLOCK_FLOOR_S * CLOCK_FLOOR_S
    weight = np.maximum(before.clock[:, 0], 1e-12)
    offset = before.clock[:, 1] / weight
    off = np.abs(offset) > FAR_OFF * np.sqrt(variance + 1.0 / weight)
    return np.where(off, offset, 0.0)


def air_of_end(
    scene: Scene, air_cov: Reals, end_s: float
) -> tuple[float, Reals, Reals]:
    """Time, values and covariance of the last node of a block's own time."""
    node = _node(scene, end_s)
    at = float(scene.know[ORIGIN]) + NODE_S * node
    o = 5 * node
    return at, scene.medium[node].copy(), air_cov[o : o + 5, o : o + 5].copy()

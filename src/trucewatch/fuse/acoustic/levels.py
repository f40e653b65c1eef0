"""Level terms of sites, solved like clocks: some nodes stand louder than others.

Source: shrunken means of level residuals (normal prior of 3 dB); the spread that is
left is the mean square, shrunk to what is expected before any pick is seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import air_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.physics import LEVEL_DB, loss_db, travel
from trucewatch.fuse.acoustic.scene import GAIN, LEVEL, LOG_SPREAD, SPREAD, Scene, X, Y

SITE_DB = 3.0
CLIP = 3.0
PRIOR_PICKS = 60.0


class Levels(NamedTuple):
    """What incidents have taught of levels so far.

    Attributes:
        total: sum of clipped residuals of each site, dB, shape (s,).
        n: how many they are, shape (s,).
        scatter: sum of their squares (dB2) less the site terms, and their number, (2,).
        audible: what is noticed and absorbed, as in `audibility`, shape (5,).
    """

    total: Reals
    n: Reals
    scatter: Reals
    audible: Reals


def no_levels(sensors: int) -> Levels:
    """What is known before the first pick."""
    return Levels(np.zeros(sensors), np.zeros(sensors), np.zeros(2), np.zeros(5))


def picks_of(owner: Whole, chosen: Flags) -> tuple[Whole, Whole, Whole]:
    """The rows of the chosen incidents, where the picks of each begin, and these."""
    picks = np.nonzero(owner >= 0)[0]
    picks = picks[np.argsort(owner[picks], kind="stable")]
    picks = picks[chosen[owner[picks]]]
    rows = np.nonzero(chosen)[0]
    owned = np.searchsorted(owner[picks], rows)
    return rows, np.append(owned, len(picks)).astype(np.int64), picks


@kernel
def learn_levels(
    scene: Scene, events: Reals, owned: Whole, picks: Whole, before: Levels
) -> Levels:
    """Level terms of sites and the spread of levels follow the incidents.

    What was learnt `before` counts on; what is known now is returned.
    """
    sensors = scene.node.shape[0]
    off, e = np.full(picks.size, np.nan), 0
    for k in range(picks.size):
        while k >= owned[e + 1]:
            e += 1
        off[k] = _off(scene, events[e], picks[k])
    total, n = before.total.copy(), before.n.copy()
    square, spread = scene.know[SPREAD] * scene.know[SPREAD], scene.know[SPREAD]
    for k in range(picks.size):
        if off[k] == off[k]:
            s = scene.sensor[picks[k]]
            total[s] += min(max(off[k], -CLIP * spread), CLIP * spread)
            n[s] += 1.0
    gain = total / (n + square / (SITE_DB * SITE_DB))
    middle = np.sum(gain * n) / max(np.sum(n), 1.0)
    scatter, count = before.scatter[0], before.scatter[1]
    for k in range(picks.size):
        if off[k] == off[k]:
            s = scene.sensor[picks[k]]
            d = min(abs(off[k] - gain[s]), CLIP * spread)
            freed = 1.0 + 1.0 / (n[s] + square / (SITE_DB * SITE_DB))
            scatter += d * d * freed * freed
            count += 1.0
    for s in range(sensors):
        scene.node[s, GAIN] = gain[s] - middle
    prior = PRIOR_PICKS * LEVEL_DB * LEVEL_DB
    scene.know[SPREAD] = np.sqrt((prior + scatter) / (PRIOR_PICKS + count))
    scene.know[LOG_SPREAD] = log_of(scene.know[SPREAD])
    return Levels(total, n, np.array([scatter, count]), before.audible)


@part
def _off(scene: Scene, event: Reals, pick: int) -> float:
    """Level of a pick over what is expected at a site without a term, dB."""
    s = scene.sensor[pick]
    air = air_of(scene, event[2], event[0])
    _, r, _ = travel(scene.node[s, X] - event[0], scene.node[s, Y] - event[1], air)
    return float(scene.picks[pick, LEVEL] + loss_db(r) - event[3])

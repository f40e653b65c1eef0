"""Which incidents could own which picks, and what each bond would be worth.

One row of edges per candidate, grouped by sensor, since an incident is heard but once
by a node. The worth of an edge is the log odds of the pick being this incident's,
over the miss and the clutter it replaces.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.hearing import LEAST_GATE_S, Work, hearers, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals, Rows, Whole
from trucewatch.fuse.acoustic.physics import (
    PER_MISS_DB,
    level_gain,
    log_law,
    log_miss,
)
from trucewatch.fuse.acoustic.scene import (
    LEVEL,
    LOG_SPREAD,
    ONSET,
    RATE,
    SPREAD,
    Scene,
    first_between,
)

GATE_MOST = 4.0  # in standard deviations, without that of reading
JUST_BEFORE_S = 0.2
JUST_AFTER_S = 0.05
SHIELDED = 0.4  # a miss counts so much where another pick may have hidden the sound


class Web(NamedTuple):
    """Edges between candidates and picks.

    Attributes:
        first: first group of each candidate, shape (m + 1,).
        group: first edge of each group, shape (groups + 1,).
        of: the candidate of each group.
        pick: the pick of each edge, with its worth beside it.
        missed: log odds of each candidate if all sensors had missed it, shape (m,).
    """

    first: Whole
    group: Whole
    of: Whole
    pick: Rows
    worth: Reals
    missed: Reals


@kernel
def weave(scene: Scene, events: Reals, gate: tuple[float, float]) -> Web:
    """All edges worth more than nothing, within the gate of each candidate.

    The gate is the time (s) a pick may be off beside its error, and the level (dB)
    over the noise of a sensor below which it is not asked.
    """
    m = events.shape[0]
    room = 64 * m + 1024
    pick, worth = np.empty(room, np.uint32), np.empty(room)
    group, of = np.empty(room + 1, np.int64), np.empty(room, np.int64)
    first, missed = np.zeros(m + 1, np.int64), np.zeros(m)
    groups, edges, work = 0, 0, workroom()
    for e in range(m):
        if edges + 4000 > room:
            room *= 2
            pick, worth, group, of = _grown((pick, worth, group, of), room)
        looks = hearers(scene, events[e], (gate[0], GATE_MOST, gate[1]), work)
        for q in range(looks):
            miss, found = _bonds(scene, events, (work, e, q), (pick, worth), edges)
            missed[e] += miss
            if found > 0:
                group[groups], of[groups] = edges, e
                groups += 1
                edges += found
        first[e + 1] = groups
    group[groups] = edges
    return Web(
        first, group[: groups + 1], of[:groups], pick[:edges], worth[:edges], missed
    )


@kernel
def _grown(
    held: tuple[Rows, Reals, Whole, Whole], room: int
) -> tuple[Rows, Reals, Whole, Whole]:
    pick, group = np.empty(room, np.uint32), np.empty(room + 1, np.int64)
    worth, of = np.empty(room), np.empty(room, np.int64)
    pick[: held[0].size], worth[: held[1].size] = held[0], held[1]
    group[: held[2].size], of[: held[3].size] = held[2], held[3]
    return pick, worth, group, of


@part
def _bonds(
    scene: Scene,
    events: Reals,
    look: tuple[Work, int, int],
    bond: tuple[Rows, Reals],
    at: int,
) -> tuple[float, int]:
    """Log odds of a miss; how many edges there are, which stand from `at` on."""
    work, e, q = look
    due, gate, var = work.due[q], work.gate[q], work.var[q]
    excess = events[e, 3] - work.even[q]
    miss = log_miss(excess * PER_MISS_DB)
    last, early = scene.first[work.sensor[q] + 1], due - max(gate, LEAST_GATE_S)
    start = first_between(scene, (work.low[q], work.high[q]), early)
    p = start
    while p < last and scene.time[p] <= due + JUST_AFTER_S:
        if scene.time[p] > due - JUST_BEFORE_S:
            miss *= SHIELDED
            break
        p += 1
    p, found = start, 0
    spread, log_spread = scene.know[SPREAD], scene.know[LOG_SPREAD]
    while p < last and scene.time[p] <= due + gate + 0.25:
        late = scene.time[p] - due
        if late >= -gate:
            gain = (
                log_law(late, np.sqrt(scene.picks[p, ONSET] + var))
                - scene.picks[p, RATE]
                - miss
            )
            off = scene.picks[p, LEVEL] - events[e, 3] + work.net[q]
            gain += level_gain(off, spread, log_spread, excess)
            if gain > 0.0:
                bond[0][at + found], bond[1][at + found] = p, gain
                found += 1
        p += 1
    return miss, found

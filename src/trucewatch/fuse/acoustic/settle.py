"""Give every pick its best owner among the incidents, then let the incidents settle.

Edges are taken by worth, one pick per incident and node and one incident per pick;
pairs are exchanged where that gains; each incident is located by what it owns.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.hearing import Work, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import (
    NOTHING,
    listen,
    log_volume,
    loudness,
    refine,
    step,
    tally,
)
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.scene import BIRTH, INAUDIBLE_DB, Scene
from trucewatch.fuse.acoustic.web import Web

OWN_GATE_S = 1.2
SETTLED_M = 0.05
STEPS = 3


@kernel
def assign(web: Web, order: Whole, owner: Whole) -> None:
    """Every pick's owner is written: the row of an incident, or -1."""
    edges, groups = web.pick.size, web.of.size
    group = np.empty(edges, np.int64)
    for g in range(groups):
        group[web.group[g] : web.group[g + 1]] = g
    held = np.full(groups, -1, np.int64)
    taken = np.full(owner.size, -1, np.int64)
    for k in order:
        if taken[web.pick[k]] < 0 and held[group[k]] < 0:
            taken[web.pick[k]] = k
            held[group[k]] = k
    for k in order:
        if held[group[k]] != k:
            _exchange(web, k, group, held, taken)
    owner[:] = -1
    for g in range(groups):
        if held[g] >= 0:
            owner[web.pick[held[g]]] = web.of[g]


@kernel
def _exchange(web: Web, k: int, group: Whole, held: Whole, taken: Whole) -> None:
    """An unused edge is taken if the sum grows, others giving way or swapping."""
    mine, theirs = held[group[k]], taken[web.pick[k]]
    now, back, back_worth = 0.0, -1, 0.0
    if mine >= 0:
        now += web.worth[mine]
    if theirs >= 0:
        now += web.worth[theirs]
    if theirs >= 0:
        given = web.pick[mine] if mine >= 0 else -1
        back, back_worth = _way_back(web, group[theirs], given, taken)
    if web.worth[k] + back_worth <= now + 1e-9:
        return
    if mine >= 0:
        taken[web.pick[mine]] = -1
    if theirs >= 0:
        held[group[theirs]] = -1
    held[group[k]], taken[web.pick[k]] = k, k
    if back >= 0:
        held[group[back]], taken[web.pick[back]] = back, back


@kernel
def _way_back(web: Web, g: int, given: int, taken: Whole) -> tuple[int, float]:
    """The best edge of a group to a free pick, or to the one that is given up."""
    best, top = -1, 0.0
    for j in range(web.group[g], web.group[g + 1]):
        free = taken[web.pick[j]] < 0 or web.pick[j] == given
        if free and web.worth[j] > top:
            best, top = j, web.worth[j]
    return best, top


@kernel
def relocate(scene: Scene, events: Reals, rounds: int) -> Whole:
    """Incidents (x, y, time, level, score) stand where their picks put them.

    Returns how many picks each owns within reach.
    """
    chosen = np.zeros(events.shape[0], np.int64)
    work = workroom()
    for e in range(events.shape[0]):
        event, total, n = events[e, :4], NOTHING, 0
        for _ in range(rounds):
            looks = listen(scene, event, (OWN_GATE_S, INAUDIBLE_DB), e, work)
            loudness(scene, event, looks, work)
            total, n = tally(scene, event, looks, e, work)
            if n < 3:
                break
            if _last_move(scene, event, n, work) < SETTLED_M:
                break
        chosen[e] = n
        events[e, 4] = NOTHING
        if n >= 3:
            events[e, 4] = total + scene.know[BIRTH] + log_volume(work.normal, n)
    return chosen


@part
def _last_move(scene: Scene, event: Reals, chosen: int, work: Work) -> float:
    """Steps until the incident rests, or some; how far (m) the last one was."""
    moved = SETTLED_M
    for _ in range(STEPS):
        if moved >= SETTLED_M:
            moved = step(scene, event, chosen, work)
    return moved


@kernel
def refined(scene: Scene, found: Reals, gate_s: float, least_ratio: float) -> Reals:
    """Candidates moved to where free picks put them now, without the weak ones."""
    out, n = np.empty_like(found), 0
    work, event = workroom(), np.empty(4)
    for k in range(found.shape[0]):
        event[:] = found[k, :4]
        score, chosen = refine(scene, event, gate_s, 1, work)
        if chosen >= 4 and score >= least_ratio:
            out[n, :4] = event
            out[n, 4] = score
            n += 1
    return out[:n]

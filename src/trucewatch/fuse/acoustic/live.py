"""Provisional incidents: what the last minute of picks tells, before its block closes.

Each new pick anchors one search, as the latest of its sound. What is found takes its
picks; later picks join the incident that explains them. Blocks decide anew in the end:
nothing found here changes what they say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from trucewatch.fuse.acoustic.block import Task, reported, solver_of
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.packing import ranked
from trucewatch.fuse.acoustic.settle import assign, relocate
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.solver import JOINT_GATE, Solver
from trucewatch.fuse.acoustic.triples import Search, candidates
from trucewatch.fuse.acoustic.web import weave

LIVE_S = 100.0
# Log odds of an incident worth telling: a little likelier than not, so that faint
# sounds wait for no more evidence than that (docs/benchmarks-associate.md).
SURE = 1.0
LEAST_PICKS = 5
MOST = 20_000
LATEST = Search(400, 4, 0.0, 0.0, 20.0, True)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What one tile's last minute says.

    Attributes:
        solution: incidents told, old and new; `pick` holds rows of the task's picks.
        row: which of the old ones each is, or -1 for a new one, shape (n,).
        events: rows of x, y, time, level, score of each, shape (n, 5).
    """

    solution: Solution
    row: Whole
    events: Reals


def glimpse(task: Task, fresh: Flags, old: Reals) -> Glimpse:
    """The incidents so far with what they now own, and those that new picks tell of.

    Args:
        task: picks of the last minute that no earlier incident of another tile owns.
        fresh: which of its picks are new.
        old: rows of x, y, time, level, score of incidents told before, (m, 5).
    """
    solver, row = solver_of(task)
    scene = solver.scene
    if math.isnan(solver.before.air_s):
        solver.calibrate()  # nothing to learn from: gates are as wide as the forecast
    solver.ready()
    _own(solver, old)
    free = fresh[row] & (scene.owner < 0)
    anchors = np.flatnonzero(free)
    anchors = anchors[np.argsort(scene.time[anchors], kind="stable")]
    found, _ = candidates(scene, anchors, LATEST, MOST)
    solver.choose(found, solver.bonus_of(found, _by_time(old)), scene.owner >= 0)
    events = np.concatenate([old, solver.incidents])
    owned = _own(solver, events)
    tell = (owned >= LEAST_PICKS) & (events[:, 4] > SURE)
    tell[: len(old)] = True
    return _told(solver, row, task, (events, tell, len(old)))


def _own(solver: Solver, events: Reals) -> Whole:
    """Picks go to the best of the incidents, which move; how many each owns."""
    web = weave(solver.scene, events, JOINT_GATE)
    assign(web, ranked(web.worth), solver.scene.owner)
    return relocate(solver.scene, events, 2)


def _by_time(events: Reals) -> Reals:
    return np.ascontiguousarray(events[np.argsort(events[:, 2], kind="stable")])


def _told(
    solver: Solver, row: Whole, task: Task, found: tuple[Reals, Flags, int]
) -> Glimpse:
    events, tell, n_old = found
    place = np.full(len(tell) + 1, -1, np.int64)
    place[:-1][tell] = np.arange(tell.sum())
    owner = place[solver.scene.owner]
    which = np.arange(len(tell))[tell]
    events = events[tell]
    order = np.argsort(events[:, 2], kind="stable")
    back = np.full(len(order) + 1, -1, np.int64)
    back[order] = np.arange(len(order))
    solver.scene.owner[:] = back[owner]
    solver.incidents = np.ascontiguousarray(events[order])
    solution, keep = reported(solver, row, task)
    which = which[order][keep]
    return Glimpse(solution, np.where(which < n_old, which, -1), solver.incidents[keep])

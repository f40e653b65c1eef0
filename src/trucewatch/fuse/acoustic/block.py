"""One block: one epoch of one tile, solved from what is heard around it.

A block is a pure function of its arguments, so that it may run in any thread or
process. Its times count from the start of its epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trucewatch.fuse.acoustic.calibrate import CLOCK_FLOOR_S
from trucewatch.fuse.acoustic.calibrated import calibrated
from trucewatch.fuse.acoustic.crowding import crowding
from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.learnt import (
    FAR_OFF,
    Learnt,
    air_of_end,
    clocks_of,
    faded,
)
from trucewatch.fuse.acoustic.network import (
    Flags,
    Network,
    Outages,
    Picks,
    Reals,
    Weather,
    Whole,
)
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.scene import (
    BIAS,
    CLOCK,
    GAIN,
    ORIGIN,
    Ground,
    Scene,
    ground_of,
    scene_of,
)
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.soften import residual, shares, soften
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.solver import JOINT_GATE, Solver
from trucewatch.fuse.acoustic.surveys import AWAY
from trucewatch.fuse.acoustic.web import Web, weave

UNKNOWN_C_MPS = 340.0
C_AT_ZERO_MPS = 331.3
C_PER_K_MPS = 0.606


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that one block is made of; times in seconds from the start of its epoch.

    Attributes:
        network: the nodes of the tile, in the network's own frame.
        picks: what they heard in and around the epoch, as far as it is free.
        weather: forecast, with its wind in the same frame.
        outages: times at which nodes did not listen, or their picks are not here.
        before: what earlier blocks learnt.
        begin_s: incidents from here on are the block's own, up to the epoch's end.
        bounds_m: and from the first to the second of these along the first axis.
    """

    network: Network
    picks: Picks
    weather: Weather | None
    outages: Outages
    settings: EngineSettings
    before: Learnt
    begin_s: float
    bounds_m: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a block says: its own incidents, and what it learnt."""

    solution: Solution
    after: Learnt


def solve_block(task: Task) -> Outcome:
    """The incidents that are the block's own; picks as rows of the task's."""
    solver, row = solver_of(task)
    solver.bootstrap()
    solver.search()
    solver.finish()
    found, _ = reported(solver, row, task)
    return Outcome(solution=found, after=_learnt(solver, task))


def solver_of(task: Task) -> tuple[Solver, Whole]:
    """A solver that knows what is known before, and the row of each of its picks."""
    network, settings = task.network, task.settings
    ground = _ground(network.x_m.tobytes(), network.y_m.tobytes(), settings.margin_m)
    scene, row = scene_of(network, task.picks, task.outages, settings.margin_m, ground)
    forecast(scene, task.weather)
    declared = network.clock_sigma_s * network.clock_sigma_s
    own = (task.begin_s, settings.epoch_s)
    solver = Solver(scene, declared, settings, faded(task.before, 0.0), own)
    solver.recall()
    return solver, row


@lru_cache(maxsize=16)
def _ground(x: bytes, y: bytes, margin_m: float) -> Ground:
    """Lists of near sensors; they depend on nothing but the places."""
    x_m, y_m = np.frombuffer(x), np.frombuffer(y)
    blank = np.zeros(x_m.size)
    network = Network(
        sensor_id=(), x_m=x_m, y_m=y_m, clock_sigma_s=blank, noise_db=blank
    )
    return ground_of(network, margin_m)


def forecast(scene: Scene, weather: Weather | None) -> None:
    """The medium of the scene is the forecast; still air where there is none.

    Source: speed of sound in dry air, linear in the temperature.
    """
    medium, origin = scene.medium, float(scene.know[ORIGIN])
    medium[:] = 0.0
    medium[:, 0] = UNKNOWN_C_MPS
    if weather is None or weather.time_s.size == 0:
        return
    for k in range(medium.shape[0]):
        at = origin + k * NODE_S
        medium[k, 0] = C_AT_ZERO_MPS + C_PER_K_MPS * _between(weather, 0, at)
        medium[k, 1] = _between(weather, 1, at)
        medium[k, 2] = _between(weather, 2, at)


def _between(weather: Weather, column: int, at_s: float) -> float:
    values = (weather.temp_c, weather.wind_u_mps, weather.wind_v_mps)[column]
    k = int(np.searchsorted(weather.time_s, at_s, side="right"))
    if k == 0:
        return float(values[0])
    if k == len(values):
        return float(values[-1])
    before, after = float(weather.time_s[k - 1]), float(weather.time_s[k])
    share = (at_s - before) / (after - before)
    return float(values[k - 1]) * (1.0 - share) + float(values[k]) * share


@kernel
def _arrivals(
    scene: Scene, events: Reals, web: Web, share: Reals
) -> tuple[Whole, Whole, Reals, Reals]:
    """Incident, pick, residual and share of each owned pick, by incident and pick."""
    n = int(np.sum(scene.owner >= 0))
    incident, pick = np.empty(n, np.int64), np.empty(n, np.int64)
    late, weight, m = np.empty(n), np.empty(n), 0
    for g in range(web.of.size):
        e = web.of[g]
        for k in range(web.group[g], web.group[g + 1]):
            p = web.pick[k]
            if scene.owner[p] != e or m >= n:
                continue
            incident[m], pick[m], weight[m] = e, p, share[k]
            late[m] = residual(scene, events[e], p)
            m += 1
    return incident[:m], pick[:m], late[:m], weight[:m]


def reported(solver: Solver, row: Whole, task: Task) -> tuple[Solution, Flags]:
    """The task's own incidents of those found, and which of these they are."""
    scene, events = solver.scene, solver.incidents.copy()
    web = weave(scene, events, JOINT_GATE)
    share = shares(web, scene.sensor.size)
    cov = soften(scene, events, web, share, solver.air_cov)
    incident, pick, late, weight = _arrivals(scene, events, web, share)
    n = np.bincount(incident, minlength=len(events))
    crowd = crowding(events)
    p, cov = calibrated(events[:, 4], crowd, n, cov)
    keep = (p >= task.settings.p_least) & _own(events, task)
    kept = np.cumsum(keep) - 1
    known = solver.declared + CLOCK_FLOOR_S * CLOCK_FLOOR_S
    mine = keep[incident]
    found = Solution(
        time_s=events[keep, 2],
        x_m=events[keep, 0],
        y_m=events[keep, 1],
        cov=cov[keep],
        probability=p[keep],
        score=events[keep, 4],
        crowding=crowd[keep],
        level_db=events[keep, 3],
        n_arrivals=n[keep],
        incident=kept[incident[mine]],
        pick=row[pick[mine]],
        residual_s=late[mine],
        weight=weight[mine],
        medium_time_s=scene.know[ORIGIN] + NODE_S * np.arange(scene.medium.shape[0]),
        medium_m=np.empty((0, 2)),
        medium=scene.medium,
        clock_s=scene.node[:, BIAS],
        clock_sd_s=np.sqrt(scene.node[:, CLOCK]),
        clock_broken=np.abs(scene.node[:, BIAS]) > FAR_OFF * np.sqrt(known),
        gain_db=scene.node[:, GAIN],
        away_m=solver.way[:, AWAY],
    )
    return found, keep


def _own(events: Reals, task: Task) -> Flags:
    """Which incidents are the block's to tell."""
    x, t = events[:, 0], events[:, 2]
    within = (x >= task.bounds_m[0]) & (x < task.bounds_m[1])
    own: Flags = within & (t >= task.begin_s) & (t < task.settings.epoch_s)
    return own


def _learnt(solver: Solver, task: Task) -> Learnt:
    scene, before, end = solver.scene, solver.before, task.settings.epoch_s
    air_s, air, air_cov = air_of_end(scene, solver.air_cov, end)
    time = scene.time
    first, last = max(float(time.min()), 0.0), min(float(time.max()), end)
    free = (scene.owner < 0) & (time >= 0.0) & (time < end)
    sensors = scene.node.shape[0]
    at = solver.incidents[:, 2]
    return Learnt(
        until_s=end,
        air_s=air_s,
        air=air,
        air_cov=air_cov,
        clock=clocks_of(scene, solver.declared, solver.offset),
        levels=solver.levels,
        way=solver.way,
        odds=solver.odds(),
        clutter=before.clutter + np.bincount(scene.sensor[free], minlength=sensors),
        incidents=before.incidents + np.sum((at >= 0.0) & (at < end)),
        watched_s=before.watched_s + max(last - first, 0.0),
    )

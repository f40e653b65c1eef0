"""Picks in, located incidents with odds out.

The same picks in any order give the same bytes: every sum has a fixed order, every
choice a total one, and no result depends on libraries that differ between machines.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trucewatch.fuse.acoustic.calibrate import CLOCK_FLOOR_S
from trucewatch.fuse.acoustic.calibrated import calibrated
from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.network import (
    Network,
    Outages,
    Picks,
    Reals,
    Weather,
    Whole,
)
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.scene import BIAS, CLOCK, GAIN, ORIGIN, Scene, scene_of
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.sites import crowding
from trucewatch.fuse.acoustic.soften import residual, shares, soften
from trucewatch.fuse.acoustic.solution import Solution, silence
from trucewatch.fuse.acoustic.solver import Solver
from trucewatch.fuse.acoustic.web import Web, weave

FINAL_GATE_S = 0.15
LEAST_SENSORS = 3
FAR_OFF = 4.0  # standard deviations of a clock as declared
UNKNOWN_C_MPS = 340.0
C_AT_ZERO_MPS = 331.3
C_PER_K_MPS = 0.606


def solve(
    network: Network,
    picks: Picks,
    weather: Weather | None,
    outages: Outages | None,
    settings: EngineSettings,
    tell: Callable[[str, float], None] | None = None,
) -> Solution:
    """The incidents that the picks tell of.

    `tell` is called with the name of each stage and the share of the work done.
    """
    say = tell or _silent
    if picks.time_s.size == 0 or network.x_m.size < LEAST_SENSORS:
        return silence(network)
    scene, row = scene_of(network, picks, outages, settings.margin_m)
    forecast(scene, weather)
    span_s = float(picks.time_s.max() - picks.time_s.min())
    declared = network.clock_sigma_s * network.clock_sigma_s
    solver = Solver(scene, max(span_s, 1.0), declared, settings)
    say("air", 0.0)
    solver.bootstrap()
    say("search", 0.2)
    solver.search()
    say("settle", 0.8)
    solver.finish()
    say("done", 1.0)
    return _solution(solver, row, settings)


def _silent(stage: str, done: float) -> None:
    del stage, done


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


def _solution(solver: Solver, row: np.ndarray, settings: EngineSettings) -> Solution:
    scene, events = solver.scene, solver.incidents.copy()
    web = weave(scene, events, FINAL_GATE_S)
    share = shares(web, scene.sensor.size)
    cov = soften(scene, events, web, share, solver.air_cov)
    incident, pick, late, weight = _arrivals(scene, events, web, share)
    n = np.bincount(incident, minlength=len(events))
    crowd = crowding(events)
    p, cov = calibrated(events[:, 4], crowd, n, cov)
    keep = p >= settings.p_least
    kept = np.cumsum(keep) - 1
    known = solver.declared + CLOCK_FLOOR_S * CLOCK_FLOOR_S
    mine = keep[incident]
    return Solution(
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
        medium=scene.medium,
        clock_s=scene.node[:, BIAS],
        clock_sd_s=np.sqrt(scene.node[:, CLOCK]),
        clock_broken=np.abs(scene.node[:, BIAS]) > FAR_OFF * np.sqrt(known),
        gain_db=scene.node[:, GAIN],
    )

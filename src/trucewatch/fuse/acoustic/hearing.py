"""Which nodes should hear an incident, and where each one's picks around it begin.

The looks of an incident lie in a `Work`, which is made once and used again. They are
gathered in plain passes, one question each, since the processor then works on several
nodes at once; the picks are read only after that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import air_at
from trucewatch.fuse.acoustic.rays import AT_ONCE, Rays, cast, no_rays
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    CLOCK,
    EVEN,
    GAIN,
    INAUDIBLE_DB,
    MIDDLE,
    NEAR,
    NOISE,
    ORIGIN,
    PER_S,
    QUIET,
    Scene,
    bucket_at,
    is_down,
    sensors_near,
)

LEAST_GATE_S = 0.2


class Work(NamedTuple):
    """Room for one incident: looks by order of distance, then the picks chosen.

    Attributes:
        tau: travel time of each look, s.
        due: when the sound is due by the clock of the sensor, s.
        net: loss less the gain of the site, dB.
        even: source level of which half of the sounds are noticed, dB.
        var: variance of the arrival before the reading of its onset, s2.
        gate: how far from its time a pick may be, s.
        sensor: row of the sensor of the look.
        low: rows between which its first pick within the gate stands, with `high`.
        state: whether it could hear.
        best: the best pick of the look, or -1.
        pick: the chosen picks, with residual and sigma (s) beside them.
        normal: normal matrix of x, y, time, shape (3, 3).
        rays: room for the ways to a few sensors.
    """

    tau: Reals
    due: Reals
    net: Reals
    even: Reals
    var: Reals
    gate: Reals
    sensor: Whole
    low: Whole
    high: Whole
    state: Whole
    best: Whole
    pick: Whole
    residual: Reals
    sigma: Reals
    normal: Reals
    rays: Rays


@kernel
def workroom() -> Work:
    """Room for the work on one incident."""
    return Work(
        np.empty(NEAR),
        np.empty(NEAR),
        np.empty(NEAR),
        np.empty(NEAR),
        np.empty(NEAR),
        np.empty(NEAR),
        np.empty(NEAR, np.int64),
        np.empty(NEAR, np.int64),
        np.empty(NEAR, np.int64),
        np.empty(NEAR, np.int64),
        np.empty(NEAR, np.int64),
        np.empty(NEAR, np.int64),
        np.empty(NEAR),
        np.empty(NEAR),
        np.zeros((3, 3)),
        no_rays(),
    )


@part
def path_var(scene: Scene, sensor: int, tau_s: float) -> float:
    """Variance (s2) of an arrival before the reading of its onset."""
    turbulent = scene.know[PER_S] * tau_s
    base = scene.know[BASE]
    return float(scene.node[sensor, CLOCK] + turbulent * turbulent + base * base)


@part
def air_of(scene: Scene, at_s: float, x_m: float) -> tuple[float, float, float]:
    """Sound speed and wind (m/s) at a time and an east coordinate."""
    return air_at(scene.medium, scene.know[ORIGIN], at_s, x_m, scene.know[MIDDLE])


@part
def hearers(
    scene: Scene, event: Reals, gate: tuple[float, float, float], work: Work
) -> int:
    """The looks of all sensors that may hear the incident are in `work`; how many.

    The gate is the time (s) a pick may be off, the standard deviations it may be off
    beside that, and the level (dB) over the noise of the sensor below which it is not
    asked.
    """
    n = _asked(scene, event, gate[2], work)
    for q in range(n):
        work.gate[q] = gate[0] + gate[1] * np.sqrt(work.var[q])
    for q in range(n):
        early = work.due[q] - max(work.gate[q], LEAST_GATE_S)
        work.low[q], work.high[q] = bucket_at(scene, work.sensor[q], early)
    return n


@part
def _asked(scene: Scene, event: Reals, least_db: float, work: Work) -> int:
    quiet = scene.know[QUIET] + least_db - INAUDIBLE_DB
    cell, n = sensors_near(scene, event[0], event[1])
    air = air_of(scene, event[2], event[0])
    m = 0
    for first in range(0, n, AT_ONCE):
        rays = cast(scene, event, air, (cell, first, n), work.rays)
        for k in range(rays):
            s, tau = scene.near[cell, first + k], work.rays.tau[k]
            loss = work.rays.loss[k]
            if event[3] - loss < quiet:
                return m
            due, noise = event[2] + tau + scene.node[s, BIAS], scene.node[s, NOISE]
            net = loss - scene.node[s, GAIN]
            if event[3] - net - noise < least_db or is_down(scene, s, due):
                continue
            work.tau[m], work.due[m], work.net[m] = tau, due, net
            work.even[m] = net + noise + scene.know[EVEN]
            work.var[m] = path_var(scene, s, tau)
            work.sensor[m] = s
            m += 1
    return m

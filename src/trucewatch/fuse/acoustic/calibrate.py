"""Incidents solve for the air between the nodes, and for the clocks.

The place and time of each incident are projected out of its residuals; what is left
speaks of sound speed, wind, the change of wind along the sector and clock offsets.
Source: weighted least squares with priors (forecast, random walk, declared clocks);
clocks are eliminated with the diagonal of their block, which the rounds correct.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.hearing import air_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.linear import cholesky, inverse, inverse3, solved
from trucewatch.fuse.acoustic.listen import accumulate
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import AIR_WIDTH_M, NODE_S, on_time_share, travel
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    CLOCK,
    MIDDLE,
    ONSET,
    ORIGIN,
    PER_S,
    Scene,
    X,
    Y,
)

LEAST_PICKS = 7
MOST_PICKS = 64
GRADIENT_MPS = 2.0
WALK = np.array([0.25, 0.6, 0.6, 0.2, 0.2])  # m/s between nodes
CLOCK_FLOOR_S = 0.012
LEAST_CLOCK_VAR = 1e-6


class Normal(NamedTuple):
    """Normal equations of medium and clocks.

    Attributes:
        air: block of the medium, shape (5 b, 5 b).
        both: medium by clock, shape (5 b, s).
        clock: diagonal of the clocks, shape (s,).
        air_side: right-hand sides, with clock_side.
    """

    air: Reals
    both: Reals
    clock: Reals
    air_side: Reals
    clock_side: Reals


class Ray(NamedTuple):
    """Linearised arrivals of one incident.

    Attributes:
        place: derivatives by x and y, shape (m, 2).
        air: derivatives by the ten medium values around, shape (m, 10).
        late: residuals, s; with weights (1/s2) and sensors.
    """

    place: Reals
    air: Reals
    late: Reals
    weight: Reals
    sensor: Whole


@kernel
def observe(
    scene: Scene, events: Reals, owned: Whole, picks: Whole, trust: Reals
) -> Normal:
    """Normal equations of all incidents; `owned` is the first of each one's picks.

    An incident counts by its `trust`, and less where its picks do not agree.
    """
    nodes, sensors = scene.medium.shape[0], scene.node.shape[0]
    out = Normal(
        np.zeros((5 * nodes, 5 * nodes)),
        np.zeros((5 * nodes, sensors)),
        np.zeros(sensors),
        np.zeros(5 * nodes),
        np.zeros(sensors),
    )
    ray = Ray(
        np.empty((MOST_PICKS, 2)),
        np.empty((MOST_PICKS, 10)),
        np.empty(MOST_PICKS),
        np.empty(MOST_PICKS),
        np.empty(MOST_PICKS, np.int64),
    )
    for e in range(events.shape[0]):
        mine = picks[owned[e] : min(owned[e + 1], owned[e] + MOST_PICKS)]
        if mine.size >= LEAST_PICKS:
            node = _linear(scene, events[e], mine, ray)
            _project(ray, mine.size, (node * 5, trust[e]), out)
    return out


@part
def slopes(
    scene: Scene, event: Reals, delta: tuple[float, float, float, float], out: Reals
) -> int:
    """Derivatives of an arrival by the ten medium values around; the first node.

    `delta` is the way from incident to sensor east and north, the range and the speed.
    """
    f = max((event[2] - scene.know[ORIGIN]) / NODE_S, 0.0)
    node = min(int(f), scene.medium.shape[0] - 2)
    a = min(f - node, 1.0)
    g = (event[0] - scene.know[MIDDLE]) / AIR_WIDTH_M
    dx, dy, r, speed = delta
    dc = -r / (speed * speed)
    du, dv = dc * dx / r, dc * dy / r
    for k in range(2):
        w = a if k == 1 else 1.0 - a
        o = 5 * k
        out[o], out[o + 1], out[o + 2] = w * dc, w * du, w * dv
        out[o + 3], out[o + 4] = w * g * du, w * g * dv
    return int(node)


@part
def _linear(scene: Scene, event: Reals, picks: Whole, ray: Ray) -> int:
    air = air_of(scene, event[2], event[0])
    node = 0
    for k in range(picks.size):
        p = picks[k]
        s = scene.sensor[p]
        dx, dy = scene.node[s, X] - event[0], scene.node[s, Y] - event[1]
        tau, r, speed = travel(dx, dy, air)
        turbulent, base = scene.know[PER_S] * tau, scene.know[BASE]
        sigma = np.sqrt(scene.picks[p, ONSET] + turbulent * turbulent + base * base)
        late = scene.time[p] - event[2] - tau - scene.node[s, BIAS]
        ray.late[k] = late
        ray.weight[k] = on_time_share(late, sigma) / (sigma * sigma)
        ray.sensor[k] = s
        ray.place[k, 0], ray.place[k, 1] = -dx / r / speed, -dy / r / speed
        node = slopes(scene, event, (dx, dy, r, speed), ray.air[k])
    return node


@kernel
def _project(ray: Ray, m: int, where: tuple[int, float], out: Normal) -> None:
    """Adds what is left of the arrivals when place and time may be anything."""
    normal, inv = np.zeros((3, 3)), np.empty((3, 3))
    cross = np.zeros((3, 11))
    for k in range(m):
        gx, gy, w = ray.place[k, 0], ray.place[k, 1], ray.weight[k]
        accumulate(normal, w, gx, gy)
        for i in range(11):
            h = ray.air[k, i] if i < 10 else ray.late[k]
            cross[0, i] += w * gx * h
            cross[1, i] += w * gy * h
            cross[2, i] += w * h
    normal[0, 0] += 1e-10
    normal[1, 1] += 1e-10
    normal[2, 2] += 1e-6
    inverse3(normal, inv)
    fit = np.zeros((3, 11))
    for i in range(3):
        for j in range(11):
            fit[i, j] = (
                inv[i, 0] * cross[0, j]
                + inv[i, 1] * cross[1, j]
                + inv[i, 2] * cross[2, j]
            )
    o, trust = where
    trust *= _agreement(ray, m, fit)
    ray.weight[:m] *= trust
    inv /= trust
    for k in range(m):
        _add(ray, k, fit, inv, (o, out))


@part
def _agreement(ray: Ray, m: int, fit: Reals) -> float:
    """Expected over found squares of what the place and time leave; at most 1."""
    total = 0.0
    for k in range(m):
        left = ray.late[k] - fit[2, 10]
        left -= ray.place[k, 0] * fit[0, 10] + ray.place[k, 1] * fit[1, 10]
        total += ray.weight[k] * left * left
    return min(1.0, (m - 3.0) / max(total, 1e-9))


@part
def _add(ray: Ray, k: int, fit: Reals, inv: Reals, target: tuple[int, Normal]) -> None:
    o, out = target
    gx, gy, w, s = ray.place[k, 0], ray.place[k, 1], ray.weight[k], ray.sensor[k]
    late = ray.late[k] - gx * fit[0, 10] - gy * fit[1, 10] - fit[2, 10]
    for i in range(10):
        left = ray.air[k, i] - gx * fit[0, i] - gy * fit[1, i] - fit[2, i]
        out.air_side[o + i] += w * ray.air[k, i] * late
        out.both[o + i, s] += w * left
        for j in range(10):
            out.air[o + j, o + i] += w * ray.air[k, j] * left
    q0 = inv[0, 0] * gx + inv[0, 1] * gy + inv[0, 2]
    q1 = inv[1, 0] * gx + inv[1, 1] * gy + inv[1, 2]
    q2 = inv[2, 0] * gx + inv[2, 1] * gy + inv[2, 2]
    out.clock[s] += w - w * w * (gx * q0 + gy * q1 + q2)
    out.clock_side[s] += w * late


@kernel
def update(
    scene: Scene, normal: Normal, forecast: Reals, prior: Reals, clock: Reals
) -> Reals:
    """Medium, clocks and their variances in the scene are corrected.

    `prior` holds the standard deviations of the forecast's sound speed and wind,
    `clock` the offset (s) and its variance (s2) expected of each clock. Returns the
    covariance of the medium.
    """
    nodes = scene.medium.shape[0]
    a, b = normal.air, normal.air_side
    for i in range(5 * nodes):
        k, c = i // 5, i % 5
        sd = prior[0] if c == 0 else (prior[1] if c < 3 else GRADIENT_MPS)
        w = 0.25 / (sd * sd)
        a[i, i] += w
        b[i] -= w * (scene.medium[k, c] - forecast[k, c])
        if k + 1 < nodes:
            w = 1.0 / (WALK[c] * WALK[c])
            pull = w * (scene.medium[k + 1, c] - scene.medium[k, c])
            a[i, i] += w
            a[i + 5, i + 5] += w
            a[i, i + 5] -= w
            a[i + 5, i] -= w
            b[i] += pull
            b[i + 5] -= pull
    d, g = normal.clock, normal.clock_side
    for s in range(d.size):
        w = 1.0 / (clock[s, 1] + CLOCK_FLOOR_S * CLOCK_FLOOR_S)
        d[s] += w
        g[s] -= w * (scene.node[s, BIAS] - clock[s, 0])
    low = _without_clocks(normal)
    change = solved(low, b)
    for i in range(5 * nodes):
        scene.medium[i // 5, i % 5] += change[i]
    for s in range(d.size):
        shift = g[s]
        for i in range(5 * nodes):
            shift -= normal.both[i, s] * change[i]
        scene.node[s, BIAS] += shift / d[s]
        scene.node[s, CLOCK] = max(1.0 / d[s], LEAST_CLOCK_VAR)
    return inverse(low)


@kernel
def _without_clocks(normal: Normal) -> Reals:
    a, b, both = normal.air, normal.air_side, normal.both
    for s in range(normal.clock.size):
        w = 1.0 / normal.clock[s]
        seen = np.nonzero(both[:, s])[0]
        for i in seen:
            f = both[i, s] * w
            b[i] -= f * normal.clock_side[s]
            for j in seen:
                a[i, j] -= f * both[j, s]
    return cholesky(a)


def path_noise_ratio(turbulence_ratio: float, covariance: Reals) -> float:
    """Timing error per second of travel: turbulence, and what is not known of the air.

    Source: delta method on r / (c + w), mean over nodes.
    """
    v, n = np.diagonal(covariance), covariance.shape[0] // 5
    total = 0.0
    for k in range(n):
        c, u, w, gu, gv = (float(q) for q in v[5 * k : 5 * k + 5])
        total += c + 0.5 * (u + w) + 0.04 * (gu + gv)
    return float(np.sqrt(turbulence_ratio**2 + total / n / 338.0**2))

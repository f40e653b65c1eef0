"""Everything the compiled kernels look things up in, as one tuple of arrays.

Picks are held by sensor and time. The lists of nearest sensors are filled cell by cell
when first asked for. `bias_s`, `gain_db`, `log_rate` and `medium` are learnt while the
engine runs and overwritten in place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import LN10, exp_of
from trucewatch.fuse.acoustic.kernel import inlined, kernel
from trucewatch.fuse.acoustic.network import (
    Network,
    Outages,
    Picks,
    Reals,
    Small,
    Whole,
)
from trucewatch.fuse.acoustic.physics import LEVEL_DB, NODE_S

BUCKET_S = 8.0
CELL_M = 1000.0
INAUDIBLE_DB = -8.0
NEAR = 160
NEAR_M = 26_000.0
NEIGHBOURS = 12
SNR_UNKNOWN_DB = 14.0


class Scene(NamedTuple):
    """One stretch of time over one network.

    Attributes:
        x: east, m; with y and noise (dB) one value per sensor.
        near: sensors nearest to a cell, ascending in distance, shape (cells, NEAR).
        near_n: how many of them lie within reach; -1 until filled.
        neighbour: the nearest other sensors of each, shape (n, NEIGHBOURS).
        grid: x and y of the corner of cell 0.
        shape: cells along x and y.
        quiet: the least level (dB) that any sensor can notice.
        bounds: least and largest x and y at which incidents are looked for.
        time: when, s; with level (dB), var (s2), log_rate (1/s) and sensor per pick,
            sorted by (sensor, time).
        first: first pick of each sensor, shape (sensors + 1,).
        bucket: first pick at or after each multiple of BUCKET_S, (sensors, buckets).
        origin: time of bucket 0 and of node 0 of the medium.
        medium: c, u, v, and change of u and v per 100 km, at nodes NODE_S apart.
        owner: the incident a pick is taken by, or -1.
        timing: errors per second of travel, and common to all picks (s).
        spread: standard deviation of levels about their expectation, dB.
        log_birth: log of the density of incidents per m2 and s.
        bias: offset of each clock, s.
        clock_var: its variance, s2.
        gain: level term of each site, dB.
        broken: 1 where the clock is off by far more than declared.
        down_first: first outage of each sensor, shape (sensors + 1,).
        down: start and end of each outage, shape (outages, 2).
    """

    x: Reals
    y: Reals
    noise: Reals
    near: Small
    near_n: Whole
    neighbour: Whole
    grid: Reals
    shape: Whole
    quiet: Reals
    bounds: Reals
    time: Reals
    level: Reals
    var: Reals
    log_rate: Reals
    sensor: Whole
    first: Whole
    bucket: Small
    origin: Reals
    medium: Reals
    owner: Whole
    timing: Reals
    spread: Reals
    log_birth: Reals
    bias: Reals
    clock_var: Reals
    gain: Reals
    broken: Whole
    down_first: Whole
    down: Reals


@kernel
def _neighbours(x: Reals, y: Reals, out: Whole) -> None:
    for s in range(x.size):
        away = (x - x[s]) * (x - x[s]) + (y - y[s]) * (y - y[s])
        away[s] = np.inf
        out[s] = np.argsort(away, kind="mergesort")[: out.shape[1]]


@kernel
def sensors_near(scene: Scene, x_m: float, y_m: float) -> tuple[int, int]:
    """The cell of a place, and how many sensors its list holds."""
    i = min(max(int((x_m - scene.grid[0]) / CELL_M), 0), scene.shape[0] - 1)
    j = min(max(int((y_m - scene.grid[1]) / CELL_M), 0), scene.shape[1] - 1)
    cell = i * scene.shape[1] + j
    if scene.near_n[cell] < 0:
        cx = scene.grid[0] + (i + 0.5) * CELL_M
        cy = scene.grid[1] + (j + 0.5) * CELL_M
        dx, dy = scene.x - cx, scene.y - cy
        away = dx * dx + dy * dy
        within = np.nonzero(away < NEAR_M * NEAR_M)[0]
        order = within[np.argsort(away[within], kind="mergesort")]
        n = min(order.size, scene.near.shape[1])
        scene.near[cell, :n] = order[:n]
        scene.near_n[cell] = n
    return cell, scene.near_n[cell]


def scene_of(
    network: Network, picks: Picks, outages: Outages | None, margin_m: float
) -> tuple[Scene, Whole]:
    """A scene with nothing learnt yet, and the row in `picks` of each of its picks."""
    order = np.lexsort((picks.time_s, picks.sensor))
    n, time, sensor = network.x_m.size, picks.time_s[order], picks.sensor[order]
    origin = float(np.floor(picks.time_s.min() / NODE_S) * NODE_S - NODE_S)
    span = picks.time_s.max() - origin
    first = np.searchsorted(sensor, np.arange(n + 1)).astype(np.int64)
    bucket = np.empty((n, int(span / BUCKET_S) + 3), np.int32)
    _buckets(time, first, origin, bucket)
    var = np.empty(time.size)
    _onset(picks.snr_db[order], var)
    neighbour = np.empty((n, min(NEIGHBOURS, n - 1)), np.int64)
    _neighbours(network.x_m, network.y_m, neighbour)
    low = np.array([network.x_m.min() - margin_m, network.y_m.min() - margin_m])
    high = np.array([network.x_m.max() + margin_m, network.y_m.max() + margin_m])
    shape = ((high - low) / CELL_M).astype(np.int64) + 1
    down_first, down = _outages(outages, n)
    scene = Scene(
        x=network.x_m,
        y=network.y_m,
        noise=network.noise_db,
        near=np.zeros((shape[0] * shape[1], min(NEAR, n)), np.int32),
        near_n=np.full(shape[0] * shape[1], -1, np.int64),
        neighbour=neighbour,
        grid=low,
        shape=shape,
        quiet=np.array([network.noise_db.min() + INAUDIBLE_DB]),
        bounds=np.array([low[0], high[0], low[1], high[1]]),
        time=time,
        level=picks.level_db[order],
        var=var,
        log_rate=np.zeros(time.size),
        sensor=sensor,
        first=first,
        bucket=bucket,
        origin=np.array([origin]),
        medium=np.zeros((int(span / NODE_S) + 3, 5)),
        owner=np.full(time.size, -1, np.int64),
        timing=np.zeros(2),
        spread=np.array([LEVEL_DB]),
        log_birth=np.zeros(1),
        bias=np.zeros(n),
        clock_var=network.clock_sigma_s * network.clock_sigma_s,
        gain=np.zeros(n),
        broken=np.zeros(n, np.int64),
        down_first=down_first,
        down=down,
    )
    return scene, order


def _outages(outages: Outages | None, n: int) -> tuple[Whole, Reals]:
    if outages is None or outages.sensor.size == 0:
        return np.zeros(n + 1, np.int64), np.zeros((0, 2))
    order = np.lexsort((outages.up_s, outages.down_s, outages.sensor))
    first = np.searchsorted(outages.sensor[order], np.arange(n + 1))
    down = np.stack([outages.down_s[order], outages.up_s[order]], 1)
    return first.astype(np.int64), down


@kernel
def _buckets(time: Reals, first: Whole, origin: float, out: Small) -> None:
    for s in range(out.shape[0]):
        p = first[s]
        for b in range(out.shape[1]):
            while p < first[s + 1] and time[p] < origin + b * BUCKET_S:
                p += 1
            out[s, b] = p


@kernel
def _onset(snr: Reals, var: Reals) -> None:
    """Variance of reading an onset: 8 ms and more where the sound is faint."""
    for p in range(snr.size):
        known = snr[p] if snr[p] == snr[p] else SNR_UNKNOWN_DB
        sigma = 0.008 + 0.05 * exp_of(-(max(known, 0.0) - 8.0) / 20.0 * LN10)
        var[p] = sigma * sigma


@inlined
def is_down(scene: Scene, sensor: int, at_s: float) -> bool:
    """Whether the sensor was known not to listen."""
    for k in range(scene.down_first[sensor], scene.down_first[sensor + 1]):
        if scene.down[k, 0] <= at_s < scene.down[k, 1]:
            return True
    return False


@inlined
def first_from(scene: Scene, sensor: int, at_s: float) -> int:
    """The first pick of the sensor at or after the time."""
    b = int((at_s - scene.origin[0]) / BUCKET_S)
    b = min(max(b, 0), scene.bucket.shape[1] - 1)
    p, last = scene.bucket[sensor, b], scene.first[sensor + 1]
    while p < last and scene.time[p] < at_s:
        p += 1
    return p

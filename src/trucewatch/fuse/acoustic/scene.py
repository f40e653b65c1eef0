"""Everything the compiled kernels look things up in, as one tuple of arrays.

Picks are held by sensor and time. The lists of nearest sensors are filled cell by cell
when first asked for. Clock offsets, level terms of sites, clutter rates and the medium
are learnt while the engine runs and overwritten in place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import LN10, exp_of, log_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import (
    Network,
    Outages,
    Picks,
    Reals,
    Rows,
    Small,
    Whole,
)
from trucewatch.fuse.acoustic.physics import LEVEL_DB, MISS_AT_DB, NODE_S

LEAST_CELL_M = 1000.0
MOST_CELLS = 200_000
CROWD = 8
BUCKETS = 4  # per pick of a sensor
INAUDIBLE_DB = -8.0
NEAR = 160
NEAR_M = 26_000.0
NEIGHBOURS = 40
SNR_UNKNOWN_DB = 14.0

# columns of Scene.node
X, Y, NOISE, BIAS, CLOCK, GAIN, PACE = range(7)
# columns of Scene.picks
LEVEL, ONSET, RATE = range(3)
# entries of Scene.know
LOW_X, HIGH_X, LOW_Y, HIGH_Y, MIDDLE, ORIGIN, QUIET = range(7)
PER_S, BASE, SPREAD, BIRTH, ACROSS, ALONG, CELL, LOG_SPREAD, EVEN = range(7, 16)


class Scene(NamedTuple):
    """One stretch of time over one network.

    Attributes:
        node: per sensor, shape (n, 7): x, y (m), noise (dB), clock offset (s) and its
            variance (s2), level term of the site (dB), buckets per second.
        time: when each pick came (s), by (sensor, time), shape (k,).
        picks: of each pick, shape (k, 3): level (dB), variance of the onset (s2), log
            rate of clutter (1/s).
        sensor: row of the sensor of each pick.
        owner: the incident a pick is taken by, or -1.
        first: first pick of each sensor, shape (n + 1,).
        bucket: first pick at or after the start of each bucket; each sensor has BUCKETS
            for each of its picks, and three at the ends, from `_first_bucket` on.
        near: sensors nearest to a cell, ascending in distance, shape (cells, NEAR).
        near_n: how many of them lie within reach; -1 until filled.
        neighbour: the nearest other sensors of each, shape (n, NEIGHBOURS).
        medium: c, u, v, and change of u and v per 100 km, at nodes NODE_S apart.
        down_first: first outage of each sensor, shape (n + 1,).
        down: start and end of each outage, shape (outages, 2).
        know: single numbers: bounds of the search and their middle (m), time of the
            first bucket and node (s), the least level ever noticed (dB), timing error
            per second of travel and in common (s), spread of levels (dB), log density
            of births (per m2 and s), cells along x and y and their size (m), log of
            the spread of levels, level over the noise of which half are noticed (dB).
    """

    node: Reals
    time: Reals
    picks: Reals
    sensor: Whole
    owner: Whole
    first: Whole
    bucket: Small
    near: Rows
    near_n: Whole
    neighbour: Whole
    medium: Reals
    down_first: Whole
    down: Reals
    know: Reals


class Ground(NamedTuple):
    """What depends on the places of the sensors alone, made once per network.

    Attributes:
        near: as in a scene, filled as scenes ask for it; with near_n and neighbour.
    """

    near: Rows
    near_n: Whole
    neighbour: Whole


def ground_of(network: Network, margin_m: float) -> Ground:
    """Empty lists of the sensors near each cell, and the neighbours of each sensor."""
    n = network.x_m.size
    neighbour = np.empty((n, min(NEIGHBOURS, n - 1)), np.int64)
    _neighbours(network.x_m, network.y_m, neighbour)
    bounds = _bounds(network, margin_m)
    cells = int(bounds[ACROSS] * bounds[ALONG])
    return Ground(
        near=np.zeros((cells, min(NEAR, n)), np.uint32),
        near_n=np.full(cells, -1, np.int64),
        neighbour=neighbour,
    )


def scene_of(
    network: Network,
    picks: Picks,
    outages: Outages | None,
    margin_m: float,
    ground: Ground | None = None,
) -> tuple[Scene, Whole]:
    """A scene with nothing learnt yet, and the row in `picks` of each of its picks.

    The `ground` may be one made for another scene of the same network.
    """
    ground = ground or ground_of(network, margin_m)
    order = np.lexsort((picks.level_db, picks.time_s, picks.sensor))
    n, sensor = network.x_m.size, picks.sensor[order]
    know = _known(network, picks, margin_m)
    first = np.searchsorted(sensor, np.arange(n + 1)).astype(np.int64)
    time, table = picks.time_s[order], np.zeros((sensor.size, 3))
    table[:, LEVEL] = picks.level_db[order]
    _onset(picks.snr_db[order], table)
    span = picks.time_s.max() - know[ORIGIN]
    node = _nodes(network)
    node[:, PACE] = BUCKETS * np.diff(first) / span
    bucket = np.empty(BUCKETS * sensor.size + 3 * n, np.int32)
    _buckets(time, first, float(know[ORIGIN]), node[:, PACE].copy(), bucket)
    down_first, down = _outages(outages, n)
    scene = Scene(
        node=node,
        time=time,
        picks=table,
        sensor=sensor,
        owner=np.full(sensor.size, -1, np.int64),
        first=first,
        bucket=bucket,
        near=ground.near,
        near_n=ground.near_n,
        neighbour=ground.neighbour,
        medium=np.zeros((int(span / NODE_S) + 3, 5)),
        down_first=down_first,
        down=down,
        know=know,
    )
    return scene, order


def _nodes(network: Network) -> Reals:
    node = np.zeros((network.x_m.size, 7))
    node[:, X], node[:, Y] = network.x_m, network.y_m
    node[:, NOISE] = network.noise_db
    node[:, CLOCK] = network.clock_sigma_s * network.clock_sigma_s
    return node


def _known(network: Network, picks: Picks, margin_m: float) -> Reals:
    know = _bounds(network, margin_m)
    know[ORIGIN] = np.floor(picks.time_s.min() / NODE_S) * NODE_S - NODE_S
    know[QUIET] = network.noise_db.min() + INAUDIBLE_DB
    know[SPREAD], know[LOG_SPREAD] = LEVEL_DB, log_of(LEVEL_DB)
    know[EVEN] = MISS_AT_DB
    return know


def _bounds(network: Network, margin_m: float) -> Reals:
    know = np.zeros(16)
    know[LOW_X] = network.x_m.min() - margin_m
    know[HIGH_X] = network.x_m.max() + margin_m
    know[LOW_Y] = network.y_m.min() - margin_m
    know[HIGH_Y] = network.y_m.max() + margin_m
    know[MIDDLE] = 0.5 * (know[LOW_X] + know[HIGH_X])
    wide, high = know[HIGH_X] - know[LOW_X], know[HIGH_Y] - know[LOW_Y]
    know[CELL] = max(LEAST_CELL_M, np.sqrt(wide * high / MOST_CELLS))
    know[ACROSS] = np.floor(wide / know[CELL]) + 1.0
    know[ALONG] = np.floor(high / know[CELL]) + 1.0
    return know


def _outages(outages: Outages | None, n: int) -> tuple[Whole, Reals]:
    if outages is None or outages.sensor.size == 0:
        return np.zeros(n + 1, np.int64), np.zeros((0, 2))
    order = np.lexsort((outages.up_s, outages.down_s, outages.sensor))
    first = np.searchsorted(outages.sensor[order], np.arange(n + 1))
    down = np.stack([outages.down_s[order], outages.up_s[order]], 1)
    return first.astype(np.int64), down


@kernel
def _neighbours(x: Reals, y: Reals, out: Whole) -> None:
    for s in range(x.size):
        dx, dy = x - x[s], y - y[s]
        away = dx * dx + dy * dy
        away[s] = np.inf
        out[s] = np.argsort(away, kind="mergesort")[: out.shape[1]]


@kernel
def _buckets(time: Reals, first: Whole, origin: float, pace: Reals, out: Small) -> None:
    for s in range(first.size - 1):
        o, n, b = _first_bucket(first, s), BUCKETS * (first[s + 1] - first[s]), 0
        for p in range(first[s], first[s + 1]):
            last = min(int((time[p] - origin) * pace[s]), n)
            while b <= last:
                out[o + b] = p
                b += 1
        while b < n + 3:
            out[o + b] = first[s + 1]
            b += 1


@part
def _first_bucket(first: Whole, sensor: int) -> int:
    return int(BUCKETS * first[sensor] + 3 * sensor)


@kernel
def _onset(snr: Reals, picks: Reals) -> None:
    """Variance of reading an onset: 8 ms and more where the sound is faint."""
    for p in range(snr.size):
        known = snr[p] if snr[p] == snr[p] else SNR_UNKNOWN_DB
        sigma = 0.008 + 0.05 * exp_of(-(max(known, 0.0) - 8.0) / 20.0 * LN10)
        picks[p, ONSET] = sigma * sigma


@part
def is_down(scene: Scene, sensor: int, at_s: float) -> bool:
    """Whether the sensor was known not to listen."""
    for k in range(scene.down_first[sensor], scene.down_first[sensor + 1]):
        if scene.down[k, 0] <= at_s < scene.down[k, 1]:
            return True
    return False


@part
def first_from(scene: Scene, sensor: int, at_s: float) -> int:
    """The first pick of the sensor at or after the time."""
    return first_between(scene, bucket_at(scene, sensor, at_s), at_s)


@part
def bucket_at(scene: Scene, sensor: int, at_s: float) -> tuple[int, int]:
    """Rows between which the first pick of the sensor at or after the time stands."""
    buckets = BUCKETS * (scene.first[sensor + 1] - scene.first[sensor])
    b = int((at_s - scene.know[ORIGIN]) * scene.node[sensor, PACE])
    b = min(max(b, 0), buckets + 1) + _first_bucket(scene.first, sensor)
    return int(np.int64(scene.bucket[b])), int(np.int64(scene.bucket[b + 1]))


@part
def first_between(scene: Scene, rows: tuple[int, int], at_s: float) -> int:
    """The first pick at or after the time, of those between the two rows."""
    p, last = rows
    while last - p > CROWD:
        middle = (p + last) >> 1
        if scene.time[middle] < at_s:
            p = middle + 1
        else:
            last = middle
    while p < last and scene.time[p] < at_s:
        p += 1
    return int(p)


@part
def sensors_near(scene: Scene, x_m: float, y_m: float) -> tuple[int, int]:
    """The cell of a place, and how many sensors its list holds."""
    across, along = int(scene.know[ACROSS]), int(scene.know[ALONG])
    size_m = scene.know[CELL]
    i = min(max(int((x_m - scene.know[LOW_X]) / size_m), 0), across - 1)
    j = min(max(int((y_m - scene.know[LOW_Y]) / size_m), 0), along - 1)
    cell = i * along + j
    if scene.near_n[cell] < 0:
        _list_sensors(scene, cell, i, j)
    return cell, int(scene.near_n[cell])


@kernel
def _list_sensors(scene: Scene, cell: int, i: int, j: int) -> None:
    size_m = scene.know[CELL]
    dx = scene.node[:, X] - (scene.know[LOW_X] + (i + 0.5) * size_m)
    dy = scene.node[:, Y] - (scene.know[LOW_Y] + (j + 0.5) * size_m)
    away = dx * dx + dy * dy
    within = np.nonzero(away < NEAR_M * NEAR_M)[0]
    order = within[np.argsort(away[within], kind="mergesort")]
    n = min(order.size, scene.near.shape[1])
    scene.near[cell, :n] = order[:n]
    scene.near_n[cell] = n

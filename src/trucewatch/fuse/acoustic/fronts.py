"""The front of a sonic boom among arrivals: it sweeps the ground and has no origin.

An aircraft faster than sound drags a cone behind it. On the ground its boom arrives at

    t = t0 + p . x + q sqrt(w^2 + h^2),   q = sqrt(1 / c^2 - |p|^2)

with p the slowness along the way (s/m), w how far aside of the way a node stands and h
the height as far as the air lets it be seen. Source: the Mach cone (Whitham 1974, 9.3),
worked out for level flight; a search over ways, then Gauss and Newton on the best with
errors that narrow, as in ``aloft``.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of
from trucewatch.fuse.acoustic.kernel import kernel, shared
from trucewatch.fuse.acoustic.linear import cholesky, solved
from trucewatch.fuse.acoustic.network import Reals

SOUND_MPS = 338.0
ACROSS, START, HEIGHT = 2, 3, 4  # of a way, after its slowness east and north
SIZE = 5
TURNS = 36  # directions in half a circle
SPEEDS_MPS: Reals = np.array([350, 365, 380, 400, 425, 450, 500, 600, 800.0])
ASIDE_M: Reals = np.arange(-30_000.0, 30_001.0, 5_000.0)
HEIGHT_M = 9_000.0
AGREE_S = 6.0  # arrivals of one way in the search
BIN_S = 0.75
ACROSS_BINS = 9  # times within AGREE_S lie in this many bins and one more at most
MOST_BINS = 4_096
KEPT = 6
SIGMAS_S: Reals = np.array([5.0, 3.0, 2.0, 1.2, 0.7, 0.4, 0.25, 0.15, 0.15, 0.15])
STEPS: Reals = np.array([1e-7, 1e-7, 10.0, 0.0, 10.0])  # for slopes
LOOSE: Reals = np.array([1e6, 1e6, 1e-8, 1e-6, 1e-8])
STRIDE: Reals = np.array([2e-4, 2e-4, 4_000.0, 6.0, 2_000.0])
LOWEST_M, HIGHEST_M = 500.0, 25_000.0


@kernel
def front(heard: Reals) -> Reals:
    """The way whose front most arrivals are of.

    Args:
        heard: east, north (m) and time (s) about the middle of the nodes, (n, 3).

    Returns: slowness east and north (s/m), how far aside of the middle the way runs
        (m, left of its direction), the time (s) at the middle's foot on it, the height
        (m), and the share-weighted count of arrivals; shape (6,).
    """
    ways = _searched(heard)
    best = np.zeros(SIZE + 1)
    for k in range(ways.shape[0]):
        way, count = ways[k, :SIZE].copy(), 0.0
        for n in range(SIGMAS_S.size):
            step = _step(heard, way, SIGMAS_S[n])
            for i in range(SIZE):
                way[i] += min(max(step[i], -STRIDE[i]), STRIDE[i])
            way[HEIGHT] = min(max(way[HEIGHT], LOWEST_M), HIGHEST_M)
        for n in range(heard.shape[0]):
            late = (heard[n, 2] - arrival(heard[n], way)) / SIGMAS_S[-1]
            count += exp_of(-0.5 * late * late)
        if count > best[SIZE]:
            best[:SIZE], best[SIZE] = way, count
    return best


@shared
def arrival(spot: Reals, way: Reals) -> float:
    """When the front of a way comes to a place (s)."""
    slow = np.sqrt(way[0] * way[0] + way[1] * way[1])
    east, north = way[0] / slow, way[1] / slow
    aside = -spot[0] * north + spot[1] * east - way[ACROSS]
    spread = np.sqrt(max(1.0 / (SOUND_MPS * SOUND_MPS) - slow * slow, 1e-12))
    along = way[0] * spot[0] + way[1] * spot[1]
    slant = np.sqrt(aside * aside + way[HEIGHT] * way[HEIGHT])
    return float(way[START] + along + spread * slant)


@kernel
def _searched(heard: Reals) -> Reals:
    """The best of a grid of ways, shape (``KEPT``, 6); the last column is a count."""
    kept = np.zeros((KEPT, SIZE + 1))
    for turn in range(2 * TURNS):
        # Half the angle's tangent gives the direction without a sine.
        half = -1.0 + 2.0 * (turn % TURNS) / TURNS
        flip = 1.0 if turn < TURNS else -1.0
        east = flip * (1.0 - half * half) / (1.0 + half * half)
        north = flip * 2.0 * half / (1.0 + half * half)
        for speed in SPEEDS_MPS:
            _asides(heard, east / speed, north / speed, kept)
    return kept


@kernel
def _asides(heard: Reals, slow_e: float, slow_n: float, kept: Reals) -> None:
    """Keep the best of the ways that run in one direction at one speed.

    What of ``arrival`` is the same for all of them is reckoned once; the times are
    sorted only where their counts in bins say that a way may be kept.
    """
    slow = np.sqrt(slow_e * slow_e + slow_n * slow_n)
    east, north = slow_e / slow, slow_n / slow
    spread = np.sqrt(max(1.0 / (SOUND_MPS * SOUND_MPS) - slow * slow, 1e-12))
    across = -heard[:, 0] * north + heard[:, 1] * east
    along = slow_e * heard[:, 0] + slow_n * heard[:, 1]
    late, least = np.zeros(heard.shape[0]), np.min(kept[:, SIZE])
    for off in ASIDE_M:
        for n in range(heard.shape[0]):
            aside = across[n] - off
            slant = np.sqrt(aside * aside + HEIGHT_M * HEIGHT_M)
            late[n] = heard[n, 2] - (along[n] + spread * slant)
        if _at_most(late, least) <= least:
            continue
        count, middle = _densest(np.sort(late))
        if count > least:
            low = np.argmin(kept[:, SIZE])
            kept[low, 0], kept[low, 1], kept[low, ACROSS] = slow_e, slow_n, off
            kept[low, START], kept[low, HEIGHT], kept[low, SIZE] = (
                middle,
                HEIGHT_M,
                count,
            )
            least = np.min(kept[:, SIZE])


@kernel
def _at_most(late: Reals, enough: float) -> float:
    """What the count of times within ``AGREE_S`` cannot exceed, from bins of time.

    One more than ``enough`` where the times lie too far apart for bins.
    """
    first, last = np.min(late), np.max(late)
    size = int((last - first) / BIN_S) + 1
    if size > MOST_BINS:
        return enough + 1.0
    bins = np.zeros(size, np.int64)
    for one in late:
        bins[int((one - first) / BIN_S)] += 1
    most, inside = 0, 0
    for high in range(size):
        inside += bins[high]
        if high > ACROSS_BINS:
            inside -= bins[high - ACROSS_BINS - 1]
        most = max(most, inside)
    return float(most)


@kernel
def _densest(late: Reals) -> tuple[int, float]:
    """Most ascending times within ``AGREE_S``: how many, and their middle."""
    best, middle, low = 0, 0.0, 0
    for high in range(late.size):
        while late[high] - late[low] > AGREE_S:
            low += 1
        if high - low + 1 > best:
            best, middle = high - low + 1, 0.5 * (late[low] + late[high])
    return best, middle


@kernel
def _step(heard: Reals, way: Reals, sigma_s: float) -> Reals:
    normal, pull = np.zeros((SIZE, SIZE)), np.zeros(SIZE)
    slope, moved = np.zeros(SIZE), way.copy()
    for n in range(heard.shape[0]):
        here = arrival(heard[n], way)
        late = heard[n, 2] - here
        weight = exp_of(-0.5 * late * late / (sigma_s * sigma_s))
        if weight < 1e-6:
            continue
        for i in range(SIZE):
            if i == START:
                slope[i] = 1.0
                continue
            moved[i] = way[i] + STEPS[i]
            slope[i] = (arrival(heard[n], moved) - here) / STEPS[i]
            moved[i] = way[i]
        for i in range(SIZE):
            pull[i] += weight * slope[i] * late
            for j in range(i + 1):
                normal[i, j] += weight * slope[i] * slope[j]
    for i in range(SIZE):
        normal[i, i] = normal[i, i] * (1.0 + 1e-6) + LOOSE[i]
    return solved(cholesky(normal), pull)

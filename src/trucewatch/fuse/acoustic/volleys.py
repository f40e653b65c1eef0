"""Shots from one place: where many back-projected arrivals line up like a comb.

A gun that fires again, or a rack of rockets, is one place with many times. Triples of
picks mix its shots up; the place at which most of them line up does not. Every place a
candidate proposes is given the sum of what its peaks are worth, and the best of those
near each other propose all their peaks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import air_of, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import refine
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import (
    PER_MISS_DB,
    heard,
    loss_db,
    travel,
)
from trucewatch.fuse.acoustic.scene import (
    BIAS,
    EVEN,
    GAIN,
    NOISE,
    PER_S,
    Scene,
    X,
    Y,
    first_from,
    is_down,
    sensors_near,
)

REACH_S = 60.0
BIN_S = 0.03
PER_BIN = 1.0 / BIN_S
BINS = 4001
STRETCH = 32  # bins looked at together for any that counts
LISTENERS = 16
LEAST_HEARD = 0.3
APART_M = 30.0
KNOWN_M, KNOWN_S = 15.0, 0.03
OCCAM = 9.0  # log volume of place, time and level that a peak costs
LEAST_PEAK = 3.0
ROOM = 6000


class Comb(NamedTuple):
    """Room for the peaks of one place.

    Attributes:
        bins: what the arrivals at each origin time are worth, shape (BINS,).
        peak: bins of the peaks.
    """

    bins: Reals
    peak: Whole


@kernel
def comb() -> Comb:
    """Room for one place."""
    return Comb(np.zeros(BINS), np.zeros(BINS, np.int64))


@kernel
def lined_up(scene: Scene, place: Reals, room: Comb) -> tuple[float, int]:
    """What the peaks at a place (x, y, time, level) are worth, and how many."""
    bins = room.bins
    bins[:] = 0.0
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    listeners, silent = 0, 0.0
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - place[0], scene.node[s, Y] - place[1], air
        )
        level = place[3] - loss_db(r) + scene.node[s, GAIN]
        p = heard((level - scene.node[s, NOISE] - scene.know[EVEN]) * PER_MISS_DB)
        back = tau + scene.node[s, BIAS]
        if p < LEAST_HEARD or is_down(scene, s, place[2] + back):
            continue
        listeners += 1
        if listeners > LISTENERS:
            break
        silent += log_of(max(1.0 - p, 0.02))
        sigma = 0.04 + scene.know[PER_S] * tau
        _project(scene, s, (place[2] + back, p, sigma), bins)
    return _peaks(bins, silent - OCCAM, room)


@part
def _project(
    scene: Scene, sensor: int, look: tuple[float, float, float], bins: Reals
) -> None:
    """The picks of a sensor raise the bins of the times they would come from."""
    due, p, sigma = look
    first = first_from(scene, sensor, due - REACH_S)
    last, end = first, due + REACH_S
    while last < scene.first[sensor + 1] and scene.time[last] < end:
        last += 1
    rate = (last - first + 1.0) / (2.0 * REACH_S)
    worth = log_of(1.0 + p / (2.5 * sigma * rate)) - log_of(max(1.0 - p, 0.02))
    wide = int(sigma * PER_BIN + 0.5)
    for k in range(first, last):
        b = int((scene.time[k] - due + REACH_S) * PER_BIN)
        for d in range(max(-2 * wide, -b), min(2 * wide, BINS - 1 - b) + 1):
            z = d / (wide + 0.5)
            bins[b + d] += worth * max(1.0 - 0.2 * z * z, 0.0)


@part
def _peaks(bins: Reals, base: float, room: Comb) -> tuple[float, int]:
    total, n, b = 0.0, 0, 2
    while b < BINS - 2:
        end = min(b + STRETCH, BINS - 2)
        if _silent(bins, base, b, end):
            b = end
        while b < end:
            h = bins[b]
            top = h >= bins[b - 2] and h >= bins[b - 1] and h > bins[b + 1]
            if h + base > LEAST_PEAK and top and h >= bins[b + 2]:
                total += h + base
                room.peak[n] = b
                n += 1
                b += 4
            b += 1
    return total, n


@part
def _silent(bins: Reals, base: float, begin: int, end: int) -> bool:
    """Whether no bin of the stretch is worth a peak."""
    loud = 0
    for b in range(begin, end):
        loud += bins[b] + base > LEAST_PEAK
    return loud == 0


@kernel
def volleys(scene: Scene, places: Reals, least: Reals, limit: int) -> Reals:
    """Candidates at all peaks of the places where most lines up.

    `places` are rows of x, y, time, level, score; `least` holds the worth that makes a
    place one of volleys, and the least score of a candidate. Peaks that are places
    themselves are left out; places ascend in time.
    """
    n, room, work = places.shape[0], comb(), workroom()
    worth = np.empty(n)
    for k in range(n):
        worth[k], peaks = lined_up(scene, places[k], room)
        if peaks < 2:
            worth[k] = 0.0
    out, m, event = np.empty((limit, 5)), 0, np.empty(4)
    for k in np.argsort(-np.floor(worth * 1024.0), kind="mergesort"):
        if worth[k] < least[0] or _served(places, worth, k):
            continue
        _, peaks = lined_up(scene, places[k], room)
        for i in range(peaks):
            event[:] = places[k, :4]
            event[2] += (room.peak[i] + 0.5) * BIN_S - REACH_S
            if _known(places, event):
                continue
            score, chosen = refine(scene, event, 0.06, 1, work)
            if chosen >= 4 and score >= least[1] and m < limit:
                out[m, :4] = event
                out[m, 4] = score
                m += 1
    return out[:m]


@part
def _known(places: Reals, event: Reals) -> bool:
    k = np.searchsorted(places[:, 2], event[2] - KNOWN_S)
    while k < places.shape[0] and places[k, 2] < event[2] + KNOWN_S:
        dx, dy = places[k, 0] - event[0], places[k, 1] - event[1]
        if dx * dx + dy * dy < KNOWN_M * KNOWN_M:
            return True
        k += 1
    return False


@kernel
def _served(places: Reals, worth: Reals, k: int) -> bool:
    """Whether a place of more worth stands close by in space and time.

    `places` ascend in time.
    """
    for way in (-1, 1):
        j = k + way
        while 0 <= j < places.shape[0]:
            if abs(places[j, 2] - places[k, 2]) > 0.5 * REACH_S:
                break
            better = worth[j] > worth[k] or (worth[j] == worth[k] and j < k)
            dx, dy = places[j, 0] - places[k, 0], places[j, 1] - places[k, 1]
            if better and dx * dx + dy * dy < APART_M * APART_M:
                return True
            j += way
    return False

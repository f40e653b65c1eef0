"""Fire repeats from and onto the same places: a second look there.

Source: the scan looks for peaks of the origin times that picks would have if they came
from the place.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import air_of, refine, workroom
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import MISS_AT_DB, MISS_DB, loss_db, travel
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    GAIN,
    NOISE,
    PER_S,
    TIME,
    Scene,
    X,
    Y,
    first_from,
    sensors_near,
)
from trucewatch.fuse.acoustic.triples import quick_score

SCAN_S = 75.0
SCANNED_M = 25.0
LISTENERS = 14
ROOM = 6000
LOOSE_RATIO = 0.003  # of the travel time: the place is only near
LIKELY = 12.0


@kernel
def crowding(events: Reals) -> Whole:
    """How many others lie within 700 m and 2.5 s; incidents ascend in time."""
    out = np.zeros(events.shape[0], np.int64)
    for i in range(events.shape[0]):
        j = i + 1
        while j < events.shape[0] and events[j, 2] - events[i, 2] < 2.5:
            dx, dy = events[j, 0] - events[i, 0], events[j, 1] - events[i, 1]
            if dx * dx + dy * dy < 700.0 * 700.0:
                out[i] += 1
                out[j] += 1
            j += 1
    return out


@kernel
def scan(
    scene: Scene, incidents: Reals, least: Reals, known: Reals, limit: int
) -> Reals:
    """Further candidates at the places of strong incidents, rows as of `incidents`.

    `least` holds the score that makes a place strong, and the least of a candidate.
    Peaks within 0.03 s of a `known` candidate close by are left to it.
    """
    out, n = np.empty((limit, 5)), 0
    work, event = workroom(), np.empty(4)
    when, who = np.empty(ROOM), np.empty(ROOM, np.int64)
    for e in range(incidents.shape[0]):
        if incidents[e, 4] < least[0] or _scanned(incidents, e, least[0]):
            continue
        m, listeners, width = _returns(scene, incidents[e], when, who)
        if listeners < 4 or m < 4:
            continue
        order = np.argsort(when[:m], kind="mergesort")
        peaks = _peaks(when[order], who[order], max(4, int(0.35 * listeners)), width)
        for t in peaks:
            if n >= limit or _known(known, incidents[e], t):
                continue
            event[:] = incidents[e, :4]
            event[2] = t
            air = air_of(scene, t, event[0])
            if quick_score(scene, event, air, LOOSE_RATIO, work.rays) < LIKELY:
                continue
            score, chosen = refine(scene, event, 0.06, 2, work)
            if chosen >= 4 and score >= least[1]:
                out[n, :4] = event
                out[n, 4] = score
                n += 1
    return out[:n]


@part
def _scanned(incidents: Reals, e: int, least: float) -> bool:
    f = e - 1
    while f >= 0 and incidents[e, 2] - incidents[f, 2] < 0.6 * SCAN_S:
        dx, dy = incidents[f, 0] - incidents[e, 0], incidents[f, 1] - incidents[e, 1]
        if incidents[f, 4] >= least and dx * dx + dy * dy < SCANNED_M * SCANNED_M:
            return True
        f -= 1
    return False


@part
def _known(known: Reals, place: Reals, t: float) -> bool:
    k = np.searchsorted(known[:, 2], t - 0.04)
    while k < known.shape[0] and known[k, 2] < t + 0.04:
        dx, dy = known[k, 0] - place[0], known[k, 1] - place[1]
        if dx * dx + dy * dy < 900.0:
            return True
        k += 1
    return False


@part
def _returns(
    scene: Scene, place: Reals, when: Reals, who: Whole
) -> tuple[int, int, float]:
    """Origin times that the picks of the listeners would have, and the widest gate."""
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    m, listeners, width = 0, 0, 0.0
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - place[0], scene.node[s, Y] - place[1], air
        )
        level = place[3] - loss_db(r) + scene.node[s, GAIN]
        if level - scene.node[s, NOISE] - MISS_AT_DB < -0.5 * MISS_DB:
            continue
        listeners += 1
        if listeners > LISTENERS:
            break
        back = tau + scene.node[s, BIAS]
        p = first_from(scene, s, place[2] - SCAN_S + back)
        end = place[2] + SCAN_S + back
        while p < scene.first[s + 1] and scene.picks[p, TIME] < end and m < ROOM:
            if scene.owner[p] == -1:
                when[m], who[m] = scene.picks[p, TIME] - back, s
                m += 1
            p += 1
        turbulent = scene.know[PER_S] * tau
        base = scene.know[BASE] * scene.know[BASE] + 0.0004
        width = max(width, 2.0 * np.sqrt(turbulent * turbulent + base))
    return m, min(listeners, LISTENERS), width


@kernel
def _peaks(when: Reals, who: Whole, need: int, width: float) -> Reals:
    """Times at which at least `need` different sensors agree, 0.06 s apart."""
    out, n, last, a = np.empty(when.size), 0, -1e18, 0
    for b in range(when.size):
        while when[b] - when[a] > 2.0 * width:
            a += 1
        if b - a + 1 < need or _different(who, a, b) < need:
            continue
        t = when[(a + b) // 2]
        if t - last >= 0.06:
            out[n] = t
            n += 1
            last = t
    return out[:n]


@part
def _different(who: Whole, a: int, b: int) -> int:
    n = 0
    for k in range(a, b + 1):
        n += 1
        for j in range(a, k):
            if who[j] == who[k]:
                n -= 1
                break
    return n

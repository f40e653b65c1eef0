"""Weak repeats at known places: a last look among the picks that are left over.

Four faint picks say little by themselves; that they agree with a place from which sound
came a minute before, or after, says the rest.
Source: back-projection of picks to the origin times they would have at the place; the
prior density there is that of `repetition`.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.hearing import air_of, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import refine
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import MISS_DB, loss_db, travel
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    EVEN,
    GAIN,
    NOISE,
    PER_S,
    Scene,
    X,
    Y,
    first_from,
    sensors_near,
)

AROUND_S = 75.0
ONE_PLACE_M = 25.0
LISTENERS = 30
FAINT_DB = 1.5 * MISS_DB
AGREEING = 3
LEAST_PICKS = 4
APART_S = 0.06
ROOM = 6000


@kernel
def revisited(scene: Scene, incidents: Reals, least: Reals, limit: int) -> Reals:
    """Candidates of free picks at the places of strong incidents.

    Rows are those of `incidents`, which ascend in time; `least` holds the score that
    makes a place strong, and the least of a candidate.
    """
    out, n = np.empty((limit, 5)), 0
    work, event = workroom(), np.empty(4)
    when, who = np.empty(ROOM), np.empty(ROOM, np.int64)
    for e in range(incidents.shape[0]):
        if incidents[e, 4] < least[0] or _visited(incidents, e, least[0]):
            continue
        m, width = _returns(scene, incidents[e], when, who)
        order = np.argsort(when[:m], kind="mergesort")
        for t in _peaks(when[order], who[order], width):
            if n >= limit:
                break
            event[:] = incidents[e, :4]
            event[2] = t
            score, chosen = refine(scene, event, 0.06, 2, work)
            if chosen >= LEAST_PICKS and score >= least[1]:
                out[n, :4] = event
                out[n, 4] = score
                n += 1
    return out[:n]


@part
def _visited(incidents: Reals, e: int, least: float) -> bool:
    f = e - 1
    while f >= 0 and incidents[e, 2] - incidents[f, 2] < 0.6 * AROUND_S:
        dx, dy = incidents[f, 0] - incidents[e, 0], incidents[f, 1] - incidents[e, 1]
        near = dx * dx + dy * dy < ONE_PLACE_M * ONE_PLACE_M
        if incidents[f, 4] >= least and near:
            return True
        f -= 1
    return False


@part
def _returns(scene: Scene, place: Reals, when: Reals, who: Whole) -> tuple[int, float]:
    """Origin times that free picks of the listeners would have; the widest gate (s)."""
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    m, listeners, width = 0, 0, 0.0
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - place[0], scene.node[s, Y] - place[1], air
        )
        level = place[3] - loss_db(r) + scene.node[s, GAIN]
        if level - scene.node[s, NOISE] - scene.know[EVEN] < -FAINT_DB:
            continue
        listeners += 1
        if listeners > LISTENERS:
            break
        back = tau + scene.node[s, BIAS]
        p = first_from(scene, s, place[2] - AROUND_S + back)
        end = place[2] + AROUND_S + back
        while p < scene.first[s + 1] and scene.time[p] < end and m < ROOM:
            if scene.owner[p] == -1:
                when[m], who[m] = scene.time[p] - back, s
                m += 1
            p += 1
        turbulent = scene.know[PER_S] * tau
        base = scene.know[BASE] * scene.know[BASE] + 0.0004
        width = max(width, 2.0 * np.sqrt(turbulent * turbulent + base))
    return m, width


@kernel
def _peaks(when: Reals, who: Whole, width: float) -> Reals:
    """Times at which several sensors agree, ascending and apart from each other."""
    out, n, last, a = np.empty(when.size), 0, -1e18, 0
    for b in range(when.size):
        while when[b] - when[a] > 2.0 * width:
            a += 1
        if b - a + 1 < AGREEING or _different(who, a, b) < AGREEING:
            continue
        t = when[(a + b) // 2]
        if t - last >= APART_S:
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

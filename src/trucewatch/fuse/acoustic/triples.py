"""Candidates: where three arrivals at three nodes put their common origin.

In the frame that moves with the air sound spreads in circles, so that two differences
of arrival time give the place in closed form. Each free pick anchors triples with the
picks of its neighbours that can belong to the same sound; the best few of each anchor
are refined. A pick that a strong candidate explains is no anchor any more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.hearing import Work, air_of, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import NOTHING, inside, refine
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.physics import (
    loss_db,
)
from trucewatch.fuse.acoustic.quick import NEAREST, quick_score
from trucewatch.fuse.acoustic.scene import (
    BIAS,
    GAIN,
    LEVEL,
    Scene,
    X,
    Y,
    first_from,
    sensors_near,
)

ROOM = 400
SURE_NEIGHBOURS = 4
LEAST_DET = 2e5  # m2: three nodes nearly in a line say nothing
FARTHEST_S = 45.0
LEVELS_DB = 17.0
PROMISING = 5.0
EXPLAINED_Z = 2.5
SOLID = 15.0
PLAIN = 25.0


class Search(NamedTuple):
    """How hard to look.

    Attributes:
        partners: anchors with more partners than this are left out.
        best: candidates kept per anchor.
        widen: added timing error per second of travel while the air is not known.
        least: candidates below this score are dropped.
        skip: picks explained by a candidate above this score anchor nothing.
        back: partners come before the anchor instead of after it.
        neighbours: how many of the nearest nodes are asked for partners.
        enough: no further ones are once there are as many partners.
    """

    partners: int
    best: int
    widen_ratio: float
    least_ratio: float
    skip_ratio: float
    back: bool = False
    neighbours: int = 12
    enough: int = 14


class Partners(NamedTuple):
    """Picks that can belong to the anchor's sound.

    Attributes:
        pick: which, with the delay (s) after the anchor.
        x: place in the moving frame relative to the anchor, m, and y.
        half: (x2 + y2 - c2 delay2) / 2.
        found: the best places so far, rows of x, y, time, level, score.
        event: the place under work.
        work: room for one incident.
    """

    pick: Whole
    delay: Reals
    x: Reals
    y: Reals
    half: Reals
    found: Reals
    event: Reals
    work: Work


@kernel
def candidates(
    scene: Scene, anchors: Whole, search: Search, limit: int
) -> tuple[Reals, Flags]:
    """Refined candidates, rows of x, y, time, level, score.

    Beside them: which picks were asked and belong to no place at all, shape (k,).
    """
    out = np.empty((limit, 5))
    n, barren = 0, np.zeros(scene.sensor.size, np.bool_)
    why, off = np.full(scene.sensor.size, NOTHING), np.full(scene.sensor.size, 9.0)
    work = workroom()
    room = Partners(
        np.empty(ROOM, np.int64),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty((search.best, 5)),
        np.empty(4),
        work,
    )
    event = np.empty(4)
    for anchor in anchors:
        if why[anchor] > search.skip_ratio and off[anchor] < EXPLAINED_Z:
            continue
        m = _partners(scene, anchor, room, search)
        if m > search.partners:
            continue
        found = _pairs(scene, anchor, m, room, search)
        barren[anchor] = found == 0
        for k in range(found):
            for i in range(4):
                event[i] = room.found[k, i]
            score, chosen = refine(scene, event, 0.20, 3, work)
            if chosen < 4 or score < search.least_ratio or n >= limit:
                continue
            out[n, :4] = event
            out[n, 4] = score
            n += 1
            _explain(work, chosen, score, why, off)
    return out[:n], barren


@part
def _explain(work: Work, chosen: int, score: float, why: Reals, off: Reals) -> None:
    for k in range(chosen):
        p = work.pick[k]
        if why[p] < score:
            why[p] = score
            off[p] = abs(work.residual[k]) / work.sigma[k]


@part
def _partners(scene: Scene, anchor: int, room: Partners, search: Search) -> int:
    back, s1 = search.back, scene.sensor[anchor]
    at = scene.time[anchor] - scene.node[s1, BIAS]
    c, u, v = air_of(scene, at, scene.node[s1, X])
    slowest = c - np.sqrt(u * u + v * v)
    m = 0
    for q in range(min(search.neighbours, scene.neighbour.shape[1])):
        if q >= SURE_NEIGHBOURS and m >= search.enough:
            break
        s = scene.neighbour[s1, q]
        dx, dy = (
            scene.node[s, X] - scene.node[s1, X],
            scene.node[s, Y] - scene.node[s1, Y],
        )
        clock = at + scene.node[s, BIAS]
        reach = np.sqrt(dx * dx + dy * dy) / slowest + 0.1
        end = clock + (0.02 if back else reach)
        p = first_from(scene, s, clock - (reach if back else 0.02))
        while p < scene.first[s + 1] and scene.time[p] <= end and m < ROOM:
            if scene.owner[p] == -1:
                delay = scene.time[p] - clock
                x, y = dx - u * delay, dy - v * delay
                room.pick[m] = p
                room.delay[m] = delay
                room.x[m] = x
                room.y[m] = y
                room.half[m] = 0.5 * (x * x + y * y - c * c * delay * delay)
                m += 1
            p += 1
    return m


@part
def _pairs(scene: Scene, anchor: int, m: int, room: Partners, search: Search) -> int:
    """How many places the pairs of partners put into the anchor's list."""
    s1 = scene.sensor[anchor]
    air = air_of(scene, scene.time[anchor] - scene.node[s1, BIAS], scene.node[s1, X])
    found, plain = 0, False
    for a in range(m):
        for k in range(found):
            plain |= room.found[k, 4] > PLAIN
        if plain:
            break
        for b in range(a + 1, m):
            if scene.sensor[room.pick[a]] == scene.sensor[room.pick[b]]:
                continue
            found = _pair(scene, anchor, room, (a, b, air), (found, search))
    return found


@part
def _pair(
    scene: Scene,
    anchor: int,
    room: Partners,
    pair: tuple[int, int, tuple[float, float, float]],
    state: tuple[int, Search],
) -> int:
    a, b, air = pair
    event, (found, search) = room.event, state
    line = _line(room, a, b, air[0] * air[0])
    for st in _times_before(line, air[0]):
        if -FARTHEST_S < st <= 0.0:
            _place(scene, anchor, (line, st, air), event)
            if not inside(scene, event):
                continue
            if search.back or _first_heard(scene, event, scene.sensor[anchor]):
                event[3] = _level(scene, anchor, (a, b), room, (air[0], st))
                found = _offer(scene, event, air, room, (found, search))
    return found


@part
def _times_before(
    line: tuple[float, float, float, float, float], c: float
) -> tuple[float, float]:
    """The two times at which the sound can have started; 1 where it cannot."""
    ax, ay, bx, by, det = line
    square, half = bx * bx + by * by - c * c, ax * bx + ay * by
    disc = half * half - square * (ax * ax + ay * ay)
    if det == 0.0 or disc < -0.02 * half * half or abs(square) < 1e-6:
        return 1.0, 1.0
    root = np.sqrt(max(disc, 0.0))
    return (-half + root) / square, (-half - root) / square


@part
def _place(
    scene: Scene,
    anchor: int,
    way: tuple[
        tuple[float, float, float, float, float], float, tuple[float, float, float]
    ],
    event: Reals,
) -> None:
    (ax, ay, bx, by, _), st, (_, u, v) = way
    s1 = scene.sensor[anchor]
    event[0] = scene.node[s1, X] + ax + (bx + u) * st
    event[1] = scene.node[s1, Y] + ay + (by + v) * st
    event[2] = scene.time[anchor] - scene.node[s1, BIAS] + st


@part
def _first_heard(scene: Scene, event: Reals, sensor: int) -> bool:
    """Whether the sensor is among those that should have heard the incident first."""
    cell, n = sensors_near(scene, event[0], event[1])
    among = 0
    for q in range(min(n, NEAREST)):
        among += scene.near[cell, q] == sensor
    return among > 0


@part
def _line(
    room: Partners, a: int, b: int, c2: float
) -> tuple[float, float, float, float, float]:
    """The place relative to the anchor is (ax, ay) + (bx, by) s, s the time before."""
    det = room.x[a] * room.y[b] - room.x[b] * room.y[a]
    if abs(det) < LEAST_DET:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    da, db = c2 * room.delay[a], c2 * room.delay[b]
    ax = (room.half[a] * room.y[b] - room.half[b] * room.y[a]) / det
    ay = (room.x[a] * room.half[b] - room.x[b] * room.half[a]) / det
    bx = (da * room.y[b] - db * room.y[a]) / det
    by = (room.x[a] * db - room.x[b] * da) / det
    return ax, ay, bx, by, det


@part
def _level(
    scene: Scene,
    anchor: int,
    pair: tuple[int, int],
    room: Partners,
    flight: tuple[float, float],
) -> float:
    """The middle one of three source levels; NaN if they contradict each other."""
    c, st = flight
    low, high, total, known = 999.0, -999.0, 0.0, 0
    for k in range(3):
        p, delay = anchor, 0.0
        if k > 0:
            p, delay = room.pick[pair[k - 1]], room.delay[pair[k - 1]]
        r = max(c * (delay - st), 20.0)
        level = scene.picks[p, LEVEL] + loss_db(r) - scene.node[scene.sensor[p], GAIN]
        if level == level:
            low, high = min(low, level), max(high, level)
            total += level
            known += 1
    if known == 0:
        return 110.0
    if high - low > LEVELS_DB:
        return np.nan
    return total - low - high if known == 3 else total / known


@part
def _offer(
    scene: Scene,
    event: Reals,
    air: tuple[float, float, float],
    room: Partners,
    state: tuple[int, Search],
) -> int:
    """The list of the anchor's best holds the place if it is better; its length."""
    n, search = state
    found = room.found
    if event[3] != event[3]:
        return n
    slot = _same(event, found, n)
    if slot >= 0 and found[slot, 4] > SOLID:
        return n
    quick = quick_score(scene, event, air, search.widen_ratio, room.work)
    if quick < PROMISING:
        return n
    if slot < 0:
        slot = n
        if n < found.shape[0]:
            n += 1
            found[slot, 4] = NOTHING
        else:
            slot = _weakest(found)
    if quick > found[slot, 4]:
        for k in range(4):
            found[slot, k] = event[k]
        found[slot, 4] = quick
    return n


@part
def _weakest(found: Reals) -> int:
    slot = 0
    for k in range(1, found.shape[0]):
        slot = k if found[k, 4] < found[slot, 4] else slot
    return slot


@part
def _same(event: Reals, found: Reals, n: int) -> int:
    for k in range(n):
        near = abs(found[k, 0] - event[0]) < 80.0 and abs(found[k, 1] - event[1]) < 80.0
        if near and abs(found[k, 2] - event[2]) < 0.15:
            return k
    return -1

"""Nodes that stand elsewhere than they were surveyed.

What a node hears comes early from one side and late from the other. Where strong
incidents around it tell the two axes and its clock apart, place and clock are solved
for together; a node is moved only if that is far likelier than that it stands where it
was said to stand.
Source: iteratively reweighted least squares on the law of picks, from several starts;
the prior of places is a mixture: nearly all within some metres, one in twenty anywhere
within some hundred (compared by the maximum of the log posterior).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.hearing import air_of
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.linear import inverse3
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.physics import (
    LATE,
    LATE_PER_S,
    LATE_S,
    MISS_DB,
    ON_TIME,
    heard,
    loss_db,
    travel,
)
from trucewatch.fuse.acoustic.scene import (
    BASE,
    EVEN,
    GAIN,
    NOISE,
    ONSET,
    PER_S,
    QUIET,
    Scene,
    X,
    Y,
    first_from,
    sensors_near,
)

REACH_S = 0.45
LEAST_HEARD = 0.3
STRONG = 12.0  # score of incidents that are asked
LEAST_ROWS = 5
MOST_ROWS = 200
PLACED_S = 0.015  # the incidents themselves are placed no better
OTHER_PER_S = 0.05  # density of picks that are something else
CLOCK_S = 0.012
WIDE_M = 70.0
TIGHT_M = 4.0
START_M = 90.0
ON_TIME_SHARE = 0.9  # nodes of which more is on time are not asked
KNOWN_TO_M = 30.0
LEAST_RATIO = 10.0
SOUND_MPS = 340.0
TURNS = 8
# columns of the rows of a node
AFTER, EAST, NORTH, VARIANCE = range(4)
AWAY = slice(EAST, NORTH + 1)


class Survey(NamedTuple):
    """What is told of the nodes.

    Attributes:
        place: where they were surveyed (x, y in m), shape (s, 2).
        clock: variance of the clock as declared (s2), shape (s,).
        off: clocks found far off and set, which are not asked for their place.
    """

    place: Reals
    clock: Reals
    off: Flags


def set_right(scene: Scene, events: Reals, survey: Survey, way: Reals) -> Reals:
    """Nodes of the scene stand where strong incidents put them; the way they went.

    Nodes that heard too little stay as far from their surveyed place as they were
    before. Rows of `way` are those of `elsewhere`.
    """
    found = elsewhere(scene, events, survey.place, survey.clock)
    asked = found[:, VARIANCE] >= 0.0
    now = np.where(asked[:, None], found, way)
    now[survey.off] = 0.0
    scene.node[:, X : Y + 1] = survey.place + now[:, AWAY]
    return now


@kernel
def elsewhere(scene: Scene, events: Reals, surveyed: Reals, clock: Reals) -> Reals:
    """Way (m) from its surveyed place of each node that stands elsewhere.

    `surveyed` holds places, shape (s, 2), `clock` the variances (s2) of the clocks as
    declared. Returns rows of clock (s), east, north (m), and the variance (s2) that is
    left of arrivals, shape (s, 4); that is negative where there was not enough to tell.
    Rows of `events` are those that own the picks of the scene.
    """
    sensors = scene.node.shape[0]
    rows = np.empty((sensors, MOST_ROWS, 4))
    count = np.zeros(sensors, np.int64)
    for e in range(events.shape[0]):
        if events[e, 4] < STRONG:
            continue
        _gather(scene, (events[e], e), surveyed, rows, count)
    out = np.zeros((sensors, 4))
    for s in range(sensors):
        out[s, VARIANCE] = -1.0
        if count[s] >= LEAST_ROWS:
            out[s, VARIANCE] = 0.0
            _judge(rows[s, : count[s]], clock[s] + CLOCK_S * CLOCK_S, out[s])
    return out


@part
def _gather(
    scene: Scene, event: tuple[Reals, int], surveyed: Reals, rows: Reals, count: Whole
) -> None:
    """What each node near an incident heard of it: delay, slopes and variance."""
    place, e = event
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    for q in range(near):
        s = scene.near[cell, q]
        dx, dy = surveyed[s, 0] - place[0], surveyed[s, 1] - place[1]
        tau, r, speed = travel(dx, dy, air)
        level = place[3] - loss_db(r)
        if level < scene.know[QUIET]:
            break
        excess = level + scene.node[s, GAIN] - scene.node[s, NOISE] - scene.know[EVEN]
        if heard(excess / MISS_DB) < LEAST_HEARD or count[s] >= MOST_ROWS:
            continue
        p = _nearest(scene, s, place[2] + tau, e)
        if p < 0:
            continue
        row = rows[s, count[s]]
        turbulent, base = scene.know[PER_S] * tau, scene.know[BASE]
        row[AFTER] = scene.time[p] - place[2] - tau
        row[EAST], row[NORTH] = dx / r / speed, dy / r / speed
        row[VARIANCE] = scene.picks[p, ONSET] + turbulent * turbulent + base * base
        row[VARIANCE] += PLACED_S * PLACED_S
        count[s] += 1


@part
def _nearest(scene: Scene, sensor: int, due: float, e: int) -> int:
    """The pick nearest to its time of those free or of the incident; -1 if none."""
    best, p = -1, first_from(scene, sensor, due - REACH_S)
    while p < scene.first[sensor + 1] and scene.time[p] < due + REACH_S:
        late = abs(scene.time[p] - due)
        if scene.owner[p] == e:
            return int(p)
        if scene.owner[p] < 0 and (best < 0 or late < abs(scene.time[best] - due)):
            best = p
        p += 1
    return int(best)


@kernel
def _judge(rows: Reals, clock: float, out: Reals) -> None:
    """Writes where the node stands if it hardly stands where it was surveyed."""
    here, there, best = np.zeros(3), np.zeros(3), np.zeros(3)
    cov, least = np.zeros((3, 3)), np.zeros((3, 3))
    stays, on_time = _fit(rows, (clock, TIGHT_M * TIGHT_M), here, cov)
    if on_time > ON_TIME_SHARE:
        return
    top = -1e18
    for k in range(8):
        there[0] = 0.0
        there[1] = START_M * (1.0, 0.7071, 0.0, -0.7071, -1.0, -0.7071, 0.0, 0.7071)[k]
        there[2] = START_M * (0.0, 0.7071, 1.0, 0.7071, 0.0, -0.7071, -1.0, -0.7071)[k]
        goes, _ = _fit(rows, (clock, WIDE_M * WIDE_M), there, cov)
        if goes > top:
            top = goes
            best[:], least[:] = there, cov
    known = max(least[1, 1], least[2, 2]) < KNOWN_TO_M * KNOWN_TO_M
    if known and top - stays > LEAST_RATIO:
        out[AFTER], out[EAST], out[NORTH] = best[0], best[1], best[2]
        out[VARIANCE] = 0.5 * (least[1, 1] + least[2, 2]) / (SOUND_MPS * SOUND_MPS)


@kernel
def _fit(
    rows: Reals, prior: tuple[float, float], at: Reals, cov: Reals
) -> tuple[float, float]:
    """Clock, east and north (`at`) settle; log posterior and share on time."""
    clock, place = prior
    normal, side = np.zeros((3, 3)), np.zeros(3)
    total, on_time = 0.0, 0.0
    for turn in range(TURNS):
        normal[:], side[:] = 0.0, 0.0
        normal[0, 0], normal[1, 1] = 1.0 / clock, 1.0 / place
        normal[2, 2] = 1.0 / place
        total = -0.5 * (at[0] * at[0] / clock + log_of(clock))
        total -= 0.5 * (at[1] * at[1] + at[2] * at[2]) / place + log_of(place)
        on_time = 0.0
        for k in range(rows.shape[0]):
            g = (1.0, rows[k, EAST], rows[k, NORTH])
            late = rows[k, AFTER] - at[0] - g[1] * at[1] - g[2] * at[2]
            share, density = _law(late, rows[k, VARIANCE])
            if turn == TURNS - 1:
                total += log_of(density)
                on_time += share / rows.shape[0]
            _add(g, share / rows[k, VARIANCE], rows[k, AFTER], (normal, side))
        inverse3(normal, cov)
        if turn < TURNS - 1:
            for i in range(3):
                at[i] = cov[i, 0] * side[0] + cov[i, 1] * side[1] + cov[i, 2] * side[2]
    return total, on_time


@part
def _add(
    g: tuple[float, float, float], w: float, after: float, to: tuple[Reals, Reals]
) -> None:
    """One delay joins the equations of clock, east and north."""
    normal, side = to
    for i in range(3):
        side[i] += w * g[i] * after
        for j in range(3):
            normal[i, j] += w * g[i] * g[j]


@part
def _law(late: float, variance: float) -> tuple[float, float]:
    """Share of a pick that is on time, and the density (1/s) of its delay."""
    d = (late - LATE_S) * LATE_PER_S
    on_time = ON_TIME * exp_of(-0.5 * late * late / variance) / np.sqrt(variance)
    density = on_time + LATE * exp_of(-0.5 * d * d) + OTHER_PER_S
    return on_time / density, density

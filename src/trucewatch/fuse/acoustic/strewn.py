"""Shots strewn over some hundred metres within seconds: a stack over places and times.

Guns of a battery and the shells they fire are heard together, and triples of picks mix
them up. Around an incident that fits its picks badly beside others all picks are
projected back to a fine grid of places and times: where one sound was made those of all
nodes meet, whatever else sounded meanwhile. The highest peaks propose candidates.
Source: migration of arrivals (delay and sum) with the log odds of a pick as weight.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import air_of, path_var, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.listen import refine
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.packing import ranked
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
    ONSET,
    Scene,
    X,
    Y,
    first_from,
    is_down,
    sensors_near,
)

STEP_M = 28.0
HALF = 8  # steps either way
WIDE = 2 * HALF + 1
BIN_S = 0.02
PER_BIN = 50.0
REACH_S = 0.8
BINS = 80
AROUND_S = 1.6  # picks that grid and reach can bring to the centre's time
LISTENERS = 16
LEAST_HEARD = 0.4
LEAST_MISS = 0.05
SOFT_S = 0.014  # of the spread of a pick: half a step, half a bin
REACH, BEND = 1.7, 0.34  # spreads at which a pick is worth nothing any more; 1 / 1.7^2
ROOM = 600
MOST_PEAKS = 64
GATE_S = 0.03
SERVED_M, SERVED_S = 100.0, 0.4
UNEASY = 0.4  # of the incidents beside others are looked around


class Stack(NamedTuple):
    """Room for one place.

    Attributes:
        worth: of the picks at each place and time, shape (WIDE * WIDE, BINS).
        time: of each pick since the place's (s).
        gain: what it is worth (nats) where it comes from.
        spread: how many bins it may be off.
        bend: by what its worth falls with the square of the bins it is off.
        node: the listener of each run of picks, and where its run ends.
        top: the highest cells, descending, shape (MOST_PEAKS,).
    """

    worth: Reals
    time: Reals
    gain: Reals
    spread: Reals
    bend: Reals
    node: Whole
    last: Whole
    top: Whole


def uneasy(incidents: Reals, owner: Whole, crowd: Whole) -> Reals:
    """The incidents beside others whose score says least for each pick; worst first.

    Rows are x, y, time, level, score; `owner` holds the incident of each pick, `crowd`
    how many others are near each incident.
    """
    rows = np.nonzero(crowd > 0)[0]
    picks = np.bincount(owner[owner >= 0], minlength=len(incidents))[rows]
    worst = ranked(-incidents[rows, 4] / np.maximum(picks, 1))
    return np.ascontiguousarray(incidents[rows[worst[: int(UNEASY * len(rows))]]])


@kernel
def _stack() -> Stack:
    return Stack(
        np.zeros((WIDE * WIDE, BINS)),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty(ROOM),
        np.empty(LISTENERS, np.int64),
        np.empty(LISTENERS, np.int64),
        np.empty(MOST_PEAKS, np.int64),
    )


@kernel
def strewn(scene: Scene, places: Reals, search: Reals, limit: int) -> Reals:
    """Candidates at the peaks around places (x, y, time, level, score).

    Places come in their order; one near an earlier one is left out. `search` holds how
    many peaks are tried of a place, and the least score of a candidate.
    """
    out, m, event = np.empty((limit, 5)), 0, np.empty(4)
    room, work = _stack(), workroom()
    served = np.zeros(places.shape[0], np.bool_)
    most = min(int(search[0]), MOST_PEAKS)
    for k in range(places.shape[0]):
        if served[k]:
            continue
        _serve(places, k, served)
        runs = _gather(scene, places[k], room)
        _project(scene, places[k], runs, room)
        for i in range(_peaks(room, most)):
            cell = room.top[i]
            event[0] = places[k, 0] + (cell // (WIDE * BINS) - HALF) * STEP_M
            event[1] = places[k, 1] + (cell // BINS % WIDE - HALF) * STEP_M
            event[2] = places[k, 2] + (cell % BINS + 0.5) * BIN_S - REACH_S
            event[3] = places[k, 3]
            score, chosen = refine(scene, event, GATE_S, 1, work)
            if chosen >= 4 and score >= search[1] and m < limit:
                out[m, :4] = event
                out[m, 4] = score
                m += 1
    return out[:m]


@part
def _serve(places: Reals, k: int, served: Flags) -> None:
    for j in range(k, places.shape[0]):
        dx, dy = places[j, 0] - places[k, 0], places[j, 1] - places[k, 1]
        near = dx * dx + dy * dy < SERVED_M * SERVED_M
        served[j] |= near and abs(places[j, 2] - places[k, 2]) < SERVED_S


@kernel
def _gather(scene: Scene, place: Reals, room: Stack) -> int:
    """The free picks around the place of its nearest listeners; how many these are."""
    air = air_of(scene, place[2], place[0])
    cell, near = sensors_near(scene, place[0], place[1])
    n, m = 0, 0
    for q in range(near):
        s = scene.near[cell, q]
        tau, r, _ = travel(
            scene.node[s, X] - place[0], scene.node[s, Y] - place[1], air
        )
        level = place[3] - loss_db(r) + scene.node[s, GAIN]
        p = heard((level - scene.node[s, NOISE] - scene.know[EVEN]) * PER_MISS_DB)
        due = place[2] + tau + scene.node[s, BIAS]
        if p < LEAST_HEARD or is_down(scene, s, due):
            continue
        if n >= LISTENERS:
            break
        m = _weigh(scene, (s, tau, due, p), m, place[2], room)
        room.node[n], room.last[n] = s, m
        n += 1
    return n


@part
def _weigh(
    scene: Scene,
    look: tuple[int, float, float, float],
    first: int,
    at_s: float,
    room: Stack,
) -> int:
    """The picks of one listener stand in the room from `first` on; where they end."""
    s, tau, due, p = look
    var, end, m = path_var(scene, s, tau), scene.first[s + 1], first
    k = first_from(scene, s, due - AROUND_S)
    while k < end and scene.time[k] < due + AROUND_S and m < ROOM:
        if scene.owner[k] == -1:
            room.time[m] = scene.time[k] - scene.node[s, BIAS] - at_s
            room.spread[m] = np.sqrt(scene.picks[k, ONSET] + var)
            m += 1
        k += 1
    rate = (m - first + 0.5) / (2.0 * AROUND_S)
    missed = log_of(max(1.0 - p, LEAST_MISS))
    for i in range(first, m):
        sigma = room.spread[i]
        room.gain[i] = log_of(1.0 + p / (2.5 * sigma * rate)) - missed
        wide = (sigma + SOFT_S) * PER_BIN
        room.spread[i] = REACH * wide
        room.bend[i] = room.gain[i] * BEND / (wide * wide)
    return m


@kernel
def _project(scene: Scene, place: Reals, runs: int, room: Stack) -> None:
    """Every cell holds what the picks that come from it are worth."""
    air = air_of(scene, place[2], place[0])
    room.worth[:] = 0.0
    for c in range(WIDE * WIDE):
        x = place[0] + (c // WIDE - HALF) * STEP_M
        y = place[1] + (c % WIDE - HALF) * STEP_M
        first = 0
        for n in range(runs):
            s, last = room.node[n], room.last[n]
            tau, _, _ = travel(scene.node[s, X] - x, scene.node[s, Y] - y, air)
            for k in range(first, last):
                _raise(room, c, k, (room.time[k] - tau + REACH_S) * PER_BIN - 0.5)
            first = last


@part
def _raise(room: Stack, c: int, k: int, at: float) -> None:
    """The bins of one place around a pick's time gain what it is worth there."""
    low = max(int(at - room.spread[k] + 1.0), 0)
    high = min(int(at + room.spread[k] + 1.0), BINS)
    gain, bend = room.gain[k], room.bend[k]
    for b in range(low, high):
        room.worth[c, b] += gain - bend * (b - at) * (b - at)


@kernel
def _peaks(room: Stack, most: int) -> int:
    """The highest cells that no neighbour exceeds, descending."""
    n, floor = 0, 0.0
    for cell in range(room.worth.size):
        high = room.worth[cell // BINS, cell % BINS] > floor
        if high and _highest(room.worth, cell):
            n = _insert(room, cell, n, most)
            if n == most:
                floor = _height(room, n - 1)
    return n


@part
def _insert(room: Stack, cell: int, n: int, most: int) -> int:
    """The cell joins the highest ones so far; how many they are."""
    k = min(n, most - 1)
    while k > 0 and _height(room, k - 1) < room.worth[cell // BINS, cell % BINS]:
        room.top[k] = room.top[k - 1]
        k -= 1
    room.top[k] = cell
    return min(n + 1, most)


@part
def _height(room: Stack, k: int) -> float:
    return float(room.worth[room.top[k] // BINS, room.top[k] % BINS])


@part
def _highest(worth: Reals, cell: int) -> bool:
    """Whether no place beside it has a higher bin next to its own or one farther."""
    c, b = cell // BINS, cell % BINS
    for d in range(9):
        i, j = c // WIDE + d // 3 - 1, c % WIDE + d % 3 - 1
        if i < 0 or i >= WIDE or j < 0 or j >= WIDE:
            continue
        for k in range(max(b - 2, 0), min(b + 3, BINS)):
            if worth[i * WIDE + j, k] > worth[c, b]:
                return False
    return True

"""Sonic booms told from bangs, before their front is taken for many of them.

What a network hears loudly within minutes at most of its nodes, once at each and about
alike, may be the front of an aircraft faster than sound (``acoustic.fronts``). Where
one way explains most of it, its picks are put aside. A bang is not taken for one: it is
loud near it and faint afar, and comes to nodes as a circle that grows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.fuse.acoustic.fronts import ACROSS, SIZE, arrival, front
from trucewatch.fuse.acoustic.network import Flags, Network, Picks, Reals, Whole

LOUD_DB = 25.0  # above the noise
LASTS_S, EVERY_S = 240.0, 60.0
LEAST_NODES = 12
NODES_RATIO = 0.4  # of the network
PICKS_RATIO = 3.0  # a node: with more, nothing is told apart
ON_FRONT_S = 0.6  # air and clocks; an onset on the front
EXPLAINED_RATIO = 0.6  # of the nodes that heard anything loud
ALIKE_DB = 8.0  # standard deviation of levels along a front
SLOWEST_MPS = 345.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """One boom.

    Attributes:
        middle_m: of the way as far as it was heard, east and north.
        toward: unit vector along the way.
        half_m: half the length over which it was heard.
        time_s: when it was first heard; ``lasts_s`` until it was last.
        picks: rows of its picks, ascending.
    """

    middle_m: tuple[float, float]
    toward: tuple[float, float]
    half_m: float
    time_s: float
    lasts_s: float
    picks: tuple[int, ...]


def sweeps(network: Network, picks: Picks) -> tuple[Sweep, ...]:
    """Booms in order of time; no pick is of two."""
    loud = np.flatnonzero(picks.snr_db >= LOUD_DB)
    found: list[Sweep] = []
    if not loud.size:
        return ()
    begin, end = float(picks.time_s[loud[0]]), float(picks.time_s[loud[-1]])
    for at in np.arange(begin, end + EVERY_S, EVERY_S).tolist():
        taken = [k for one in found[-2:] for k in one.picks]
        lo, hi = np.searchsorted(picks.time_s[loud], [at, at + LASTS_S])
        rows = np.setdiff1d(loud[lo:hi], np.array(taken, np.int64))
        if _may_be_one(network, picks, rows):
            one = _sweep(network, picks, rows)
            found += [one] if one else []
    return tuple(found)


def _may_be_one(network: Network, picks: Picks, rows: Whole) -> bool:
    nodes = np.unique(picks.sensor[rows]).size
    least = max(LEAST_NODES, NODES_RATIO * network.x_m.size)
    return bool(nodes >= least and rows.size <= PICKS_RATIO * nodes)


def _sweep(network: Network, picks: Picks, rows: Whole) -> Sweep | None:
    middle = np.array([network.x_m.mean(), network.y_m.mean()])
    zero_s = float(picks.time_s[rows[0]])
    spots = _spots(network, picks, rows, zero_s)
    way = front(spots)[:SIZE]
    on = _on_front(spots, way)
    nodes = np.unique(picks.sensor[rows]).size
    few = np.unique(picks.sensor[rows[on]]).size < EXPLAINED_RATIO * nodes
    speed = 1.0 / float(np.sqrt(way[0] ** 2 + way[1] ** 2))
    if few or speed < SLOWEST_MPS or np.std(picks.level_db[rows[on]]) > ALIKE_DB:
        return None
    lo, hi = np.searchsorted(picks.time_s, [zero_s - 60.0, zero_s + 2 * LASTS_S])
    whole = np.arange(lo, hi)  # faint ones, and those of the next minutes
    own = whole[_on_front(_spots(network, picks, whole, zero_s), way)]
    toward = way[:2] * speed
    along = (_spots(network, picks, own, zero_s)[:, :2] @ toward).tolist()
    reach = 0.5 * (min(along) + max(along))
    aside = way[ACROSS] * np.array([-toward[1], toward[0]])
    centre = middle + aside + reach * toward
    return Sweep(
        (float(centre[0]), float(centre[1])),
        (float(toward[0]), float(toward[1])),
        0.5 * (max(along) - min(along)),
        float(picks.time_s[own[0]]),
        float(picks.time_s[own[-1]] - picks.time_s[own[0]]),
        tuple(own.tolist()),
    )


def _spots(network: Network, picks: Picks, rows: Whole, zero_s: float) -> Reals:
    """East and north of the middle of the nodes (m), and time (s), shape (n, 3)."""
    sensor = picks.sensor[rows]
    x = network.x_m[sensor] - network.x_m.mean()
    y = network.y_m[sensor] - network.y_m.mean()
    return np.column_stack([x, y, picks.time_s[rows] - zero_s])


def _on_front(spots: Reals, way: Reals) -> Flags:
    """Which of some arrivals are of a front, shape (n,)."""
    late = np.array([one[2] - arrival(one, way) for one in spots])
    return np.asarray(np.abs(late) <= ON_FRONT_S)

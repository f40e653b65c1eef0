"""Thunder told from bangs on the ground, before it is taken for many of them.

A flash of lightning claps all along a channel of kilometres, most of it high above the
ground. Taken for sounds on the ground its claps become a handful of places that are
none, and spoil what the engine learns of the air. So

1. solutions whose arrivals fit badly are asked whether they lie up in the air
   (``acoustic.aloft``), if most that was found about them fits badly: in a barrage
   most fits well
2. claps that do, within ``APART_M`` and ``APART_S`` of each other, are one flash; all
   that was found about it and while it rumbled is of it
3. picks at a node while the flash must have rumbled there, and those of what was
   found, are put aside, and the engine solves the rest anew

What bangs on the ground meanwhile loses only the picks at nodes that the rumble reaches
in the same seconds; what bangs within ``APART_M`` of a flash and while it rumbles may
be taken for part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trucewatch.fuse.acoustic.aloft import AIR, SOUND_MPS, STATE, TIME, UP, lifted
from trucewatch.fuse.acoustic.elementary import LN10
from trucewatch.fuse.acoustic.network import Flags, Network, Picks, Reals, Whole
from trucewatch.fuse.acoustic.solution import Solution

# Nats by which a source up high explains arrivals better: judgement. On a heavy day
# without thunder none of 18,923 bangs on the ground gained as much.
GAIN_NATS = 5.0
LOW_M = 1_000.0  # lower claps cannot be told from the ground
LEAST_ARRIVALS = 6  # fewer fit some place on the ground well, whatever they are of
BADLY_S = 0.10  # root mean square residual from which a solution is asked
BEFORE_S, AFTER_S = 16.0, 62.0  # what is heard about a solution
AROUND_M = 18_000.0
APART_M = 10_000.0
APART_S = 10.0
EARLY_S, RUMBLES_S = 2.0, 25.0  # how far times on the ground are off those aloft
MASK_S = (1.0, 3.0)  # before the first and after the last clap at a node
SAME_M = 700.0  # claps nearer to each other are one
PASSES = 3

Solve = Callable[[Picks], Solution]


@dataclass(frozen=True, slots=True)
class Clap:
    """A sound from high above the ground.

    Attributes:
        state: place (m), time (s) and air, as ``aloft`` has them, in the network's
            frame, shape (7,).
        log10_ratio: how much likelier it makes what was heard than any on the ground.
    """

    state: Reals
    log10_ratio: float


@dataclass(frozen=True, slots=True)
class Flash:
    """One flash of lightning, as far as it was heard.

    Attributes:
        claps: of different places, the surest first.
        p: that any sound taken to be of it was.
        bangs: how many places on the ground it was taken for.
        picks: rows of the picks of those sounds, ascending.
    """

    claps: tuple[Clap, ...]
    p: float
    bangs: int
    picks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """What was heard, thunder apart.

    Attributes:
        found: bangs on the ground; their picks are rows of what was given.
        own: which of them are no part of a flash.
    """

    found: Solution
    own: Flags
    flashes: tuple[Flash, ...]


def parted(network: Network, picks: Picks, rows: Whole, solve: Solve) -> Parted:
    """Bangs on the ground and flashes; without thunder, what the engine says.

    ``rows`` are those of the picks to be asked, ascending; ``solve`` asks the engine.
    """
    left = rows
    claps: list[Clap] = []
    taken: list[_Member] = []
    found = solve(only(picks, left))
    for _ in range(PASSES):
        new = _claps(network, only(picks, left), found)
        if not new:
            break
        claps += new
        groups = _grouped(claps)
        part = _parts(groups, found)
        taken += _members(part, found, left)
        heard = np.isin(left, np.concatenate([m.picks for m in taken] or [left[:0]]))
        masked = _rumbling(network, only(picks, left), groups)
        left = left[~(heard | masked)]
        found = solve(only(picks, left))
    groups = _grouped(claps)
    part = _parts(groups, found)
    taken += _members(part, found, left)
    found = replace(found, pick=left[found.pick])
    return Parted(found, part < 0, _flashes(groups, taken))


@dataclass(frozen=True, slots=True)
class _Member:
    time_s: float
    x_m: float
    y_m: float
    p: float
    picks: Whole


def only(picks: Picks, rows: Whole) -> Picks:
    """Some of the picks, in the order of their rows."""
    return Picks(
        time_s=picks.time_s[rows],
        sensor=picks.sensor[rows],
        level_db=picks.level_db[rows],
        snr_db=picks.snr_db[rows],
    )


def _claps(network: Network, picks: Picks, found: Solution) -> list[Clap]:
    """What lies up in the air of all that was found, in order of time.

    What fits a place on the ground well keeps its picks: they tell of nothing else.
    """
    many = found.n_arrivals >= LEAST_ARRIVALS
    badly = many & _fits_badly(found)
    well = many & ~badly
    taken = np.zeros(picks.time_s.size, np.bool_)
    taken[found.pick] = well[found.incident]
    free = only(picks, np.flatnonzero(~taken))
    claps = []
    for k in np.flatnonzero(badly).tolist():
        about = (float(found.x_m[k]), float(found.y_m[k]), float(found.time_s[k]))
        up, ground = lifted(_heard(network, free, about))
        gain = float(up[STATE] - ground[STATE])
        if gain < GAIN_NATS or up[UP] < LOW_M:
            continue
        state = up[:STATE].copy()
        state[:2] += about[:2]
        state[TIME] += about[2]
        here = _parts([[Clap(state, gain / LN10)]], found) == 0
        if np.count_nonzero(badly & here) > np.count_nonzero(well & here):
            claps.append(Clap(state, gain / LN10))
    return claps


def _fits_badly(found: Solution) -> Flags:
    """Of which solutions the arrivals scatter too much, shape (n,)."""
    n = found.time_s.size
    square = found.weight * found.residual_s * found.residual_s
    whole = np.bincount(found.incident, found.weight, n)
    return np.asarray(np.bincount(found.incident, square, n) > BADLY_S**2 * whole)


def _heard(network: Network, picks: Picks, about: tuple[float, float, float]) -> Reals:
    """Picks about a place and time, as ``lifted`` wants them."""
    x, y, t = about
    lo, hi = np.searchsorted(picks.time_s, [t - BEFORE_S, t + AFTER_S])
    sensor = picks.sensor[lo:hi]
    dx, dy = network.x_m[sensor] - x, network.y_m[sensor] - y
    rows = [dx, dy, picks.time_s[lo:hi] - t, network.clock_sigma_s[sensor]]
    near = dx * dx + dy * dy <= AROUND_M**2
    return np.ascontiguousarray(np.column_stack(rows)[near])


def _grouped(claps: Sequence[Clap]) -> list[list[Clap]]:
    """Claps of one flash together, the surest first; flashes in order of time."""
    ordered = sorted(claps, key=lambda one: one.state.tolist()[TIME])
    home = list(range(len(ordered)))
    for i, one in enumerate(ordered):
        for j in range(i + 1, len(ordered)):
            if ordered[j].state[TIME] - one.state[TIME] > APART_S:
                break
            if _apart2(one.state, ordered[j].state) <= APART_M**2:
                home = [home[i] if h == home[j] else h for h in home]
    groups: dict[int, list[Clap]] = {}
    for k, one in zip(home, ordered, strict=True):
        groups.setdefault(k, []).append(one)
    return [sorted(each, key=lambda c: -c.log10_ratio) for each in groups.values()]


def _apart2(one: Reals, other: Reals) -> float:
    dx, dy = one[0] - other[0], one[1] - other[1]
    return float(dx * dx + dy * dy)


def _parts(groups: Sequence[Sequence[Clap]], found: Solution) -> Whole:
    """The flash each of the found is part of, -1 for none, shape (n,)."""
    part = np.full(found.time_s.size, -1)
    for k, group in enumerate(groups):
        state = np.array([one.state for one in group])
        begin, end = state[:, TIME].min() - EARLY_S, state[:, TIME].max() + RUMBLES_S
        within = (found.time_s >= begin) & (found.time_s <= end)
        dx = found.x_m[:, None] - state[:, 0]
        dy = found.y_m[:, None] - state[:, 1]
        near = (dx * dx + dy * dy <= APART_M**2).any(axis=1)
        part[within & near & (part < 0)] = k
    return part


def _members(part: Whole, found: Solution, rows: Whole) -> list[_Member]:
    return [
        _Member(
            float(found.time_s[k]),
            float(found.x_m[k]),
            float(found.y_m[k]),
            float(found.probability[k]),
            rows[found.pick[found.incident == k]],
        )
        for k in np.flatnonzero(part >= 0).tolist()
    ]


def _rumbling(
    network: Network, picks: Picks, groups: Sequence[Sequence[Clap]]
) -> Flags:
    """Which picks came while a flash rumbled at their node."""
    masked = np.zeros(picks.time_s.size, np.bool_)
    for group in groups:
        arrivals = np.array([_arrivals(network, one.state) for one in group])
        first = arrivals.min(axis=0) - MASK_S[0]
        last = arrivals.max(axis=0) + MASK_S[1]
        lo, hi = np.searchsorted(picks.time_s, [first.min(), last.max()])
        time_s, sensor = picks.time_s[lo:hi], picks.sensor[lo:hi]
        masked[lo:hi] |= (time_s >= first[sensor]) & (time_s <= last[sensor])
    return masked


def _arrivals(network: Network, state: Reals) -> Reals:
    """When a clap is heard at each node, s, shape (n,)."""
    dx, dy = network.x_m - state[0], network.y_m - state[1]
    r = np.sqrt(dx * dx + dy * dy + state[UP] * state[UP])
    sound, u, v = state[AIR:].tolist()
    speed = SOUND_MPS + sound + (u * dx + v * dy) / np.maximum(r, 1.0)
    return np.asarray(state[TIME] + r / speed)


def _flashes(
    groups: Sequence[Sequence[Clap]], members: Sequence[_Member]
) -> tuple[Flash, ...]:
    """The flashes with what was found about them; no member is of two."""
    left = list(members)
    flashes = []
    for group in groups:
        own = [one for one in left if _is_of(one, group)]
        left = [one for one in left if not _is_of(one, group)]
        if own:
            flashes.append(_flash(group, own))
    return tuple(flashes)


def _is_of(member: _Member, group: Sequence[Clap]) -> bool:
    times = [float(one.state[TIME]) for one in group]
    if not min(times) - EARLY_S <= member.time_s <= max(times) + RUMBLES_S:
        return False
    spot = np.array([member.x_m, member.y_m])
    return any(_apart2(one.state, spot) <= APART_M**2 for one in group)


def _flash(group: Sequence[Clap], own: Sequence[_Member]) -> Flash:
    """The flash of some claps, with what was found about it."""
    claps: list[Clap] = []
    for one in group:
        if all(_apart2(one.state, other.state) > SAME_M**2 for other in claps):
            claps.append(one)
    none = 1.0
    for member in own:
        none *= 1 - member.p
    rows = sorted({int(k) for member in own for k in member.picks})
    return Flash(tuple(claps), 1 - none, len(own), tuple(rows))

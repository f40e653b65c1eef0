"""Join cells into incidents while the model prefers one incident to two.

1. neighbouring cells form pairs, each with its gain: the log marginal likelihood of
   "one incident" over "two incidents"
2. the pair with the largest gain is joined, if that makes neither part less likely
3. the joined cells keep all neighbours; their gains are computed anew

Ties fall to the earliest cells, so the order of input never matters.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log, pi

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.ellipse import Covariance, covariance_of, offset_m
from trucewatch.detect.strength import DAY_S
from trucewatch.fuse.blend import determinant, distance2
from trucewatch.fuse.cell import Cell, shared_kind
from trucewatch.fuse.law import p_then
from trucewatch.fuse.neighbours import Integers, neighbours
from trucewatch.fuse.rulings import NONE, Rulings
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import METRES_PER_DEG, State, p_inside
from trucewatch.fuse.weigh import Weighed, weigh
from trucewatch.period import Period
from trucewatch.place import Place

QUANTUM = 2.0**20  # gains are compared on this grid, coarser than a last bit
LOG10 = log(10)
NEVER = -inf  # the gain of what cannot be one
SPARE = 1e-6  # of a squared distance: the exact gate is looked at again


@dataclass(frozen=True, slots=True)
class Group:
    """Cells taken as one incident.

    Attributes:
        keys: independence keys of the cells.
        sealed: keys of channels that told their own hypotheses apart already: no two
            of one such key are ever one incident.
        covariance: of the place in m2; ``None`` where there is only an area.
        window: of ``weighed``, kept because every neighbour asks for it.
        log10_shifts: by key, what sharing with other incidents changed of its odds.
        names: of its cells, as far as a person ruled on them.
    """

    cells: tuple[Cell, ...]
    weighed: Weighed
    kind: Act
    keys: frozenset[str]
    sealed: frozenset[str]
    window: Period
    covariance: Covariance | None = None
    log10_shifts: tuple[tuple[str, float], ...] = ()
    names: frozenset[str] = frozenset()


def grouped(cells: Sequence[Cell], settings: FusionSettings) -> Group:
    """The cells as one group."""
    keys = frozenset(one.best.independence for one in cells)
    sealed = frozenset(one.best.independence for one in cells if one.moment)
    weighed = weigh(cells, settings)
    place = weighed.place
    covariance = covariance_of(place) if isinstance(place, Place) else None
    kind = shared_kind(cells)
    window = weighed.window
    return Group(tuple(cells), weighed, kind, keys, sealed, window, covariance)


@dataclass(frozen=True, slots=True)
class Agglomerated:
    """Groups, and pairs of their numbers that lie near each other, ascending."""

    groups: tuple[Group, ...]
    near: tuple[tuple[int, int], ...]


def agglomerate(
    cells: Sequence[Cell], settings: FusionSettings, rulings: Rulings = NONE
) -> Agglomerated:
    """Every cell in exactly one group. All cells must be placed.

    What a person ruled to be one is joined first, whatever the model prefers; what
    was ruled apart is never joined.
    """
    known = {n: grouped([one], settings) for n, one in enumerate(cells)}
    for n, cell in enumerate(cells if rulings.names else ()):
        if cell.name in rulings.names:
            known[n] = replace(known[n], names=frozenset({cell.name}))
    work = _Work(known, settings, rulings)
    pairs = neighbours(cells, settings.gate_sigmas)
    within = _within_gate(list(work.groups.values()), pairs, settings)
    for (one, other), close in zip(pairs.tolist(), within.tolist(), strict=True):
        work.know(one, other)
        if close:
            work.offer(one, other)
    work.rule()
    while work.queue:
        _, one, other = heapq.heappop(work.queue)
        if one not in work.groups or other not in work.groups:
            continue
        if joined := _joined(work.groups[one], work.groups[other], settings):
            work.replace((one, other), joined)
    return work.ended()


class _Work:
    """Groups by number, who is near whom, and the gains still to be looked at."""

    def __init__(
        self, groups: dict[int, Group], settings: FusionSettings, rulings: Rulings
    ) -> None:
        self.groups = groups
        self._rulings = rulings
        self.queue: list[tuple[int, int, int]] = []
        self._near: dict[int, set[int]] = {n: set() for n in groups}
        self._next = len(groups)
        self._settings = settings

    def know(self, one: int, other: int) -> None:
        """Note two neighbours."""
        self._near[one].add(other)
        self._near[other].add(one)

    def offer(self, one: int, other: int) -> None:
        """Queue two neighbours where one incident explains both better."""
        names = self.groups[one].names, self.groups[other].names
        if self._rulings.are_apart(*names):
            return
        gain = merge_gain(self.groups[one], self.groups[other], self._settings)
        if gain > 0:
            heapq.heappush(self.queue, (-round(gain * QUANTUM), one, other))

    def rule(self) -> None:
        """Join what a person ruled to be one."""
        for pair in self._rulings.together:
            found = sorted(
                n for n, group in self.groups.items() if group.names & set(pair)
            )
            if len(found) == len(pair):
                cells = [c for n in found for c in self.groups[n].cells]
                one = _whole(cells, [self.groups[n] for n in found], self._settings)
                self.replace((found[0], found[1]), one)

    def ended(self) -> Agglomerated:
        """The groups that are left, and which of them are neighbours."""
        left = sorted(self.groups)
        place = {n: at for at, n in enumerate(left)}
        pairs = [(n, m) for n in left for m in sorted(self._near[n]) if n < m]
        return Agglomerated(
            tuple(self.groups[n] for n in left),
            tuple((place[n], place[m]) for n, m in pairs),
        )

    def replace(self, pair: tuple[int, int], joined: Group) -> None:
        """Put the joined group in place of the two, with the neighbours of both."""
        new, self._next = self._next, self._next + 1
        around = sorted((self._near[pair[0]] | self._near[pair[1]]) - set(pair))
        for gone in pair:
            del self.groups[gone], self._near[gone]
        self.groups[new], self._near[new] = joined, set()
        for one in around:
            self._near[one] -= set(pair)
            self.know(one, new)
            self.offer(one, new)


def _within_gate(
    groups: Sequence[Group], pairs: Integers, settings: FusionSettings
) -> NDArray[np.bool_]:
    """Which pairs may lie close enough: a quick look at columns, with some to spare."""
    rows = [
        (one.weighed.place.lat_deg, one.weighed.place.lon_deg, *one.covariance)
        if isinstance(one.weighed.place, Place) and one.covariance
        else (np.nan,) * 5
        for one in groups
    ]
    lat, lon, a, b, c = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    one, other = pairs[:, 0], pairs[:, 1]
    flat = np.cos(np.radians((lat[one] + lat[other]) / 2))
    x = ((lon[other] - lon[one] + 180) % 360 - 180) * flat * METRES_PER_DEG
    y = (lat[other] - lat[one]) * METRES_PER_DEG
    aa, bb, cc = a[one] + a[other], b[one] + b[other], c[one] + c[other]
    distance = (cc * x * x - 2 * bb * x * y + aa * y * y) / (aa * cc - bb * bb)
    return np.asarray(distance <= settings.gate_sigmas**2 + SPARE)


def _joined(one: Group, other: Group, settings: FusionSettings) -> Group | None:
    """Both as one group; ``None`` where that would make either less likely."""
    joined = _whole((*one.cells, *other.cells), (one, other), settings)
    if joined.sealed and joined.weighed.moment is None:
        return None
    least = max(one.weighed.log10_odds, other.weighed.log10_odds)
    return joined if joined.weighed.log10_odds >= least - 1e-9 else None


def _whole(
    cells: Sequence[Cell], parts: Sequence[Group], settings: FusionSettings
) -> Group:
    """The cells as one group that answers to the names of its parts."""
    names = frozenset(name for part in parts for name in part.names)
    return replace(grouped(sorted(cells, key=_begin), settings), names=names)


def joined_anyway(one: Group, other: Group, settings: FusionSettings) -> Group:
    """Both as one group, whatever the model prefers."""
    return _whole((*one.cells, *other.cells), (one, other), settings)


def _begin(cell: Cell) -> tuple[object, ...]:
    return cell.best.time.begin, cell.content


def merge_gain(one: Group, other: Group, settings: FusionSettings) -> float:
    """Log of "one incident" over "two": positive where one explains both better.

    Source: MODEL 1.2; the integral over place of two normal laws and over time of two
    uniform laws, against the density of births.
    """
    if one.covariance is None or other.covariance is None:
        return NEVER
    if not one.window.overlaps(other.window):
        return NEVER
    if not _same_kind(one.kind, other.kind) or one.sealed & other.sealed:
        return NEVER
    (a, b, c), (d, e, f) = one.covariance, other.covariance
    both = (a + d, b + e, c + f)
    place, there = one.weighed.place, other.weighed.place
    if not (isinstance(place, Place) and isinstance(there, Place)):
        return NEVER
    distance = distance2(offset_m(place, there), both)
    if distance > settings.gate_sigmas**2:
        return NEVER
    births = settings.log10_births(shared_kind((*one.cells, *other.cells))) * LOG10
    split = log(settings.p_same_origin_splits) if one.keys & other.keys else 0.0
    per_km2 = log(1e6) - log(2 * pi) - log(determinant(both)) / 2 - distance / 2
    return per_km2 + _log_per_day(one.weighed, other.weighed) - births + split


def _log_per_day(one: Weighed, other: Weighed) -> float:
    """Log of the integral of the product of two laws of time, per day.

    Two uniform laws, a normal and a uniform one, or two normal ones.
    """
    if one.moment is None and other.moment is None:
        shared_s, lengths = one.time.overlap_s(other.time), one.time.duration_s
        return log(shared_s * DAY_S / (lengths * other.time.duration_s))
    if one.moment is not None and other.moment is not None:
        first, second = one.moment.state, other.moment.state
        both = first.time_sd_s**2 + second.time_sd_s**2
        apart = (first.time_s - second.time_s) ** 2
        return -apart / both / 2 - log(2 * pi * both) / 2 + log(DAY_S)
    known, open_ = (one, other) if one.moment else (other, one)
    state = known.moment.state if known.moment else State(0.0, 0.0, 0.0)
    alone = open_.origins[0] if len(open_.origins) == 1 else None
    p = p_then(alone, state) if alone else p_inside(open_.time, state)
    return log(p * DAY_S / open_.time.duration_s)


def _same_kind(one: Act, other: Act) -> bool:
    return one == other or Act.UNDETERMINED in (one, other)

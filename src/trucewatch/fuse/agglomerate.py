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
from dataclasses import dataclass
from math import log, pi

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.detect.strength import DAY_S
from trucewatch.fuse.blend import distance2, log_density_of_overlap
from trucewatch.fuse.cell import Cell, shared_kind
from trucewatch.fuse.neighbours import neighbours
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import State, p_inside
from trucewatch.fuse.weigh import Weighed, weigh
from trucewatch.place import Place

QUANTUM = 2.0**20  # gains are compared on this grid, coarser than a last bit
LOG10 = log(10)


@dataclass(frozen=True, slots=True)
class Group:
    """Cells taken as one incident.

    Attributes:
        keys: independence keys of the cells.
        sealed: keys of channels that told their own hypotheses apart already: no two
            of one such key are ever one incident.
        log10_shifts: by key, what sharing with other incidents changed of its odds.
    """

    cells: tuple[Cell, ...]
    weighed: Weighed
    kind: Act
    keys: frozenset[str]
    sealed: frozenset[str]
    log10_shifts: tuple[tuple[str, float], ...] = ()


def grouped(cells: Sequence[Cell], settings: FusionSettings) -> Group:
    """The cells as one group."""
    keys = frozenset(one.best.independence for one in cells)
    sealed = frozenset(one.best.independence for one in cells if one.moment)
    weighed = weigh(cells, settings)
    return Group(tuple(cells), weighed, shared_kind(cells), keys, sealed)


def agglomerate(cells: Sequence[Cell], settings: FusionSettings) -> list[Group]:
    """Every cell in exactly one group. All cells must be placed."""
    work = _Work(dict(enumerate(grouped([one], settings) for one in cells)), settings)
    for one, other in neighbours(cells, settings.gate_sigmas).tolist():
        work.offer(one, other)
    while work.queue:
        _, one, other = heapq.heappop(work.queue)
        if one not in work.groups or other not in work.groups:
            continue
        if joined := _joined(work.groups[one], work.groups[other], settings):
            work.replace((one, other), joined)
    return [work.groups[n] for n in sorted(work.groups)]


class _Work:
    """Groups by number, who is near whom, and the gains still to be looked at."""

    def __init__(self, groups: dict[int, Group], settings: FusionSettings) -> None:
        self.groups = groups
        self.queue: list[tuple[int, int, int]] = []
        self._near: dict[int, set[int]] = {n: set() for n in groups}
        self._next = len(groups)
        self._settings = settings

    def offer(self, one: int, other: int) -> None:
        """Note two neighbours; queue them where one incident explains both better."""
        self._near[one].add(other)
        self._near[other].add(one)
        gain = merge_gain(self.groups[one], self.groups[other], self._settings)
        if gain > 0:
            heapq.heappush(self.queue, (-round(gain * QUANTUM), one, other))

    def replace(self, pair: tuple[int, int], joined: Group) -> None:
        """Put the joined group in place of the two, with the neighbours of both."""
        new, self._next = self._next, self._next + 1
        around = sorted((self._near[pair[0]] | self._near[pair[1]]) - set(pair))
        for gone in pair:
            del self.groups[gone], self._near[gone]
        self.groups[new], self._near[new] = joined, set()
        for one in around:
            self._near[one] -= set(pair)
            self.offer(one, new)


def _joined(one: Group, other: Group, settings: FusionSettings) -> Group | None:
    """Both as one group; ``None`` where that would make either less likely."""
    cells = sorted((*one.cells, *other.cells), key=_begin)
    joined = grouped(cells, settings)
    least = max(one.weighed.log10_odds, other.weighed.log10_odds)
    return joined if joined.weighed.log10_odds >= least - 1e-9 else None


def _begin(cell: Cell) -> tuple[object, ...]:
    return cell.best.time.begin, cell.content


def merge_gain(one: Group, other: Group, settings: FusionSettings) -> float:
    """Log of "one incident" over "two": positive where one explains both better.

    Source: MODEL 1.2; the integral over place of two normal laws and over time of two
    uniform laws, against the density of births.
    """
    place, there = one.weighed.place, other.weighed.place
    if not one.weighed.window.overlaps(other.weighed.window):
        return -1.0
    if not _same_kind(one.kind, other.kind) or one.sealed & other.sealed:
        return -1.0
    if not (isinstance(place, Place) and isinstance(there, Place)):
        return -1.0
    if _apart(place, there) > settings.gate_sigmas**2:
        return -1.0
    births = settings.log10_births(shared_kind((*one.cells, *other.cells))) * LOG10
    split = log(settings.p_same_origin_splits) if one.keys & other.keys else 0.0
    per_day = _log_per_day(one.weighed, other.weighed)
    return log_density_of_overlap(place, there) + per_day - births + split


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
    return log(p_inside(open_.time, state) * DAY_S / open_.time.duration_s)


def _apart(one: Place, other: Place) -> float:
    (a, b, c), (d, e, f) = covariance_of(one), covariance_of(other)
    return distance2(offset_m(one, other), (a + d, b + e, c + f))


def _same_kind(one: Act, other: Act) -> bool:
    return one == other or Act.UNDETERMINED in (one, other)

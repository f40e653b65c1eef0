"""Join cells into incidents while the model prefers one incident to two.

1. neighbouring cells form pairs, each with its gain: the log marginal likelihood of
   "one incident" over "two incidents"
2. the pair with the largest gain is joined, if that makes neither part less likely
3. the joined cells keep all neighbours; their gains are computed anew

A pair waits under what its gain cannot exceed; the gain itself is reckoned when the
pair comes first, and the pair waits again under that. So the order is that of the
gains, though most are never reckoned. Ties fall to the earliest cells, so the order of
input never matters.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from trucewatch.fuse.cell import Cell
from trucewatch.fuse.gain import Bounds, merge_key
from trucewatch.fuse.group import Group, grouped, joined_anyway
from trucewatch.fuse.neighbours import Integers, distinct, neighbours
from trucewatch.fuse.rulings import NONE, Rulings
from trucewatch.fuse.settings import FusionSettings

NOBODY = np.empty(0, np.int64)
ALONE = -1  # stands for the stretch of a pair that came alone


@dataclass(frozen=True, slots=True)
class Agglomerated:
    """Groups, and pairs of their numbers that lie near each other.

    Attributes:
        near: shape ``(n, 2)``, the smaller number first, ascending.
    """

    groups: tuple[Group, ...]
    near: Integers


def agglomerate(
    cells: Sequence[Cell], settings: FusionSettings, rulings: Rulings = NONE
) -> Agglomerated:
    """Every cell in exactly one group. All cells must be placed.

    What a person ruled to be one is joined first, whatever the model prefers; what
    was ruled apart is never joined.
    """
    known = [grouped([one], settings) for one in cells]
    for n, cell in enumerate(cells if rulings.names else ()):
        if cell.name in rulings.names:
            known[n] = replace(known[n], names=frozenset({cell.name}))
    work = _Work(known, settings, rulings)
    work.meet(neighbours(cells, settings.gate_sigmas))
    work.rule()
    while pair := work.next_pair():
        one, other = (work.groups[n] for n in pair)
        if joined := _joined(one, other, settings):
            work.replace(pair, joined)
    return work.ended()


class _Work:
    """Groups by number, who is near whom, and the pairs still to be looked at.

    Cells begin as groups of their own numbers; a joined group gets the next number.
    """

    def __init__(
        self, known: Sequence[Group], settings: FusionSettings, rulings: Rulings
    ) -> None:
        most = 2 * len(known)
        self.groups = dict(enumerate(known))
        self._rulings = rulings
        self._settings = settings
        self._next = len(known)
        self._bounds = Bounds(most, settings)
        for n, group in enumerate(known):
            self._bounds.put(n, group)
        self._near = dict[int, Integers]()
        self._now = np.arange(most)  # the group each number has become part of
        self._parts = {n: [n] for n in self.groups}  # the numbers of each group
        self._queue = _Queue(self.groups)

    def meet(self, pairs: Integers) -> None:
        """Note neighbours, and queue those that one incident may explain better."""
        both = np.concatenate([pairs, pairs[:, ::-1]])
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        ends = np.searchsorted(both[:, 0], np.arange(len(self.groups) + 1)).tolist()
        for one, (begin, end) in enumerate(pairwise(ends)):
            around = self._near[one] = both[begin:end, 1]
            self._offer(one, around[around > one])

    def next_pair(self) -> tuple[int, int] | None:
        """The pair whose gain is largest, and positive; ``None`` where none is left."""
        while found := self._queue.pop():
            one, other, is_exact = found
            if is_exact:
                return one, other
            key = merge_key(self.groups[one], self.groups[other], self._settings)
            if key is not None:
                self._queue.push(key, one, other)
        return None

    def rule(self) -> None:
        """Join what a person ruled to be one."""
        for pair in self._rulings.together:
            found = sorted(
                n for n, group in self.groups.items() if group.names & set(pair)
            )
            if len(found) == len(pair):
                parts = [self.groups[n] for n in found]
                whole = joined_anyway(parts, self._settings)
                self.replace((found[0], found[1]), whole)

    def replace(self, pair: tuple[int, int], joined: Group) -> None:
        """Put the joined group in place of the two, with the neighbours of both."""
        new, self._next = self._next, self._next + 1
        near = np.concatenate([self._near.pop(gone) for gone in pair])
        parts = [new, *(n for gone in pair for n in self._parts.pop(gone))]
        for gone in pair:
            del self.groups[gone]
        self._now[parts] = new
        around = distinct(self._now[near])
        around = around[around != new]
        self.groups[new], self._near[new], self._parts[new] = joined, around, parts
        self._bounds.put(new, joined)
        self._offer(new, around)

    def ended(self) -> Agglomerated:
        """The groups that are left, and which of them are neighbours."""
        left = sorted(self.groups)
        place = np.zeros(len(self._now), np.int64)
        place[left] = np.arange(len(left))
        near = [NOBODY.reshape(0, 2)]
        for n in left:
            later = distinct(self._now[self._near[n]])
            later = place[later[later > n]]
            near.append(np.column_stack([np.full(len(later), place[n]), later]))
        return Agglomerated(tuple(self.groups[n] for n in left), np.concatenate(near))

    def _offer(self, one: int, others: Integers) -> None:
        """Queue neighbours of a group with which one incident may explain it better."""
        keys = self._bounds.keys(np.full(len(others), one), others)
        able = keys > 0
        for n in np.flatnonzero(able).tolist() if self._rulings.apart else ():
            names = self.groups[one].names, self.groups[int(others[n])].names
            able[n] = not self._rulings.are_apart(*names)
        self._queue.put(keys[able], one, others[able])


class _Queue:
    """Pairs of groups, by what their gains cannot exceed or, where known, are.

    Pairs with a group in common come as one stretch, and end with it; only the first
    of each stretch that is left stands in the heap.
    """

    def __init__(self, left: Container[int]) -> None:
        self._left = left
        self._heap: list[tuple[int, int, int, int, int]] = []
        self._stretches: list[tuple[Integers, int, Integers]] = []

    def put(self, keys: Integers, one: int, others: Integers) -> None:
        """Queue pairs of one group and each of some others, by their bounds."""
        order = np.lexsort((others, -keys))
        self._stretches.append((keys[order], one, others[order]))
        self._stand(len(self._stretches) - 1, 0)

    def push(self, key: int, one: int, other: int) -> None:
        """Queue a pair by its gain."""
        heapq.heappush(self._heap, (-key, one, other, ALONE, 0))

    def pop(self) -> tuple[int, int, bool] | None:
        """The next pair of groups that are left, and whether its key is its gain."""
        while self._heap:
            _, one, other, stretch, at = heapq.heappop(self._heap)
            if stretch != ALONE:
                self._stand(stretch, at + 1)
            if one in self._left and other in self._left:
                return one, other, stretch == ALONE
        return None

    def _stand(self, stretch: int, at: int) -> None:
        """Put the next pair of a stretch into the heap, where one is left."""
        keys, one, others = self._stretches[stretch]
        while at < len(keys) and one in self._left:
            other = int(others[at])
            if other in self._left:
                pair = min(one, other), max(one, other)
                heapq.heappush(self._heap, (-int(keys[at]), *pair, stretch, at))
                return
            at += 1
        self._stretches[stretch] = NOBODY, one, NOBODY


def _joined(one: Group, other: Group, settings: FusionSettings) -> Group | None:
    """Both as one group; ``None`` where that would make either less likely."""
    joined = joined_anyway((one, other), settings)
    if joined.sealed and joined.weighed.moment is None:
        return None
    least = max(one.weighed.log10_odds, other.weighed.log10_odds)
    return joined if joined.weighed.log10_odds >= least - 1e-9 else None

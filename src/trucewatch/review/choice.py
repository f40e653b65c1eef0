"""Which looks to take, when each costs time and shows ground others may show too.

What a set of looks is worth is the sum over cells of weight times the chance that any
of them shows the cell. One more look never lowers it, and adds less the more there are
(monotone, submodular), so that taking the best again and again is never far off.

Source: lazy greedy with the better of two orders (Minoux 1978; Leskovec et al. 2007),
then single exchanges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_LEAST_GAIN = 1e-9
_PASSES = 20  # of exchanges; on all instances tried two or three were enough


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks one could take; the entries of look k are those from first[k] on.

    Attributes:
        first: shape (looks + 1,).
        cell: a cell each entry shows, with chance ``p``.
        cost_h: hours a look takes, above zero, shape (looks,).
        asset: whose look it is; ``limit`` how many looks each asset can take.
    """

    first: Whole
    cell: Whole
    p: Reals
    cost_h: Reals
    asset: Whole
    limit: Whole

    def __len__(self) -> int:
        """How many looks there are."""
        return len(self.cost_h)

    def entries(self, look: int) -> slice:
        """Where the entries of a look stand."""
        return slice(int(self.first[look]), int(self.first[look + 1]))


class Plan:
    """Looks taken so far, what they leave unseen, and what that is worth."""

    def __init__(self, weight: Reals, looks: Looks, budget_h: float) -> None:
        """Nothing taken yet."""
        self.weight, self.looks = weight, looks
        self.missed = np.ones_like(weight)
        self.left_h = budget_h
        self.left = looks.limit.copy()
        self.taken: list[int] = []
        self.gains: list[float] = []

    def gain(self, look: int) -> float:
        """What one more look would add."""
        part = self.looks.entries(look)
        cells = self.looks.cell[part]
        return float(
            (self.weight[cells] * self.missed[cells] * self.looks.p[part]).sum()
        )

    def every_gain(self) -> Reals:
        """What each look would add, shape (looks,)."""
        cells = self.looks.cell
        each = self.weight[cells] * self.missed[cells] * self.looks.p
        total = np.concatenate([[0.0], np.cumsum(each)])
        found: Reals = total[self.looks.first[1:]] - total[self.looks.first[:-1]]
        return found

    def can(self, look: int) -> bool:
        """Whether its asset and the hours allow a look that is not taken yet."""
        fits = self.looks.cost_h[look] <= self.left_h + 1e-9
        more = self.left[self.looks.asset[look]] > 0
        return bool(fits and more and look not in self.taken)

    def take(self, look: int) -> None:
        """Take a look that can be taken."""
        self.gains.append(self.gain(look))
        part = self.looks.entries(look)
        self.missed[self.looks.cell[part]] *= 1.0 - self.looks.p[part]
        self.left_h -= float(self.looks.cost_h[look])
        self.left[self.looks.asset[look]] -= 1
        self.taken.append(look)

    @property
    def worth(self) -> float:
        """The sum of all that was gained."""
        return float((self.weight * (1.0 - self.missed)).sum())

    def again(self, looks: Iterable[int]) -> Plan:
        """Another plan of the same choice, with these looks taken."""
        other = Plan(self.weight, self.looks, 0.0)
        spent_h = sum(float(self.looks.cost_h[one]) for one in self.taken)
        other.left_h = self.left_h + spent_h
        for one in looks:
            other.take(one)
        return other


def chosen(weight: Reals, looks: Looks, budget_h: float) -> Plan:
    """The looks to take, the most valuable first.

    Args:
        weight: of each cell, zero or more, shape (cells,).
        looks: those one could take; each shows a cell at most once.
        budget_h: hours all looks may take together.
    """
    plans = [
        _greedy(Plan(weight, looks, budget_h), by_hour) for by_hour in (True, False)
    ]
    best = max((_exchanged(one) for one in plans), key=lambda one: one.worth)
    return _greedy(best.again(()), by_hour=False, only=best.taken)


def _greedy(plan: Plan, by_hour: bool, only: Sequence[int] | None = None) -> Plan:
    """Take the best look that still fits, until none adds anything."""
    looks = plan.looks
    over = looks.cost_h if by_hour else np.ones(len(looks))
    first = plan.every_gain() / over
    among = range(len(looks)) if only is None else only
    heap = [(-float(first[k]), k) for k in among if first[k] > _LEAST_GAIN]
    heapify(heap)
    while heap:
        _, look = heappop(heap)
        if not plan.can(look):
            continue
        now = plan.gain(look) / float(over[look])
        if now <= _LEAST_GAIN:
            continue
        if heap and -now > heap[0][0]:
            heappush(heap, (-now, look))
        else:
            plan.take(look)
    return plan


def _exchanged(plan: Plan) -> Plan:
    """Exchange one look for another, and fill up, as long as that adds anything."""
    for _ in range(_PASSES):
        better = _one_exchange(plan)
        if better is None:
            return plan
        plan = better
    return plan


def _one_exchange(plan: Plan) -> Plan | None:
    for out in plan.taken:
        rest = plan.again(one for one in plan.taken if one != out)
        for look in np.argsort(-rest.every_gain(), kind="stable").tolist():
            if look != out and rest.can(look):
                rest.take(look)
                break
        filled = _greedy(rest, by_hour=False)
        if filled.worth > plan.worth + _LEAST_GAIN:
            return filled
    return None

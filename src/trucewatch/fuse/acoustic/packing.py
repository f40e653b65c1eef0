"""Choose the candidates that explain the picks best when no pick serves two.

A set packing: the picks carry prices, found by subgradient steps, that make candidates
pay for what others want too; candidates are taken by the value that remains; then
moves on the exact objective (add and take away, drop) until none helps.
Source: Lagrangian relaxation of multi-dimensional assignment.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Flags, Reals, Small, Whole
from trucewatch.fuse.acoustic.web import Web

STEP = 1.5
FADE = 0.08
LEAST_GAIN = 0.3
VICTIMS = 64
QUANTUM = 1048576.0  # decisions are taken on scores rounded to 2^-20


class Packing(NamedTuple):
    """A choice of candidates under work.

    Attributes:
        on: whether the candidate is chosen.
        value: its log odds with the picks it owns.
        owner: the candidate that owns each pick, or -1.
        won: what the pick is worth to its owner.
    """

    on: Flags
    value: Reals
    owner: Whole
    won: Reals


def ranked(values: Reals) -> Whole:
    """Rows in descending order of the rounded values; ties by row."""
    rounded = np.floor(values * QUANTUM + 0.5)
    return np.argsort(-rounded, kind="stable")


@kernel
def prices(web: Web, base: Reals, price: Reals, begin: int, end: int) -> Reals:
    """The value each candidate keeps after paying for its picks.

    The `price` of each pick (nats) goes on from what it is; steps are those of the
    rounds from `begin` to `end`, which fade.
    """
    use = np.zeros(price.size, np.int32)
    value, choice = base.copy(), np.empty(web.group.size, np.int32)
    for k in range(begin, end):
        use[:] = 0
        for c in range(base.size):
            value[c] = base[c] + _bid(web, c, price, choice)
            if value[c] > 0.0:
                _count(web, c, choice, use)
        pace = STEP / (1.0 + FADE * k)
        for p in range(price.size):
            if use[p] > 1:
                price[p] += pace * np.sqrt(use[p] - 1.0)
            elif use[p] == 0:
                price[p] = max(price[p] - 0.5 * pace, 0.0)
    return value


@part
def _bid(web: Web, c: int, price: Reals, choice: Small) -> float:
    total = 0.0
    for g in range(web.first[c], web.first[c + 1]):
        choice[g], worth = _dearest(web, g, price)
        total += worth
    return total


@part
def _count(web: Web, c: int, choice: Small, use: Small) -> None:
    for g in range(web.first[c], web.first[c + 1]):
        if choice[g] >= 0:
            use[web.pick[choice[g]]] += 1


@part
def _dearest(web: Web, g: int, price: Reals) -> tuple[int, float]:
    best, top = -1, 0.0
    for k in range(web.group[g], web.group[g + 1]):
        worth = web.worth[k] - price[web.pick[k]]
        if worth > top:
            best, top = k, worth
    return best, top


@kernel
def pack(web: Web, base: Reals, order: Whole, n_picks: int, passes: int) -> Packing:
    """Candidates chosen in order on free picks, then bettered move by move."""
    m = base.size
    state = Packing(
        np.zeros(m, np.bool_),
        np.zeros(m),
        np.full(n_picks, -1, np.int64),
        np.zeros(n_picks),
    )
    for c in order:
        total = base[c]
        for g in range(web.first[c], web.first[c + 1]):
            total += _free(web, g, state)[1]
        if total >= 0.0:
            _settle(web, c, base, state)
    victims, losses = np.empty(VICTIMS, np.int64), np.zeros(VICTIMS)
    for _ in range(passes):
        changed = 0
        for c in order:
            if not state.on[c] and _wins(web, c, base, state, (victims, losses)):
                changed += 1
        if changed == 0:
            break
    return state


@part
def _free(web: Web, g: int, state: Packing) -> tuple[int, float]:
    best, top = -1, 0.0
    for k in range(web.group[g], web.group[g + 1]):
        if state.owner[web.pick[k]] < 0 and web.worth[k] > top:
            best, top = k, web.worth[k]
    return best, top


@part
def _settle(web: Web, c: int, base: Reals, state: Packing) -> None:
    state.on[c] = True
    state.value[c] = base[c]
    for g in range(web.first[c], web.first[c + 1]):
        k, worth = _free(web, g, state)
        if k >= 0:
            _own(web, c, k, state)


@part
def _own(web: Web, c: int, k: int, state: Packing) -> None:
    p = web.pick[k]
    if state.owner[p] >= 0:
        state.value[state.owner[p]] -= state.won[p]
    state.owner[p] = c
    state.won[p] = web.worth[k]
    state.value[c] += web.worth[k]


@part
def _wins(
    web: Web, c: int, base: Reals, state: Packing, room: tuple[Whole, Reals]
) -> bool:
    """Adds the candidate, taking picks from others, if the whole gains by it."""
    victims, losses = room
    total, n = _bill(web, c, state, victims, losses)
    total += base[c]
    for i in range(n):
        total += max(losses[i] - state.value[victims[i]], 0.0)
    if total <= LEAST_GAIN:
        return False
    state.on[c] = True
    state.value[c] = base[c]
    for g in range(web.first[c], web.first[c + 1]):
        k, _ = _dearest(web, g, state.won)
        if k >= 0:
            _own(web, c, k, state)
    for i in range(n):
        _recover(web, victims[i], state)
    return True


@part
def _bill(
    web: Web, c: int, state: Packing, victims: Whole, losses: Reals
) -> tuple[float, int]:
    """What the candidate would win from whom: its gain, and how many lose."""
    total, n = 0.0, 0
    for g in range(web.first[c], web.first[c + 1]):
        k, worth = _dearest(web, g, state.won)
        total += worth
        o = state.owner[web.pick[k]] if k >= 0 else -1
        if o < 0:
            continue
        i = 0
        while i < n and victims[i] != o:
            i += 1
        if i < VICTIMS:
            losses[i] = 0.0 if i == n else losses[i]
            victims[i] = o
            n = max(n, i + 1)
            losses[i] += state.won[web.pick[k]]
    return total, n


@part
def _recover(web: Web, c: int, state: Packing) -> None:
    """A candidate that lost picks fills its gaps from free ones, or is dropped."""
    for g in range(web.first[c], web.first[c + 1]):
        held = False
        for k in range(web.group[g], web.group[g + 1]):
            held = held or state.owner[web.pick[k]] == c
        k, _ = _free(web, g, state)
        if not held and k >= 0:
            _own(web, c, k, state)
    if state.value[c] >= 0.0:
        return
    state.on[c] = False
    state.value[c] = 0.0
    for k in range(web.group[web.first[c]], web.group[web.first[c + 1]]):
        if state.owner[web.pick[k]] == c:
            state.owner[web.pick[k]] = -1
            state.won[web.pick[k]] = 0.0

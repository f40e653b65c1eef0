"""Of two maps of the same picks the better one, group by group.

Incidents of both maps that own a pick in common are of one group. Groups share no
picks, so that each may be taken from either map, and the whole is no worse than either.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole


def merged(held: tuple[Reals, Whole], now: tuple[Reals, Whole]) -> Reals:
    """The incidents of the better map of each group.

    Maps are rows of x, y, time, level, score, and the owner of each pick; the owners
    of `now` become those of the whole.
    """
    a, b = better(held[0][:, 4], held[1], now[0][:, 4], now[1])
    row_a, row_b = np.full(len(a) + 1, -1), np.full(len(b) + 1, -1)
    row_a[:-1][a] = np.arange(a.sum())
    row_b[:-1][b] = a.sum() + np.arange(b.sum())
    now[1][:] = np.where(row_a[held[1]] >= 0, row_a[held[1]], row_b[now[1]])
    return np.concatenate([held[0][a], now[0][b]])


@kernel
def better(
    score_a_ratio: Reals, owner_a: Whole, score_b_ratio: Reals, owner_b: Whole
) -> tuple[Flags, Flags]:
    """Which incidents of either map are kept; by scores and by the owner of each pick.

    The first map wins ties.
    """
    a, b = score_a_ratio.size, score_b_ratio.size
    group = np.arange(a + b)
    for p in range(owner_a.size):
        if owner_a[p] >= 0 and owner_b[p] >= 0:
            i, j = _root(group, owner_a[p]), _root(group, a + owner_b[p])
            group[max(i, j)] = min(i, j)
    gain = np.zeros(a + b)
    for i in range(a):
        gain[_root(group, i)] -= score_a_ratio[i]
    for i in range(b):
        gain[_root(group, a + i)] += score_b_ratio[i]
    keep_a, keep_b = np.empty(a, np.bool_), np.empty(b, np.bool_)
    for i in range(a):
        keep_a[i] = gain[_root(group, i)] <= 1e-6
    for i in range(b):
        keep_b[i] = gain[_root(group, a + i)] > 1e-6
    return keep_a, keep_b


@part
def _root(group: Whole, i: int) -> int:
    while group[i] != i:
        group[i] = group[group[i]]
        i = group[i]
    return i

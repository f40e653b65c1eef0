"""Of candidates that are one and the same, keep the best."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.packing import ranked


@kernel
def distinct(found: Reals, apart_m: float, apart_s: float) -> Flags:
    """Which rows have no earlier row that was kept within both distances."""
    n = found.shape[0]
    keep = np.ones(n, np.bool_)
    order = np.argsort(found[:, 2], kind="mergesort")
    place = np.empty(n, np.int64)
    for i in range(n):
        place[order[i]] = i
    for k in range(n):
        if keep[k]:
            _strike(found, order, (place[k], 1), (apart_m, apart_s), keep)
            _strike(found, order, (place[k], -1), (apart_m, apart_s), keep)
    return keep


@part
def _strike(
    found: Reals,
    order: Whole,
    walk: tuple[int, int],
    apart: tuple[float, float],
    keep: Flags,
) -> None:
    """Later rows too near the one at the start of the walk are not kept."""
    i, way = walk
    k, far = order[i], apart[0] * apart[0]
    i += way
    while 0 <= i < order.size and abs(found[order[i], 2] - found[k, 2]) < apart[1]:
        j = order[i]
        dx, dy = found[j, 0] - found[k, 0], found[j, 1] - found[k, 1]
        if j > k and dx * dx + dy * dy < far:
            keep[j] = False
        i += way


def thinned(found: Reals, bonus: Reals) -> tuple[Reals, Reals]:
    """Candidates without the weaker ones of near-identical place and time."""
    order = ranked(found[:, 4] + bonus)
    found, bonus = found[order], bonus[order]
    keep = distinct(found, 15.0, 0.03)
    return np.ascontiguousarray(found[keep]), bonus[keep]

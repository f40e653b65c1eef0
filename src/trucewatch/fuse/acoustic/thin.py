"""Of candidates that are one and the same, keep the best."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.network import Flags, Reals


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
        if not keep[k]:
            continue
        for way in range(2):
            i = place[k] + (1 if way == 0 else -1)
            while 0 <= i < n and abs(found[order[i], 2] - found[k, 2]) < apart_s:
                j = order[i]
                dx, dy = found[j, 0] - found[k, 0], found[j, 1] - found[k, 1]
                if j > k and dx * dx + dy * dy < apart_m * apart_m:
                    keep[j] = False
                i += 1 if way == 0 else -1
    return keep

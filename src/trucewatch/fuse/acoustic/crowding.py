"""How many incidents lie near each other: there ellipses and odds say less."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.network import Reals, Whole

CROWD_M, CROWD_S = 700.0, 2.5


@kernel
def crowding(events: Reals) -> Whole:
    """How many others lie within 700 m and 2.5 s; incidents ascend in time."""
    out = np.zeros(events.shape[0], np.int64)
    for i in range(events.shape[0]):
        j = i + 1
        while j < events.shape[0] and events[j, 2] - events[i, 2] < CROWD_S:
            dx, dy = events[j, 0] - events[i, 0], events[j, 1] - events[i, 1]
            if dx * dx + dy * dy < CROWD_M * CROWD_M:
                out[i] += 1
                out[j] += 1
            j += 1
    return out

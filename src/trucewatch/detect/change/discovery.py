"""How many of many tests are to be believed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]  # shape (n,); NaN where unknown

_QUIET_FROM = 0.5  # p-values above it are taken to be of places without a change


def q_values(p: Numbers) -> Numbers:
    """For each test the false discovery rate at which it would just be called.

    Benjamini and Hochberg's procedure, made sharper by the share of places without a
    change, which is read off the p-values above one half; NaN stays NaN. It holds for
    tests that err together in the same direction as well.

    Source: Y. Benjamini, Y. Hochberg, JRSS B 57 (1995) 289; J. D. Storey, J. E. Taylor,
    D. Siegmund, JRSS B 66 (2004) 187, equation 6.
    """
    known = np.flatnonzero(np.isfinite(p))
    found: Numbers = np.full(p.shape, np.nan)
    if not known.size:
        return found
    n = len(known)
    quiet = (np.count_nonzero(p[known] > _QUIET_FROM) + 1) / (n * (1 - _QUIET_FROM))
    order = known[np.argsort(p[known], kind="stable")]
    raw = min(quiet, 1.0) * p[order] * n / np.arange(1, n + 1)
    found[order] = np.minimum.accumulate(np.minimum(raw, 1)[::-1])[::-1]
    return found

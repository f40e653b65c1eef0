"""Exponential and logarithm from additions and multiplications alone.

The C library and numpy choose between variants by processor, and these differ in the
last bit. Source: range reduction by ln 2, then the Taylor series; for the logarithm
the series of 2 artanh. Both are good to some 1e-14 relative.
"""

from __future__ import annotations

import math

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.network import Reals

LN2 = 0.6931471805599453
LN10 = 2.302585092994046
SQRT_HALF = 0.7071067811865476
LARGEST = 700.0
C3, C4, C5, C6, C7 = 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040
C8, C9, C10, C11 = 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800
POWER: Reals = np.array([math.ldexp(1.0, k - 1022) for k in range(2045)])


@kernel
def exp_of(x_ratio: float) -> float:
    """E to the argument: 0 below -700, no more than at 700."""
    if x_ratio < -LARGEST:
        return 0.0
    x = min(x_ratio, LARGEST)
    k = math.floor(x / LN2 + 0.5)
    r = x - k * LN2
    s = C8 + r * (C9 + r * (C10 + r * C11))
    s = C4 + r * (C5 + r * (C6 + r * (C7 + r * s)))
    s = 1.0 + r * (1.0 + r * (0.5 + r * (C3 + r * s)))
    return s * float(POWER[int(k) + 1022])


@kernel
def log_of(x_ratio: float) -> float:
    """Natural logarithm of a positive number."""
    m, k = math.frexp(x_ratio)
    if m < SQRT_HALF:
        m *= 2.0
        k -= 1
    f = (m - 1.0) / (m + 1.0)
    f2 = f * f
    s = 1 / 13 + f2 * (1 / 15 + f2 * (1 / 17 + f2 * (1 / 19)))
    s = 1 / 7 + f2 * (1 / 9 + f2 * (1 / 11 + f2 * s))
    s = 1.0 + f2 * (1 / 3 + f2 * (1 / 5 + f2 * s))
    return k * LN2 + 2.0 * f * s


@kernel
def log1p_exp(x_ratio: float) -> float:
    """log(1 + e^x), also for large arguments."""
    if x_ratio > 30.0:
        return x_ratio
    return log_of(1.0 + exp_of(x_ratio))

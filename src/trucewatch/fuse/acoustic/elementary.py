"""Exponential and logarithm from additions and multiplications alone.

The C library and numpy choose between variants by processor, and these differ in the
last bit. Source: range reduction by ln 2, then the Taylor series; for the logarithm
the series of 2 artanh. Both are good to some 1e-14 relative. The series are summed in
pairs (Estrin), so that the processor need not wait for each term; exponents are read
and written as bits.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import part

LN2 = 0.6931471805599453
PER_LN2 = 1.4426950408889634
LN10 = 2.302585092994046
SQRT_HALF = 0.7071067811865476
LARGEST = 700.0
C3, C4, C5, C6, C7 = 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040
C8, C9, C10, C11 = 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800
EXPONENT, FRACTION, HALF = 0x7FF, 0xFFFFFFFFFFFFF, 0x3FE0000000000000


@part
def exp_of(x_ratio: float) -> float:
    """E to the argument: 0 below -700, no more than at 700."""
    if x_ratio < -LARGEST:
        return 0.0
    x = min(x_ratio, LARGEST)
    k = np.floor(x * PER_LN2 + 0.5)
    r = x - k * LN2
    r2 = r * r
    r4 = r2 * r2
    s = (C4 + C5 * r) + (C6 + C7 * r) * r2
    s = s * r4 + ((C8 + C9 * r) + (C10 + C11 * r) * r2) * (r4 * r4)
    s = ((1.0 + r) + (0.5 + C3 * r) * r2) + s
    return float(s * np.int64((np.int64(k) + 1023) << 52).view(np.float64))


@part
def log_of(x_ratio: float) -> float:
    """Natural logarithm of a positive number that is not subnormal."""
    if not x_ratio > 0.0:
        return np.nan
    bits = np.float64(x_ratio).view(np.int64)
    k = ((bits >> 52) & EXPONENT) - 1022
    m = float(np.int64((bits & FRACTION) | HALF).view(np.float64))
    if m < SQRT_HALF:
        m *= 2.0
        k -= 1
    f = (m - 1.0) / (m + 1.0)
    g = f * f
    g2 = g * g
    g4 = g2 * g2
    s = (1 / 9 + 1 / 11 * g) + (1 / 13 + 1 / 15 * g) * g2
    s = s * g4 + (1 / 17 + 1 / 19 * g) * (g4 * g4)
    s = ((1.0 + 1 / 3 * g) + (1 / 5 + 1 / 7 * g) * g2) + s
    return float(k * LN2 + 2.0 * f * s)


@part
def log1p_exp(x_ratio: float) -> float:
    """log(1 + e^x), also for large arguments."""
    if x_ratio > 30.0:
        return x_ratio
    return log_of(1.0 + exp_of(x_ratio))

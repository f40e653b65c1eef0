"""Small linear algebra in a fixed order of operations, without any library."""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel
from trucewatch.fuse.acoustic.network import Reals


@kernel
def cholesky(a: Reals) -> Reals:
    """The lower factor of a symmetric positive definite matrix."""
    n = a.shape[0]
    low = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            low[i, j] = np.sqrt(max(total, 1e-300)) if i == j else total / low[j, j]
    return low


@kernel
def solved(low: Reals, b: Reals) -> Reals:
    """The x with L L' x = b."""
    n = b.size
    x = b.copy()
    for i in range(n):
        for k in range(i):
            x[i] -= low[i, k] * x[k]
        x[i] /= low[i, i]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            x[i] -= low[k, i] * x[k]
        x[i] /= low[i, i]
    return x


@kernel
def inverse(low: Reals) -> Reals:
    """The inverse of L L'."""
    n = low.shape[0]
    out, unit = np.empty((n, n)), np.zeros(n)
    for i in range(n):
        unit[:] = 0.0
        unit[i] = 1.0
        out[i] = solved(low, unit)
    return out


@kernel
def inverse3(j: Reals, out: Reals) -> None:
    """The inverse of a symmetric 3 x 3 matrix, read from its upper triangle."""
    a, b, c, d, e, f = j[0, 0], j[0, 1], j[0, 2], j[1, 1], j[1, 2], j[2, 2]
    p, q, r = d * f - e * e, c * e - b * f, b * e - c * d
    det = a * p + b * q + c * r
    out[0, 0], out[0, 1], out[0, 2] = p / det, q / det, r / det
    out[1, 1], out[1, 2] = (a * f - c * c) / det, (b * c - a * e) / det
    out[2, 2] = (a * d - b * b) / det
    out[1, 0], out[2, 0], out[2, 1] = out[0, 1], out[0, 2], out[1, 2]

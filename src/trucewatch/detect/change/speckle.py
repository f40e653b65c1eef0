"""One radar picture, its speckle smoothed, folded into running moments.

1. sums of power and of its square over a square window, rows kept as running columns
2. Lee's filter: the mean where the window varies no more than speckle does, the pixel
   itself where it varies much more, in between in proportion
3. decibels, by a polynomial of our own, so that every machine rounds alike
4. Welford's step: count, mean and sum of squares of each pixel

One pass over the picture, memory of a few rows beside the state. A pixel that is not
positive or not a number is no data: it enters no window and no state.

Source: J.-S. Lee, IEEE TPAMI 2 (1980) 165; B. P. Welford, Technometrics 4 (1962) 419.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Pixels = NDArray[np.float32]  # shape (rows, columns)

DB_PER_OCTAVE = 3.010299956639812  # ten times the decimal logarithm of two
LEAST_SHARE = 0.5  # of a window that must hold data, for its middle to count
_MOST = np.float32(1e15)  # of power; its square still is a number

# log2(1 + x) / x on [0, 1], least greatest error 1e-6 (6 Chebyshev terms and more).
_C = tuple(
    np.float32(one)
    for one in np.polynomial.chebyshev.Chebyshev
    .interpolate(lambda x: np.log2(1 + x) / x, 8, domain=[1e-9, 1])
    .convert(kind=np.polynomial.Polynomial)
    .coef
)
_C0, _C1, _C2, _C3, _C4, _C5, _C6, _C7, _C8 = _C


@njit(cache=True, error_model="numpy")
def _columns(power: Pixels, sums: NDArray[np.float64], row: int, sign: int) -> None:
    """Add one row of the picture to the running columns, or take it away."""
    for j in range(power.shape[1]):
        x = power[row, j]
        good = x > 0 and x < _MOST
        value = np.float64(x) if good else 0.0
        sums[0, j] += sign * value
        sums[1, j] += sign * value * value
        sums[2, j] += sign * (1.0 if good else 0.0)


@njit(cache=True, error_model="numpy")
def _across(sums: NDArray[np.float64], half: int, out: Pixels) -> None:
    """Sums over the window of each pixel of a row, from sums of columns."""
    width = out.shape[1]
    for k in range(3):
        for j in range(width):
            out[k, j] = np.float32(sums[k, j])
        for step in range(1, 2 * half + 1):
            for j in range(width):
                out[k, j] += np.float32(sums[k, j + step])


@njit(cache=True, error_model="numpy")
def _lee(middle: Pixels, window: Pixels, looks: np.float32, out: Pixels) -> None:
    """Smoothed power of one row; 0 where there is no data."""
    noise = np.float32(1) / looks
    for j in range(out.shape[1]):
        n = max(window[2, j], np.float32(1))
        mean = window[0, j] / n
        spread = max(window[1, j] / n - mean * mean, np.float32(0))
        square = max(mean * mean, np.float32(1e-30))
        kept = np.float32(1) - noise * square / max(spread, np.float32(1e-30))
        kept = min(max(kept, np.float32(0)), np.float32(1))
        x = middle[0, j]
        smooth = mean + kept * (x - mean)
        good = x > 0 and x < _MOST
        out[0, j] = smooth if good else np.float32(0)


@njit(cache=True, error_model="numpy")
def _decibels(row: Pixels, bits: NDArray[np.int32], out: Pixels) -> None:
    """Decibels of a row of positive powers; ``bits`` is the same memory as ``row``."""
    for j in range(row.shape[1]):
        whole = (bits[0, j] >> 23) - 127
        out[0, j] = np.float32(whole)
        bits[0, j] = (bits[0, j] & 0x7FFFFF) | 0x3F800000
    for j in range(row.shape[1]):
        x = row[0, j] - np.float32(1)
        y = _C8
        y = y * x + _C7
        y = y * x + _C6
        y = y * x + _C5
        y = y * x + _C4
        y = y * x + _C3
        y = y * x + _C2
        y = y * x + _C1
        y = y * x + _C0
        out[0, j] = (out[0, j] + y * x) * np.float32(DB_PER_OCTAVE)


@njit(cache=True, error_model="numpy")
def _welford(
    value: Pixels, use: Pixels, level: np.float32, state: NDArray[np.float32], i: int
) -> None:
    """Fold one row of decibels into count, mean and sum of squares."""
    for j in range(value.shape[1]):
        w = use[0, j]
        x = value[0, j] - level
        n = state[0, i, j] + w
        off = x - state[1, i, j]
        mean = state[1, i, j] + w * off / max(n, np.float32(1))
        state[2, i, j] += w * off * (x - mean)
        state[1, i, j] = mean
        state[0, i, j] = n


@njit(cache=True, error_model="numpy")
def _fold(
    power: Pixels,
    half: int,
    looks: np.float32,
    level: np.float32,
    state: NDArray[np.float32],
) -> None:
    rows, width = state.shape[1], state.shape[2]
    size = 2 * half + 1
    least = np.float32(LEAST_SHARE * size * size)
    sums = np.zeros((3, power.shape[1]))
    window = np.empty((3, width), np.float32)
    smooth = np.empty((1, width), np.float32)
    use = np.empty((1, width), np.float32)
    value = np.empty((1, width), np.float32)
    bits = smooth.view(np.int32)
    for i in range(2 * half):
        _columns(power, sums, i, 1)
    for i in range(rows):
        _columns(power, sums, i + 2 * half, 1)
        _across(sums, half, window)
        middle = power[i + half : i + half + 1, half : half + width]
        _lee(middle, window, looks, smooth)
        for j in range(width):
            good = smooth[0, j] > 0 and window[2, j] >= least
            use[0, j] = np.float32(1) if good else np.float32(0)
            smooth[0, j] = smooth[0, j] if good else np.float32(1)
        _decibels(smooth, bits, value)
        _welford(value, use, level, state, i)
        _columns(power, sums, i, -1)


def fold(
    power: Pixels,
    half: int,
    looks_ratio: float,
    level_db: float,
    state: NDArray[np.float32],
) -> None:
    """Fold one picture into ``state``; nothing of the picture is kept.

    Args:
        power: linear backscatter with ``half`` pixels more on every side, shape
            ``(rows + 2 half, columns + 2 half)``; no data is NaN or not positive.
        half: half the side of Lee's window, 0 for none.
        looks_ratio: equivalent number of looks, mean squared over variance of speckle.
        level_db: taken from every pixel: the level of the whole picture.
        state: count, mean (dB) and sum of squares (dB squared), changed in place,
            shape ``(3, rows, columns)``.

    Raises:
        ValueError: if the shapes do not fit.
    """
    inner = (power.shape[0] - 2 * half, power.shape[1] - 2 * half)
    if inner != state.shape[1:]:
        msg = f"a picture of {power.shape} does not fit a state of {state.shape[1:]}"
        raise ValueError(msg)
    _fold(
        np.ascontiguousarray(power, np.float32),
        half,
        np.float32(looks_ratio),
        np.float32(level_db),
        state,
    )


def decibels(power: Pixels) -> Pixels:
    """Decibels of positive powers, by the arithmetic of ``fold``; 2-D in, 2-D out."""
    flat = np.array(power, np.float32).reshape(1, -1)
    out = np.empty_like(flat)
    _decibels(flat, flat.view(np.int32), out)
    return out.reshape(power.shape)


def level_db(power: Pixels, reference: Pixels | None) -> float:
    """How much brighter a picture is than a reference picture of its band, dB.

    The median over pixels of the difference: rain or a change of calibration move all
    pixels, damage a few. Without a reference it is 0; so it is without common pixels.
    """
    if reference is None:
        return 0.0
    good = (power > 0) & (reference > 0) & (power < _MOST) & (reference < _MOST)
    if not good.any():
        return 0.0
    ratio = power[good].astype(np.float64) / reference[good]
    return float(10 * np.log10(np.median(ratio)))

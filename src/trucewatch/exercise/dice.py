"""Random numbers and functions that are the same to the last bit on every processor.

Additions, multiplications, divisions and square roots are exact everywhere; numpy and
the C library choose between variants of all else by processor. So exponentials,
logarithms and turns are summed here, and every law is drawn from raw bits by them.

Sources: Philox, a counter-based generator (Salmon et al. 2011), whose stream numpy
promises to keep (NEP 19); Box and Muller 1958 for the normal law; range reduction and
Taylor series for the functions, good to some 1e-15.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reals = NDArray[np.float64]
Size = int | tuple[int, ...] | None
T = TypeVar("T")

_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
_LN2, _LN10 = 0.6931471805599453, 2.302585092994046
_HALF_PI = 1.5707963267948966
_CHUNK = 16.0  # mean of what one Poisson number is added up from


def exp(x_ratio: ArrayLike) -> Reals:
    """E to the power of each number; 0 below -700, no more than at 700."""
    x = np.clip(np.asarray(x_ratio, np.float64), -700.0, 700.0)
    k = np.floor(x / _LN2 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    total = np.ones_like(r)
    for n in range(14, 0, -1):
        total = 1.0 + total * r / n
    found: Reals = np.ldexp(total, k.astype(np.int32))
    return np.asarray(np.where(np.asarray(x_ratio) < -700.0, 0.0, found))


def log(x_ratio: ArrayLike) -> Reals:
    """Natural logarithm of positive numbers."""
    m, k = np.frexp(np.asarray(x_ratio, np.float64))
    low = m < 0.7071067811865476
    m, k = np.where(low, 2 * m, m), np.where(low, k - 1, k)
    f = (m - 1.0) / (m + 1.0)
    f2 = f * f
    total = np.zeros_like(f)
    for n in range(21, 0, -2):
        total = 1.0 / n + f2 * total
    return np.asarray(k * _LN2 + 2.0 * f * total)


def log10(x_ratio: ArrayLike) -> Reals:
    """Logarithm to base 10 of positive numbers."""
    return log(x_ratio) / _LN10


def tanh(x_ratio: ArrayLike) -> Reals:
    """Hyperbolic tangent."""
    return 1.0 - 2.0 / (exp(2.0 * np.asarray(x_ratio, np.float64)) + 1.0)


def turned(turns_ratio: ArrayLike) -> tuple[Reals, Reals]:
    """Cosine and sine of whole and broken turns; one turn is 360 degrees."""
    quarters = 4.0 * np.asarray(turns_ratio, np.float64)
    whole = np.floor(quarters + 0.5)
    f = (quarters - whole) * _HALF_PI
    f2 = f * f
    cos, sin = np.ones_like(f), np.ones_like(f)
    for n in range(16, 0, -2):
        cos = 1.0 - cos * f2 / (n * (n - 1))
        sin = 1.0 - sin * f2 / (n * (n + 1))
    sin = sin * f
    side = whole.astype(np.int64) % 4
    found_cos = np.choose(side, [cos, -sin, -cos, sin])
    return found_cos, np.choose(side, [sin, cos, -sin, -cos])


def away(east_m: ArrayLike, north_m: ArrayLike) -> Reals:
    """How long vectors are, m."""
    x, y = np.asarray(east_m, np.float64), np.asarray(north_m, np.float64)
    return np.asarray(np.sqrt(x * x + y * y))


class Dice:
    """One stream of random numbers. A size of ``None`` gives a plain float."""

    def __init__(self, words: Sequence[int]) -> None:
        """A stream named by whole numbers; other words, other numbers."""
        self._bits = np.random.Philox(np.random.SeedSequence(list(words)))

    def random(self, size: Size = None) -> Reals:
        """Uniform on [0, 1)."""
        count = 1 if size is None else int(np.prod(size))
        raw = np.asarray(self._bits.random_raw(count), np.uint64)
        flat = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return _shaped(flat, size)

    def uniform(self, low: ArrayLike, high: ArrayLike, size: Size = None) -> Reals:
        """Uniform between two numbers."""
        low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
        return _plain(low + (high - low) * self.random(_fitting(size, low, high)))

    def normal(self, mean: ArrayLike, sd: ArrayLike, size: Size = None) -> Reals:
        """Normal with a mean and a standard deviation."""
        mean, sd = np.asarray(mean, np.float64), np.asarray(sd, np.float64)
        size = _fitting(size, mean, sd)
        count = 1 if size is None else int(np.prod(size))
        pairs = (count + 1) // 2
        far = np.sqrt(-2.0 * log(1.0 - self.random(pairs)))
        cos, sin = turned(self.random(pairs))
        flat = np.concatenate((far * cos, far * sin))[:count]
        return _plain(mean + sd * _shaped(flat, size))

    def exponential(self, mean: ArrayLike, size: Size = None) -> Reals:
        """Exponential with a mean."""
        mean = np.asarray(mean, np.float64)
        return _plain(-mean * log(1.0 - self.random(_fitting(size, mean))))

    def lognormal(self, mean: ArrayLike, sd: ArrayLike, size: Size = None) -> Reals:
        """E to the power of a normal number."""
        return _plain(exp(self.normal(mean, sd, size)))

    def poisson(self, mean: ArrayLike) -> NDArray[np.int64]:
        """How many happen where so many are expected, of the shape of ``mean``."""
        wanted = np.asarray(mean, np.float64)
        flat = wanted.reshape(-1)
        parts = np.maximum(1, np.ceil(flat / _CHUNK)).astype(np.int64)
        owner = np.repeat(np.arange(flat.size), parts)
        stop = exp(-flat / parts)[owner]
        left, count = np.ones(owner.size), np.full(owner.size, -1)
        alive = np.arange(owner.size)
        while alive.size:
            left[alive] *= self.random(alive.size)
            count[alive] += 1
            alive = alive[left[alive] > stop[alive]]
        found = np.bincount(owner, weights=count, minlength=flat.size).astype(np.int64)
        return np.asarray(found.reshape(wanted.shape), np.int64)

    def index(self, below: int, size: Size = None) -> NDArray[np.int64]:
        """Whole numbers from 0, each below the bound."""
        scaled = np.asarray(self.random(size), np.float64) * below
        return np.asarray(np.floor(scaled), np.int64)

    def weighted(self, shares: Sequence[float], size: int) -> NDArray[np.int64]:
        """Positions in ``shares``, each in proportion to it."""
        edges = np.cumsum(np.asarray(shares, np.float64))
        at = np.searchsorted(edges, self.random(size) * edges[-1], side="right")
        return np.asarray(np.minimum(at, len(edges) - 1), np.int64)

    def some_of(self, count: int, among: int) -> NDArray[np.int64]:
        """Different whole numbers below ``among``, in no order."""
        order = np.argsort(self.random(among), kind="stable")
        return np.asarray(order[:count], np.int64)

    def one_of(self, things: Sequence[T]) -> T:
        """One of several things."""
        return things[int(self.index(len(things)))]


def dice(seed: int, scenario: str, stream: str) -> Dice:
    """Random numbers of one stream; no stream depends on what another one draws."""
    return Dice([seed, *scenario.encode(), 0, *stream.encode()])


def _fitting(size: Size, *like: Reals) -> Size:
    if size is not None:
        return size
    shape = np.broadcast_shapes(*(one.shape for one in like))
    return shape or None


def _shaped(flat: Reals, size: Size) -> Reals:
    return flat[0] if size is None else flat.reshape(size)


def _plain(found: ArrayLike) -> Reals:
    """A numpy float for a single number, else the array."""
    return np.asarray(found, np.float64)[()]

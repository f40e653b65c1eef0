"""Did the mean change: Student's or Welch's t with their degrees of freedom.

Bands (one relative orbit and polarisation each) are scored on their own and joined as
normal scores, so that few pictures in one band never count like many in another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri, stdtr

from trucewatch.detect.change.settings import Combination, Scatter

Numbers = NDArray[np.float64]  # any shape; NaN where unknown

FEWEST_WELCH = 3  # pictures on either side; with fewer the scatter is pooled
_LEAST_VARIANCE = 1e-6  # dB squared: less is a picture delivered twice
GREATEST_SCORE = 37.0  # a normal score beyond which no probability is a number


@dataclass(frozen=True, slots=True)
class Sample:
    """Count, mean (dB) and variance (dB squared, n - 1 below) of pictures."""

    count: Numbers
    mean: Numbers
    variance: Numbers

    @classmethod
    def of(cls, values: Numbers) -> Sample:
        """The sample along the last axis; NaN is no data."""
        good = np.isfinite(values)
        n = good.sum(axis=-1).astype(np.float64)
        mean = np.where(good, values, 0).sum(axis=-1) / np.maximum(n, 1)
        off = np.where(good, values - mean[..., None], 0)
        return cls(n, mean, (off**2).sum(axis=-1) / np.maximum(n - 1, 1))


@dataclass(frozen=True, slots=True)
class Difference:
    """After less before: ``step_db`` with its standard error and degrees of freedom."""

    step_db: Numbers
    error_db: Numbers
    freedom: Numbers

    @property
    def t(self) -> Numbers:
        """Student's statistic."""
        found: Numbers = self.step_db / self.error_db
        return found

    def moved(self, by_db: Numbers) -> Difference:
        """The same with the step moved: what a change of that size would have shown."""
        return Difference(self.step_db + by_db, self.error_db, self.freedom)


def difference(
    before: Sample, after: Sample, scatter: Scatter = Scatter.POOLED
) -> Difference:
    """How the mean of ``after`` differs from that of ``before``; NaN where unknown.

    Pooled: Student's test, exact where nothing but the mean changes, for a single
    picture too. Own: Welch's test with Satterthwaite's degrees of freedom, pooled where
    either side has fewer than three pictures; it is only approximate for few pictures
    of uneven number, which placebo dates of other numbers do not show.

    Source: B. L. Welch, Biometrika 34 (1947) 28; F. E. Satterthwaite, Biometrics
    Bulletin 2 (1946) 110.
    """
    n_b, n_a = before.count, after.count
    known = (n_b >= 1) & (n_a >= 1) & (n_b + n_a >= 3)
    least_b = np.maximum(n_b, 1)
    least_a = np.maximum(n_a, 1)
    share_b = np.maximum(before.variance, _LEAST_VARIANCE) / least_b
    share_a = np.maximum(after.variance, _LEAST_VARIANCE) / least_a
    below = share_b**2 / np.maximum(n_b - 1, 1) + share_a**2 / np.maximum(n_a - 1, 1)
    freedom = np.maximum(n_b + n_a - 2, 1)
    squares = (n_b - 1) * before.variance + (n_a - 1) * after.variance
    pooled = np.maximum(squares / freedom, _LEAST_VARIANCE)
    pooled = pooled * (1 / least_b + 1 / least_a)
    few = np.minimum(n_b, n_a) < FEWEST_WELCH
    few = few | (scatter is Scatter.POOLED)
    variance = np.where(few, pooled, share_b + share_a)
    freedom = np.where(few, freedom, (share_b + share_a) ** 2 / below)
    return Difference(
        step_db=np.where(known, after.mean - before.mean, np.nan),
        error_db=np.where(known, np.sqrt(variance), np.nan),
        freedom=np.where(known, freedom, np.nan),
    )


def score(one: Difference) -> Numbers:
    """The normal score with the probability of ``t``, with its sign."""
    t = one.t
    p = stdtr(one.freedom, -np.abs(t))
    size = np.minimum(-ndtri(np.maximum(p, 1e-300)), GREATEST_SCORE)
    found: Numbers = np.copysign(size, t)
    return found


def joined(scores: Numbers, combination: Combination) -> Numbers:
    """One score, 0 or more, of the bands along the first axis; NaN where none is known.

    Where nothing changed and the bands are independent, it is the size of a standard
    normal number, however many bands there are. Change in either direction counts.

    Source: sum, chi-square of normal scores; greatest, Z. Šidák, JASA 62 (1967) 626.
    """
    known = np.isfinite(scores)
    bands = known.sum(axis=0).astype(np.float64)
    size = np.where(known, np.abs(scores), 0)
    if combination is Combination.SUM:
        p = chdtrc(np.maximum(bands, 1), (size**2).sum(axis=0))
    else:
        single = 2 * stdtr(np.inf, -size.max(axis=0))
        p = -np.expm1(np.maximum(bands, 1) * np.log1p(-np.minimum(single, 1 - 1e-16)))
    found = np.minimum(-ndtri(np.maximum(p, 1e-300) / 2), GREATEST_SCORE)
    return np.where(bands > 0, np.maximum(found, 0), np.nan)

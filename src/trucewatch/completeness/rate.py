"""What a count says of the rate at which acts happened, seen or not.

Acts are a Poisson process; each is noticed with a chance that is itself known only
so well; false alarms add to the count. Sources: Read 2002, J. Phys. G 28 2693 (CLs:
a bound never speaks louder than a sensor that could see nothing); Cousins and Highland
1992, NIM A320 331 (an uncertain efficiency is averaged over).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray
from scipy import special

LEVEL = 0.95
_NODES = 64  # of the quadrature over the chance of noticing
_HALVINGS = 60
_LEAST_P = 1e-9  # below this chance nobody watched

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How long and how well acts of one kind were watched for.

    Attributes:
        exposure_days: length of the period, in days.
        p_detect: mean chance that one act in it would have been noticed.
        trials: how well that chance is known: the sum of the parameters of its Beta
            law. ``None`` for a chance known exactly.
        false_per_day: expected number of seen acts that were none, per day.
    """

    exposure_days: float
    p_detect: float
    trials: int | None = 20
    false_per_day: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: if a number cannot be what it stands for.
        """
        sound = (
            0 < self.exposure_days < inf
            and 0 <= self.p_detect <= 1
            and (self.trials is None or self.trials > 0)
            and 0 <= self.false_per_day < inf
        )
        if not sound:
            msg = f"not a watch that anybody can have kept: {self}"
            raise ValueError(msg)

    @property
    def false_alarms(self) -> float:
        """Expected number of false alarms in the period."""
        return self.false_per_day * self.exposure_days


def rate_bound_per_day(
    seen: int, watched: Watched, level_ratio: float = LEVEL
) -> float:
    """The rate that true acts stay below with the level's confidence, per day.

    The bound λ solves E[P(N ≤ seen | λ T p + f)] = (1 − level) E[P(N ≤ seen | f)].
    It is infinite where nothing could have been noticed.

    Raises:
        ValueError: if ``seen`` is negative or the level no share below one.
    """
    if seen < 0 or not 0 < level_ratio < 1:
        msg = f"no bound from {seen} seen acts at level {level_ratio}"
        raise ValueError(msg)
    if watched.p_detect < _LEAST_P:
        return inf
    p, share = _chances(watched.p_detect, watched.trials)
    idle = special.gammaincc(seen + 1.0, watched.false_alarms)
    wanted = float((1.0 - level_ratio) * idle)
    low, high = 0.0, 1.0 / watched.exposure_days
    while _at_most(seen, high, watched, (p, share)) > wanted:
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _at_most(seen, middle, watched, (p, share)) > wanted:
            low = middle
        else:
            high = middle
    return high


def rate_interval_per_day(
    seen: int, watched: Watched, level_ratio: float = LEVEL
) -> tuple[float, float]:
    """Equal-tailed credible interval of the rate per day, flat prior on the rate.

    Source: posterior of a Poisson rate, averaged over the chance of noticing; false
    alarms are taken from the expected count, never below zero.

    Raises:
        ValueError: as of ``rate_bound_per_day``.
    """
    if seen < 0 or not 0 < level_ratio < 1:
        msg = f"no interval from {seen} seen acts at level {level_ratio}"
        raise ValueError(msg)
    if watched.p_detect < _LEAST_P:
        return 0.0, inf
    tail = 0.5 * (1.0 - level_ratio)
    low = _posterior_quantile(seen, watched, tail)
    return low, _posterior_quantile(seen, watched, 1.0 - tail)


def _posterior_quantile(seen: int, watched: Watched, p: float) -> float:
    """Quantile of the rate; the flat prior's posterior is the bound without CLs."""
    chances = _chances(watched.p_detect, watched.trials)
    idle = float(special.gammaincc(seen + 1.0, watched.false_alarms))
    low, high = 0.0, 1.0 / watched.exposure_days
    while 1.0 - _at_most(seen, high, watched, chances) / idle < p:
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if 1.0 - _at_most(seen, middle, watched, chances) / idle < p:
            low = middle
        else:
            high = middle
    return high


def _at_most(
    seen: int, per_day: float, watched: Watched, chances: tuple[Reals, Reals]
) -> float:
    """Chance of seeing at most so many acts, averaged over the chance of noticing."""
    p, share = chances
    mean = per_day * watched.exposure_days * p + watched.false_alarms
    return float(np.dot(special.gammaincc(seen + 1.0, mean), share))


@cache
def _chances(p_detect: float, trials: int | None) -> tuple[Reals, Reals]:
    """Chances and their shares that stand for the Beta law of a chance of noticing.

    Gauss-Legendre quadrature over the quantiles; one value where it is known exactly.
    """
    if trials is None or p_detect > 1.0 - _LEAST_P:
        return np.array([p_detect]), np.ones(1)
    nodes, share = special.roots_legendre(_NODES)
    a, b = trials * p_detect, trials * (1.0 - p_detect)
    return special.betaincinv(a, b, 0.5 * (nodes + 1.0)), 0.5 * share


@dataclass(frozen=True, slots=True)
class Change:
    """How a rate changed between two periods, outages taken into account.

    Attributes:
        middle_ratio: later rate over earlier rate; the middle of its law.
        low_ratio: with ``high_ratio`` the interval at the level asked for.
        p_rose: probability that the later rate is the higher one.
    """

    middle_ratio: float
    low_ratio: float
    high_ratio: float
    p_rose: float


def change(
    before: tuple[int, float], after: tuple[int, float], level_ratio: float = LEVEL
) -> Change:
    """The change of a rate from counts and exposures (count, watched days).

    Watched days are days times the chance of noticing, so that an outage is no lull.
    Source: the share of two Poisson counts is binomial; Jeffreys prior on both rates.

    Raises:
        ValueError: if a count is negative or an exposure is not above zero.
    """
    (n0, e0), (n1, e1) = before, after
    if min(n0, n1) < 0 or min(e0, e1) <= 0:
        msg = f"no change from {before} to {after}"
        raise ValueError(msg)
    a, b = n1 + 0.5, n0 + 0.5
    tail = 0.5 * (1.0 - level_ratio)
    share = special.betaincinv(a, b, np.array([0.5, tail, 1.0 - tail]))
    middle, low, high = (e0 / e1 * share / (1.0 - share)).tolist()
    p_rose = 1.0 - float(special.betainc(a, b, e1 / (e0 + e1)))
    return Change(middle_ratio=middle, low_ratio=low, high_ratio=high, p_rose=p_rose)


def breaks(counts: Reals, exposure_days: Reals, per_days: float = 30.0) -> Reals:
    """Probability, just after each period, that a new rate began with it.

    Online Bayesian change points with a Gamma prior on each rate; a period without
    exposure says nothing. Counts and exposures have shape (n,), as has the result.
    Source: Adams and MacKay 2007, arXiv:0710.3742, with hazard 1 / ``per_days``.

    Raises:
        ValueError: if shapes differ or a number is negative.
    """
    if counts.shape != exposure_days.shape or counts.ndim != 1:
        msg = f"counts {counts.shape} and exposures {exposure_days.shape} differ"
        raise ValueError(msg)
    if counts.size and (counts.min() < 0 or exposure_days.min() < 0):
        msg = "counts and exposures cannot be negative"
        raise ValueError(msg)
    hazard = 1.0 / per_days
    shape, rate = _vague(counts, exposure_days)
    a, b = np.array([shape]), np.array([rate])
    run, out = np.ones(1), np.zeros(counts.size)
    for k in range(counts.size):
        heard = _predictive(counts[k], exposure_days[k], a, b)
        grown = run * heard * (1.0 - hazard)
        fresh = float(np.dot(run, heard)) * hazard
        run = np.concatenate([[fresh], grown])
        run /= run.sum()
        a = np.concatenate([[shape], a + counts[k]])
        b = np.concatenate([[rate], b + exposure_days[k]])
        out[k] = run[1] if k else 0.0
    return out


def _vague(counts: Reals, exposure_days: Reals) -> tuple[float, float]:
    """Gamma prior worth half an act at the mean rate of the whole record."""
    days = float(exposure_days.sum())
    mean = (float(counts.sum()) + 0.5) / days if days > 0 else 1.0
    return 0.5, 0.5 / mean


def _predictive(count: float, days: float, a: Reals, b: Reals) -> Reals:
    """Chance of a count under Gamma laws of the rate (negative binomial)."""
    if days <= 0.0:
        return np.ones(a.size)
    gone = special.gammaln(a + count) - special.gammaln(a) - special.gammaln(count + 1)
    return np.exp(gone + a * np.log(b / (b + days)) + count * np.log(days / (b + days)))


@dataclass(frozen=True, slots=True)
class Recaptured:
    """How many acts there were, from who of two channels noticed which.

    Attributes:
        total: estimated number of acts, noticed by somebody or nobody.
        low: with ``high`` its interval at 95 %, widened to whole acts.
        p_first: chance of noticing of the first channel, from the second's acts;
            likewise ``p_second``. Jeffreys prior.
    """

    total: int
    low: int
    high: int
    p_first: float
    p_second: float


def recapture(first: int, second: int, both: int) -> Recaptured:
    """Capture and recapture by two channels that fail independently.

    A check of stated chances of noticing: none enters here. Sources: Chapman 1951
    (estimate, variance by Seber 1970); Chao 1989 (interval on the unseen part).

    Raises:
        ValueError: if more acts are common than a channel noticed.
    """
    if not 0 <= both <= min(first, second):
        msg = f"{both} acts cannot be common to {first} and {second}"
        raise ValueError(msg)
    total = (first + 1) * (second + 1) / (both + 1) - 1.0
    spread = (first + 1.0) * (second + 1.0) * (first - both) * (second - both)
    variance = spread / ((both + 1.0) ** 2 * (both + 2.0))
    known = first + second - both
    unseen = total - known
    low = high = total
    if unseen > 0:
        wide = np.exp(1.96 * np.sqrt(np.log1p(variance / unseen**2)))
        low, high = known + unseen / wide, known + unseen * wide
    return Recaptured(
        total=round(total),
        low=floor(low),
        high=ceil(high),
        p_first=(both + 0.5) / (second + 1.0),
        p_second=(both + 0.5) / (first + 1.0),
    )

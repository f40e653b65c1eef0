"""How strongly an observation speaks: chance if it happened against chance if not."""

from __future__ import annotations

from math import expm1, log10, pi

from trucewatch.collect.observation import Observation, Reliability
from trucewatch.period import Period
from trucewatch.place import SIGMAS_90, Place, Whereabouts

# Numbers of this module are expert judgement, not fitted (docs/tuning.md).

# A party's word about the other side never weighs more (MODEL 6.2: capped at log 3).
LOG10_PARTY_CAP = log10(3)

# An observation that names an area only, or no place: nothing to be surprised by.
LOG10_UNPLACED = 0.5

DAY_S = 86_400.0

_DISCOUNT = {  # false observations per true one rise as reliability falls
    Reliability.A: -0.3,
    Reliability.B: -0.3,
    Reliability.C: 0.0,
    Reliability.D: 0.3,
    Reliability.E: 0.6,
    Reliability.F: 0.3,
}


def spread_km2(place: Place) -> float:
    """The area over which a normal law spreads its mass: one over its peak density."""
    return 2 * pi * place.semi_major_m * place.semi_minor_m / SIGMAS_90**2 / 1e6


def days(time: Period) -> float:
    """Length of a period in days."""
    return time.duration_s / DAY_S


def log10_ratio(
    p_noticed: float, log10_clutter: float, volume_km2_days: float
) -> float:
    """Log10 likelihood ratio of an observation with a Poisson clutter.

    Args:
        p_noticed: that the procedure observes the act when it happens.
        log10_clutter: of false observations per km2 and day.
        volume_km2_days: area times time the observation leaves open.

    Source: MODEL 1.2, log P(e) + log p(z|e) - log kappa(z) with the density at its
    peak and one look; 0 where clutter alone explains it.
    """
    p_clutter = -expm1(-(10**log10_clutter) * volume_km2_days)
    return max(0.0, log10(p_noticed / p_clutter)) if p_clutter > 0 else 0.0


def log10_of(one: Observation, p_noticed: float, log10_clutter: float) -> float:
    """Log10 likelihood ratio of one observation, its source's reliability included."""
    return log10_at(
        one.place, one.phenomenon_time, one.reliability, p_noticed, log10_clutter
    )


def log10_at(
    place: Whereabouts,
    time: Period,
    reliability: Reliability,
    p_noticed: float,
    log10_clutter: float,
) -> float:
    """The same of one place and period an observation speaks of."""
    if not isinstance(place, Place):
        return LOG10_UNPLACED
    volume = spread_km2(place) * days(time)
    return log10_ratio(p_noticed, log10_clutter + _DISCOUNT[reliability], volume)

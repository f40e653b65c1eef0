"""How far what parties and outlets say holds here: learnt from what could be checked.

A claim names its place and time, so two things can be asked of it that cannot be asked
of a bang: would anybody have noticed, and did anybody? Every speaker has a share h of
claims that hold. Nobody knows it beforehand; each claim says something of it:

    L = P(what stands beside it | it holds) / P(the same | it was invented)
    weight of h = Beta law x product over the speaker's claims of (h L + 1 - h)
    P(it was) = mean of h L / (h L + 1 - h) over these weights

Where a watching network is silent, L is near the chance that it missed such a thing,
and the speaker loses credit as well. Where nobody watched, L is 1 and the claim is
worth what the speaker's other claims were. So silence counts as much as somebody could
have noticed, and no share is carried from one mission to another.

Outlets are one speaker. Who tells of its own side is another speaker than who accuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum, log10

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.calibration import (
    WITNESSED,
    Basis,
    Calibration,
    Claims,
    basis_of,
    log10_odds_of,
)
from trucewatch.grade.venn_abers import Interval

Reals = NDArray[np.float64]
STEPS = 100  # of a share, from 0 to 1
OUTLETS = ("", False)
QUARTILES = (0.25, 0.75)
LEAST_LOG10 = -9.0

Speaker = tuple[str, bool]  # party, and whether it tells of its own side


@dataclass(frozen=True, slots=True)
class Credit:
    """What is known of the share of a speaker's claims that hold.

    Attributes:
        weights: of ``STEPS`` shares, evenly from 0 to 1; they sum to 1.
    """

    weights: tuple[float, ...]

    def interval(self, log10_beside: float) -> Interval:
        """That a claim holds, with what stands beside it; half the weight lies within.

        ``log10_beside`` is log10 of L above.
        """
        ratio = 10.0**log10_beside
        each = [_p(share, ratio) for share in _shares()]
        p = fsum(w * one for w, one in zip(self.weights, each, strict=True))
        risen = list(accumulate(self.weights))
        low, high = (
            each[min(STEPS - 1, sum(sofar < part for sofar in risen))]
            for part in QUARTILES
        )
        return Interval(p, min(low, p), max(high, p))


Credits = Mapping[Speaker, Credit]


def credits_of(incidents: Sequence[Incident], claims: Claims) -> dict[Speaker, Credit]:
    """What the claims of some days say of their speakers; order never matters."""
    beside: dict[Speaker, list[float]] = {}
    for one in incidents:
        for speaker in speakers_of(one):
            found = log10_beside(one, speaker, log10_odds_of(one), claims)
            beside.setdefault(speaker, []).append(found)
    return {name: _credit(found, claims) for name, found in sorted(beside.items())}


def as_claimed(
    incident: Incident,
    log10_odds: float,
    credits: Credits,
    calibration: Calibration,
) -> Interval | None:
    """That it was, because somebody says so; ``None`` where nobody does.

    By the speaker whose word is worth most. ``log10_odds`` are those of fusion, looks
    in vain included. A speaker nobody knows yet starts with the law before any claim.
    """
    claims = calibration.claims
    read = [
        credits.get(speaker, _credit((), claims)).interval(
            log10_beside(incident, speaker, log10_odds, claims)
        )
        for speaker in speakers_of(incident)
    ]
    return max(read, key=lambda one: (one.p, one.p_low), default=None)


def speakers_of(incident: Incident) -> tuple[Speaker, ...]:
    """Everybody who says that it was, sorted."""
    return tuple(sorted({_speaker(one) for one in _words(incident)}))


def log10_beside(
    incident: Incident, speaker: Speaker, log10_odds: float, claims: Claims
) -> float:
    """Log10 of how much better what stands beside a word fits a claim that holds.

    Of others as much as they say, and no more than chance lets lie beside an invented
    claim; of looks in vain the chance that they missed it, or that what they saw was
    not joined with the claim.
    """
    missed = 10.0**incident.log10_miss_ratio
    silence = log10(claims.p_alone + (1 - claims.p_alone) * missed)
    others = fsum(
        one.log10_likelihood_ratio
        for one in incident.contributions
        if _speaker(one) != speaker and one.channel is not Channel.PARTY
    )
    seen = basis_of(incident) is Basis.WITNESSED
    most = claims.log10_most_witnessed if seen else claims.log10_most_printed
    told = max(others, log10_odds - incident.log10_miss_ratio)
    return max(LEAST_LOG10, min(most, told) + silence)


def _credit(beside: Sequence[float], claims: Claims) -> Credit:
    """Weights of shares; only products and sums, the same on every machine."""
    shares = np.array(_shares())
    ends = claims.prior_held_cases - 1, claims.prior_failed_cases - 1
    weights: Reals = shares ** ends[0] * (1 - shares) ** ends[1]
    for one in sorted(beside):
        weights = weights * (shares * 10.0**one + (1 - shares))
        weights = weights / weights.max()
    total = fsum(weights.tolist())
    return Credit(tuple(one / total for one in weights.tolist()))


def _shares() -> list[float]:
    return [(k + 0.5) / STEPS for k in range(STEPS)]


def _p(share: float, ratio: float) -> float:
    return share * ratio / (share * ratio + 1 - share)


def _words(incident: Incident) -> Iterator[Contribution]:
    return (one for one in incident.contributions if one.channel not in WITNESSED)


def _speaker(one: Contribution) -> Speaker:
    return (one.claimed_by, one.admits) if one.channel is Channel.PARTY else OUTLETS

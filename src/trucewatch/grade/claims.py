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

Misses are not independent: one air lies over all who listen. So they may have been as
good as deaf all these days, whatever they state. That is rare, hardly possible where
they heard anything, and likeliest where speakers whom others bear out were not borne
out by them; but words alone never make it likelier than not. Both cases are weighed,
and a claim is worth their mean.

Outlets are one speaker, and bear out nobody else: they may have it from a party. Who
tells of its own side is another speaker than who accuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import frexp, fsum, ldexp, log10

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
)
from trucewatch.grade.venn_abers import Interval

Reals = NDArray[np.float64]
STEPS = 100  # of a share, from 0 to 1
SHARES: Reals = (np.arange(STEPS) + 0.5) / STEPS
OUTLETS = ("", False)
QUARTILES = (0.25, 0.75)
LEAST_LOG10 = -9.0
MANY = 50  # noticed: more say nothing new
MOST_DEAF = 0.5  # or whoever invents enough would make the watchers deaf
BY_AIR = ("acoustic", "infrasound", "array")

Speaker = tuple[str, bool]  # party, and whether it tells of its own side


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one claim.

    Attributes:
        log10_told: how much better it fits a claim that holds, but for looks in vain.
        log10_silence: likewise of looks in vain, if they were what they state.
    """

    log10_told: float
    log10_silence: float


@dataclass(frozen=True, slots=True)
class Credits:
    """What the claims of some days say of who made them.

    Attributes:
        p_deaf: that whoever listened was as good as deaf.
        heard: weights of the shares of each speaker's claims that hold, which sum to
            1, if not; ``deaf`` if so.
    """

    p_deaf: float
    heard: Mapping[Speaker, Reals] = field(default_factory=dict)
    deaf: Mapping[Speaker, Reals] = field(default_factory=dict)


def credits_of(incidents: Sequence[Incident], claims: Claims) -> Credits:
    """The credit of everybody who speaks of some incidents; order never matters."""
    beside: dict[Speaker, list[Beside]] = {}
    for one in incidents:
        for speaker in speakers_of(one):
            beside.setdefault(speaker, []).append(_checked(one, claims))
    heard, deaf = dict[Speaker, Reals](), dict[Speaker, Reals]()
    bare = _scaled(1 - claims.p_deaf)
    noticed = sum(_is_heard(one) for one in incidents)
    muffled = _scaled(claims.p_deaf * claims.deaf_ratio ** min(noticed, MANY))
    for name in sorted(beside):
        found = beside[name]
        heard[name], scale = _weights(
            [one.log10_told + one.log10_silence for one in found], claims
        )
        bare = _times(bare, scale)
        deaf[name], scale = _weights([one.log10_told for one in found], claims)
        muffled = _times(muffled, scale)
    likelier = ldexp(bare[0], max(-500, min(500, bare[1] - muffled[1])))
    p_deaf = muffled[0] / (muffled[0] + likelier)
    return Credits(min(p_deaf, MOST_DEAF), heard, deaf)


def as_claimed(
    incident: Incident,
    log10_odds: float,
    credits: Credits,
    calibration: Calibration,
) -> Interval | None:
    """That it was, because somebody says so; ``None`` where nobody does.

    By the speaker whose word is worth most; half the weight lies in the interval.
    ``log10_odds`` are those of fusion, looks in vain included. A speaker nobody knows
    yet starts with the law before any claim.
    """
    claims = calibration.claims
    read = [
        _interval(
            speaker, beside_of(incident, speaker, log10_odds, claims), credits, claims
        )
        for speaker in speakers_of(incident)
    ]
    return max(read, key=lambda one: (one.p, one.p_low), default=None)


def _checked(incident: Incident, claims: Claims) -> Beside:
    """What bears a claim out or not: witnesses, and looks in vain.

    Not how likely such a thing is beforehand, nor outlets: they may have it from a
    party.
    """
    witnessed = fsum(
        one.log10_likelihood_ratio
        for one in incident.contributions
        if one.channel in WITNESSED
    )
    told = min(claims.log10_most_witnessed, max(0.0, witnessed))
    return Beside(told, _log10_silence(incident, claims))


def _log10_silence(incident: Incident, claims: Claims) -> float:
    """Of the chance that looks in vain missed it, or noticed what was not joined."""
    missed = 10.0**incident.log10_miss_ratio
    return log10(claims.p_alone + (1 - claims.p_alone) * missed)


def _interval(
    speaker: Speaker, beside: Beside, credits: Credits, claims: Claims
) -> Interval:
    unknown, _ = _weights((), claims)
    heard = credits.heard.get(speaker, unknown) * (1 - credits.p_deaf)
    deaf = credits.deaf.get(speaker, unknown) * credits.p_deaf
    weights = np.concatenate([heard, deaf])
    each = np.concatenate([
        _p(10.0 ** (beside.log10_told + beside.log10_silence)),
        _p(10.0**beside.log10_told),
    ])
    p = fsum((weights * each).tolist())
    rising = np.argsort(each, kind="stable")
    risen = np.cumsum(weights[rising])
    low, high = (
        float(each[rising][min(2 * STEPS - 1, int(np.searchsorted(risen, part)))])
        for part in QUARTILES
    )
    return Interval(p, min(low, p), max(high, p))


def speakers_of(incident: Incident) -> tuple[Speaker, ...]:
    """Everybody who says that it was, sorted."""
    return tuple(sorted({_speaker(one) for one in _words(incident)}))


def beside_of(
    incident: Incident, speaker: Speaker, log10_odds: float, claims: Claims
) -> Beside:
    """What stands beside a speaker's word of an incident.

    Others count as much as they say, and no more than chance lets lie beside an
    invented claim. What nobody else tells of starts as likely as fusion has it: reports
    of some kinds hold less often than others.
    """
    others = [
        one.log10_likelihood_ratio
        for one in incident.contributions
        if _speaker(one) != speaker and one.channel is not Channel.PARTY
    ]
    seen = basis_of(incident) is Basis.WITNESSED
    most = claims.log10_most_witnessed if seen else claims.log10_most_printed
    told = log10_odds - incident.log10_miss_ratio
    if others:
        told = max(told, fsum(others))
    silence = _log10_silence(incident, claims)
    return Beside(max(LEAST_LOG10, min(most, told)), silence)


def _is_heard(incident: Incident) -> bool:
    """Whether instruments that listen noticed it."""
    keys = (one.independence.partition(":")[0] for one in incident.contributions)
    return any(key in BY_AIR for key in keys)


Scaled = tuple[float, int]  # times a power of two, so that nothing is lost


def _weights(log10_beside: Sequence[float], claims: Claims) -> tuple[Reals, Scaled]:
    """Weights of shares, and how likely all that is.

    Only products and sums, and powers of two: the same on every machine.
    """
    ends = claims.prior_held_cases - 1, claims.prior_failed_cases - 1
    weights: Reals = SHARES ** ends[0] * (1 - SHARES) ** ends[1]
    weights = weights / fsum(weights.tolist())
    powers = 0
    for one in sorted(log10_beside):
        weights = weights * (SHARES * 10.0**one + (1 - SHARES))
        _, power = frexp(weights.max())
        weights, powers = np.ldexp(weights, -power), powers + power
    total = fsum(weights.tolist())
    return weights / total, (total, powers)


def _scaled(value: float) -> Scaled:
    return frexp(value)


def _times(one: Scaled, other: Scaled) -> Scaled:
    part, power = frexp(one[0] * other[0])
    return part, power + one[1] + other[1]


def _p(ratio: float) -> Reals:
    return np.asarray(SHARES * ratio / (SHARES * ratio + 1 - SHARES))


def _words(incident: Incident) -> Iterator[Contribution]:
    return (one for one in incident.contributions if one.channel not in WITNESSED)


def _speaker(one: Contribution) -> Speaker:
    return (one.claimed_by, one.admits) if one.channel is Channel.PARTY else OUTLETS

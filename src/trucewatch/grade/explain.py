"""What moved the odds of a finding, and by how much; what would move them further.

    log odds of a breach = prior + every origin + looks in vain + what exercises taught
                         + cause + act + place + time + excuse

The sum is exact. Evidence adds by itself; each step after it is what the odds were
moved by when the probability was multiplied, in the order a reader asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log10

from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.weigh import p_of
from trucewatch.grade.calibration import Basis, basis_of, log10_odds_of
from trucewatch.grade.claims import speakers_of
from trucewatch.grade.existence import existence
from trucewatch.grade.finding import Finding, Grade
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import Value

SUREST_LOG10 = 6.0  # probabilities are kept to six decimals
STEP_LOG10 = 0.1
MOST_LOG10 = 6.0


@dataclass(frozen=True, slots=True)
class Moved(Value):
    """One thing that moved the odds.

    Attributes:
        what: ``prior``, ``origin``, ``misses``, ``taught``, ``deed``, ``act``,
            ``place``, ``window`` or ``exemption``.
        origin: independence key of the origin; empty for all else.
        log10_odds: by how many decades.
    """

    what: str
    origin: str
    log10_odds: float


@dataclass(frozen=True, slots=True)
class Without(Value):
    """What would be left without one kind of evidence, its place kept."""

    channel: Channel
    p_breach: float


@dataclass(frozen=True, slots=True)
class Further(Value):
    """What one more independent origin of ten to one would do.

    Attributes:
        p_breach: with it.
        log10_to_next: how many decades of new evidence would reach the next grade;
            ``None`` where none is left, or no evidence can.
        next_grade: that grade; empty likewise.
    """

    p_breach: float
    log10_to_next: float | None
    next_grade: str


def account(incident: Incident, finding: Finding) -> tuple[Moved, ...]:
    """What moved the odds of a breach; the decades add up to those odds exactly.

    Odds beyond a million to one either way are told as a million to one.
    """
    rows = [Moved("prior", "", incident.log10_prior_odds)]
    rows += [
        Moved("origin", one.independence, one.log10_likelihood_ratio)
        for one in incident.contributions
    ]
    if incident.log10_miss_ratio:
        rows.append(Moved("misses", "", incident.log10_miss_ratio))
    rows += _multiplied(log10_odds_of(incident), finding)
    return tuple(rows)


def _multiplied(log10_odds: float, finding: Finding) -> Iterator[Moved]:
    p, before = 1.0, log10_odds
    for what, factor in (
        ("taught", finding.p_exists),
        ("deed", finding.p_deed),
        ("act", finding.p_act),
        ("place", finding.p_zone),
        ("window", finding.p_window),
        ("exemption", 1 - finding.p_exempt),
    ):
        p *= factor
        after = log10_of(p)
        if after != before or what == "taught":
            yield Moved(what, "", after - before)
        before = after


def log10_of(p: float) -> float:
    """Log10 odds of a probability, at most a million to one either way."""
    least = 10**-SUREST_LOG10
    kept = min(max(p, least), 1 - least)
    return log10(kept / (1 - kept))


def without_each(
    incident: Incident, finding: Finding, settings: GradeSettings
) -> tuple[Without, ...]:
    """What would be left without each kind of evidence, by kind."""
    channels = sorted({one.channel for one in incident.contributions})
    credit = _credit(incident, finding, settings)
    return tuple(
        Without(
            channel,
            _p_exists(_less(incident, channel), settings, credit) * _p_rest(finding),
        )
        for channel in channels
    )


def further(incident: Incident, finding: Finding, settings: GradeSettings) -> Further:
    """What new evidence would do, all else kept."""
    rungs = (
        (settings.p_possible, Grade.POSSIBLE),
        (settings.p_probable, Grade.PROBABLE),
        (settings.p_verified, Grade.VERIFIED),
    )
    above = [(p, grade) for p, grade in rungs if finding.p_breach < p]
    needed: float | None = None
    if above:
        steps = range(1, round(MOST_LOG10 / STEP_LOG10) + 1)
        enough = (
            n * STEP_LOG10
            for n in steps
            if _p_breach(incident, finding, settings, n * STEP_LOG10) >= above[0][0]
        )
        needed = next(enough, None)
    return Further(
        p_breach=_p_breach(incident, finding, settings, 1.0),
        log10_to_next=needed,
        next_grade="" if needed is None else above[0][1].value,
    )


def _less(incident: Incident, channel: Channel) -> Incident:
    kept = tuple(one for one in incident.contributions if one.channel is not channel)
    gone = log10_odds_of(incident) - log10_odds_of(
        replace(incident, contributions=kept)
    )
    p = p_of(log10_of(incident.p_exists) - gone)
    return replace(incident, contributions=kept, p_exists=p)


def _p_breach(
    incident: Incident, finding: Finding, settings: GradeSettings, log10_more: float
) -> float:
    """The finding's breach, had the incident so many decades more."""
    if basis_of(incident) is not Basis.WITNESSED:
        p = p_of(log10_of(finding.p_exists) + log10_more)
        return p * _p_rest(finding)
    changed = replace(
        incident,
        log10_prior_odds=incident.log10_prior_odds + log10_more,
        p_exists=p_of(log10_of(incident.p_exists) + log10_more),
    )
    credit = _credit(incident, finding, settings)
    return _p_exists(changed, settings, credit) * _p_rest(finding)


def _credit(incident: Incident, finding: Finding, settings: GradeSettings) -> float:
    """Decades that what its speakers said of other things moved it by."""
    alone = existence(incident, settings).p
    return log10_of(finding.p_exists) - log10_of(alone)


def _p_exists(incident: Incident, settings: GradeSettings, log10_more: float) -> float:
    """That it was, with such credit of those who say so; without where nobody does."""
    p = existence(incident, settings).p
    if not speakers_of(incident) or not log10_more:
        return p
    return p_of(log10_of(p) + log10_more)


def _p_rest(finding: Finding) -> float:
    """That it was a breach, if it was."""
    rest = finding.p_deed * finding.p_act * finding.p_zone * finding.p_window
    return rest * (1 - finding.p_exempt)

"""The automatic grade: how far a finding can be relied on before anybody reviewed it.

The first line that fits decides:

1. excused                                                      Discounted
2. denied, or the parties accuse each other                     Contested
3. place too coarse for the clause                              Unverifiable
4. p >= .80, an origin that counts and is no party's echo       Probable
5. p >= .55                                                     Possible
6. nobody watched well enough for silence to count              Unverifiable
7. p < .05 although somebody watched                            Discounted
8. everything else                                              Reported

``p`` is the probability of a breach. Where the reading puts the incident outside its
terms it is the probability that the incident happened: the grade says how good the
evidence is, the standing says what the terms make of it, and readings can be set side
by side. No line gives Verified: that takes a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.finding import ExemptStatus, Grade, Standing
from trucewatch.grade.reasons import Reason
from trucewatch.grade.settings import GradeSettings

WITNESSED = frozenset({Channel.INSTRUMENT, Channel.OBSERVER})


@dataclass(frozen=True, slots=True)
class Support:
    """What the evidence amounts to.

    Attributes:
        origins: independent origins that count.
        channels: kinds of evidence among them.
        may_echo: whether a party says it and nobody but outlets, who may have it from
            that party, stands beside it.
    """

    origins: int
    channels: int
    parties_only: bool
    one_party_only: bool
    witnessed: bool
    may_echo: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Everything the grade depends on, for one finding."""

    p: float
    p_without_strongest: float
    p_covered: float
    standing: Standing
    exempt: ExemptStatus
    denied: bool
    accused: bool
    support: Support


def support_of(incident: Incident, settings: GradeSettings) -> Support:
    """What an incident's contributions amount to."""
    counting = [
        one
        for one in incident.contributions
        if one.log10_likelihood_ratio >= settings.log10_origin
    ]
    speakers = {one.claimed_by for one in incident.contributions if _is_word(one)}
    words = all(_is_word(one) for one in incident.contributions)
    return Support(
        origins=len(counting),
        channels=len({one.channel for one in counting}),
        parties_only=words,
        one_party_only=words and len(speakers) <= 1,
        witnessed=any(one.channel in WITNESSED for one in counting),
        may_echo=bool(speakers)
        and not any(one.channel in WITNESSED for one in incident.contributions),
    )


def automatic_grade(
    held: Held, settings: GradeSettings
) -> tuple[Grade, tuple[Reason, ...]]:
    """The grade, and the reasons that belong to it."""
    grade = _grade(held, settings)
    return grade, tuple(_reasons(grade, held, settings))


def _grade(held: Held, settings: GradeSettings) -> Grade:
    excused = held.exempt is ExemptStatus.EXEMPT
    strong = held.support.origins > 0 and not held.support.may_echo
    watched = held.p_covered >= settings.p_covered
    untestable = held.standing is Standing.UNTESTABLE
    ladder = (
        (excused, Grade.DISCOUNTED),
        (held.denied or held.accused, Grade.CONTESTED),
        (untestable, Grade.UNVERIFIABLE),
        (held.p >= settings.p_probable and strong, Grade.PROBABLE),
        (held.p >= settings.p_possible, Grade.POSSIBLE),
        (not watched, Grade.UNVERIFIABLE),
        (held.p < settings.p_outside, Grade.DISCOUNTED),
    )
    return next((grade for fits, grade in ladder if fits), Grade.REPORTED)


def _reasons(grade: Grade, held: Held, settings: GradeSettings) -> list[Reason]:
    support = held.support
    reasons = {
        Reason.DENIED: held.denied,
        Reason.PARTIES_DISAGREE: held.accused,
        Reason.ONE_PARTY_ONLY: support.one_party_only,
        Reason.PARTIES_ONLY: support.parties_only and not support.one_party_only,
        Reason.SINGLE_ORIGIN: support.origins == 1,
        Reason.NOT_COVERED: held.p_covered < settings.p_covered,
        Reason.NOT_SUPPORTED: grade is Grade.DISCOUNTED
        and held.exempt is not ExemptStatus.EXEMPT,
        Reason.NEEDS_REVIEW: grade is Grade.PROBABLE and _is_strong(held, settings),
    }
    return [reason for reason, fits in reasons.items() if fits]


def _is_strong(held: Held, settings: GradeSettings) -> bool:
    """Whether review alone stands between the finding and Verified (MODEL 6.2)."""
    return (
        held.p >= settings.p_verified
        and held.support.origins >= 2
        and held.support.channels >= 2
        and held.support.witnessed
        and held.p_without_strongest >= settings.p_without_strongest
    )


def _is_word(one: Contribution) -> bool:
    return one.channel is Channel.PARTY

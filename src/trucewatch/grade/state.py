"""Answers, evidence and coverage put together into one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.grade.attribute import weighed
from trucewatch.grade.covered import Covered
from trucewatch.grade.denial import denials
from trucewatch.grade.finding import Attribution, ExemptStatus, Finding, Standing
from trucewatch.grade.reliance import Held, automatic_grade, support_of
from trucewatch.grade.rule import Answer, Question
from trucewatch.grade.settings import GradeSettings
from trucewatch.grade.severity import severity_of
from trucewatch.grade.venn_abers import Interval
from trucewatch.plugin import load, names
from trucewatch.record import RecordId

RULES = "trucewatch.grade.rules"
P_ON_SITE = 0.5  # from here an act counts as one on a protected site


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rules say of one incident under one reading of one clause."""

    act: Answer
    deed: Answer
    place: Answer
    window: Answer
    exemption: Answer

    @property
    def p_terms(self) -> float:
        """That the incident, if it happened, falls under the terms."""
        return self.act.p * self.place.p * self.window.p

    @property
    def is_far(self) -> bool:
        """Whether act or place alone surely keep the incident away from the clause."""
        elsewhere = self.place.testable and round(self.place.p, 6) == 0
        return elsewhere or round(self.act.p, 6) == 0

    @property
    def each(self) -> tuple[Answer, ...]:
        """The answers in the order a reader asks."""
        return self.act, self.deed, self.place, self.window, self.exemption


@dataclass(frozen=True, slots=True)
class Brief:
    """One incident and what does not depend on clause or reading.

    Attributes:
        exists: how likely it is to have been; ``without`` its strongest origin.
        deed: that it was an attack, given that it was no announced work.
    """

    incident: Incident
    exists: Interval
    without: Interval
    deed: Interval
    covered: Covered
    attribution: Attribution
    said: tuple[Observation, ...]


def answers_each(question: Question, incidents: Sequence[Incident]) -> list[Answers]:
    """The answers of every rule, per incident in their order."""
    found = {
        name: load(RULES, name).answers(question, incidents) for name in names(RULES)
    }
    rows = zip(*found.values(), strict=True)
    return [Answers(**dict(zip(found, row, strict=True))) for row in rows]


def finding_of(question: Question, answers: Answers, brief: Brief) -> Finding:
    """The finding on one incident under one reading of one clause."""
    incident, settings = brief.incident, question.settings
    held, denied = _held(question, answers, brief)
    grade, reasons = automatic_grade(held, settings)
    protected = bool(question.clause.sites) and answers.place.p >= P_ON_SITE
    p_rest = answers.p_terms * (1 - answers.exemption.p)
    exists, deed = brief.exists, brief.deed
    p_breach = exists.p * deed.p * p_rest
    return Finding(
        incident=incident.id,
        incident_name=incident.name,
        agreement=question.agreement.id,
        version=question.agreement.version,
        clause=question.clause.id,
        reading=question.reading,
        standing=held.standing,
        p_exists=exists.p,
        p_exists_low=exists.p_low,
        p_exists_high=exists.p_high,
        p_act=answers.act.p,
        p_deed=answers.deed.p,
        p_zone=answers.place.p,
        p_window=answers.window.p,
        p_exempt=answers.exemption.p,
        p_breach=p_breach,
        p_breach_low=exists.p_low * deed.p_low * p_rest,
        p_breach_high=exists.p_high * deed.p_high * p_rest,
        p_without_strongest=brief.without.p * deed.p * p_rest,
        independent_origins=held.support.origins,
        independent_channels=held.support.channels,
        exempt_status=held.exempt,
        exempt_kind=answers.exemption.exempt_kind,
        severity=severity_of(incident, protected, held.exempt is ExemptStatus.EXEMPT),
        grade=grade,
        attribution=weighed(
            brief.attribution, p_breach, settings.p_probable, conflicts=held.accused
        ),
        reasons=(*(r for answer in answers.each for r in answer.reasons), *reasons),
        derived_from=_sources(question, answers, brief, denied),
    )


def _held(
    question: Question, answers: Answers, brief: Brief
) -> tuple[Held, tuple[RecordId, ...]]:
    """What the grade depends on, and the denials among it."""
    incident, settings = brief.incident, question.settings
    denied = denials(incident, question.clause.binds, brief.said)
    standing = _standing(answers, settings)
    outside = standing is Standing.OUTSIDE
    share = (1 if outside else answers.p_terms) * (1 - answers.exemption.p)
    share *= brief.deed.p
    held = Held(
        p=brief.exists.p * share,
        p_without_strongest=brief.without.p * share,
        p_covered=brief.covered.p,
        standing=standing,
        exempt=_exempt(answers.exemption.p, settings),
        denied=bool(denied),
        accused=_accuse_each_other(incident),
        support=support_of(incident, settings),
    )
    return held, denied


def _sources(
    question: Question,
    answers: Answers,
    brief: Brief,
    denied: tuple[RecordId, ...],
) -> tuple[RecordId, ...]:
    return (
        brief.incident.id,
        question.agreement.id,
        question.settings.id,
        *answers.exemption.sources,
        *denied,
        *brief.covered.sources,
    )


def _standing(answers: Answers, settings: GradeSettings) -> Standing:
    """Where the incident lies against the terms; time or act alone can exclude it."""
    excluded = answers.window.p * answers.act.p <= settings.p_outside
    if not answers.place.testable:
        return Standing.OUTSIDE if excluded else Standing.UNTESTABLE
    if answers.p_terms <= settings.p_outside:
        return Standing.OUTSIDE
    inside = answers.p_terms >= settings.p_inside
    return Standing.INSIDE if inside else Standing.UNDECIDED


def _exempt(p_exempt: float, settings: GradeSettings) -> ExemptStatus:
    if p_exempt >= settings.p_inside:
        return ExemptStatus.EXEMPT
    undecided = p_exempt > settings.p_outside
    return ExemptStatus.POSSIBLE if undecided else ExemptStatus.NONE


def _accuse_each_other(incident: Incident) -> bool:
    """Whether two parties each say that the other did it."""
    claims = [one for one in incident.contributions if one.channel is Channel.PARTY]
    pairs = {(one.claimed_by, one.against) for one in claims if one.against}
    return any((against, speaker) in pairs for speaker, against in sorted(pairs))

"""Every incident against every clause as each reading has it.

1. incidents are put beside the version in force at their time
2. what each rests on, its odds and what its speakers' other claims were worth give
   how likely it is to have been; what was heard all around how likely it was an attack
3. every rule answers its question for one clause, one reading, all incidents
4. the answers multiply to the probability of a breach and give the standing
5. evidence, coverage, excuses and denials give the grade

A clause is left out for an incident that, under every reading, is surely another act
or surely elsewhere. Time alone never leaves a finding out, so that readings with
different windows stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from trucewatch.agreement.terms import Agreement, Versions, version_at
from trucewatch.collect.observation import Notice, Observation
from trucewatch.completeness.coverage import Coverage
from trucewatch.fuse.incident import Incident
from trucewatch.grade.as_read import questions
from trucewatch.grade.attribute import attributions
from trucewatch.grade.causes import Causes, causes_of
from trucewatch.grade.claims import credits_of
from trucewatch.grade.covered import covered_each
from trucewatch.grade.denial import is_denial
from trucewatch.grade.existence import existence, without_strongest
from trucewatch.grade.finding import Finding
from trucewatch.grade.settings import GradeSettings
from trucewatch.grade.state import Brief, answers_each, finding_of


def grade(
    incidents: Sequence[Incident],
    versions: Versions,
    notices: Sequence[Observation],
    coverage: Sequence[Coverage],
    settings: GradeSettings,
) -> tuple[Finding, ...]:
    """Findings of all incidents, sorted by incident, clause and reading.

    ``notices`` are observations of announced activity and of what parties said; of
    the latter only denials count.

    Raises:
        AgreementError: if a clause names a zone, line or list that does not exist.
    """
    ordered = sorted(incidents, key=lambda one: (one.time.begin, one.id))
    announced = sorted(notices, key=lambda one: one.id)
    beside: dict[str, tuple[Agreement, list[Incident]]] = {}
    for one in ordered:
        version = version_at(versions, one.time.begin)
        beside.setdefault(version.id, (version, []))[1].append(one)
    found: list[Finding] = []
    for agreement, group in beside.values():
        zone = ZoneInfo(agreement.local_zone)
        causes = causes_of(group, settings.calibration, zone)
        briefs = _briefs(agreement, group, (announced, coverage), (causes, settings))
        found.extend(_findings(agreement, briefs, announced, (causes, settings)))
    rank = {one.id: n for n, one in enumerate(ordered)}
    return tuple(sorted(found, key=lambda f: (rank[f.incident], f.clause, f.reading)))


def _briefs(
    agreement: Agreement,
    incidents: Sequence[Incident],
    known: tuple[Sequence[Observation], Sequence[Coverage]],
    method: tuple[Causes, GradeSettings],
) -> list[Brief]:
    (notices, coverage), (causes, settings) = known, method
    said = tuple(one for one in notices if is_denial(one.result))
    covered = covered_each(agreement, incidents, coverage)
    sides = attributions(agreement, incidents)
    learnt = settings.calibration
    credits = credits_of(incidents, learnt.claims) if learnt else None
    return [
        Brief(
            incident=one,
            exists=existence(one, settings, credits),
            without=without_strongest(one, settings, credits),
            deed=causes[one.id].deed,
            covered=seen,
            attribution=side,
            said=said,
        )
        for one, seen, side in zip(incidents, covered, sides, strict=True)
    ]


def _findings(
    agreement: Agreement,
    briefs: Sequence[Brief],
    notices: Sequence[Observation],
    method: tuple[Causes, GradeSettings],
) -> Iterator[Finding]:
    causes, settings = method
    announced = [one for one in notices if isinstance(one.result, Notice)]
    incidents = [one.incident for one in briefs]
    for clause in agreement.clauses:
        asked = list(questions(agreement, clause, announced, settings, causes))
        answered = [answers_each(question, incidents) for question in asked]
        for n, brief in enumerate(briefs):
            if all(answers[n].is_far for answers in answered):
                continue
            for question, answers in zip(asked, answered, strict=True):
                yield finding_of(question, answers[n], brief)

"""What a day says of a clause in a sector: breaches, or silence and what it is worth.

For each reading under which the clause was in force: how many breaches were seen, how
well one would have been noticed, and the rate that breaches stay below. Silence where
nobody watched is no compliance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import share_in_force
from trucewatch.completeness.coverage import Coverage
from trucewatch.completeness.rate import Watched, rate_bound_per_day
from trucewatch.grade.as_read import questions
from trucewatch.grade.finding import Finding
from trucewatch.grade.rule import Question
from trucewatch.grade.settings import GradeSettings
from trucewatch.period import Period
from trucewatch.record import Record, RecordId

DAY_S = 86_400.0
LEAST_IN_FORCE = 0.001  # share of a period below which an edge merely touches it
COVERAGE_TRIALS = 20  # of a Beta law a stated chance of noticing is taken to be worth


class Kept(StrEnum):
    """What can be said of a clause in a sector and period."""

    VIOLATED = "violated"  # at least one Verified breach
    UNRESOLVED = "unresolved"  # breaches seen, none of them Verified
    NONE_SEEN = "none_seen"  # and the rate stays below the bound
    NOT_MONITORED = "not_monitored"  # silence proves nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance(Record):
    """A clause under one reading, in one sector and period.

    Attributes:
        sector: id of the zone; empty for everywhere.
        exposure_days: how long the clause was in force in the period.
        p_detect: least chance, over the acts prohibited, that the best procedure would
            have noticed one.
        seen: incidents that more likely than not breached the clause.
        false_per_day: how many of them are expected to be none, per day in force.
        bound_per_day: rate of breaches, seen or not, that holds with 95 %; ``None``
            where nothing bounds it.
        monitored: whether silence begins to count: ``p_detect`` reaches ``p_covered``.
        findings: those that were counted.
    """

    agreement: RecordId
    sector: str
    clause: str
    reading: str
    period: Period
    exposure_days: float
    p_detect: float
    seen: int
    false_per_day: float
    bound_per_day: float | None
    monitored: bool
    findings: tuple[RecordId, ...]


def kept(monitored: bool, seen: int, *, verified: bool) -> Kept:
    """What stands of a clause after so many breaches seen, one verified or none."""
    if seen and verified:
        return Kept.VIOLATED
    if seen:
        return Kept.UNRESOLVED
    return Kept.NONE_SEEN if monitored else Kept.NOT_MONITORED


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one period.

    Attributes:
        sector_of: the sector each incident of the period is counted in; an incident
            in none has an empty one, an incident of another period is not there.
    """

    period: Period
    sectors: tuple[str, ...]
    sector_of: Mapping[RecordId, str]
    findings: Sequence[Finding]
    coverage: Sequence[Coverage]


def comply(
    agreement: Agreement, day: Day, settings: GradeSettings
) -> tuple[Compliance, ...]:
    """One record per sector, clause and reading that was in force in the period.

    Records follow the order of sectors, clauses and readings.
    """
    counted = _counted(day, settings)
    chances = _chances(day)
    return tuple(
        row
        for sector in day.sectors
        for clause in agreement.clauses
        for question in questions(agreement, clause, (), settings)
        for row in _rows(question, sector, day, (counted, chances))
    )


def _counted(day: Day, settings: GradeSettings) -> dict[tuple[str, str], list[Finding]]:
    """Findings of the period that more likely than not are breaches."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in sorted(day.findings, key=lambda f: f.id):
        if one.incident in day.sector_of and one.p_breach >= settings.p_possible:
            found.setdefault((one.clause, one.reading), []).append(one)
    return found


def _chances(day: Day) -> dict[tuple[str, str], tuple[float, RecordId]]:
    """The best procedure's chance of noticing, by sector and act, and its record.

    The best, not the union: procedures may be blind for the same reason.
    """
    best: dict[tuple[str, str], tuple[float, RecordId]] = {}
    for one in day.coverage:
        if one.period == day.period:
            key, mine = (one.sector, one.act.value), (one.p_detect, one.id)
            best[key] = max(best.get(key, mine), mine)
    return best


def _rows(
    question: Question,
    sector: str,
    day: Day,
    known: tuple[
        dict[tuple[str, str], list[Finding]],
        dict[tuple[str, str], tuple[float, RecordId]],
    ],
) -> Iterator[Compliance]:
    counted, chances = known
    in_force = share_in_force(question.windows, day.period)
    days = in_force * day.period.duration_s / DAY_S
    if not question.applies or in_force < LEAST_IN_FORCE:
        return
    acts = [chances.get((sector, a.value)) for a in question.clause.prohibits]
    p, source = min((one or (0.0, RecordId("")) for one in acts), default=(0.0, ""))
    mine = [
        one
        for one in counted.get((question.clause.id, question.reading), ())
        if not sector or day.sector_of[one.incident] == sector
    ]
    false_per_day = sum(1.0 - one.p_breach for one in mine) / days
    watched = Watched(
        exposure_days=days,
        p_detect=p,
        trials=COVERAGE_TRIALS,
        false_per_day=false_per_day,
    )
    bound = rate_bound_per_day(len(mine), watched)
    yield Compliance(
        agreement=question.agreement.id,
        sector=sector,
        clause=question.clause.id,
        reading=question.reading,
        period=day.period,
        exposure_days=days,
        p_detect=p,
        seen=len(mine),
        false_per_day=false_per_day,
        bound_per_day=bound if isfinite(bound) else None,
        monitored=p >= question.settings.p_covered,
        findings=tuple(one.id for one in mine),
        derived_from=(*((source,) if source else ()), *(one.id for one in mine)),
    )

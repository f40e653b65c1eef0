"""Clauses by sector and reading, as a release may say whether they were kept."""

from __future__ import annotations

from trucewatch.grade.compliance import Compliance, kept
from trucewatch.grade.finding import Grade
from trucewatch.grade.reviewed import reviewed_grade
from trucewatch.record import RecordId
from trucewatch.share.bulletin import ComplianceRow, Dossier, Order
from trucewatch.share.rows import released
from trucewatch.share.select import Chosen


def compliance_rows(
    chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[ComplianceRow, ...]:
    """One row per sector, clause and reading in force, in the agreement's order.

    At reviewed stages a decision that makes or unmakes a breach counts.
    """
    verified, dropped = _decided(chosen, dossier)
    known = [one for one in dossier.compliance if one.period == order.period]
    rank = {clause.id: n for n, clause in enumerate(chosen.agreement.clauses)}
    known.sort(key=lambda one: (one.sector, rank.get(one.clause, 0), one.reading))
    return tuple(_row(one, verified, dropped) for one in known)


def _row(
    one: Compliance, verified: frozenset[RecordId], dropped: frozenset[RecordId]
) -> ComplianceRow:
    left = [finding for finding in one.findings if finding not in dropped]
    sure = any(finding in verified for finding in left)
    standing = kept(one.monitored, len(left), verified=sure)
    return ComplianceRow(
        sector=one.sector,
        clause=one.clause,
        reading=one.reading,
        kept=standing.value,
        seen=len(left),
        in_force_days=round(one.exposure_days, 3),
        p_detect=released(one.p_detect),
        bound_per_day=None if one.bound_per_day is None else _up(one.bound_per_day),
    )


def _up(bound_per_day: float) -> float:
    """Two figures, upwards: a bound is never printed lower than it is."""
    step = 0.01 if bound_per_day < 1 else 0.1 if bound_per_day < 10 else 1.0
    return round(-(-bound_per_day // step) * step, 2)


def _decided(
    chosen: Chosen, dossier: Dossier
) -> tuple[frozenset[RecordId], frozenset[RecordId]]:
    """Findings that a person verified, and those a person did away with."""
    verified, dropped = set(), set()
    for one in dossier.findings:
        decision = chosen.decisions.get(one.id)
        if decision is None:
            continue
        grade = reviewed_grade(one, decision.verdict)
        if grade is Grade.VERIFIED:
            verified.add(one.id)
        if grade is Grade.DISCOUNTED or decision.verdict.value == "merged":
            dropped.add(one.id)
    return frozenset(verified), frozenset(dropped)

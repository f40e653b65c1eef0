"""Pick from a dossier what concerns one period and was known at its cut-off."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.agreement.taxonomy import FIRING_ACTS
from trucewatch.agreement.terms import Agreement, version_at
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Observation, Statement
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Finding
from trucewatch.period import Period
from trucewatch.place import Area, Place
from trucewatch.record import RecordId
from trucewatch.review.decision import Decision
from trucewatch.share.bulletin import Dossier, Order
from trucewatch.share.release import FIRING_DELAY_S

# Least share of firing acts at which an incident shown with its place is given a
# cell as coarse as that of firing.
PERHAPS_FIRING = 0.05
# Levels of named areas that are far larger than any released cell.
WIDE_LEVELS = ("country", "province", "district")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one bulletin speaks about, each part in a total order.

    Attributes:
        incidents: of the period, those that may be firing left out.
        before: all incidents of the equally long period before.
        firing: of the period, those that may be firing.
        firing_shown: of the period and the one before, those old enough to show.
        findings: by incident id.
        decisions: the last one by finding id; empty at automatic stages.
        statements: observations whose result is a statement.
        sectors_of: sector id by incident id; absent means in no sector.
    """

    agreement: Agreement
    incidents: tuple[Incident, ...]
    before: tuple[Incident, ...]
    firing: tuple[Incident, ...]
    firing_shown: tuple[Incident, ...]
    findings: dict[RecordId, tuple[Finding, ...]]
    decisions: dict[RecordId, Decision]
    statements: tuple[Observation, ...]
    deliveries: tuple[Delivery, ...]
    sectors_of: dict[RecordId, str]


def choose(dossier: Dossier, order: Order) -> Chosen:
    """What concerns ``order.period`` and was known at ``order.cutoff``."""
    earlier = period_before(order.period)
    known = [one for one in dossier.incidents if one.time.begin < order.cutoff]
    known.sort(key=lambda one: (one.time.begin, one.time.end, one.name, one.id))
    now = [one for one in known if counted_in(one.time, order.period)]
    before = [one for one in known if counted_in(one.time, earlier)]
    old = [one for one in (*before, *now) if _old_enough(one, order)]
    return Chosen(
        agreement=version_at(dossier.versions, order.period.begin),
        incidents=tuple(one for one in now if not may_be_firing(one)),
        before=tuple(before),
        firing=tuple(one for one in now if may_be_firing(one)),
        firing_shown=tuple(one for one in old if may_be_firing(one)),
        findings=_findings(dossier),
        decisions=_decisions(dossier, order),
        statements=_statements(dossier, order),
        deliveries=_deliveries(dossier, order),
        sectors_of=dossier.sectors_of,
    )


def period_before(period: Period) -> Period:
    """The equally long period that ends where this one begins."""
    return Period(period.begin - (period.end - period.begin), period.begin)


def counted_in(time: Period, period: Period) -> bool:
    """Whether the middle of ``time`` lies in ``period``: true of one day only."""
    return period.contains(time.begin + (time.end - time.begin) / 2)


def p_firing(incident: Incident) -> float:
    """Probability that the incident, if it happened, was an act of firing."""
    return min(1.0, sum(one.p for one in incident.acts if one.act in FIRING_ACTS))


def may_be_firing(incident: Incident) -> bool:
    """Whether it has a place and firing is no less probable than any other act.

    All firing acts are taken together. A raid claimed without a place, or for a
    country, province or district, says nothing of where anybody fires from and is
    shown like any other incident.
    """
    wide = isinstance(incident.place, Area) and incident.place.level in WIDE_LEVELS
    if wide or not isinstance(incident.place, Area | Place):
        return False
    others = [one.p for one in incident.acts if one.act not in FIRING_ACTS]
    return p_firing(incident) >= max(others, default=0.0)


def only_claimed(incident: Incident) -> bool:
    """Whether nothing but the word of parties speaks for it."""
    return all(one.claimed_by for one in incident.contributions)


def _old_enough(incident: Incident, order: Order) -> bool:
    age_s = (order.cutoff - incident.time.end).total_seconds()
    return age_s >= FIRING_DELAY_S


def _findings(dossier: Dossier) -> dict[RecordId, tuple[Finding, ...]]:
    found: dict[RecordId, list[Finding]] = {}
    for one in sorted(dossier.findings, key=lambda f: (f.clause, f.reading, f.id)):
        found.setdefault(one.incident, []).append(one)
    return {incident: tuple(those) for incident, those in found.items()}


def _decisions(dossier: Dossier, order: Order) -> dict[RecordId, Decision]:
    if order.stage.automatic:
        return {}
    known = [one for one in dossier.decisions if one.decided <= order.cutoff]
    known.sort(key=lambda one: (one.decided, one.id))
    return {one.finding: one for one in known}


def _statements(dossier: Dossier, order: Order) -> tuple[Observation, ...]:
    """Statements about the period, or made known since its beginning of days before."""
    chosen = [
        one
        for one in dossier.observations
        if isinstance(one.result, Statement)
        and one.result_time.begin < order.cutoff
        and one.phenomenon_time.begin < order.period.end
        and max(one.phenomenon_time.end, one.result_time.end) > order.period.begin
    ]
    chosen.sort(key=lambda one: (one.result_time.begin, one.id))
    return tuple(chosen)


def _deliveries(dossier: Dossier, order: Order) -> tuple[Delivery, ...]:
    known = (
        one
        for one in dossier.deliveries
        if one.received is None or one.received <= order.cutoff
    )
    return tuple(sorted(known, key=lambda one: (one.source, one.name, one.sha256)))

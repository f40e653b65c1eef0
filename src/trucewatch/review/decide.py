"""Turn a reviewer's orders, single or in bulk, into one decision per finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Attributed, Finding
from trucewatch.record import RecordId
from trucewatch.review.decision import Decision, Verdict


@dataclass(frozen=True, slots=True)
class Selector:
    """Which findings an order is about; an empty field selects all.

    Attributes:
        channel: a kind of evidence that contributes to the incident.
        incident: stable name of the incident.
    """

    clause: str = ""
    reading: str = ""
    grade: str = ""
    standing: str = ""
    channel: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """What a reviewer says of every finding a selector picks.

    Attributes:
        attribution: how far the reviewer holds ``side`` (``line/held``) responsible.
    """

    select: Selector
    verdict: Verdict
    reason: str
    attribution: Attributed = Attributed.NOT
    side: str = ""


def decide(
    orders: Sequence[ReviewOrder],
    findings: Sequence[Finding],
    incidents: Mapping[RecordId, Incident],
    reviewer: str,
    decided: datetime,
) -> tuple[Decision, ...]:
    """One decision for every finding an order picks, by the first that picks it.

    A finding that no order picks stays undecided: that is not a decision.

    Raises:
        ValueError: if an order that picks names a side but cannot attribute.
    """
    made = []
    for finding in findings:
        incident = incidents[finding.incident]
        fits = (one for one in orders if _picks(one.select, finding, incident))
        order = next(fits, None)
        if order is not None:
            made.append(
                Decision(
                    finding=finding.id,
                    verdict=order.verdict,
                    reviewer=reviewer,
                    reason=order.reason,
                    decided=decided,
                    attribution=order.attribution,
                    side=order.side,
                    derived_from=(finding.id,),
                )
            )
    return tuple(made)


def _picks(select: Selector, finding: Finding, incident: Incident) -> bool:
    channels = {one.channel for one in incident.contributions}
    asked = (
        (select.clause, {finding.clause}),
        (select.reading, {finding.reading}),
        (select.grade, {finding.grade}),
        (select.standing, {finding.standing}),
        (select.channel, channels),
        (select.incident, {incident.name}),
    )
    return all(not wanted or wanted in given for wanted, given in asked)

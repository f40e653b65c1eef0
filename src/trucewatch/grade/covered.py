"""How well anybody watched where and when an incident is said to have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.agreement.taxonomy import is_a
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_inside_each
from trucewatch.completeness.coverage import Coverage
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place
from trucewatch.record import RecordId

IN_SECTOR = 0.5  # a place belongs to the sectors it more likely than not lies in


@dataclass(frozen=True, slots=True)
class Covered:
    """The chance of having been noticed, and the coverage it was read from."""

    p: float = 0.0
    sources: tuple[RecordId, ...] = ()


def covered_each(
    agreement: Agreement, incidents: Sequence[Incident], coverage: Sequence[Coverage]
) -> list[Covered]:
    """For each incident the best chance that one procedure would have noticed it.

    The best, not the union: procedures may be blind for the same reason. Coverage of
    part of the incident's time counts for that part.
    """
    sectors = _sectors_each(agreement, incidents, coverage)
    return [
        _best(incident, [c for c in coverage if c.sector in inside])
        for incident, inside in zip(incidents, sectors, strict=True)
    ]


def _sectors_each(
    agreement: Agreement, incidents: Sequence[Incident], coverage: Sequence[Coverage]
) -> list[set[str]]:
    known = {zone.id for zone in agreement.zones}
    inside = [{""} for _ in incidents]
    rows = [n for n, one in enumerate(incidents) if isinstance(one.place, Place)]
    places = [one.place for one in incidents if isinstance(one.place, Place)]
    for sector in sorted({one.sector for one in coverage} & known):
        chances = p_inside_each(agreement, (sector,), places).tolist()
        for row, p in zip(rows, chances, strict=True):
            if p >= IN_SECTOR:
                inside[row].add(sector)
    return inside


def _best(incident: Incident, coverage: Sequence[Coverage]) -> Covered:
    act = incident.acts[0].act
    chances = [
        (one.p_detect * incident.time.overlap_s(one.period), one.id)
        for one in coverage
        if is_a(act, one.act) or is_a(one.act, act)
    ]
    p_seconds, name = max(chances, default=(0.0, RecordId("")))
    if p_seconds <= 0:
        return Covered()
    return Covered(p_seconds / incident.time.duration_s, (name,))

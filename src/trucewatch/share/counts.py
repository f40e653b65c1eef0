"""Counts by sector, this period beside the one before, claims apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import ExemptStatus
from trucewatch.record import RecordId
from trucewatch.share.bulletin import CountRow, Sector
from trucewatch.share.select import Chosen, may_be_firing, only_claimed

FIRING = "firing"  # stands for a sector: firing is never counted by place


@dataclass(frozen=True, slots=True)
class _Tally:
    incidents: int
    units: int


def count_rows(chosen: Chosen, sectors: tuple[Sector, ...]) -> tuple[CountRow, ...]:
    """One row per sector in the mission's order, then none, then firing.

    Units are the kinetic units somebody counted; an incident nobody counted adds an
    incident and no unit. What only parties claim is in no number but the claimed.
    """
    ids = tuple(dict.fromkeys((*(one.id for one in sectors), "", FIRING)))
    now = (*chosen.incidents, *chosen.firing)
    return tuple(
        _row(
            sector,
            [one for one in now if _sector(one, chosen) == sector],
            [one for one in chosen.before if _sector(one, chosen) == sector],
            chosen,
        )
        for sector in ids
    )


def _sector(incident: Incident, chosen: Chosen) -> str:
    if may_be_firing(incident):
        return FIRING
    return chosen.sectors_of.get(incident.id, "")


def _row(
    sector: str, now: list[Incident], before: list[Incident], chosen: Chosen
) -> CountRow:
    recorded = [one for one in now if not only_claimed(one)]
    claimed = _tally(one for one in now if only_claimed(one))
    earlier = _tally(one for one in before if not only_claimed(one))
    return CountRow(
        sector=sector,
        incidents=len(recorded),
        units=_tally(recorded).units,
        explosions=_tally(one for one in recorded if _explosion(one)).units,
        exempt_units=_tally(o for o in recorded if _exempt(o.id, chosen)).units,
        incidents_before=earlier.incidents,
        units_before=earlier.units,
        claimed_incidents=claimed.incidents,
        claimed_units=claimed.units,
    )


def _tally(incidents: Iterable[Incident]) -> _Tally:
    units = [one.units_best for one in incidents]
    return _Tally(len(units), sum(units))


def _explosion(incident: Incident) -> bool:
    likeliest = max(incident.acts, key=lambda one: (one.p, one.act))
    return is_a(likeliest.act, Act.EXPLOSION)


def _exempt(incident: RecordId, chosen: Chosen) -> bool:
    findings = chosen.findings.get(incident, ())
    return any(one.exempt_status is ExemptStatus.EXEMPT for one in findings)

"""Whether a party denied an incident."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.collect.observation import (
    Observation,
    Result,
    Statement,
    StatementKind,
)
from trucewatch.detect.ellipse import offset_m
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place
from trucewatch.record import RecordId


def is_denial(result: Result) -> bool:
    """Whether it is a statement that denies something."""
    return isinstance(result, Statement) and result.kind is StatementKind.DENIAL


def denials(
    incident: Incident, binds: Sequence[str], said: Sequence[Observation]
) -> tuple[RecordId, ...]:
    """Ids of the denials that concern an incident.

    A denial of a place counts where the ellipses can meet, from any party the clause
    binds. A denial without a place counts only from the party that is accused, and
    only where nothing but words supports the incident.
    """
    return tuple(sorted(one.id for one in said if _concerns(one, incident, binds)))


def _concerns(one: Observation, incident: Incident, binds: Sequence[str]) -> bool:
    said = one.result
    if not isinstance(said, Statement) or said.kind is not StatementKind.DENIAL:
        return False
    if not one.phenomenon_time.overlaps(incident.time):
        return False
    if isinstance(one.place, Place):
        party = said.speaker == incident.against or said.speaker in binds
        return party and _can_meet(one.place, incident)
    return bool(incident.against) and said.speaker == incident.against


def _can_meet(place: Place, incident: Incident) -> bool:
    if not isinstance(incident.place, Place):
        return False
    east_m, north_m = offset_m(place, incident.place)
    reach_m = place.semi_major_m + incident.place.semi_major_m
    return east_m**2 + north_m**2 <= reach_m**2

"""Why several detections are told as one incident, in numbers a person can check.

Merging is the model's: nothing here decides. The least certain merge stands first, so
that a person looks at it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from trucewatch.detect.detection import Detection
from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.fuse.blend import distance2
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.place import Place
from trucewatch.record import RecordId


@dataclass(frozen=True, slots=True)
class Part:
    """One detection of an incident, beside the incident.

    Attributes:
        name: as a person can name it when ruling that it is another incident.
        away_m: from the incident's place; ``None`` where either has none.
        away_ratio: the same in standard deviations of both places together.
        shared_s: how long its time and the incident's overlap.
        log10_added: what its origin adds to the odds, over all its detections.
        why_one_origin: ties of the lineages it cites; empty for none.
        observations: ids of what it rests on.
    """

    name: str
    detection: RecordId
    independence: str
    away_m: float | None
    away_ratio: float | None
    shared_s: float
    log10_added: float
    why_one_origin: tuple[str, ...]
    observations: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """An incident of two detections or more."""

    incident: Incident
    parts: tuple[Part, ...]

    @property
    def worst_ratio(self) -> float:
        """The farthest part, in standard deviations; 0 where places are unknown."""
        return max((one.away_ratio or 0.0 for one in self.parts), default=0.0)


def merges(
    incidents: Sequence[Incident],
    detections: Mapping[RecordId, Detection],
    lineages: Mapping[RecordId, Lineage],
) -> tuple[Merge, ...]:
    """Incidents made of several detections, the least certain merge first.

    Args:
        incidents: of one picture; those with one detection are left out.
        detections: by id; a hypothesis of a network that is in none is left out.
        lineages: by id.
    """
    made = []
    for incident in incidents:
        parts = tuple(
            _part(incident, detections[name], added.log10_likelihood_ratio, lineages)
            for added in incident.contributions
            for name in added.detections
            if name in detections
        )
        if len(parts) > 1:
            made.append(Merge(incident, parts))
    return tuple(sorted(made, key=lambda m: (-m.worst_ratio, m.incident.id)))


def _part(
    incident: Incident,
    one: Detection,
    log10_added: float,
    lineages: Mapping[RecordId, Lineage],
) -> Part:
    away_m, sigmas = _away(incident, one)
    cited = [lineages[name] for name in one.derived_from if name in lineages]
    ties = {str(link.tie) for lineage in cited for link in lineage.links}
    (cell,) = collapse([one])
    return Part(
        name=cell.name,
        detection=one.id,
        independence=one.independence,
        away_m=away_m,
        away_ratio=sigmas,
        shared_s=one.time.overlap_s(incident.time),
        log10_added=log10_added,
        why_one_origin=tuple(sorted(ties)),
        observations=tuple(n for n in one.derived_from if n.startswith("observation:")),
    )


def _away(incident: Incident, one: Detection) -> tuple[float | None, float | None]:
    here, there = incident.place, one.place
    if not (isinstance(here, Place) and isinstance(there, Place)):
        return None, None
    offset = offset_m(here, there)
    a, b = covariance_of(here), covariance_of(there)
    both = (a[0] + b[0], a[1] + b[1], a[2] + b[2])
    return sqrt(offset[0] ** 2 + offset[1] ** 2), sqrt(distance2(offset, both))

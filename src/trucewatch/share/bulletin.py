"""The bulletin as data, already coarsened: formats can only show what stands here.

Strings are either words of the agreement, codes the catalogue knows, or numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from trucewatch.agreement.terms import Versions
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Observation
from trucewatch.collect.source import Rejection
from trucewatch.completeness.coverage import Coverage
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import Contradiction, Finding
from trucewatch.grade.register import RegisterEntry
from trucewatch.grade.renderings import Difference, Rendering
from trucewatch.period import Period
from trucewatch.record import Record, RecordId, Value
from trucewatch.review.decision import Decision
from trucewatch.share.release import Release, Stage
from trucewatch.share.said import (
    ContradictionRow,
    DifferenceRow,
    RegisterRow,
    SharedRow,
    StatementRow,
)

# The map's page, beside the others; it opens the incident named in its fragment.
MAP_FILE = "map.html"


@dataclass(frozen=True, slots=True)
class Sector(Value):
    """A zone of the agreement by which incidents are counted."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a bulletin is made from, as it stands in the ledger.

    Attributes:
        sectors_of: sector id by incident id; absent means in no sector.
        thresholds: settings in force, ``name=value``, as printed in the bulletin.
    """

    versions: Versions
    sectors: tuple[Sector, ...]
    deliveries: tuple[Delivery, ...]
    rejections: tuple[Rejection, ...]
    observations: tuple[Observation, ...]
    acquisitions: tuple[Acquisition, ...]
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    decisions: tuple[Decision, ...]
    coverage: tuple[Coverage, ...]
    sectors_of: dict[RecordId, str]
    thresholds: tuple[str, ...] = ()
    compliance: tuple[Compliance, ...] = ()
    lineages: tuple[Lineage, ...] = ()
    differences: tuple[Difference, ...] = ()
    renderings: tuple[Rendering, ...] = ()
    register: tuple[RegisterEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Order(Value):
    """Which bulletin is wanted.

    Attributes:
        period: the day it speaks of.
        cutoff: information cut-off; later records are left out.
        zone: IANA zone of the mission's local days.
    """

    mission: str
    title: str
    period: Period
    cutoff: datetime
    stage: Stage
    release: Release
    language: str
    zone: str = "UTC"

    @property
    def day(self) -> str:
        """The local day the period begins on, as ISO 8601."""
        return self.period.begin.astimezone(ZoneInfo(self.zone)).date().isoformat()


@dataclass(frozen=True, slots=True)
class ReadingRow(Value):
    """One reading and how it stands to this bulletin's period.

    Attributes:
        changes: clause id and ``not_applied`` or ``changed``, where it differs.
    """

    id: str
    title: str
    held_by: tuple[str, ...]
    stance: str
    windows: tuple[str, ...]
    in_force_ratio: float  # share of the period in which the terms are in force
    note: str
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CountRow(Value):
    """Counts of one sector in this period and the one before.

    What only a party claims is counted apart from what anybody else recorded.

    Attributes:
        sector: id of the sector, ``""`` for none, ``firing`` for all incidents that
            may be firing, which no sector is given for.
        claimed_incidents: resting on the word of parties alone, as ``claimed_units``.
    """

    sector: str
    incidents: int
    units: int
    explosions: int
    exempt_units: int
    incidents_before: int
    units_before: int
    claimed_incidents: int = 0
    claimed_units: int = 0


@dataclass(frozen=True, slots=True)
class OriginRow(Value):
    """One independent origin of evidence, as far as this release may show it."""

    label: str  # the independence key, or ``origin 1`` where sources are not named
    channel: str
    log10_likelihood_ratio: float
    detections: int
    claimed_by: str


@dataclass(frozen=True, slots=True)
class MovedRow(Value):
    """What moved the odds of a breach, and by how many decades, to a tenth."""

    what: str  # ``prior``, the label of an origin, ``misses``, ``taught``, a question
    log10_odds: float


@dataclass(frozen=True, slots=True)
class FindingRow(Value):
    """One finding as released."""

    id: str
    clause: str
    reading: str
    standing: str
    p_act: float
    p_zone: float
    p_window: float
    p_exempt: float
    p_breach: float
    word: str  # catalogue code of the ICD 203 likelihood word
    grade: str
    grade_automatic: str
    severity: str
    exempt_status: str
    independent_origins: int
    independent_channels: int
    attribution: str  # ``withheld`` at automatic stages
    attributed_to: str  # party id, only at R and Final and when confirmed
    verdict: str  # empty where nobody has reviewed it
    reasons: tuple[str, ...]
    p_without_strongest: float = 0.0
    reviewer_reason: str = ""  # in the reviewer's own words
    p_deed: float = 1.0
    p_breach_low: float | None = None
    p_breach_high: float | None = None
    moved: tuple[MovedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentRow(Value):
    """One incident as released: already coarse.

    Attributes:
        located: ``point``, ``area`` or ``unlocated``.
        lat_deg: centre of the released cell; ``None`` unless a point.
        cell_deg: side of the released cell in degrees; 0 unless a point.
        semi_major_m: 90 % ellipse, widened by the cell; 0 unless a point.
        area: name of the area; empty unless an area.
    """

    id: str
    name: str
    begin: datetime
    end: datetime
    located: str
    lat_deg: float | None
    lon_deg: float | None
    cell_deg: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_deg: float
    area: str
    sector: str
    acts: tuple[str, ...]  # most probable first
    p_acts: tuple[float, ...]
    units_low: int
    units_best: int
    units_high: int
    p_exists: float
    word: str
    origins: tuple[OriginRow, ...]
    context: int  # how many context detections are near in time
    findings: tuple[FindingRow, ...]
    p_exists_low: float | None = None
    p_exists_high: float | None = None


@dataclass(frozen=True, slots=True)
class FiringRow(Value):
    """Incidents that may be firing: a mass per side and coarse cell, never a place."""

    lat_deg: float
    lon_deg: float
    cell_deg: float
    line: str
    held: str
    incidents: int
    p_mass: float


@dataclass(frozen=True, slots=True)
class CoverageRow(Value):
    """What one procedure could have noticed in one sector."""

    sector: str
    procedure: str
    act: str
    watch: str
    p_detect: float
    watched_ratio: float
    acquisitions: int
    observations: int


@dataclass(frozen=True, slots=True)
class ComplianceRow(Value):
    """What can be said of one clause in one sector under one reading.

    Attributes:
        kept: ``violated``, ``unresolved``, ``none_seen`` or ``not_monitored``.
        seen: incidents that more likely than not breached it.
        in_force_days: how long it was in force in the period.
        p_detect: chance that one breach would have been noticed.
        bound_per_day: breaches a day, seen or not, stay below it with 95 %; ``None``
            where nothing bounds them.
    """

    sector: str
    clause: str
    reading: str
    kept: str
    seen: int
    in_force_days: float
    p_detect: float
    bound_per_day: float | None


@dataclass(frozen=True, slots=True)
class InterferenceRow(Value):
    """What kept the mission from seeing.

    Attributes:
        what: why looks of a procedure failed, or an act such as ``jamming``.
        procedure: the procedure that failed; empty for acts.
        hours_lost: of looking, over all footprints; 0 for acts.
        held_by: party that held the ground, as delivered; empty for unknown.
        doubt: why the terms do not bear that out, a code of ``held.Doubt``; else empty.
    """

    what: str
    procedure: str
    occasions: int
    hours_lost: int
    held_by: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRow(Value):
    """One delivery the bulletin rests on."""

    source: str
    name: str
    sha256: str
    rejected: int
    licence: str


@dataclass(frozen=True, slots=True)
class ShapeRow(Value):
    """A line or zone of the agreement as GeoJSON text, coarsened.

    Attributes:
        what: ``line``, ``zone`` or ``site``.
    """

    what: str
    id: str
    title: str
    geojson: str
    uncertainty_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(Record):
    """One bulletin for one audience.

    Attributes:
        name: the same for all stages of a day: ``mission/day``.
        supersedes: id of the bulletin of an earlier stage; empty for the first.
        changed: what differs from it, as catalogue codes with counts.
        ledger_size: records in the ledger it was made from.
        ledger_root: hex root hash at that size.
        thresholds: grade thresholds and other settings in force, ``name=value``.
        late: what became known of earlier days, as catalogue codes with counts.
        firing_withheld: incidents that may be firing and are too recent to be shown.
        shared: statements that are one, by their prints or by their origin.
        register: subjects of the agreement as statements give them; no terms.
    """

    name: str
    order: Order
    agreement_title: str
    agreement_version: str
    agreement_status: str
    parties: tuple[tuple[str, str], ...]
    readings: tuple[ReadingRow, ...]
    clauses: tuple[tuple[str, str], ...]
    sectors: tuple[Sector, ...]
    counts: tuple[CountRow, ...]
    incidents: tuple[IncidentRow, ...]
    firing: tuple[FiringRow, ...]
    statements: tuple[StatementRow, ...]
    contradictions: tuple[ContradictionRow, ...]
    coverage: tuple[CoverageRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    shapes: tuple[ShapeRow, ...]
    supersedes: str
    changed: tuple[tuple[str, int], ...]
    method_version: str
    ledger_size: int
    ledger_root: str
    thresholds: tuple[str, ...]
    interference: tuple[InterferenceRow, ...] = ()
    late: tuple[tuple[str, int], ...] = ()
    firing_withheld: int = 0
    compliance: tuple[ComplianceRow, ...] = ()
    differences: tuple[DifferenceRow, ...] = ()
    shared: tuple[SharedRow, ...] = ()
    register: tuple[RegisterRow, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One rendered file of a bulletin."""

    name: str
    data: bytes


class Format(Protocol):
    """Renders a bulletin. A module with this function is a format."""

    def render(self, bulletin: Bulletin) -> tuple[File, ...]:
        """The same bytes for the same bulletin, on every machine and day."""
        ...

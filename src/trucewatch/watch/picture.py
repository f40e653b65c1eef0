"""The state of knowledge about one day at one information cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from trucewatch.agreement.terms import Versions, version_at
from trucewatch.agreement.within import p_inside_each
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Acquisition,
    Notice,
    Observation,
    Statement,
)
from trucewatch.collect.source import Batch, Columns, Rejection
from trucewatch.completeness.cover import Given, cover
from trucewatch.completeness.coverage import Coverage
from trucewatch.detect.detection import Detection, Detector, Evidence
from trucewatch.detect.select import in_order
from trucewatch.fuse.associate import associated
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.law import Heard
from trucewatch.fuse.lineage.credit import credited
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.fuse.lineage.trace import lineages
from trucewatch.fuse.near import NearMiss
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.track import TrackRecord, trusted
from trucewatch.grade.calibration import Calibration
from trucewatch.grade.compliance import Compliance, Day, comply
from trucewatch.grade.contradict import contradictions
from trucewatch.grade.dispute import Told, disputes
from trucewatch.grade.finding import Contradiction, Finding
from trucewatch.grade.grade import grade
from trucewatch.grade.settings import GradeSettings
from trucewatch.grade.spoken import Spoken, spoken
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.plugin import load
from trucewatch.record import Record, RecordId, Value
from trucewatch.review.joining import JoinDecision, rulings_of
from trucewatch.share.bulletin import Sector
from trucewatch.share.select import counted_in, may_be_firing
from trucewatch.watch.mission import DETECTORS
from trucewatch.watch.plan import Plan

SECTOR_SHARE = 0.5  # least probability at which an incident is counted in a sector


@dataclass(frozen=True, slots=True)
class InSector(Value):
    """Which sector an incident is counted in."""

    incident: RecordId
    sector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Record):
    """Which records made up the state of knowledge about a day at a cut-off.

    Attributes:
        day: the local day; incidents reach back to the mission's horizon.
        cutoff: nothing made known later is in it.
    """

    mission: str
    day: Period
    cutoff: datetime
    incidents: tuple[RecordId, ...]
    findings: tuple[RecordId, ...]
    contradictions: tuple[RecordId, ...]
    coverage: tuple[RecordId, ...]
    sectors: tuple[InSector, ...]
    compliance: tuple[RecordId, ...] = ()
    lineages: tuple[RecordId, ...] = ()
    near: tuple[RecordId, ...] = ()
    differences: tuple[RecordId, ...] = ()
    renderings: tuple[RecordId, ...] = ()
    register: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """All records a picture is drawn from, as far as they were known in time.

    Attributes:
        deliveries: all that were looked at, also those that gave nothing.
        rejections: rows and deliveries that could not be used.
    """

    deliveries: tuple[Delivery, ...]
    rejections: tuple[Rejection, ...]
    observations: tuple[Observation, ...]
    acquisitions: tuple[Acquisition, ...]
    columns: tuple[Columns, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How a picture is drawn: the plan, the terms and the settings.

    Attributes:
        track: how far the words of parties held by now; ``None`` where no claim has
            been decided yet.
        joins: what people ruled by now of incidents that are one, or are not.
    """

    plan: Plan
    versions: Versions
    fusion: FusionSettings
    grading: GradeSettings
    track: TrackRecord | None = None
    joins: tuple[JoinDecision, ...] = ()

    @property
    def horizon(self) -> timedelta:
        """How far back incidents may still change."""
        return timedelta(seconds=self.plan.horizon_s)

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The zones by which incidents are counted, with their titles."""
        titles = {zone.id: zone.title for zone in self.versions[-1].zones}
        return tuple(Sector(one, titles.get(one, one)) for one in self.plan.sectors)

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Every number the method takes for granted, as ``settings.name=value``."""
        plain = tuple(
            f"{name}.{one.name}={getattr(settings, one.name)}"
            for name, settings in (("fusion", self.fusion), ("grade", self.grading))
            for one in fields(settings)
            if one.init and one.name not in ("derived_from", "calibration")
        )
        return (*plain, *_learnt(self.grading.calibration))

    @property
    def sources(self) -> tuple[RecordId, ...]:
        """The records every picture derives from."""
        learnt = (self.track.id,) if self.track else ()
        ruled = tuple(one.id for one in self.joins)
        return (self.plan.id, self.fusion.id, self.grading.id, *learnt, *ruled)


def _learnt(calibration: Calibration | None) -> tuple[str, ...]:
    """From what the odds were learnt, and how they then held elsewhere."""
    if calibration is None:
        return ()
    return (
        f"calibration.trained_on={calibration.trained_on}",
        f"calibration.sha256={calibration.sha256}",
        *(
            f"calibration.p_breach of {one.p_stated:.2f}="
            f"{one.p_came_true:.2f} came true, of {one.statements}"
            for one in calibration.reliability
        ),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture and the records it names, in the order they derive."""

    picture: Picture
    detections: tuple[Detection, ...]
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    coverage: tuple[Coverage, ...]
    compliance: tuple[Compliance, ...]
    lineages: tuple[Lineage, ...] = ()
    near: tuple[NearMiss, ...] = ()
    spoken: Spoken = Spoken()

    def records(self) -> tuple[Record, ...]:
        """Every record, sources before what derives from them."""
        fused = (self.lineages, self.detections, self.incidents, self.near)
        made = (*fused, self.coverage)
        graded = (*self.findings, *self.compliance, *self.contradictions)
        said = self.spoken.records()
        return (*(r for part in made for r in part), *graded, *said, self.picture)


def known_at(
    read: Sequence[tuple[Delivery, Batch]], cutoff: datetime, since: datetime
) -> Known:
    """What had been made known by ``cutoff`` about the time from ``since`` on.

    Tables are kept whole: what lies before the watched period is background.
    ``read`` pairs each delivery with what it contained.
    """
    batches = [batch for _, batch in read]
    observations = tuple(
        one
        for batch in batches
        for one in batch.observations
        if one.result_time.begin < cutoff and one.phenomenon_time.end > since
    )
    acquisitions = tuple(
        one
        for batch in batches
        for one in batch.acquisitions
        if one.time.end <= cutoff and one.time.end > since
    )
    columns = tuple(one for batch in batches for one in batch.tables)
    deliveries = tuple(delivery for delivery, _ in read)
    rejections = tuple(one for batch in batches for one in batch.rejections)
    return Known(deliveries, rejections, observations, acquisitions, columns)


@dataclass(frozen=True, slots=True)
class _Graded:
    """What the terms make of incidents, and what could have been seen."""

    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    coverage: tuple[Coverage, ...]
    compliance: tuple[Compliance, ...]
    sectors: tuple[InSector, ...]


def draw(known: Known, method: Method, day: Period, cutoff: datetime) -> Drawn:
    """Every stage from detection to grading, for one day at one cut-off."""
    watched = Period(day.begin - method.horizon, min(day.end, cutoff))
    origins = lineages(_told_of(known, watched))
    detections = _detections(known, method, watched, origins)
    heard = Heard(known.columns, watched, cutoff)
    fused = associated(
        detections, known.acquisitions, method.fusion, heard, rulings_of(method.joins)
    )
    told = Told(known.observations, fused.incidents, detections, method.versions)
    graded = _graded(told, known, method, day)
    picture = Picture(
        mission=method.plan.mission,
        day=day,
        cutoff=cutoff,
        incidents=_ids(fused.incidents),
        findings=_ids(graded.findings),
        contradictions=_ids(graded.contradictions),
        coverage=_ids(graded.coverage),
        sectors=graded.sectors,
        compliance=_ids(graded.compliance),
        lineages=_ids(origins),
        near=_ids(fused.near),
        derived_from=(*method.sources, *_ids(known.deliveries)),
    )
    side_by_side = spoken(_words(known))
    return Drawn(
        picture=_with_words(picture, side_by_side),
        detections=detections,
        incidents=fused.incidents,
        findings=graded.findings,
        contradictions=graded.contradictions,
        coverage=graded.coverage,
        compliance=graded.compliance,
        lineages=origins,
        near=fused.near,
        spoken=side_by_side,
    )


def _words(known: Known) -> list[Observation]:
    """What was announced and said."""
    return [o for o in known.observations if isinstance(o.result, Notice | Statement)]


def _graded(told: Told, known: Known, method: Method, day: Period) -> _Graded:
    incidents, grading = told.incidents, method.grading
    sectors = _sectors(incidents, method)
    terms = version_at(method.versions, day.begin)
    everywhere = tuple(dict.fromkeys(("", *method.plan.sectors)))
    given = Given(known.acquisitions, known.observations, known.columns)
    coverage = cover(given, terms, everywhere, (day,), method.plan.procedures)
    findings = grade(incidents, method.versions, _words(known), coverage, grading)
    counted = _counted(incidents, sectors, day)
    today = Day(day, everywhere, counted, findings, coverage)
    return _Graded(
        findings=findings,
        contradictions=_conflicts(told, grading),
        coverage=coverage,
        compliance=comply(terms, today, grading),
        sectors=sectors,
    )


def _with_words(picture: Picture, said: Spoken) -> Picture:
    """The picture, naming what was set side by side."""
    return replace(
        picture,
        differences=_ids(said.differences),
        renderings=_ids(said.renderings),
        register=_ids(said.register),
    )


def _conflicts(told: Told, grading: GradeSettings) -> tuple[Contradiction, ...]:
    """Between prints of statements, and of statements with all else."""
    found = (*contradictions(told.observations), *disputes(told, grading))
    return tuple(sorted(found, key=lambda c: (c.disagreement, c.first, c.second)))


def _told_of(known: Known, watched: Period) -> list[Observation]:
    return [o for o in known.observations if o.phenomenon_time.overlaps(watched)]


def _detections(
    known: Known, method: Method, watched: Period, origins: Sequence[Lineage]
) -> tuple[Detection, ...]:
    """What every detector finds, with the key and the weight its origin leaves it."""
    evidence = Evidence(
        known.observations,
        known.columns,
        watched,
        method.fusion.id,
        method.versions,
    )
    found: list[Detection] = []
    for name in method.plan.detectors:
        detector: Detector = load(DETECTORS, name)
        found.extend(detector.detect(evidence))
    once = credited(found, origins, method.fusion.copied_ratio)
    return in_order(trusted(once, method.track))


def _sectors(incidents: Sequence[Incident], method: Method) -> tuple[InSector, ...]:
    placed = [(i.id, i.place) for i in incidents if isinstance(i.place, Place)]
    best: dict[RecordId, tuple[float, str]] = {}
    for sector in method.plan.sectors:
        places = [place for _, place in placed]
        inside = p_inside_each(method.versions[-1], (sector,), places)
        for (incident, _), p in zip(placed, inside.tolist(), strict=True):
            if p >= SECTOR_SHARE:
                best[incident] = max(best.get(incident, (p, sector)), (p, sector))
    return tuple(InSector(one, best[one][1]) for one in sorted(best))


def _counted(
    incidents: Sequence[Incident], sectors: Sequence[InSector], day: Period
) -> dict[RecordId, str]:
    """The sector of each incident of the day, empty for none and for firing."""
    inside = {one.incident: one.sector for one in sectors}
    today = [one for one in incidents if counted_in(one.time, day)]
    return {
        one.id: "" if may_be_firing(one) else inside.get(one.id, "") for one in today
    }


def _ids(records: Sequence[Record]) -> tuple[RecordId, ...]:
    return tuple(one.id for one in records)

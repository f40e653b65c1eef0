"""Invented dossiers: one way to build them, for tests here and elsewhere."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.share.rivers import CUTOFF, DAY, FINAL, agreement, period

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Acquisition,
    Credibility,
    Figure,
    Observation,
    Outcome,
    Reliability,
    Rounding,
    Statement,
    StatementKind,
)
from trucewatch.collect.source import Rejection
from trucewatch.completeness.coverage import Coverage, Watch
from trucewatch.detect.detection import ActShare, Channel
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import (
    Attributed,
    Attribution,
    Contradiction,
    ContradictionKind,
    ExemptStatus,
    Finding,
    Grade,
    Severity,
    SideShare,
    Standing,
)
from trucewatch.place import Place, Unlocated, Whereabouts
from trucewatch.record import RecordId
from trucewatch.review.decision import Decision, Verdict
from trucewatch.share.bulletin import Dossier, Order, Sector
from trucewatch.share.release import Release, Stage


def incident(
    name: str,
    place: Whereabouts,
    begin: datetime,
    *acts: tuple[Act, float],
    units: int = 1,
    claimed_by: str = "",
    p_exists: float = 0.9,
    length_s: float = 60.0,
    independence: str = "patrol:7",
) -> Incident:
    shares = tuple(ActShare(act, p) for act, p in acts)
    channel = Channel.PARTY if claimed_by else Channel.OBSERVER
    detection = RecordId("detection:" + "0" * 64)
    first = Contribution(independence, channel, 1.3, (detection,), claimed_by)
    more = () if claimed_by else (Contribution("sat:1", Channel.INSTRUMENT, 0.8, ()),)
    return Incident(
        name=name,
        place=place,
        time=period(begin, length_s),
        acts=shares,
        units_low=units,
        units_best=units,
        units_high=units + 2 if units > 3 else units,
        log10_prior_odds=-2.0,
        log10_miss_ratio=-0.1,
        p_exists=p_exists,
        contributions=(first, *more),
    )


def finding(
    of: Incident,
    clause: str = "1",
    reading: str = "north",
    *,
    standing: Standing = Standing.INSIDE,
    p_breach: float = 0.87,
    grade: Grade = Grade.PROBABLE,
    reasons: tuple[str, ...] = ("single_origin",),
    status: Attributed = Attributed.NOT,
) -> Finding:
    shares = (SideShare("contact", "left", 0.93), SideShare("contact", "right", 0.07))
    return Finding(
        incident=of.id,
        incident_name=of.name,
        agreement=RecordId("agreement:" + "0" * 64),
        version="2",
        clause=clause,
        reading=reading,
        standing=standing,
        p_exists=of.p_exists,
        p_act=0.98,
        p_zone=0.97,
        p_window=1.0 if standing is Standing.INSIDE else 0.0,
        p_exempt=0.02,
        p_breach=p_breach,
        p_without_strongest=p_breach / 2,
        independent_origins=2,
        independent_channels=2,
        exempt_status=ExemptStatus.NONE,
        exempt_kind=None,
        severity=Severity.S2,
        grade=grade,
        attribution=Attribution(status, shares, ("place_is_not_origin",)),
        reasons=reasons,
    )


def statement(
    words: str, speaker: str, outlet: str, *figures: tuple[str, int]
) -> Observation:
    said = Statement(
        kind=StatementKind.ALLEGATION,
        speaker=speaker,
        against="SUD" if speaker == "NOR" else "NOR",
        figures=tuple(Figure(label, Act.SHELLING, n) for label, n in figures),
        total=sum(n for _, n in figures) or None,
        words=words,
        outlet=outlet,
        address=f"https://{outlet}/2031/05/05/report",
    )
    return Observation(
        procedure="statements",
        result=said,
        place=Unlocated(),
        phenomenon_time=DAY,
        result_time=period(DAY.begin + timedelta(hours=17, minutes=11), 60),
        independence=f"{speaker}:{outlet}",
        reliability=Reliability.C,
        credibility=Credibility.CANNOT_BE_JUDGED,
        rounding=Rounding.MINUTE,
        row="line 2",
    )


def delivery(source: str, name: str) -> Delivery:
    digest = sha256(name.encode()).hexdigest()
    return Delivery(
        source=source, name=name, sha256=digest, size_bytes=9, licence="CC BY 4.0"
    )


def coverage(sector: str, procedure: str, watch: Watch, p: float) -> Coverage:
    return Coverage(
        sector=sector,
        procedure=procedure,
        period=DAY,
        act=Act.EXPLOSION,
        watch=watch,
        p_detect=p,
        watched_ratio=p / 2 + 0.2 if p else 0.0,
        acquisitions=4 if p else 0,
        observations=11,
    )


def compliance(
    sector: str,
    reading: str,
    p: float,
    found: tuple[Finding, ...] = (),
    days: float = 1.0,
) -> Compliance:
    return Compliance(
        agreement=RecordId("agreement:" + "0" * 64),
        sector=sector,
        clause="1",
        reading=reading,
        period=DAY,
        exposure_days=days,
        p_detect=p,
        seen=len(found),
        false_per_day=0.1 * len(found),
        bound_per_day=3.4567 if p else None,
        monitored=p >= 0.5,
        findings=tuple(one.id for one in found),
    )


def order(
    stage: Stage = Stage.R, release: Release = Release.CELL, **changed: object
) -> Order:
    given: dict[str, object] = {
        "mission": "rivers",
        "title": "Two Rivers Monitoring Mission",
        "period": DAY,
        "cutoff": FINAL if stage is Stage.FINAL else CUTOFF,
        "stage": stage,
        "release": release,
        "language": "en",
    }
    return Order(**{**given, **changed})  # type: ignore[arg-type]


def dossier(
    incidents: tuple[Incident, ...] = (),
    findings: tuple[Finding, ...] = (),
    **changed: object,
) -> Dossier:
    """A dossier of an agreement, two sectors and what is given; all else is empty."""
    given: dict[str, object] = {
        "versions": (agreement(),),
        "sectors": (
            Sector("buffer", "Buffer of 15 km"),
            Sector("bridge", "Bridge area"),
        ),
        "deliveries": (),
        "rejections": (),
        "observations": (),
        "acquisitions": (),
        "incidents": incidents,
        "findings": findings,
        "contradictions": (),
        "decisions": (),
        "coverage": (),
        "sectors_of": {},
    }
    return Dossier(**{**given, **changed})  # type: ignore[arg-type]


def full(n: int = 30, seed: int = 5) -> Dossier:
    """A busy day: ``n`` incidents of all kinds, statements, decisions, coverage."""
    chance = random.Random(seed)
    made = tuple(_random_incident(chance, k, n) for k in range(n))
    raid = incident(
        "2031-05-05-raid0001",
        Unlocated(),
        DAY.begin + timedelta(hours=4),
        (Act.LAUNCH, 1.0),
        units=536,
        claimed_by="NOR",
        p_exists=0.62,
        length_s=36_000,
        independence="claims:NOR air force",
    )
    incidents = (raid, *made)
    findings = tuple(f for one in incidents for f in _two_readings(one, chance))
    said = (
        statement(
            "The adversary shelled 2,935 times",
            "NOR",
            "north.example",
            ("shelling", 1882),
        ),
        statement("Shelled 2,935 times", "SUD", "south.example", ("shelling", 1882)),
    )
    contradiction = Contradiction(
        disagreement=ContradictionKind.ATTRIBUTION,
        first=said[0].id,
        second=said[1].id,
        about="shelling=1882",
    )
    deliveries = tuple(delivery(s, f"{s}.csv") for s in ("patrols", "fires", "claims"))
    rejection = Rejection(
        where="line 9", why="no time", derived_from=(deliveries[0].id,)
    )
    failed = Acquisition(
        procedure="camera",
        footprint=_square(30.5, 48.1),
        time=period(DAY.begin, 7200),
        outcome=Outcome.FAILURE,
        p_clear=0.0,
        independence="camera:3",
        row="line 4",
    )
    return dossier(
        incidents,
        findings,
        deliveries=deliveries,
        rejections=(rejection,),
        observations=said,
        acquisitions=(failed,),
        contradictions=(contradiction,),
        decisions=tuple(_decision(f) for f in findings[2:10]),
        coverage=(
            coverage("buffer", "patrols", Watch.PARTLY, 0.83),
            coverage("bridge", "patrols", Watch.WATCHED, 0.91),
            coverage("buffer", "fires", Watch.NOT_WATCHED, 0.0),
            coverage("bridge", "fires", Watch.NOT_WATCHED, 0.0),
        ),
        sectors_of={one.id: "buffer" for one in made},
        compliance=(
            compliance("buffer", "north", 0.83, findings[2:4]),
            compliance("buffer", "south", 0.83, days=0.5),
            compliance("bridge", "north", 0.91),
            compliance("", "north", 0.0),
        ),
        thresholds=("p_probable=0.8", "p_possible=0.55", "log10_origin=1.0"),
    )


def _square(lon_deg: float, lat_deg: float) -> Polygon:
    corners = ((0, 0), (0.2, 0), (0.2, 0.2), (0, 0.2), (0, 0))
    return Polygon(tuple((lon_deg + x, lat_deg + y) for x, y in corners))


def _random_incident(chance: random.Random, k: int, n: int) -> Incident:
    act = chance.choice((
        Act.EXPLOSION,
        Act.SHELLING,
        Act.DRONE_IMPACT,
        Act.STRIKE,
        Act.SHOT,
        Act.JAMMING,
    ))
    other = Act.UNDETERMINED
    begin = DAY.begin + timedelta(hours=18 * k / n, seconds=chance.randrange(3000))
    place = Place(
        chance.uniform(47.6, 48.8),
        chance.uniform(30.2, 31.1),
        chance.uniform(900, 4000),
        chance.uniform(200, 800),
        chance.uniform(0, 179),
    )
    return incident(
        f"2031-05-05-{chance.randrange(16**8):08x}",
        place,
        begin,
        (act, 0.8),
        (other, 0.2),
        units=chance.choice((0, 1, 1, 2, 5, 12)),
        p_exists=chance.uniform(0.2, 0.995),
        length_s=chance.choice((60, 600, 7200)),
    )


def _two_readings(one: Incident, chance: random.Random) -> tuple[Finding, ...]:
    grade = chance.choice((Grade.PROBABLE, Grade.POSSIBLE, Grade.REPORTED))
    inside = finding(one, reading="north", p_breach=one.p_exists * 0.97, grade=grade)
    early = one.time.begin < datetime(2031, 5, 5, 9, tzinfo=UTC)
    outside = finding(
        one,
        reading="south",
        standing=Standing.OUTSIDE if early else Standing.INSIDE,
        p_breach=0.0 if early else one.p_exists * 0.97,
        grade=Grade.DISCOUNTED if early else grade,
        reasons=("outside_window",) if early else ("single_origin",),
    )
    return inside, outside


def _decision(of: Finding) -> Decision:
    return Decision(
        finding=of.id,
        verdict=Verdict.CONFIRMED,
        reviewer="reviewer-2",
        reason="read with the patrol's form",
        decided=CUTOFF - timedelta(hours=1),
    )

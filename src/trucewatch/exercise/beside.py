"""Every statement of one exercise beside what truly happened, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trucewatch.agreement.planar import Plane
from trucewatch.exercise.alert import First, firsts
from trucewatch.exercise.match import Pair, matched, spoken_of
from trucewatch.exercise.points import CONFIRMED, points
from trucewatch.exercise.truth import Happening, Sort
from trucewatch.fuse.incident import Incident
from trucewatch.grade.calibration import Basis, basis_of
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import ExemptStatus, Finding, SideShare, Standing
from trucewatch.grade.reasons import Reason
from trucewatch.record import RecordId

SIDES = {"NOR": "left", "SUD": "right"}  # of the line, as the exercise draws it


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of an exercise as its file tells it.

    Attributes:
        rates_per_day: how often each clause is broken on average, by its id.
    """

    scenario: str
    seed: int
    plane: Plane
    truce_from: dict[str, datetime]
    happenings: tuple[Happening, ...]
    rates_per_day: dict[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """What the mechanism said, each day's last word on that day.

    Attributes:
        findings: of all incidents; ``compliance`` of all days.
        known: when each detection could first be made, by its id.
    """

    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    compliance: tuple[Compliance, ...]
    known: Mapping[RecordId, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One incident beside the truth.

    Attributes:
        p_exists: as told; ``existed`` whether something it could mean was.
        sort: of the happening it was matched with; empty for none.
        inside: whether the 90 % ellipse holds the truth, ``None`` for no match.
        confirmed: whether the points method calls it confirmed.
    """

    p_exists: float
    existed: bool
    sort: str
    inside: bool | None
    away_m: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding beside the truth.

    Attributes:
        breach: whether a true breach under its reading stands behind it, and no
            other incident tells of it better.
        true: whether it speaks of something that was an attack, even if another does
            too; and under its reading a breach, unless it says that it was none.
        awaits: whether a person's word alone keeps it from Verified.
        exempt: whether it speaks of announced work, even if another does too;
            ``status`` what was said of it.
        p_side: of the side it most likely came from, 0 where none is weighed.
        right_side: whether that side did it.
    """

    finding: Finding
    breach: bool
    true: bool
    matched: bool
    awaits: bool
    exempt: bool
    status: ExemptStatus
    p_side: float
    right_side: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One exercise, statement by statement.

    Attributes:
        heard: names of the true happenings an incident told speaks of.
        sure: names of true breaches a finding that awaits review speaks of.
        firsts: the first alert of each true breach told.
    """

    truth: Truth
    told: Told
    said: tuple[Said, ...]
    judged: tuple[Judged, ...]
    heard: frozenset[str]
    sure: frozenset[str]
    firsts: tuple[First, ...] = ()


REAL = (Sort.BREACH, Sort.EXEMPT)
P_TOLD = 0.5  # an incident at or above is told as having happened


def beside(truth: Truth, told: Told) -> Beside:
    """What was said, each statement with the true happening it is nearest to."""
    pairs = matched(told.incidents, truth.happenings, truth.plane)
    of = {pair.incident: pair for pair in pairs}
    by_id = {told.incidents[k].id: truth.happenings[p.happening] for k, p in of.items()}
    spoken = spoken_of(told.incidents, truth.happenings, truth.plane)
    near = {told.incidents[k].id: truth.happenings[n] for k, n in spoken.items()}
    stated = {one.incident: one.p_exists for one in told.findings}
    p = [stated.get(one.id, one.p_exists) for one in told.incidents]
    sums = points(told.incidents, truth.plane)
    said = tuple(
        _said(p[k], (one, of.get(k)), truth, confirmed=bool(sums[k] >= CONFIRMED))
        for k, one in enumerate(told.incidents)
    )
    judged = tuple(
        _judged(one, (by_id.get(one.incident), near.get(one.incident)), truth)
        for one in told.findings
    )
    heard = frozenset(
        truth.happenings[pair.happening].name
        for k, pair in of.items()
        if p[k] >= P_TOLD
    )
    sure = frozenset(
        near[one.finding.incident].name for one in judged if one.awaits and one.true
    )
    told_of = [
        (one, near[one.id])
        for k, one in enumerate(told.incidents)
        if one.id in near and p[k] >= P_TOLD
    ]
    alerts = firsts(told_of, told.known)
    return Beside(truth, told, said, judged, heard, sure, alerts)


def _said(
    p: float, found: tuple[Incident, Pair | None], truth: Truth, *, confirmed: bool
) -> Said:
    """What was heard was, if anything banged; what was told, if it was an attack."""
    incident, pair = found
    if pair is None:
        return Said(p, False, "", None, 0.0, confirmed)
    one = truth.happenings[pair.happening]
    real = one.sort in REAL or basis_of(incident) is Basis.WITNESSED
    return Said(p, real, one.sort.value, pair.inside, pair.away_m, confirmed)


def _judged(
    finding: Finding, of: tuple[Happening | None, Happening | None], truth: Truth
) -> Judged:
    """Beside the happening it is matched with, and the one it may speak of."""
    one, near = of
    best = _weightiest(finding)
    attack = near is not None and near.sort is Sort.BREACH
    outside = finding.standing is Standing.OUTSIDE
    return Judged(
        finding=finding,
        breach=_breaches(finding, one, truth),
        true=attack and (outside or _breaches(finding, near, truth)),
        matched=near is not None,
        awaits=Reason.NEEDS_REVIEW in finding.reasons,
        exempt=near is not None and near.sort is Sort.EXEMPT,
        status=finding.exempt_status,
        p_side=best.p if best else 0.0,
        right_side=attack
        and best is not None
        and near is not None
        and SIDES.get(near.by) == best.held,
    )


def _breaches(finding: Finding, one: Happening | None, truth: Truth) -> bool:
    if one is None or one.sort is not Sort.BREACH:
        return False
    return one.time >= truth.truce_from[finding.reading]


def _weightiest(finding: Finding) -> SideShare | None:
    return max(
        finding.attribution.came_from, key=lambda one: (one.p, one.held), default=None
    )

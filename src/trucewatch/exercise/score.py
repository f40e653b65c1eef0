"""Set what the mechanism said beside what truly happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from trucewatch.agreement.planar import Plane
from trucewatch.errors import ScenarioError
from trucewatch.exercise.calibration import Calibration, calibration
from trucewatch.exercise.match import Pair, matched
from trucewatch.exercise.truth import SEVERE_DB, Happening, Sort
from trucewatch.fuse.incident import Incident
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import Attributed, ExemptStatus, Finding, Grade
from trucewatch.record import RecordId, Value, decoded

P_TOLD = 0.5  # an incident at or above is told as having happened
REAL = (Sort.BREACH, Sort.EXEMPT)
QUARRY = "quarry"
SURE = (Grade.VERIFIED, Grade.PROBABLE)


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
    """

    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    compliance: tuple[Compliance, ...]


@dataclass(frozen=True, slots=True)
class Recall(Value):
    """How many of the true breaches of one kind were told of."""

    kind: str
    happened: int
    told: int


@dataclass(frozen=True, slots=True)
class GradeRow(Value):
    """Findings of one grade, and how many of them speak of a true breach."""

    grade: str
    findings: int
    true: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard(Value):
    """One exercise in figures.

    Attributes:
        existence: calibration of ``p_exists``, a quarry's blast being an explosion
            that was, though no attack; ``breach`` of ``p_breach``.
        p_covered: share of matched incidents whose 90 % ellipse holds the truth.
        median_away_m: median distance of matched incidents from the truth.
        precision_ratio: share of incidents told (p ≥ 0.5) that speak of a true attack
            or true exempt work.
        untrue_sure: incidents with a finding graded Probable or better that nothing
            true stands behind; ``invented`` is what parties made up.
        exempt_right: matched exempt works whose status is not "none", of all.
        wrong_side: attributions to a wrong side, of ``attributed``.
        bounds_held: silence statements whose bound holds, of ``bounds``.
    """

    scenario: str
    seed: int
    breaches: int
    incidents: int
    told: int
    recall: tuple[Recall, ...]
    precision_ratio: float
    existence: Calibration
    breach: Calibration
    p_covered: float
    matched: int
    median_away_m: float
    grades: tuple[GradeRow, ...]
    invented: int
    untrue_sure: int
    exempt: int
    exempt_right: int
    attributed: int
    wrong_side: int
    bounds: int
    bounds_held: int


def read_truth(path: Path) -> Truth:
    """The truth an exercise was made with.

    Raises:
        ScenarioError: if the file is no truth of an exercise.
    """
    try:
        body = json.loads(path.read_text("utf-8"))
        scenario, begin = body["scenario"], datetime.fromisoformat(body["begin"])
        ground = scenario["sector"]
        first = timedelta(hours=scenario["truce_from_h"])
        later = first + timedelta(hours=scenario["disputed_h"])
        return Truth(
            scenario["scenario"],
            int(body["seed"]),
            Plane(ground["lon_deg"], ground["lat_deg"]),
            {"NOR": begin + first, "SUD": begin + later},
            tuple(decoded(Happening, one) for one in body["happenings"]),
            {k: float(rate) for k, rate in body["rates_per_day"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        msg = f"{path} is no truth of an exercise: {problem}"
        raise ScenarioError(msg) from problem


def score(truth: Truth, told: Told) -> Scorecard:
    """The scorecard of one exercise."""
    pairs = matched(told.incidents, truth.happenings, truth.plane)
    of = {pair.incident: truth.happenings[pair.happening] for pair in pairs}
    rows = range(len(told.incidents))
    outcome = [k in of and of[k].sort in REAL for k in rows]
    existed = [k in of and (of[k].sort in REAL or of[k].what == QUARRY) for k in rows]
    stated = np.array([one.p_exists for one in told.incidents], np.float64)
    loud = stated >= P_TOLD
    right = np.array(outcome, np.float64)
    by_id = {told.incidents[k].id: one for k, one in of.items()}
    breached = [_breaches(one, by_id.get(one.incident), truth) for one in told.findings]
    return Scorecard(
        scenario=truth.scenario,
        seed=truth.seed,
        breaches=sum(one.sort is Sort.BREACH for one in truth.happenings),
        incidents=len(told.incidents),
        told=int(loud.sum()),
        recall=tuple(_recall(truth, told, pairs)),
        precision_ratio=float(right[loud].mean()) if loud.any() else 0.0,
        existence=calibration(stated, np.array(existed, np.float64)),
        breach=calibration(
            np.array([one.p_breach for one in told.findings], np.float64),
            np.array(breached, np.float64),
        ),
        p_covered=float(np.mean([p.inside for p in pairs])) if pairs else 0.0,
        matched=len(pairs),
        median_away_m=float(np.median([p.away_m for p in pairs])) if pairs else 0.0,
        grades=_grades(told.findings, breached),
        **_apart(truth, told, by_id),
    )


def _breaches(finding: Finding, one: Happening | None, truth: Truth) -> bool:
    """Whether a true breach under the finding's reading stands behind it."""
    if one is None or one.sort is not Sort.BREACH:
        return False
    return one.time >= truth.truce_from[finding.reading]


def _recall(truth: Truth, told: Told, pairs: Sequence[Pair]) -> Iterable[Recall]:
    """By act, and of what was loud enough to count as grave."""
    heard = {
        p.happening for p in pairs if told.incidents[p.incident].p_exists >= P_TOLD
    }
    breaches = [
        (k, one) for k, one in enumerate(truth.happenings) if one.sort is Sort.BREACH
    ]
    kinds = [*sorted({one.what for _, one in breaches}), "severe"]
    for kind in kinds:
        rows = [
            k
            for k, one in breaches
            if one.what == kind or (kind == "severe" and one.level_db >= SEVERE_DB)
        ]
        yield Recall(kind, len(rows), sum(k in heard for k in rows))


def _grades(findings: Sequence[Finding], true: Sequence[bool]) -> tuple[GradeRow, ...]:
    rows = []
    for grade in Grade:
        mine = [
            ok for one, ok in zip(findings, true, strict=True) if one.grade is grade
        ]
        rows.append(GradeRow(grade.value, len(mine), sum(mine)))
    return tuple(rows)


def _apart(
    truth: Truth, told: Told, by_id: dict[RecordId, Happening]
) -> dict[str, int]:
    """Counts of invention, exemption, attribution and silence."""
    exempt = {k for k, one in by_id.items() if one.sort is Sort.EXEMPT}
    status = {
        one.incident
        for one in told.findings
        if one.exempt_status is not ExemptStatus.NONE
    }
    named = [
        one for one in told.findings if one.attribution.status is not Attributed.NOT
    ]
    wrong = [one for one in named if not _right_side(one, by_id.get(one.incident))]
    bounds = [one for one in told.compliance if one.bound_per_day is not None]
    return {
        "invented": sum(bool(one.words_of) for one in truth.happenings),
        "untrue_sure": len({
            one.incident
            for one in told.findings
            if one.incident not in by_id and one.grade in SURE
        }),
        "exempt": len(exempt),
        "exempt_right": len(exempt & status),
        "attributed": len(named),
        "wrong_side": len(wrong),
        "bounds": len(bounds),
        "bounds_held": sum(_holds(one, truth) for one in bounds),
    }


def _right_side(finding: Finding, one: Happening | None) -> bool:
    """Whether the weightiest side is the one that did it (north is left)."""
    if one is None or not finding.attribution.shares:
        return False
    weightiest = max(finding.attribution.shares, key=lambda share: share.p)
    return {"left": "NOR", "right": "SUD"}.get(weightiest.held) == one.by


def _holds(row: Compliance, truth: Truth) -> bool:
    """Whether the rate the scenario draws breaches at stays below the bound."""
    bound = row.bound_per_day
    rate = truth.rates_per_day.get(row.clause, 0.0)
    return bound is not None and rate <= bound

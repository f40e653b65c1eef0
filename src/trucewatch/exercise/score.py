"""Set what the mechanism said beside what truly happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.planar import Plane
from trucewatch.errors import ScenarioError
from trucewatch.exercise.alert import Alerted, AlertRow, alert_rows, alerted
from trucewatch.exercise.beside import (
    P_TOLD,
    REAL,
    Beside,
    Judged,
    Said,
    Told,
    Truth,
    beside,
)
from trucewatch.exercise.calibration import Calibration, calibration
from trucewatch.exercise.truth import SEVERE_DB, Happening, Sort
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import Attributed, ExemptStatus, Grade
from trucewatch.record import Value, decoded

Reals = NDArray[np.float64]
SURE = (Grade.VERIFIED, Grade.PROBABLE)
NAMED = (Attributed.ATTRIBUTED, Attributed.LARGELY)
SEVERE = "severe"
SIDE_STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97)


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


@dataclass(frozen=True, slots=True)
class Abstention(Value):
    """Sides named at a least probability.

    Attributes:
        named: incidents with a side of at least ``p_least``, of all probable ones.
        wrong: of them, those whose side did not do it.
    """

    p_least: float
    named: int
    wrong: int
    of: int


@dataclass(frozen=True, slots=True)
class PointsMethod(Value):
    """What the points method of public tools says of the same incidents.

    Attributes:
        confirmed: incidents it calls confirmed; ``untrue`` of them no attack or work.
        attacks: true breaches an incident of its speaks of.
        brier_ratio: with its word taken as 1, and 0 for the rest, of ``breach``.
    """

    confirmed: int
    untrue: int
    attacks: int
    brier_ratio: float


@dataclass(frozen=True, slots=True)
class Exempted(Value):
    """What was said of matched incidents' being announced work.

    Attributes:
        works: announced works among the matched; ``right`` statuses decided right;
            ``undecided`` left open; ``wrong`` decided wrong.
    """

    matched: int
    works: int
    right: int
    undecided: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard(Value):
    """One exercise in figures, or several taken together.

    Attributes:
        existence: calibration of the odds that something happened, whatever it was;
            ``breach`` of ``p_breach``, the finding's own statement.
        breach_brier_raw_ratio: Brier score of the odds of fusion taken for breaches.
        p_covered: share of matched incidents whose 90 % ellipse holds the truth.
        median_away_m: median distance of matched incidents from the truth.
        precision_ratio: share of incidents told (p ≥ 0.5) that speak of a true attack
            or true exempt work.
        awaiting: findings that a person's word alone keeps from Verified;
            ``awaiting_false`` of them untrue: no attack, or none under their reading.
        sure: true breaches that a finding awaiting review speaks of.
        untrue_sure: incidents with a finding graded Probable or better that nothing
            true stands behind; ``invented`` is what parties made up.
        bounds_held: silence statements whose bound holds, of ``bounds``.
        alerts: how long after breaches the first alerts came, all and by channel;
            ``alerted`` how many of them by each mark of time.
    """

    scenario: str
    seed: int
    exercises: int
    breaches: int
    incidents: int
    told: int
    recall: tuple[Recall, ...]
    precision_ratio: float
    existence: Calibration
    breach: Calibration
    breach_brier_raw_ratio: float
    p_covered: float
    matched: int
    median_away_m: float
    grades: tuple[GradeRow, ...]
    awaiting: int
    awaiting_false: int
    sure: int
    invented: int
    untrue_sure: int
    exempted: Exempted
    attributed: int
    wrong_side: int
    abstention: tuple[Abstention, ...]
    points: PointsMethod
    bounds: int
    bounds_held: int
    alerts: tuple[AlertRow, ...] = ()
    alerted: tuple[Alerted, ...] = ()

    @property
    def severe(self) -> Recall:
        """Of grave breaches; none where none was."""
        rows = [one for one in self.recall if one.kind == SEVERE]
        return rows[0] if rows else Recall(SEVERE, 0, 0)


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
    return scorecard(truth.scenario, truth.seed, (beside(truth, told),))


def scorecard(name: str, seed: int, each: Sequence[Beside]) -> Scorecard:
    """The scorecard of exercises taken together, every statement counting alike."""
    said = [row for one in each for row in one.said]
    judged = [row for one in each for row in one.judged]
    inside = [row.inside for row in said if row.inside is not None]
    away = [row.away_m for row in said if row.inside is not None]
    loud = [row for row in said if row.p_exists >= P_TOLD]
    named = _once(row for row in judged if _is_named(row))
    first = [row for one in each for row in one.firsts]
    return Scorecard(
        scenario=name,
        seed=seed,
        exercises=len(each),
        breaches=sum(h.sort is Sort.BREACH for h in _happenings(each)),
        incidents=len(said),
        told=len(loud),
        recall=tuple(_recall(each)),
        precision_ratio=_share(row.sort in REAL for row in loud),
        **_odds(each, said, judged),
        p_covered=_share(inside),
        matched=len(inside),
        median_away_m=float(np.median(away)) if away else 0.0,
        grades=_grades(judged),
        awaiting=sum(row.awaits for row in judged),
        awaiting_false=sum(row.awaits and not row.true for row in judged),
        sure=sum(len(one.sure) for one in each),
        invented=sum(bool(h.words_of) for h in _happenings(each)),
        untrue_sure=_untrue_sure(judged),
        exempted=_exempted(judged),
        attributed=len(named),
        wrong_side=sum(not row.right_side for row in named),
        abstention=tuple(_abstention(judged)),
        points=_points(each),
        **_bounds(each),
        alerts=alert_rows(first),
        alerted=tuple(alerted(first)),
    )


class _Odds(TypedDict):
    existence: Calibration
    breach: Calibration
    breach_brier_raw_ratio: float


def _odds(
    each: Sequence[Beside], said: Sequence[Said], judged: Sequence[Judged]
) -> _Odds:
    """How true the odds are, as told and as fusion has them."""
    came_true = _reals(row.breach for row in judged)
    raw = {i.id: i.p_exists for one in each for i in one.told.incidents}
    plain = _reals(raw[row.finding.incident] for row in judged)
    return {
        "existence": calibration(
            _reals(row.p_exists for row in said), _reals(row.existed for row in said)
        ),
        "breach": calibration(
            _reals(row.finding.p_breach for row in judged), came_true
        ),
        "breach_brier_raw_ratio": (
            float(np.mean((plain - came_true) ** 2)) if judged else 0.0
        ),
    }


def _happenings(each: Sequence[Beside]) -> Iterator[Happening]:
    return (h for one in each for h in one.truth.happenings)


def _reals(values: Iterable[float]) -> Reals:
    return np.array([float(one) for one in values], np.float64)


def _share(flags: Iterable[bool]) -> float:
    found = list(flags)
    return sum(found) / len(found) if found else 0.0


def _recall(each: Sequence[Beside]) -> Iterator[Recall]:
    """By act, and of what was loud enough to count as grave."""
    rows = [
        (h, h.name in one.heard)
        for one in each
        for h in one.truth.happenings
        if h.sort is Sort.BREACH
    ]
    for kind in (*sorted({h.what for h, _ in rows}), SEVERE):
        mine = [
            told
            for h, told in rows
            if h.what == kind or (kind == SEVERE and h.level_db >= SEVERE_DB)
        ]
        yield Recall(kind, len(mine), sum(mine))


def _grades(judged: Sequence[Judged]) -> tuple[GradeRow, ...]:
    return tuple(
        GradeRow(
            grade.value,
            sum(row.finding.grade is grade for row in judged),
            sum(row.finding.grade is grade and row.breach for row in judged),
        )
        for grade in Grade
    )


def _untrue_sure(judged: Sequence[Judged]) -> int:
    untrue = (row for row in judged if not row.matched and row.finding.grade in SURE)
    return len({row.finding.incident for row in untrue})


def _exempted(judged: Sequence[Judged]) -> Exempted:
    """Each matched incident once, by the first of its findings."""
    once = {row.finding.incident: row for row in reversed(judged) if row.matched}
    rows = list(once.values())
    sure = (ExemptStatus.NONE, ExemptStatus.EXEMPT)
    return Exempted(
        matched=len(rows),
        works=sum(row.exempt for row in rows),
        right=sum(row.status is sure[row.exempt] for row in rows),
        undecided=sum(row.status is ExemptStatus.POSSIBLE for row in rows),
        wrong=sum(row.status is sure[not row.exempt] for row in rows),
    )


def _is_named(row: Judged) -> bool:
    return row.finding.attribution.assessed in NAMED


def _once(judged: Iterable[Judged]) -> list[Judged]:
    """Each incident once, by its most probable finding."""
    best: dict[str, Judged] = {}
    for row in judged:
        before = best.get(row.finding.incident)
        if before is None or row.finding.p_breach > before.finding.p_breach:
            best[row.finding.incident] = row
    return list(best.values())


def _abstention(judged: Sequence[Judged]) -> Iterator[Abstention]:
    """Sides named by the least weight they must have; of probable incidents.

    The weight is that there was a breach, and that it came from that side.
    """
    probable = _once(row for row in judged if row.finding.grade in SURE)
    for p in SIDE_STEPS:
        named = [row for row in probable if row.p_side * row.finding.p_breach >= p]
        wrong = sum(not row.right_side for row in named)
        yield Abstention(p, len(named), wrong, len(probable))


def _points(each: Sequence[Beside]) -> PointsMethod:
    said = [row for one in each for row in one.said]
    breach = [row.sort == Sort.BREACH for row in said]
    off = [(row.confirmed - true) ** 2 for row, true in zip(said, breach, strict=True)]
    return PointsMethod(
        confirmed=sum(row.confirmed for row in said),
        untrue=sum(
            row.confirmed and not (row.existed and row.sort in REAL) for row in said
        ),
        attacks=sum(
            row.confirmed and true for row, true in zip(said, breach, strict=True)
        ),
        brier_ratio=sum(off) / len(off) if off else 0.0,
    )


def _bounds(each: Sequence[Beside]) -> dict[str, int]:
    """Whether the rate the scenario draws breaches at stays below each bound."""
    held = [
        _holds(row, one.truth)
        for one in each
        for row in one.told.compliance
        if row.bound_per_day is not None
    ]
    return {"bounds": len(held), "bounds_held": sum(held)}


def _holds(row: Compliance, truth: Truth) -> bool:
    """Whether the rate the scenario draws breaches at stays below the bound."""
    bound = row.bound_per_day
    rate = truth.rates_per_day.get(row.clause, 0.0)
    return bound is not None and rate <= bound

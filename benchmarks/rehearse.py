"""Exercises run without a ledger, kept, and graded anew as grading changes.

What stands before grading (incidents, coverage, words) takes nearly all of the time and
does not depend on how it is graded: it is made once per scenario and seed and kept in
``.benchmarks/exercise``. Delete the folder after changing anything before ``grade``.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from trucewatch.collect.observation import Notice, Observation, Statement
from trucewatch.exercise.alert import known_times
from trucewatch.exercise.beside import Told, Truth
from trucewatch.exercise.make import TRUTH, make
from trucewatch.exercise.scenario import Scenario, read_scenario
from trucewatch.exercise.score import read_truth
from trucewatch.fuse.incident import Incident
from trucewatch.grade.compliance import Compliance, Day, comply
from trucewatch.grade.finding import Finding
from trucewatch.grade.grade import grade
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import RecordId
from trucewatch.share.select import counted_in
from trucewatch.watch.intake import arrivals, read
from trucewatch.watch.mission import read_mission
from trucewatch.watch.picture import Drawn
from trucewatch.watch.run import Method, Step, method_of, picture_of, steps

KEPT = Path(".benchmarks/exercise")
FIRST_SEED = 1000  # of drawn scenarios, so that no seed is both learnt from and scored

Pictures = tuple[tuple[Step, Drawn, tuple[Observation, ...]], ...]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One exercise up to what grading begins with."""

    truth: Truth
    method: Method
    pictures: Pictures
    known: dict[RecordId, datetime]

    def told(self, settings: GradeSettings) -> tuple[Told, tuple[Incident, ...]]:
        """What is said with such settings, and all incidents, of other days too."""
        incidents: list[Incident] = []
        findings: list[Finding] = []
        compliance: list[Compliance] = []
        for _, drawn, words in self.pictures:
            graded = grade(
                drawn.incidents, self.method.versions, words, drawn.coverage, settings
            )
            today = {
                one.id: one
                for one in drawn.incidents
                if counted_in(one.time, drawn.picture.day)
            }
            mine = [one for one in graded if one.incident in today]
            incidents += today.values()
            findings += mine
            inside = {one.incident: one.sector for one in drawn.picture.sectors}
            day = Day(
                drawn.picture.day,
                ("", *self.method.plan.sectors),
                {one: inside.get(one, "") for one in today},
                mine,
                drawn.coverage,
            )
            compliance += comply(self.method.versions[-1], day, settings)
        told = Told(tuple(incidents), tuple(findings), tuple(compliance), self.known)
        return told, tuple(i for _, drawn, _ in self.pictures for i in drawn.incidents)


def shipped(name: str, seed: int) -> Rehearsed:
    """A shipped scenario."""
    return _kept(f"{name}-{seed}", read_scenario(name), seed)


def drawn(number: int) -> Rehearsed:
    """A scenario whose every rate is drawn by lot, to learn from."""
    seed = FIRST_SEED + number
    return _kept(f"train-{seed}", drawn_scenario(number), seed)


def drawn_scenario(number: int) -> Scenario:
    """Two days of who knows what; the ranges hold every shipped scenario but one."""
    rng = np.random.default_rng([20310501, number])

    def between(low: float, high: float) -> float:
        return float(np.round(np.exp(rng.uniform(np.log(low), np.log(high))), 3))

    def perhaps(p: float, value: float) -> float:
        return value if rng.random() < p else 0

    parties = {
        side: {
            "breaches_per_day": between(0.2, 15),
            "exempt_per_day": between(0.2, 3),
            "p_alleges": round(float(rng.uniform(0.3, 0.95)), 2),
            "invents_per_day": perhaps(0.6, between(0.3, 60)),
            "exaggerates_ratio": 1.3,
        }
        for side in ("NOR", "SUD")
    }
    shares = rng.dirichlet([2, 2, 2])
    acts = ("shelling", "drone_impact", "strike")
    return Scenario.model_validate({
        "scenario": f"drawn-{number}",
        "title": "drawn",
        "days": 2,
        "parties": parties,
        "acts": {a: round(float(s), 3) for a, s in zip(acts, shares, strict=True)},
        "decoys": {
            "thunder_per_day": perhaps(0.7, between(0.5, 40)),
            "quarry_per_day": perhaps(0.7, between(0.5, 8)),
            "farm_fires_per_day": perhaps(0.7, between(0.5, 40)),
            "hot_works": int(rng.integers(0, 5)),
        },
        "nodes": {
            "count": int(
                rng.choice([0, 60, 100, 120, 160], p=[0.15, 0.2, 0.25, 0.25, 0.15])
            )
        },
        "patrols": {
            "count": int(rng.integers(0, 9)),
            "hours_per_day": float(rng.choice([8, 10, 12])),
        },
        "press": {
            "outlets": int(rng.integers(0, 12)),
            "p_prints": round(float(rng.uniform(0.1, 0.5)), 2),
            "copies": between(0.5, 6),
            "invents_per_day": between(0.1, 3),
        },
        "satellites": {
            "passes_per_day": int(rng.choice([0, 4, 6, 8])),
            "cloud_ratio": round(float(rng.uniform(0.2, 0.7)), 2),
        },
    })


def kept(pattern: str) -> Iterator[Rehearsed]:
    """What was kept under names of a pattern, by name."""
    for path in sorted(KEPT.glob(f"{pattern}.pkl")):
        yield _loaded(path)


def _kept(name: str, scenario: Scenario, seed: int) -> Rehearsed:
    path = KEPT / f"{name}.pkl"
    if not path.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        made = _rehearsed(scenario, seed)
        path.with_suffix(".tmp").write_bytes(pickle.dumps(made))
        path.with_suffix(".tmp").rename(path)
    return _loaded(path)


def _loaded(path: Path) -> Rehearsed:
    # Written by this very script on this very machine.
    return Rehearsed(*pickle.loads(path.read_bytes()))


def _rehearsed(
    scenario: Scenario, seed: int
) -> tuple[Truth, Method, Pictures, dict[RecordId, datetime]]:
    with TemporaryDirectory() as folder:
        out = Path(folder)
        make(scenario, seed, out)
        truth = read_truth(out / TRUTH)
        mission = read_mission(out / "mission.yaml")
        batches = [(one.delivery, read(one)) for one in arrivals(mission)]
        method = method_of(mission)
        pictures, when = [], {}
        for step in steps(mission, method.plan, None):
            found, known = picture_of(batches, method, step)
            words = tuple(
                one
                for one in known.observations
                if isinstance(one.result, Notice | Statement)
            )
            pictures.append((step, found, words))
            when.update(known_times(found.detections, known.observations))
    return truth, method, tuple(pictures), when

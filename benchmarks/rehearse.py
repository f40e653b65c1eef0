"""Exercises run without a ledger, kept, and graded anew as grading changes.

What stands before grading (incidents, coverage, words) takes nearly all of the time and
does not depend on how it is graded: it is made once per scenario and seed and kept in
``.benchmarks/exercise``. Delete the folder after changing anything before ``grade``.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    """A few days of who knows what; the ranges hold every shipped scenario but one."""
    lot = _Lot(np.random.default_rng([20310501, number]))
    shares = lot.rng.dirichlet([1, 1, 1])
    acts = ("shelling", "drone_impact", "strike")
    moving = bool(lot.rng.random() < 0.2)  # at sea and in the air, which takes long
    parties = {side: _doing(lot, moving=moving) for side in ("NOR", "SUD")}
    return Scenario.model_validate({
        "scenario": f"drawn-{number}",
        "title": "drawn",
        "days": lot.among([1, 2] if moving else [1, 2, 2, 3, 4]),
        "truce_from_h": lot.perhaps(0.2, lot.among([6, 12, 24])),
        "disputed_h": lot.perhaps(0.2, lot.among([6, 12, 24])),
        "parties": parties,
        "acts": {a: round(float(s), 3) for a, s in zip(acts, shares, strict=True)},
        "decoys": {
            "thunder_per_day": lot.perhaps(0.5, lot.between(0.5, 40)),
            "quarry_per_day": lot.perhaps(0.5, lot.between(0.5, 8)),
            "farm_fires_per_day": lot.perhaps(0.6, lot.between(0.5, 40)),
            "hot_works": lot.among([0, 0, 1, 2, 4]),
            "fireworks_per_day": lot.perhaps(0.25, lot.between(0.3, 3)),
            "sonic_booms_per_day": lot.perhaps(0.25, lot.between(0.3, 3)),
            "false_tracks_per_day": lot.perhaps(0.5 * moving, lot.between(0.3, 2)),
        },
        **_watching(lot, moving=moving),
    })


class _Lot:
    """Numbers drawn by lot, a few digits each."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def between(self, low: float, high: float) -> float:
        """Even in its logarithm."""
        return float(np.round(np.exp(self.rng.uniform(np.log(low), np.log(high))), 3))

    def share(self, low: float, high: float) -> float:
        """Even between two ends."""
        return round(float(self.rng.uniform(low, high)), 2)

    def perhaps(self, p: float, value: float) -> float:
        """The value so often, else nothing."""
        return value if self.rng.random() < p else 0

    def among(self, values: Sequence[int]) -> int:
        """Any of some, each as often."""
        return values[int(self.rng.integers(len(values)))]


def _doing(lot: _Lot, *, moving: bool) -> dict[str, float]:
    """What a party does: half of them invent nothing, some do nothing else."""
    return {
        "breaches_per_day": lot.perhaps(0.9, lot.between(0.2, 15)),
        "exempt_per_day": lot.perhaps(0.6, lot.between(0.2, 3)),
        "training_per_day": lot.perhaps(0.25, lot.between(0.3, 2)),
        "p_alleges": lot.share(0.1, 0.95),
        "invents_per_day": lot.perhaps(0.5, lot.between(0.3, 60)),
        "exaggerates_ratio": lot.share(1.0, 3.0),
        "entries_per_day": lot.perhaps(0.7 * moving, lot.between(0.5, 3)),
        "overflights_per_day": lot.perhaps(0.7 * moving, lot.between(0.5, 3)),
        "crossings_per_day": lot.perhaps(0.25, lot.between(0.3, 4)),
        "jams_per_day": lot.perhaps(0.3 * moving, 1),
        "p_dark": lot.share(0.1, 0.6),
        "p_turns_back": lot.perhaps(0.25, lot.share(0.1, 0.4)),
    }


def _watching(lot: _Lot, *, moving: bool) -> dict[str, object]:
    """Who watches: from nobody at all to everybody, with holes in time."""
    dark = []
    for channel in ("nodes", "patrols", "cameras", "press"):
        begin_h = lot.among([0, 6, 12, 24])
        if lot.rng.random() < (0.05 if channel == "press" else 0.25):
            lasting_h = lot.among([6, 12, 24, 48])
            dark.append({
                "channel": channel,
                "begin_h": begin_h,
                "end_h": begin_h + lasting_h,
            })
    return {
        "nodes": {"count": lot.among([0, 0, 20, 40, 60, 80, 100, 120, 120, 160])},
        "patrols": {
            "count": lot.among([0, 0, 2, 4, 6, 8]),
            "hours_per_day": lot.among([8, 10, 12]),
        },
        "press": {
            "outlets": lot.among([0, 2, 4, 6, 8, 12]),
            "p_prints": lot.share(0.1, 0.5),
            "copies": lot.between(0.5, 8),
            "invents_per_day": lot.between(0.1, 3),
        },
        "satellites": {
            "passes_per_day": lot.among([0, 4, 6, 8]),
            "cloud_ratio": lot.share(0.2, 0.7),
        },
        "cameras": {"count": lot.perhaps(0.5, lot.among([2, 4, 8, 10]))},
        "drones": {
            "sorties_per_day": lot.perhaps(0.3, lot.among([1, 2])),
            "frame_s": 120,
        },
        "pictures": {
            "radar_days": lot.perhaps(0.3, lot.among([1, 2])),
            "maps": bool(lot.rng.random() < 0.2),
        },
        "seismometers": {"count": lot.perhaps(0.15, 4)},
        "traffic": {
            "vessels": 12 * moving,
            "aircraft": 12 * moving,
            "crossings_heard_m": lot.among([0, 4_000, 6_000]),
        },
        "blackouts": dark,
    }


def booming(number: int) -> Rehearsed:
    """A day of sonic booms and nothing else, of which drawn scenarios have none."""
    seed = FIRST_SEED + number
    body = {
        "scenario": f"booms-{number}",
        "title": "booms",
        "days": 1,
        "decoys": {"sonic_booms_per_day": 30},
        "nodes": {"count": (80, 120, 160)[number % 3]},
    }
    return _kept(f"booms-{seed}", Scenario.model_validate(body), seed)


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
        # Graded anew each time, so that what is kept outlives a calibration.
        plain = replace(method.grading, calibration=None)
        method = replace(method, grading=plain)
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

"""Learn what odds and features are worth from drawn scenarios, and write it down.

    python -m benchmarks.calibrate --drawn 0 100 [--out calibration.json]

Scenarios are drawn by lot (``benchmarks/rehearse.py``); none is shipped, and no seed is
scored elsewhere. What is kept for the same numbers is used again. The file written
names what it was learnt from by the hash of its cases.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import log10
from pathlib import Path

import numpy as np
from benchmarks.rehearse import Rehearsed, drawn

from trucewatch.detect.detection import Channel
from trucewatch.exercise.beside import beside
from trucewatch.exercise.calibration import calibration
from trucewatch.exercise.match import matched
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.calibration import (
    Basis,
    Calibration,
    Claims,
    Feature,
    Reliability,
    basis_of,
    log10_odds_of,
)
from trucewatch.grade.causes import UTC_ZONE, causes_of, features_each, is_heard
from trucewatch.grade.existence import is_untaught
from trucewatch.grade.patterns import PATTERNS
from trucewatch.grade.settings import default_grade_settings
from trucewatch.grade.venn_abers import VennAbers, fitted
from trucewatch.record import written_out

OUT = Path("src/trucewatch/grade/calibration.json")
FEATURES = ("word", "print", "one_round", "two_rounds", "more_rounds", *PATTERNS)
CHANNEL_OF = {"word": Channel.PARTY, "print": Channel.MEDIA}
REAL = ("breach", "exempt")
HELD_OUT = 5  # every so manieth exercise checks what the others taught
BEFORE = 0.5  # cases of each kind counted as seen before the first
SURE = 4.0  # log10 odds: nothing is surer than so many cases allow
PLAIN = replace(default_grade_settings(), calibration=None)


@dataclass(frozen=True, slots=True)
class Case:
    """One incident of an exercise, and what it was: ``""`` for nothing.

    Attributes:
        channels: that delivered anything; ``features`` what tells its cause.
    """

    exercise: int
    incident: Incident
    what: str
    channels: frozenset[Channel]
    features: frozenset[str] = frozenset()

    @property
    def existed(self) -> bool:
        """Whether something it could mean was."""
        return self.what in REAL or (
            bool(self.what) and basis_of(self.incident) is Basis.WITNESSED
        )


def cases_of(number: int, one: Rehearsed) -> list[Case]:
    """Every incident of an exercise with what truly stands behind it."""
    told, every = one.told(PLAIN)
    channels = frozenset(c.channel for i in every for c in i.contributions)
    features = {}
    for _, found, _ in one.pictures:
        heard = [i for i in found.incidents if is_heard(i)]
        features |= features_each(found.incidents, heard, UTC_ZONE)
    pairs = matched(told.incidents, one.truth.happenings, one.truth.plane)
    of = {p.incident: one.truth.happenings[p.happening].sort.value for p in pairs}
    return [
        Case(number, incident, of.get(k, ""), channels, features[incident.id])
        for k, incident in enumerate(told.incidents)
    ]


def learnt(cases: Sequence[Case], exercises: Sequence[Rehearsed]) -> Calibration:
    """The calibration of some cases."""
    noticed = [c for c in cases if basis_of(c.incident) is Basis.WITNESSED]
    noticed = [c for c in noticed if not is_untaught(c.incident)]
    heard = [c for c in cases if c.what and is_heard(c.incident)]
    p_attack, weight = share_law(heard)
    unread = Calibration(
        trained_on="",
        sha256="",
        existence=fitted(
            [log10_odds_of(c.incident) for c in noticed],
            [c.existed for c in noticed],
        ),
        claims=claims(cases),
        deeds=fitted([0.0], [True]),
        features=tuple(feature(name, heard) for name in FEATURES),
        p_attack=p_attack,
        prior_cases_ratio=weight,
        works_ratio=1.0,
    )
    said = "\n".join(f"{c.exercise} {c.incident.id} {c.what}" for c in cases)
    return replace(
        unread,
        deeds=deeds(cases, exercises, unread),
        trained_on=(
            f"{len(cases)} incidents of {len(exercises)} drawn exercises "
            "(benchmarks/rehearse.py); none of them scored"
        ),
        sha256=sha256(said.encode()).hexdigest(),
    )


def claims(cases: Sequence[Case]) -> Claims:
    """How words are weighed: judgement, but for how often what was seen stays apart.

    Of true claims nobody else bears out, more stand alone than looks in vain allow.
    """
    true = [
        c
        for c in cases
        if c.what in REAL and Channel.PARTY in {o.channel for o in _told(c)}
    ]
    alone = [c for c in true if basis_of(c.incident) is Basis.WORDS]
    missed = sum(10**c.incident.log10_miss_ratio for c in alone)
    noticed = len(true) - missed
    return Claims(
        rests_on=(
            "judgement, the same for every speaker; p_alone is learnt from "
            f"{len(true)} true claims of drawn exercises"
        ),
        prior_held_cases=1,
        prior_failed_cases=1,
        p_alone=round((len(alone) - missed + BEFORE) / (noticed + 2 * BEFORE), 4),
        log10_most_witnessed=2.0,
        log10_most_printed=0.7,
        p_deaf=0.002,
        deaf_ratio=0.001,
    )


def _told(case: Case) -> tuple[Contribution, ...]:
    return case.incident.contributions


def feature(name: str, heard: Sequence[Case]) -> Feature:
    """How a feature's shares differ between attacks, nature and announced work."""
    channel = CHANNEL_OF.get(name)
    able = [c for c in heard if channel is None or channel in c.channels]

    def share(what: tuple[str, ...], there: bool) -> float:
        mine = [c for c in able if c.what in what]
        told = sum((name in c.features) == there for c in mine)
        return (told + BEFORE) / (len(mine) + 2 * BEFORE)

    attack, nature, work = ("breach",), ("decoy",), ("exempt", "decoy")

    def ratio(over: tuple[str, ...], under: tuple[str, ...], there: bool) -> float:
        return log10(share(over, there) / share(under, there))

    # Of announced work the notice says when, and ``grade.announced`` what is beside it.
    tells = name not in PATTERNS
    speaks = channel is not None
    return Feature(
        name,
        ratio(attack, nature, True),
        ratio(attack, nature, False) if speaks else 0.0,
        ratio(work, attack, True) if tells else 0.0,
        ratio(work, attack, False) if speaks else 0.0,
    )


def share_law(heard: Sequence[Case]) -> tuple[float, float]:
    """Mean and weight of the share of attacks from exercise to exercise, by moments.

    Source: the Beta law with the mean and variance found.
    """
    shares = []
    for number in sorted({c.exercise for c in heard}):
        mine = [
            c.what == "breach"
            for c in heard
            if c.exercise == number and c.what in ("breach", "decoy")
        ]
        if len(mine) >= 4:
            shares.append((sum(mine) + BEFORE) / (len(mine) + 2 * BEFORE))
    mean, spread = float(np.mean(shares)), float(np.var(shares))
    weight = max(mean * (1 - mean) / max(spread, 1e-6) - 1, 0.5)
    return mean, weight


def deeds(
    cases: Sequence[Case], exercises: Sequence[Rehearsed], so_far: Calibration
) -> VennAbers:
    """How the odds of an attack are to be read: on what is heard and no known work."""
    what = {c.incident.id: c.what for c in cases}
    every = {
        name: cause
        for one in exercises
        for _, found, _ in one.pictures
        for name, cause in causes_of(found.incidents, so_far).items()
    }
    heard = [
        (name, cause)
        for name, cause in every.items()
        if cause.heard and what.get(name) in ("breach", "decoy")
    ]
    return fitted(
        [min(SURE, cause.log10_deed_odds) for _, cause in heard],
        [what[name] == "breach" for name, _ in heard],
    )


def reliability(
    cases: Sequence[Sequence[Case]], exercises: Sequence[Rehearsed]
) -> tuple[Reliability, ...]:
    """How breaches held in every fifth exercise, learnt from the other four."""
    rest = [n for n in range(len(exercises)) if n % HELD_OUT]
    made = learnt([c for n in rest for c in cases[n]], [exercises[n] for n in rest])
    settings = replace(PLAIN, calibration=made)
    rows = [
        row
        for one in exercises[::HELD_OUT]
        for row in beside(one.truth, one.told(settings)[0]).judged
    ]
    found = calibration(
        np.array([row.finding.p_breach for row in rows]),
        np.array([row.breach for row in rows], np.float64),
    )
    return tuple(
        Reliability(one.p_stated, one.p_came_true, one.statements) for one in found.bins
    )


def main() -> None:
    """Learn, say how the learnt fits what it was learnt from, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--drawn", type=int, nargs=2, default=(0, 100))
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    exercises = [drawn(number) for number in range(*given.drawn)]
    cases = [cases_of(n, one) for n, one in enumerate(exercises)]
    every = [case for each in cases for case in each]
    made = replace(learnt(every, exercises), reliability=reliability(cases, exercises))
    body = json.loads(written_out(made))
    given.out.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    print(made.trained_on, made.sha256[:16])
    for one in made.features:
        print(one)
    print(f"share of attacks {made.p_attack:.2f}, worth {made.prior_cases_ratio:.2f}")
    for one in (made.existence, made.deeds):
        print(one)
    for one in made.reliability:
        print(one)


if __name__ == "__main__":
    main()

"""The pooled scorecard: shipped scenarios over many seeds, as one.

    python -m benchmarks.exercise --seeds 1 11 --scenarios quiet-front --processes 2
    python -m benchmarks.exercise --kept            # only what was kept before
    … --careless 0.1        # one notice in ten an hour or three early, one 1-2 km off
    … --out DIR writes the page and JSON; --note TEXT adds a line to the history

What stands before grading is kept (``benchmarks/rehearse.py``); a second call takes
seconds. The history is ``benchmarks/exercise_history.jsonl``, one line a release or
change worth comparing, written only with ``--note``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import numpy as np
from benchmarks.rehearse import Rehearsed, kept, shipped

from trucewatch.collect.observation import Notice, Observation
from trucewatch.detect import ellipse
from trucewatch.exercise.beside import Beside, beside
from trucewatch.exercise.scenario import shipped as names
from trucewatch.exercise.score import Scorecard, scorecard
from trucewatch.grade.settings import default_grade_settings
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.watch.exercise import say, write_score

HISTORY = Path("benchmarks/exercise_history.jsonl")
HEAVY = "heavy-day"  # takes as long as all others together: asked for by name only


def made(asked: tuple[str, int]) -> tuple[str, int]:
    """Run one exercise and keep it."""
    shipped(*asked)
    return asked


def each(given: argparse.Namespace) -> Iterator[tuple[str, Beside]]:
    """Every exercise asked for, judged with the settings as shipped."""
    settings = default_grade_settings()
    wanted = list(product(given.scenarios, range(*given.seeds)))
    if not given.kept:
        with ProcessPoolExecutor(given.processes) as pool:
            for name, seed in pool.map(made, wanted):
                print(f"ran {name}, seed {seed}", flush=True)
    for name in given.scenarios:
        pattern = f"{name}-*"
        for one in kept(pattern):
            if (name, one.truth.seed) in wanted:
                one = careless(one, given.careless) if given.careless else one
                yield name, beside(one.truth, one.told(settings)[0])


def careless(one: Rehearsed, p: float) -> Rehearsed:
    """With a share of the notices moved off their work in place, and one in time."""
    rng = np.random.default_rng(one.truth.seed)
    moved: dict[str, Observation] = {}
    for words in [words for _, _, words in one.pictures]:
        for said in sorted(words, key=lambda o: o.id):
            if isinstance(said.result, Notice) and said.id not in moved:
                moved[said.id] = _astray(said, p, rng)
    pictures = tuple(
        (step, drawn, tuple(moved.get(said.id, said) for said in words))
        for step, drawn, words in one.pictures
    )
    return replace(one, pictures=pictures)


def _astray(said: Observation, p: float, rng: np.random.Generator) -> Observation:
    place, time = said.place, said.phenomenon_time
    if rng.random() < p and isinstance(place, Place):
        turn, far_m = rng.uniform(0, 2 * np.pi), rng.uniform(1_000, 2_000)
        lat, lon = ellipse.moved(place, far_m * np.cos(turn), far_m * np.sin(turn))
        place = replace(place, lat_deg=lat, lon_deg=lon)
    if rng.random() < p:
        early = timedelta(hours=float(rng.uniform(1, 3)))
        time = Period(time.begin - early, time.end - early)
    return replace(said, place=place, phenomenon_time=time)


def figures(card: Scorecard) -> dict[str, float]:
    """What the history keeps of a scorecard."""
    return {
        "exercises": card.exercises,
        "incidents": card.incidents,
        "brier": round(card.breach.brier_ratio, 4),
        "ece": round(card.breach.ece_ratio, 4),
        "brier_existence": round(card.existence.brier_ratio, 4),
        "ece_existence": round(card.existence.ece_ratio, 4),
        "in_ellipse": round(card.p_covered, 4),
        "awaiting": card.awaiting,
        "awaiting_false": card.awaiting_false,
        "severe": card.severe.happened,
        "severe_told": card.severe.told,
        "exempt_right": card.exempted.right,
        "exempt_of": card.exempted.matched,
        "attributed": card.attributed,
        "wrong_side": card.wrong_side,
        "points_brier": round(card.points.brier_ratio, 4),
    }


def main() -> None:
    """Print a scorecard for each scenario and one for all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, nargs=2, default=(1, 11))
    asked.add_argument(
        "--scenarios", nargs="+", default=[n for n in names() if n != HEAVY]
    )
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--kept", action="store_true")
    asked.add_argument("--careless", type=float, default=0.0)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--note", default="")
    given = asked.parse_args()
    groups: dict[str, list[Beside]] = {}
    for name, one in each(given):
        groups.setdefault(name, []).append(one)
    every = [one for group in groups.values() for one in group]
    cards = [scorecard("all scenarios", 0, every)]
    cards += [scorecard(name, 0, group) for name, group in groups.items()]
    for card in cards:
        print("\n".join(say(card)))
    if given.out:
        write_score(tuple(cards), given.out)
    if given.note:
        line = {"note": given.note, **figures(cards[0])}
        with HISTORY.open("a", encoding="utf-8") as history:
            history.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()

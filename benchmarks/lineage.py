"""Pairwise F1 of lineage on synthetic syndication in three languages; time at volume.

    python -m benchmarks.lineage                  # held-out seeds
    python -m benchmarks.lineage --seeds 1 2 3    # development seeds
    python -m benchmarks.lineage --volume 10000   # seconds and memory of that many
    TRUCEWATCH_DATA=… python -m benchmarks.lineage --real   # links of real headlines

Every story is one invented event. Outlets print it: to the letter, translated,
paraphrased, cut, in another order, with boilerplate around it, or citing the first
outlet for a sentence of their own. Beside each story stand others on the same subject
that are not it: the same place on another day, the same day in another place, the same
form with other numbers. Templates and vocabulary are ours; no real text is in it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import random
import re
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from ruamel.yaml import YAML

from trucewatch.collect.observation import (
    Credibility,
    Observation,
    Reliability,
    Rounding,
    Statement,
    StatementKind,
)
from trucewatch.fuse.lineage.trace import lineages
from trucewatch.period import Period
from trucewatch.place import Unlocated

HELD_OUT = range(101, 111)
STORIES = 60
COPIES = 5  # prints of a story besides the first
DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
JUDGED = Path(__file__).parents[1] / "tests/data/prose/copies.json"
FIRST_DAY, LAST_DAY = "2023-07-10", "2023-07-19"
WORDS = YAML(typ="safe", pure=True).load(Path(__file__).with_name("lineage_words.yaml"))
LANGUAGES = ("en", "uk", "ru")
Print = tuple[str, str, str, int]  # story, language, text, hours after the first


class Teller:
    """Invents stories and ways to print them."""

    def __init__(self, seed: int) -> None:
        """All dice come from the seed."""
        self.dice = random.Random(seed)

    def facts(self) -> dict[str, object]:
        """What one story tells, by the names the templates use."""
        dice = self.dice
        return {
            "place": dice.randrange(len(WORDS["places"])),
            "other": dice.randrange(len(WORDS["places"])),
            "act": dice.randrange(len(WORDS["acts"])),
            "hour": f"{dice.randrange(24)}:{dice.randrange(60):02d}",
            "n": dice.randrange(11, 90),
            "m": dice.randrange(2, 30),
            "hurt": dice.randrange(2, 20),
            "day": dice.randrange(1, 28),
        }

    def sentences(self, facts: dict[str, object], language: str, way: int) -> list[str]:
        """The story in a language; ``way`` chooses among wordings of each sentence."""
        words = {
            key: WORDS[f"{key}s" if key == "act" else "places"][value][language]
            for key, value in facts.items()
            if key in ("place", "other", "act")
        }
        told = {**facts, **words}
        slots = WORDS["stories"][language]
        return [slot[way % len(slot)].format(**told) for slot in slots]

    def prints(self, name: str, facts: dict[str, object]) -> list[Print]:
        """The first print and its copies."""
        dice = self.dice
        home = dice.choice(LANGUAGES)
        first = self.sentences(facts, home, 0)
        made: list[Print] = [(name, home, " ".join(first), 0)]
        for _ in range(COPIES):
            how = dice.choice([
                "same",
                "translated",
                "paraphrased",
                "cut",
                "reordered",
                "padded",
            ])
            language = home
            sentences = first
            if how == "translated":
                language = dice.choice([one for one in LANGUAGES if one != home])
                sentences = self.sentences(facts, language, dice.randrange(2))
            if how == "paraphrased":
                sentences = self.sentences(facts, home, 1)
            if how == "cut":
                sentences = first[: dice.randrange(2, len(first))]
            if how == "reordered":
                sentences = dice.sample(first, len(first))
            if how == "padded":
                pads = dice.sample(WORDS["boilerplate"][home], 2)
                sentences = [pads[0], *first, pads[1]]
            made.append((name, language, " ".join(sentences), dice.randrange(1, 30)))
        return made

    def distractors(self, name: str, facts: dict[str, object]) -> list[Print]:
        """Stories on the same subject that are not it: each its own origin."""
        fresh = self.facts()
        numbers = {key: fresh[key] for key in ("hour", "n", "m", "hurt")}
        same_place = {**facts, **numbers}
        elsewhere = {**facts, "place": fresh["place"], "other": fresh["other"]}
        elsewhere |= {"hour": fresh["hour"], "hurt": fresh["hurt"]}
        made = []
        for n, other in enumerate((same_place, elsewhere)):
            if other["place"] == facts["place"] and n:
                continue
            language = self.dice.choice(LANGUAGES)
            text = " ".join(self.sentences(other, language, self.dice.randrange(2)))
            made.append((f"{name}/{n}", language, text, self.dice.randrange(30)))
        return made


def corpus(seed: int, stories: int) -> list[tuple[str, Observation]]:
    """Observations with the name of their true story."""
    teller = Teller(seed)
    found = []
    for number in range(stories):
        facts = teller.facts()
        begin = DAY0 + timedelta(hours=teller.dice.randrange(24 * 10))
        prints = teller.prints(str(number), facts)
        prints += teller.distractors(str(number), facts)
        for story, language, text, later in prints:
            at = begin + timedelta(hours=later)
            outlet = f"outlet{teller.dice.randrange(10_000)}.example"
            found.append((story, _observation(text, language, outlet, at, len(found))))
    teller.dice.shuffle(found)
    return found


def _observation(
    text: str, language: str, outlet: str, at: datetime, row: int
) -> Observation:
    printed = Period(at, at + timedelta(minutes=1))
    said = Statement(
        kind=StatementKind.ALLEGATION,
        speaker="",
        against="",
        figures=(),
        total=None,
        words="",
        outlet=outlet,
        address="",
        language=language,
        text=text,
    )
    return Observation(
        procedure="statements/press",
        result=said,
        place=Unlocated(),
        phenomenon_time=printed,
        result_time=printed,
        independence=f"media:{outlet}",
        reliability=Reliability.F,
        credibility=Credibility.CANNOT_BE_JUDGED,
        rounding=Rounding.MINUTE,
        row=str(row),
    )


def score(seed: int, stories: int = STORIES) -> tuple[int, int, int]:
    """Pairs found right, found wrong and missed."""
    told = corpus(seed, stories)
    true = {
        frozenset((a[1].id, b[1].id)) for a, b in combinations(told, 2) if a[0] == b[0]
    }
    found = {
        frozenset(pair)
        for one in lineages([seen for _, seen in told])
        if not one.doubtful
        for pair in combinations(one.members, 2)
    }
    right = len(true & found)
    return right, len(found) - right, len(true) - right


def real() -> tuple[int, int]:
    """Links of real headlines that were judged: how many, and how many are copies.

    Ten days of July 2023, every headline once; each of the judged pairs was linked when
    it was judged, so that this says how often a link is right, not what is missed.
    """
    judged = json.loads(JUDGED.read_text("utf-8"))
    path = Path(os.environ["TRUCEWATCH_DATA"]) / judged[0]["file"]
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    told: dict[str, Observation] = {}
    for number, row in enumerate(rows):
        words, day = row["headline"], row["datetime"][:10]
        if FIRST_DAY <= day <= LAST_DAY and "тривога" not in words:
            language = "uk" if re.search("[іїєґ]", words) else "ru"
            at = datetime.fromisoformat(row["datetime"]).replace(tzinfo=UTC)
            outlet = f"o{number}.example"
            name = hashlib.sha256(words.encode()).hexdigest()
            told.setdefault(name, _observation(words, language, outlet, at, number))
    found = {
        frozenset((link.first, link.second))
        for one in lineages(list(told.values()))
        for link in one.links
    }
    linked = [
        one
        for one in judged
        if frozenset(told[name].id for name in one["sha256"]) in found
    ]
    return len(linked), sum(one["same"] for one in linked)


def main() -> None:
    """Print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, nargs="*", default=list(HELD_OUT))
    asked.add_argument("--volume", type=int, default=0)
    asked.add_argument("--real", action="store_true")
    given = asked.parse_args()
    if given.real:
        linked, copies = real()
        sys.stdout.write(f"{linked} judged links of real headlines, {copies} right\n")
        return
    if given.volume:
        told = [seen for _, seen in corpus(1, given.volume // 8 + 1)][: given.volume]
        begin = time.process_time()
        found = lineages(told)
        took = time.process_time() - begin
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{len(told)} items, {len(found)} lineages: "
            f"{took:.1f} s CPU, {most:.0f} MB\n"
        )
        return
    sums = [0, 0, 0]
    for seed in given.seeds:
        right, wrong, missed = score(seed)
        sums = [a + b for a, b in zip(sums, (right, wrong, missed), strict=True)]
        sys.stdout.write(f"seed {seed}: {_figures(right, wrong, missed)}\n")
    sys.stdout.write(f"all: {_figures(*sums)}\n")


def _figures(right: int, wrong: int, missed: int) -> str:
    precision = right / max(right + wrong, 1)
    recall = right / max(right + missed, 1)
    f1 = 2 * right / max(2 * right + wrong + missed, 1)
    return f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"


if __name__ == "__main__":
    main()

"""How well prose is read: the annotated set against what trucewatch makes of it.

TRUCEWATCH_DATA=… python -m benchmarks.prose [--errors]

Prints precision, recall and F1 per task and split. ``--errors`` lists the mistakes of
the half for development; those of the other half are for nobody to look at.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from trucewatch.collect.prose.attribute import utterances
from trucewatch.collect.prose.boilerplate import without_boilerplate
from trucewatch.collect.prose.dates import times
from trucewatch.collect.prose.document import lines_of, parts_of_post
from trucewatch.collect.prose.gazetteer import read_gazetteer
from trucewatch.collect.prose.mentions import side_of
from trucewatch.collect.prose.numbers import numbers
from trucewatch.collect.prose.reckoning import Clock
from trucewatch.collect.prose.rules import rules
from trucewatch.collect.prose.toponyms import toponyms
from trucewatch.period import Period
from trucewatch.place import Area, Place

DATA = Path(os.environ.get("TRUCEWATCH_DATA", ""))
LABELS = Path(__file__).parents[1] / "tests/data/prose/annotated.json"
GAZETTEER = "gazetteer/ua_cities500_geonames.csv"
PUBLISHED = datetime(2026, 1, 8, 12, tzinfo=UTC)  # of the two articles


@dataclass
class Tally:
    """What was right, too much and missing; and for places, wrong."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.extra + self.missed)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def accuracy(self) -> float:
        return self.right / max(1, self.right + self.extra + self.missed)


@dataclass(frozen=True)
class Text:
    """One annotated text, with when it was published and whose days it speaks of."""

    words: str
    published: Period
    zone: ZoneInfo
    label: dict


@cache
def rows(name):
    """The rows of a lent table; row 2 is the first below the header."""
    path = DATA / name
    opened = gzip.open if name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def text_of(label):
    """The text a label is of; fails where the lent data are not what was annotated."""
    name, row = label["file"], label["row"]
    if name.endswith(".txt"):
        lines = (DATA / name).read_text("utf-8").split("\n")
        zone, words = ZoneInfo("Europe/Kyiv"), lines[row - 1]
        when = Period(PUBLISHED, PUBLISHED + timedelta(minutes=1))
    else:
        cells = rows(name)[row - 2]
        post = "text_snippet" in cells
        words = cells["text_snippet"] if post else cells["headline"]
        zone = ZoneInfo("Europe/Moscow" if post else "Europe/Kyiv")
        stated = datetime.fromisoformat(cells["datetime"])
        begin = stated.replace(tzinfo=UTC if post else zone).astimezone(UTC)
        whole = not post and cells["datetime"].endswith("00:00:00")
        length = timedelta(days=1) if whole else timedelta(minutes=1)
        when = Period(begin, begin + length)
    found = hashlib.sha256(words.encode()).hexdigest()
    assert found == label["sha256"], f"{name} row {row} is not what was annotated"
    return Text(words, when, zone, label)


def read(text):
    """Passages, utterances and rules of a text; a line of an article in its article."""
    r = rules(text.label["language"])
    if not text.label["file"].endswith(".txt"):
        passages = list(parts_of_post(text.words))
        return passages, utterances(passages, r), r
    passages, said = article(text.label["file"])
    row = text.label["row"]
    own = [one for one in said if one.passage.number == row]
    return [one for one in passages if one.number == row], own, r


@cache
def article(name):
    whole = (DATA / name).read_text("utf-8")
    passages = list(without_boilerplate(list(lines_of(whole))))
    return passages, utterances(passages, rules("en"))


def score(labels, task):
    """Tallies of one task by split."""
    found = {}
    for label in labels:
        tally = found.setdefault(label["split"], Tally())
        if task is resolved_places and label["places"] is None:
            continue  # a list of a dozen villages and more, left out when annotating
        task(text_of(label), tally)
    return found


def plain(words):
    return re.sub(r"\W+", " ", words.lower()).strip()


def same_speaker(label, speaker, r):
    one, other = plain(label), plain(speaker.name)
    if (
        one in other
        or other in one
        or (speaker.office and one in plain(speaker.office))
    ):
        return True
    side = side_of(label, r)
    return bool(side) and not speaker.person and side == speaker.side


def speakers(text, tally):
    """Every speaker of a text once, by name, office, or the side of a body."""
    _, said, r = read(text)
    found = list({one.speaker.name: one.speaker for one in said}.values())
    left = list(text.label["speakers"])
    for speaker in found:
        match = next((one for one in left if same_speaker(one, speaker, r)), None)
        if match:
            left.remove(match)
            tally.right += 1
        elif not any(same_speaker(x, speaker, r) for x in text.label["speakers"]):
            tally.extra += 1
            tally.notes.append(f"extra {speaker.name!r} in {text.words[:120]!r}")
    tally.missed += len(left)
    tally.notes.extend(f"missed {one!r} in {text.words[:120]!r}" for one in left)


def spoken_times(text):
    passages, _, r = read(text)
    clock = Clock(text.published, text.zone)
    for passage in passages:
        yield passage, times(passage.text, 0, len(passage.text), clock, r), r


def local(instant, zone):
    here = instant.astimezone(zone)
    return here.strftime("%Y-%m-%dT%H:%M").removesuffix("T00:00")


def resolved_times(text, tally):
    """Every period of a text once: both ends must be those of the label."""
    found = []
    for _, whens, _ in spoken_times(text):
        for w in whens:
            ends = (w.period.begin, w.period.end)
            found.append("/".join(local(one, text.zone) for one in ends))
    wanted = [t["is"].replace("T00:00", "") for t in text.label["times"]]
    compare(tally, wanted, list(dict.fromkeys(found)), text)


def given_numbers(text, tally):
    """Every number of a text, exact; a number that occurs twice counts twice."""
    found = []
    for passage, whens, r in spoken_times(text):
        taken = [(w.begin, w.end) for w in whens]
        given = numbers(passage.text, 0, len(passage.text), r, taken)
        found.extend(n.numeral for n in given)
    compare(tally, text.label["numbers"], found, text)


def compare(tally, wanted, found, text):
    both = Counter(wanted) & Counter(found)
    tally.right += both.total()
    for name, rest in (
        ("extra", Counter(found) - both),
        ("missed", Counter(wanted) - both),
    ):
        setattr(tally, name, getattr(tally, name) + rest.total())
        tally.notes.extend(f"{name} {one!r} in {text.words[:120]!r}" for one in rest)


@cache
def settlements():
    return read_gazetteer((DATA / GAZETTEER).read_bytes())


def key_of(named):
    """What a resolved place is, in the words of the labels."""
    if isinstance(named.place, Area):
        return named.key
    if isinstance(named.place, Place) and named.key:
        return f"g:{named.candidates[0]}" if named.candidates else named.key
    return "absent"


def resolved_places(text, tally):
    """Each annotated name: resolved to its entry, or left open where it has none.

    A wrong entry is one miss; a place nobody annotated is one too much.
    """
    passages, said, _ = read(text)
    found = []
    for passage in passages:
        heads = [
            (m.begin, m.end)
            for one in said
            if one.passage is passage
            for f in one.frames
            for m in f.speakers
        ]
        given = toponyms(passage.text, 0, len(passage.text), settlements(), heads)
        found.extend((passage.text[n.begin : n.end], key_of(n)) for n in given)
    wanted = {re.sub(r"^[pwf]:", "", p["is"]) for p in text.label["places"]}
    for place in text.label["places"]:
        printed, kind = place["printed"], re.sub(r"^[pwf]:", "", place["is"])
        if kind.startswith("d:"):
            continue  # districts: the gazetteer at hand has none
        near = [f for f in found if printed.split()[0] in f[0] or f[0] in printed]
        right = next((f for f in near if f[1] == kind), None)
        if right or (kind == "absent" and not near):
            tally.right += 1
        else:
            tally.missed += 1
            tally.notes.append(
                f"{printed!r} is {kind}, not {near} in {text.words[:90]!r}"
            )
        for used in [right] if right else near[:1]:
            found.remove(used)
    for printed, kind in found:
        if kind != "absent" and kind not in wanted:
            tally.extra += 1
            tally.notes.append(f"extra {printed!r} as {kind} in {text.words[:90]!r}")


TASKS = {
    "speakers": speakers,
    "places": resolved_places,
    "times": resolved_times,
    "numbers": given_numbers,
}


def labels():
    return json.loads(LABELS.read_text("utf-8"))


def main():
    print(f"{'task':10} {'split':10} right extra missed     F1 recall accuracy")
    for name, task in TASKS.items():
        for split, t in sorted(score(labels(), task).items()):
            counts = f"{t.right:5} {t.extra:5} {t.missed:6}"
            rates = f"{t.f1:6.3f} {t.recall:6.3f} {t.accuracy:8.3f}"
            print(f"{name:10} {split:10} {counts} {rates}")
            if "--errors" in sys.argv and split == "develop":
                print("\n".join(f"    {note}" for note in t.notes))


if __name__ == "__main__":
    main()

"""Whether two observations have one origin, and what shows it.

Nothing far apart in time or place is tied. Two texts with other numbers are two texts,
however alike their words: a ministry fills in the same form every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from trucewatch.collect.observation import Observation
from trucewatch.detect.ellipse import offset_m
from trucewatch.fuse.lineage.lineage import Tie
from trucewatch.fuse.lineage.traits import Traits
from trucewatch.place import Place

# Judgement, tried on the development seeds of benchmarks/lineage.py.
NEAR = timedelta(days=4)  # an outlet that prints it later cites a date
CONTAINED_RATIO = 0.5  # of the shingles of the shorter
LEAST_SHINGLES = 4
QUOTED_RATIO = 0.8
NUMBERS_RATIO = 0.65  # of what the numbers of the shorter tell
NAMES_RATIO = 0.5
LEAST_NUMBERS = 1.5  # what shared numbers must tell: two hours, a count and a digit
FEW_NUMBERS = 1.0  # enough where two names or more agree


@dataclass(frozen=True, slots=True)
class Item:
    """An observation and what a copy would share with it."""

    seen: Observation
    traits: Traits
    outlet: str = ""


def tie_between(one: Item, other: Item) -> tuple[Tie, str] | None:
    """Why the two have one origin, and what agrees; ``None`` where nothing shows it."""
    a, b = one.traits, other.traits
    told, share = _numbers(a, b)
    if share < NUMBERS_RATIO or not _may_meet(one.seen, other.seen):
        return None
    if a.digest and a.digest == b.digest:
        return Tie.SAME_WORDS, ""
    names, names_share = _names(a, b)
    shared = len(a.shingles & b.shingles)
    shorter = min(len(a.shingles), len(b.shingles))
    if _contained(shared, shorter, names_share):
        return Tie.CONTAINED, f"{shared} of {shorter} runs of words"
    if _quotes(a, b) or _quotes(b, a):
        return Tie.QUOTED, ""
    enough = told >= LEAST_NUMBERS or (told >= FEW_NUMBERS and len(names) > 1)
    agree = f"numbers {told:g}, names {', '.join(names)}"
    if enough and names and names_share >= NAMES_RATIO:
        return Tie.SAME_FACTS, agree
    cited = _passes_on(one, other) and bool(names or told)
    return (Tie.CITED, agree) if cited else None


def _contained(shared: int, shorter: int, names_share: float) -> bool:
    """Whether most of the shorter text stands in the other; all, if names differ."""
    if shared < LEAST_SHINGLES or shared < CONTAINED_RATIO * shorter:
        return False
    return names_share >= NAMES_RATIO or shared == shorter


def _may_meet(one: Observation, other: Observation) -> bool:
    if not one.result_time.overlaps(other.result_time, NEAR):
        return False
    if not one.phenomenon_time.overlaps(other.phenomenon_time, NEAR):
        return False
    if not (isinstance(one.place, Place) and isinstance(other.place, Place)):
        return True
    east_m, north_m = offset_m(one.place, other.place)
    reach_m = one.place.semi_major_m + other.place.semi_major_m
    return east_m**2 + north_m**2 <= reach_m**2


def _numbers(a: Traits, b: Traits) -> tuple[float, float]:
    """What the shared numbers tell, and their share of those of the shorter.

    A text without numbers contradicts none.
    """
    mine, others = dict(a.numbers), dict(b.numbers)
    least = min(sum(mine.values()), sum(others.values()))
    told = sum(mine[n] for n in mine.keys() & others.keys())
    return told, told / least if least else 1.0


def _names(a: Traits, b: Traits) -> tuple[list[str], float]:
    """Names both have, written with a capital in one at least, and their share."""
    shared = (a.names & b.words) | (b.names & a.words)
    shares = [
        len(side.names & far.words) / len(side.names)
        for side, far in ((a, b), (b, a))
        if side.names
    ]
    return sorted(shared), max(shares, default=1.0)


def _quotes(a: Traits, b: Traits) -> bool:
    return any(
        len(part & b.shingles) >= QUOTED_RATIO * len(part)
        and len(part) >= LEAST_SHINGLES
        for part in a.quoted
    )


def _passes_on(one: Item, other: Item) -> bool:
    cites, cited = one.traits.cites, other.traits.cites
    return bool(cites & cited or other.outlet in cites or one.outlet in cited)

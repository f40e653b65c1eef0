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
CONTAINED_LATER_RATIO = 0.8  # where they were printed further apart than ``SAME_DAY``
SAME_DAY = timedelta(hours=18)
LIST_NAMES, LIST_RATIO = 3, 0.8  # of the names of a list of three or more
LEAST_SHINGLES = 4
QUOTED_RATIO = 0.8
NUMBERS_RATIO = 0.65  # of what the numbers of the shorter tell
NAMES_RATIO = 0.5
ALL_NUMBERS_RATIO = 0.95  # of the numbers, where half of the names must do
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
    apart = share < NUMBERS_RATIO or _other_hours(a, b)
    if apart or not _may_meet(one.seen, other.seen):
        return None
    if a.digest and a.digest == b.digest:
        return Tie.SAME_WORDS, ""
    names, names_share = _names(a, b)
    if share < ALL_NUMBERS_RATIO and names_share == NAMES_RATIO:
        names_share = 0.0  # one name of two, and not all numbers: the place beside it
    if contained := _contained(one, other, names_share):
        return Tie.CONTAINED, contained
    if _quotes(a, b) or _quotes(b, a):
        return Tie.QUOTED, ""
    enough = told >= LEAST_NUMBERS or (told >= FEW_NUMBERS and len(names) > 1)
    agree = f"numbers {told:g}, names {', '.join(names)}"
    if enough and names and names_share >= NAMES_RATIO:
        return Tie.SAME_FACTS, agree
    cited = _passes_on(one, other) and bool(names or told)
    return (Tie.CITED, agree) if cited else None


def _contained(one: Item, other: Item, names_share: float) -> str:
    """How much of the shorter text stands in the other; empty where it is too little.

    Much, if it was printed on another day: what is said daily fills in one form. And
    nearly all names of a list, for lists of one form differ in them.
    """
    a, b = one.traits, other.traits
    shared = len(a.shingles & b.shingles)
    shorter = min(len(a.shingles), len(b.shingles))
    same_day = one.seen.result_time.overlaps(other.seen.result_time, SAME_DAY)
    least = (CONTAINED_RATIO if same_day else CONTAINED_LATER_RATIO) * shorter
    listed = min(len(a.names), len(b.names)) >= LIST_NAMES
    names_least = LIST_RATIO if listed else NAMES_RATIO
    alike = names_share >= names_least or shared == shorter
    enough = shared >= LEAST_SHINGLES and shared >= least and alike
    return f"{shared} of {shorter} runs of words" if enough else ""


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


def _other_hours(a: Traits, b: Traits) -> bool:
    """Whether both name hours of the clock and none agrees, in one zone or the next."""
    mine, others = (
        [n.split(":") for n, _ in side.numbers if ":" in n] for side in (a, b)
    )
    pairs = [(x, y) for x in mine for y in others]
    return bool(pairs) and not any(
        x[1] == y[1] and (int(x[0]) - int(y[0])) % 24 in (0, 1, 23) for x, y in pairs
    )


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

"""Statements that cannot both be printed right.

*Attribution*: two figures or more that agree to the last digit are one statement; if
it is printed as the word of different speakers, one print is wrong. The print that
occurs most often, or first, is named first. *Figure*: one speaker, one accused, one
time spoken of, and totals that exclude each other. A tally that grows from one hour to
the next excludes nothing, nor does "more than".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Figure, Observation, Statement
from trucewatch.grade.finding import Contradiction, ContradictionKind

# Two counts below this may agree by chance.
LEAST_TELLING = 10
SHARED = 2  # so many equal figures are no chance
NEAR = timedelta(days=3)  # prints of one statement follow within days
ROUNDED_RATIO = 0.05  # "nearly 3,000" for 2,935 is rounding, not conflict

Said = tuple[Observation, Statement]
Count = tuple[Act, int]


def contradictions(observations: Sequence[Observation]) -> tuple[Contradiction, ...]:
    """All contradictions among statements, sorted by kind and ids; order never matters.

    Nothing but the words, speakers and times as printed is used.
    """
    once = {one.id: one for one in observations}
    said = [
        (once[name], result)
        for name in sorted(once)
        if isinstance(result := once[name].result, Statement)
    ]
    found = [*_misattributed(said), *_conflicting(said)]
    return tuple(sorted(found, key=lambda c: (c.disagreement, c.first, c.second)))


def _misattributed(said: Sequence[Said]) -> Iterator[Contradiction]:
    by_count: dict[Count, list[Said]] = {}
    for one in said:
        for count in sorted(_telling(one[1])):
            by_count.setdefault(count, []).append(one)
    pairs = {
        tuple(sorted((a[0].id, b[0].id))): (a, b)
        for sharing in by_count.values()
        for a, b in combinations(sharing, 2)
        if a[1].speaker != b[1].speaker
    }
    for key in sorted(pairs):
        a, b = pairs[key]
        shared = _telling(a[1]) & _telling(b[1])
        if len(shared) >= SHARED and _near(a[0], b[0]):
            yield _attribution(a, b, shared, said)


def _attribution(
    a: Said, b: Said, shared: set[Count], said: Sequence[Said]
) -> Contradiction:
    def rank(one: Said) -> tuple[object, ...]:
        prints = [s for s in said if s[1].speaker == one[1].speaker]
        same = sum(len(shared & _telling(s[1])) >= SHARED for s in prints)
        more = len(_telling(one[1]))  # a copy leaves figures out, it invents none
        return -same, -more, one[0].result_time.begin, one[0].id

    first, second = sorted((a, b), key=rank)
    about = ", ".join(f"{act}={units}" for act, units in sorted(shared))
    return _contradiction(ContradictionKind.ATTRIBUTION, first, second, about)


def _conflicting(said: Sequence[Said]) -> Iterator[Contradiction]:
    groups: dict[tuple[str, str, str], list[Said]] = {}
    for one in said:
        statement = one[1]
        if _bounds(statement) and statement.speaker:
            key = (statement.speaker, statement.against, statement.kind)
            groups.setdefault(key, []).append(one)
    for same in groups.values():
        for a, b in combinations(same, 2):
            first, second = sorted((a, b), key=lambda s: (_said_at(s), s[0].id))
            if a[0].phenomenon_time.overlaps(b[0].phenomenon_time) and _exclude(
                first, second
            ):
                about = f"total={first[1].total}, total={second[1].total}"
                yield _contradiction(ContradictionKind.FIGURE, first, second, about)


def _exclude(earlier: Said, later: Said) -> bool:
    """Whether no growing tally could have given both totals."""
    before, after = _bounds(earlier[1]), _bounds(later[1])
    if not (before and after):
        return False
    if _rounded(before[0], after[0]):
        return False
    shrank = after[1] < before[0]
    same_hour = earlier[0].result_time.overlaps(later[0].result_time)
    same_words = earlier[0].phenomenon_time == later[0].phenomenon_time
    return shrank or (same_hour and same_words and before[1] < after[0])


def _bounds(said: Statement) -> tuple[float, float] | None:
    """Least and greatest total the words allow; ``None`` where no total was given."""
    if said.total is None:
        return None
    return said.total, float("inf") if said.total_at_least else said.total


def _rounded(one: float, other: float) -> bool:
    return abs(one - other) <= ROUNDED_RATIO * max(one, other)


def _telling(said: Statement) -> set[Count]:
    return {
        (figure.act, figure.units) for figure in said.figures if _is_telling(figure)
    }


def _is_telling(figure: Figure) -> bool:
    return figure.units >= LEAST_TELLING and not figure.at_least


def _near(one: Observation, other: Observation) -> bool:
    return one.result_time.overlaps(other.result_time, NEAR)


def _said_at(one: Said) -> object:
    return one[0].result_time.begin


def _contradiction(
    kind: ContradictionKind, first: Said, second: Said, about: str
) -> Contradiction:
    return Contradiction(
        disagreement=kind,
        first=first[0].id,
        second=second[0].id,
        about=about,
        derived_from=tuple(sorted((first[0].id, second[0].id))),
    )

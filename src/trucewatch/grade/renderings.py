"""One statement as several outlets printed it, and where they differ.

Prints belong together where one person speaks in one outlet, or where words agree: most
content words of the shorter between speakers of one side, or a run of words between
any. A difference is a *contradiction* where both prints cannot be right (the day, a
number, the speaker), a *rendering* where words differ as translations do, and a
*complement* where one print has what the other lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations

from trucewatch.collect.claim import Quantity, StatementKind
from trucewatch.collect.observation import Observation, Statement
from trucewatch.collect.prose.dates import weekday_in
from trucewatch.collect.prose.quotations import quotations
from trucewatch.period import Period
from trucewatch.record import Record, RecordId

SHARED_RATIO = 0.4  # of the content words of the shorter print
SHARED_BY_PERSON_RATIO = 0.3  # where both name the same person as speaking
SHARED_WORDS = 4
RUN_WORDS = 7  # so long a run of words is no chance, whoever is said to speak
STEM_CHARS = 6
_PROMISED = (StatementKind.COMMITMENT, StatementKind.AGREEMENT_FACT)
LONGEST_CHANGE = 5  # words; more is another sentence, not another rendering
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEAST_CONTENT = 4  # letters of a content word


class Nature(StrEnum):
    """What a difference between two prints is."""

    CONTRADICTION = "contradiction"
    RENDERING = "rendering"
    COMPLEMENT = "complement"


_SHARP = {Nature.CONTRADICTION: 0, Nature.RENDERING: 1, Nature.COMPLEMENT: 2}


class Aspect(StrEnum):
    """In what two prints differ."""

    DAY = "day"
    NUMBER = "number"
    SPEAKER = "speaker"
    WORDING = "wording"
    CONDITION = "condition"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Record):
    """Where two prints of one statement differ; both are cited.

    Attributes:
        first: id of one print.
        second: id of the other.
        first_says: as it has it; empty where it is silent.
        second_says: as the other has it; empty where it is silent.
    """

    nature: Nature
    aspect: Aspect
    first: RecordId
    second: RecordId
    first_says: str
    second_says: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """One statement and all its prints, in the order of outlet and text."""

    prints: tuple[Observation, ...]
    differences: tuple[Difference, ...]

    @property
    def outlets(self) -> tuple[str, ...]:
        """Who printed it, each once."""
        return tuple(sorted({_outlet(one) for one in self.prints}))


Said = tuple[Observation, Statement]


def renderings(observations: Sequence[Observation]) -> tuple[Rendered, ...]:
    """All statements, each with its prints and their differences; order never matters.

    The words of the outlets themselves are left out: nobody else can have said them.
    """
    said = sorted(
        (
            (one, one.result)
            for one in {o.id: o for o in observations}.values()
            if isinstance(one.result, Statement) and one.result.verb_or_quoted
        ),
        key=_order,
    )
    groups = _groups(said)
    made = [Rendered(tuple(o for o, _ in g), tuple(_differences(g))) for g in groups]
    return tuple(sorted(made, key=lambda r: _order_of(r.prints[0])))


def _order(one: Said) -> tuple[str, int, str]:
    return _order_of(one[0])


def _order_of(one: Observation) -> tuple[str, int, str]:
    said = one.result
    begin = said.span.begin if isinstance(said, Statement) and said.span else 0
    return _outlet(one), begin, one.id


def _outlet(one: Observation) -> str:
    return one.result.outlet if isinstance(one.result, Statement) else ""


def _groups(said: list[Said]) -> list[list[Said]]:
    parent = list(range(len(said)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    read = [_Words.of(one[1]) for one in said]
    for a, b in combinations(range(len(said)), 2):
        if root(a) != root(b) and _same(said[a], said[b], read[a], read[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    groups: dict[int, list[Said]] = {}
    for at, one in enumerate(said):
        groups.setdefault(root(at), []).append(one)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one print: all in order, and stems of those with content."""

    all: tuple[str, ...]
    content: frozenset[str]

    @classmethod
    def of(cls, said: Statement) -> _Words:
        found = tuple(word.lower() for word in _WORD.findall(said.text))
        stems = {w[:STEM_CHARS] for w in found if len(w) >= _LEAST_CONTENT}
        return cls(found, frozenset(stems))


def _same(one: Said, other: Said, a: _Words, b: _Words) -> bool:
    """Whether two prints are of one statement."""
    s, t = one[1], other[1]
    here = _outlet(one[0]) == _outlet(other[0])
    if here:
        return _one_mouth(s, t) or _one_mouth(t, s)
    if s.language != t.language:
        return False
    shared = a.content & b.content
    least = min(len(a.content), len(b.content))
    person = bool(s.speaker_printed) and s.speaker_printed == t.speaker_printed
    ratio = SHARED_BY_PERSON_RATIO if person else SHARED_RATIO
    alike = least and len(shared) >= max(SHARED_WORDS, ratio * least)
    if s.speaker == t.speaker and alike:
        return True
    return len(shared) >= SHARED_WORDS and _run(a.all, b.all) >= RUN_WORDS


def _one_mouth(one: Statement, other: Statement) -> bool:
    """One person, or a body and the person who holds office in it, in one outlet."""
    who, whose = one.speaker_printed, other.speaker_printed
    if not who or one.speaker != other.speaker:
        return False
    named = " " in who or one.anonymous or bool(one.office)
    return (who == whose and named) or (" " in who and who in other.office)


def _run(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match(0, len(one), 0, len(other)).size


def _differences(group: list[Said]) -> Iterator[Difference]:
    """Differences between outlets, each once, the sharpest first."""
    found: dict[tuple[str, ...], Difference] = {}
    for one, other in combinations(group, 2):
        if _outlet(one[0]) == _outlet(other[0]):
            continue
        for made in (
            *_days(one, other),
            *_speakers(one, other),
            *_numbers(one, other),
            *_conditions(one, other),
            *_wording(one, other),
        ):
            key = (made.aspect, made.first_says, made.second_says)
            found.setdefault(key, made)
    yield from sorted(found.values(), key=lambda d: (_SHARP[d.nature], d.aspect, d.id))


def _made(
    nature: Nature, aspect: Aspect, one: Said, other: Said, says: tuple[str, str]
) -> Difference:
    return Difference(
        nature=nature,
        aspect=aspect,
        first=one[0].id,
        second=other[0].id,
        first_says=says[0],
        second_says=says[1],
        derived_from=tuple(sorted((one[0].id, other[0].id))),
    )


def _days(one: Said, other: Said) -> Iterator[Difference]:
    a, b = one[1].said, other[1].said
    person = one[1].speaker_printed == other[1].speaker_printed
    if a and b and person and not a.overlaps(b):
        says = (_day(a), _day(b))
        yield _made(Nature.CONTRADICTION, Aspect.DAY, one, other, says)
    elif person and _other_weekday(one[1], other[1]):
        says = (one[1].said_open, other[1].said_open)
        yield _made(Nature.CONTRADICTION, Aspect.DAY, one, other, says)


def _other_weekday(one: Statement, other: Statement) -> bool:
    """Whether both name a day of the week, not the same, of a week nobody dates."""
    days = [weekday_in(s.said_open, s.language) for s in (one, other) if s.said_open]
    return None not in days and len(set(days)) > 1


def _day(time: Period) -> str:
    """The day most of a period lies in, or the period where it is longer."""
    middle = time.begin + (time.end - time.begin) / 2
    return f"{middle:%A %Y-%m-%d}" if time.duration_s <= 90_000 else str(time)


def _speakers(one: Said, other: Said) -> Iterator[Difference]:
    """Another name for who spoke, where the words are the same."""
    a, b = (s[1].speaker_printed or s[1].speaker for s in (one, other))
    if a == b or _run(_Words.of(one[1]).all, _Words.of(other[1]).all) < RUN_WORDS:
        return
    hidden = one[1].anonymous or other[1].anonymous
    compatible = one[1].speaker == other[1].speaker
    nature = Nature.COMPLEMENT if hidden and compatible else Nature.CONTRADICTION
    if compatible and not hidden and (a in b or b in a):
        return
    yield _made(nature, Aspect.SPEAKER, one, other, (a, b))


def _numbers(one: Said, other: Said) -> Iterator[Difference]:
    """Two numbers of the same thing."""
    counted = [_by_noun(s[1]) for s in (one, other)]
    for what in sorted(counted[0].keys() & counted[1].keys()):
        a, b = counted[0][what], counted[1][what]
        if (a.numeral, a.numeral_to) != (b.numeral, b.numeral_to):
            says = (f"{a.numeral} {a.counted}", f"{b.numeral} {b.counted}")
            yield _made(Nature.CONTRADICTION, Aspect.NUMBER, one, other, says)


def _by_noun(said: Statement) -> dict[str, Quantity]:
    counts = [q for c in said.claims for q in c.quantities if q.counted]
    return {q.counted.split()[0].lower()[:STEM_CHARS]: q for q in counts}


def _conditions(one: Said, other: Said) -> Iterator[Difference]:
    """Another condition for one promise: "after a ceasefire", "once there is peace"."""
    held = [
        {
            c.topic: c.condition
            for c in s[1].claims
            if c.topic and c.condition and c.kind in _PROMISED
        }
        for s in (one, other)
    ]
    for topic in sorted(held[0].keys() & held[1].keys()):
        a, b = (side[topic] for side in held)
        stems = [
            {
                w.lower()[:STEM_CHARS]
                for w in _WORD.findall(c)
                if len(w) > _LEAST_CONTENT
            }
            for c in (a, b)
        ]
        if a.lower() != b.lower():
            nature = Nature.RENDERING if stems[0] & stems[1] else Nature.CONTRADICTION
            yield _made(nature, Aspect.CONDITION, one, other, (a, b))


def _wording(one: Said, other: Said) -> Iterator[Difference]:
    """Few words between the same words, where one print at least quotes."""
    if not (one[1].quotations or other[1].quotations):
        return
    a, b = (_quoted_or_all(s[1]) for s in (one, other))
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for at in range(1, len(steps) - 1):
        (before, *_), (tag, i, j, k, m), (after, *_) = steps[at - 1 : at + 2]
        if tag != "replace" or before != "equal" or after != "equal":
            continue
        if max(j - i, m - k) > LONGEST_CHANGE:
            continue
        left, right = a[steps[at - 1][1] : i], a[j : steps[at + 1][2]]
        if not (_tells(left[-2:]) and _tells(right[:3])):
            continue
        says = tuple(
            " ".join((*left[-1:], *middle, *right[:1])) for middle in (a[i:j], b[k:m])
        )
        yield _made(Nature.RENDERING, Aspect.WORDING, one, other, (says[0], says[1]))


def _tells(words: tuple[str, ...]) -> bool:
    return any(len(word) > _LEAST_CONTENT for word in words)


def _quoted_or_all(said: Statement) -> tuple[str, ...]:
    """The words in quotation marks, else all of them, in lower case."""
    marked = [said.text[q.begin : q.end] for q in quotations(said.text)]
    return tuple(w.lower() for w in _WORD.findall(" ".join(marked) or said.text))


def complements(observations: Sequence[Observation]) -> tuple[Difference, ...]:
    """Subjects and numbers that one outlet has and another has not, own words included.

    Only outlets that print one statement at least in common are compared: others have
    no reason to hold the same.
    """
    said = sorted(
        ((o, o.result) for o in observations if isinstance(o.result, Statement)),
        key=_order,
    )
    shared = {r.outlets for r in renderings(observations) if len(r.outlets) > 1}
    pairs = sorted({pair for outlets in shared for pair in combinations(outlets, 2)})
    found: list[Difference] = []
    for first, second in pairs:
        sides = [[s for s in said if _outlet(s[0]) == o] for o in (first, second)]
        for aspect, held in ((Aspect.SUBJECT, _topics), (Aspect.NUMBER, _counts)):
            found.extend(_missing(aspect, sides, [held(side) for side in sides]))
    return tuple(found)


def _missing(
    aspect: Aspect, sides: list[list[Said]], held: list[dict[str, Said]]
) -> Iterator[Difference]:
    for what in sorted(held[0].keys() ^ held[1].keys()):
        if what in held[0]:
            one, other, says = held[0][what], sides[1][0], (what, "")
        else:
            one, other, says = sides[0][0], held[1][what], ("", what)
        yield _made(Nature.COMPLEMENT, aspect, one, other, says)


def _topics(side: list[Said]) -> dict[str, Said]:
    return {c.topic: s for s in reversed(side) for c in s[1].claims if c.topic}


def _counts(side: list[Said]) -> dict[str, Said]:
    return {
        f"{q.numeral} {q.counted}": s
        for s in reversed(side)
        for c in s[1].claims
        for q in c.quantities
        if q.counted
    }

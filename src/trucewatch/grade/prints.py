"""Which prints are of one statement.

Prints belong together where one person speaks in one text, or where words agree: most
content words of the shorter between speakers of one side, or a run of words between
any.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import combinations

from trucewatch.collect.observation import Observation, Statement

SHARED_RATIO = 0.4  # of the content words of the shorter print
SHARED_BY_PERSON_RATIO = 0.3  # where both name the same person as speaking
SHARED_WORDS = 4
RUN_WORDS = 7  # so long a run of words is no chance, whoever is said to speak
STEM_CHARS = 6
NEAR = timedelta(days=4)  # an outlet that prints it later quotes the past
LISTED = 64  # prints kept under one word: the latest
COMPARED = 24  # prints each is compared with
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LEAST_CONTENT = 4  # letters of a content word

Said = tuple[Observation, Statement]


def order(one: Said) -> tuple[str, int, str]:
    """By outlet and text, then by id."""
    return order_of(one[0])


def order_of(one: Observation) -> tuple[str, int, str]:
    """The same of an observation."""
    said = one.result
    begin = said.span.begin if isinstance(said, Statement) and said.span else 0
    return outlet_of(one), begin, one.id


def outlet_of(one: Observation) -> str:
    """Who printed it; empty where that is not known."""
    return one.result.outlet if isinstance(one.result, Statement) else ""


def grouped(said: list[Said]) -> list[list[Said]]:
    """The prints of each statement, in the order given."""
    parent = list(range(len(said)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    read = [Words.of(one[1]) for one in said]
    for a, b in _candidates(said, read):
        if root(a) != root(b) and _same(said[a], said[b], read[a], read[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    groups: dict[int, list[Said]] = {}
    for at, one in enumerate(said):
        groups.setdefault(root(at), []).append(one)
    return list(groups.values())


def _candidates(
    said: Sequence[Said], read: Sequence[Words]
) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: of one text, or sharing words and printed within days.

    Each print meets, of those made known before it, the ``COMPARED`` that share most
    words with it; under a word the latest ``LISTED`` are kept, so that what everybody
    writes costs no more than what is rare.
    """
    texts: dict[object, list[int]] = {}
    for at, one in enumerate(said):
        texts.setdefault(text_of(one[0]), []).append(at)
    for same in texts.values():
        yield from combinations(same, 2)
    latest: dict[str, deque[int]] = {}
    for at in sorted(range(len(said)), key=lambda n: _made_known(said[n])):
        met: Counter[int] = Counter()
        for stem in sorted(read[at].content):
            held = latest.setdefault(stem, deque(maxlen=LISTED))
            met.update(held)
            held.append(at)
        near = (
            (other, shared)
            for other, shared in met.items()
            if shared >= SHARED_WORDS and _near(said[other], said[at])
        )
        best = sorted(near, key=lambda pair: (-pair[1], pair[0]))[:COMPARED]
        for other, _ in best:
            yield min(other, at), max(other, at)


def _made_known(one: Said) -> tuple[object, ...]:
    return one[0].result_time.begin, one[0].id


def _near(one: Said, other: Said) -> bool:
    return one[0].result_time.overlaps(other[0].result_time, NEAR)


def text_of(one: Observation) -> tuple[str, ...]:
    """Which text of which delivery an observation stands in."""
    part, found, _ = one.row.rpartition("paragraph ")
    return (outlet_of(one), part if found else one.row, *one.derived_from)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one print: all in order, and stems of those with content."""

    all: tuple[str, ...]
    content: frozenset[str]

    @classmethod
    def of(cls, said: Statement) -> Words:
        """Of the words as printed."""
        found = tuple(word.lower() for word in WORD.findall(said.text))
        stems = {w[:STEM_CHARS] for w in found if len(w) >= LEAST_CONTENT}
        return cls(found, frozenset(stems))


def _same(one: Said, other: Said, a: Words, b: Words) -> bool:
    """Whether two prints are of one statement."""
    s, t = one[1], other[1]
    if outlet_of(one[0]) == outlet_of(other[0]):
        if text_of(one[0]) != text_of(other[0]):
            return False
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
    return len(shared) >= SHARED_WORDS and longest_run(a.all, b.all) >= RUN_WORDS


def _one_mouth(one: Statement, other: Statement) -> bool:
    """One person, or a body and the person who holds office in it, in one outlet."""
    who, whose = one.speaker_printed, other.speaker_printed
    if not who or one.speaker != other.speaker:
        return False
    named = " " in who or one.anonymous or bool(one.office)
    return (who == whose and named) or (" " in who and who in other.office)


def longest_run(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """The longest run of words both have, in words."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match(0, len(one), 0, len(other)).size

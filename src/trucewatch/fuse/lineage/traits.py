"""What of an observation a copy would share, in any language.

1. the words in lower case, marks left out: hashes of every three in a row
2. numbers, written or in words, and hours of the clock
3. names, as the consonants they begin with (``skeleton``)
4. quotations, as hashes of their words
5. whom it says it passes on
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from ruamel.yaml import YAML

from trucewatch.collect.observation import MediaReport, Observation, Statement
from trucewatch.collect.prose.numbers import numbers
from trucewatch.collect.prose.quotations import quotations
from trucewatch.collect.prose.rules import LANGUAGES, rules
from trucewatch.collect.words import digest
from trucewatch.fuse.lineage.skeleton import skeleton

SHINGLE_WORDS = 3
LEAST_QUOTED_WORDS = 6
STRONG_NUMBER = 10  # numbers from here on are rarely equal by chance
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DIGITS = re.compile(  # but not of a name, "S-300"
    r"(?<![^\W\d_]-)(?<![^\W_])(?:\d{1,2}[:.]\d{2}(?!\d)"
    r"|\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_SENTENCE_END = frozenset('.!?…:\n«“"')
_NAME = r"([A-ZА-ЯІЇЄҐ][\w.'’-]+(?:\s+[A-ZА-ЯІЇЄҐ][\w'’-]+){0,2}|[a-z-]+\.[a-z]{2,})"
# Names that stand in nearly every text of a war between two countries tell nothing.
_COMMON = "Russia Russian Ukraine Ukrainian Россия российский Украина украинский"
_COMMON_TOO = "Росія російський Україна український United Президент President"
_CALENDAR = """
January February March April May June July August September October November December
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
"""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a copy of one observation would share with it.

    Attributes:
        digest: SHA-256 of the words; empty where there are none.
        shingles: hashes of every three words in a row.
        numbers: with what each tells, from 0.25 (a year) to 1.
        names: skeletons of words with a capital inside a sentence.
        words: skeletons of all longer words, names in lower case included.
        quoted: per longer quotation, the hashes of its words.
        cites: skeletons of whom it passes on.
    """

    digest: str = ""
    shingles: frozenset[int] = frozenset()
    numbers: tuple[tuple[str, float], ...] = ()
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    quoted: tuple[frozenset[int], ...] = ()
    cites: frozenset[str] = frozenset()


def traits_of(one: Observation) -> Traits:
    """The traits of a statement's words or of a report's hash; empty for others."""
    said = one.result
    if isinstance(said, MediaReport):
        known = "" if said.text_sha256 == digest("") else said.text_sha256
        return Traits(digest=known)
    if not isinstance(said, Statement):
        return Traits()
    return traits_of_words(said.text or said.words, said.language)


def traits_of_words(text: str, language: str) -> Traits:
    """The traits of words in a language (ISO 639-1; empty where nobody knows)."""
    plain = unicodedata.normalize("NFC", text)
    words = [match[0].lower() for match in _WORD.finditer(plain)]
    if not words:
        return Traits()
    marked = [plain[q.begin : q.end] for q in quotations(plain)]
    spans = [[w.lower() for w in _WORD.findall(part)] for part in marked]
    return Traits(
        digest=digest(text),
        shingles=_shingles(words),
        numbers=tuple(sorted(_numbers(plain, language).items())),
        names=frozenset(_names(plain)),
        words=frozenset(filter(None, (_bones(w) for w in words if len(w) > 3))),
        quoted=tuple(_shingles(s) for s in spans if len(s) >= LEAST_QUOTED_WORDS),
        cites=frozenset(_cited(plain, language)),
    )


def outlet_of(one: Observation) -> str:
    """Skeleton of the longest label of the outlet's host; empty where nobody knows."""
    said = one.result
    if not isinstance(said, Statement | MediaReport):
        return ""
    labels = said.outlet.split(".")
    return skeleton(max(labels[:-1] or labels, key=len))


def _shingles(words: list[str]) -> frozenset[int]:
    last = max(len(words) - SHINGLE_WORDS + 1, 1)
    parts = (" ".join(words[n : n + SHINGLE_WORDS]) for n in range(last))
    return frozenset(_hash(part) for part in parts)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _numbers(text: str, language: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for match in _DIGITS.finditer(text):
        clock = _CLOCK.fullmatch(match[0])
        if clock:
            found[f"{int(clock[1])}:{clock[2]}"] = 1.0
            continue
        one = re.sub(r"[ \u00a0\u202f](?=\d{3})|,(?=\d{3}(?!\d))", "", match[0])
        _tell(one.replace(",", "."), found)
    if language in LANGUAGES:
        for number in numbers(text, 0, len(text), rules(language)):
            if not text[number.begin].isdigit():
                _tell(number.numeral, found)
    return found


def _tell(numeral: str, found: dict[str, float]) -> None:
    whole = numeral.isdigit()
    year = whole and len(numeral) == 4 and numeral.startswith(("19", "20"))
    small = whole and int(numeral) < STRONG_NUMBER
    found[numeral] = 0.25 if year else 0.5 if small else 1.0


def _names(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if not match[0][0].isupper():
            continue
        before = text[: match.start()].rstrip(" \t—–-(")[-1:]
        if not before or before in _SENTENCE_END:
            continue
        if bones := _bones(match[0]):
            yield bones


def _bones(word: str) -> str:
    found = skeleton(word)
    return "" if len(found) < 2 or found in _common() else found


@cache
def _common() -> frozenset[str]:
    listed = f"{_COMMON} {_COMMON_TOO} {_CALENDAR}".split()
    return frozenset(skeleton(word) for word in listed)


@cache
def _citations(language: str) -> tuple[re.Pattern[str], ...]:
    path = files("trucewatch.fuse.lineage").joinpath("citations.yaml")
    lists = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    chosen = [language] if language in lists else sorted(lists)
    return tuple(
        re.compile(f"(?i:{head}){_NAME}(?i:{tail})")
        for one in chosen
        for pattern in lists[one]
        for head, tail in [pattern.split("{name}")]
    )


def _cited(text: str, language: str) -> Iterator[str]:
    for pattern in _citations(language):
        for match in pattern.finditer(text):
            if found := _bones(match[1].split()[0].partition(".")[0]):
                yield found

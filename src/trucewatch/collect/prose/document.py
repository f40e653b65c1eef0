"""One article, post, message or page, and its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from trucewatch.collect.claim import Rounding
from trucewatch.collect.prose.plain import Plain, plain_text
from trucewatch.period import Period

# No paragraph of prose is so long; one line of megabytes is not prose.
MAX_PASSAGE_CHARS = 8_000

_BREAK = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_IN_POST = re.compile(r"[ ]{2,}|(?=[▫▪◽🔹🔸])")


_GOES_ON = re.compile(r"[:,;–—-]\s*$")


class Role(StrEnum):
    """What a paragraph is for."""

    PROSE = "prose"
    BULLET = "bullet"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Document:
    """One text as delivered, with what is known of it from around it.

    Attributes:
        text: decoded, otherwise untouched; spans count its characters.
        where: which part of the delivery it is; empty for all of it.
        published: when its outlet made it known; ``None`` where not known.
        outlet: who printed it; host of its address, or a name.
        voice: who speaks where the text names nobody (the owner of a channel).
        channel: on which it first appeared (``telegram``, ``e-mail`` …).
    """

    text: str
    where: str = ""
    published: Period | None = None
    rounding: Rounding = Rounding.UNKNOWN
    outlet: str = ""
    address: str = ""
    voice: str = ""
    channel: str = ""
    title: str = ""

    @property
    def assumed(self) -> bool:
        """Whether ``published`` is only when the text was found; nobody states it."""
        return self.published is not None and self.rounding is Rounding.UNKNOWN


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a delivery that holds no document, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph.

    Attributes:
        plain: its readable text, leading back to the document's.
        number: its place among the paragraphs, from 1.
        reason: why it is boilerplate; else empty.
    """

    plain: Plain
    number: int
    role: Role = Role.PROSE
    reason: str = ""

    @property
    def text(self) -> str:
        """Its readable text."""
        return self.plain.text


@dataclass(frozen=True, slots=True)
class Article:
    """A document and its paragraphs."""

    document: Document
    passages: tuple[Passage, ...]


def lines_of(text: str) -> Iterator[Passage]:
    """Every line that holds anything is one paragraph; over-long ones say so."""
    yield from _numbered(text, _BREAK.finditer(text), in_post=False)


def parts_of_post(text: str) -> Iterator[Passage]:
    """Lines, and parts that scrapers glued together with blanks."""
    yield from _numbered(text, _BREAK.finditer(text), in_post=True)


def lines_in(plain: Plain) -> Iterator[Passage]:
    """Paragraphs of a text whose mark-up was already taken out."""
    for number, match in enumerate(_BREAK.finditer(plain.text), 1):
        part = plain.part(*match.span()).stripped()
        if len(part.text) > MAX_PASSAGE_CHARS:
            reason = "longer than any paragraph"
            cut = part.part(0, MAX_PASSAGE_CHARS)
            yield Passage(cut, number, Role.TOO_LONG, reason)
        elif part.text:
            yield Passage(part, number)


def _numbered(
    text: str, found: Iterator[re.Match[str]], *, in_post: bool
) -> Iterator[Passage]:
    number = 0
    for match in found:
        begin, end = match.span()
        if end - begin > MAX_PASSAGE_CHARS:
            number += 1
            cut = plain_text(text[begin : begin + MAX_PASSAGE_CHARS], begin)
            yield Passage(cut, number, Role.TOO_LONG, "longer than any paragraph")
            continue
        for one in _split(plain_text(match[0], begin), in_post=in_post):
            number += 1
            yield Passage(one, number)


def _split(line: Plain, *, in_post: bool) -> Iterator[Plain]:
    done = 0
    breaks = [m.span() for m in _IN_POST.finditer(line.text)] if in_post else []
    for begin, end in (*breaks, (len(line.text), len(line.text))):
        if end < len(line.text) and _GOES_ON.search(line.text, done, begin):
            continue  # the items of a list belong to the sentence that opens it
        part = line.part(done, begin).stripped() if begin > done else Plain("")
        if part.text:
            yield part
        done = max(done, end)

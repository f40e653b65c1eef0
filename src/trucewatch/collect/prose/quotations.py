"""Words in quotation marks, and sentences that are not cut inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PAIRS = {"“": "”", "«": "»", "„": "“”", '"': '"', "‟": "”", "＂": "＂"}
_MARKS = re.compile(r"[“”«»„\"‟＂]")
_END = re.compile(r"[.!?…]+[\"”»'’)\]]*\s+(?=[\"“«(\[]?[^\W\d_a-zа-яіїєґё]|[\"“«]|\d)")
_LAST_WORD = re.compile(r"[^\W\d_][\w.'-]*$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters ``[begin, end)`` between marks, the marks excluded.

    Attributes:
        closed: a closing mark was found in the same paragraph.
    """

    begin: int
    end: int
    closed: bool = True


def quotations(text: str) -> tuple[Quotation, ...]:
    """Outermost quotations of a paragraph, in order; an open one runs to its end."""
    found: list[Quotation] = []
    waiting: list[tuple[str, int]] = []
    for mark in _MARKS.finditer(text):
        sign, where = mark[0], mark.start()
        closes = waiting and sign in _PAIRS[waiting[-1][0]]
        if closes and not (sign == '"' and _opens(text, where)):
            begin = waiting.pop()[1]
            if not waiting and begin < where:
                found.append(Quotation(begin, where))
        elif sign in _PAIRS and (sign != '"' or _opens(text, where)):
            waiting.append((sign, where + 1))
    if waiting and waiting[0][1] < len(text):
        begin = waiting[0][1]
        found = [one for one in found if one.end <= begin]
        found.append(Quotation(begin, len(text), closed=False))
    return tuple(one for one in found if text[one.begin : one.end].strip())


def _opens(text: str, where: int) -> bool:
    """Whether a straight mark stands before a word and not behind one."""
    before = text[where - 1] if where else " "
    after = text[where + 1] if where + 1 < len(text) else " "
    return (before.isspace() or before in "([—–-«“") and not after.isspace()


def sentences(
    text: str, quoted: tuple[Quotation, ...], abbreviations: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """``[begin, end)`` of every sentence; none ends within a quotation."""
    begin = 0
    for match in _END.finditer(text):
        if any(q.begin <= match.start() < q.end - 1 for q in quoted):
            continue
        word = _LAST_WORD.search(text[begin : match.start()])
        last = word[0].lower() if word else ""
        if last.rstrip(".") in abbreviations or _is_initial(last):
            continue
        yield begin, match.end()
        begin = match.end()
    if text[begin:].strip():
        yield begin, len(text)


def _is_initial(word: str) -> bool:
    return len(word) == 1 or bool(re.fullmatch(r"(?:\w\.)+\w?", word))

"""Judge the words of a rendered bulletin, whatever language it is in.

Quotations are not judged: they are other people's words and marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trucewatch.share.page.model import Page, pieces
from trucewatch.share.text import Text, catalogue
from trucewatch.share.words import BANDS, word

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that must not be printed, and why.

    Attributes:
        rule: ``confidence``, ``forbidden``, ``other_row`` or ``mismatch``.
    """

    rule: str
    sentence: str


def lint(page: Page) -> tuple[Fault, ...]:
    """All faults in the mechanism's own words on a page."""
    text = catalogue(page.language)
    own = (one.text for one in pieces(page) if not one.quoted)
    return tuple(fault for one in own for fault in lint_text(one, text))


def lint_text(words: str, text: Text) -> tuple[Fault, ...]:
    """All faults in a piece of text of the catalogue's language."""
    sentences = (one.strip() for one in _SENTENCE.split(words))
    return tuple(fault for one in sentences if one for fault in _faults(one, text))


def _faults(sentence: str, text: Text) -> Iterator[Fault]:
    degrees = _degrees(text)
    if _found(text, "lint.confidence", sentence) and degrees.search(sentence):
        yield Fault("confidence", sentence)
    if _found(text, "lint.forbidden", sentence):
        yield Fault("forbidden", sentence)
    if re.search(text.say("lint.other_row"), sentence):
        yield Fault("other_row", sentence)
    if _mismatch(sentence, text):
        yield Fault("mismatch", sentence)


def _found(text: Text, key: str, sentence: str) -> bool:
    return re.search(text.say(key), sentence, re.IGNORECASE) is not None


def _degrees(text: Text) -> re.Pattern[str]:
    """Any word of the scale, the longest first so that parts do not match."""
    said = sorted((text.say(f"word.{b.code}") for b in BANDS), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, said))})\b", re.IGNORECASE)


def _mismatch(sentence: str, text: Text) -> bool:
    """Whether words of the scale stand before numbers of other bands."""
    degree = _degrees(text)
    codes = {text.say(f"word.{b.code}").lower(): b.code for b in BANDS}
    for said in re.finditer(r"([^()]*)\(([^()]*%[^()]*)\)", sentence):
        named = [codes[one.lower()] for one in degree.findall(said.group(1))]
        numbers = [int(one) / 100 for one in _NUMBERS.findall(said.group(2))]
        due = list(dict.fromkeys(word(min(1.0, p)) for p in numbers))
        if named and named[-len(due) :] != due:
            return True
    return False

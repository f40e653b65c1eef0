"""Text without marks that only mislead, and where each character stood before.

Hidden characters (direction marks, soft hyphens, zero-width spaces) and the mark-up of
posts are left out; letters that look like those of the script around them are read as
such. Spans of what was found lead back to the text as delivered.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from trucewatch.collect.claim import Span

_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe0f"
_SPECIAL = re.compile(
    rf"(?P<hidden>[{_HIDDEN}]+)"
    r"|(?P<mark>\*\*+|__+)"
    r"|(?P<link>\]\(https?:[^()\s]{0,300}\))"
    r"|(?P<open>\[(?=[^\[\]]{0,200}\]\(https?:))"
    r"|(?P<space>[\u00a0\u2000-\u200a\u202f\u3000\t])"
    r"|(?P<apostrophe>(?<=\w)[\u2019\u02bc\u0060\u00b4\u2032](?=\w))"
    r"|(?P<composed>\w[\u0300-\u036f]+)"
    r"|(?P<fraction>[\u2044])"
    r"|(?P<dash>[\u2010-\u2012\u2212])"
)
_READ_AS = {"space": " ", "apostrophe": "'", "fraction": "/", "dash": "-"}
_WORD = re.compile(r"[^\W\d_]{2,64}")
_TWINS = dict(zip("aceiopxyABCEHIKMOPTXky", "асеіорхуАВСЕНІКМОРТХку", strict=True))
_TO_CYRILLIC = str.maketrans(_TWINS)
_ONLY_LOOKS = dict(
    zip("ѕјһԁԛԝЅЈ", "sjhdqwSJ", strict=True)
)  # of other Cyrillic alphabets
_TO_LATIN = str.maketrans({v: k for k, v in _TWINS.items()} | _ONLY_LOOKS)
_FROM_GREEK = str.maketrans("αοερνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aoepviktuABEZHIKMNOPTYX")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text, and for every piece of it where that stood in the text as delivered.

    Attributes:
        at: where each piece begins in ``text``, the first at 0.
        source: where it begins in the text as delivered.
    """

    text: str
    at: tuple[int, ...] = (0,)
    source: tuple[int, ...] = (0,)

    def origin(self, begin: int, end: int) -> Span:
        """Where characters ``[begin, end)`` of the text stood as delivered.

        A letter delivered as a base and a mark counts as its base.
        """
        return Span(self._at(begin), self._at(end - 1) + 1)

    def part(self, begin: int, end: int) -> Plain:
        """Characters ``[begin, end)`` as a text of their own."""
        first = bisect_right(self.at, begin) - 1
        last = max(first + 1, bisect_right(self.at, end - 1))
        at = (0, *(one - begin for one in self.at[first + 1 : last]))
        source = (self._at(begin), *self.source[first + 1 : last])
        return Plain(self.text[begin:end], at, source)

    def stripped(self) -> Plain:
        """The text without white space around it."""
        begin = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        return self.part(begin, end) if begin < end else Plain("")

    def _at(self, where: int) -> int:
        piece = bisect_right(self.at, where) - 1
        return self.source[piece] + where - self.at[piece]


def plain_text(text: str, offset: int = 0) -> Plain:
    """The readable text of what was delivered.

    Args:
        text: as delivered.
        offset: where it begins in the text of its document.
    """
    out: list[str] = []
    at: list[int] = []
    source: list[int] = []
    length = 0
    for begin, piece in _pieces(text):
        if piece:
            at.append(length)
            source.append(offset + begin)
            out.append(piece)
            length += len(piece)
    if not out:
        return Plain("", (0,), (offset,))
    return Plain(_one_script("".join(out)), tuple(at), tuple(source))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    done = 0
    for match in _SPECIAL.finditer(text):
        yield done, text[done : match.start()]
        kind = str(match.lastgroup)
        if kind == "composed":
            yield match.start(), unicodedata.normalize("NFC", match[0])
        else:
            yield match.start(), _READ_AS.get(kind, "")
        done = match.end()
    yield done, text[done:]


def _one_script(text: str) -> str:
    """Letters of another script that only look like their neighbours, made the same."""
    return text if text.isascii() else _WORD.sub(_whole, text)


def _whole(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii():
        return word
    plain = word.translate(_FROM_GREEK) if _scripts(word) - {"greek"} else word
    if len(_scripts(plain)) < len(("latin", "cyrillic")):
        return plain
    latin = sum(c.isascii() for c in plain)
    tables = (_TO_CYRILLIC, _TO_LATIN) if 2 * latin <= len(plain) else (_TO_LATIN,)
    made = (plain.translate(table) for table in tables)
    return next((one for one in made if len(_scripts(one)) == 1), word)


def _scripts(word: str) -> set[str]:
    """Which of three alphabets the letters of a word are of."""
    return {
        "latin" if c.isascii() else "cyrillic" if "\u0400" <= c <= "\u052f" else "greek"
        for c in word
        if c.isascii() or "\u0370" <= c <= "\u052f"
    }

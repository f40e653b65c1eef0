"""Write what others named to a terminal, which must not obey it."""

from __future__ import annotations

import io
import sys
import unicodedata
from typing import TextIO

# Control, direction and other hidden marks, halves of characters, odd line ends.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def write(stream: TextIO, text: str) -> None:
    """Lines are written; hidden characters in them stand as their code points."""
    stream.write(visible(text) + "\n")


def visible(text: str) -> str:
    """The text with every hidden character but line breaks written out."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or _seen(c) else _code(c) for c in text)


def forgiving() -> None:
    """What the terminal's encoding lacks is written out from now on, not refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN


def _code(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

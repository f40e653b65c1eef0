"""Write what others named to a terminal, which must not obey it."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from pathlib import Path
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


def on_one_line(text: str) -> str:
    """The text with line breaks written out as well."""
    return visible(text).replace("\n", "\\n")


def forgiving() -> None:
    """What the terminal's encoding lacks is written out from now on, not refused.

    Where a stream was closed by whoever started us, what it gets is lost.
    """
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN


def _code(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

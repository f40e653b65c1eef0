"""Words of others, made safe to print: no hidden marks, coordinates or names."""

from __future__ import annotations

import re
import unicodedata

# Marks that reorder the text around them (Unicode 16, UAX #9, table 4 and §2.6).
_BIDI_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FIRST_PICTURE = "\u2190"  # symbols before it are signs of writing: ° № ©
_VARIANTS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))
_WHITE = re.compile(r"\s+")
# Two decimals of a degree are already 1.1 km; degrees and minutes are finer still.
_COORDINATE = re.compile(
    r"[-+]?\d{1,3}[.,]\d{2,}\s*°?\s*[NSEW]?\s*[,;/ ]\s*[-+]?\d{1,3}[.,]\d{2,}\s*°?"
    r"|[-+]?\d{1,3}[.,]\d{3,}"
    r"|\d{1,3}\s*°\s*\d{1,2}(?:[.,]\d+)?\s*['′]?(?:\s*\d{1,2}(?:[.,]\d+)?\s*[\"″])?"
    r"|\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?![.,]?\d)")
WITHHELD = "[…]"


def clean(text: str) -> str:
    """One line without control, direction or invisible marks and without pictures.

    Pictures (emoji, arrows, boxes) say nothing, and no font of a bulletin has them.
    """
    visible = _BIDI_MARKS.sub("", _WHITE.sub(" ", text))
    kept = (c for c in visible if not _left_out(c))
    # Marks between blanks leave two blanks behind.
    return _WHITE.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()


def _left_out(character: str) -> bool:
    kind = unicodedata.category(character)
    picture = kind == "So" and character >= _FIRST_PICTURE
    return picture or character in _VARIANTS or kind in ("Cc", "Cf", "Cs")


def without_coordinates(text: str) -> str:
    """The text with everything that reads like a coordinate replaced by ``[…]``.

    Counts with thousands separators (``2,935``) stay.
    """

    def mask(found: re.Match[str]) -> str:
        whole = found.group().strip()
        return found.group() if _THOUSANDS.fullmatch(whole) else WITHHELD

    return _COORDINATE.sub(mask, text)


def without_name(text: str, name: str) -> str:
    """The text with a speaker's name, whole or in parts, replaced by ``[…]``."""
    parts = [name, *(part for part in re.split(r"[\s,.]+", name) if len(part) > 3)]
    for part in sorted((p for p in parts if p), key=len, reverse=True):
        text = re.sub(re.escape(part), WITHHELD, text, flags=re.IGNORECASE)
    return text

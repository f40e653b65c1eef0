"""Cells of a table as numbers and short quotations; what they cannot be is said."""

from __future__ import annotations

from math import isfinite

_SHOWN = 40
# Counts above this are slips of a key; canonical JSON holds integers to 2^53.
MAX_COUNT = 1_000_000_000


def shown(value: str) -> str:
    """A value fit to be quoted in a reason: short, on one line, printable."""
    clean = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return repr(clean if len(clean) <= _SHOWN else clean[:_SHOWN] + "…")


def number(text: str) -> float:
    """A finite number.

    Raises:
        ValueError: if the text is none.
    """
    try:
        found = float(text)
    except ValueError as error:
        msg = f"{shown(text)} is not a number"
        raise ValueError(msg) from error
    if not isfinite(found) or "_" in text:
        msg = f"{shown(text)} is not a finite number"
        raise ValueError(msg)
    return found


def count(text: str) -> int:
    """A whole number from 0 to ``MAX_COUNT``; ``12.0`` counts as 12.

    Raises:
        ValueError: if the text is none.
    """
    found = number(text)
    if found != int(found) or not 0 <= found <= MAX_COUNT:
        msg = f"{shown(text)} is not a count"
        raise ValueError(msg)
    return int(found)


def count_or_none(text: str) -> int | None:
    """A count, or ``None`` where the cell is empty.

    Raises:
        ValueError: if the cell holds something else.
    """
    return count(text) if text.strip() else None


def share(text: str, whole: int = 1) -> float:
    """A share from 0 to 1, written as such or, with ``whole`` 100, in percent.

    Raises:
        ValueError: if it lies outside.
    """
    found = number(text) / whole
    if not 0 <= found <= 1:
        msg = f"{shown(text)} does not lie between 0 and {whole}"
        raise ValueError(msg)
    return found

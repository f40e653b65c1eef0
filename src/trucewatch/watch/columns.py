"""Tables from files; what is wrong with a table names its file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trucewatch.collect.sheet import Flags, Reals, Reject, Sheet, Whole, sheet_of
from trucewatch.errors import SourceError

__all__ = ["Flags", "Reals", "Reject", "Sheet", "Whole", "read_sheet"]


def read_sheet(path: Path, need: Iterable[str]) -> Sheet:
    """The rows of a table with a header; blank lines count but are no rows.

    Raises:
        SourceError: if it cannot be read, is empty, not UTF-8, not CSV, or lacks a
            column.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise SourceError(msg) from error
    return sheet_of(raw, path.name, need)

"""Observations that machines pour in, as columns: the batch is the record."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Record):
    """Many observations of one kind; the columns lie in a blob, its hash stands here.

    A row is named ``id#row``.

    Attributes:
        schema: which columns it has, such as ``fire_pixels``.
        procedure: family of the instruments.
        rows: how many.
        sha256: of the blob, an Arrow IPC stream.
    """

    schema: str
    procedure: str
    rows: int
    sha256: str

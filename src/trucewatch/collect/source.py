"""What a source must offer, and what reading a delivery gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Observation
from trucewatch.collect.table import Table
from trucewatch.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection(Record):
    """One row of a delivery that could not be used, kept with the reason."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A table and the bytes of its columns."""

    table: Table
    blob: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one delivery contained; nothing is dropped in silence.

    Attributes:
        rows_read: rows found; equals observations + table rows + rejections +
            acquisitions that stand in rows of their own.
        drawn: how many acquisitions were drawn from rows that are counted elsewhere:
            a hundred heartbeats in a table are one look.
    """

    rows_read: int
    acquisitions: tuple[Acquisition, ...] = ()
    observations: tuple[Observation, ...] = ()
    tables: tuple[Columns, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    drawn: int = 0


class Source(Protocol):
    """Reads deliveries of one form. A module with these functions is a source."""

    def read(self, raw: bytes, delivery: Delivery) -> Batch:
        """Decode one delivery; every record made is derived from ``delivery``.

        Raises:
            SourceError: if the delivery as a whole is not of this form.
        """
        ...

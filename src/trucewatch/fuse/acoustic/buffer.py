"""Picks that wait for their block to be closed, in whatever order they came."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trucewatch.fuse.acoustic.course import US_PER_S, Heap
from trucewatch.fuse.acoustic.network import Flags, Picks, Reals, Small, Whole

Names = NDArray[np.bytes_]
MOST_JOINED = 250_000  # picks; some 12 MB


class Chunk(NamedTuple):
    """Picks as they came, shape (k,) each.

    Attributes:
        time_us: since the origin of times.
        sensor: row of the network.
        level_db: NaN where the node sends none, with snr_db.
        name: ids of the picks in UTF-8.
        serial: number of the pick in the order in which they came.
    """

    time_us: Whole
    sensor: Small
    level_db: Reals
    snr_db: Reals
    name: Names
    serial: Whole


NONE = Chunk(
    np.empty(0, np.int64),
    np.empty(0, np.int32),
    np.empty(0),
    np.empty(0),
    np.empty(0, "S1"),
    np.empty(0, np.int64),
)


def chunk_of(picks: Picks, pick_id: list[str], first: int) -> Chunk:
    """Picks with their names and numbers from `first` on, times in microseconds."""
    return Chunk(
        np.rint(picks.time_s * US_PER_S).astype(np.int64),
        picks.sensor.astype(np.int32),
        picks.level_db.astype(np.float64),
        picks.snr_db.astype(np.float64),
        np.array([one.encode() for one in pick_id] or [b""], "S")[: len(pick_id)],
        np.arange(first, first + len(pick_id)),
    )


def chosen(chunk: Chunk, rows: Flags | Whole | slice) -> Chunk:
    """Some of the picks, in the order of the rows."""
    return Chunk(
        chunk.time_us[rows],
        chunk.sensor[rows],
        chunk.level_db[rows],
        chunk.snr_db[rows],
        chunk.name[rows],
        chunk.serial[rows],
    )


def joined(chunks: list[Chunk]) -> Chunk:
    """All picks of some chunks."""
    return _concatenated([list(column) for column in zip(NONE, *chunks, strict=True)])


def held(chunks: list[Chunk], chunk: Chunk) -> None:
    """The list holds the picks too, in few chunks whatever the size they come in.

    Arrays of a second's picks, held for hours, would leave memory full of holes.
    """
    chunks.append(chunk)
    while len(chunks) > 1:
        before, last = (one.time_us.size for one in chunks[-2:])
        if before > 2 * last or before + last > MOST_JOINED:
            return
        chunks[-2:] = [joined(chunks[-2:])]


def _concatenated(columns: list[list[Any]]) -> Chunk:
    """The columns' pieces end to end; the lists are emptied one by one."""
    whole = []
    for pieces in columns:
        whole.append(np.concatenate(pieces))
        pieces.clear()
    return Chunk(*whole)


def in_order(chunks: list[Chunk]) -> tuple[Chunk, Names]:
    """All picks by time, node, levels and name; and the ids that came again.

    Of picks of one id the first in this order stays. The list is emptied, so that of
    an epoch of millions of picks no more than one column is held twice.
    """
    pieces = [list(column) for column in zip(NONE, *chunks, strict=True)]
    chunks.clear()
    columns: list[Any] = list(_concatenated(pieces))
    time_us, sensor, level_db, snr_db, name, _ = columns
    order = np.lexsort((name, snr_db, level_db, sensor, time_us))
    del time_us, sensor, level_db, snr_db
    again = _again(name, order)
    names: Names = name[order[again]]
    del name
    order = np.delete(order, again)
    for k in range(len(columns)):
        columns[k] = columns[k][order]
    return Chunk(*columns), names


def _again(name: Names, order: Whole) -> Whole:
    """Places in the order at which a name stands that stood there before."""
    every = np.sort(name)
    twice = np.unique(every[1:][every[1:] == every[:-1]])
    del every
    if not twice.size:
        return np.empty(0, np.int64)
    at = np.flatnonzero(np.isin(name[order], twice))
    first = np.unique(name[order[at]], return_index=True)[1]
    return np.delete(at, first)


def heap_of(chunk: Chunk) -> Heap:
    """Ordered picks for a course; the key of each is its number."""
    return Heap(
        chunk.time_us,
        chunk.sensor,
        chunk.level_db,
        chunk.snr_db,
        chunk.serial,
    )

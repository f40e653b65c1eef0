"""A quick way to a record; never evidence, always rebuildable from the log."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from trucewatch.record import RecordId
from trucewatch.store import pack, tiles
from trucewatch.store.pack import Row

FILE = "index.sqlite"
_BESIDE = (FILE, f"{FILE}-wal", f"{FILE}-shm")
_COLUMNS = "seq, id, pack, offset, length"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  pack INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_kind ON records (kind, seq);
CREATE TABLE IF NOT EXISTS blobs (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Index:
    """Where every record stands, and which blobs the custody file knows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Use an open database that has the tables."""
        self._database = database

    def close(self) -> None:
        """The file is complete and free."""
        self._database.close()

    def extent(self) -> tuple[int, int]:
        """How many records are indexed, and the place after the last of them."""
        query = "SELECT count(*), coalesce(max(seq) + 1, 0) FROM records"
        count, end = self._database.execute(query).fetchone()
        return int(count), int(end)

    def add(self, rows: Iterable[Row], blobs: Iterable[str]) -> None:
        """Rows and blobs are indexed, all or none."""
        records = ((r.seq, r.id, r.kind, r.pack, r.offset, r.length) for r in rows)
        with self._database:
            self._database.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", records
            )
            self._database.executemany(
                "INSERT OR IGNORE INTO blobs VALUES (?)", ((one,) for one in blobs)
            )

    def find(self, record: RecordId) -> Row | None:
        """Where one record stands; ``None`` if it is not in the ledger."""
        query = f"SELECT {_COLUMNS} FROM records WHERE id = ?"
        found = self._database.execute(query, (record,)).fetchone()
        return None if found is None else Row(*found)

    def of_kind(self, kind: str) -> list[Row]:
        """Where the records of one kind stand, in ledger order."""
        query = f"SELECT {_COLUMNS} FROM records WHERE kind = ? ORDER BY seq"
        return [Row(*found) for found in self._database.execute(query, (kind,))]

    def known(self, records: Sequence[str]) -> set[str]:
        """Those of ``records`` that are in the ledger."""
        return self._among("records", "id", records)

    def known_blobs(self, hashes: Sequence[str]) -> set[str]:
        """Those of ``hashes`` that the custody file knows."""
        return self._among("blobs", "sha256", hashes)

    def _among(self, table: str, column: str, values: Sequence[str]) -> set[str]:
        query = (
            f"SELECT {column} FROM {table} WHERE {column} IN"
            " (SELECT value FROM json_each(?))"
        )
        found = self._database.execute(query, (json.dumps(values),))
        return {name for (name,) in found}


def for_writing(folder: Path, size: int) -> Index:
    """The index in the folder, holding every record up to ``size``.

    It is made anew where it is missing, damaged or ahead of the log.

    Raises:
        LedgerError: if the log or its packs are damaged, so that nothing can be made.
    """
    found = _sound(folder / FILE, size)
    if found is None:
        for name in _BESIDE:
            (folder / name).unlink(missing_ok=True)
        found = Index(_connected(folder / FILE))
    _complete(found, folder, size)
    return found


def for_reading(folder: Path, size: int) -> Index:
    """An index that holds every record up to ``size``; no file is changed.

    Where the file falls short, for instance between a commit and its index, an index
    is made in memory.

    Raises:
        LedgerError: if the log or its packs are damaged, so that nothing can be made.
    """
    try:
        found = Index(_connected_to_read(folder))
        count, end = found.extent()
        if count == end >= size:
            return found
        found.close()
    except sqlite3.Error:
        pass  # missing or damaged: the log itself is there to be read
    database = sqlite3.connect(":memory:")
    database.executescript(_SCHEMA)
    found = Index(database)
    _complete(found, folder, size)
    return found


def _sound(path: Path, size: int) -> Index | None:
    try:
        found = Index(_connected(path))
        count, end = found.extent()
    except sqlite3.Error:
        return None
    if count == end <= size:
        return found
    found.close()
    return None


def _complete(found: Index, folder: Path, size: int) -> None:
    """Add the records that the log has and the index lacks."""
    end = found.extent()[1]
    if end < size:
        ids = [RecordId(entry.decode()) for entry in tiles.entries(folder, size)]
        for first in pack.firsts(folder):
            if end <= first < size:
                found.add(pack.rows(folder, first, ids), ())


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(_SCHEMA)
    return database


def _connected_to_read(folder: Path) -> sqlite3.Connection:
    # A folder that cannot be written, such as a copy on a disc, has no log of changes
    # beside the index; then the file is read as it stands.
    still = not os.access(folder, os.W_OK) and not (folder / _BESIDE[1]).exists()
    flags = "immutable=1" if still else "mode=ro"
    path = (folder / FILE).absolute().as_uri()
    return sqlite3.connect(f"{path}?{flags}", uri=True)

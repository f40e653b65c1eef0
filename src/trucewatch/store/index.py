"""A quick way to a record; never evidence, always rebuildable from the log."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.record import RecordId
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

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Open the index; make an empty one unless only reading.

        Raises:
            LedgerError: if the file is not a usable database.
        """
        try:
            self._database = _connected(folder, read_only=read_only)
        except sqlite3.Error as error:
            msg = f"{folder / FILE} is unusable ({error}); a writer would rebuild it"
            raise LedgerError(msg) from error

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


def _connected(folder: Path, *, read_only: bool) -> sqlite3.Connection:
    path = folder / FILE
    if read_only:
        # A folder that cannot be written, such as a copy on a disc, has no log of
        # changes beside the index; then the file is read as it stands.
        still = not os.access(folder, os.W_OK) and not (folder / _BESIDE[1]).exists()
        flags = "immutable=1" if still else "mode=ro"
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{flags}", uri=True)
        database.execute("SELECT seq FROM records LIMIT 1")
        return database
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(_SCHEMA)
    return database


def delete(folder: Path) -> None:
    """There is no index, so that opening one makes it anew."""
    for name in _BESIDE:
        (folder / name).unlink(missing_ok=True)

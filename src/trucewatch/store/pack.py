"""Records of one commit in one file: a canonical JSON line each, in ledger order.

A pack is named by the place of its first record in the log. Its lines need no hash
of their own: each must hash to the id that the log holds at that place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.record import Record, RecordId, canonical

FOLDER = "packs"
_SUFFIX = ".jsonl"
_DIGITS = 12  # names sort as their numbers do


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record stands.

    Attributes:
        seq: its place in the log, from 0.
        id: the record's.
        pack: place of the first record of its pack.
        offset: bytes of the pack before its line.
        length: bytes of its line, without the line end.
    """

    seq: int
    id: RecordId
    pack: int
    offset: int
    length: int

    @property
    def kind(self) -> str:
        """Kind of the record, as its id says."""
        return self.id.partition(":")[0]


def path_of(folder: Path, first: int) -> Path:
    """File of the pack whose first record is number ``first``."""
    return folder / FOLDER / f"{first:0{_DIGITS}d}{_SUFFIX}"


def firsts(folder: Path) -> list[int]:
    """Numbers of the packs there, ascending."""
    files = (folder / FOLDER).glob("[0-9]*" + _SUFFIX)
    return sorted(int(one.stem) for one in files if one.stem.isdecimal())


def encoded(records: Sequence[Record], first: int) -> tuple[bytes, list[Row]]:
    """The pack's bytes and where in it each record stands.

    Raises:
        LedgerError: if a record's id is not the hash of its content.
    """
    written, rows, offset = list[bytes](), list[Row](), 0
    for seq, record in enumerate(records, start=first):
        line = canonical(record)
        if id_of(record.id.partition(":")[0], line) != record.id:
            msg = f"the content of {record.id} is not what its id says"
            raise LedgerError(msg)
        rows.append(Row(seq, record.id, first, offset, len(line)))
        written += (line, b"\n")
        offset += len(line) + 1
    return b"".join(written), rows


def lines(folder: Path, first: int) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each line of a pack, without line ends."""
    offset = 0
    with path_of(folder, first).open("rb") as file:
        for line in file:
            yield offset, line.removesuffix(b"\n")
            offset += len(line)


def rows(folder: Path, first: int, ids: Sequence[RecordId]) -> list[Row]:
    """Where the records of one pack stand, told from its file and the log's ids.

    Raises:
        LedgerError: if the pack does not hold the records the log names.
    """
    found = []
    for seq, (offset, line) in enumerate(lines(folder, first), start=first):
        named = ids[seq] if seq < len(ids) else RecordId("")
        if id_of(named.partition(":")[0], line) != named:
            msg = (
                f"pack {first} does not hold record {seq} of the log;"
                " run `trucewatch verify` for all that is wrong"
            )
            raise LedgerError(msg)
        found.append(Row(seq, named, first, offset, len(line)))
    return found


def read(folder: Path, where: Sequence[Row]) -> Iterator[bytes]:
    """The lines at ``where``, each pack opened once if its rows stand together.

    Raises:
        LedgerError: if a pack cannot be read.
    """
    for first, stretch in groupby(where, key=lambda row: row.pack):
        try:
            yield from _stretch(path_of(folder, first), stretch)
        except OSError as error:
            msg = f"pack {error.filename} cannot be read: {error.strerror}"
            raise LedgerError(msg) from error


def _stretch(path: Path, where: Iterable[Row]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for row in where:
            file.seek(row.offset)
            yield file.read(row.length)


def id_of(kind: str, line: bytes) -> RecordId:
    """The id of the record whose canonical bytes are ``line``."""
    return RecordId(f"{kind}:{sha256(line).hexdigest()}")

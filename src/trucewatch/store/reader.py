"""Read a ledger: no key, no lock, no file changed.

While it is read, SQLite may lay two helper files beside the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from trucewatch.errors import LedgerError
from trucewatch.record import Record, RecordId, decoded
from trucewatch.store import checkpoint, kinds, merkle, note, pack, tiles
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.index import Index, for_reading
from trucewatch.store.note import Note, PublicKey

CHECKPOINT = "checkpoint"
PUBLIC_KEY = "public.key"
WITNESSES = "witnesses"
BLOBS = "blobs"

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What shows that a record is in the log.

    Attributes:
        index: its place in the log.
        size: entries of the log the proof speaks of.
        hashes: hex, leaf side first.
    """

    index: int
    size: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head of a ledger and the key it was checked against."""

    key: PublicKey
    checkpoint: Checkpoint
    note: Note


class Reader:
    """A ledger as its checkpoint describes it; later commits are not seen."""

    def __init__(
        self,
        folder: Path,
        head: Head,
        index: Index,
        more_kinds: Iterable[type[Record]] = (),
    ) -> None:
        """Read ``folder`` under a head that was already checked."""
        self.folder = folder
        self._head = head
        self._index = index
        self._kinds = kinds.by_name(more_kinds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Every file is closed."""
        self._index.close()

    @property
    def name(self) -> str:
        """The ledger's name: origin of its checkpoints, name of its key."""
        return self._head.key.name

    @property
    def key(self) -> PublicKey:
        """Whose signature makes the ledger's word its own."""
        return self._head.key

    @property
    def note(self) -> bytes:
        """The signed checkpoint, as stored."""
        return self._head.note.encoded()

    @property
    def head_text(self) -> str:
        """What a witness signs: the text of the checkpoint."""
        return self._head.note.text

    @property
    def size(self) -> int:
        """Records in the ledger."""
        return self._head.checkpoint.size

    @property
    def root(self) -> bytes:
        """Root hash; depends on the records and their order, on nothing else."""
        return self._head.checkpoint.root

    def get(self, blob_sha256: str) -> bytes:
        """The bytes that hash to this.

        Raises:
            LedgerError: if they are not here, or are no longer what they were.
        """
        path = blob_path(self.folder, blob_sha256)
        try:
            data = path.read_bytes()
        except OSError as error:
            msg = f"blob {blob_sha256} cannot be read: {error.strerror}"
            raise LedgerError(msg) from error
        if (found := sha256(data).hexdigest()) != blob_sha256:
            msg = f"blob {blob_sha256} was altered: it hashes to {found}"
            raise LedgerError(msg)
        return data

    def __contains__(self, record: RecordId) -> bool:
        """Whether the ledger holds a record."""
        return self._find(record) is not None

    def record(self, record: RecordId) -> Record:
        """The record of this id.

        Raises:
            LedgerError: if it is not here, was altered, or is of an unknown kind.
        """
        row = self._row(record)
        if row.kind not in self._kinds:
            msg = f"records of kind {row.kind!r} need their class; known: "
            raise LedgerError(msg + ", ".join(sorted(self._kinds)))
        return self._decoded(self._kinds[row.kind], [row])[0]

    def records(self, kind: type[R]) -> tuple[R, ...]:
        """All records of one class, in ledger order.

        Raises:
            LedgerError: if one of them was altered.
        """
        rows = self._index.of_kind(kind.__name__.lower())
        return tuple(self._decoded(kind, [r for r in rows if r.seq < self.size]))

    def prove(self, record: RecordId) -> Inclusion:
        """What shows to somebody without the ledger that a record is in it.

        Raises:
            LedgerError: if it is not.
        """
        index = self._row(record).seq
        root = merkle.range_root(tiles.subtrees(self.folder, self.size))
        proof = merkle.inclusion_proof(index, self.size, root)
        return Inclusion(index, self.size, tuple(one.hex() for one in proof))

    def consistency(self, old_size: int) -> tuple[str, ...]:
        """What shows that the ledger of ``old_size`` was only appended to; hex.

        Raises:
            LedgerError: if the ledger is smaller than that.
        """
        root = merkle.range_root(tiles.subtrees(self.folder, self.size))
        try:
            proof = merkle.consistency_proof(old_size, self.size, root)
        except ValueError as error:
            raise LedgerError(str(error)) from error
        return tuple(one.hex() for one in proof)

    def _find(self, record: RecordId) -> pack.Row | None:
        row = self._index.find(record)
        return row if row is not None and row.seq < self.size else None

    def _row(self, record: RecordId) -> pack.Row:
        row = self._find(record)
        if row is None:
            msg = f"the ledger does not hold {record}"
            raise LedgerError(msg)
        return row

    def _decoded(self, kind: type[R], rows: list[pack.Row]) -> list[R]:
        found = []
        for row, line in zip(rows, pack.read(self.folder, rows), strict=True):
            try:
                made = decoded(kind, json.loads(line))
            except ValueError as error:
                msg = f"record {row.seq} of the ledger cannot be read: {error}"
                raise LedgerError(msg) from error
            if made.id != row.id:
                msg = f"record {row.seq} of the ledger was altered: it is not {row.id}"
                raise LedgerError(msg)
            found.append(made)
        return found


def view(folder: Path, kinds: Iterable[type[Record]] = ()) -> Reader:
    """The ledger in ``folder``, to read only; a writer may be at work meanwhile.

    Raises:
        LedgerError: if there is none, or its head is not signed by its key.
    """
    head = read_head(folder)
    return Reader(folder, head, for_reading(folder, head.checkpoint.size), kinds)


def read_head(folder: Path) -> Head:
    """The head of the ledger, its signature checked.

    Raises:
        LedgerError: if it is missing, malformed, or not signed by the ledger's key.
    """
    try:
        key = note.parsed_key((folder / PUBLIC_KEY).read_text("ascii"))
        signed = note.parsed((folder / CHECKPOINT).read_bytes())
        head = checkpoint.parsed(signed.text)
    except OSError as error:
        msg = f"{folder} is not a ledger: {error.filename}: {error.strerror}"
        raise LedgerError(msg) from error
    except ValueError as error:
        msg = f"the head of {folder} is unusable ({error}); run `trucewatch verify`"
        raise LedgerError(msg) from error
    if head.origin != key.name or not signed.signed_by(key):
        msg = f"the checkpoint of {folder} is not signed by {key}"
        raise LedgerError(msg)
    return Head(key, head, signed)


def blob_path(folder: Path, blob_sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / BLOBS / blob_sha256[:2] / blob_sha256

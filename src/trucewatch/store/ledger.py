"""The ledger: every record and blob, kept so that nobody can change it unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from trucewatch.errors import LedgerError
from trucewatch.record import Record, RecordId
from trucewatch.store import durable, lock, note, opening, pack, tiles
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.custody import Custodian, Deed, blob_subjects, log_subject
from trucewatch.store.index import Index
from trucewatch.store.keys import folder_of_keys, load
from trucewatch.store.note import COSIGNATURE, Note, PublicKey, Signer
from trucewatch.store.reader import (
    CHECKPOINT,
    WITNESSES,
    Head,
    Reader,
    blob_path,
    read_head,
)


class Ledger(Reader):
    """A ledger open for writing; there is only one such at a time."""

    def __init__(
        self,
        head: Head,
        custodian: Custodian,
        index: Index,
        held: IO[bytes],
        kinds: Iterable[type[Record]],
    ) -> None:
        """Use ``Ledger.open``, which makes sure of everything given here."""
        super().__init__(custodian.folder, head, index, kinds)
        self._custodian = custodian
        self._lock = held
        self._edge = tiles.read_edge(custodian.folder, head.checkpoint.size)
        self._failed = False

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        now: datetime,
        who: str,
        keys: Path | None = None,
        kinds: Iterable[type[Record]] = (),
        name: str = "",
    ) -> Ledger:
        """The ledger in ``folder``, made on first use, completed where it was cut off.

        Args:
            folder: may be absent or empty.
            now: stands in the custody events of this session.
            who: role or pseudonym of the writer.
            keys: folder of private keys; what ``TRUCEWATCH_KEYS`` names, or
                ``~/.config/trucewatch/keys``, if not given.
            kinds: classes beyond those of the stages, for ``record``.
            name: of a new ledger; that of its folder if not given. It begins every
                checkpoint and stays for good.

        Raises:
            LedgerError: if another process writes, the private key is missing or
                open to others, the ledger does not agree with its checkpoint, or
                the disk refuses.
        """
        with durable.reported(folder), ExitStack() as on_error:
            folder.mkdir(parents=True, exist_ok=True)
            held = on_error.enter_context(lock.acquire(folder / opening.LOCK))
            where = folder_of_keys() if keys is None else keys
            key = opening.own_key(folder, where, name or folder.resolve().name)
            signer = Signer(key.name, load(where, key))
            custodian = Custodian(folder, signer, who, now)
            if opening.is_new(folder):
                custodian.take_up()
                opening.begin(folder, custodian)
            head = read_head(folder)
            index = opening.completed(folder, head.checkpoint, custodian)
            made = cls(head, custodian, index, held, kinds)
            on_error.pop_all()
        return made

    def close(self) -> None:
        """Every file is closed, and another may write."""
        super().close()
        self._lock.close()

    def put(self, blob: bytes, *, why: str) -> str:
        """The bytes are in the ledger; gives their SHA-256."""
        self.append((), (blob,), why=why)
        return sha256(blob).hexdigest()

    def append(
        self, records: Iterable[Record], blobs: Iterable[bytes] = (), *, why: str
    ) -> int:
        """Records and blobs are in the ledger for good, all or none.

        Gives how many records were new. What the ledger already holds is passed
        over, so that a run which was cut off and is repeated ends with the same root.

        Raises:
            LedgerError: if a record derives from one that is neither in the ledger
                nor before it among ``records``; if the disk refuses; or if an
                earlier write failed.
        """
        fresh = self._fresh(records)
        self._refuse_untraceable(fresh)
        with self._writing():
            came = self._keep(blobs)
            rows = self._commit(fresh) if fresh else []
            if fresh or came:
                log = (log_subject(self._head.checkpoint),) if fresh else ()
                self._custodian.note(Deed.APPEND, why, (*log, *blob_subjects(came)))
                self._index.add(rows, came)
        return len(fresh)

    def export(self, what: str, *, why: str) -> None:
        """It stands in custody that something left the ledger.

        Args:
            what: id of the record, or hash of the file, that left.
            why: to whom, and for what.
        """
        with self._writing():
            self._custodian.note(Deed.EXPORT, why, (what,))

    def signed(self, about: str, lines: Sequence[str]) -> bytes:
        """A note in the ledger's name; its first line keeps it apart from others."""
        text = "".join(f"{one}\n" for one in (f"{self.name}/{about}", *lines))
        return self._custodian.signer.sign(text).encoded()

    def cosign(self, line: str, witness: PublicKey) -> None:
        """The checkpoint carries a witness's word that it saw it.

        Raises:
            LedgerError: if the line is not the witness's word on this checkpoint.
        """
        text = self._head.note.text
        try:
            signature = note.parsed_signature(line)
        except ValueError as error:
            raise LedgerError(str(error)) from error
        known = witness.kind == COSIGNATURE and signature.by(witness)
        if not (known and signature.holds(text, witness)):
            msg = f"this is not a cosignature of {witness} on the present checkpoint"
            raise LedgerError(msg)
        others = [one for one in self._head.note.signatures if not one.by(witness)]
        log = log_subject(self._head.checkpoint)
        with self._writing():
            _remember_witness(self.folder / WITNESSES, witness)
            self._publish(self._head.checkpoint, Note(text, (*others, signature)))
            self._custodian.note(Deed.COSIGN, f"witness {witness.name}", (log,))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What is written inside is whole, or nothing more is written at all.

        Raises:
            LedgerError: if the disk refuses, now or in an earlier write.
        """
        if self._failed:
            msg = f"an earlier write to {self.folder} failed; open the ledger again"
            raise LedgerError(msg)
        self._failed = True
        with durable.reported(self.folder):
            yield
        self._failed = False

    def _fresh(self, records: Iterable[Record]) -> list[Record]:
        """Those not yet in the ledger, each once, in order."""
        once = {one.id: one for one in records}
        known = self._index.known(list(once))
        return [record for name, record in once.items() if name not in known]

    def _refuse_untraceable(self, fresh: Sequence[Record]) -> None:
        before = {one.id: place for place, one in enumerate(fresh)}
        sources = {_whole(source) for one in fresh for source in one.derived_from}
        logged = self._index.known(sorted(sources - set(before)))
        for place, one in enumerate(fresh):
            for source in map(_whole, one.derived_from):
                if source not in logged and before.get(source, place) >= place:
                    msg = (
                        f"{one.id} derives from {source}, which is not in the ledger;"
                        " append what it rests on first"
                    )
                    raise LedgerError(msg)

    def _keep(self, blobs: Iterable[bytes]) -> list[str]:
        """Write the blobs that are new; gives their hashes."""
        once = {sha256(one).hexdigest(): one for one in blobs}
        known = self._index.known_blobs(list(once))
        new = {name: one for name, one in once.items() if name not in known}
        durable.write_all({blob_path(self.folder, n): one for n, one in new.items()})
        return sorted(new)

    def _commit(self, fresh: Sequence[Record]) -> list[pack.Row]:
        """The log ends with these records; gives where they stand."""
        size = self._edge.size
        data, rows = pack.encoded(fresh, size)
        edge, files = tiles.grown(self._edge, [one.id.encode() for one in fresh])
        durable.write_all(
            {pack.path_of(self.folder, size): data}
            | {self.folder / path: one for path, one in files.items()}
        )
        head = Checkpoint(self.name, edge.size, edge.root())
        self._publish(head, self._custodian.signer.sign(head.text()))
        self._edge = edge
        opening.remove_superseded(self.folder, files)
        return rows

    def _publish(self, head: Checkpoint, signed: Note) -> None:
        durable.write(self.folder / CHECKPOINT, signed.encoded())
        self._head = Head(self.key, head, signed)


def _whole(source: RecordId) -> RecordId:
    """The record that a row belongs to."""
    return RecordId(source.partition("#")[0])


def _remember_witness(path: Path, witness: PublicKey) -> None:
    known = set(path.read_text("ascii").split()) if path.exists() else set[str]()
    lines = "".join(f"{one}\n" for one in sorted(known | {str(witness)}))
    durable.write(path, lines.encode())

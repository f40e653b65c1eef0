"""Bring a ledger folder into the state its checkpoint describes, before writing.

A commit writes, in this order: blobs, pack, tiles, checkpoint, custody event, index.
Renaming the checkpoint is the moment it counts. What was written before and does not
belong to a checkpoint is removed here; what is due after it is completed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.store import durable, index, keys, note, pack, tiles
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.custody import (
    Custodian,
    Deed,
    blob_subjects,
    blobs_in,
    log_subject,
    logged_size,
)
from trucewatch.store.index import Index
from trucewatch.store.merkle import EMPTY_ROOT
from trucewatch.store.note import PublicKey
from trucewatch.store.reader import BLOBS, CHECKPOINT, PUBLIC_KEY

LOCK = "lock"
_NO_KEY_NAME = re.compile(r"[\s+\x00-\x1f]")  # what the name of a key cannot hold


def own_key(folder: Path, keys_folder: Path, name: str) -> PublicKey:
    """The ledger's public key; made, and laid into the folder, on first use.

    Raises:
        LedgerError: if the folder holds something else, or half a ledger.
    """
    if (folder / PUBLIC_KEY).exists():
        try:
            return note.parsed_key((folder / PUBLIC_KEY).read_text("ascii"))
        except ValueError as error:
            msg = f"{folder / PUBLIC_KEY} is unusable: {error}"
            raise LedgerError(msg) from error
    if any(one.name != LOCK for one in folder.iterdir()):
        msg = f"{folder} is neither empty nor a ledger; choose another folder"
        raise LedgerError(msg)
    key = keys.create(keys_folder, _NO_KEY_NAME.sub("-", name) or "ledger")
    durable.write(folder / PUBLIC_KEY, f"{key}\n".encode())
    return key


def is_new(folder: Path) -> bool:
    """Whether the ledger has no checkpoint because it never had one.

    Raises:
        LedgerError: if the checkpoint was lost.
    """
    if (folder / CHECKPOINT).exists():
        return False
    if pack.firsts(folder):
        msg = f"{folder} has records and no checkpoint; restore it from a copy"
        raise LedgerError(msg)
    return True


def remove_unfinished(folder: Path, size: int) -> None:
    """No file is left that belongs to a commit which never came to count."""
    for path in sorted(folder.rglob(f"{durable.UNFINISHED}*")):
        path.unlink()
    for first in pack.firsts(folder):
        if first >= size:
            pack.path_of(folder, first).unlink()
    kept = tiles.kept(size)
    for path in sorted((folder / "tile").rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in kept:
            path.unlink()


def begin(folder: Path, custodian: Custodian) -> None:
    """The ledger has its first custody event and the checkpoint of nothing."""
    head = Checkpoint(custodian.signer.name, 0, EMPTY_ROOT)
    custodian.note(Deed.CREATE, "first use", (log_subject(head),))
    durable.write(folder / CHECKPOINT, custodian.signer.sign(head.text()).encoded())


def completed(folder: Path, head: Checkpoint, custodian: Custodian) -> Index:
    """The folder is as ``head`` describes it; gives its complete index.

    Raises:
        LedgerError: if tiles, packs or custody do not agree with the checkpoint.
    """
    events = custodian.take_up()
    if not events or logged_size(events) > head.size:
        # Never remove anything on the word of a checkpoint older than custody.
        msg = (
            f"custody speaks of {logged_size(events)} records in {folder}, its"
            f" checkpoint of {head.size}; restore what is older from a copy"
        )
        raise LedgerError(msg)
    remove_unfinished(folder, head.size)
    if tiles.read_edge(folder, head.size).root() != head.root:
        msg = (
            f"the tiles of {folder} do not lead to the root of its checkpoint;"
            " run `trucewatch verify`"
        )
        raise LedgerError(msg)
    late = () if logged_size(events) == head.size else (log_subject(head),)
    came = blob_subjects(sorted(_blobs_present(folder) - blobs_in(events)))
    if late or came:
        why = "completed a write that was cut off"
        events.append(custodian.note(Deed.RECOVER, why, (*late, *came)))
    found = index.for_writing(folder, head.size)
    found.add((), sorted(blobs_in(events)))
    return found


def remove_superseded(folder: Path, paths: Iterable[str]) -> None:
    """Partial tiles are gone where the full one has come."""
    for path in paths:
        partial = folder / f"{path}.p"
        if partial.is_dir():
            shutil.rmtree(partial)


def _blobs_present(folder: Path) -> set[str]:
    return {one.name for one in (folder / BLOBS).glob("??/*")}

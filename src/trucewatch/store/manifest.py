"""Seal a bulletin's folder, so that whoever gets it can check it alone.

``MANIFEST.json`` names every file with its hash, and the bulletin's place in the
ledger with the proof that leads to a signed checkpoint. ``MANIFEST.sig`` signs it.
``bulletin.json`` is the bulletin as logged. No rendered file knows of any key.

 1. the key that the manifest names signed it, and is the trusted one if one is given
 2. every file is as it was sealed, and none was added
 3. the bulletin is the record that the manifest names
 4. the checkpoint is signed by the same key
 5. a proof ties the bulletin to the checkpoint
 6. a proof ties the ledger that the bulletin was made from to the checkpoint
 7. the ledger, if one is given, begins as the checkpoint says

The caller's part: get the public key by another way than the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.record import Record, RecordId, Value, canonical, decoded
from trucewatch.store import checkpoint, durable, merkle, note
from trucewatch.store.ledger import Ledger
from trucewatch.store.step import Checks, Seen, Step, naming_key, steps
from trucewatch.store.verify import given
from trucewatch.store.verify_log import (
    check_checkpoint,
    check_entries,
    check_key,
    root_of_leaves,
)

MANIFEST = "MANIFEST.json"
SIGNATURE = "MANIFEST.sig"
BULLETIN = "bulletin.json"


@dataclass(frozen=True, slots=True)
class SealedFile(Value):
    """One file of a sealed folder; its name is the path below the folder."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest(Value):
    """What a sealed folder holds and where it stands in the ledger.

    Attributes:
        bulletin: id of the record in ``bulletin.json``.
        index: its place in the log.
        checkpoint: signed note over the log's size and root.
        inclusion: hex hashes that tie the bulletin to it, leaf side first.
        consistency: hex hashes that tie the ledger it was made from to it.
        public_key: of the ledger, ``name+id+key``.
    """

    bulletin: RecordId
    files: tuple[SealedFile, ...]
    index: int
    checkpoint: str
    inclusion: tuple[str, ...]
    consistency: tuple[str, ...]
    public_key: str


@dataclass(slots=True)
class _Folder(Seen):
    """What the steps pass on; ``ledger`` is another folder, or ``None``."""

    manifest: Manifest | None = None
    ledger: Path | None = None
    body: bytes = b""

    def known(self) -> Manifest:
        """The manifest.

        Raises:
            ValueError: if step 1 could not read it.
        """
        if self.manifest is None:
            msg = "the manifest could not be read"
            raise ValueError(msg)
        return self.manifest


def seal(folder: Path, bulletin: Record, ledger: Ledger) -> None:
    """The folder holds the bulletin's record, a manifest of all files, a signature.

    Raises:
        LedgerError: if the bulletin is not in the ledger, or a file is in the way.
    """
    body = canonical(bulletin)
    proof = ledger.prove(bulletin.id)
    path = folder / BULLETIN
    if path.exists() and path.read_bytes() != body:
        msg = f"{path} exists and is not the bulletin's record"
        raise LedgerError(msg)
    durable.write(path, body)
    manifest = Manifest(
        bulletin=bulletin.id,
        files=tuple(_sealed(folder, one) for one in _files(folder)),
        index=proof.index,
        checkpoint=ledger.note.decode(),
        inclusion=proof.hashes,
        consistency=ledger.consistency(_made_from(body)[0]),
        public_key=str(ledger.key),
    )
    data = canonical(manifest)
    durable.write(folder / MANIFEST, data)
    signed = ledger.signed("manifest", _signed_lines(data, manifest))
    durable.write(folder / SIGNATURE, signed)


def verify_bulletin(
    folder: Path, trusted_key: str | None = None, ledger: Path | None = None
) -> tuple[Step, ...]:
    """What the steps above say of a sealed folder; damage is never an exception.

    Args:
        folder: nothing in it is changed.
        trusted_key: the public key known by another way, or a file that holds it.
        ledger: folder of the ledger, for step 7.

    Raises:
        LedgerError: if the trusted key is not a public key.
    """
    trusted = None if trusted_key is None else given(trusted_key)
    seen = _Folder(folder, trusted=trusted, ledger=ledger)
    found = steps(_CHECKS if ledger is None else _WITH_LEDGER, seen)
    return naming_key(found, seen)


def _check_signature(seen: _Folder) -> Iterator[str]:
    data = (seen.folder / MANIFEST).read_bytes()
    manifest = decoded(Manifest, json.loads(data))
    seen.manifest, seen.key = manifest, note.parsed_key(manifest.public_key)
    if canonical(manifest) != data:
        yield f"{MANIFEST} is not canonical"
    if seen.trusted is not None and seen.trusted != seen.key:
        yield f"the manifest names the key {seen.key}, not the trusted {seen.trusted}"
        seen.key = seen.trusted
    signed = note.parsed((seen.folder / SIGNATURE).read_bytes())
    lines = (f"{seen.key.name}/manifest", *_signed_lines(data, manifest))
    if signed.text != "".join(f"{line}\n" for line in lines):
        yield f"{SIGNATURE} was made for another manifest"
    if not signed.signed_by(seen.key) or len(signed.signatures) != 1:
        yield f"{SIGNATURE} is not signed by {seen.key} alone"


def _check_folder(seen: _Folder) -> Iterator[str]:
    named = {one.name: one for one in seen.known().files}
    there = {one.relative_to(seen.folder).as_posix() for one in _files(seen.folder)}
    for name in sorted(set(named) - there):
        yield f"{name} is missing"
    for name in sorted(there - set(named)):
        yield f"{name} is not in the manifest"
    for name in sorted(set(named) & there):
        if _sealed(seen.folder, seen.folder / name) != named[name]:
            yield f"{name} was changed"


def _check_record(seen: _Folder) -> Iterator[str]:
    seen.body = (seen.folder / BULLETIN).read_bytes()
    kind, _, digest = seen.known().bulletin.partition(":")
    if kind != "bulletin" or sha256(seen.body).hexdigest() != digest:
        yield f"{BULLETIN} is not {seen.known().bulletin}"


def _check_head(seen: _Folder) -> Iterator[str]:
    signed = note.parsed(seen.known().checkpoint.encode())
    head = checkpoint.parsed(signed.text)
    seen.origin, seen.size, seen.root = head.origin, head.size, head.root
    if seen.key is None or not signed.signed_by(seen.key):
        yield f"the checkpoint is not signed by {seen.key}"
    elif head.origin != seen.key.name:
        yield f"the checkpoint is of {head.origin!r}, the key of {seen.key.name!r}"


def _check_inclusion(seen: _Folder) -> Iterator[str]:
    manifest = seen.known()
    leaf = merkle.leaf_hash(manifest.bulletin.encode())
    proof = [bytes.fromhex(one) for one in manifest.inclusion]
    if not merkle.included(leaf, manifest.index, seen.size, proof, seen.root):
        yield f"the proof does not show {manifest.bulletin} in the ledger"


def _check_consistency(seen: _Folder) -> Iterator[str]:
    size, root = _made_from(seen.body)
    proof = [bytes.fromhex(one) for one in seen.known().consistency]
    if size > seen.known().index:
        yield f"the bulletin stands at {seen.known().index}, it was made from {size}"
    if not merkle.consistent(size, seen.size, root, seen.root, proof):
        yield f"the ledger of {size} records is no beginning of that of {seen.size}"


def _check_ledger(seen: _Folder) -> Iterator[str]:
    """Step 7; ``trucewatch verify`` on the ledger itself checks all the rest of it."""
    other = Seen(seen.ledger or seen.folder, trusted=seen.key)
    for check in (check_key, check_checkpoint, check_entries):
        yield from check(other)
    if root_of_leaves(other.leaves) != other.root:
        yield "the ledger's entries do not lead to the root of its checkpoint"
    if other.size < seen.size:
        yield f"the ledger has {other.size} records, the bulletin's had {seen.size}"
    elif root_of_leaves(other.leaves[: seen.size]) != seen.root:
        yield f"the ledger's first {seen.size} records are others than the bulletin's"
    if other.places.get(seen.known().bulletin) != seen.known().index:
        yield f"the ledger does not hold the bulletin at {seen.known().index}"


def _files(folder: Path) -> list[Path]:
    own = {folder / MANIFEST, folder / SIGNATURE}
    return sorted(p for p in folder.rglob("*") if not p.is_dir() and p not in own)


def _sealed(folder: Path, path: Path) -> SealedFile:
    data = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return SealedFile(name, sha256(data).hexdigest(), len(data))


def _signed_lines(data: bytes, manifest: Manifest) -> tuple[str, str]:
    return sha256(data).hexdigest(), manifest.bulletin


def _made_from(body: bytes) -> tuple[int, bytes]:
    """Size and root of the ledger that a bulletin was made from, as it says."""
    fields = json.loads(body)
    return int(fields["ledger_size"]), bytes.fromhex(fields["ledger_root"])


_CHECKS: Checks[_Folder] = (
    ("the key that the manifest names signed it", _check_signature),
    ("every file is as it was sealed, and none was added", _check_folder),
    ("the bulletin is the record that the manifest names", _check_record),
    ("the checkpoint is signed by the same key", _check_head),
    ("a proof ties the bulletin to the checkpoint", _check_inclusion),
    ("a proof ties the ledger it was made from to the checkpoint", _check_consistency),
)
_WITH_LEDGER: Checks[_Folder] = (
    *_CHECKS,
    ("the ledger begins as the checkpoint says", _check_ledger),
)

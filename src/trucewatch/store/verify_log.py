"""Steps 1 to 5 of a verification: key, checkpoint, entries, tiles, root."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from trucewatch.store import checkpoint, note
from trucewatch.store.reader import CHECKPOINT, PUBLIC_KEY, WITNESSES
from trucewatch.store.step import Checks, Seen
from trucewatch.store.tiles import ENTRIES, WIDTH, path_of

_ID = re.compile(r"[a-z]+:[0-9a-f]{64}")


def check_key(seen: Seen) -> Iterator[str]:
    """Step 1."""
    data = (seen.folder / PUBLIC_KEY).read_bytes()
    seen.key = note.parsed_key(data.decode())
    if data != f"{seen.key}\n".encode():
        yield f"{PUBLIC_KEY} holds more than a key"
    if seen.trusted is not None and seen.trusted != seen.key:
        yield f"the ledger's key is {seen.key}, not the trusted {seen.trusted}"
        seen.key = seen.trusted


def check_checkpoint(seen: Seen) -> Iterator[str]:
    """Step 2."""
    signed = note.parsed((seen.folder / CHECKPOINT).read_bytes())
    head = checkpoint.parsed(signed.text)
    seen.origin, seen.size, seen.root = head.origin, head.size, head.root
    if seen.key is None:
        yield "there is no public key to check the signature with"
        return
    if head.origin != seen.key.name:
        yield f"the checkpoint is of {head.origin!r}, the key of {seen.key.name!r}"
    if not signed.signed_by(seen.key):
        yield f"the checkpoint is not signed by {seen.key}"
    path = seen.folder / WITNESSES
    words = path.read_text("ascii").splitlines() if path.exists() else []
    witnesses = [note.parsed_key(word) for word in words]
    for one in signed.signatures:
        keys = [key for key in (seen.key, *witnesses) if one.by(key)]
        if not keys:
            yield f"there is no key for the signature of {one.name!r}"
        elif not one.holds(signed.text, keys[0]):
            yield f"the signature of {one.name!r} does not hold"


def check_entries(seen: Seen) -> Iterator[str]:
    """Step 3."""
    for number in range(-(-seen.size // WIDTH)):
        width = min(WIDTH, seen.size - number * WIDTH)
        data = (seen.folder / path_of(ENTRIES, number, width)).read_bytes()
        entries = _entries(data)
        if len(entries) != width:
            yield f"bundle {number} holds {len(entries)} whole entries, not {width}"
        for entry in entries:
            name = entry.decode("ascii", "replace")
            if not _ID.fullmatch(name):
                yield f"entry {len(seen.leaves)} is not a record id: {name!r}"
            if name in seen.places:
                yield f"entry {len(seen.leaves)} repeats {name}"
            seen.places[name] = len(seen.leaves)
            seen.leaves.append(sha256(b"\x00" + entry).digest())
        yield from _earlier(seen.folder, (ENTRIES, number, width), data)


def check_tiles(seen: Seen) -> Iterator[str]:
    """Step 4."""
    level, hashes = 0, seen.leaves
    while hashes:
        above = []
        for begin in range(0, len(hashes), WIDTH):
            part = hashes[begin : begin + WIDTH]
            place = (str(level), begin // WIDTH, len(part))
            path, expected = seen.folder / path_of(*place), b"".join(part)
            if not path.is_file():
                yield f"{path_of(*place)} is missing"
            elif path.read_bytes() != expected:
                yield f"{path_of(*place)} does not hold the hashes below it"
            yield from _earlier(seen.folder, place, expected)
            if len(part) == WIDTH:
                above.append(root_of_leaves(part))
        level, hashes = level + 1, above


def check_root(seen: Seen) -> Iterator[str]:
    """Step 5."""
    if len(seen.leaves) != seen.size or not seen.root:
        yield f"the log has {len(seen.leaves)} entries, its checkpoint {seen.size}"
    elif (found := root_of_leaves(seen.leaves)) != seen.root:
        yield f"the root is {found.hex()}, the checkpoint says {seen.root.hex()}"


def _entries(data: bytes) -> list[bytes]:
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + (data[at] << 8 | data[at + 1])
        if end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    return entries if at == len(data) else entries[:-1]


def _earlier(
    folder: Path, place: tuple[str, int, int], expected: bytes
) -> Iterator[str]:
    """Partial tiles of smaller trees must be the beginning of this one."""
    level, number, width = place
    for path in sorted((folder / f"{path_of(level, number, WIDTH)}.p").glob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.name.isdecimal() or not 0 < int(path.name) <= width < WIDTH:
            yield f"{name} belongs to no tree of the log"
            continue
        data, cut = path.read_bytes(), int(path.name)
        same = expected.startswith(data)
        held = len(_entries(data)) if level == ENTRIES else len(data) / 32
        if not same or held != cut:
            yield f"{name} is not the beginning of the tile it grew into"


def root_of_leaves(hashes: Sequence[bytes]) -> bytes:
    """Tree hash, built from the leaves up: a node without a neighbour moves up."""
    row = hashes
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        row = [*above, row[-1]] if len(row) % 2 else above
    return row[0] if row else sha256(b"").digest()


LOG: Checks[Seen] = (
    ("the public key is well formed", check_key),
    ("the checkpoint is signed by it, and every cosignature holds", check_checkpoint),
    ("the log holds every entry the checkpoint counts, each once", check_entries),
    ("every tile holds the hashes of what is below it", check_tiles),
    ("the hashes lead to the root of the checkpoint", check_root),
)

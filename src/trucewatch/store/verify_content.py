"""Steps 6 to 11 of a verification: records, blobs, custody, index, files."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import rfc8785

from trucewatch.store import note
from trucewatch.store.custody import FILE as CUSTODY
from trucewatch.store.custody import HEAD
from trucewatch.store.durable import UNFINISHED
from trucewatch.store.index import FILE as INDEX
from trucewatch.store.opening import LOCK
from trucewatch.store.pack import FOLDER as PACKS
from trucewatch.store.reader import BLOBS, CHECKPOINT, PUBLIC_KEY, WITNESSES
from trucewatch.store.step import Checks, Seen
from trucewatch.store.tiles import ENTRIES, WIDTH, path_of

_BESIDE_INDEX = (INDEX, f"{INDEX}-wal", f"{INDEX}-shm")
_ONCE = {CHECKPOINT, PUBLIC_KEY, WITNESSES, CUSTODY, HEAD, LOCK, *_BESIDE_INDEX}
_CITING = ("Delivery", "Table")  # kinds whose ``sha256`` is that of a blob
_TILE = re.compile(
    r"tile/(?P<level>entries|\d{1,2})/(?P<number>(x\d{3}/){0,5}\d{3})(\.p/(?P<width>\d+))?"
)
_DIGITS = {ord("x"): None, ord("/"): None}
_KEPT = re.compile(rf"{BLOBS}/[0-9a-f]{{2}}/[0-9a-f]{{64}}|{PACKS}/\d{{12}}\.jsonl")
_EVENT = {"kind", "previous", "seq", "subject", "what", "when", "who", "why"}


def check_records(seen: Seen) -> Iterator[str]:
    """Step 6; also gathers what steps 7, 8 and 10 need."""
    names, seq = list(seen.places), 0
    for path in sorted((seen.folder / PACKS).glob("[!.]*")):
        if path.name != f"{seq:012d}.jsonl":
            yield f"{PACKS}/{path.name} does not begin with record {seq}"
        first, offset = seq, 0
        for line in _lines(path):
            body = line.removesuffix(b"\n")
            name = names[seq] if seq < len(names) else ""
            if problem := _flaw(body, name, complete=body != line):
                yield f"record {seq} in {PACKS}/{path.name} {problem}"
            else:
                _gather(seen, body, name)
            seen.where.extend((first, offset, len(body)))
            seq, offset = seq + 1, offset + len(line)
    if seq != seen.size:
        yield f"the packs hold {seq} records, the checkpoint counts {seen.size}"


def check_derivations(seen: Seen) -> Iterator[str]:
    """Step 7."""
    yield from seen.untraceable


def check_blobs(seen: Seen) -> Iterator[str]:
    """Step 8."""
    for path in sorted((seen.folder / BLOBS).glob("*/[!.]*")):
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        if path.name != found or path.parent.name != found[:2]:
            yield f"blob {path.parent.name}/{path.name} hashes to {found}"
        seen.blobs.add(path.name)
    for name, record in sorted(seen.cited.items()):
        if name not in seen.blobs:
            yield f"blob {name}, cited by {record}, is missing"


def check_custody(seen: Seen) -> Iterator[str]:
    """Step 9."""
    tree, sizes, last, count = _Growing(seen.leaves), [0], sha256(b""), 0
    with (seen.folder / CUSTODY).open("rb") as file:
        for line in file:
            body = json.loads(line)
            problem = _event_flaw(body, line, count, last.hexdigest())
            if problem:
                yield f"custody event {count} {problem}"
                return
            for subject in body["subject"]:
                yield from _account(subject, seen, tree, sizes, count)
            last, count = sha256(line.removesuffix(b"\n")), count + 1
    yield from _head_flaws(seen, count, last.digest())
    if sizes[-1] != seen.size:
        yield f"custody accounts for {sizes[-1]} records, the log has {seen.size}"
    for name in sorted(seen.arrived ^ seen.blobs):
        fault = "is missing" if name in seen.arrived else "is not in custody"
        yield f"blob {name} {fault}"


def check_index(seen: Seen) -> Iterator[str]:
    """Step 10; reads a copy, so that the evidence is left as it is."""
    if not (seen.folder / INDEX).is_file():
        yield f"{INDEX} is missing; opening the ledger builds it again"
        return
    with TemporaryDirectory() as name:
        for one in _BESIDE_INDEX[:2]:
            if (seen.folder / one).is_file():
                shutil.copyfile(seen.folder / one, Path(name) / one)
        with closing(sqlite3.connect(Path(name) / INDEX)) as database:
            yield from _index_flaws(seen, database)


def check_files(seen: Seen) -> Iterator[str]:
    """Step 11; tiles are told by the size of the log, the rest by their folder."""
    for base, folders, files in os.walk(seen.folder):
        folders.sort()
        for name in sorted(files):
            path = Path(base, name)
            where = path.relative_to(seen.folder).as_posix()
            if name.startswith(UNFINISHED):
                yield f"{where} was left by a write cut off; opening removes it"
            elif path.is_symlink() or not _is_known(where, seen.size):
                yield f"{where} does not belong to the ledger"
            elif name == LOCK and path.stat().st_size:
                yield f"{where} should be empty"


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _flaw(body: bytes, name: str, *, complete: bool) -> str:
    kind, _, digest = name.partition(":")
    if not complete:
        return "is cut off"
    if sha256(body).hexdigest() != digest:
        return f"is not {name or 'in the log'}"
    parsed = json.loads(body)
    if rfc8785.dumps(parsed) != body:
        return "is not canonical"
    if not isinstance(parsed, dict) or str(parsed.get("kind", "")).lower() != kind:
        return f"is not of the kind of {name}"
    return ""


def _gather(seen: Seen, body: bytes, name: str) -> None:
    parsed = json.loads(body)
    for source in parsed.get("derived_from", ()):
        place = seen.places.get(source.partition("#")[0])
        if place is None or place >= seen.places[name]:
            fault = "is not in the log" if place is None else "comes later"
            seen.untraceable.append(f"{name} derives from {source}, which {fault}")
    if parsed["kind"] in _CITING:
        seen.cited[parsed["sha256"]] = name


def _event_flaw(body: object, line: bytes, count: int, previous: str) -> str:
    if not isinstance(body, dict) or set(body) != _EVENT:
        return "is not an event"
    if rfc8785.dumps(body) + b"\n" != line:
        return "is not canonical or cut off"
    if (body["seq"], body["previous"]) != (count, previous):
        return "does not follow the one before"
    return ""


def _account(
    subject: str, seen: Seen, tree: _Growing, sizes: list[int], count: int
) -> Iterator[str]:
    what, _, rest = subject.partition(":")
    if what == "blob":
        seen.arrived.add(rest)
    elif what == "log":
        size, _, root = rest.partition(":")
        if not sizes[-1] <= int(size) <= len(seen.leaves):
            yield f"custody event {count} speaks of {size} records after {sizes[-1]}"
        elif tree.root_at(int(size)).hex() != root:
            yield f"custody event {count} has another root at {size} records"
        sizes.append(int(size))


def _head_flaws(seen: Seen, count: int, last: bytes) -> Iterator[str]:
    head = note.parsed((seen.folder / HEAD).read_bytes())
    expected = b64encode(last).decode()
    if seen.key is None or not head.signed_by(seen.key):
        yield f"{HEAD} is not signed by the ledger's key"
    if len(head.signatures) != 1:
        yield f"{HEAD} has {len(head.signatures)} signatures, not one"
    if head.text != f"{seen.origin}/custody\n{count}\n{expected}\n":
        yield f"{HEAD} was signed over another chain than the one of {count} events"


def _index_flaws(seen: Seen, database: sqlite3.Connection) -> Iterator[str]:
    query = "SELECT seq, id, kind, pack, offset, length FROM records ORDER BY seq"
    count = 0
    for row, expected in zip(database.execute(query), _rows(seen), strict=False):
        if row != expected:
            yield f"index row {row[0]} is {row[1:]}, the log says {expected[1:]}"
        count += 1
    (total,) = database.execute("SELECT count(*) FROM records").fetchone()
    if total != seen.size or count != seen.size:
        yield f"the index holds {total} records, the log {seen.size}"
    blobs = {name for (name,) in database.execute("SELECT sha256 FROM blobs")}
    for name in sorted(blobs ^ seen.arrived, key=str):
        yield f"blob {name} is in the index or in custody, not in both"
    for (said,) in database.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield f"{INDEX} is damaged: {said}"


def _rows(seen: Seen) -> Iterator[tuple[int, str, str, int, int, int]]:
    for name, seq in seen.places.items():
        pack, offset, length = seen.where[3 * seq : 3 * seq + 3]
        yield seq, name, name.partition(":")[0], pack, offset, length


def _is_known(where: str, size: int) -> bool:
    if tile := _TILE.fullmatch(where):
        level, number = tile["level"], int(tile["number"].translate(_DIGITS))
        height = 0 if level == ENTRIES else int(level)
        full, rest = divmod(size >> 8 * min(height, 8), WIDTH)
        width = int(tile["width"] or WIDTH)
        fits = number < full if width == WIDTH else (number == full and width <= rest)
        return fits and where == path_of(level, number, width)
    return where in _ONCE or bool(_KEPT.fullmatch(where))


class _Growing:
    """Tree hashes of growing beginnings of the log, each entry hashed in once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._size = 0
        self._subtrees: list[tuple[int, bytes]] = []  # width and hash, left to right

    def root_at(self, size: int) -> bytes:
        """Tree hash of the first ``size`` entries; never fewer than before."""
        for leaf in self._leaves[self._size : size]:
            width, found = 1, leaf
            while self._subtrees and self._subtrees[-1][0] == width:
                found = sha256(b"\x01" + self._subtrees.pop()[1] + found).digest()
                width *= 2
            self._subtrees.append((width, found))
        self._size = size
        root = self._subtrees[-1][1] if self._subtrees else sha256(b"").digest()
        for _, left in reversed(self._subtrees[:-1]):
            root = sha256(b"\x01" + left + root).digest()
        return root


CONTENT: Checks[Seen] = (
    ("every record is canonical and hashes to its id", check_records),
    ("every record derives from records before it only", check_derivations),
    ("every blob hashes to its name, and none is missing", check_blobs),
    ("the custody chain is unbroken, signed and complete", check_custody),
    ("the index says what the log says", check_index),
    ("no file is unknown", check_files),
)

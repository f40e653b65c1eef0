"""The tree on disk: immutable tiles of 256 hashes and bundles of 256 entries.

Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.store.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    leaf_hash,
    node_hash,
    root_of,
)

WIDTH = 256  # entries of a full tile or bundle
_HEIGHT = 8  # WIDTH is 2 ** _HEIGHT
_CACHED_TILES = 256
ENTRIES = "entries"  # takes the place of the level in the path of a bundle


@dataclass(frozen=True, slots=True)
class Edge:
    """The unfinished right side of the tree: all that an append needs to know.

    Attributes:
        size: entries in the tree.
        levels: hashes of the open tile of each level, fewer than 256 each.
        bundle: entries of the open bundle.
    """

    size: int = 0
    levels: tuple[tuple[bytes, ...], ...] = ()
    bundle: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """Root hash of the whole tree."""
        found: bytes | None = None
        for level in self.levels:
            for subtree in reversed(_full_subtrees(level)):
                found = subtree if found is None else node_hash(subtree, found)
        return EMPTY_ROOT if found is None else found


def grown(edge: Edge, entries: Sequence[bytes]) -> tuple[Edge, dict[str, bytes]]:
    """The edge after appending, and the new files by path below the ledger."""
    files: dict[str, bytes] = {}
    bundle = (*edge.bundle, *entries)
    first = edge.size // WIDTH
    for number, chunk in _chunks(bundle, first):
        files[path_of(ENTRIES, number, len(chunk))] = bundled(chunk)
    levels: list[tuple[bytes, ...]] = []
    carried = [leaf_hash(entry) for entry in entries]
    while carried:
        level = len(levels)
        row = (*(edge.levels[level : level + 1] or ((),))[0], *carried)
        carried = []
        for number, chunk in _chunks(row, (edge.size >> _HEIGHT * level) // WIDTH):
            files[path_of(str(level), number, len(chunk))] = b"".join(chunk)
            if len(chunk) == WIDTH:
                carried.append(root_of(chunk))
        levels.append(_open_part(row))
    levels.extend(edge.levels[len(levels) :])
    after = Edge(edge.size + len(entries), tuple(levels), _open_part(bundle))
    return after, files


def path_of(level: str, number: int, width: int) -> str:
    """Path of a tile or bundle; partial ones carry their width."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    path = f"tile/{level}/{'/'.join(parts)}"
    return path if width == WIDTH else f"{path}.p/{width}"


def paths(size: int) -> Iterator[tuple[str, int, int, int]]:
    """Path, level, number and width of every tile of a tree of ``size``."""
    level = 0
    while entries := size >> _HEIGHT * level:
        for number in range(-(-entries // WIDTH)):
            width = min(WIDTH, entries - number * WIDTH)
            yield path_of(str(level), number, width), level, number, width
        level += 1


def bundle_paths(size: int) -> Iterator[tuple[str, int]]:
    """Path and width of every bundle of entries of a tree of ``size``."""
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        yield path_of(ENTRIES, number, width), width


def kept(size: int) -> set[str]:
    """Paths that may exist beside a checkpoint of ``size``; others are left over.

    Partial tiles of smaller trees stay until the full tile comes.
    """
    whole = {path for path, _, _, width in paths(size) if width == WIDTH}
    whole |= {path for path, width in bundle_paths(size) if width == WIDTH}
    open_tiles = [(str(lv), n, w) for _, lv, n, w in paths(size) if w < WIDTH]
    if size % WIDTH:
        open_tiles.append((ENTRIES, size // WIDTH, size % WIDTH))
    return whole | {
        path_of(level, number, width)
        for level, number, last in open_tiles
        for width in range(1, last + 1)
    }


def entries(folder: Path, size: int) -> Iterator[bytes]:
    """Every entry of the log of ``size``, in order.

    Raises:
        LedgerError: if a bundle is missing or broken.
    """
    for path, width in bundle_paths(size):
        yield from _bundle(folder, path, width)


def bundled(entries: Sequence[bytes]) -> bytes:
    """Entries, each after its length in two bytes, most significant first."""
    return b"".join(len(one).to_bytes(2) + one for one in entries)


def unbundled(data: bytes) -> tuple[bytes, ...]:
    """The entries of a bundle.

    Raises:
        ValueError: if the lengths do not add up to the whole.
    """
    entries, at = [], 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin])
        entries.append(data[begin:at])
    if at != len(data):
        msg = f"the last entry needs {at - len(data)} bytes more"
        raise ValueError(msg)
    return tuple(entries)


def read_edge(folder: Path, size: int) -> Edge:
    """The right side of the tree of ``size``, from its partial tiles.

    Raises:
        LedgerError: if a tile is missing or of the wrong length.
    """
    levels = list[tuple[bytes, ...]]()
    while hashes := size >> _HEIGHT * len(levels):
        level, width = str(len(levels)), hashes % WIDTH
        levels.append(_tile(folder, level, hashes // WIDTH, width) if width else ())
    bundle: tuple[bytes, ...] = ()
    if width := size % WIDTH:
        path = path_of(ENTRIES, size // WIDTH, width)
        bundle = _bundle(folder, path, width)
    return Edge(size, tuple(levels), bundle)


def subtrees(folder: Path, size: int) -> Callable[[int, int], bytes]:
    """Hashes of full subtrees by height and index, read from tiles as needed."""
    tile = lru_cache(_CACHED_TILES)(_tile)

    def subtree(height: int, index: int) -> bytes:
        level, inner = divmod(height, _HEIGHT)
        number, begin = divmod(index << inner, WIDTH)
        width = min(WIDTH, (size >> _HEIGHT * level) - number * WIDTH)
        hashes = tile(folder, str(level), number, width)
        return root_of(hashes[begin : begin + (1 << inner)])

    return subtree


def _tile(folder: Path, level: str, number: int, width: int) -> tuple[bytes, ...]:
    data = _bytes(folder, path_of(level, number, width))
    if len(data) != width * HASH_BYTES:
        msg = f"{path_of(level, number, width)} does not hold {width} hashes"
        raise LedgerError(msg)
    return tuple(data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES))


def _bundle(folder: Path, path: str, width: int) -> tuple[bytes, ...]:
    try:
        found = unbundled(_bytes(folder, path))
    except ValueError as error:
        msg = f"{path} is broken: {error}"
        raise LedgerError(msg) from error
    if len(found) != width:
        msg = f"{path} holds {len(found)} entries, not {width}"
        raise LedgerError(msg)
    return found


def _bytes(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}; run `trucewatch verify`"
        raise LedgerError(msg) from error


def _chunks(row: Sequence[bytes], first: int) -> Iterator[tuple[int, Sequence[bytes]]]:
    for begin in range(0, len(row), WIDTH):
        yield first + begin // WIDTH, row[begin : begin + WIDTH]


def _open_part(row: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return row[len(row) - len(row) % WIDTH :]


def _full_subtrees(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the full subtrees a row of hashes falls into, largest first."""
    found, begin = [], 0
    while begin < len(hashes):
        width = 1 << (len(hashes) - begin).bit_length() - 1
        found.append(root_of(hashes[begin : begin + width]))
        begin += width
    return found

"""Merkle tree hashing and proofs over an append-only list.

Source: RFC 6962, section 2.1; proofs are checked as in RFC 9162, sections 2.1.3.2
and 2.1.4.2. Hashes are SHA-256, 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

# Gives the tree hash of the entries ``[begin, end)``.
RangeRoot = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry, apart from every inner hash by its first byte."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees that stand side by side."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Tree hash over leaf hashes, or over equal full subtrees."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    cut = split(len(hashes))
    return node_hash(root_of(hashes[:cut]), root_of(hashes[cut:]))


def split(size: int) -> int:
    """The largest power of two below ``size``, which must be at least 2."""
    return 1 << (size - 1).bit_length() - 1


def range_root(subtree: Callable[[int, int], bytes]) -> RangeRoot:
    """Tree hashes of ranges, from the hashes of full subtrees by height and index."""

    def root(begin: int, end: int) -> bytes:
        size = end - begin
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return subtree(height, begin >> height)
        middle = begin + split(size)
        return node_hash(root(begin, middle), root(middle, end))

    return root


def inclusion_proof(index: int, size: int, root: RangeRoot) -> tuple[bytes, ...]:
    """What shows that entry ``index`` is in the tree of ``size``; leaf side first.

    Source: RFC 6962, section 2.1.1.

    Raises:
        ValueError: if the tree has no such entry.
    """
    if not 0 <= index < size:
        msg = f"a tree of {size} entries has no entry {index}"
        raise ValueError(msg)
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            path.append(root(middle, end))
            end = middle
        else:
            path.append(root(begin, middle))
            begin = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, root: RangeRoot) -> tuple[bytes, ...]:
    """What shows that the tree of ``new`` only appended to the tree of ``old``.

    Empty where there is nothing to show: ``old`` is 0 or equals ``new``.
    Source: RFC 6962, section 2.1.2.

    Raises:
        ValueError: if ``old`` lies outside ``[0, new]``.
    """
    if not 0 <= old <= new:
        msg = f"a tree of {new} entries was never one of {old}"
        raise ValueError(msg)
    if old in (0, new):
        return ()
    begin, end, path, whole = 0, new, [], True
    while old != end:
        middle = begin + split(end - begin)
        if old <= middle:
            path.append(root(middle, end))
            end = middle
        else:
            path.append(root(begin, middle))
            begin, whole = middle, False
    first = [] if whole else [root(begin, end)]
    return (*first, *reversed(path))


def included(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``proof`` ties the leaf hash at ``index`` to ``root``.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the new tree begins with the whole old one.

    Source: RFC 9162, section 2.1.4.2.
    """
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and new > 0
    if not 0 < old < new:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(path) and _rebuilt(old, new, path) == (old_root, new_root)


def _rebuilt(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old_root = node_hash(sibling, old_root)
            new_root = node_hash(sibling, new_root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new_root = node_hash(new_root, sibling)
        at, last = at >> 1, last >> 1
    return (old_root, new_root) if last == 0 else None

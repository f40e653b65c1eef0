"""PX4's log (ULog) taken apart: the columns of the topics asked for.

Every length is checked before it is believed, and nothing is read twice: a damaged log
costs no more time than a whole one. Sections appended after a crash are not followed.

Source: PX4 Guide, "ULog file format", version 1.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from trucewatch.collect.tracks import Numbers
from trucewatch.errors import SourceError

_MAGIC = b"ULog\x01\x12\x35"
_VERSIONS = (0, 1)
_HEAD = 16
_KINDS = b"BFIMPQALCDSOR"
_TYPES = {
    **{f"int{n}_t": f"<i{n // 8}" for n in (8, 16, 32, 64)},
    **{f"uint{n}_t": f"<u{n // 8}" for n in (8, 16, 32, 64)},
    **{"float": "<f4", "double": "<f8", "bool": "<u1", "char": "<u1"},
}
_FIELD = re.compile(r"(\w+?)(?:\[(\d{1,4})\])? (\w+)")


@dataclass(frozen=True, slots=True)
class UlogTopics:
    """What was found: columns of each topic, and where the log breaks off, if it does.

    Attributes:
        topics: columns by name, in the order the topics were asked for, each instance
            apart.
    """

    topics: tuple[Mapping[str, Numbers], ...]
    damaged_at: int | None


def topics_of(data: bytes, wanted: tuple[str, ...]) -> UlogTopics:
    """The columns of the wanted topics that hold any message.

    Raises:
        SourceError: if it is no ULog.
    """
    if data[:7] != _MAGIC or len(data) < _HEAD or data[7] not in _VERSIONS:
        msg = f"this is no ULog of version 0 or 1: it begins {data[:8].hex()!r}"
        raise SourceError(msg)
    layouts: dict[str, np.dtype[np.void]] = {}
    named: dict[int, tuple[int, int]] = {}  # place in wanted, and instance
    held: dict[int, list[bytes]] = {}
    end = _HEAD
    for kind, body, end in messages(data):  # noqa: B007
        if kind == "F":
            _learn(body, wanted, layouts)
        elif kind == "A" and len(body) > 3:
            name = body[3:].decode("ascii", "replace")
            if name in wanted:
                (number,) = struct.unpack_from("<H", body, 1)
                named[number] = wanted.index(name), body[0]
        elif kind == "D" and len(body) > 2:
            (number,) = struct.unpack_from("<H", body)
            if number in named:
                held.setdefault(number, []).append(body[2:])
    order = sorted(held, key=lambda number: (named[number], number))
    found = [
        _columns(layouts[name], held[number])
        for number in order
        if (name := wanted[named[number][0]]) in layouts
    ]
    return UlogTopics(tuple(found), None if end >= len(data) else end)


def messages(data: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Kind, body and end of each message, until the first that cannot be one."""
    at = _HEAD
    while at + 3 <= len(data):
        size, kind = struct.unpack_from("<HB", data, at)
        if kind not in _KINDS or at + 3 + size > len(data):
            return
        yield chr(kind), data[at + 3 : at + 3 + size], at + 3 + size
        at += 3 + size


def _learn(
    body: bytes, wanted: tuple[str, ...], layouts: dict[str, np.dtype[np.void]]
) -> None:
    """Add the layout of a wanted topic, unless it holds what is not a number."""
    name, _, fields = body.decode("ascii", "replace").partition(":")
    if name not in wanted:
        return
    columns: list[tuple[str, str]] = []
    for one in filter(None, fields.split(";")):
        match = _FIELD.fullmatch(one)
        if match is None or match[1] not in _TYPES or match[3] in dict(columns):
            return
        many = f"({match[2]},)" if match[2] else ""
        columns.append((match[3], many + _TYPES[match[1]]))
    if "timestamp" in dict(columns):
        layouts[name] = np.dtype(columns)


def _columns(layout: np.dtype[np.void], bodies: list[bytes]) -> Mapping[str, Numbers]:
    """Single numbers of each message; padding left out at the end is put back."""
    size = layout.itemsize
    whole = b"".join(one[:size].ljust(size, b"\0") for one in bodies)
    rows = np.frombuffer(whole, dtype=layout)
    singles = [name for name in layout.names or () if rows[name].ndim == 1]
    return {name: rows[name].astype(np.float64) for name in singles}

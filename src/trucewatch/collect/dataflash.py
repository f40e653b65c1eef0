"""ArduPilot's on-board log (dataflash, BIN) taken apart.

Source: ArduPilot ``libraries/AP_Logger/LogStructure.h``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAGIC = b"\xa3\x95"
_FORMAT, _FORMAT_BYTES = 128, 89
# Of each format character: how it is packed, and what one count stands for.
_CHARACTERS: Mapping[str, tuple[str, float]] = {
    "a": ("64s", 1),
    "b": ("b", 1),
    "B": ("B", 1),
    "h": ("h", 1),
    "H": ("H", 1),
    "i": ("i", 1),
    "I": ("I", 1),
    "f": ("f", 1),
    "d": ("d", 1),
    "n": ("4s", 1),
    "N": ("16s", 1),
    "Z": ("64s", 1),
    "c": ("h", 0.01),
    "C": ("H", 0.01),
    "e": ("i", 0.01),
    "E": ("I", 0.01),
    "L": ("i", 1e-7),
    "M": ("B", 1),
    "q": ("q", 1),
    "Q": ("Q", 1),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of message, as the log itself describes it."""

    name: str
    size: int
    packed: str
    columns: tuple[str, ...]
    factors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """One message: its name, its numbers, and where it stood; or a damaged stretch.

    Attributes:
        number: counted from 1 over all messages.
        name: empty for bytes that are none.
        at: byte it begins at.
        size: bytes it takes.
    """

    number: int
    name: str
    at: int
    size: int
    values: Mapping[str, float]


def messages(data: bytes, wanted: frozenset[str]) -> Iterator[Logged]:
    """Every message of a log in its order; values only of those ``wanted``.

    Bytes between messages come as one of no name.
    """
    kinds = {_FORMAT: _Kind("FMT", _FORMAT_BYTES, "", (), ())}
    at = number = 0
    while at < len(data):
        head = data[at : at + 3]  # shorter at the end of a log that was cut off
        kind = kinds.get(head[2]) if len(head) == 3 and head[:2] == MAGIC else None
        if kind is None or at + kind.size > len(data):
            begin, at = at, _next(data, at + 1, kinds)
            yield Logged(number, "", begin, at - begin, {})
            continue
        body = data[at + 3 : at + kind.size]
        if kind.name == "FMT":
            _learn(body, kinds)
        number += 1
        values = _values(kind, body) if kind.name in wanted else {}
        yield Logged(number, kind.name, at, kind.size, values)
        at += kind.size


def _next(data: bytes, at: int, kinds: Mapping[int, _Kind]) -> int:
    """Where the next message of a known kind may begin; the end where none does."""
    at = data.find(MAGIC, at)
    while at >= 0 and not (at + 2 < len(data) and data[at + 2] in kinds):
        at = data.find(MAGIC, at + 1)
    return len(data) if at < 0 else at


def _learn(body: bytes, kinds: dict[int, _Kind]) -> None:
    """Add the kind a format message describes, unless it cannot be."""
    number, size = body[0], body[1]
    name, characters, columns = (
        field.split(b"\0")[0].decode("ascii", "replace")
        for field in (body[2:6], body[6:22], body[22:86])
    )
    names = tuple(columns.split(",")) if columns else ()
    if number == _FORMAT or not set(characters) <= set(_CHARACTERS):
        return
    packed = "<" + "".join(_CHARACTERS[one][0] for one in characters)
    if struct.calcsize(packed) + 3 != size or len(names) != len(characters):
        return
    factors = tuple(_CHARACTERS[one][1] for one in characters)
    kinds[number] = _Kind(name, size, packed, names, factors)


def _values(kind: _Kind, body: bytes) -> Mapping[str, float]:
    values = struct.unpack(kind.packed, body) if kind.packed else ()
    return {
        name: float(value) * factor
        for name, value, factor in zip(kind.columns, values, kind.factors, strict=True)
        if isinstance(value, int | float)
    }

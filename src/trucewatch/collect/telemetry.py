"""MAVLink messages found in a telemetry log, each with its checksum proved.

Source: mavlink.io, "Packet serialization"; logs prefix each message with its time in
microseconds since 1970, most significant byte first, some writers least first.
"""

from __future__ import annotations

import re
import struct
from binascii import crc_hqx
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from trucewatch.collect.tracking import library

_ONE, _TWO = 0xFE, 0xFD
_MAGIC = re.compile(rb"[\xfd\xfe]")
_TURNED = bytes(int(f"{one:08b}"[::-1], 2) for one in range(256))
_MICRO = 1e6
_SIGNED = 1


class _Kind(Protocol):
    """What pymavlink says of one kind of message."""

    msgname: str
    crc_extra: int
    ordered_fieldnames: list[str]
    unpacker: struct.Struct


@dataclass(frozen=True, slots=True)
class Sent:
    """One message, or a stretch of bytes that is none (``name`` empty).

    Attributes:
        number: counted from 1 over all messages.
        at: byte it begins at, without its time.
        system: number of the vehicle that sent it.
        time_s: when it was logged, since 1970 UTC; NaN where not told.
    """

    number: int
    name: str
    at: int
    size: int
    system: int
    time_s: float
    values: Mapping[str, float]


def sent(data: bytes, wanted: frozenset[str]) -> Iterator[Sent]:
    """Every message whose checksum is right; values only of those ``wanted``.

    Raises:
        SourceError: if pymavlink is not installed.
    """
    kinds = _kinds()
    at = number = lost = 0
    while at < len(data):
        begin = next_magic(data, at)
        found = _framed(data, begin, kinds)
        if found is None:
            at = begin + 1
            continue
        kind, payload, size, system = found
        stamp = _stamp(data[max(0, begin - 8) : begin])
        gap = begin - lost - (0 if stamp != stamp else 8)
        if gap > 0:
            yield Sent(number, "", lost, gap, 0, float("nan"), {})
        number += 1
        values = _values(kind, payload) if kind.msgname in wanted else {}
        yield Sent(number, kind.msgname, begin, size, system, stamp, values)
        at = lost = begin + size
    if lost < len(data):
        yield Sent(number, "", lost, len(data) - lost, 0, float("nan"), {})


def next_magic(data: bytes, at: int) -> int:
    """The next byte from ``at`` on that begins a message, or the end."""
    found = _MAGIC.search(data, at)
    return found.start() if found else len(data)


def checksum(data: bytes) -> int:
    """CRC-16/MCRF4XX, as MAVLink has it: 0x6F91 for ``123456789``.

    It is the standard library's CRC of the bits in the other order.

    Source: mavlink.io, "MAVLink CRC"; R. N. Williams' catalogue of CRC parameters.
    """
    turned = crc_hqx(data.translate(_TURNED), 0xFFFF)
    return _TURNED[turned & 0xFF] << 8 | _TURNED[turned >> 8]


def _kinds() -> Mapping[int, _Kind]:
    """The messages pymavlink knows, with those still being agreed on.

    Raises:
        SourceError: if pymavlink is not installed.
    """
    found: dict[int, _Kind] = {}
    for dialect in ("development", "ardupilotmega"):
        module = library(f"pymavlink.dialects.v20.{dialect}", "drones")
        found |= module.mavlink_map
    return found


def _framed(
    data: bytes, at: int, kinds: Mapping[int, _Kind]
) -> tuple[_Kind, bytes, int, int] | None:
    """Kind, payload, size and sender of the message at a byte, if there is one."""
    head = data[at : at + 10]
    if len(head) < 6:
        return None
    long = head[0] == _TWO
    if long and len(head) < 10:
        return None
    first = 10 if long else 6
    number = int.from_bytes(head[7:10], "little") if long else head[5]
    system = head[5] if long else head[3]
    kind, end = kinds.get(number), at + first + head[1]
    if kind is None or end + 2 > len(data):
        return None
    check = checksum(data[at + 1 : end] + bytes([kind.crc_extra]))
    if check != int.from_bytes(data[end : end + 2], "little"):
        return None
    size = end + 2 - at + (13 if long and head[2] & _SIGNED else 0)
    return kind, data[at + first : end], size, system


def _stamp(before: bytes) -> float:
    if len(before) == 8:
        for order in ">Q", "<Q":
            seconds: float = struct.unpack(order, before)[0] / _MICRO
            if sane(seconds):
                return seconds
    return float("nan")


def sane(seconds_s: float) -> bool:
    """Whether a number of seconds since 1970 can be a time of such a log."""
    return 946_684_800 <= seconds_s < 4_102_444_800


def _values(kind: _Kind, payload: bytes) -> Mapping[str, float]:
    """The numbers of a message; version 2 leaves out zeros at its end."""
    whole = payload.ljust(kind.unpacker.size, b"\0")
    values = kind.unpacker.unpack(whole[: kind.unpacker.size])
    if len(values) != len(kind.ordered_fieldnames):
        return {}  # one with lists of numbers: none of those is wanted
    named = zip(kind.ordered_fieldnames, values, strict=True)
    return {k: float(v) for k, v in named if isinstance(v, int | float)}

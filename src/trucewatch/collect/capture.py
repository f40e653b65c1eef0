"""Radio captures taken apart: frames of pcapng and pcap, management frames of Wi-Fi.

Only what Remote ID needs; every length is checked before it is believed.

Source: IETF draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcap; radiotap.org; IEEE
802.11-2020, 9.3.3 and 9.4.2; Wi-Fi Aware 4.0, 9.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from trucewatch.errors import SourceError

RADIOTAP, WIFI = 127, 105
_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_PCAP = {  # magic: byte order, nanoseconds of one tick of the fraction
    b"\xd4\xc3\xb2\xa1": ("<", 1_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
_RESOLUTION = 9  # option if_tsresol
_BEACON, _PROBE_RESPONSE, _ACTION = 8, 5, 13
_VENDOR = 221
_NAN = b"\x04\x09\x50\x6f\x9a\x13"
_SERVICE = 3
_HEAD = 24  # of a management frame


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as captured; ``number`` counts from 1, as capture tools do."""

    number: int
    time_ns: int
    link: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Management:
    """One management frame of Wi-Fi.

    Attributes:
        clock_us: the sender's own clock (TSF), ``None`` in action frames.
        sequence: the sender's running number, 0 to 4095.
        vendor: payloads of vendor elements, their OUI first.
        services: payloads of Wi-Fi Aware services, their id first.
    """

    sender: str
    sequence: int
    clock_us: int | None
    vendor: tuple[bytes, ...]
    services: tuple[bytes, ...]


def is_capture(data: bytes) -> bool:
    """Whether the bytes begin as a pcapng or pcap capture does."""
    return data[:4] == _SECTION.to_bytes(4, "big") or data[:4] in _PCAP


def frames(data: bytes) -> Iterator[Frame]:
    """The frames of a capture, in its order.

    Raises:
        SourceError: if it is no capture, or is damaged or cut short.
    """
    try:
        yield from _pcap(data) if data[:4] in _PCAP else _pcapng(data)
    except struct.error as error:
        msg = f"the capture is damaged or cut short: {error}"
        raise SourceError(msg) from error


def management(frame: Frame) -> Management | None:
    """What a beacon, probe response or action frame holds; ``None`` for the others."""
    data = frame.data
    if frame.link == RADIOTAP:
        if len(data) < 4:
            return None
        data = data[int.from_bytes(data[2:4], "little") :]
    elif frame.link != WIFI:
        return None
    if len(data) < _HEAD or data[0] & 0x0F:
        return None
    kind = data[0] >> 4
    body = data[_HEAD:]
    sender, sequence = data[10:16].hex(), int.from_bytes(data[22:24], "little") >> 4
    if kind in (_BEACON, _PROBE_RESPONSE) and len(body) >= 12:
        clock = int.from_bytes(body[:8], "little")
        return Management(sender, sequence, clock, tuple(_vendor(body[12:])), ())
    if kind == _ACTION and body.startswith(_NAN):
        services = tuple(_services(body[len(_NAN) :]))
        return Management(sender, sequence, None, (), services)
    return None


def _vendor(body: bytes) -> Iterator[bytes]:
    at = 0
    while at + 2 <= len(body):
        kind, size = body[at], body[at + 1]
        content = body[at + 2 : at + 2 + size]
        if kind == _VENDOR and len(content) >= 4:
            yield content
        at += 2 + size


def _services(body: bytes) -> Iterator[bytes]:
    at = 0
    while at + 3 <= len(body):
        size = int.from_bytes(body[at + 1 : at + 3], "little")
        if body[at] == _SERVICE:
            yield body[at + 3 : at + 3 + size]
        at += 3 + size


def _pcap(data: bytes) -> Iterator[Frame]:
    order, tick_ns = _PCAP[data[:4]]
    (link,) = struct.unpack_from(f"{order}I", data, 20)
    at, number = 24, 0
    while at < len(data):
        seconds, ticks, size, _ = struct.unpack_from(f"{order}4I", data, at)
        at += 16
        _within(at + size, data)
        number += 1
        time_ns = seconds * 1_000_000_000 + ticks * tick_ns
        yield Frame(number, time_ns, link & 0xFFFF, data[at : at + size])
        at += size


def _pcapng(data: bytes) -> Iterator[Frame]:
    at, number, order = 0, 0, "<"
    links: list[tuple[int, int]] = []  # of each interface: link, ticks per second
    while at < len(data):
        if data[at : at + 4] == _SECTION.to_bytes(4, "big"):
            order, links = _order(data[at + 8 : at + 12]), []
        kind, size = struct.unpack_from(f"{order}2I", data, at)
        if size < 12 or size % 4:
            msg = f"the capture is damaged: a block of {size} bytes at byte {at}"
            raise SourceError(msg)
        _within(at + size, data)
        body = data[at + 8 : at + size - 4]
        if kind == _INTERFACE:
            links.append(_interface(body, order))
        elif kind == _PACKET:
            number += 1
            yield _packet(number, body, order, links)
        at += size


def _order(magic: bytes) -> str:
    if magic not in _ORDER:
        msg = f"this is no pcapng capture: its byte order is {magic.hex()!r}"
        raise SourceError(msg)
    return _ORDER[magic]


def _interface(body: bytes, order: str) -> tuple[int, int]:
    (link,) = struct.unpack_from(f"{order}H", body)
    at, per_s = 8, 1_000_000
    while at + 4 <= len(body):
        code, size = struct.unpack_from(f"{order}2H", body, at)
        if code == _RESOLUTION and at + 4 < len(body):
            power = body[at + 4]
            per_s = 1 << (power & 0x3F) if power & 0x80 else 10 ** min(power, 18)
        at += 4 + size + -size % 4
    return link, per_s


def _packet(
    number: int, body: bytes, order: str, links: list[tuple[int, int]]
) -> Frame:
    interface, high, low, size, _ = struct.unpack_from(f"{order}5I", body)
    if interface >= len(links):
        msg = f"the capture is damaged: frame {number} is of no interface"
        raise SourceError(msg)
    link, per_s = links[interface]
    time_ns = (high << 32 | low) * 1_000_000_000 // per_s
    _within(20 + size, body)
    return Frame(number, time_ns, link, body[20 : 20 + size])


def _within(end: int, data: bytes) -> None:
    if end > len(data):
        msg = f"the capture was cut short: {end - len(data)} bytes are missing"
        raise SourceError(msg)

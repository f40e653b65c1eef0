"""What vessels, aircraft and drones send, bit by bit as their standards have it.

Sources: ITU-R M.1371-5 and NMEA 0183 (AIS); ICAO Doc 9871 and Annex 10 volume IV
(ADS-B); ASTM F3411-22a in 802.11 beacons (Remote ID); MISB ST 0601.19 (video metadata);
draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import acos, cos, floor, pi, radians

MS_PER_KNOT = 0.5144444444444445
NOT_TURNING = 128
# Kinds of ADS-B airborne position by what satellites place within: 0.1 NM, and unknown.
ACCURATE, UNKNOWN = 11, 18
_KLV_KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
RADIOTAP = bytes([0, 0, 8, 0, 0, 0, 0, 0])
_CRC24 = 0xFFF409

Bits = Sequence[tuple[int, int]]


def ais(bits: Bits, clock_s: int, channel: str = "A") -> str:
    """One NMEA sentence with the time in a tag block, of ``(value, size)`` fields."""
    body = f"AIVDM,1,1,,{channel},{armoured(bits)},0"
    tag = f"c:{clock_s}"
    return f"\\{tag}*{checksum(tag)}\\!{body}*{checksum(body)}"


def armoured(bits: Bits) -> str:
    """Fields ``(value, size)`` as characters of six bits, filled up with zeros."""
    text = "".join(
        format(value & ((1 << size) - 1), f"0{size}b") for value, size in bits
    )
    text += "0" * (-len(text) % 6)
    six = [int(text[i : i + 6], 2) for i in range(0, len(text), 6)]
    return "".join(chr(one + 48 if one < 40 else one + 56) for one in six)


def checksum(text: str) -> str:
    """All characters added without carry, as NMEA 0183 ends a sentence."""
    found = 0
    for char in text:
        found ^= ord(char)
    return f"{found:02X}"


def vessel_at(mmsi: int, spot: tuple[float, float], move: tuple[float, float]) -> Bits:
    """A class A position report: latitude, longitude; speed (m/s), course (deg)."""
    (lat_deg, lon_deg), (speed_mps, course_deg) = spot, move
    return (
        *((1, 6), (0, 2), (mmsi, 30), (0, 4), (NOT_TURNING, 8)),
        *((round(speed_mps / MS_PER_KNOT * 10), 10), (1, 1)),
        *((round(lon_deg * 600_000), 28), (round(lat_deg * 600_000), 27)),
        *((round(course_deg * 10) % 3600, 12), (511, 9), (60, 6)),
        *((0, 2), (0, 3), (0, 1), (0, 19)),
    )


def aircraft_at(
    icao: int, spot: tuple[float, float], odd: int, height_ft: int, kind: int
) -> str:
    """An airborne position frame (DF 17), even or odd, in hexadecimal.

    Args:
        icao: address, 24 bits.
        spot: latitude and longitude.
        odd: 1 or 0; a place needs one of each.
        height_ft: barometric, to 25 ft.
        kind: type code, which tells the accuracy.
    """
    lat, lon = spot
    step = 360 / (60 - odd)
    y = floor(2**17 * ((lat % step) / step) + 0.5)
    width = 360 / max(_zones(step * (y / 2**17 + floor(lat / step))) - odd, 1)
    x = floor(2**17 * ((lon % width) / width) + 0.5)
    code = (height_ft + 1000) // 25
    code = (code >> 4) << 5 | 1 << 4 | code & 15
    message = kind << 51 | code << 36 | odd << 34 | (y & 0x1FFFF) << 17 | x & 0x1FFFF
    return squitter(icao, message)


def aircraft_lost(icao: int) -> str:
    """A frame that tells no place at all (type code 0)."""
    return squitter(icao, 0)


def squitter(icao: int, message: int) -> str:
    """An extended squitter (DF 17) of 56 bits with its parity, in hexadecimal."""
    body = bytes([0x8D]) + icao.to_bytes(3, "big") + message.to_bytes(7, "big")
    left = 0
    for byte in body:
        left = (left << 8 & 0xFFFFFF) ^ _crc_table()[(left >> 16) ^ byte]
    return (body + left.to_bytes(3, "big")).hex().upper()


@cache
def _crc_table() -> tuple[int, ...]:
    """Remainders of every byte by the Mode S generator."""
    found = []
    for byte in range(256):
        left = byte << 16
        for _ in range(8):
            left = (left << 1) ^ (0x1000000 | _CRC24 if left & 0x800000 else 0)
        found.append(left & 0xFFFFFF)
    return tuple(found)


def _zones(lat_deg: float) -> int:
    """Longitude zones at a latitude (the function NL)."""
    flat = cos(radians(abs(lat_deg))) ** 2
    turn = acos(1 - (1 - cos(pi / 30)) / flat)
    return floor(2 * pi / turn)


def drone_at(
    serial: str, spot: tuple[float, float], move: tuple[float, float], clock_s: float
) -> bytes:
    """A message pack of identity and place: height over ground (m), speed (m/s)."""
    return packed(identity(serial), located(spot, move, clock_s))


def identity(serial: str) -> bytes:
    """The message of who a drone is, by its serial number."""
    return bytes([0x02, 0x12]) + serial.encode().ljust(20, b"\0") + bytes(3)


def located(
    spot: tuple[float, float],
    move: tuple[float, float],
    clock_s: float,
    *,
    flies: bool = True,
) -> bytes:
    """The message of where a drone is: height over ground (m), speed (m/s)."""
    (lat_deg, lon_deg), (height_m, speed_mps) = spot, move
    place = struct.pack("<ii", round(lat_deg * 1e7), round(lon_deg * 1e7))
    tall = struct.pack("<HHH", 0, 0, round((height_m + 1000) * 2))
    tenths = struct.pack("<H", floor(clock_s % 3600 * 10))
    head = bytes([0x12, (2 if flies else 1) << 4, 45, round(speed_mps / 0.25), 0])
    return head + place + tall + bytes([0x0A, 0]) + tenths + b"\0\0"


def packed(*messages: bytes) -> bytes:
    """Messages of 25 bytes as one message pack."""
    return bytes([0xF2, 25, len(messages)]) + b"".join(messages)


def told_in_beacon(counter: int, pack: bytes) -> bytes:
    """The vendor element in which a beacon carries a message pack."""
    return b"\xfa\x0b\xbc\x0d" + bytes([counter & 0xFF]) + pack


def beacon(sender: bytes, sequence: int, clock_us: int, element: bytes) -> bytes:
    """An 802.11 beacon behind a radiotap header, with one vendor element."""
    counted = struct.pack("<H", (sequence & 0xFFF) << 4)
    head = b"\x80\0\0\0" + b"\xff" * 6 + sender + sender + counted
    body = struct.pack("<QHH", clock_us, 100, 0) + b"\0\4test"
    return RADIOTAP + head + body + bytes([221, len(element)]) + element


def capture(frames: Iterable[tuple[float, bytes]]) -> bytes:
    """A pcapng file of frames with their times, seconds since 1970."""
    out = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out.append(_block(1, struct.pack("<HHI", 127, 0, 0)))
    for seconds, data in frames:
        at = round(seconds * 1e6)
        size = len(data)
        head = struct.pack("<5I", 0, at >> 32, at & 0xFFFFFFFF, size, size)
        out.append(_block(6, head + data))
    return b"".join(out)


def _block(kind: int, body: bytes) -> bytes:
    body += b"\0" * (-len(body) % 4)
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def film(
    clock_us: int,
    told: Mapping[str, float],
    more: Iterable[tuple[int, bytes]] = (),
) -> bytes:
    """One ST 0601 packet: where a camera is, how it is turned, what it covers.

    Args:
        clock_us: since 1970.
        told: ``lat``, ``lon``, ``heading``, ``pitch``, ``across``, ``along`` in
            degrees, ``height`` and ``ground`` in metres.
        more: other tags and their values.
    """
    tags = (
        (2, clock_us.to_bytes(8, "big")),
        (5, _scaled(told["heading"] % 360, 0, 360, 2)),
        (6, _signed(0.0, 20, 2)),
        (7, _signed(0.0, 50, 2)),
        (13, _signed(told["lat"], 90, 4)),
        (14, _signed(told["lon"], 180, 4)),
        (15, _scaled(told["height"], -900, 19000, 2)),
        (16, _scaled(told["across"], 0, 180, 2)),
        (17, _scaled(told["along"], 0, 180, 2)),
        (18, _scaled(0.0, 0, 360, 4)),
        (19, _signed(told["pitch"], 180, 4)),
        (20, _scaled(0.0, 0, 360, 4)),
        (25, _scaled(told["ground"], -900, 19000, 2)),
        *more,
        (65, b"\x13"),
    )
    body = b"".join(bytes([tag, len(value)]) + value for tag, value in tags)
    body += b"\x01\x02"
    size = len(body) + 2
    head = bytes([size]) if size < 128 else bytes([0x81, size])
    packet = _KLV_KEY + head + body
    total = sum(one << (8 * ((i + 1) % 2)) for i, one in enumerate(packet))
    return packet + (total & 0xFFFF).to_bytes(2, "big")


def _scaled(value: float, low: float, high: float, size: int) -> bytes:
    most: int = 2 ** (8 * size) - 1
    whole = round((value - low) / (high - low) * most)
    return whole.to_bytes(size, "big")


def _signed(value: float, most: float, size: int) -> bytes:
    whole: int = round(value / most * (2 ** (8 * size - 1) - 1))
    return whole.to_bytes(size, "big", signed=True)


def sentences(lines: Iterable[str]) -> bytes:
    """Lines as one file."""
    return "".join(f"{one}\n" for one in lines).encode()

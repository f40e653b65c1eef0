"""A small MPEG-TS muxer: metadata packets in private PES packets, as drones send them.

One programme with one metadata stream (type 0x06, registered ``KLVA``). Source: ISO/IEC
13818-1, 2.4; MISB ST 1402, asynchronous carriage.
"""

PMT, KLV = 0x100, 0x101


def crc32(data):
    """MPEG-2's checksum: 0x04C11DB7, not reflected, nothing at the end."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
            value &= 0xFFFFFFFF
    return value


def section(table, number, body):
    """A table section as the payload of a transport packet."""
    head = bytes([table]) + (0xB000 | len(body) + 9).to_bytes(2, "big")
    whole = head + number.to_bytes(2, "big") + b"\xc1\x00\x00" + body
    return b"\x00" + whole + crc32(whole).to_bytes(4, "big")


def packets(pid, payload, counter):
    """A payload cut into transport packets, the last one stuffed."""
    found = []
    for number, at in enumerate(range(0, len(payload), 184)):
        part = payload[at : at + 184]
        start = 0x4000 if number == 0 else 0
        spare = 184 - len(part)
        head = b"\x47" + (start | pid).to_bytes(2, "big")
        control = (0x30 if spare else 0x10) | (counter + number) % 16
        stuffing = b""
        if spare == 1:
            stuffing = b"\x00"
        elif spare:
            stuffing = bytes([spare - 1, 0]) + b"\xff" * (spare - 2)
        found.append(head + bytes([control]) + stuffing + part)
    return found


def timestamp(ticks):
    """A presentation time of 90 kHz, in the five bytes of a PES header."""
    return bytes([
        0x21 | (ticks >> 29) & 0x0E,
        (ticks >> 22) & 0xFF,
        1 | (ticks >> 14) & 0xFE,
        (ticks >> 7) & 0xFF,
        1 | (ticks << 1) & 0xFE,
    ])


def muxed(metadata, padding=0):
    """A transport stream that carries each metadata packet in a PES packet."""
    registered = b"\x05\x04KLVA"
    stream = b"\x06" + (0xE000 | KLV).to_bytes(2, "big") + b"\xf0\x06" + registered
    programme = (0xE000 | KLV).to_bytes(2, "big") + b"\xf0\x00" + stream
    tables = [
        *packets(0, section(0, 1, b"\x00\x01" + (0xE000 | PMT).to_bytes(2, "big")), 0),
        *packets(PMT, section(2, 1, programme), 0),
    ]
    found, counter = list(tables), 0
    for number, one in enumerate(metadata):
        body = b"\x80\x80\x05" + timestamp(90_000 * (number + 1)) + one
        pes = b"\x00\x00\x01\xbd" + len(body).to_bytes(2, "big") + body
        parts = packets(KLV, pes, counter)
        counter += len(parts)
        found += parts
        found += [b"\x47\x1f\xff\x10" + bytes(184)] * padding
    return b"".join(found)

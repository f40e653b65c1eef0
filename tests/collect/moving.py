"""What vessels, aircraft and drones broadcast, as receivers deliver it.

Bits are set by ``exercise.broadcasts``, whose own tests compare them with the examples
of the standards.
"""

import math
import struct

from trucewatch.exercise import broadcasts

DAY_S = 1_770_000_000  # 2026-02-02 02:40 UTC
START = (46.2, 30.9)

# AIS


def ais(bits, channel="A", tag="", parts=1):
    """NMEA sentences of a message given as ``(value, size)`` fields."""
    payload = broadcasts.armoured(bits)
    size = math.ceil(len(payload) / parts)
    pieces = [payload[i : i + size] for i in range(0, len(payload), size)]
    sequence = "3" if parts > 1 else ""
    found = []
    for number, piece in enumerate(pieces, start=1):
        body = f"AIVDM,{parts},{number},{sequence},{channel},{piece},0"
        found.append(f"{tag}!{body}*{broadcasts.checksum(body)}")
    return "\n".join(found)


def position(mmsi, lat, lon, knots=10.0, course=90.0, exact=1):
    """The fields of a class A position report."""
    return [
        *((1, 6), (0, 2), (mmsi, 30), (0, 4), (0, 8), (round(knots * 10), 10)),
        *((exact, 1), (round(lon * 600_000), 28), (round(lat * 600_000), 27)),
        *((round(course * 10), 12), (511, 9), (60, 6), (0, 2), (0, 3), (0, 1), (0, 19)),
    ]


def static(mmsi):
    """The fields of a static report, of which only the identity is ever read."""
    return [(5, 6), (0, 2), (mmsi, 30), *[(0, 6)] * 64, (0, 2)]


def ais_at(seconds, mmsi, lat, lon, **more):
    return ais(position(mmsi, lat, lon, **more), tag=f"\\c:{DAY_S + seconds}*00\\")


def ais_sample():
    lines = [
        "# invented vessels",
        ais_at(0, 270000001, 46.2, 30.9),
        ais_at(60, 270000001, 46.2, 30.905, exact=0),
        ais(static(270000001), parts=2, tag=f"\\c:{DAY_S + 70}*00\\"),
        ais(position(270000002, 91, 181), tag=f"\\c:{DAY_S + 80}*00\\"),
        ais(position(270000002, 46.1, 30.8)),
        ais_at(90, 270000002, 46.1, 30.8)[:-2] + "ZZ",
        ais(static(270000001), parts=2).split("\n")[0],
        "$GPGGA,184353.07,1929.045,S,02410.506,E,1,04,2.6,100.00,M,-33.9,M,,0000*6D",
    ]
    return ("\n".join(lines) + "\n").encode()


# ADS-B


def adsb(icao, lat, lon, odd, altitude_ft=30_000, kind=11):
    """An airborne position frame in hexadecimal (DF 17); ``kind`` tells accuracy."""
    return broadcasts.aircraft_at(int(icao, 16), (lat, lon), odd, altitude_ft, kind)


def adsb_status(icao, nacp, sil):
    """An airborne operational status frame of version 2 (type code 31)."""
    message = 31 << 51 | 2 << 13 | nacp << 8 | 2 << 6 | sil << 4 | 1 << 3
    return broadcasts.squitter(int(icao, 16), message)


def adsb_sample():
    lines = ["timestamp,frame"]
    for second in range(4):
        frame = adsb("508001", 46.2 + second * 0.002, 30.9, second % 2)
        lines.append(f"{DAY_S + second}.25,{frame}")
    lines.append(f"{DAY_S + 5},{adsb('508001', 46.3, 30.9, 0)[:-1]}A")
    lines.append(f"{DAY_S + 5},8D50")
    lines.append(f"5,{adsb('508001', 46.3, 30.9, 0)}")
    return ("\n".join(lines) + "\n").encode()


# Remote ID


def location(lat, lon, speed_mps=10.0, height_m=60.0, ground=False):
    move = height_m, speed_mps
    return broadcasts.located((lat, lon), move, 0.0, flies=not ground)


def system(lat, lon):
    """Where the operator stands: what must never be kept."""
    place = struct.pack("<ii", round(lat * 1e7), round(lon * 1e7))
    return bytes([0x42, 1]) + place + bytes(15)


def nan_action(sender, sequence, message_counter, messages):
    head = (
        b"\xd0\0\0\0" + b"\xff" * 6 + sender + sender + struct.pack("<H", sequence << 4)
    )
    info = bytes([message_counter]) + messages
    service = b"\x88\x69\x19\x9d\x92\x09" + bytes([1, 0, 0x10, len(info)]) + info
    attribute = b"\3" + struct.pack("<H", len(service)) + service
    return broadcasts.RADIOTAP + head + b"\x04\x09\x50\x6f\x9a\x13" + attribute


def dji(serial, lat, lon, counter, home=(50.5, 31.5), north=5.0, east=5.0):
    k = 174_533
    record = b"\x26\x37\x12\x58\x62\x13\x10\x02" + struct.pack("<HH", counter, 0x1F33)
    record += serial.encode().ljust(16, b"\0")
    record += struct.pack("<ii", round(lon * k), round(lat * k))
    record += struct.pack("<6h", 50, 60, round(north * 100), round(east * 100), 0, 0)
    places = [round(one * k) for one in (*home, home[1], home[0])]
    return record + struct.pack("<Q4i", 0, *places) + bytes(22)


OPERATOR = (50.4321, 30.1234)
SENDER = b"\x02\0\0\0\0\1"


def remote_id_sample():
    lat, lon = START

    def sent(step):
        messages = broadcasts.packed(
            broadcasts.identity("TEST0001"),
            location(lat + step * 1e-3, lon, ground=step == 0),
            system(*OPERATOR),
        )
        element = broadcasts.told_in_beacon(step, messages)
        return broadcasts.beacon(SENDER, step * 10, 1_000_000 * step, element)

    here = broadcasts.packed(location(lat, lon))
    torn = broadcasts.told_in_beacon(9, b"\xf2\x19\x05abc")
    other = dji("DJI1", lat, lon, 7, OPERATOR)
    return broadcasts.capture([
        *((DAY_S + step, sent(step)) for step in range(3)),
        (DAY_S + 4, broadcasts.beacon(SENDER, 50, 4_000_000, torn)),
        (DAY_S + 5, nan_action(b"\x02\0\0\0\0\2", 7, 1, here)),
        (DAY_S + 6, broadcasts.beacon(b"\x02\0\0\0\0\3", 9, 9, other)),
        (DAY_S + 7, broadcasts.beacon(b"\x02\0\0\0\0\4", 9, 9, b"\0\x50\xf2\2")),
    ])

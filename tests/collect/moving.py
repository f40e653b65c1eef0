"""Broadcasts, logs and pictures made here, in the form devices write them.

``python -m tests.collect.moving`` writes the samples of ``tests/data/collect`` again.
"""

import io
import math
import os
import struct

from PIL import Image

from tests.collect.deliveries import DATA

os.environ.setdefault("MAVLINK20", "1")
DAY_S = 1_770_000_000  # 2026-02-02 02:40 UTC
START = (46.2, 30.9)


# AIS


def ais(bits, channel="A", tag="", parts=1):
    """NMEA sentences of a message given as ``(value, size)`` fields."""
    text = "".join(
        format(value & ((1 << size) - 1), f"0{size}b") for value, size in bits
    )
    text += "0" * (-len(text) % 6)
    six = [int(text[i : i + 6], 2) for i in range(0, len(text), 6)]
    payload = "".join(chr(one + 48 if one < 40 else one + 56) for one in six)
    size = math.ceil(len(payload) / parts)
    pieces = [payload[i : i + size] for i in range(0, len(payload), size)]
    sequence = "3" if parts > 1 else ""
    found = []
    for number, piece in enumerate(pieces, start=1):
        body = f"AIVDM,{parts},{number},{sequence},{channel},{piece},0"
        check = 0
        for char in body:
            check ^= ord(char)
        found.append(f"{tag}!{body}*{check:02X}")
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


def crc24(data):
    value = int.from_bytes(data, "big") << 24
    for bit in range(len(data) * 8 + 23, 23, -1):
        if value >> bit & 1:
            value ^= 0x1FFF409 << (bit - 24)
    return value & 0xFFFFFF


def adsb(icao, lat, lon, odd, altitude_ft=30_000, kind=11):
    """An airborne position frame in hexadecimal (DF 17); ``kind`` tells accuracy."""
    zones = 60 - odd
    step = 360 / zones
    y = math.floor(2**17 * ((lat % step) / step) + 0.5)
    rlat = step * (y / 2**17 + math.floor(lat / step))
    width = 360 / max(zone_count(rlat) - odd, 1)
    x = math.floor(2**17 * ((lon % width) / width) + 0.5)
    code = (altitude_ft + 1000) // 25
    code = (code >> 4) << 5 | 1 << 4 | code & 15
    message = kind << 51 | code << 36 | odd << 34 | (y & 0x1FFFF) << 17 | x & 0x1FFFF
    body = bytes([0x8D]) + bytes.fromhex(icao) + message.to_bytes(7, "big")
    return (body + crc24(body).to_bytes(3, "big")).hex().upper()


def adsb_status(icao, nacp, sil):
    """An airborne operational status frame of version 2 (type code 31)."""
    message = 31 << 51 | 2 << 13 | nacp << 8 | 2 << 6 | sil << 4 | 1 << 3
    body = bytes([0x8D]) + bytes.fromhex(icao) + message.to_bytes(7, "big")
    return (body + crc24(body).to_bytes(3, "big")).hex().upper()


def zone_count(lat):
    """Longitude zones at a latitude (ICAO Doc 9871, NL function)."""
    a = 1 - math.cos(math.pi / 30)
    b = math.cos(math.radians(abs(lat))) ** 2
    return math.floor(2 * math.pi / math.acos(1 - a / b))


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


def basic(serial):
    return bytes([0x02, 0x12]) + serial.encode().ljust(20, b"\0") + bytes(3)


def location(lat, lon, speed_mps=10.0, height_m=60.0, tenths=0, ground=False):
    flags = (1 if ground else 2) << 4
    head = bytes([0x12, flags, 45, round(speed_mps / 0.25), 0])
    place = struct.pack("<ii", round(lat * 1e7), round(lon * 1e7))
    height = struct.pack("<HHH", 0, 0, round((height_m + 1000) * 2))
    return (
        head + place + height + bytes([0x0A, 0]) + struct.pack("<H", tenths) + b"\0\0"
    )


def system(lat, lon):
    """Where the operator stands: what must never be kept."""
    place = struct.pack("<ii", round(lat * 1e7), round(lon * 1e7))
    return bytes([0x42, 1]) + place + bytes(15)


def pack(*messages):
    return bytes([0xF2, 25, len(messages)]) + b"".join(messages)


def beacon(sender, sequence, clock_us, *elements):
    radiotap = bytes([0, 0, 8, 0, 0, 0, 0, 0])
    head = (
        b"\x80\0\0\0" + b"\xff" * 6 + sender + sender + struct.pack("<H", sequence << 4)
    )
    body = struct.pack("<QHH", clock_us, 100, 0) + b"\0\4test"
    return (
        radiotap
        + head
        + body
        + b"".join(bytes([221, len(one)]) + one for one in elements)
    )


def nan_action(sender, sequence, message_counter, messages):
    radiotap = bytes([0, 0, 8, 0, 0, 0, 0, 0])
    head = (
        b"\xd0\0\0\0" + b"\xff" * 6 + sender + sender + struct.pack("<H", sequence << 4)
    )
    info = bytes([message_counter]) + messages
    service = b"\x88\x69\x19\x9d\x92\x09" + bytes([1, 0, 0x10, len(info)]) + info
    attribute = b"\3" + struct.pack("<H", len(service)) + service
    return radiotap + head + b"\x04\x09\x50\x6f\x9a\x13" + attribute


def astm(counter, messages):
    return b"\xfa\x0b\xbc\x0d" + bytes([counter]) + messages


def dji(serial, lat, lon, counter, home=(50.5, 31.5), north=5.0, east=5.0):
    k = 174_533
    record = b"\x26\x37\x12\x58\x62\x13\x10\x02" + struct.pack("<HH", counter, 0x1F33)
    record += serial.encode().ljust(16, b"\0")
    record += struct.pack("<ii", round(lon * k), round(lat * k))
    record += struct.pack("<6h", 50, 60, round(north * 100), round(east * 100), 0, 0)
    places = [round(one * k) for one in (*home, home[1], home[0])]
    return record + struct.pack("<Q4i", 0, *places) + bytes(22)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def pcapng(frames):
    """A capture of ``(seconds, bytes)`` with radiotap headers."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", 127, 0, 0))
    for seconds, data in frames:
        stamp = round(seconds * 1e6)
        head = struct.pack(
            "<5I", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(data), len(data)
        )
        out += block(6, head + data)
    return out


OPERATOR = (50.4321, 30.1234)
SENDER = b"\x02\0\0\0\0\1"


def remote_id_sample():
    lat, lon = START
    frames = [
        (
            DAY_S + step,
            beacon(
                SENDER,
                step * 10,
                1_000_000 * step,
                astm(
                    step,
                    pack(
                        basic("TEST0001"),
                        location(lat + step * 1e-3, lon, ground=step == 0),
                        system(*OPERATOR),
                    ),
                ),
            ),
        )
        for step in range(3)
    ]
    frames += [
        (DAY_S + 4, beacon(SENDER, 50, 4_000_000, astm(9, b"\xf2\x19\x05abc"))),
        (DAY_S + 5, nan_action(b"\x02\0\0\0\0\2", 7, 1, pack(location(lat, lon)))),
        (
            DAY_S + 6,
            beacon(b"\x02\0\0\0\0\3", 9, 9, dji("DJI1", lat, lon, 7, OPERATOR)),
        ),
        (DAY_S + 7, beacon(b"\x02\0\0\0\0\4", 9, 9, b"\0\x50\xf2\2")),
    ]
    return pcapng(frames)


# Flight logs


def flight(count=30, start=START, away_deg=7e-4):
    """Places once a second: there, a stay in the air far off, and back."""
    half = count // 2
    for step in range(count):
        far = min(step, count - 1 - step)
        yield step, start[0] + far * away_deg, start[1] + far * away_deg / half


def tlog(count=30, jammed=(), told=()):
    """A telemetry log of a flight that starts and ends at ``START``.

    ``told`` gives, from a step on, what the vehicle says of its receiver.
    """
    from pymavlink.dialects.v20 import ardupilotmega as dialect

    sender = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
    out = b""
    states = dict(told)
    for step, lat, lon in flight(count):
        fix = 1 if step in jammed else 3
        place = (round(lat * 1e7), round(lon * 1e7), 120_000)
        report = dialect.MAVLink_gps_raw_int_message(
            step * 10**6, fix, *place, 90, 120, 1500, 4500, 11
        )
        home = dialect.MAVLink_home_position_message(
            *place[:2], 0, 0, 0, 0, [1, 0, 0, 0], 0, 0, 0
        )
        state = [states[step]] if step in states else []
        for message in (home, *state, report):
            out += struct.pack(">Q", (DAY_S + step) * 10**6) + message.pack(sender)
    return out


def integrity(jamming, spoofing):
    """What a vehicle says of interference its receiver noticed."""
    from pymavlink.dialects.v20 import development as dialect

    return dialect.MAVLink_gnss_integrity_message(
        0, 0, 0, jamming, spoofing, 0, 255, 255, 255, 255, 0, 0
    )


def filter_state(flags):
    """What ArduPilot says of its position filter."""
    from pymavlink.dialects.v20 import ardupilotmega as dialect

    return dialect.MAVLink_ekf_status_report_message(flags, 0, 0, 0, 0, 0)


def dataflash(count=30):
    """A dataflash log of the same flight."""

    def described(number, size, name, form, columns):
        fields = (
            bytes([number, size])
            + name.encode().ljust(4, b"\0")
            + form.encode().ljust(16, b"\0")
            + columns.encode().ljust(64, b"\0")
        )
        return b"\xa3\x95\x80" + fields

    form, columns = "QBIHLLf", "TimeUS,Status,GMS,GWk,Lat,Lng,Spd"
    size = 3 + struct.calcsize("<QBIHiif")
    out = described(200, size, "GPS", form, columns)
    seconds = DAY_S + 18 - 315_964_800
    for step, lat, lon in flight(count):
        week, second = divmod(seconds + step, 604_800)
        values = (
            step,
            3,
            second * 1000,
            week,
            round(lat * 1e7),
            round(lon * 1e7),
            15.0,
        )
        out += b"\xa3\x95" + bytes([200]) + struct.pack("<QBIHiif", *values)
    return out


def ulog(count=30, jamming=(), indicated=()):
    """A ULog of the same flight; the receiver tells jamming, or indicates it."""

    def message(kind, body):
        return struct.pack("<HB", len(body), ord(kind)) + body

    form = (
        b"vehicle_gps_position:uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;"
        b"int32_t lon;int32_t alt;float eph;float vel_m_s;float cog_rad;"
        b"uint8_t fix_type;uint8_t jamming_state;int32_t jamming_indicator;"
    )
    out = b"ULog\x01\x12\x35\x01" + struct.pack("<Q", 0)
    out += message("B", bytes(40)) + message("F", form)
    out += message("A", struct.pack("<BH", 0, 1) + b"vehicle_gps_position")
    for step, lat, lon in flight(count):
        time = (DAY_S + step) * 10**6
        place = (round(lat * 1e7), round(lon * 1e7), 120_000)
        state = 3 if step in jamming else 1
        noise = 140 if step in indicated else 12
        values = (step * 10**6, time, *place, 0.9, 15.0, 0.7, 3, state, noise)
        out += message("D", struct.pack("<H", 1) + struct.pack("<QQiiifffBBi", *values))
    return out


# Drone video and photos


def klv(seconds, lat=START[0], lon=START[1], pitch=-40.0, good=True, **more):
    """An ST 0601 packet of a camera 500 m above the sea over ground at 100 m."""

    def scaled(value, low, high, size):
        return round((value - low) / (high - low) * (2 ** (8 * size) - 1)).to_bytes(
            size, "big"
        )

    def signed(value, most, size):
        whole = round(value / most * (2 ** (8 * size - 1) - 1))
        return whole.to_bytes(size, "big", signed=True)

    tags = [
        (2, round((DAY_S + seconds) * 1e6).to_bytes(8, "big")),
        (5, scaled(more.get("heading", 30.0), 0, 360, 2)),
        (6, signed(0.0, 20, 2)),
        (7, signed(0.0, 50, 2)),
        (13, signed(lat, 90, 4)),
        (14, signed(lon, 180, 4)),
        (15, scaled(500.0, -900, 19000, 2)),
        (16, scaled(20.0, 0, 180, 2)),
        (17, scaled(15.0, 0, 180, 2)),
        (18, scaled(0.0, 0, 360, 4)),
        (19, signed(pitch, 180, 4)),
        (20, scaled(0.0, 0, 360, 4)),
        (25, scaled(100.0, -900, 19000, 2)),
        (40, signed(OPERATOR[0], 90, 4)),
        (41, signed(OPERATOR[1], 180, 4)),
        (65, b"\x13"),
    ]
    body = b"".join(bytes([tag, len(value)]) + value for tag, value in tags)
    body += b"\x01\x02"
    key = bytes.fromhex("060e2b34020b01010e01030101000000")
    size = len(body) + 2
    packet = key + (bytes([size]) if size < 128 else bytes([0x81, size])) + body
    check = sum(one << (8 * ((i + 1) % 2)) for i, one in enumerate(packet)) & 0xFFFF
    return packet + (check if good else check ^ 1).to_bytes(2, "big")


def klv_sample():
    return (
        klv(0)
        + klv(1, heading=40.0)
        + klv(2, good=False)
        + klv(3, pitch=30.0)
        + b"tail"
    )


def photo(lat=START[0], lon=START[1], pitch=-90.0, above=100.0, **more):
    """A JPEG with place in EXIF and gimbal angles in XMP."""

    def dms(value):
        whole, minutes = divmod(abs(value) * 60, 60)
        return (whole, float(int(minutes)), (minutes % 1) * 60)

    image = Image.new("RGB", (40, 30))
    tags = image.getexif()
    place = tags.get_ifd(0x8825)
    if more.get("placed", True):
        place[1], place[2] = ("N" if lat >= 0 else "S"), dms(lat)
        place[3], place[4] = ("E" if lon >= 0 else "W"), dms(lon)
    detail = tags.get_ifd(0x8769)
    detail[0x9003], detail[0x9011] = "2026:02:02 04:40:00", "+02:00"
    detail[0xA405] = 24
    names = {
        "GimbalYawDegree": more.get("yaw", 0.0),
        "GimbalPitchDegree": pitch,
        "GimbalRollDegree": 0.0,
        "RelativeAltitude": above,
        "AbsoluteAltitude": above + 50.0,
    }
    angles = " ".join(
        f'drone-dji:{name}="{value:+.2f}"' for name, value in names.items()
    )
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/'
        '1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:drone-dji='
        f'"http://www.dji.com/drone-dji/1.0/" {angles}/></rdf:RDF></x:xmpmeta>'
    )
    out = io.BytesIO()
    image.save(out, "JPEG", exif=tags, xmp=xmp.encode())
    return out.getvalue()


SAMPLES = {
    "ais/sample.nmea": ais_sample,
    "adsb/sample.csv": adsb_sample,
    "remote_id/sample.pcapng": remote_id_sample,
    "mavlink/sample.tlog": lambda: b"noise" + tlog(),
    "ulog/sample.ulg": ulog,
    "klv/sample.klv": klv_sample,
    "drone_photos/sample.jpg": photo,
}


if __name__ == "__main__":
    for name, made in SAMPLES.items():
        (DATA / name).parent.mkdir(exist_ok=True)
        (DATA / name).write_bytes(made())

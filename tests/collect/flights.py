"""Logs of drone flights made here, in the forms autopilots write them."""

import os
import struct

from tests.collect.moving import DAY_S, START

os.environ.setdefault("MAVLINK20", "1")


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

"""What a drone says of itself by radio, without who steers it and from where.

Read are identity and the drone's own place, height, speed and course. Never read are
the messages SYSTEM (place of the operator), OPERATOR ID and SELF ID, and of a DJI
record the places of home and of the pilot's telephone: they point at people.

Source: ASTM F3411-22a, 5.4.5; ASD-STAN EN 4709-002; for DJI records Bender,
DJI drone IDs are not encrypted, 2022, table 1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import atan2, degrees, hypot, nan

MESSAGE_BYTES = 25
ASTM_BEACON = b"\xfa\x0b\xbc\x0d"
ASTM_SERVICE = b"\x88\x69\x19\x9d\x92\x09"
DJI_BEACON = b"\x26\x37\x12\x58\x62\x13"
_BASIC, _LOCATION, _PACK = 0, 1, 15
_UNREAD = (2, 3, 4, 5)  # authentication, self id, system, operator id
_GROUND = 1
_DJI_FLIGHT = 0x10
# 95 % bounds of the horizontal error by accuracy category 1 to 12; 0 is unknown.
# Source: ASTM F3411-22a, table 10.
_ACCURACY_95_M = (
    *(18_520, 7_408, 3_704, 1_852, 926, 555.6),
    *(185.2, 92.6, 30, 10, 3, 1),
)
_RADIANS_E5 = 174_533  # counts of a DJI coordinate in one degree


@dataclass(frozen=True, slots=True)
class Said:
    """What one frame or message says; NaN and empty where it does not.

    Attributes:
        serial: as broadcast.
        accuracy95_m: told bound of the horizontal error.
        tenths: of a second after the full hour, -1 where not told.
        counter: the sender's own running number of messages, -1 where it has none.
    """

    serial: str = ""
    lat_deg: float = nan
    lon_deg: float = nan
    accuracy95_m: float = nan
    height_m: float = nan
    speed_mps: float = nan
    course_deg: float = nan
    tenths: int = -1
    counter: int = -1
    on_ground: bool = False


def astm_messages(data: bytes, counter: int = -1) -> Said:
    """What a message, or all messages of a pack, say together.

    Raises:
        ValueError: if it is no such message or is cut short.
    """
    serial, place = "", Said()
    for message in _unpacked(data):
        match message[0] >> 4:
            case 0:
                serial = serial or _text(message[2:22])
            case 1:
                place = _location(message)
            case kind if kind not in _UNREAD:
                msg = f"there is no Remote ID message of type {kind}"
                raise ValueError(msg)
    return Said(
        serial=serial,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        accuracy95_m=place.accuracy95_m,
        height_m=place.height_m,
        speed_mps=place.speed_mps,
        course_deg=place.course_deg,
        tenths=place.tenths,
        counter=counter,
        on_ground=place.on_ground,
    )


def astm_frame(data: bytes) -> Said:
    """What a pack says that follows its message counter, as in beacon and service.

    Raises:
        ValueError: if it is no such pack or is cut short.
    """
    if not data:
        msg = "it is empty"
        raise ValueError(msg)
    return astm_messages(data[1:], data[0])


def dji_record(data: bytes) -> Said:
    """What a DJI flight record says, from its version on; home and pilot are not read.

    Raises:
        ValueError: if it is another record or is cut short.
    """
    if len(data) < 40 or data[0] != _DJI_FLIGHT:
        msg = "it is no DJI flight record, or was cut short"
        raise ValueError(msg)
    (counter,) = struct.unpack_from("<H", data, 2)
    lon, lat, _, height, north, east = struct.unpack_from("<ii4h", data, 22)
    return Said(
        serial=_text(data[6:22]),
        lat_deg=lat / _RADIANS_E5,
        lon_deg=lon / _RADIANS_E5,
        height_m=float(height),
        speed_mps=hypot(north, east) / 100,
        course_deg=degrees(atan2(east, north)) % 360,
        counter=counter,
    )


def _unpacked(data: bytes) -> list[bytes]:
    """The single messages of a message or a pack.

    Raises:
        ValueError: if it was cut short or a pack does not hold what it says.
    """
    if data[:1] and data[0] >> 4 == _PACK:
        if len(data) < 3 or data[1] != MESSAGE_BYTES:
            msg = "it is a pack of messages that are not 25 bytes long"
            raise ValueError(msg)
        count, data = data[2], data[3:]
    else:
        count = 1
    if len(data) < count * MESSAGE_BYTES or not count:
        msg = f"it was cut short: {len(data)} bytes for {count} messages of 25"
        raise ValueError(msg)
    ends = range(0, count * MESSAGE_BYTES, MESSAGE_BYTES)
    return [data[at : at + MESSAGE_BYTES] for at in ends]


def _location(message: bytes) -> Said:
    flags, course, speed = message[1], message[2], message[3]
    lat, lon = struct.unpack_from("<ii", message, 5)
    _, _, height, accuracy, _, tenths = struct.unpack_from("<HHHBBH", message, 13)
    told = (lat, lon) != (0, 0)
    slow = speed * 0.25 if not flags & 1 else speed * 0.75 + 63.75
    category = accuracy & 0x0F
    known = 1 <= category <= len(_ACCURACY_95_M)
    return Said(
        lat_deg=lat / 1e7 if told else nan,
        lon_deg=lon / 1e7 if told else nan,
        accuracy95_m=_ACCURACY_95_M[category - 1] if known else nan,
        height_m=height * 0.5 - 1000 if height else nan,
        speed_mps=nan if speed == 255 else slow,
        course_deg=float(course + (180 if flags & 2 else 0)) if course < 180 else nan,
        tenths=tenths if tenths < 36_000 else -1,
        on_ground=flags >> 4 == _GROUND,
    )


def _text(field: bytes) -> str:
    """Printable characters up to the first that is none; empty where none is."""
    text = field.split(b"\0")[0].decode("ascii", "replace").strip()
    return text if text.isprintable() and text.isascii() else field.hex()

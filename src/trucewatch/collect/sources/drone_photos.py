"""Stills of drones (JPEG) with place in EXIF and gimbal angles in XMP, as DJI writes.

One row per photo; its look is the ground in the picture. Ground is taken as level at
the height the drone took off from, or as terrain packed beside the photo. Nothing is
kept of camera, owner or serial numbers, nor where the drone was. Read by Pillow; the
picture itself is not decoded.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import atan, degrees, hypot
from zoneinfo import ZoneInfo

from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.footage import (
    MAX_HEIGHT_M,
    filming,
    looked,
    picture,
    raised_m,
)
from trucewatch.collect.frames import Camera, footprint, turn
from trucewatch.collect.places import point
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch
from trucewatch.collect.terrain import parted
from trucewatch.collect.times import instant
from trucewatch.collect.tracking import library
from trucewatch.errors import SourceError

OPTIONS = filming("photos", zone="", bounds="")

_JPEG = b"\xff\xd8\xff"
_PLACE, _DETAIL = 0x8825, 0x8769  # directories of GPS and of the exposure
_TAKEN, _TAKEN_OFFSET, _FOCAL_35 = 0x9003, 0x9011, 0xA405
_GIMBAL = ("GimbalYawDegree", "GimbalPitchDegree", "GimbalRollDegree")
# A 35 mm equivalent compares diagonals. Source: CIPA DCG-001-2018, 4.2.
_FULL_FRAME_DIAGONAL_MM = hypot(36, 24)
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class _Photo:
    """What a photo's own tags say, unchecked."""

    wide_px: int
    high_px: int
    place: Mapping[int, object]
    detail: Mapping[int, object]
    flight: Mapping[str, str]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition, or one rejection that says what the photo lacks.

    Raises:
        SourceError: if it is no readable JPEG, an option is wrong, or Pillow is not
            installed.
    """
    chosen = options(delivery, OPTIONS)
    looked(chosen)
    zone, bounds = chosen.zone(), chosen.bounds()
    data, terrain = parted(raw, raised_m(chosen))
    photo = _opened(data)
    kept = Account(delivery)
    try:
        place = _point(photo.place)
        point(str(place[0]), str(place[1]), bounds)
        camera = _camera(photo, place)
        ground = footprint(camera, chosen.number("range_m"), terrain)
        time = _time(photo.detail, zone)
        kept.made.append(picture(ground, time, "photo", delivery, chosen))
    except (ValueError, OverflowError) as error:
        kept.reject("photo", str(error))
    return kept.batch()


def _opened(data: bytes) -> _Photo:
    """The tags of a JPEG.

    Raises:
        SourceError: if it is none, its tags are damaged, or Pillow is not installed.
    """
    library("defusedxml", "drones")  # Pillow reads XMP with it
    pil = library("PIL.Image", "drones")
    if not data.startswith(_JPEG):
        msg = f"this is no JPEG: it begins {data[:4].hex()!r}"
        raise SourceError(msg)
    broken: tuple[type[Exception], ...] = (
        *(OSError, SyntaxError, ValueError, LookupError, TypeError, Warning),
        *(ArithmeticError, AttributeError, EOFError, MemoryError),
        pil.DecompressionBombError,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # A large picture harms nobody here: its pixels are never unpacked.
            warnings.simplefilter("ignore", pil.DecompressionBombWarning)
            image = pil.open(io.BytesIO(data), formats=["JPEG"])
            tags = image.getexif()
            place, detail = tags.get_ifd(_PLACE), tags.get_ifd(_DETAIL)
            flight = dict(_leaves(image.getxmp(), 0))
    except broken as error:
        msg = f"the tags of this JPEG cannot be read: {error!r}"
        raise SourceError(msg[:300]) from error
    return _Photo(image.width, image.height, place, detail, flight)


def _leaves(node: object, depth: int) -> Iterator[tuple[str, str]]:
    """Every named text of parsed XMP, however it is nested."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, str):
                yield str(name), value
            else:
                yield from _leaves(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, depth + 1)


def _point(place: Mapping[int, object]) -> tuple[float, float]:
    """Latitude and longitude of the drone.

    Raises:
        ValueError: if they are missing or are not angles.
    """
    lat, lon = (_angle(place.get(tag)) for tag in (2, 4))
    south, west = (str(place.get(tag, "")).strip("\0 ") for tag in (1, 3))
    if south not in ("N", "S") or west not in ("E", "W"):
        msg = f"it tells no hemisphere: {shown(south)}, {shown(west)}"
        raise ValueError(msg)
    return -lat if south == "S" else lat, -lon if west == "W" else lon


def _angle(parts: object) -> float:
    if not isinstance(parts, tuple) or len(parts) != 3:
        msg = "it tells no place"
        raise ValueError(msg)
    whole, minutes, seconds = (number(str(float(one))) for one in parts)
    return whole + minutes / 60 + seconds / 3600


def _camera(photo: _Photo, place_deg: tuple[float, float]) -> Camera:
    """The camera as its gimbal was turned.

    Raises:
        ValueError: if an angle, the height or the focal length is missing.
    """
    yaw, pitch, roll = (_flight(photo, name) for name in _GIMBAL)
    above_m, height_m = (
        _flight(photo, name) for name in ("RelativeAltitude", "AbsoluteAltitude")
    )
    if not 0 < above_m < MAX_HEIGHT_M or not abs(height_m) < MAX_HEIGHT_M:
        msg = f"a height of {above_m} m over its start is no drone's"
        raise ValueError(msg)
    focal_mm = number(str(photo.detail.get(_FOCAL_35) or "0"))
    diagonal = hypot(photo.wide_px, photo.high_px)
    if not focal_mm > 0 or not diagonal > 0:
        msg = "it tells no focal length as of 35 mm film"
        raise ValueError(msg)
    across, along = (
        degrees(2 * atan(_FULL_FRAME_DIAGONAL_MM / 2 / focal_mm * side / diagonal))
        for side in (photo.wide_px, photo.high_px)
    )
    return Camera(
        *place_deg,
        height_m=height_m,
        ground_m=height_m - above_m,
        turned=turn(yaw, pitch, roll),
        across_deg=across,
        along_deg=along,
    )


def _flight(photo: _Photo, name: str) -> float:
    if name not in photo.flight:
        msg = f"its XMP tells no {name}"
        raise ValueError(msg)
    return number(photo.flight[name])


def _time(detail: Mapping[int, object], zone: ZoneInfo | None) -> datetime:
    """When it was taken, by the camera's clock.

    Raises:
        ValueError: if it tells no time, or no zone and option ``zone`` is not given.
    """
    taken = str(detail.get(_TAKEN) or "").strip("\0 ")
    offset = str(detail.get(_TAKEN_OFFSET) or "").strip("\0 ")
    day, _, clock = taken.partition(" ")
    return instant(f"{day.replace(':', '-')} {clock}{offset}", zone)

"""AIS messages decoded by columns: places, courses and identities, nothing else.

Names, call signs, destinations and cargoes are not read: they serve no question about
a ceasefire. All fields used lie in the first 56 characters, so that a message of many
sentences is known from its first.

Source: ITU-R M.1371-5, annex 8, tables of messages 1 to 27.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.tracks import Flags, Integers, Numbers

KNOT_MPS = 0.514444
_CHARS = 56  # of the longest sentence NMEA 0183 allows
_AT_ONCE = 50_000  # messages whose characters are looked up together
# High accuracy is an error of 10 m or less; low is more than 10 m.
HIGH_ACCURACY_M = 10.0
COARSE_M = 185.2  # message 27 tells a tenth of a minute

SixBits = NDArray[np.uint8]  # shape (n_messages, _CHARS)


@dataclass(frozen=True, slots=True)
class _Layout:
    """At which bit a message's fields begin."""

    accuracy: int
    lon: int
    lat: int
    sog: int = 0
    cog: int = 0
    knots: float = 0.1
    fixed: bool = False
    short: bool = False

    @property
    def bits(self) -> int:
        """How many bits it takes to hold the place."""
        return self.lat + (17 if self.short else 27)


_CLASS_A = _Layout(60, 61, 89, 50, 116)
_BASE = _Layout(78, 79, 107, fixed=True)
_CLASS_B = _Layout(56, 57, 85, 46, 112)
_LAYOUTS = {
    **dict.fromkeys((1, 2, 3), _CLASS_A),
    **dict.fromkeys((4, 11), _BASE),
    9: _Layout(60, 61, 89, 50, 116, knots=1.0),
    **dict.fromkeys((18, 19), _CLASS_B),
    21: _Layout(163, 164, 192, fixed=True),
    27: _Layout(38, 44, 62, 79, 85, knots=1.0, short=True),
}
TYPES = range(1, 28)


@dataclass(frozen=True, slots=True)
class Heard:
    """What AIS messages say, one array per column; NaN where not told.

    Attributes:
        kind: number of the message's type.
        whole: it is long enough to hold what its type promises.
        fixed: it comes from a station that does not move.
    """

    kind: Integers
    mmsi: Integers
    lat_deg: Numbers
    lon_deg: Numbers
    radius90_m: Numbers
    speed_mps: Numbers
    course_deg: Numbers
    fixed: Flags
    whole: Flags


def six_bits(codes: Integers, begin: Integers, end: Integers) -> SixBits:
    """The characters of payloads as six-bit values, zero beyond their end."""
    padded = np.append(codes, 0).astype(np.uint8)
    found: SixBits = np.zeros((len(begin), _CHARS), np.uint8)
    for first in range(0, len(begin), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        at = begin[some, None] + np.arange(_CHARS)
        inside = at < end[some, None]
        values = padded[np.where(inside, at, len(codes))].astype(np.int16) - 48
        values = np.where(values > 40, values - 8, values)
        found[some] = np.where(inside, values & 63, 0)
    return found


def heard(six: SixBits, length: Integers, low_accuracy_m: float) -> Heard:
    """What the messages say.

    Args:
        six: values of the first sentence's payload.
        length: of that payload, in characters.
        low_accuracy_m: radius of 90 % taken where low accuracy is told.
    """
    kind = _field(six, 0, 6)
    count = len(kind)
    numbers = {name: np.full(count, np.nan) for name in ("lat", "lon", "r", "v", "c")}
    whole = length * 6 >= 38
    fixed = np.zeros(count, dtype=np.bool_)
    for one, layout in _LAYOUTS.items():
        here = np.flatnonzero(kind == one)
        if here.size:
            found = _placed(six[here], layout, low_accuracy_m)
            for name, column in zip(numbers, found, strict=True):
                numbers[name][here] = column
            whole[here] &= length[here] * 6 >= layout.bits
            fixed[here] = layout.fixed
    return Heard(
        kind=kind,
        mmsi=_field(six, 8, 30),
        lat_deg=numbers["lat"],
        lon_deg=numbers["lon"],
        radius90_m=numbers["r"],
        speed_mps=numbers["v"],
        course_deg=numbers["c"],
        fixed=fixed,
        whole=whole,
    )


def _placed(
    six: SixBits, layout: _Layout, low_accuracy_m: float
) -> tuple[Numbers, ...]:
    """Latitude, longitude, radius, speed and course of messages of one layout."""
    sizes = (17, 18) if layout.short else (27, 28)
    per_deg = 600 if layout.short else 600_000
    lat = _signed(_field(six, layout.lat, sizes[0]), sizes[0]) / per_deg
    lon = _signed(_field(six, layout.lon, sizes[1]), sizes[1]) / per_deg
    exact = _field(six, layout.accuracy, 1) == 1
    radius = np.where(exact, HIGH_ACCURACY_M, low_accuracy_m)
    if layout.short:
        radius = np.hypot(radius, COARSE_M)
    told = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    unknown = np.full(len(lat), np.nan)
    lat, lon, radius = (np.where(told, one, np.nan) for one in (lat, lon, radius))
    if not layout.sog:
        return lat, lon, radius, unknown, unknown
    return lat, lon, radius, *_moving(six, layout)


def _moving(six: SixBits, layout: _Layout) -> tuple[Numbers, Numbers]:
    """Speed over ground in m/s and course in degrees; NaN where not available."""
    if layout.short:
        speed, course = _field(six, layout.sog, 6), _field(six, layout.cog, 9)
        slow, turn = speed < 63, course < 360
        degrees = course.astype(np.float64)
    else:
        speed, course = _field(six, layout.sog, 10), _field(six, layout.cog, 12)
        slow, turn = speed < 1023, course < 3600
        degrees = course / 10
    metres = speed * layout.knots * KNOT_MPS
    return np.where(slow, metres, np.nan), np.where(turn, degrees, np.nan)


def _field(six: SixBits, begin: int, size: int) -> Integers:
    """An unsigned field of ``size`` bits."""
    first, last = begin // 6, (begin + size - 1) // 6
    value: Integers = np.zeros(len(six), dtype=np.int64)
    for char in range(first, last + 1):
        value = (value << 6) | six[:, char]
    return (value >> ((last + 1) * 6 - begin - size)) & ((1 << size) - 1)


def _signed(value: Integers, size: int) -> Integers:
    found: Integers = np.where(value >> (size - 1), value - (1 << size), value)
    return found

"""Things that move, as columns: the one table form of what they broadcast or logged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntFlag
from typing import ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.columnar import Columnar

SCHEMA = "track_points"

Numbers = NDArray[np.float64]  # shape (n_points,)
Integers = NDArray[np.int64]  # shape (n_points,)
Labels = NDArray[np.str_]  # shape (n_points,)
Flags = NDArray[np.bool_]  # shape (n_points,)

NOT_COUNTED = -1
_HASH_CHARS = 16

# Decimals kept, as records keep them: finer than any source, coarser than a last bit.
_DECIMALS = {
    "lat_deg": 7,
    "lon_deg": 7,
    "radius90_m": 3,
    "height_m": 3,
    "speed_mps": 3,
    "course_deg": 3,
}


class Mark(IntFlag):
    """What a message says of itself, beside where the thing was."""

    ON_GROUND = 1
    HIDDEN = 2  # a place was told and left out at intake: a start, a landing
    GNSS_WITHOUT_FIX = 4
    GNSS_JAMMING_TOLD = 8  # the receiver itself reports interference
    GNSS_SPOOFING_TOLD = 16
    SIMULATED_TIME = 32  # the link's clock holds a calendar time, as software writes it
    CLOCK_JUMPED = 128  # the link's clock did not run with the receiver's
    GNSS_DOUBTED = 256  # told by the device: it does not trust its receiver as before
    ACCURATE_TOLD = 512  # the message tells no place, but how well its sender knows it
    INACCURATE_TOLD = 1024
    STATIONARY = 64  # the transmitter says it does not move: a base or shore station


@dataclass(frozen=True, slots=True)
class TrackPoints(Columnar):
    """Messages of things that move, one array per column, all ``(n_points,)``.

    A message without a place is kept with NaN: it was heard, and being heard counts.
    What was not heard stands nowhere; no reception is not no vessel.

    Attributes:
        begin_ns: nanoseconds since 1970-01-01 UTC; the message was sent then or later.
        end_ns: it was sent before; as wide as the clock or the recording allows.
        lat_deg: of the thing itself, NaN where not told. Never of who steers it.
        lon_deg: as ``lat_deg``.
        radius90_m: radius holding the thing with 90 % probability, NaN without place.
        height_m: as broadcast, over whatever the source names; NaN where not told.
        speed_mps: over ground, NaN where not told.
        course_deg: over ground, clockwise from north, NaN where not told.
        identity: as broadcast, or its hash.
        transmitter: hash of the radio's own address, empty where there is none.
        counter: the message's own running number, ``NOT_COUNTED`` where it has none.
        link_count: the radio link's running number, else ``NOT_COUNTED``.
        marks: of ``Mark``.
        row: line, frame or message of the delivery, counted from 1.
    """

    schemas: ClassVar = (SCHEMA,)
    decimals: ClassVar = _DECIMALS

    begin_ns: Integers
    end_ns: Integers
    lat_deg: Numbers
    lon_deg: Numbers
    radius90_m: Numbers
    height_m: Numbers
    speed_mps: Numbers
    course_deg: Numbers
    identity: Labels
    transmitter: Labels
    counter: Integers
    link_count: Integers
    marks: Integers
    row: Integers

    @property
    def placed(self) -> Flags:
        """Which messages tell a place."""
        flags: Flags = np.isfinite(self.lat_deg) & np.isfinite(self.lon_deg)
        return flags

    @classmethod
    def of(
        cls,
        period_ns: tuple[Integers, Integers],
        row: Integers,
        identity: Labels,
        **columns: Numbers | Integers | Labels,
    ) -> TrackPoints:
        """The points with these columns; what is not given is unknown.

        A place that leaves the Earth, or is the 0, 0 of a missing one, is unknown.
        """
        count = len(row)
        unknown = {name: np.full(count, np.nan) for name in _DECIMALS}
        numbers = dict.fromkeys(("counter", "link_count"), np.full(count, NOT_COUNTED))
        given = {
            **unknown,
            **numbers,
            "marks": np.zeros(count, dtype=np.int64),
            "transmitter": np.full(count, "", dtype=np.str_),
            **columns,
        }
        lat, lon = cast("Numbers", given["lat_deg"]), cast("Numbers", given["lon_deg"])
        good = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
        for name in ("lat_deg", "lon_deg", "radius90_m"):
            given[name] = np.where(good, cast("Numbers", given[name]), np.nan)
        begin, end = period_ns
        numbers_of = {name: cast("Numbers", given[name]) for name in _DECIMALS}
        return cls(
            begin_ns=begin,
            end_ns=end,
            row=row,
            identity=identity,
            transmitter=cast("Labels", given["transmitter"]),
            counter=cast("Integers", given["counter"]),
            link_count=cast("Integers", given["link_count"]),
            marks=cast("Integers", given["marks"]),
            **numbers_of,
        )

    def taken(self, which: Flags | Integers) -> TrackPoints:
        """The points chosen by a mask or by positions."""
        return TrackPoints(**{
            name: getattr(self, name)[which] for name in self.__slots__
        })


def hashed(labels: Labels, family: str) -> Labels:
    """Each label as the first 64 bits of a hash; an empty one stays empty.

    It keeps one thing apart from another. It does not hide an identity from somebody
    who can try all of them, as with nine digits of a vessel.
    """
    distinct, index = np.unique(labels, return_inverse=True)
    names = [
        hashlib.sha256(f"{family}:{one}".encode()).hexdigest()[:_HASH_CHARS]
        if one
        else ""
        for one in distinct.tolist()
    ]
    found: Labels = np.array(names, dtype=np.str_)[index] if names else labels
    return found

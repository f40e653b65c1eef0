"""What a drone's own satellite receiver logged, as track points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options
from trucewatch.collect.tracking import (
    SECOND_NS,
    in_our_time,
    named,
    recorded_ns,
    without_starts,
)
from trucewatch.collect.tracks import Mark, TrackPoints

FIX_3D = 3
# A receiver that tells no error: 90 % radius by dilution of precision, in metres per
# unit. Source: user equivalent range error of 5.1 m (GPS SPS performance standard
# 2020, single frequency, typical receiver), times 1.52 from 1 sigma per axis to 90 %.
_M_PER_HDOP = 5.1 * 1.52
_UNKNOWN_M = 100.0


@dataclass(frozen=True, slots=True)
class Fix:
    """One report of the receiver; NaN where it told nothing.

    Attributes:
        time_s: since 1970 UTC, NaN where the log does not know.
        error_m: told horizontal error, one standard deviation per axis.
        hdop_ratio: horizontal dilution of precision.
        kind: of the fix: 0 and 1 none, 2 flat, 3 and above in space.
        jamming_told: the receiver itself reports interference.
        spoofing_told: the receiver itself reports false satellites.
        doubted: the vehicle says that its receiver jumps, or hears much interference.
    """

    row: int
    lat_deg: float
    lon_deg: float
    kind: int
    time_s: float = nan
    error_m: float = nan
    hdop_ratio: float = nan
    height_m: float = nan
    speed_mps: float = nan
    course_deg: float = nan
    jamming_told: bool = False
    spoofing_told: bool = False
    doubted: bool = False

    @property
    def radius90_m(self) -> float:
        """Radius holding the drone with 90 % probability, as far as it was told."""
        if isfinite(self.error_m) and self.error_m > 0:
            return self.error_m * 2.146
        if isfinite(self.hdop_ratio) and self.hdop_ratio > 0:
            return self.hdop_ratio * _M_PER_HDOP
        return _UNKNOWN_M

    @property
    def marks(self) -> int:
        """What the receiver says of its own work."""
        found = Mark(0)
        if self.kind < FIX_3D:
            found |= Mark.GNSS_WITHOUT_FIX
        if self.jamming_told:
            found |= Mark.GNSS_JAMMING_TOLD
        if self.spoofing_told:
            found |= Mark.GNSS_SPOOFING_TOLD
        if self.doubted:
            found |= Mark.GNSS_DOUBTED
        return int(found)


def track(
    fixes: Sequence[Fix], vehicle: str, chosen: Options, kept: Account
) -> TrackPoints:
    """The fixes as points, without where the drone started and landed.

    Fixes whose time neither the log nor options ``begin`` and ``end`` tell go to
    ``kept``.

    Raises:
        SourceError: if an option is wrong.
    """
    recorded = recorded_ns(chosen)
    seconds = np.array([one.time_s for one in fixes], dtype=np.float64)
    timed = in_our_time(seconds)
    for one in [f for f, t in zip(fixes, timed.tolist(), strict=True) if not t]:
        if recorded is None:
            why = "it has no time: neither the log nor options begin and end tell it"
            kept.reject(f"message {one.row}", why)
    used = timed | (recorded is not None)
    some = [one for one, use in zip(fixes, used.tolist(), strict=True) if use]
    unset = recorded or (0, 0)
    known, seconds = timed[used], np.where(timed, seconds, 0.0)[used]
    begin = np.where(known, (seconds * SECOND_NS).astype(np.int64), unset[0])
    width = int(chosen.number("clock_s") * SECOND_NS)
    end = np.where(known, begin + width, unset[1])
    placed = np.array([one.kind >= 2 for one in some], dtype=np.bool_)
    names = ("lat_deg", "lon_deg", "radius90_m", "height_m", "speed_mps", "course_deg")
    numbers = {
        name: np.array([getattr(one, name) for one in some], dtype=np.float64)
        for name in names
    }
    numbers["lat_deg"] = np.where(placed, numbers["lat_deg"], np.nan)
    points = TrackPoints.of(
        (begin, end),
        np.array([one.row for one in some], dtype=np.int64),
        named(np.full(len(some), vehicle), chosen),
        marks=np.array([one.marks for one in some], dtype=np.int64),
        **numbers,
    )
    return without_starts(points, chosen.number("hide_m"), ends=True)

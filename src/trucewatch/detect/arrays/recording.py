"""What one array recorded: all channels on one time axis, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.nodes import Clock

Numbers = NDArray[np.float64]

LEAST_CHANNELS = 3


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the clock of one channel was for a time.

    Attributes:
        begin_ns: nanoseconds since 1970-01-01 UTC.
        end_ns: excluded.
        clock: of ``collect.nodes.Clock``; what ran free is in no recording.
        sigma_s: its error, NaN where nobody knows.
    """

    begin_ns: int
    end_ns: int
    clock: Clock
    sigma_s: float


@dataclass(frozen=True, slots=True)
class Recording:
    """One array's channels, sample by sample.

    Attributes:
        array_id: the array's name.
        channel_ids: SEED names, in the order of the rows below.
        lat_deg: of every channel.
        lon_deg: of every channel.
        begin_ns: of the first sample, nanoseconds since 1970-01-01 UTC.
        rate_hz: samples per second.
        samples: shape ``(n_channels, n_samples)``, NaN where nothing was recorded.
        late_s: of every channel, how long after the common axis it was sampled.
        clocks: of all channels, where their records say anything.
    """

    array_id: str
    channel_ids: tuple[str, ...]
    lat_deg: Numbers
    lon_deg: Numbers
    begin_ns: int
    rate_hz: float
    samples: Numbers
    late_s: Numbers
    clocks: tuple[Ticked, ...] = ()

    def clock_at(self, time_ns: int) -> tuple[Clock, float]:
        """The worst clock of the channels at a time, and its error (s) or NaN."""
        there = [one for one in self.clocks if one.begin_ns <= time_ns < one.end_ns]
        for state in (Clock.HOLDOVER, Clock.UNKNOWN, Clock.LOCKED):
            if own := [one.sigma_s for one in there if one.clock is state]:
                return state, max(own)
        return Clock.UNKNOWN, float("nan")

    @property
    def offsets_m(self) -> Numbers:
        """East, north of every channel from the middle, shape ``(n_channels, 2)``.

        The plane through the middle that keeps geodesic distance and azimuth from it;
        at 10 km from the middle distances between channels are true to 1e-6.
        """
        from pyproj import Geod

        lat, lon = self.centre_deg
        one = np.ones_like(self.lat_deg)
        azimuth, _, away = Geod(ellps="WGS84").inv(
            lon * one, lat * one, self.lon_deg, self.lat_deg
        )
        turn = np.radians(azimuth)
        return np.column_stack((away * np.sin(turn), away * np.cos(turn)))

    @property
    def centre_deg(self) -> tuple[float, float]:
        """Latitude and longitude of the middle of the channels."""
        first = self.lon_deg[0]
        turned = (self.lon_deg - first + 180) % 360 - 180
        lon = (first + turned.mean() + 180) % 360 - 180
        return float(self.lat_deg.mean()), float(lon)


def aperture_m(offsets_m: Numbers) -> float:
    """The greatest distance between two channels."""
    return max(float(np.hypot(*(a - b))) for a, b in combinations(offsets_m, 2))


def spans_a_plane(offsets_m: Numbers) -> bool:
    """Whether the channels lie on no line, so that two components can be told.

    The lesser spread must be a twentieth of the greater; below, one side of the line
    cannot be told from the other.
    """
    if len(offsets_m) < LEAST_CHANNELS:
        return False
    spread = np.cov(offsets_m.T)
    trace, det = float(np.trace(spread)), float(np.linalg.det(spread))
    return trace > 0 and det > (0.05 * trace) ** 2 / 4

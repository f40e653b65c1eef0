"""Recordings as columns: stretches of samples, and where channels of arrays stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.columnar import Columnar, Integers, Numbers, Samples, Words

if TYPE_CHECKING:
    from obspy import Trace

SEGMENTS = "waveforms"
CHANNELS = "array_channels"

_EARLIEST_NS, _LATEST_NS = 0, 4_102_444_800 * 10**9  # 1970 to 2100
_MAX_RATE_HZ = 100_000.0


@dataclass(frozen=True, slots=True)
class Segments(Columnar):
    """Stretches recorded without a gap, one per row.

    Attributes:
        channel_id: SEED name ``NET.STA.LOC.CHA``.
        begin_ns: of the first sample, nanoseconds since 1970-01-01 UTC.
        rate_hz: samples per second.
        lat_deg: of the channel where the delivery says, else NaN.
        lon_deg: of the channel where the delivery says, else NaN.
        elevation_m: of the channel where the delivery says, else NaN.
        samples: per row, as recorded (counts or Pa), NaN where unusable.
        clock: of ``collect.nodes.Clock``.
        clock_sigma_s: its error, NaN where nobody knows.
        row: where it stood in the delivery.
    """

    schemas: ClassVar = (SEGMENTS,)

    channel_id: Words
    begin_ns: Integers
    rate_hz: Numbers
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    samples: Samples
    clock: Words
    clock_sigma_s: Numbers
    row: Words


@dataclass(frozen=True, slots=True)
class Channels(Columnar):
    """Where channels stand and to which array they belong, one per row.

    Attributes:
        array_id: the array's name.
        channel_id: SEED name ``NET.STA.LOC.CHA``.
        lat_deg: north positive.
        lon_deg: east positive.
        elevation_m: above the ellipsoid, NaN where unknown.
        row: where it stood in the delivery.
    """

    schemas: ClassVar = (CHANNELS,)

    array_id: Words
    channel_id: Words
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    row: Words


def array_of(channel_id: str) -> str:
    """The array a SEED name belongs to where nobody says: its station less digits.

    Elements of an array are named by a letter or number at the end of the station
    (``YJ.BRP1..EDF``) or by location codes of one station (``IM.I57H1..BDF``).
    """
    parts = channel_id.split(".")
    station = parts[1] if len(parts) > 1 else channel_id
    return station.rstrip("0123456789") or station or channel_id


def fault_of(trace: Trace) -> str:
    """Why a stretch cannot be used; empty where it can."""
    data = trace.data
    if getattr(data, "dtype", np.dtype("S1")).kind not in "iuf":
        return "it holds text, not samples"
    if len(data) == 0:
        return "it holds no samples"
    rate_hz = float(trace.stats.sampling_rate)
    if not 0 < rate_hz <= _MAX_RATE_HZ:
        return f"{rate_hz} samples per second is no sampling rate"
    if not _EARLIEST_NS <= trace.stats.starttime.ns <= _LATEST_NS:
        begin_s = trace.stats.starttime.ns / 1e9
        return f"it begins {begin_s:.0f} s after 1970, not between 1970 and 2100"
    return ""


def samples_of(trace: Trace) -> NDArray[np.float32]:
    """As recorded; what is no finite number becomes NaN, a gap."""
    with np.errstate(over="ignore"):
        samples = np.asarray(trace.data, np.float32)
    return np.where(np.isfinite(samples), samples, np.float32(np.nan))

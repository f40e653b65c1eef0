"""Waveforms as miniSEED or SAC: what channels of arrays recorded, as one table.

A gap begins a new row, so nothing is said of the time between. Coordinates are taken
from SAC headers; for miniSEED ``array_stations`` brings them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.rows import Account
from trucewatch.collect.seismology import read_stream
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.waveforms import Segments

if TYPE_CHECKING:
    from obspy import Trace

OPTIONS = known("A", "2", family="infrasound")

_SAC_UNSET = -12345.0
_EARLIEST_NS, _LATEST_NS = 0, 4_102_444_800 * 10**9  # 1970 to 2100
_MAX_RATE_HZ = 100_000.0


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable stretches as one table of waveforms; every other one rejected.

    Raises:
        SourceError: if the delivery is neither form, ObsPy is absent, or an option is
            wrong.
    """
    chosen = options(delivery, OPTIONS)
    family = chosen.slug("family")
    stream, said = read_stream(plain(raw))
    kept = Account(delivery)
    good: list[tuple[str, Trace]] = []
    for number, trace in enumerate(stream, 1):
        where = f"stretch {number} ({trace.id})"
        if fault := _fault(trace):
            kept.reject(where, fault)
        else:
            good.append((where, trace))
    for number, what in enumerate(said, 1):
        kept.reject(f"warning {number}", what)
    columns = _segments(good).to_columns(delivery, family)
    return Batch(
        rows_read=len(good) + len(kept.rejections),
        tables=(columns,) if good else (),
        rejections=tuple(kept.rejections),
    )


def _fault(trace: Trace) -> str:
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


def _segments(good: list[tuple[str, Trace]]) -> Segments:
    where = np.array([_place(trace) for _, trace in good]).reshape(-1, 3)
    return Segments(
        channel_id=tuple(trace.id for _, trace in good),
        begin_ns=np.array([trace.stats.starttime.ns for _, trace in good], np.int64),
        rate_hz=np.array([float(trace.stats.sampling_rate) for _, trace in good]),
        lat_deg=where[:, 0],
        lon_deg=where[:, 1],
        elevation_m=where[:, 2],
        samples=tuple(_samples(trace) for _, trace in good),
        row=tuple(name for name, _ in good),
    )


def _samples(trace: Trace) -> NDArray[np.float32]:
    """As recorded; what is no finite number becomes NaN, a gap."""
    with np.errstate(over="ignore"):
        samples = np.asarray(trace.data, np.float32)
    return np.where(np.isfinite(samples), samples, np.float32(np.nan))


def _place(trace: Trace) -> tuple[float, float, float]:
    """Latitude, longitude and elevation of a SAC header; NaN where it has none."""
    header = trace.stats.get("sac", {})
    lat, lon, height = (
        float(header.get(name, _SAC_UNSET)) for name in ("stla", "stlo", "stel")
    )
    if not (-90 <= lat <= 90 and -180 <= lon <= 360):
        return (np.nan, np.nan, np.nan)
    known_height = np.isfinite(height) and height != _SAC_UNSET
    return (lat, (lon + 180) % 360 - 180, height if known_height else np.nan)

"""Waveforms as miniSEED or SAC: what channels of arrays recorded, as one table.

A gap begins a new row, so nothing is said of the time between. Coordinates are taken
from SAC headers; for miniSEED ``array_stations`` brings them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.recorded import PLACES, listened
from trucewatch.collect.rows import Account
from trucewatch.collect.seismology import clock_of, read_stream
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.waveforms import Segments, fault_of, samples_of

if TYPE_CHECKING:
    from obspy import Trace

OPTIONS = known("A", "2", family="infrasound", range_m="30000")

_SAC_UNSET = -12345.0


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable stretches as one table of waveforms; every other one rejected.

    A stretch whose place is told is a look of its array besides.

    Raises:
        SourceError: if the delivery is neither form, ObsPy is absent, or an option is
            wrong.
    """
    chosen = options(delivery, OPTIONS, (PLACES,))
    family = chosen.slug("family")
    data = plain(raw)
    stream, said = read_stream(data)
    kept = Account(delivery)
    good: list[tuple[str, Trace]] = []
    for number, trace in enumerate(stream, 1):
        where = f"stretch {number} ({trace.id})"
        if fault := fault_of(trace):
            kept.reject(where, fault)
        else:
            good.append((where, trace))
    for number, what in enumerate(said, 1):
        kept.reject(f"warning {number}", what)
    recorded = _segments(good)
    columns = recorded.to_columns(delivery, family)
    looks = listened(recorded, clock_of(data), chosen, delivery)
    return Batch(
        rows_read=len(good) + len(kept.rejections),
        acquisitions=looks,
        tables=(columns,) if good else (),
        rejections=tuple(kept.rejections),
        drawn=len(looks),
    )


def _segments(good: list[tuple[str, Trace]]) -> Segments:
    where = np.array([_place(trace) for _, trace in good]).reshape(-1, 3)
    return Segments(
        channel_id=tuple(trace.id for _, trace in good),
        begin_ns=np.array([trace.stats.starttime.ns for _, trace in good], np.int64),
        rate_hz=np.array([float(trace.stats.sampling_rate) for _, trace in good]),
        lat_deg=where[:, 0],
        lon_deg=where[:, 1],
        elevation_m=where[:, 2],
        samples=tuple(samples_of(trace) for _, trace in good),
        row=tuple(name for name, _ in good),
    )


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

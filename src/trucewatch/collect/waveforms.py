"""Recordings as columns: stretches of samples, and where channels of arrays stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.columnar import opened, texts, written
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns

if TYPE_CHECKING:
    from obspy import Trace

SEGMENTS = "waveforms"
CHANNELS = "array_channels"

_EARLIEST_NS, _LATEST_NS = 0, 4_102_444_800 * 10**9  # 1970 to 2100
_MAX_RATE_HZ = 100_000.0

Numbers = NDArray[np.float64]  # shape (n_rows,)
Integers = NDArray[np.int64]  # shape (n_rows,)

_SEGMENT_TYPES: dict[str, pa.DataType] = {
    "channel_id": pa.string(),
    "begin_ns": pa.int64(),
    "rate_hz": pa.float64(),
    "lat_deg": pa.float64(),
    "lon_deg": pa.float64(),
    "elevation_m": pa.float64(),
    "samples": pa.large_list(pa.float32()),
    "clock": pa.string(),
    "clock_sigma_s": pa.float64(),
    "row": pa.string(),
}
_CHANNEL_TYPES: dict[str, pa.DataType] = {
    "array_id": pa.string(),
    "channel_id": pa.string(),
    "lat_deg": pa.float64(),
    "lon_deg": pa.float64(),
    "elevation_m": pa.float64(),
    "row": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Segments:
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

    channel_id: tuple[str, ...]
    begin_ns: Integers
    rate_hz: Numbers
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    samples: tuple[NDArray[np.float32], ...]
    clock: tuple[str, ...]
    clock_sigma_s: Numbers
    row: tuple[str, ...]

    def __len__(self) -> int:
        """How many stretches."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> Segments:
        """The stretches of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of waveforms or its bytes are damaged.
        """
        found = opened(columns, SEGMENTS, pa.schema(_SEGMENT_TYPES))
        stretches = [
            np.asarray(one.values.to_numpy(zero_copy_only=False), np.float32)
            for one in found.column("samples")
        ]
        return cls(
            channel_id=texts(found, "channel_id"),
            begin_ns=found.column("begin_ns").to_numpy(),
            rate_hz=found.column("rate_hz").to_numpy(),
            lat_deg=found.column("lat_deg").to_numpy(),
            lon_deg=found.column("lon_deg").to_numpy(),
            elevation_m=found.column("elevation_m").to_numpy(),
            samples=tuple(stretches),
            clock=texts(found, "clock"),
            clock_sigma_s=found.column("clock_sigma_s").to_numpy(),
            row=texts(found, "row"),
        )

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same stretches as a table derived from ``delivery``, and its bytes."""
        ends = np.cumsum([0, *(len(one) for one in self.samples)])
        empty = np.empty(0, np.float32)
        flat = np.concatenate(self.samples) if self.samples else empty
        samples = pa.LargeListArray.from_arrays(
            pa.array(ends, pa.int64()), pa.array(flat, pa.float32())
        )
        values = [
            samples if name == "samples" else pa.array(getattr(self, name), kind)
            for name, kind in _SEGMENT_TYPES.items()
        ]
        made = pa.Table.from_arrays(values, schema=pa.schema(_SEGMENT_TYPES))
        return written(made, SEGMENTS, delivery, procedure)


@dataclass(frozen=True, slots=True)
class Channels:
    """Where channels stand and to which array they belong, one per row.

    Attributes:
        array_id: the array's name.
        channel_id: SEED name ``NET.STA.LOC.CHA``.
        lat_deg: north positive.
        lon_deg: east positive.
        elevation_m: above the ellipsoid, NaN where unknown.
        row: where it stood in the delivery.
    """

    array_id: tuple[str, ...]
    channel_id: tuple[str, ...]
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    row: tuple[str, ...]

    def __len__(self) -> int:
        """How many channels."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> Channels:
        """The channels of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of channels or its bytes are damaged.
        """
        found = opened(columns, CHANNELS, pa.schema(_CHANNEL_TYPES))
        return cls(
            array_id=texts(found, "array_id"),
            channel_id=texts(found, "channel_id"),
            lat_deg=found.column("lat_deg").to_numpy(),
            lon_deg=found.column("lon_deg").to_numpy(),
            elevation_m=found.column("elevation_m").to_numpy(),
            row=texts(found, "row"),
        )

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same channels as a table derived from ``delivery``, and its bytes."""
        values = [
            pa.array(getattr(self, name), kind) for name, kind in _CHANNEL_TYPES.items()
        ]
        made = pa.Table.from_arrays(values, schema=pa.schema(_CHANNEL_TYPES))
        return written(made, CHANNELS, delivery, procedure)


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

"""Recordings of a delivery as stretches of one channel with one state of its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.nodes import Clock
from trucewatch.collect.rows import Account
from trucewatch.collect.seismology import read_stream
from trucewatch.collect.timing import SIGMA_S, Clocks, of_channels, ticking
from trucewatch.collect.waveforms import fault_of, samples_of

_SAC_UNSET = -12345.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples of one channel without a gap, timed by a clock in one state.

    Attributes:
        where: it stood in the delivery.
        channel_id: SEED name ``NET.STA.LOC.CHA``.
        begin_ns: of the first sample, nanoseconds since 1970-01-01 UTC.
        rate_hz: samples per second.
        samples: as recorded, NaN where unusable.
        clock: what its records say of the clock.
        place: latitude, longitude, elevation of a SAC header; NaN where it has none.
    """

    where: str
    channel_id: str
    begin_ns: int
    rate_hz: float
    samples: NDArray[np.float32]
    clock: Clock
    place: tuple[float, float, float]

    @property
    def clock_sigma_s(self) -> float:
        """Error of the clock in such a state, NaN where nobody knows."""
        return SIGMA_S[self.clock]


def stretches(raw: bytes, kept: Account) -> tuple[Stretch, ...]:
    """Every usable stretch of miniSEED or SAC; others, and warnings, are rejected.

    A stretch is divided where the state of its clock changes.

    Raises:
        SourceError: if the bytes are neither form, or a library is absent.
    """
    stream, said = read_stream(raw)
    sac = any("sac" in trace.stats for trace in stream)
    clocks = Clocks(() if sac else [*ticking(raw), *of_channels(stream)])
    found: list[Stretch] = []
    for number, trace in enumerate(stream, 1):
        where = f"stretch {number} ({trace.id})"
        if fault := fault_of(trace):
            kept.reject(where, fault)
            continue
        whole = Stretch(
            where=where,
            channel_id=trace.id,
            begin_ns=int(trace.stats.starttime.ns),
            rate_hz=float(trace.stats.sampling_rate),
            samples=samples_of(trace),
            clock=Clock.UNKNOWN,
            place=_place(trace.stats.get("sac", {})),
        )
        found += _divided(whole, clocks)
    for number, what in enumerate(said, 1):
        kept.reject(f"warning {number}", what)
    return tuple(found)


def _divided(whole: Stretch, clocks: Clocks) -> Iterator[Stretch]:
    """The parts of a stretch, each with a clock of one state."""
    step_ns = 1e9 / whole.rate_hz
    count = len(whole.samples)
    end_ns = whole.begin_ns + round(count * step_ns)
    parts = clocks.through(whole.channel_id, whole.begin_ns, end_ns)
    if not parts:  # shorter than a nanosecond
        yield whole
        return
    first = 0
    for number, (_, until_ns, clock) in enumerate(parts, 1):
        after = (until_ns - whole.begin_ns) / step_ns
        last = count if number == len(parts) else min(round(after), count)
        if last > first:
            yield Stretch(
                where=whole.where + (f" part {number}" if len(parts) > 1 else ""),
                channel_id=whole.channel_id,
                begin_ns=whole.begin_ns + round(first * step_ns),
                rate_hz=whole.rate_hz,
                samples=whole.samples[first:last],
                clock=clock,
                place=whole.place,
            )
        first = max(first, last)


def _place(header: dict[str, float]) -> tuple[float, float, float]:
    """Latitude, longitude and elevation of a SAC header; NaN where it has none."""
    lat, lon, height = (
        float(header.get(name, _SAC_UNSET)) for name in ("stla", "stlo", "stel")
    )
    if not (-90 <= lat <= 90 and -180 <= lon <= 360):
        return (np.nan, np.nan, np.nan)
    known_height = np.isfinite(height) and height != _SAC_UNSET
    return (lat, (lon + 180) % 360 - 180, height if known_height else np.nan)

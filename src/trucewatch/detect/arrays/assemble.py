"""Stretches of channels, put together into one recording per array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.nodes import Clock
from trucewatch.collect.waveforms import Channels, Segments, array_of
from trucewatch.detect.arrays.recording import LEAST_CHANNELS, Recording, Ticked

# A hole longer than this begins another recording: the background has changed.
HOLE_NS = 6 * 3600 * 10**9
# Samples of one recording on one axis: a day of 9 channels at 100 Hz is 78 million.
MOST_SAMPLES = 400_000_000
SAME_RATE = 1e-4  # relative; faster or slower is another instrument


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of one channel, and where that channel stands."""

    array_id: str
    channel_id: str
    lat_deg: float
    lon_deg: float
    begin_ns: int
    rate_hz: float
    samples: NDArray[np.float32]
    clock: Clock
    clock_sigma_s: float

    @property
    def end_ns(self) -> int:
        """When the sample after the last would have been taken."""
        return self.begin_ns + round(len(self.samples) / self.rate_hz * 1e9)


def assemble(
    segments: Sequence[Segments], channels: Sequence[Channels]
) -> tuple[tuple[Recording, ...], tuple[str, ...]]:
    """One recording per array and unbroken time, and what could not be used and why.

    Where two stretches of one channel overlap and differ, neither is believed: the
    samples there count as a gap. A channel that stands in no table of channels keeps
    the coordinates of its own header; with neither it cannot be used. What a clock that
    ran free timed is a gap: its delays point anywhere.
    """
    stands = _stands(channels)
    problems: dict[str, None] = {}
    by_array: dict[str, list[Stretch]] = {}
    for table in segments:
        for row in range(len(table)):
            stretch = _stretch(table, row, stands, bool(channels))
            if stretch is None:
                name = table.channel_id[row]
                problems[f"channel {name}: nobody says where it stands"] = None
            elif stretch.clock is Clock.FREE:
                name = table.channel_id[row]
                problems[f"channel {name}: its clock ran free for a time"] = None
            else:
                by_array.setdefault(stretch.array_id, []).append(stretch)
    made: list[Recording] = []
    for array_id in sorted(by_array):
        for group in _unbroken(by_array[array_id]):
            recording, why = _recording(array_id, group)
            made += [recording] if recording is not None else []
            problems |= dict.fromkeys(why)
    return tuple(made), tuple(problems)


def _stands(tables: Iterable[Channels]) -> dict[str, tuple[str, float, float]]:
    return {
        one.channel_id[row]: (
            one.array_id[row],
            float(one.lat_deg[row]),
            float(one.lon_deg[row]),
        )
        for one in tables
        for row in range(len(one))
    }


def _stretch(
    table: Segments,
    row: int,
    stands: dict[str, tuple[str, float, float]],
    listed: bool,
) -> Stretch | None:
    name = table.channel_id[row]
    own = (array_of(name), float(table.lat_deg[row]), float(table.lon_deg[row]))
    array_id, lat_deg, lon_deg = stands.get(name, own)
    if not (np.isfinite(lat_deg) and np.isfinite(lon_deg)):
        return None
    if listed and name not in stands:
        return None
    return Stretch(
        array_id=array_id,
        channel_id=name,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        begin_ns=int(table.begin_ns[row]),
        rate_hz=float(table.rate_hz[row]),
        samples=table.samples[row],
        clock=Clock(table.clock[row]),
        clock_sigma_s=float(table.clock_sigma_s[row]),
    )


def _unbroken(stretches: list[Stretch]) -> list[list[Stretch]]:
    """Stretches in order, divided where all channels are silent for long."""
    ordered = sorted(stretches, key=lambda one: (one.begin_ns, one.channel_id))
    groups: list[list[Stretch]] = []
    end_ns = 0
    for one in ordered:
        if not groups or one.begin_ns > end_ns + HOLE_NS:
            groups.append([])
            end_ns = one.end_ns
        groups[-1].append(one)
        end_ns = max(end_ns, one.end_ns)
    return groups


def _recording(
    array_id: str, stretches: list[Stretch]
) -> tuple[Recording | None, list[str]]:
    """The channels of one sampling rate on one axis, and what was left out."""
    rate_hz = _usual_rate(stretches)
    why: list[str] = []
    mine: dict[str, list[Stretch]] = {}
    for one in stretches:
        if abs(one.rate_hz / rate_hz - 1) > SAME_RATE:
            why.append(
                f"channel {one.channel_id}: {one.rate_hz:g} Hz beside {rate_hz:g} Hz"
            )
        else:
            mine.setdefault(one.channel_id, []).append(one)
    if len(mine) < LEAST_CHANNELS:
        why.append(
            f"array {array_id}: {len(mine)} usable channels, {LEAST_CHANNELS} needed"
        )
        return None, why
    kept = [one for name in sorted(mine) for one in mine[name]]
    begin_ns = min(one.begin_ns for one in kept)
    count = max(_sample(one, begin_ns, rate_hz) + len(one.samples) for one in kept)
    if count * len(mine) > MOST_SAMPLES:
        why.append(
            f"array {array_id}: {count * len(mine)} samples on one axis are more than "
            f"{MOST_SAMPLES}; give fewer hours at once"
        )
        return None, why
    return _laid(array_id, mine, (begin_ns, rate_hz, count)), why


def _laid(
    array_id: str, mine: dict[str, list[Stretch]], axis: tuple[int, float, int]
) -> Recording:
    """The channels on one axis: begin (ns), rate (Hz) and count of its samples."""
    begin_ns, rate_hz, count = axis
    samples = np.full((len(mine), count), np.nan)
    late_s = np.zeros(len(mine))
    for channel, name in enumerate(sorted(mine)):
        late_s[channel] = _late_s(mine[name][0], begin_ns, rate_hz)
        for one in mine[name]:
            _lay(samples[channel], one, _sample(one, begin_ns, rate_hz))
    first = [mine[name][0] for name in sorted(mine)]
    return Recording(
        array_id=array_id,
        channel_ids=tuple(sorted(mine)),
        lat_deg=np.array([one.lat_deg for one in first]),
        lon_deg=np.array([one.lon_deg for one in first]),
        begin_ns=begin_ns,
        rate_hz=rate_hz,
        samples=samples,
        late_s=late_s,
        clocks=tuple(
            Ticked(one.begin_ns, one.end_ns, one.clock, one.clock_sigma_s)
            for name in sorted(mine)
            for one in mine[name]
        ),
    )


def _usual_rate(stretches: list[Stretch]) -> float:
    """The sampling rate of most samples."""
    counted: dict[float, int] = {}
    for one in stretches:
        counted[one.rate_hz] = counted.get(one.rate_hz, 0) + len(one.samples)
    return max(counted, key=lambda rate: (counted[rate], rate))


def _sample(one: Stretch, begin_ns: int, rate_hz: float) -> int:
    return round((one.begin_ns - begin_ns) * 1e-9 * rate_hz)


def _late_s(one: Stretch, begin_ns: int, rate_hz: float) -> float:
    away_s = (one.begin_ns - begin_ns) * 1e-9
    return away_s - round(away_s * rate_hz) / rate_hz


def _lay(row: NDArray[np.float64], one: Stretch, first: int) -> None:
    """Write a stretch into its channel; what contradicts what lies there is unknown."""
    there = row[first : first + len(one.samples)]
    taken = np.isfinite(there)
    contrary = taken & (there != one.samples)
    there[~taken] = one.samples[~taken]
    there[contrary] = np.nan

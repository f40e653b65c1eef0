"""From the recording of one array to its arrivals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.arrays.families import Family, families
from trucewatch.detect.arrays.recording import Recording, aperture_m, spans_a_plane
from trucewatch.detect.arrays.refine import bearing, direction
from trucewatch.detect.arrays.scan import best, grid
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.detect.arrays.spectra import Windows, windows
from trucewatch.detect.arrays.threshold import f_statistic, laws_of, rates_per_day
from trucewatch.errors import SourceError

Numbers = NDArray[np.float64]

BLOCK_S = 3600.0  # spectra of this much are held at once
EDGE_S = 20.0  # filtered beside a block, so that its windows know no edge
FINEST_STEP_S_PER_M = 2e-4
STEP_PER_BEAM = 0.4  # grid step over the width of the main lobe, 1 / (f aperture)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One wave that crossed one array.

    Attributes:
        array_id: which array.
        time_ns: middle of its strongest window's energy, since 1970-01-01 UTC.
        duration_s: from the first to the end of the last window it stands in.
        back_azimuth_deg: where it came from, clockwise from north, in [0, 360).
        back_azimuth_sd_deg: standard deviation.
        trace_velocity_mps: along the ground.
        trace_velocity_sd_mps: standard deviation.
        f_ratio: Fisher's F of the strongest window.
        p: that it is an arrival and no noise, for this array's own background.
        channels: how many channels took part.
        left_out: channels that fitted no plane wave with the others.
    """

    array_id: str
    time_ns: int
    duration_s: float
    back_azimuth_deg: float
    back_azimuth_sd_deg: float
    trace_velocity_mps: float
    trace_velocity_sd_mps: float
    f_ratio: float
    p: float
    channels: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """Every window of a recording with the plane wave that fits it best.

    Attributes:
        windows: all windows, spectra included.
        slowness: east, north, s/m, shape ``(n_windows, 2)``.
        f_ratio: Fisher's F.
        rate_per_day: at which noise gives such an F at this array.
        offsets_m: of the channels.
    """

    windows: Windows
    slowness: Numbers
    f_ratio: Numbers
    rate_per_day: Numbers
    offsets_m: Numbers


def arrivals(recording: Recording, settings: ArraySettings) -> tuple[Arrival, ...]:
    """The arrivals of one array, in order of time; empty for a short recording.

    Raises:
        SourceError: if the channels cannot tell a direction, or the band is empty.
    """
    seen = scanned(recording, settings)
    if not len(seen.f_ratio):
        return ()
    groups = families(
        seen.windows.begin_s, seen.slowness, seen.f_ratio, seen.rate_per_day, settings
    )
    found = [_arrival(recording, seen, one, settings) for one in groups]
    return tuple(sorted(found, key=lambda one: (one.time_ns, one.back_azimuth_deg)))


def scanned(recording: Recording, settings: ArraySettings) -> Scanned:
    """Every window of a recording with its best plane wave and its rarity.

    Raises:
        SourceError: if the channels cannot tell a direction, or the band is empty.
    """
    check(recording, settings)
    offsets = recording.offsets_m
    top_hz = min(settings.high_hz, 0.4 * recording.rate_hz)
    step = STEP_PER_BEAM / (top_hz * aperture_m(offsets))
    nodes = grid(settings.slowest_mps, min(step, 5 * FINEST_STEP_S_PER_M))
    crossing_s = aperture_m(offsets) / settings.slowest_mps
    parts = list(_blocks(recording, crossing_s, settings))
    if not parts:
        empty, none = np.empty(0), np.empty((0, 0), np.bool_)
        nothing = Windows(empty, 1.0, 8, 1.0, 1, np.empty((0, 0, 0), complex), none)
        return Scanned(nothing, np.empty((0, 2)), empty, empty, offsets)
    whole = _joined(parts)
    peaks = np.concatenate([best(one, offsets, nodes) for one in parts])
    f_ratio = f_statistic(peaks[:, 2], whole.used.sum(axis=1))
    laws = laws_of(whole, offsets, nodes)
    return Scanned(
        whole, peaks[:, :2], f_ratio, rates_per_day(whole, f_ratio, laws), offsets
    )


def check(recording: Recording, settings: ArraySettings) -> None:
    """Return when the recording can tell directions in the band.

    Raises:
        SourceError: if it cannot.
    """
    if why := unusable(recording, settings):
        raise SourceError(why)


def unusable(recording: Recording, settings: ArraySettings) -> str:
    """Why a recording can tell no direction in the band; empty where it can."""
    if not spans_a_plane(recording.offsets_m):
        return (
            f"array {recording.array_id} has {len(recording.channel_ids)} channels "
            "that stand on one line or point; a direction needs three that do not"
        )
    if 0.4 * recording.rate_hz <= 1.1 * settings.low_hz:
        return (
            f"array {recording.array_id} is sampled at {recording.rate_hz:g} Hz, too "
            f"slow for a band from {settings.low_hz:g} Hz; lower the band"
        )
    if settings.high_hz <= 1.1 * settings.low_hz or settings.low_hz <= 0:
        return (
            f"a band from {settings.low_hz:g} to {settings.high_hz:g} Hz is none; "
            "the upper edge must lie a tenth above the lower"
        )
    return ""


def _blocks(
    recording: Recording, crossing_s: float, settings: ArraySettings
) -> Iterator[Windows]:
    """Windows hour by hour; the next hour goes on where the last window ended."""
    rate = recording.rate_hz
    total = recording.samples.shape[1]
    length = int(BLOCK_S * rate)
    edge = int(EDGE_S * rate)
    reach = int((settings.window_s + 2 * crossing_s + 1) * rate)
    for begin in range(0, total, length):
        first = max(0, begin - edge)
        last = min(total, begin + length + reach + edge)
        part = windows(recording.samples[:, first:last], rate, crossing_s, settings)
        at = part.begin_s + first / rate
        mine = (at >= begin / rate) & (at < (begin + length) / rate)
        phase = np.exp(-1j * np.outer(recording.late_s, part.omega))
        if mine.any():
            yield replace(
                part,
                begin_s=at[mine],
                spectra=part.spectra[mine] * phase,
                used=part.used[mine],
            )


def _joined(parts: list[Windows]) -> Windows:
    return replace(
        parts[0],
        begin_s=np.concatenate([one.begin_s for one in parts]),
        spectra=np.concatenate([one.spectra for one in parts]),
        used=np.concatenate([one.used for one in parts]),
    )


def _arrival(
    recording: Recording, seen: Scanned, family: Family, settings: ArraySettings
) -> Arrival:
    f_ratio = float(seen.f_ratio[family.peak])
    found = direction(
        seen.windows, family.peak, seen.slowness[family.peak], f_ratio, seen.offsets_m
    )
    used = seen.windows.used[family.peak].copy()
    used[list(found.left_out)] = False
    turn, turn_sd, speed, speed_sd = bearing(found, settings, seen.offsets_m[used])
    begin_s = seen.windows.begin_s
    rate = float(seen.rate_per_day[family.peak])
    return Arrival(
        array_id=recording.array_id,
        time_ns=recording.begin_ns + round(found.middle_s * 1e9),
        duration_s=float(begin_s[family.end] - begin_s[family.begin])
        + seen.windows.window_s,
        back_azimuth_deg=float(turn),
        back_azimuth_sd_deg=float(turn_sd),
        trace_velocity_mps=float(speed),
        trace_velocity_sd_mps=float(speed_sd),
        f_ratio=f_ratio,
        p=settings.arrivals_per_day / (settings.arrivals_per_day + rate),
        channels=int(used.sum()),
        left_out=tuple(recording.channel_ids[k] for k in found.left_out),
    )

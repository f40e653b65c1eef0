"""Waves that crossed an array of infrasound or seismic channels.

1. stretches of channels are put together into one recording per array
2. an arrival is what noise would give less than once in two days at this array
3. its place is the part of its bearing within reach, its time the travel from there

One array tells a direction, not a distance. Two arrays that heard one event give long
ellipses that cross; fusion multiplies them and keeps what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import isfinite, log10, pi, radians, sin
from typing import TYPE_CHECKING

from pyproj import Geod

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.waveforms import CHANNELS, SEGMENTS, Channels, Segments
from trucewatch.detect.arrays.assemble import assemble
from trucewatch.detect.arrays.recording import Recording
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.detect.detection import Bearing, Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.strength import days, log10_ratio, spread_km2
from trucewatch.period import Period
from trucewatch.place import SIGMAS_90, Place, where_prec
from trucewatch.record import RecordId

if TYPE_CHECKING:
    from trucewatch.detect.arrays.process import Arrival

# Expert judgement, not fitted (docs/arrays.md).
REACH_KM = 30.0  # an explosion of an artillery shell is rarely heard further off
P_HEARD = 0.5
ARRIVALS_PER_DAY = 24.0  # traffic, quarries, thunder, surf: what no incident explains
AIR_SD_DEG = 2.0  # by which wind turns a path
SLOWEST_MPS = 300.0  # over the ground within reach
LEAST_SEMI_M = 300.0


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per wave that crossed an array in the watched period."""
    tables = {one.table.id: one for one in evidence.columns}
    ordered = [tables[name] for name in sorted(tables)]
    waves = [one for one in ordered if one.table.schema == SEGMENTS]
    stands = [one for one in ordered if one.table.schema == CHANNELS]
    recordings, _ = assemble(
        [Segments.from_columns(one) for one in waves],
        [Channels.from_columns(one) for one in stands],
    )
    cited = sources(evidence, [one.table.id for one in (*waves, *stands)])
    return in_order(_found(recordings, evidence.watched, cited))


def _found(
    recordings: tuple[Recording, ...], watched: Period, cited: tuple[RecordId, ...]
) -> Iterator[Detection]:
    if not recordings:
        return
    from trucewatch.detect.arrays.process import arrivals, unusable

    settings = ArraySettings()
    for recording in recordings:
        if unusable(recording, settings):
            continue
        for one in arrivals(recording, settings):
            instant = datetime.fromtimestamp(one.time_ns // 1000 / 1e6, UTC)
            if watched.contains(instant):
                yield _detection(one, recording, instant, cited)


def _detection(
    one: Arrival,
    recording: Recording,
    instant: datetime,
    cited: tuple[RecordId, ...],
) -> Detection:
    place = _along(one, recording)
    bearing = _bearing(one, recording, instant)
    slack_s = 1 + 2 * bearing.clock_sigma_s
    begin = instant - timedelta(seconds=REACH_KM * 1000 / SLOWEST_MPS + slack_s - 1)
    time = Period(begin, instant + timedelta(seconds=slack_s))
    clutter = log10(ARRIVALS_PER_DAY / (pi * REACH_KM**2))
    ratio = log10_ratio(P_HEARD * one.p, clutter, spread_km2(place) * days(time))
    return Detection(
        detector="infrasound",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.EXPLOSION]),
        units=None,
        place=place,
        time=time,
        log10_likelihood_ratio=ratio,
        independence=f"array:{one.array_id}",
        place_prec=where_prec(place),
        measured=bearing,
        derived_from=cited,
    )


def _bearing(one: Arrival, recording: Recording, instant: datetime) -> Bearing:
    lat_deg, lon_deg = recording.centre_deg
    clock, sigma_s = recording.clock_at(one.time_ns)
    return Bearing(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        time=instant,
        back_azimuth_deg=one.back_azimuth_deg,
        back_azimuth_sd_deg=one.back_azimuth_sd_deg,
        trace_velocity_mps=one.trace_velocity_mps,
        trace_velocity_sd_mps=one.trace_velocity_sd_mps,
        reach_m=REACH_KM * 1000,
        clock=clock,
        clock_sigma_s=sigma_s if isfinite(sigma_s) else 0.0,
    )


def _along(one: Arrival, recording: Recording) -> Place:
    """The ellipse that spans the bearing from the array to the end of its reach."""
    lat, lon = recording.centre_deg
    half_m = REACH_KM * 500
    to_lon, to_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, one.back_azimuth_deg, half_m)
    sd_deg = min((one.back_azimuth_sd_deg**2 + AIR_SD_DEG**2) ** 0.5, 30.0)
    across_m = max(half_m * sin(radians(sd_deg)) * SIGMAS_90, LEAST_SEMI_M)
    return Place(
        lat_deg=to_lat,
        lon_deg=to_lon,
        semi_major_m=half_m,
        semi_minor_m=min(across_m, half_m),
        azimuth_deg=one.back_azimuth_deg % 180,
    )

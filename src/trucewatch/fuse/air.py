"""What weather reports say of the air over a network, and how far they are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.planar import distance_m
from trucewatch.collect.source import Columns
from trucewatch.collect.weather import WEATHER, WeatherReports
from trucewatch.fuse.acoustic.network import Weather

Reals = NDArray[np.float64]

REACH_M = 100_000.0  # a station farther off says nothing of a network
GAP_NS = 3 * 3_600 * 1_000_000_000  # nor does a report longer before or after
C_PER_K_MPS = 0.606  # dry air near 10 degrees Celsius
# What no report tells, expert judgement: humidity, and the sun on the lowest metres;
# how much more wind sound meets on its way than a mast of 10 m does.
UNTOLD_SPEED_MPS = 0.6
UNTOLD_WIND_MPS = 1.0


@dataclass(frozen=True, slots=True)
class Air:
    """A forecast for the engine, and the standard deviation of what it gets wrong.

    Attributes:
        weather: times in seconds since the origin that was asked for.
        air_speed_mps: of the sound speed.
        wind_mps: of the wind, of each component.
    """

    weather: Weather
    air_speed_mps: float
    wind_mps: float


@dataclass(frozen=True, slots=True)
class _Reports:
    """Reports of a stretch, shape ``(n,)`` each, in one order."""

    time_ns: NDArray[np.int64]
    temp_c: Reals
    wind_u_mps: Reals
    wind_v_mps: Reals
    temp_sd_k: Reals
    wind_sd_mps: Reals


def air_over(
    columns: Sequence[Columns], lonlat_deg: Reals, stretch_ns: tuple[int, int]
) -> Air | None:
    """The air at a place, as the nearest station tells; times from the stretch's start.

    Reports without a place are of all places, and come after those of stations. None
    where some time of the stretch lies more than three hours from any report.

    Args:
        columns: tables of any kind.
        lonlat_deg: longitude and latitude of the place, shape (2,).
        stretch_ns: begin and end, nanoseconds since 1970-01-01 UTC.
    """
    begin_ns, end_ns = stretch_ns
    found = _nearest(columns, lonlat_deg, (begin_ns - GAP_NS, end_ns + GAP_NS))
    if found is None:
        return None
    edges = np.concatenate([[begin_ns - GAP_NS], found.time_ns, [end_ns + GAP_NS]])
    if np.diff(edges).max() > 2 * GAP_NS:
        return None
    temp_sd, wind_sd = _rms(found.temp_sd_k), _rms(found.wind_sd_mps)
    return Air(
        Weather(
            time_s=(found.time_ns - begin_ns) / 1e9,
            temp_c=found.temp_c,
            wind_u_mps=found.wind_u_mps,
            wind_v_mps=found.wind_v_mps,
        ),
        air_speed_mps=_both(C_PER_K_MPS * temp_sd, UNTOLD_SPEED_MPS),
        wind_mps=_both(wind_sd, UNTOLD_WIND_MPS),
    )


def _nearest(
    columns: Sequence[Columns], lonlat_deg: Reals, within_ns: tuple[int, int]
) -> _Reports | None:
    """All reports of the nearest station, one for each time, in order of time."""
    tables = {one.table.id: one for one in columns if one.table.schema == WEATHER}
    read = [WeatherReports.from_columns(tables[name]) for name in sorted(tables)]
    if not read:
        return None
    names = (*_Reports.__slots__, "lat_deg", "lon_deg")
    every = {
        name: np.concatenate([getattr(one, name) for one in read]) for name in names
    }
    time = every["time_ns"]
    spots = np.column_stack([every.pop("lon_deg"), every.pop("lat_deg")])
    placed = np.isfinite(spots[:, 0])
    # Beyond all stations, and within reach: places nobody told.
    far_m = np.full(time.size, REACH_M)
    here = np.broadcast_to(lonlat_deg, (int(placed.sum()), 2))
    far_m[placed] = distance_m(here, spots[placed])
    good = (time >= within_ns[0]) & (time < within_ns[1]) & (far_m <= REACH_M)
    if not good.any():
        return None
    good &= far_m == far_m[good].min()
    kept = {name: column[good] for name, column in every.items()}
    order = np.lexsort([kept[name] for name in reversed(_Reports.__slots__)])
    first = np.r_[True, np.diff(kept["time_ns"][order]) > 0]
    return _Reports(**{name: column[order][first] for name, column in kept.items()})


def _rms(values: Reals) -> float:
    return float(np.sqrt(np.mean(values * values)))


def _both(one: float, other: float) -> float:
    return float(np.sqrt(one * one + other * other))

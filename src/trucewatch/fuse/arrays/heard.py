"""What arrays heard, and what is assumed of waves on their way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heard:
    """One arrival at one array.

    Attributes:
        name: of the detection, unique.
        array_id: which array; of one array one arrival at most comes of one event.
        lat_deg: of the array.
        lon_deg: of the array.
        time_s: since 1970-01-01 UTC.
        back_azimuth_deg: clockwise from north.
        back_azimuth_sd_deg: of the measurement alone, without the air's share.
    """

    name: str
    array_id: str
    lat_deg: float
    lon_deg: float
    time_s: float
    back_azimuth_deg: float
    back_azimuth_sd_deg: float


@dataclass(frozen=True, slots=True)
class LocationSettings:
    """What is assumed of events, air and arrays; judgement where no source is named.

    Attributes:
        reach_km: no event is heard further off.
        events_per_day: of events within reach of the arrays.
        p_heard: that an array within reach hears an event.
        clutter_per_day: other arrivals at one array, from any direction.
        deviation_deg: by which the air turns one path, beyond that wind.
        zonal_sd_mps: of the wind 50 km up towards the east about its season's.
        meridional_sd_mps: of the same towards the north, about none.
        p_off_season: that the season's wind says nothing of the day.
        p_least: an event less probable is none.
        arrays_least: an event heard by fewer is none.
    """

    reach_km: float = 1000.0
    events_per_day: float = 1.0
    p_heard: float = 0.8
    clutter_per_day: float = 24.0
    deviation_deg: float = 2.0
    zonal_sd_mps: float = 15.0
    meridional_sd_mps: float = 10.0
    p_off_season: float = 0.25
    p_least: float = 0.5
    arrays_least: int = 2


def measured_sd_deg(f_ratio: float, channels: int) -> float:
    """Standard deviation of a back-azimuth where only F and channels are known.

    Source: MODEL 1.3, channel B: von Mises with concentration ``2 (N - 1) F``.
    """
    from math import degrees, sqrt

    return degrees(1 / sqrt(max(2 * (channels - 1) * f_ratio, 1e-3)))

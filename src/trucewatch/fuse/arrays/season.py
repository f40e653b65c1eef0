"""What the wind 50 km up usually does: it opens and closes the way of distant sound."""

from __future__ import annotations

from datetime import UTC, datetime
from math import cos, pi, radians, sin

# Zonal mean wind at the stratopause, positive towards the east, a year's mean and a
# wave with its peak in the middle of winter, strongest at 45 degrees. Rounded to 5 m/s;
# tropics and single weeks differ by 15 m/s and more. Source: CIRA-86, Fleming et al.
# 1990, doi:10.1016/0273-1177(90)90386-E, read off for 30 to 60 degrees.
MEAN_MPS = 5.0
WAVE_MPS = 40.0
_PEAK_DAY = 15.0
_YEAR_DAYS = 365.25


def zonal_wind_mps(lat_deg: float, time_s: float) -> float:
    """The usual wind 50 km above a latitude, positive towards the east.

    Args:
        lat_deg: north positive.
        time_s: since 1970-01-01 UTC; only the day of the year counts.
    """
    day = datetime.fromtimestamp(time_s, UTC).timetuple().tm_yday
    season = cos(2 * pi * (day - _PEAK_DAY) / _YEAR_DAYS)
    winter = season if lat_deg >= 0 else -season
    return sin(radians(min(2 * abs(lat_deg), 180.0))) * (MEAN_MPS + WAVE_MPS * winter)

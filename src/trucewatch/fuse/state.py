"""Where and when an incident is taken to be while channels are asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, erf, pi, radians, sqrt

from trucewatch.detect.ellipse import EARTH_M
from trucewatch.period import Period

LEAST_INSIDE = 1e-12  # of a normal law in an interval: beyond, nothing is told apart
METRES_PER_DEG = EARTH_M * pi / 180

# A residual in standard deviations, and how it changes per metre east, per metre north
# and per second of the incident's state.
Row = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class State:
    """One place and instant.

    Attributes:
        lat_deg: north positive.
        lon_deg: east positive, in [-180, 180).
        time_s: since 1970-01-01 UTC.
        time_sd_s: standard deviation of the time, 0 while it is sought.
    """

    lat_deg: float
    lon_deg: float
    time_s: float
    time_sd_s: float = 0.0

    def moved(self, east_m: float, north_m: float, later_s: float) -> State:
        """The state so far east, north and later; undoes ``offset``."""
        lat_deg = max(-90.0, min(90.0, self.lat_deg + north_m / METRES_PER_DEG))
        flat = max(1e-9, cos(radians((self.lat_deg + lat_deg) / 2)))
        lon_deg = self.lon_deg + east_m / (METRES_PER_DEG * flat)
        later = self.time_s + later_s
        return State(lat_deg, (lon_deg + 180) % 360 - 180, later, self.time_sd_s)


def offset(lat_deg: float, lon_deg: float, state: State) -> tuple[float, float]:
    """Metres east and north from a point to a state, flat; good to 100 km."""
    east_deg = (state.lon_deg - lon_deg + 180) % 360 - 180
    flat = cos(radians((lat_deg + state.lat_deg) / 2))
    return east_deg * METRES_PER_DEG * flat, (state.lat_deg - lat_deg) * METRES_PER_DEG


def p_inside(period: Period, state: State) -> float:
    """The share of a normal time that lies in a period, never below 1e-12."""
    begin_s, end_s = period.begin.timestamp(), period.end.timestamp()
    if state.time_sd_s <= 0:
        return 1.0 if begin_s <= state.time_s < end_s else LEAST_INSIDE
    scale = state.time_sd_s * sqrt(2)
    high, low = (end_s - state.time_s) / scale, (begin_s - state.time_s) / scale
    return max((erf(high) - erf(low)) / 2, LEAST_INSIDE)


def misfit_of(rows: tuple[Row, ...]) -> float:
    """Half the squared residuals: nats below the best fit."""
    return sum(one[0] * one[0] for one in rows) / 2

"""Waves at an array of infrasound or seismic channels: a bearing and an arrival.

Channel B of MODEL 1.3:

    LLR = log P + log vM(bearing) + log f(travel time) + log N(trace velocity)
        - log clutter per second, radian and metre per second

with the bearing law and the reciprocal-celerity mixture of ``fuse.arrays.likelihood``.
An array alone keeps the long ellipse its detector draws along the bearing; together
with anything else its bearing and its arrival are taken as they were measured.
"""

from __future__ import annotations

from math import atan2, exp, hypot, log10, pi, radians, sqrt

import numpy as np

from trucewatch.detect.detection import Bearing
from trucewatch.fuse.arrays.heard import LocationSettings
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, ellipse_rows, plain_ratio
from trucewatch.fuse.state import Row, State, offset

SETTINGS = LocationSettings()
P_HEARD = 0.5  # within reach, as the detector takes it
P_BEYOND = 0.005  # farther off; never 0, so that the mode can be found
# Sound that runs along the ground, and what other waves do: judgement, not fitted.
TRACE_MPS = 345.0
TRACE_SD_MPS = 20.0
OTHER_TRACES_MPS = 350.0  # width of the band in which other waves fall evenly
NEAREST_M = 100.0
# Of the straight path. Source: as MEANS and SDS of fuse.arrays.likelihood.
SLOW_S_PER_KM = 1 / 0.327
SLOW_SD_S_PER_KM = 0.066
CLOCK_S = 1.0


def capacity(cell: Cell) -> Capacity:
    """One: a wave comes from one incident."""
    return Capacity.ONE


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """How far bearing and arrival are off; the ellipse where there is no bearing."""
    seen = cell.best.measured
    if not isinstance(seen, Bearing):
        return ellipse_rows(cell, state)
    east, north = offset(seen.lat_deg, seen.lon_deg, state)
    away_m = max(hypot(east, north), NEAREST_M)
    turn, slow = 1 / _bearing_sd(seen), SLOW_S_PER_KM / 1000
    clock_s = hypot(CLOCK_S, seen.clock_sigma_s)
    sd_s = hypot(SLOW_SD_S_PER_KM * away_m / 1000, clock_s)
    late_s = seen.time.timestamp() - state.time_s - slow * away_m
    return (
        (
            _off(seen, east, north) * turn,
            -north / away_m**2 * turn,
            east / away_m**2 * turn,
            0.0,
        ),
        (
            late_s / sd_s,
            -slow * east / away_m / sd_s,
            -slow * north / away_m / sd_s,
            -1 / sd_s,
        ),
    )


def log10_ratio(cell: Cell, state: State) -> float:
    """Log10 of the chance of this arrival from there and then over clutter's."""
    seen = cell.best.measured
    if not isinstance(seen, Bearing):
        return plain_ratio(cell, state)
    from trucewatch.fuse.arrays.likelihood import arrival_density, bearing_density

    east, north = offset(seen.lat_deg, seen.lon_deg, state)
    away_m = max(hypot(east, north), NEAREST_M)
    kappa = np.float64(1 / _bearing_sd(seen) ** 2)
    turn = bearing_density(np.float64(_off(seen, east, north)), kappa)
    travel_s = seen.time.timestamp() - state.time_s
    arrival = arrival_density(travel_s, away_m / 1000, 0.0)
    p = p_detect(seen, away_m)
    clutter = SETTINGS.clutter_per_day / 86_400 / (2 * pi) / OTHER_TRACES_MPS
    return log10(max(p * turn * arrival * _trace_density(seen) / clutter, 1e-30))


def p_detect(seen: Bearing, away_m: float) -> float:
    """That the array notices an act of the kind looked for at such a distance."""
    return P_HEARD if away_m <= seen.reach_m else P_BEYOND


def _bearing_sd(seen: Bearing) -> float:
    """Of measurement and air together, in radians."""
    return radians(hypot(seen.back_azimuth_sd_deg, SETTINGS.deviation_deg))


def _off(seen: Bearing, east_m: float, north_m: float) -> float:
    """Measured less expected bearing, in radians, in [-pi, pi)."""
    turn = radians(seen.back_azimuth_deg) - atan2(east_m, north_m)
    return (turn + pi) % (2 * pi) - pi


def _trace_density(seen: Bearing) -> float:
    """Density of the trace velocity, per m/s."""
    sd = hypot(TRACE_SD_MPS, seen.trace_velocity_sd_mps)
    z = (seen.trace_velocity_mps - TRACE_MPS) / sd
    return exp(-z * z / 2) / (sqrt(2 * pi) * sd)

"""Seismic P and S, and sound at a seismic station, of one incident.

Channel C of MODEL 1.3, near and at the surface: of every phase the station read

    LLR = log P + log t4((read - expected) / s) / s - log clutter per second

with Student's t of four degrees of freedom and ``s`` growing with the travel time. A
phase that was not read says nothing here: whether the station listened is asked of its
looks. The circle its detector draws stands alone; together with anything else the times
are taken as they were read.
"""

from __future__ import annotations

from math import hypot, log, log1p, log10

from trucewatch.collect.seismic import Phase
from trucewatch.detect.detection import Onset, Shaking
from trucewatch.detect.ground import P_FELT, PATH_RATIO, SPEED_MPS
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, ellipse_rows, plain_ratio
from trucewatch.fuse.state import Row, State, offset

BEYOND_RATIO = 0.01  # of that, farther off; never 0, so that the mode can be found
NEAREST_M = 100.0
FREEDOM = 4.0
LOG_PEAK = -0.9808292530117262  # log of the density of t4 at 0: log(3 / 8)
DAY_S = 86_400.0


def capacity(cell: Cell) -> Capacity:
    """One: what shakes a station comes from one incident."""
    return Capacity.ONE


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """How late each phase is; the circle where no phase was kept."""
    seen = cell.best.measured
    if not isinstance(seen, Shaking):
        return ellipse_rows(cell, state)
    east, north = offset(seen.lat_deg, seen.lon_deg, state)
    away_m = max(hypot(east, north), NEAREST_M)
    made: list[Row] = []
    for one in seen.onsets:
        late_s, sd_s = _late(one, away_m, state)
        phase = Phase(one.phase)
        # Farther off the wave is expected later, and its scale grows.
        per_m = (1 + PATH_RATIO[phase] * late_s / sd_s) / SPEED_MPS[phase] / sd_s
        slope = per_m / away_m
        made.append((late_s / sd_s, -slope * east, -slope * north, -1 / sd_s))
    return tuple(made)


def log10_ratio(cell: Cell, state: State) -> float:
    """Log10 of the chance of these onsets from there and then over clutter's."""
    seen = cell.best.measured
    if not isinstance(seen, Shaking):
        return plain_ratio(cell, state)
    east, north = offset(seen.lat_deg, seen.lon_deg, state)
    away_m = max(hypot(east, north), NEAREST_M)
    total = 0.0
    for one in seen.onsets:
        late_s, sd_s = _late(one, away_m, state)
        tail = (FREEDOM + 1) / 2 * log1p((late_s / sd_s) ** 2 / FREEDOM)
        density = (LOG_PEAK - tail - log(sd_s)) / log(10)
        heard = log10(p_detect(seen, Phase(one.phase), away_m))
        total += heard + density - log10(one.clutter_per_day / DAY_S)
    return max(total, -30.0)


def p_detect(seen: Shaking, phase: Phase, away_m: float) -> float:
    """That the station reads a phase of an act of the kind looked for, so far off."""
    return P_FELT[phase] * (1.0 if away_m <= seen.reach_m else BEYOND_RATIO)


def _late(one: Onset, away_m: float, state: State) -> tuple[float, float]:
    """Read less expected, and its scale, both in seconds."""
    phase = Phase(one.phase)
    takes_s = away_m / SPEED_MPS[phase]
    late_s = one.time.timestamp() - state.time_s - takes_s
    return late_s, one.sd_s + PATH_RATIO[phase] * takes_s

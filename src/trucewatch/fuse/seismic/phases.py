"""What seismic stations picked, and the law of such picks.

Channel C of MODEL 1.3: of an event at a place, a depth and a time, a station

    misses the phase      log (1 - P)
    picked it             log P + log t4((observed - expected) / s) / s - log clutter

with Student's t of four degrees of freedom, s growing with the travel time, P falling
with distance and the clutter of each station and phase as often as it picks at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from trucewatch.fuse.acoustic.elementary import exp_of, log_of

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

FREEDOM = 4.0
LOG_PEAK = -0.9808292530117262  # log of the density of t4 at 0: log(3 / 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """Where stations stand, one row each, in a plane of metres.

    Attributes:
        x_m: east, shape (n,).
        y_m: north, shape (n,).
        elevation_m: above the zero of depths, shape (n,).
    """

    x_m: Reals
    y_m: Reals
    elevation_m: Reals


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePicks:
    """Onsets that were read, shape (k,) each, in any order.

    Attributes:
        time_s: from any origin.
        station: row of the stations.
        is_s: whether it was read as S; as P otherwise.
    """

    time_s: Reals
    station: Whole
    is_s: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class SeismicSettings:
    """What is assumed of ground, stations and events.

    Attributes:
        p_mps: speed of P waves, the same everywhere.
        s_mps: speed of S waves.
        pick_s: error of reading an onset.
        path_ratio: error of the travel time over the travel time.
        p_picked: that a station beside an event picks a phase of it.
        reach_m: where a station picks half as often.
        deepest_m: no event is looked for deeper.
        margin_m: how far outside the stations events are looked for.
        events_per_day: how many are expected.
        picks_least: an event with fewer is none.
        p_least: an event less probable is none.
    """

    p_mps: float = 7_000.0
    s_mps: float = 4_000.0
    pick_s: float = 0.3
    path_ratio: float = 0.015
    p_picked: float = 0.7
    reach_m: float = 250_000.0
    deepest_m: float = 200_000.0
    margin_m: float = 100_000.0
    events_per_day: float = 50.0
    picks_least: int = 6
    p_least: float = 0.5


def travel_s(
    state: Reals, stations: Stations, settings: SeismicSettings
) -> tuple[Reals, Reals]:
    """Travel times (s) of P and S, shape (2, n), and distances (m) to n stations.

    Args:
        state: x, y, depth (m) and time of an event.
        stations: n of them.
        settings: the speeds.
    """
    off = np.stack([
        stations.x_m - state[0],
        stations.y_m - state[1],
        stations.elevation_m + state[2],
    ])
    away_m = np.sqrt((off * off).sum(axis=0))
    speeds = np.array([[settings.p_mps], [settings.s_mps]])
    return away_m / speeds, away_m


def sigma_s(expected_s: Reals, settings: SeismicSettings) -> Reals:
    """Scale of the residual of arrivals that took so long."""
    return settings.pick_s + settings.path_ratio * expected_s


def log_law(off_ratio: Reals, scale_s: Reals) -> Reals:
    """Log density of residuals in scales, per second."""
    tail = -(FREEDOM + 1) / 2 * logs(1 + off_ratio * off_ratio / FREEDOM)
    return np.asarray(LOG_PEAK + tail - logs(scale_s))


def p_detect(away_m: Reals, settings: SeismicSettings) -> Reals:
    """That a station so far off picks a phase of an event."""
    beyond = (away_m - settings.reach_m) / (0.25 * settings.reach_m)
    odds = [exp_of(one) for one in np.clip(beyond, -40, 40).tolist()]
    return np.asarray(settings.p_picked / (1 + np.array(odds)))


def logs(values_ratio: Reals) -> Reals:
    """Natural logarithms of positive numbers, to the same bit on every machine."""
    return np.array([log_of(one) for one in values_ratio.tolist()])


def total(values_ratio: Reals) -> float:
    """The sum, rounded once, so that no machine's order of adding shows."""
    return fsum(values_ratio.tolist())

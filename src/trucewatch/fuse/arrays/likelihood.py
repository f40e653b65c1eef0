"""How likely what the arrays heard is, for events at many places and times at once.

Channel B of the one model (MODEL 1.2 and 1.3). Of every array within reach

    L = 1 - P + sum over its arrivals  P vM(bearing) f(travel time) / clutter

is the chance of what it heard if there was an event over the chance if there was none:
a miss, or any one arrival being the event's. The product over arrays, times the birth
density, integrated over time and air, is the posterior density over place.
"""

from __future__ import annotations

from math import exp, pi, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# Reciprocal celerity, s/km: weight, mean, sd of tropospheric, stratospheric and
# thermospheric paths. Source: Blom et al. 2015, doi:10.1093/gji/ggv378, as infrapy
# ships it; at less than NEAR_KM only the first two exist, sound goes straight.
WEIGHTS = np.array([0.054, 0.090, 0.856])
MEANS = np.array([1 / 0.327, 1 / 0.293, 1 / 0.26])
SDS = np.array([0.066, 0.080, 0.330])
NEAR_WEIGHTS = np.array([0.9, 0.1, 0.0])
NEAR_KM = 50.0
SLOWNESS_STEP = 0.025
SLOWNESS = np.arange(2.80, 4.90 + 1e-9, SLOWNESS_STEP)  # s/km, nodes of origin times

SOUND_MPS = 330.0  # of fronts, for the angle a cross-wind turns them by
CLOCK_S = 1.0  # of an arrival's time: what of a wave train is called its time


@njit(cache=True, error_model="numpy")
def arrival_density(travel_s: float, away_km: float, along_mps: float) -> float:
    """Density per second of a travel time over ``away_km`` with a wind along the path.

    The wind adds to the celerity of every path.
    """
    total = 0.0
    near = away_km < NEAR_KM
    for j in range(3):
        weight = NEAR_WEIGHTS[j] if near else WEIGHTS[j]
        slow = 1.0 / (1.0 / MEANS[j] + along_mps * 1e-3)
        sd = sqrt((SDS[j] * away_km) ** 2 + CLOCK_S**2)
        off = (travel_s - slow * away_km) / sd
        if abs(off) < 8.0:
            total += weight * exp(-0.5 * off * off) / sd
    return total / sqrt(2 * pi)


@njit(cache=True, error_model="numpy")
def over_times(
    paths: Numbers, heard: Numbers, anchor: int, assumed: Numbers, winds: Numbers
) -> Numbers:
    """Likelihood ratio at every place, wind and origin time that suits the anchor.

    Args:
        paths: distance (km) and azimuth (rad) from every array to every place, shape
            ``(2, n_arrays, n_places)``.
        heard: per arrival time (s), back-azimuth (rad), concentration, number of its
            array.
        anchor: number of the arrival that is the event's by assumption.
        assumed: P heard, clutter per s and rad, reach in km.
        winds: east, north (m/s) and weight of every common wind tried.

    Returns:
        Shape ``(n_places, n_winds, n_times)``; origin time ``k`` is the anchor's less
        ``SLOWNESS[k]`` times its distance. The density of the time is included.
    """
    _, n_arrays, n_places = paths.shape
    out = np.zeros((n_places, len(winds), len(SLOWNESS)))
    home = int(heard[anchor, 3])
    turn, along = np.empty(len(heard)), np.empty(n_arrays)
    chance = np.empty(n_arrays)
    for place in range(n_places):
        away_km = paths[0, :, place]
        if away_km[home] > assumed[2]:
            continue
        for w in range(len(winds)):
            wind = winds[w]
            _in_air(paths[1, :, place], heard, wind, turn, along)
            if turn[anchor] < 1e-6:
                continue
            weight = wind[2] * SLOWNESS_STEP * away_km[home]
            for k in range(len(SLOWNESS)):
                origin_s = heard[anchor, 0] - SLOWNESS[k] * away_km[home]
                out[place, w, k] = weight * _of_all(
                    away_km, heard, origin_s, (turn, along, chance), anchor, assumed
                )
    return out


@njit(cache=True, error_model="numpy")
def _in_air(
    azimuth: Numbers, heard: Numbers, wind: Numbers, turn: Numbers, along: Numbers
) -> None:
    """Write the density of every bearing (per rad) and the wind along every path."""
    for a in range(len(azimuth)):
        # A wave from the place to the array runs against the azimuth.
        along[a] = -(wind[0] * np.sin(azimuth[a]) + wind[1] * np.cos(azimuth[a]))
    for i in range(len(heard)):
        expected = azimuth[int(heard[i, 3])]
        # Cross-wind turns the front: it seems to come from further upwind.
        across = wind[0] * np.cos(expected) - wind[1] * np.sin(expected)
        off = heard[i, 1] - expected + across / SOUND_MPS
        turn[i] = bearing_density(off, heard[i, 2])


@njit(cache=True, error_model="numpy")
def bearing_density(off: np.float64, kappa: np.float64) -> float:
    """Density per rad of a bearing so far off: von Mises, concentration above 10."""
    return sqrt(kappa / (2 * pi)) * exp(kappa * (np.cos(off) - 1.0))


@njit(cache=True, error_model="numpy")
def _of_all(
    away_km: Numbers,
    heard: Numbers,
    origin_s: float,
    air: tuple[Numbers, Numbers, Numbers],
    anchor: int,
    assumed: Numbers,
) -> float:
    """Product over arrays of what each heard, for one place, wind and origin time."""
    turn, along, chance = air
    home = int(heard[anchor, 3])
    for a in range(len(chance)):
        chance[a] = 1.0 if away_km[a] > assumed[2] else 1.0 - assumed[0]
    chance[home] = 0.0
    for i in range(len(heard)):
        a = int(heard[i, 3])
        if (a == home and i != anchor) or away_km[a] > assumed[2] or turn[i] < 1e-9:
            continue
        density = arrival_density(heard[i, 0] - origin_s, away_km[a], along[a])
        chance[a] += assumed[0] * turn[i] * density / assumed[1]
    product = 1.0
    for a in range(len(chance)):
        product *= chance[a]
    return product

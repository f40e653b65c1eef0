"""How likely what the arrays heard is, for events at many places and times at once.

Channel B of the one model (MODEL 1.2 and 1.3). Of every array within reach

    L = 1 - P + sum over its arrivals  P vM(bearing) f(travel time) / clutter

is the chance of what it heard if there was an event over the chance if there was none:
a miss, or any one arrival being the event's. The product over arrays, times the birth
density, integrated over time and air, is the posterior density over place.
"""

from __future__ import annotations

from math import erfc, exp, pi, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# Reciprocal celerity, s/km: mean and sd of tropospheric, stratospheric and
# thermospheric paths, and their shares over a year and all directions. Source: Blom et
# al. 2015, doi:10.1093/gji/ggv378, as infrapy ships it.
MEANS = np.array([1 / 0.327, 1 / 0.293, 1 / 0.26])
SDS = np.array([0.066, 0.080, 0.330])
SHARES = np.array([0.054, 0.090, 0.856])
# At less than NEAR_KM sound goes straight, or by the stratosphere's lower edge.
NEAR_KM = 50.0
NEAR_SHARE = 0.9
# What the wind along the path at 50 km does, and from which distance sound comes down
# again: mean and sd. Source: rays through 3,000 random standard atmospheres,
# benchmarks/rays.py.
DUCT_MPS, DUCT_SD_MPS = 9.0, 11.0  # a stratospheric path exists from there on
HIGH_KM_PER_S = 0.00047  # that a thermospheric path gains per m/s along
RETURN_KM = np.array([0.0, 257.0, 313.0])
RETURN_SD_KM = np.array([1.0, 56.0, 60.0])
TURN_RAD = 0.0014  # by which a path seems to come from, per m/s across
# Share of what comes by the thermosphere that is left to be heard above 0.5 Hz, and of
# what reaches the ground where no ray does. Expert judgement, not fitted.
HIGH_HEARD = 0.3
SHADOW = 0.02

SLOWNESS_STEP = 0.025
SLOWNESS = np.arange(2.80, 4.90 + 1e-9, SLOWNESS_STEP)  # s/km, nodes of origin times
CLOCK_S = 1.0  # of an arrival's time: what of a wave train is called its time


@njit(cache=True, error_model="numpy")
def arrival_density(travel_s: float, away_km: float, along_mps: float) -> float:
    """Density per second of a travel time over ``away_km``.

    ``along_mps`` is the wind 50 km up along the path. It decides whether there is a
    stratospheric path, and speeds the thermospheric one; NaN where nothing is known of
    it, and then all seasons and directions are one.
    """
    kinds = np.empty((3, 3))
    _kinds(away_km, along_mps, kinds)
    return _density(travel_s, kinds)


@njit(cache=True, error_model="numpy")
def _kinds(away_km: float, along_mps: float, kinds: Numbers) -> None:
    """Write height of its peak, mean and sd (s) of the travel time by each kind."""
    _shares(away_km, along_mps, kinds[:, 0])
    for j in range(3):
        slow = MEANS[j]
        if j == 2 and not np.isnan(along_mps):
            slow = 1.0 / (1.0 / slow + HIGH_KM_PER_S * along_mps)
        sd = sqrt((SDS[j] * away_km) ** 2 + CLOCK_S**2)
        kinds[j, 0] /= sd * sqrt(2 * pi)
        kinds[j, 1], kinds[j, 2] = slow * away_km, sd


@njit(cache=True, error_model="numpy")
def _density(travel_s: float, kinds: Numbers) -> float:
    """Density per second of a travel time among the kinds of one path."""
    total = 0.0
    for j in range(3):
        off = (travel_s - kinds[j, 1]) / kinds[j, 2]
        if abs(off) < 8.0:
            total += kinds[j, 0] * exp(-0.5 * off * off)
    return total


@njit(cache=True, error_model="numpy")
def _shares(away_km: float, along_mps: float, share: Numbers) -> None:
    """Write how what is heard so far off divides among the three kinds of path."""
    if away_km < NEAR_KM:
        share[0], share[1], share[2] = NEAR_SHARE, 1.0 - NEAR_SHARE, 0.0
        return
    if np.isnan(along_mps):
        share[:] = SHARES
        return
    duct = _below((along_mps - DUCT_MPS) / DUCT_SD_MPS)
    share[0] = SHARES[0]
    share[1], share[2] = (1 - SHARES[0]) * duct, (1 - SHARES[0]) * HIGH_HEARD
    total = share[0]
    for j in range(1, 3):
        back = _below((away_km - RETURN_KM[j]) / RETURN_SD_KM[j])
        share[j] *= SHADOW + (1 - SHADOW) * back
        total += share[j]
    for j in range(3):
        share[j] /= total


@njit(cache=True, error_model="numpy")
def _below(sigmas: float) -> float:
    """Share of a normal law below so many of its standard deviations."""
    return 0.5 * erfc(-sigmas / sqrt(2.0))


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
        winds: east, north (m/s, 50 km up; NaN for no forecast) and weight of each.

    Returns:
        Shape ``(n_places, n_winds, n_times)``; origin time ``k`` is the anchor's less
        ``SLOWNESS[k]`` times its distance. The density of the time is included.
    """
    _, n_arrays, n_places = paths.shape
    out = np.zeros((n_places, len(winds), len(SLOWNESS)))
    home = int(heard[anchor, 3])
    turn = np.empty(len(heard))
    kinds = np.empty((n_arrays, 3, 3))
    for place in range(n_places):
        away_km, azimuth = paths[0, :, place], paths[1, :, place]
        if away_km[home] > assumed[2]:
            continue
        for w in range(len(winds)):
            wind = winds[w]
            for i in range(len(heard)):
                turn[i] = _gain(away_km, azimuth, heard[i], wind, assumed)
            if turn[anchor] < 1e-6 * assumed[0] / assumed[1]:
                continue
            for a in range(n_arrays):
                _kinds(away_km[a], along_path(azimuth[a], wind), kinds[a])
            weight = wind[2] * SLOWNESS_STEP * away_km[home]
            missed = np.where(away_km > assumed[2], 1.0, 1.0 - assumed[0])
            for k in range(len(SLOWNESS)):
                origin_s = heard[anchor, 0] - SLOWNESS[k] * away_km[home]
                out[place, w, k] = weight * _of_all(
                    heard, origin_s, (turn, kinds, missed), anchor
                )
    return out


@njit(cache=True, error_model="numpy")
def _gain(
    away_km: Numbers, azimuth: Numbers, one: Numbers, wind: Numbers, assumed: Numbers
) -> float:
    """What an arrival's bearing says for the event over clutter, per density of time.

    0 where it says nothing, or the array is out of reach.
    """
    a = int(one[3])
    if away_km[a] > assumed[2]:
        return 0.0
    off = one[1] - azimuth[a] - turned(away_km[a], azimuth[a], wind)
    density = bearing_density(off, one[2])
    return assumed[0] * density / assumed[1] if density > 1e-9 else 0.0


@njit(cache=True, error_model="numpy")
def along_path(azimuth: np.float64, wind: Numbers) -> float:
    """Wind (m/s) along a path that reaches an array from ``azimuth`` (rad)."""
    # A wave from the place to the array runs against the azimuth.
    return float(-(wind[0] * np.sin(azimuth) + wind[1] * np.cos(azimuth)))


@njit(cache=True, error_model="numpy")
def turned(away_km: float, azimuth: np.float64, wind: Numbers) -> float:
    """Angle (rad) by which sound carried by the wind seems to come from downwind.

    The way over the ground is the front's own way and the wind's together, so the front
    heads into the wind, and back along it lies a place downwind of the source.
    """
    across = wind[0] * np.cos(azimuth) - wind[1] * np.sin(azimuth)
    known = away_km >= NEAR_KM and not np.isnan(across)
    return float(TURN_RAD * across) if known else 0.0


@njit(cache=True, error_model="numpy")
def bearing_density(off: np.float64, kappa: np.float64) -> float:
    """Density per rad of a bearing so far off: von Mises, concentration above 10."""
    return sqrt(kappa / (2 * pi)) * exp(kappa * (np.cos(off) - 1.0))


@njit(cache=True, error_model="numpy")
def _of_all(
    heard: Numbers,
    origin_s: float,
    air: tuple[Numbers, Numbers, Numbers],
    anchor: int,
) -> float:
    """Product over arrays of what each heard, for one place, wind and origin time."""
    turn, kinds, missed = air
    home = int(heard[anchor, 3])
    chance = missed.copy()
    chance[home] = 0.0
    for i in range(len(heard)):
        a = int(heard[i, 3])
        if turn[i] == 0.0 or (a == home and i != anchor):
            continue
        chance[a] += turn[i] * _density(heard[i, 0] - origin_s, kinds[a])
    product = 1.0
    for a in range(len(chance)):
        product *= chance[a]
    return product

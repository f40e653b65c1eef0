"""How wind and temperature that change with height bend sound, and when it arrives.

Sound that leaves and reaches the ground goes up and is bent back where it is faster
aloft; it then arrives before what creeps along the ground. Layers of ``LAYERS_M`` have
a linear effective sound speed, in which ways and times have closed forms.

Sources: logarithmic wind over ground of roughness ``ROUGH_M`` up to ``STIRRED_M``
(Stull 1988, 9.7); effective sound speed and arcs in linear layers (Ostashev & Wilson
2015, 3.5; Garces et al. 1998, doi:10.1046/j.1365-246X.1998.00618.x). Checked against
rays integrated in three dimensions (``tests/exercise/test_refraction.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.dice import log

Reals = NDArray[np.float64]
ROUGH_M = 0.1
MEASURED_M = 10.0
STIRRED_M = 300.0  # from here on the wind no longer grows
INVERSION_M = 150.0  # up to here temperature follows the lapse near the ground
ALOFT_K_PER_M_RATIO = -0.0065  # above it; US Standard Atmosphere 1976
MPS_PER_K = 0.606
SOUND_MPS = 340.0  # of the table; only differences matter
TOP_M = 1_000.0
_LAYERS = (
    [0.0, 1.0, 2.0, 4.0, 7.0],
    np.arange(10.0, 100.0, 10.0),
    np.arange(100.0, 300.0, 25.0),
    np.arange(300.0, TOP_M + 1.0, 50.0),
)
LAYERS_M: Reals = np.array([height for part in _LAYERS for height in part])
RANGES_M: Reals = np.arange(0.0, 26_000.0, 500.0)
WINDS_MPS: Reals = np.arange(-14.0, 14.1, 2.0)
LAPSES: Reals = np.arange(-0.01, 0.0301, 0.01)
# Tangents of the angles at which rays leave, up to 23 degrees.
LEAVING: Reals = np.array([0.0005, *(0.004 * np.cumprod(np.full(63, 1.075)) - 0.0035)])
BOUNCES = 40
CREEPS = 2  # what is bent up arrives along the ground, in the wind of this layer
DUCT_DB = 3.0  # what is kept near the ground is louder
SHADOW_DB = 12.0  # where nothing is bent down, at most; scattering fills the rest


@dataclass(frozen=True, slots=True)
class Bent:
    """What bending does on the way to each of ``RANGES_M``.

    Attributes:
        gain_mps: how much faster than the sound near the ground the first arrival is.
        ducted_ratio: 1 where rays come back down at all, 0 where none does.
        aloft_mps: mean along-wind met on the way, of which ``gain_mps`` holds a part.
    """

    gain_mps: Reals
    ducted_ratio: Reals
    aloft_mps: Reals


def wind_ratio(height_m: Reals) -> Reals:
    """Wind at a height over that at 10 m."""
    up = np.clip(np.asarray(height_m, np.float64), ROUGH_M, STIRRED_M)
    return np.asarray(log(up / ROUGH_M) / log(MEASURED_M / ROUGH_M))


def warmth_k(height_m: Reals, lapse_ratio: float) -> Reals:
    """Temperature at a height less that at the ground."""
    z = np.asarray(height_m, np.float64)
    low = np.minimum(z, INVERSION_M)
    return np.asarray(lapse_ratio * low + ALOFT_K_PER_M_RATIO * (z - low))


@lru_cache(maxsize=512)
def bent(wind_mps: float, lapse_ratio: float) -> Bent:
    """Bending under so much wind at 10 m along the way, and such a lapse."""
    wind = wind_mps * wind_ratio(LAYERS_M)
    speed = SOUND_MPS + wind + MPS_PER_K * warmth_k(LAYERS_M, lapse_ratio)
    hop_m, hop_s, hop_wind = _hops(speed, wind)
    back = np.isfinite(hop_m)
    time, aloft = RANGES_M / speed[CREEPS], np.zeros(RANGES_M.size)
    reached = np.zeros(RANGES_M.size, np.bool_)
    for bounces in range(1, BOUNCES + 1):
        for k in np.flatnonzero(back[:-1] & back[1:]).tolist():
            ends = bounces * hop_m[k : k + 2]
            low, high = (0, 1) if ends[0] <= ends[1] else (1, 0)
            inside = (ends[low] <= RANGES_M) & (ends[high] >= RANGES_M)
            share = (RANGES_M - ends[low]) / max(ends[high] - ends[low], 1e-9)
            pair = bounces * hop_s[k : k + 2]
            found = pair[low] + share * (pair[high] - pair[low])
            reached |= inside
            better = inside & (found < time)
            time = np.where(better, found, time)
            winds = hop_wind[k : k + 2]
            met = winds[low] + share * (winds[high] - winds[low])
            aloft = np.where(better, met, aloft)
    gain = np.where(RANGES_M > 0, RANGES_M / np.maximum(time, 1e-9) - speed[0], 0.0)
    gain[0] = gain[1]
    return Bent(gain, reached.astype(np.float64), aloft)


def _hops(speed: Reals, wind: Reals) -> tuple[Reals, Reals, Reals]:
    """Length, time and mean wind of one hop of each leaving ray; NaN if it is lost."""
    slowness = 1.0 / (speed[0] * np.sqrt(1.0 + LEAVING * LEAVING))
    grade = np.diff(speed) / np.diff(LAYERS_M)
    grade = np.where(np.abs(grade) < 1e-6, 1e-6, grade)
    low, high = slowness[:, None] * speed[:-1], slowness[:, None] * speed[1:]
    over = high >= 1.0
    turns = over.argmax(1)
    passed = np.arange(grade.size) <= turns[:, None]
    rise = np.sqrt(np.maximum(1.0 - low * low, 1e-18))
    top = np.where(over, 0.0, np.sqrt(np.maximum(1.0 - high * high, 0.0)))
    length = np.where(passed, (rise - top) / (slowness[:, None] * grade), 0.0)
    spent = log((1.0 + rise) / low) - log((1.0 + top) / np.minimum(high, 1.0))
    spent = np.where(passed, spent / grade, 0.0)
    met = (spent * (wind[:-1] + wind[1:]) / 2).sum(1) / np.maximum(spent.sum(1), 1e-9)
    lost = ~over.any(1)
    length, spent = 2 * length.sum(1), 2 * spent.sum(1)
    length[lost], spent[lost], met[lost] = np.nan, np.nan, np.nan
    return length, spent, met


@lru_cache(maxsize=1)
def _tables() -> tuple[Reals, Reals]:
    """Gain and ducted share by lapse, wind and range."""
    rows = [[bent(float(w), float(g)) for w in WINDS_MPS] for g in LAPSES]
    gain = np.array([[one.gain_mps for one in row] for row in rows])
    ducted = np.array([[one.ducted_ratio for one in row] for row in rows])
    return gain, ducted


def on_the_way(
    range_m: Reals, wind_mps: Reals, lapse_ratio: float
) -> tuple[Reals, Reals]:
    """Gain of speed (m/s) and change of level (dB) at ranges, under winds along them.

    Interpolated between tables of ``bent``; beyond them the last one counts.
    """
    gain, ducted = _tables()
    row, across = _between(np.asarray(lapse_ratio), LAPSES)
    w, a = _between(wind_mps, WINDS_MPS)
    r, b = _between(range_m, RANGES_M)
    at = w * RANGES_M.size + r
    below = at + RANGES_M.size
    parts = (
        *((at, (1 - a) * (1 - b)), (at + 1, (1 - a) * b)),
        *((below, a * (1 - b)), (below + 1, a * b)),
    )
    found = []
    for table in (gain, ducted):
        here = ((1 - across) * table[int(row)] + across * table[int(row) + 1]).ravel()
        found.append(sum((here[k] * share for k, share in parts), 0.0 * range_m))
    far = np.minimum(range_m / 3_000.0, 1.0)
    return found[0], (DUCT_DB * found[1] - SHADOW_DB * (1.0 - found[1])) * far


def _between(values: Reals, grid: Reals) -> tuple[NDArray[np.int64], Reals]:
    step = (np.clip(values, grid[0], grid[-1]) - grid[0]) / (grid[1] - grid[0])
    low = np.minimum(np.floor(step), grid.size - 2).astype(np.int64)
    return low, step - low

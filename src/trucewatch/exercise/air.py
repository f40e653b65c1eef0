"""The air over an exercise: how fast sound is in it, what it swallows, how it blows.

Checked against independent references in ``tests/exercise/test_air.py``
(docs/exercise-physics.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.dice import Dice, away, dice, exp, log, log10, turned
from trucewatch.exercise.truth import DAY_S, Stage

Reals = NDArray[np.float64]
STEP_S = 600.0
SEA_LEVEL_PA = 101_325.0
ZERO_C_K = 273.15
CO2_RATIO = 0.0004
BAND_HZ = 250.0  # most of what is left of a bang some kilometres off
# Over ground, beside what air swallows: soil, bushes, scattering. Judgement.
GROUND_DB_PER_KM = 0.7
# Noise of wind in a microphone behind a screen: its level at 5 m/s, and how it grows.
# Pressure goes with the square of speed (stagnation pressure; Raspet et al. 2006).
WIND_AT_5_DB, WIND_PER_DECADE_DB = 58.0, 40.0
# Of the sound speed in moist air. Source: Cramer 1993, doi:10.1121/1.405827, table III.
_CRAMER = (
    *(331.5024, 0.603055, -0.000528, 51.471935, 0.1495874, -0.000782),
    *(-1.82e-7, 3.73e-8, -2.93e-10, -85.20931, -0.228525, 5.91e-5),
    *(-2.835149, -2.15e-13, 29.179762, 0.000486),
)


def vapour_ratio(
    temp_c: Reals, humidity_ratio: Reals, pressure_pa: float = SEA_LEVEL_PA
) -> Reals:
    """Mole fraction of water vapour in air of a relative humidity (0 to 1).

    Source: Davis 1992 (CIPM-81/91), as Cramer 1993 uses it.
    """
    kelvin = temp_c + ZERO_C_K
    enhancement = 1.00062 + 3.14e-8 * pressure_pa + 5.6e-7 * temp_c * temp_c
    saturation = exp(
        1.2811805e-5 * kelvin * kelvin
        - 1.9509874e-2 * kelvin
        + 34.04926034
        - 6.3536311e3 / kelvin
    )
    return np.asarray(humidity_ratio * enhancement * saturation / pressure_pa)


def sound_mps(
    temp_c: Reals, humidity_ratio: Reals, pressure_pa: float = SEA_LEVEL_PA
) -> Reals:
    """Speed of sound in moist air, 0 to 30 degrees Celsius, 75 to 102 kPa.

    Source: Cramer 1993, equation 15; good to 300 ppm.
    """
    a, t, p, c = _CRAMER, np.asarray(temp_c, np.float64), pressure_pa, CO2_RATIO
    w = vapour_ratio(t, humidity_ratio, p)
    return np.asarray(
        (a[0] + a[1] * t + a[2] * t * t)
        + (a[3] + a[4] * t + a[5] * t * t) * w
        + (a[6] + a[7] * t + a[8] * t * t) * p
        + (a[9] + a[10] * t + a[11] * t * t) * c
        + (a[12] * w * w + a[13] * p * p + a[14] * c * c + a[15] * w * p * c)
    )


def absorbed_db_per_km(
    frequency_hz: float,
    temp_k: float,
    humidity_ratio: float,
    pressure_pa: float = SEA_LEVEL_PA,
) -> float:
    """What air swallows of a pure tone, apart from spreading.

    Source: ISO 9613-1:1993, equations 3 to 5, B.2 and B.3.
    """
    kelvin, f = temp_k, frequency_hz
    of_ref, warm = pressure_pa / SEA_LEVEL_PA, kelvin / 293.15
    power = -6.8346 * exp(1.261 * log(273.16 / kelvin)) + 4.6151
    h = 100.0 * humidity_ratio * exp(power * 2.302585092994046) / of_ref
    oxygen = of_ref * (24.0 + 4.04e4 * h * (0.02 + h) / (0.391 + h))
    slow = exp(-4.170 * (exp(-log(warm) / 3.0) - 1.0))
    nitrogen = of_ref / np.sqrt(warm) * (9.0 + 280.0 * h * slow)
    relaxing = 0.01275 * exp(-2239.1 / kelvin) / (oxygen + f * f / oxygen)
    relaxing += 0.1068 * exp(-3352.0 / kelvin) / (nitrogen + f * f / nitrogen)
    classical = 1.84e-11 / of_ref * np.sqrt(warm)
    per_m = 8.686 * f * f * (classical + exp(-2.5 * log(warm)) * relaxing)
    return float(1000.0 * per_m)


def with_wind_db(quiet_db: Reals, wind_mps: Reals | float) -> Reals:
    """Noise at nodes when the wind blows so fast: the sum of both powers."""
    fast = np.maximum(np.asarray(wind_mps, np.float64), 0.1)
    gusts = WIND_AT_5_DB + WIND_PER_DECADE_DB * log10(fast / 5.0)
    return np.asarray(10.0 * log10(_power(quiet_db) + _power(gusts)))


def _power(level_db: Reals) -> Reals:
    return exp(np.asarray(level_db) * 0.2302585092994046)


@dataclass(frozen=True, slots=True)
class Air:
    """Temperature and wind over the sector, at steps of ``STEP_S``.

    Attributes:
        temp_c: air temperature near the ground.
        humidity_ratio: relative humidity, 0 to 1.
        wind_u_mps: wind at 10 m towards east; ``wind_v_mps`` towards north.
        lapse_k_per_m_ratio: how temperature changes with height near the ground; below
            zero by day, above zero in the inversion of a clear night.
    """

    temp_c: Reals
    humidity_ratio: Reals
    wind_u_mps: Reals
    wind_v_mps: Reals
    lapse_k_per_m_ratio: Reals

    def at(self, at_s: float) -> tuple[float, float, float, float]:
        """Sound speed and wind, all in m/s, and the change of temperature in K/m."""
        steps = np.arange(self.temp_c.size) * STEP_S
        temp, wet, u, v, lapse = (
            np.interp(at_s, steps, column)
            for column in (
                *(self.temp_c, self.humidity_ratio, self.wind_u_mps),
                *(self.wind_v_mps, self.lapse_k_per_m_ratio),
            )
        )
        sound = sound_mps(np.asarray(temp), np.asarray(wet))
        return float(sound), float(u), float(v), float(lapse)


def air_over(stage: Stage, seed: int) -> Air:
    """The air of an exercise, the same for all that listen."""
    return air_of(stage, dice(seed, stage.scenario.scenario, "air"))


def air_of(stage: Stage, rng: Dice) -> Air:
    """Days that warm and cool, and a wind that turns slowly."""
    at = np.arange(int(stage.span_s / STEP_S) + 2) * STEP_S
    _, day = turned(at / DAY_S - 0.375)
    temp = rng.uniform(2, 20) + rng.uniform(2, 6) * day
    walk = rng.normal(0, 0.25, (2, at.size)).cumsum(1)
    walk -= np.arange(at.size) / (at.size - 1) * walk[:, -1:]
    u, v = rng.normal(0, 3.0, (2, 1)) + walk
    wet = np.clip(rng.uniform(0.5, 0.8) - 0.2 * day, 0.2, 1.0)
    # Wind stirs the lowest air, so that it neither cools nor warms by itself.
    calm = 1.0 / (1.0 + away(u, v) / 4.0)
    lapse = -0.0098 + calm * np.where(day < 0, -0.03 * day, 0.0)
    return Air(temp + rng.normal(0, 0.2, at.size), wet, u, v, lapse)

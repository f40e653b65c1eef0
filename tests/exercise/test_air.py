"""The air of exercises against published tables and independent formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.exercise.air import (
    absorbed_db_per_km,
    sound_mps,
    vapour_ratio,
    with_wind_db,
)

# Attenuation by air in dB/km at octave bands from 63 Hz to 8 kHz, by temperature (C)
# and relative humidity. Source: ISO 9613-2:1996, table 2 (computed from ISO 9613-1).
BANDS_HZ = 1000.0 * 2.0 ** np.arange(-4, 4)
TABLE = {
    (10, 70): (0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117),
    (20, 70): (0.1, 0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6),
    (30, 70): (0.1, 0.3, 1.0, 3.1, 7.4, 12.7, 23.1, 59.3),
    (15, 20): (0.3, 0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202),
    (15, 50): (0.1, 0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129),
    (15, 80): (0.1, 0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8),
}


@pytest.mark.parametrize("weather", TABLE)
def test_air_swallows_what_the_table_of_iso_9613_says(weather):
    temp, wet = weather
    for hertz, told in zip(BANDS_HZ.tolist(), TABLE[weather], strict=True):
        found = absorbed_db_per_km(hertz, temp + 273.15, wet / 100)
        assert found == pytest.approx(told, rel=0.015, abs=0.06)


def ideal_gas_mps(temp_c, humidity_ratio, pressure_pa=101_325.0):
    """Speed of sound of a mixture of ideal gases, by its heat capacities.

    An independent route: gamma R T / M, with molar heat capacities of dry air (29.19
    J/mol/K) and of vapour (33.6 J/mol/K), and Magnus' formula for its pressure.
    """
    gas, dry, wet = 8.314462618, 28.9655e-3, 18.01528e-3
    saturated = 611.2 * np.exp(17.62 * temp_c / (243.12 + temp_c))
    share = humidity_ratio * saturated / pressure_pa
    heat = (1 - share) * 29.19 + share * 33.6
    mass = (1 - share) * dry + share * wet
    return np.sqrt(heat / (heat - gas) * gas * (273.15 + temp_c) / mass)


@given(st.floats(0, 30), st.floats(0, 1))
def test_sound_is_as_fast_as_in_a_mixture_of_ideal_gases(temp, wet):
    found = float(sound_mps(np.asarray(temp), np.asarray(wet)))
    assert found == pytest.approx(float(ideal_gas_mps(temp, wet)), abs=0.35)


@pytest.mark.parametrize(
    ("temp", "wet", "told"),
    # 0 C dry: 331.45 m/s (Wong 1986, Cramer 1993); 20 C dry: 343.4; 20 C at 50 %:
    # 344.0 (both from the calculator of the National Physical Laboratory on Cramer).
    [(0, 0, 331.45), (20, 0, 343.37), (20, 0.5, 343.99)],
)
def test_sound_has_its_published_speed(temp, wet, told):
    found = float(sound_mps(np.asarray(temp), np.asarray(wet)))
    assert found == pytest.approx(told, abs=0.03)


def test_saturated_air_holds_as_much_water_as_steam_tables_say():
    # Saturation pressure of water: 611.7, 1228, 2339, 4247 Pa (IAPWS) at 0 to 30 C.
    for temp, pascal in ((0.01, 611.7), (10, 1228.2), (20, 2339.3), (30, 4247.0)):
        found = float(vapour_ratio(np.asarray(temp), np.asarray(1.0))) * 101_325
        assert found == pytest.approx(pascal, rel=0.006)


def test_noise_of_wind_grows_with_the_square_of_its_speed():
    # Pressure goes with speed squared: 12 dB more where the wind doubles (Raspet et al.
    # 2006, doi:10.1121/1.2146113), once it drowns the quiet noise.
    quiet = np.array([0.0])
    step = with_wind_db(quiet, 12.0) - with_wind_db(quiet, 6.0)
    assert step[0] == pytest.approx(12.04, abs=0.01)


@given(st.floats(30, 90), st.floats(0, 30), st.floats(0, 30))
def test_more_wind_never_makes_less_noise(quiet, one, other):
    low, high = sorted((one, other))
    levels = with_wind_db(np.array([quiet, quiet]), np.array([low, high]))
    assert quiet - 1e-9 <= levels[0] <= levels[1] + 1e-9

"""How far radio reaches, against published rules and the full geometry."""

import numpy as np
import pytest

from trucewatch.exercise.receivers import BENT_RATIO, EARTH_M, horizon_m


def test_the_radio_horizon_is_that_of_the_rule_of_thumb():
    # 4.12 km times the root of the height in metres (ITU-R P.310; 1.23 miles per root
    # foot, FAA AIM 1-1-8).
    for height in (15.0, 30.0, 300.0, 10_000.0):
        told = 4_120.0 * np.sqrt(height)
        assert float(horizon_m(np.array(height))) == pytest.approx(told, rel=0.002)


@pytest.mark.parametrize("height", [15.0, 300.0, 12_000.0])
def test_the_horizon_is_that_of_a_tangent_to_a_larger_earth(height):
    radius = BENT_RATIO * EARTH_M
    exact = radius * np.arccos(radius / (radius + height))
    assert float(horizon_m(np.array(height))) == pytest.approx(exact, rel=0.001)


def test_an_airliner_is_heard_from_four_hundred_kilometres():
    # Range of ADS-B ground stations at cruise: 200 to 250 NM (ICAO Doc 9924).
    both = float(horizon_m(np.array(30.0)) + horizon_m(np.array(10_700.0)))
    assert 200 * 1_852 < both < 250 * 1_852

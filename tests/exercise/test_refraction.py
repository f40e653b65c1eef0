"""Bent sound against rays integrated in three dimensions by an independent solver.

The reference traces the full ray equations of a moving medium whose sound speed and
wind depend on height: dx/dt = c k/|k| + w, dk/dt = -|k| grad c - grad(w . k).
Source: Pierce 1989, Acoustics, equations 8-1.10; Ostashev & Wilson 2015, 3.3.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from trucewatch.exercise import refraction
from trucewatch.exercise.air import Air
from trucewatch.exercise.refraction import (
    MPS_PER_K,
    RANGES_M,
    SOUND_MPS,
    bent,
    on_the_way,
    warmth_k,
    wind_ratio,
)
from trucewatch.exercise.sound import drift_mps


def medium(height_m, wind, lapse):
    """Sound speed and wind (east, north) at a height, linear in the module's layers."""
    z = refraction.LAYERS_M
    speed = np.interp(height_m, z, SOUND_MPS + MPS_PER_K * warmth_k(z, lapse))
    blows = np.interp(height_m, z, wind_ratio(z))
    return speed, wind[0] * blows, wind[1] * blows


def traced(angle_rad, wind, lapse, azimuth_rad=0.0):
    """Where and when a ray that leaves towards the east is back on the ground.

    Returns east (m), north (m) and time (s).
    """
    speed, u, v = medium(0.0, wind, lapse)
    unit = np.array([
        np.cos(angle_rad) * np.cos(azimuth_rad),
        np.cos(angle_rad) * np.sin(azimuth_rad),
        np.sin(angle_rad),
    ])
    slow = unit / (speed + u * unit[0] + v * unit[1])

    def moves(_, y):
        z, k = max(y[2], 0.0), y[3:]
        c, east, north = medium(z, wind, lapse)
        up, down = medium(z + 0.05, wind, lapse), medium(max(z - 0.05, 0), wind, lapse)
        dc, du, dv = (
            (a - b) / (0.05 + min(z, 0.05)) for a, b in zip(up, down, strict=True)
        )
        size = np.sqrt((k**2).sum())
        go = c * k / size + np.array([east, north, 0.0])
        turn = -size * dc - (k[0] * du + k[1] * dv)
        return [*go, 0.0, 0.0, turn]

    def landed(t, y):
        return y[2] if t > 1e-3 else 1.0

    landed.terminal, landed.direction = True, -1
    start = [0.0, 0.0, 1e-6, *slow]
    found = solve_ivp(
        moves, (0, 120), start, events=landed, rtol=1e-8, atol=1e-9, max_step=0.05
    )
    if not found.t_events[0].size:
        return None
    x, y, *_ = found.y_events[0][0]
    return x, y, float(found.t_events[0][0])


@pytest.mark.parametrize(
    ("wind", "lapse", "degrees"),
    [(4.0, -0.0098, 3.0), (6.0, 0.0, 5.0), (8.0, 0.01, 7.0), (0.0, 0.03, 3.0)],
)
def test_a_hop_takes_as_long_as_the_integrated_ray(wind, lapse, degrees):
    hop = traced(np.radians(degrees), (wind, 0.0), lapse)
    assert hop is not None
    z = refraction.LAYERS_M
    blown = wind * wind_ratio(z)
    speed = SOUND_MPS + blown + MPS_PER_K * warmth_k(z, lapse)
    leaving = refraction.LEAVING
    lengths, times, _ = refraction._hops(speed, blown)
    good = np.isfinite(lengths)
    slope = np.tan(np.radians(degrees))
    length = np.interp(slope, leaving[good], lengths[good])
    time = np.interp(slope, leaving[good], times[good])
    assert length == pytest.approx(hop[0], rel=0.05)
    assert length / time == pytest.approx(hop[0] / hop[2], abs=0.25)


@pytest.mark.parametrize(("wind", "lapse"), [(4.0, -0.0098), (7.0, 0.0), (3.0, 0.02)])
def test_nothing_arrives_before_the_fastest_integrated_ray(wind, lapse):
    found = bent(wind, lapse)
    hops = [traced(np.radians(d), (wind, 0.0), lapse) for d in (2, 4, 6, 9, 12)]
    rays = [
        (times * one[0], times * one[2])
        for one in hops
        if one is not None
        for times in (1, 2, 5, 12, 40)
        if 1_000 < times * one[0] < 20_000
    ]
    assert len(rays) >= 3
    for far, time in rays:
        first = far / (SOUND_MPS + np.interp(far, RANGES_M, found.gain_mps))
        # No later than this ray, nor ahead of it by more than all the wind there is.
        fastest = SOUND_MPS + wind * wind_ratio(np.asarray(300.0)) + 3.0
        assert far / fastest <= first <= 1.003 * time


@pytest.mark.parametrize("degrees", [8.0, 9.0, 10.0])
def test_wind_across_turns_bearings_as_far_as_the_integrated_ray_drifts(degrees):
    # The front of a ray goes due east, and under a wind from the south the ray comes
    # down north of east: seen from there its source seems to lie upwind, to the south.
    lapse, wind = 0.02, (3.0, 5.0)
    hop = traced(np.radians(degrees), wind, lapse)
    assert hop is not None
    east, north, _ = hop
    assert 300 < east < 20_000
    bias = np.degrees(np.arctan2(north, east))
    air = Air(*(np.full(2, x) for x in (15.0, 0.5, *wind, lapse)))
    assumed = np.degrees(np.arctan(-drift_mps(air, 0.0, east, 0.0) / SOUND_MPS))
    assert bias == pytest.approx(assumed, abs=0.35)


def test_against_the_wind_sound_is_bent_up_and_comes_late_and_faint():
    gain, louder = on_the_way(np.array([5_000.0]), np.array([-6.0]), -0.0098)
    assert gain[0] < 0 and louder[0] < -5
    assert traced(np.radians(3.0), (-6.0, 0.0), -0.0098) is None


@given(st.floats(0.0, 24_000), st.floats(-12, 12), st.floats(-0.01, 0.03))
@settings(max_examples=60)
def test_bending_changes_speed_by_no_more_than_wind_and_warmth_do(far, wind, lapse):
    gain, louder = on_the_way(np.array([far]), np.array([wind]), lapse)
    aloft = 1.75 * abs(wind) + MPS_PER_K * 0.03 * 150 + 0.2
    assert abs(gain[0]) <= aloft
    assert -12.0 - 1e-9 <= louder[0] <= 3.0 + 1e-9

"""Plane waves made here, found again: where from, how fast, how sure."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.waves import BEGIN_NS, crossing, layout
from trucewatch.detect.arrays.process import arrivals
from trucewatch.detect.arrays.recording import spans_a_plane
from trucewatch.detect.arrays.scan import best, grid
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.detect.arrays.spectra import windows
from trucewatch.errors import SourceError

DEFAULT = ArraySettings()


def off_deg(found, turn_deg):
    return (found.back_azimuth_deg - turn_deg + 180) % 360 - 180


@given(turn=st.floats(0, 359), speed=st.floats(300, 500), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_one_wave_is_one_detection_with_its_direction_and_speed(turn, speed, seed):
    made = crossing(layout(6), waves=[(180, turn, speed, 12)], seed=seed)
    (found,) = arrivals(made, DEFAULT)
    assert abs(off_deg(found, turn)) < 4.5 * found.back_azimuth_sd_deg
    assert abs(found.trace_velocity_mps - speed) < 4.5 * found.trace_velocity_sd_mps
    assert abs((found.time_ns - BEGIN_NS) / 1e9 - 180) < 2
    assert found.p > 0.99


@pytest.mark.parametrize("count", [4, 8])
def test_noise_gives_nothing(count):
    assert arrivals(crossing(layout(count), hours=1.0, seed=5), DEFAULT) == ()


def test_turning_the_array_turns_the_bearing():
    turned = np.radians(90)
    spin = np.array([
        [np.cos(turned), np.sin(turned)],
        [-np.sin(turned), np.cos(turned)],
    ])
    one = crossing(layout(5), waves=[(180, 40, 340, 15)])
    other = crossing(layout(5) @ spin.T, waves=[(180, 130, 340, 15)])
    (a,), (b,) = arrivals(one, DEFAULT), arrivals(other, DEFAULT)
    assert abs((b.back_azimuth_deg - a.back_azimuth_deg) % 360 - 90) < 0.5


def test_two_directions_are_two_detections_and_one_direction_is_one():
    both = crossing(layout(6), waves=[(120, 40, 340, 15), (150, 200, 340, 15)])
    assert len(arrivals(both, DEFAULT)) == 2
    again = crossing(layout(6), waves=[(120, 40, 340, 15), (150, 40, 340, 15)])
    assert len(arrivals(again, DEFAULT)) == 1


def test_scale_and_offset_of_a_channel_change_nothing():
    made = crossing(layout(6), waves=[(180, 77, 340, 10)])
    loud = made.samples * np.array([1, 30, 1, 0.01, 1, 1])[:, None] + 9000
    (a,) = arrivals(made, DEFAULT)
    (b,) = arrivals(replace(made, samples=loud), DEFAULT)
    assert b.back_azimuth_deg == pytest.approx(a.back_azimuth_deg, abs=1e-6)


def test_a_channel_with_a_gap_sits_out_and_the_rest_goes_on():
    made = crossing(layout(6), waves=[(180, 77, 340, 12)])
    made.samples[2, 3000:4500] = np.nan
    (found,) = arrivals(made, DEFAULT)
    assert found.channels == 5
    assert abs(off_deg(found, 77)) < 3


def test_a_channel_whose_clock_is_wrong_is_left_out_and_named():
    late = [0, 0, 0, 0.15, 0, 0, 0, 0]
    made = crossing(layout(8), waves=[(180, 77, 340, 20)], late_s=late)
    (found,) = arrivals(made, DEFAULT)
    assert found.left_out == ("XX.TST3..BDF",)
    assert abs(off_deg(found, 77)) < 1


def test_a_known_lateness_of_sampling_is_taken_out():
    late = np.array([0, 0.01, -0.02, 0.02, 0, 0.015])
    made = crossing(layout(6), waves=[(180, 77, 340, 25)], late_s=-late)
    (raw,) = arrivals(made, DEFAULT)
    (mended,) = arrivals(replace(made, late_s=late), DEFAULT)
    assert abs(off_deg(mended, 77)) < 0.3 < abs(off_deg(raw, 77))


def test_a_curved_front_widens_the_error():
    flat = crossing(layout(8), waves=[(180, 77, 340, 25)])
    near = crossing(layout(8), waves=[(180, 77, 340, 25)], far_m=250)
    (a,), (b,) = arrivals(flat, DEFAULT), arrivals(near, DEFAULT)
    assert b.back_azimuth_sd_deg > 2 * a.back_azimuth_sd_deg


def test_hours_are_joined_without_a_seam():
    made = crossing(layout(4), hours=1.1, waves=[(3600, 77, 340, 15)])
    assert len(arrivals(made, DEFAULT)) == 1


def test_the_grid_and_newton_end_at_the_top_of_the_exact_power():
    made = crossing(layout(5), hours=0.02, waves=[(36, 200, 340, 20)])
    cut = windows(made.samples, 20.0, 0.0, DEFAULT)
    coarse = best(cut, made.offsets_m, grid(250, 4e-4))
    fine = best(cut, made.offsets_m, grid(250, 1e-4))
    k = int(np.argmax(fine[:, 2]))
    assert np.allclose(coarse[k], fine[k], atol=1e-7)
    omega, s = cut.omega, fine[k, :2]
    phase = np.exp(1j * omega * (made.offsets_m @ s)[:, None])
    beam = 2 * np.sum(abs((cut.spectra[k] * phase).sum(axis=0)) ** 2) / 25
    assert fine[k, 2] == pytest.approx(beam, rel=1e-9)


def test_too_short_a_recording_has_no_arrivals():
    assert arrivals(crossing(layout(4), hours=0.001), DEFAULT) == ()


def test_dead_channels_give_nothing():
    made = crossing(layout(4), hours=0.05)
    assert arrivals(replace(made, samples=made.samples * 0), DEFAULT) == ()
    assert arrivals(replace(made, samples=made.samples * np.nan), DEFAULT) == ()


def test_channels_on_a_line_are_refused_by_name():
    line = np.column_stack((np.arange(4) * 50.0, np.arange(4) * 50.0))
    assert not spans_a_plane(line)
    with pytest.raises(SourceError, match="array TST has 4 channels that stand on one"):
        arrivals(crossing(line), DEFAULT)


def test_a_rate_too_low_for_the_band_is_refused():
    with pytest.raises(SourceError, match="too slow for a band"):
        arrivals(crossing(layout(4), rate_hz=2.0), DEFAULT)


def test_a_band_that_is_none_is_refused():
    with pytest.raises(SourceError, match="is none"):
        arrivals(crossing(layout(4)), replace(DEFAULT, low_hz=5.0))

"""Bangs made here are found when they began, and noise alone holds none."""

import io

import numpy as np
import pytest
import soundfile
from benchmarks.onsets import scene, wind

from tests.collect.deliveries import read, sample
from trucewatch.collect.nodes import NodePicks
from trucewatch.collect.onsets import PRESSURE, SOUND, _timed, onsets
from trucewatch.errors import SourceError

SCENES = [(SOUND, 8000, 0.004, 4), (PRESSURE, 100, 0.3, 60)]


@pytest.mark.parametrize("kind", SCENES)
@pytest.mark.parametrize("windy", [False, True])
def test_bangs_are_timed_as_well_as_is_said(kind, windy):
    draw, off, (found, rate_hz, *_) = np.random.default_rng(3), [], kind
    for _ in range(20):
        samples, at = scene(draw, kind, windy=windy, snr_db=30)
        (one,) = onsets(samples, rate_hz, found)
        off.append((one.at_s - at) / one.sd_s)
        assert one.snr_db == pytest.approx(30, abs=6)
    assert 0.1 < np.sqrt(np.mean(np.square(off))) < 1.5


@pytest.mark.parametrize("kind", SCENES)
def test_noise_and_wind_hold_no_bang(kind):
    draw, (found, rate_hz, *_) = np.random.default_rng(4), kind
    noise = draw.standard_normal(100_000) + wind(draw, 100_000, rate_hz, 10)
    assert onsets(noise, rate_hz, found) == ()


@pytest.mark.parametrize("kind", SCENES)
def test_later_samples_shift_the_onset_and_nothing_else(kind):
    draw, (found, rate_hz, *_) = np.random.default_rng(5), kind
    samples, _ = scene(draw, kind, windy=False, snr_db=35)
    gap = np.full(rate_hz, np.nan)
    (first,) = onsets(samples, rate_hz, found)
    (later,) = onsets(np.concatenate((samples, gap)), rate_hz, found)
    (moved,) = onsets(np.concatenate((gap, samples)), rate_hz, found)
    assert later == first
    assert moved.at_s == pytest.approx(first.at_s + 1, abs=1e-9)
    assert moved.sd_s == first.sd_s


def test_too_few_samples_too_slow_ones_and_silence_give_nothing():
    assert onsets(np.zeros(10), 8000, SOUND) == ()
    assert onsets(np.zeros(20_000), 8000, SOUND) == ()
    assert onsets(np.zeros(5_000), 40, SOUND) == ()


def clip(samples, form="WAV"):
    file = io.BytesIO()
    soundfile.write(file, samples, 4000, format=form, subtype="PCM_16")
    return file.getvalue()


def test_flac_and_wav_give_the_same_picks():
    raw, expected = sample("audio_clips")
    samples, _ = soundfile.read(io.BytesIO(raw))
    first, second = (
        NodePicks.from_columns(
            read("audio_clips", clip(samples, form), expected["options"]).tables[0]
        )
        for form in ("WAV", "FLAC")
    )
    assert first.time_ns.tolist() == second.time_ns.tolist()
    assert np.all(abs(first.time_ns / 1e9 - [1935396001.75, 1935396002.65]) < 1e-3)
    assert first.clock.to_pylist() == ["unknown"] * 2


def test_sensor_and_time_stand_in_the_name():
    raw, _ = sample("audio_clips")
    batch = read("audio_clips", raw, name="n9_20310501T100000.250Z.wav")
    assert NodePicks.from_columns(batch.tables[0]).sensor_id.to_pylist() == ["n9"] * 2
    for name in ("clip.wav", "n9_20311301T100000Z.wav"):
        with pytest.raises(SourceError, match=r"tells no sensor|not told"):
            read("audio_clips", raw, name=name)


def test_a_calibrated_clip_tells_levels_and_a_placed_one_proves_that_it_listened():
    raw, expected = sample("audio_clips")
    options = {**expected["options"], "full_scale_pa": "2", "lat": "10", "lon": "20"}
    batch = read("audio_clips", raw, options)
    level = NodePicks.from_columns(batch.tables[0]).level_db
    assert 85 < level[0] < 100  # 0.5 of 2 Pa is 94 dB, and the band takes some of it
    (look,) = batch.acquisitions
    assert look.time.duration_s == 3
    quiet = read("audio_clips", clip(np.zeros(8000)), options)
    assert (quiet.rows_read, len(quiet.acquisitions), quiet.drawn) == (0, 1, 1)


def test_further_channels_are_said_to_be_unread():
    raw = clip(np.zeros((4000, 2)))
    (one,) = read("audio_clips", raw, sample("audio_clips")[1]["options"]).rejections
    assert "only the first channel" in one.why


def test_a_stretch_that_is_loudest_at_its_start_holds_no_onset_there():
    heard = np.random.default_rng(6).standard_normal(4_000) * 1e-3
    heard[960:966] = [9.0, -5.0, 3.0, -2.0, 1.0, -0.5]  # where the search begins
    reach = max(round(4 * PRESSURE.short_s * 100), 8)
    rise = 960 + 2 * reach
    assert _timed(heard, rise, 100.0, 1.0, PRESSURE) is None

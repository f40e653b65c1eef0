"""Stretches of channels become recordings; contradictions become gaps."""

import numpy as np

from tests.collect.deliveries import read
from tests.waves import crossing, layout, mseed, stations_csv
from trucewatch.collect.waveforms import Channels, Segments, array_of
from trucewatch.detect.arrays.assemble import assemble

MADE = crossing(layout(4), hours=0.02)


def segments(raw):
    (columns,) = read("waveforms", raw).tables
    return Segments.from_columns(columns)


def channels(made=MADE):
    (columns,) = read("array_stations", stations_csv(made)).tables
    return Channels.from_columns(columns)


def test_what_was_cut_into_files_is_one_recording_again():
    parts = [
        mseed(MADE, 0, 700),
        mseed(MADE, 700, None, [0, 1]),
        mseed(MADE, 700, None, [2, 3]),
    ]
    (found,), why = assemble([segments(p) for p in reversed(parts)], [channels()])
    assert why == ()
    assert np.allclose(found.samples, MADE.samples * 1000, atol=0.51)
    assert np.allclose(found.offsets_m, MADE.offsets_m, atol=0.05)


def test_overlaps_that_agree_are_laid_once_and_others_become_gaps():
    whole, again = segments(mseed(MADE)), segments(mseed(MADE, 100, 300))
    (same,), _ = assemble([whole, again], [channels()])
    assert np.isfinite(same.samples).all()
    changed = segments(mseed(crossing(layout(4), hours=0.02, seed=9), 100, 300))
    (torn,), _ = assemble([whole, changed], [channels()])
    lost = ~np.isfinite(torn.samples)
    assert lost[:, 100:300].mean() > 0.95
    assert not lost[:, :100].any()
    assert not lost[:, 300:].any()


def test_a_channel_nobody_places_is_named():
    found, why = assemble([segments(mseed(MADE))], [])
    assert found == ()
    assert "channel XX.TST0..BDF: nobody says where it stands" in why


def test_two_channels_are_too_few():
    found, why = assemble([segments(mseed(MADE, channels=[0, 1]))], [channels()])
    assert found == ()
    assert why == ("array TST: 2 usable channels, 3 needed",)


def test_a_station_without_its_digits_is_the_array():
    assert array_of("YJ.BRP1..EDF") == "BRP"
    assert array_of("IM.12..BDF") == "12"

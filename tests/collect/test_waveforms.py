"""miniSEED, SAC and StationXML as ObsPy writes them, and what is left of damage."""

import contextlib
import io
import struct
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import counts, read, sample
from tests.collect.test_timing import mseed3
from tests.waves import crossing, layout, mseed
from trucewatch.collect.nodes import NodePicks
from trucewatch.collect.observation import Outcome
from trucewatch.collect.waveforms import Channels, Segments
from trucewatch.errors import SourceError

MADE = crossing(layout(3), hours=0.005)


def sac(header=None):
    from obspy import Trace, UTCDateTime

    trace = Trace(MADE.samples[0].astype(np.float32))
    trace.stats.update({"network": "XX", "station": "TST1", "channel": "BDF"})
    trace.stats.update({"sampling_rate": 20.0, "starttime": UTCDateTime(1.9e9)})
    trace.stats.sac = header or {"stla": 48.0, "stlo": 33.0, "stel": 120.0}
    out = io.BytesIO()
    trace.write(out, format="SAC")
    return out.getvalue()


def segments(raw):
    (columns,) = read("waveforms", raw).tables
    return Segments.from_columns(columns)


def test_sac_brings_its_coordinates_and_samples():
    found = segments(sac())
    assert found.channel_id == ("XX.TST1..BDF",)
    assert (found.lat_deg[0], found.lon_deg[0]) == (48.0, 33.0)
    assert found.begin_ns[0] == 1_900_000_000 * 10**9
    assert np.array_equal(found.samples[0], MADE.samples[0].astype(np.float32))


def test_a_gap_begins_a_new_row():
    torn = crossing(layout(3), hours=0.005)
    torn.samples[1, 100:150] = np.nan
    found = segments(mseed(torn))
    assert len(found) == 4
    begins = sorted(found.begin_ns[[n == "XX.TST1..BDF" for n in found.channel_id]])
    assert (begins[1] - begins[0]) / 1e9 == pytest.approx(7.5)


def test_stationxml_places_channels():
    from obspy.core.inventory import Channel, Inventory, Network, Station

    where = {"latitude": 48.5, "longitude": 33.5, "elevation": 100.0}
    channel = Channel(code="BDF", location_code="", depth=0.0, **where)
    station = Station(code="TST1", channels=[channel], **where)
    book = Inventory(networks=[Network(code="XX", stations=[station])], source="us")
    out = io.BytesIO()
    book.write(out, format="STATIONXML")
    for options, name in (({}, "TST"), ({"array": "EAST"}, "EAST")):
        (columns,) = read("array_stations", out.getvalue(), options).tables
        found = Channels.from_columns(columns)
        assert (found.array_id, found.channel_id) == ((name,), ("XX.TST1..BDF",))
        assert found.lat_deg[0] == 48.5
    bad = out.getvalue().replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    with pytest.raises(SourceError, match="document type"):
        read("array_stations", bad)


@pytest.mark.parametrize("raw", [b"", b"x" * 900, b"<FDSNStationXML>", b"\x80\x04K."])
def test_what_is_no_waveform_is_refused(raw):
    with pytest.raises(SourceError, match="neither miniSEED 2 or 3 nor SAC"):
        read("waveforms", raw)


def test_what_is_no_stationxml_is_refused():
    with pytest.raises(SourceError):
        read("array_stations", b"<nothing/>")


@pytest.mark.parametrize(
    "raw", [mseed(MADE), sac(), mseed3(90)], ids=["mseed", "sac", "mseed3"]
)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_waveforms_give_a_batch_or_a_source_error(raw, data):
    spoilt = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 6))):
        where = data.draw(st.integers(0, min(len(raw), 800) - 1))
        spoilt[where] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for one in (bytes(spoilt), raw[:cut]):
        with contextlib.suppress(SourceError):
            found = counts(read("waveforms", one))
            assert found.pop("rows_read") == sum(found.values())


@pytest.mark.parametrize("places", [{}, {"evla": 1e30, "evlo": 1e30}])
def test_sac_whose_places_nobody_checked_is_read_at_once(places):
    raw = bytearray(sac({"stla": 48.0, "stlo": 33.0, "stel": 120.0, "lcalda": 1}))
    for place, value in places.items():
        word = {"evla": 35, "evlo": 36}[place]
        raw[4 * word : 4 * word + 4] = struct.pack("<f", value)
    raw[4 * 108 : 4 * 109] = struct.pack("<i", 1)  # asks for distances
    raw[4 * 32 : 4 * 33] = struct.pack("<f", 1e30)  # the station's longitude
    with contextlib.suppress(SourceError):
        read("waveforms", bytes(raw))


def test_a_table_of_other_columns_is_refused():
    raw, _ = sample("array_stations")
    (columns,) = read("array_stations", raw).tables
    with pytest.raises(ValueError, match="expected a table of waveforms"):
        Segments.from_columns(columns)


def test_onsets_of_channels_are_picks_with_their_channel_and_clock():
    raw, expected = sample("waveform_picks")
    (table,) = read("waveform_picks", raw, expected["options"]).tables
    picks = NodePicks.from_columns(table)
    began = 1935396000
    off = picks.time_ns / 1e9 - [began + 20, began + 75, began + 84]
    assert np.all(np.abs(off) < 0.05)
    assert np.all(np.abs(off) < 6 * np.asarray(picks.onset_sd_s))
    assert set(picks.sensor_id.to_pylist()) == {"XX.TST1..BDF"}
    assert set(picks.clock.to_pylist()) == {"unknown"}
    assert set(picks.independence.to_pylist()) == {"acoustic:test"}


def test_a_clock_that_records_call_suspect_or_locked_is_marked():
    raw, expected = sample("waveform_picks")
    for byte, bit, clock in ((38, 0x80, "free"), (37, 0x20, "locked")):
        marked = bytearray(raw)
        for record in range(0, len(raw), 512):
            marked[record + byte] |= bit
        (table,) = read("waveform_picks", bytes(marked), expected["options"]).tables
        assert set(NodePicks.from_columns(table).clock.to_pylist()) == {clock}


def test_recordings_are_looks_only_where_their_place_is_told():
    raw, expected = sample("waveform_picks")
    assert read("waveforms", raw).acquisitions == ()
    batch = read("waveforms", raw, {"place.TST": "49.5,33.5", "range_m": "20000"})
    assert batch.drawn == len(batch.acquisitions) == 2
    first, second = batch.acquisitions
    assert (first.time.duration_s, first.procedure) == (30, "infrasound/TST")
    assert first.independence == second.independence == "array:TST"
    assert {one.outcome for one in batch.acquisitions} == {Outcome.MISS}
    assert second.time.begin - first.time.end == timedelta(seconds=30)  # the gap


def test_a_suspect_clock_or_a_dead_channel_is_a_failure():
    raw, _ = sample("waveform_picks")
    marked = bytearray(raw)
    marked[38] |= 0x80
    place = {"place.TST": "49.5,33.5"}
    (one, *_) = read("waveforms", bytes(marked), place).acquisitions
    assert (one.outcome, one.p_clear) == (Outcome.FAILURE, 0)


@pytest.mark.parametrize(
    "option", [{"place.TST": "north"}, {"place.TST": "99,0"}, {"range_m": "1e9"}]
)
def test_a_place_or_range_that_is_none_is_refused(option):
    raw, _ = sample("waveform_picks")
    with pytest.raises(SourceError, match="must be"):
        read("waveforms", raw, {"place.TST": "49,33", **option})

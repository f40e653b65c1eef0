"""Clocks: what records say, record by record, reaches looks and stretches."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.deliveries import read
from trucewatch.collect.nodes import Clock, NodePicks
from trucewatch.collect.observation import Outcome
from trucewatch.collect.seismology import read_records
from trucewatch.collect.timing import Clocks, Ticking, of_quality, ticking
from trucewatch.collect.waveforms import Segments
from trucewatch.errors import SourceError

BEGIN_S = 1_900_000_000
PLACE = {"place.TST": "48.0,33.0"}


def mseed2(minutes=3, suspect=(), locked=(), channel="BDF", value=None):
    """Minutes of records at 20 Hz, with the flags of the minutes that are named."""
    from obspy import Trace, UTCDateTime

    made = b""
    for minute in range(minutes):
        draw = np.random.default_rng(minute)
        data = draw.integers(-900, 900, 1200) if value is None else np.full(60, value)
        trace = Trace(data.astype(np.int32))
        trace.stats.update({"network": "XX", "station": "TST1", "channel": channel})
        trace.stats.sampling_rate = 20.0 if value is None else 1.0
        trace.stats.starttime = UTCDateTime(BEGIN_S + 60 * minute)
        out = io.BytesIO()
        trace.write(out, format="MSEED", reclen=512)
        raw = bytearray(out.getvalue())
        for at in range(0, len(raw), 512):
            raw[at + 38] |= 128 * (minute in suspect)
            raw[at + 37] |= 32 * (minute in locked)
        made += bytes(raw)
    return made


def mseed3(quality=None, flags=0, text=False, gap_s=0):
    """Two records of miniSEED 3, the second after a gap."""
    from pymseed import DataEncoding, MS3Record

    made = b""
    for number in range(2):
        one = MS3Record()
        one.formatversion, one.sourceid = 3, "FDSN:XX_TST1__B_D_F"
        one.set_starttime_str("2030-03-17T17:46:40.123456789Z")
        one.starttime += number * (10 + gap_s) * 10**9
        one.samprate, one.flags = 20.0, flags
        if quality is not None:
            one.extra = json.dumps({"FDSN": {"Time": {"Quality": quality}}})
        one.encoding = DataEncoding.TEXT if text else DataEncoding.STEIM2
        data = b"hello" if text else np.arange(200, dtype=np.int32)
        made += b"".join(one.generate(data, "t" if text else "i"))
    return made


def segments(raw, options=None):
    (columns,) = read("waveforms", raw, options).tables
    return Segments.from_columns(columns)


def test_miniseed_3_is_read_to_the_sample_and_the_nanosecond():
    found = segments(mseed3())
    assert found.channel_id == ("XX.TST1..BDF",)
    assert found.begin_ns[0] == 1_900_000_000_123_456_789
    assert found.rate_hz[0] == 20.0
    assert np.array_equal(found.samples[0], np.tile(np.arange(200), 2))


def test_a_gap_of_miniseed_3_begins_a_new_row_and_text_is_rejected():
    assert len(segments(mseed3(gap_s=5))) == 2
    batch = read("waveforms", mseed3(text=True))
    assert [one.why for one in batch.rejections] == ["it holds text, not samples"] * 2


def test_records_of_miniseed_3_are_cut_where_they_end():
    raw = mseed3(gap_s=5)
    first, second = read_records(raw)
    assert first.raw + second.raw == raw
    assert (second.begin - first.begin).total_seconds() == pytest.approx(15)
    with pytest.raises(SourceError):
        read_records(raw[:-20])


@pytest.mark.parametrize(
    ("quality", "flags", "clock"),
    [
        (100, 0, Clock.LOCKED),
        (60, 0, Clock.HOLDOVER),
        (10, 0, Clock.FREE),
        (100, 2, Clock.FREE),
        (None, 4, Clock.LOCKED),
        (None, 0, Clock.UNKNOWN),
    ],
)
def test_flags_and_quality_of_miniseed_3_are_the_clock_of_the_stretch(
    quality, flags, clock
):
    found = segments(mseed3(quality, flags))
    assert found.clock == (clock.value,)
    assert np.isfinite(found.clock_sigma_s[0]) == (
        clock in (Clock.LOCKED, Clock.HOLDOVER)
    )


def test_quality_in_blockette_1001_is_the_clock_of_the_stretch():
    from obspy import Trace

    trace = Trace(np.arange(400, dtype=np.int32))
    trace.stats.update({"network": "XX", "station": "TST1", "channel": "BDF"})
    trace.stats.mseed = {"blkt1001": {"timing_quality": 70}}
    out = io.BytesIO()
    trace.write(out, format="MSEED", reclen=512)
    assert {one.clock for one in ticking(out.getvalue())} == {Clock.HOLDOVER}


def test_a_stretch_is_divided_where_its_clock_fails_and_only_that_look_fails():
    raw = mseed2(3, suspect=(1,), locked=(0, 2))
    batch = read("waveforms", raw, PLACE)
    found = Segments.from_columns(batch.tables[0])
    assert found.clock == ("locked", "free", "locked")
    assert [len(one) for one in found.samples] == [1200, 1200, 1200]
    assert sorted(
        (one.time.begin.timestamp(), one.outcome) for one in batch.acquisitions
    ) == [
        (BEGIN_S, Outcome.MISS),
        (BEGIN_S + 60, Outcome.FAILURE),
        (BEGIN_S + 120, Outcome.MISS),
    ]


def test_a_channel_of_clock_quality_counts_for_its_station_and_looks_at_nothing():
    raw = mseed2(2, locked=(0, 1)) + mseed2(1, channel="LCQ", value=20)
    batch = read("waveforms", raw, PLACE)
    found = Segments.from_columns(batch.tables[0])
    own = [c for n, c in zip(found.channel_id, found.clock, strict=True) if "BDF" in n]
    assert own == ["free", "locked"]
    assert len(batch.acquisitions) == 2


def test_picks_carry_the_clock_of_their_stretch():
    from tests.collect.deliveries import sample

    raw, expected = sample("waveform_picks")
    spoilt = bytearray(raw)
    for at in range(0, len(raw), 512):
        spoilt[at + 37] |= 32
    (table,) = read("waveform_picks", bytes(spoilt), expected["options"]).tables
    picks = NodePicks.from_columns(table)
    assert set(picks.clock.to_pylist()) == {"locked"}
    assert np.all(picks.clock_sigma_s == 0.001)


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(1, 30), st.sampled_from(Clock)),
        max_size=8,
    ),
    st.integers(0, 50),
    st.integers(1, 60),
)
def test_a_time_is_divided_without_a_hole_and_the_worst_clock_counts(said, begin, long):
    second = 10**9
    told = [Ticking("XX.A", a * second, (a + n) * second, c) for a, n, c in said]
    end = begin + long
    parts = Clocks(told).through("XX.A..BDF", begin * second, end * second)
    assert parts[0][0] == begin * second
    assert parts[-1][1] == end * second
    assert all(
        a[1] == b[0] and a[2] is not b[2]
        for a, b in zip(parts, parts[1:], strict=False)
    )
    for at in range(begin, end):
        (state,) = (c for a, b, c in parts if a <= at * second < b)
        free = any(a <= at < a + n and c is Clock.FREE for a, n, c in said)
        assert (state is Clock.FREE) == free


@given(st.floats(0, 100))
def test_a_better_quality_is_never_a_worse_clock(quality):
    order = [Clock.FREE, Clock.HOLDOVER, Clock.LOCKED]
    assert order.index(of_quality(quality)) <= order.index(
        of_quality(min(quality + 5, 100))
    )

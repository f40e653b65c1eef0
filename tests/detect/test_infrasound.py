"""The detector: an arrival becomes an ellipse along its bearing."""

from datetime import UTC, datetime, timedelta

from pyproj import Geod

from tests.collect.deliveries import read
from tests.waves import BEGIN_NS, LAT, LON, crossing, layout, mseed, stations_csv
from trucewatch.collect.nodes import Clock
from trucewatch.collect.waveforms import Channels, Segments
from trucewatch.detect.arrays.assemble import assemble
from trucewatch.detect.detection import Evidence
from trucewatch.period import Period
from trucewatch.plugin import load
from trucewatch.record import RecordId

BEGIN = datetime.fromtimestamp(BEGIN_NS / 1e9, UTC)
DAY = Period(BEGIN, BEGIN + timedelta(days=1))


def detected(columns, watched=DAY):
    evidence = Evidence((), columns, watched, RecordId(""))
    return load("trucewatch.detect.detectors", "infrasound").detect(evidence)


def columns():
    made = crossing(layout(5), waves=[(180, 60, 340, 15)])
    waves = read("waveforms", mseed(made)).tables
    return (*waves, *read("array_stations", stations_csv(made)).tables)


def test_a_wave_is_one_detection_along_its_bearing_before_its_arrival():
    (found,) = detected(columns())
    turn, _, away = Geod(ellps="WGS84").inv(
        LON, LAT, found.place.lon_deg, found.place.lat_deg
    )
    assert abs(turn - 60) < 3
    assert abs(away - found.place.semi_major_m) < 200
    assert found.time.contains(BEGIN + timedelta(seconds=150))
    assert found.independence == "array:TST"
    assert 0 < found.log10_likelihood_ratio < 4


def test_the_order_of_tables_changes_nothing():
    both = columns()
    assert detected(both) == detected(both[::-1])


def test_nothing_outside_the_watched_period_and_nothing_without_stations():
    late = Period(BEGIN + timedelta(days=1), BEGIN + timedelta(days=2))
    assert detected(columns(), late) == ()
    assert detected(columns()[:1]) == ()


def flagged(raw, byte, bit, channel=None):
    """miniSEED with a bit of every record's header set, or of one channel's."""
    spoilt = bytearray(raw)
    for at in range(0, len(raw), 512):
        if channel is None or raw[at + 8 : at + 13].strip() == channel:
            spoilt[at + byte] |= bit
    return bytes(spoilt)


def test_the_state_of_the_clocks_stands_in_the_detection():
    made = crossing(layout(5), waves=[(180, 60, 340, 15)])
    stands = read("array_stations", stations_csv(made)).tables
    raw = flagged(mseed(made), 37, 32)
    (locked,) = detected((*read("waveforms", raw).tables, *stands))
    assert locked.measured.clock is Clock.LOCKED
    assert locked.measured.clock_sigma_s == 0.001
    (unknown,) = detected(columns())
    assert unknown.measured.clock is Clock.UNKNOWN


def test_channels_whose_clock_runs_free_take_no_part():
    made = crossing(layout(5), waves=[(180, 60, 340, 15)])
    stands = read("array_stations", stations_csv(made)).tables
    raw = flagged(mseed(made), 38, 128, b"TST1")
    waves = [Segments.from_columns(one) for one in read("waveforms", raw).tables]
    recordings, problems = assemble(
        waves, [Channels.from_columns(one) for one in stands]
    )
    assert recordings[0].channel_ids == tuple(f"XX.TST{k}..BDF" for k in (0, 2, 3, 4))
    assert problems == ("channel XX.TST1..BDF: its clock ran free for a time",)
    all_free = flagged(mseed(made), 38, 128)
    assert detected((*read("waveforms", all_free).tables, *stands)) == ()

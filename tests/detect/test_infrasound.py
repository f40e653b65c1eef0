"""The detector: an arrival becomes an ellipse along its bearing."""

from datetime import UTC, datetime, timedelta

from pyproj import Geod

from tests.collect.deliveries import read
from tests.waves import BEGIN_NS, LAT, LON, crossing, layout, mseed, stations_csv
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

"""The detector: what one station read becomes a circle, a time and what it is worth."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import read
from trucewatch.detect.detection import Evidence
from trucewatch.detect.ground import REACH_M, SPEED_MPS
from trucewatch.period import Period
from trucewatch.plugin import load
from trucewatch.record import RecordId, canonical, decoded

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
DAY = Period(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
AWAY_M = 8_000.0


def delivery(*picks, clock="locked"):
    """Picks as ``(station, phase, seconds after noon)``, as CSV."""
    lines = [
        f"{station},{phase},{NOON + timedelta(seconds=late_s)},48.5,37.5,0.1,{clock}"
        for station, phase, late_s in picks
    ]
    header = "station_id,phase,time,lat,lon,onset_sd_s,clock"
    return read("seismic_picks", "\n".join([header, *lines])).tables


def detected(columns, watched=DAY):
    evidence = Evidence((), tuple(columns), watched, RecordId(""))
    return load("trucewatch.detect.detectors", "seismic").detect(evidence)


def onsets(away_m=AWAY_M, station="XX.A", phases="PSA"):
    return [(station, one, away_m / SPEED_MPS[one]) for one in phases]


def test_phases_of_one_source_are_one_detection_that_holds_it():
    (found,) = detected(delivery(*onsets()))
    assert found.place.semi_major_m > AWAY_M
    assert found.place.semi_major_m < REACH_M
    assert found.time.contains(NOON)
    assert [one.phase for one in found.measured.onsets] == ["P", "S", "A"]
    assert len(found.derived_from) == 3
    assert decoded(type(found), __import__("json").loads(canonical(found))) == found


def test_more_phases_say_more_and_a_busy_station_says_less():
    ratio = [
        detected(delivery(*onsets(phases=phases)))[0].log10_likelihood_ratio
        for phases in ("P", "PS", "PSA")
    ]
    assert ratio == sorted(ratio)
    busy = [("XX.A", "P", 600.0 + 60 * n) for n in range(500)]
    (first, *_) = detected(delivery(*onsets(phases="P"), *busy))
    assert first.log10_likelihood_ratio < ratio[0] - 1


def test_an_s_too_late_for_any_place_within_reach_is_of_another_source():
    assert len(detected(delivery(("XX.A", "P", 0.0), ("XX.A", "S", 30.0)))) == 2
    assert len(detected(delivery(("XX.A", "S", 0.0), ("XX.A", "P", 1.0)))) == 2
    # Sound that tells another distance than P and S do.
    assert len(detected(delivery(*onsets(phases="PS"), ("XX.A", "A", 60.0)))) == 2


def test_two_stations_are_two_origins():
    found = detected(delivery(*onsets(), *onsets(station="XX.B")))
    assert [one.independence for one in found] == ["seismic:XX.A", "seismic:XX.B"]


def test_a_free_clock_an_unknown_place_and_another_day_give_nothing():
    assert detected(delivery(*onsets(), clock="free")) == ()
    nowhere = "station_id,phase,time\nXX.A,P,2031-05-01T12:00:00Z\n"
    assert detected(read("seismic_picks", nowhere).tables) == ()
    later = Period(DAY.end, DAY.end + timedelta(days=1))
    assert detected(delivery(*onsets()), later) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["XX.A", "XX.B"]),
            st.sampled_from("PSA"),
            st.integers(0, 400).map(lambda tenths: tenths / 10),
        ),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_every_pick_is_used_once_and_order_changes_nothing(picks, random):
    found = detected(delivery(*picks))
    assert sum(len(one.measured.onsets) for one in found) == len(picks)
    shuffled = picks[:]
    random.shuffle(shuffled)
    told = [
        (one.time, one.place, one.log10_likelihood_ratio, one.measured) for one in found
    ]
    again = detected(delivery(*shuffled))
    assert told == [
        (one.time, one.place, one.log10_likelihood_ratio, one.measured) for one in again
    ]


@pytest.mark.parametrize("away_m", [500.0, 3_000.0, 15_000.0, 29_000.0])
def test_the_origin_lies_in_the_period_and_the_source_in_the_circle(away_m):
    found = detected(delivery(*onsets(away_m)))
    assert len(found) == 1
    assert found[0].time.contains(NOON)
    assert found[0].place.semi_major_m >= min(away_m, REACH_M)

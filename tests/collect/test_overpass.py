"""Passes against an independent propagator (skyfield), and what bad elements give."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from tests.collect.deliveries import read, sample
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.elements import Elements, sets
from trucewatch.collect.overpass import (
    Overpass,
    ground_track,
    overpasses,
)
from trucewatch.collect.places import Bounds
from trucewatch.collect.swath import VIIRS, off_track_m
from trucewatch.completeness.cover import p_detect
from trucewatch.errors import SourceError
from trucewatch.period import Period
from trucewatch.place import Place

LINES = (
    "1 43013U 00000A   31121.50000000  .00000050  00000-0  40000-4 0  9997",
    "2 43013  98.7300 185.0000 0001200  90.0000 270.0000 14.19550000    11",
)
OMM = {
    "OBJECT_NAME": "INVENTED 20",
    "NORAD_CAT_ID": 43013,
    "EPOCH": "2031-05-01T12:00:00.000000",
    "MEAN_MOTION": 14.1955,
    "ECCENTRICITY": 0.00012,
    "INCLINATION": 98.73,
    "RA_OF_ASC_NODE": 185.0,
    "ARG_OF_PERICENTER": 90.0,
    "MEAN_ANOMALY": 270.0,
    "BSTAR": 4e-05,
    "MEAN_MOTION_DOT": 5e-07,
    "MEAN_MOTION_DDOT": 0,
}
BEGIN = datetime(2031, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
AREA = Bounds(22.0, 44.0, 40.0, 52.5)
OPTIONS = {
    "bounds": "22,44,40,52.5",
    "begin": "2031-05-01",
    "end": "2031-05-02",
    "cloud_ratio": "0.4",
}
GEOD = Geod(ellps="WGS84")


def elements():
    (one,) = sets("\n".join(LINES).encode(), "test")
    assert isinstance(one, Elements)
    return one


def passes(begin=BEGIN, end=BEGIN + DAY, area=AREA):
    return list(overpasses(elements(), area, Period(begin, end)))


def test_points_under_the_satellite_are_those_of_skyfield():
    api = pytest.importorskip("skyfield.api")
    scale = api.load.timescale(builtin=True)
    track = ground_track(elements(), BEGIN, BEGIN + DAY)
    theirs = api.EarthSatellite(*LINES, "invented", scale)
    when = scale.utc(2031, 5, 1, 0, 0, track.time_s)
    point = api.wgs84.subpoint(theirs.at(when))
    _, _, apart = GEOD.inv(
        track.lon_deg, track.lat_deg, point.longitude.degrees, point.latitude.degrees
    )
    assert np.max(apart) < 500


def test_passes_culminate_when_skyfield_says():
    api = pytest.importorskip("skyfield.api")
    scale = api.load.timescale(builtin=True)
    area = Bounds(30.9, 48.2, 31.1, 48.4)
    theirs = api.EarthSatellite(*LINES, "invented", scale)
    site = api.wgs84.latlon(48.3, 31.0)
    when, event = theirs.find_events(
        site, scale.from_datetime(BEGIN), scale.from_datetime(BEGIN + 3 * DAY), 30.0
    )
    tops = [t.utc_datetime() for t, e in zip(when, event, strict=True) if e == 1]
    found = [one.time for one in passes(end=BEGIN + 3 * DAY, area=area)]
    assert len(tops) >= 6
    for top in tops:
        assert any(
            one.begin - timedelta(seconds=15) <= top <= one.end + timedelta(seconds=15)
            for one in found
        )


def test_every_point_of_a_footprint_is_within_the_swath_and_the_box():
    box = shapely.box(22, 44, 40, 52.5)
    for one in passes():
        assert isinstance(one, Overpass)
        assert box.buffer(1e-9).covers(one.footprint)
        track = ground_track(
            elements(),
            one.time.begin - timedelta(minutes=3),
            one.time.end + timedelta(minutes=3),
        )
        for lon, lat in shapely.get_coordinates(one.footprint):
            lons, lats = (
                np.full_like(track.lon_deg, lon),
                np.full_like(track.lat_deg, lat),
            )
            _, _, away = GEOD.inv(track.lon_deg, track.lat_deg, lons, lats)
            assert away.min() < off_track_m(VIIRS, VIIRS.edge_deg) + 20_000


def test_a_sun_synchronous_viirs_sees_the_box_every_day_and_night():
    hours = {one.time.begin.hour for one in passes()}
    assert any(7 <= hour <= 11 for hour in hours)
    assert any(17 <= hour <= 21 for hour in hours)


def test_lines_and_omm_give_the_same_passes():
    (of_json,) = sets(json.dumps([OMM]).encode(), "test")
    header, row = ",".join(OMM), ",".join(str(v) for v in OMM.values())
    (of_csv,) = sets(f"{header}\n{row}\n".encode(), "test")
    period = Period(BEGIN, BEGIN + DAY)
    expected = [one.time for one in passes()]
    for one in (of_json, of_csv):
        assert [p.time for p in overpasses(one, AREA, period)] == expected


def test_old_elements_look_narrower_and_longer_and_older_ones_not_at_all():
    fresh, old = passes()[0], passes(BEGIN + 8 * DAY, BEGIN + 9 * DAY)[0]
    assert fresh.age_days < 3 < old.age_days
    (whole,) = [
        one for one in passes(BEGIN + 8 * DAY, BEGIN + 9 * DAY) if one.time == old.time
    ]
    assert whole.footprint.area < shapely.box(22, 44, 40, 52.5).area
    refused = passes(BEGIN + 20 * DAY, BEGIN + 21 * DAY)
    assert refused
    assert all(isinstance(one, str) and "days off" in one for one in refused)


def test_the_nearest_of_two_sets_is_used():
    later = {**OMM, "EPOCH": "2031-05-03T12:00:00.000000"}
    batch = read(
        "orbital_elements",
        json.dumps([OMM, later]).encode(),
        {**OPTIONS, "end": "2031-05-05"},
    )
    rows = [one.row.split(",")[0] for one in batch.acquisitions]
    border = datetime(2031, 5, 2, 12, tzinfo=UTC)
    for row, one in zip(rows, batch.acquisitions, strict=True):
        assert row == ("set 1" if one.time.begin < border else "set 2")


def test_a_day_without_cloud_proves_nothing():
    options = {**OPTIONS, "cloud_ratio": "", "cloud.2031-05-02": "0.3"}
    batch = read("orbital_elements", "\n".join(LINES), {**options, "end": "2031-05-03"})
    assert {one.time.begin.day for one in batch.acquisitions} == {2}
    assert all(one.p_clear == pytest.approx(0.7) for one in batch.acquisitions)
    assert all("cloud.2031-05-01" in one.why for one in batch.rejections)
    assert batch.rejections


def test_without_elements_nominal_times_are_called_so_and_are_wide():
    text = "satellite,local_time\nN20,13:30\nGOES,12:00\nAqua,25:00\n"
    batch = read("orbital_elements", text, {**OPTIONS, "end": "2031-05-03"})
    assert len(batch.acquisitions) == 3  # one more begins before the first midnight
    assert len(batch.rejections) == 2
    for one in batch.acquisitions:
        assert "nominal" in one.row
        assert one.time.duration_s == 7_200
        middle = one.time.begin + timedelta(hours=1) + timedelta(hours=31 / 15)
        assert (middle.hour, middle.minute) in {(13, 30), (1, 30)}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ECCENTRICITY": 0.7}, "ECCENTRICITY"),
        ({"MEAN_MOTION": "nan"}, "finite"),
        ({"MEAN_MOTION": 1.0}, "between"),
        ({"EPOCH": "soon"}, "isoformat"),
        ({"NORAD_CAT_ID": 1}, "no satellite known"),
        ({"BSTAR": ""}, "lacks BSTAR"),
    ],
)
def test_a_set_that_cannot_be_says_why(change, why):
    ((where, told),) = sets(json.dumps([{**OMM, **change}]).encode(), "test")
    assert where == "set 1"
    assert why in told


@pytest.mark.parametrize(
    "change",
    [
        {"bounds": ""},
        {"begin": "2031-05-02"},
        {"end": "2032-05-02"},
        {"cloud_ratio": "40"},
        {"cloud.2031-05-01": "x"},
    ],
)
def test_an_option_that_cannot_be_is_an_error(change):
    with pytest.raises(SourceError, match=r"option|bounds|end"):
        read("orbital_elements", "\n".join(LINES), {**OPTIONS, **change})


@pytest.mark.parametrize("text", ["", "nothing", "[", "a,b\n1,2\n", "[[[["])
def test_what_is_no_list_of_elements_is_an_error(text):
    with pytest.raises(SourceError):
        read("orbital_elements", text, OPTIONS)


@given(st.integers(0, 137), st.sampled_from("0123456789 .-+A"))
@settings(max_examples=60, deadline=None)
def test_any_one_changed_character_is_used_or_refused_with_a_reason(at, letter):
    raw = "\n".join(LINES)
    damaged = raw[:at] + letter + raw[at + 1 :]
    try:
        batch = read("orbital_elements", damaged, OPTIONS)
    except SourceError:
        return
    assert all(one.why for one in batch.rejections)
    assert len(batch.acquisitions) + len(batch.rejections) == batch.rows_read


def test_the_sample_is_read_twice_the_same():
    raw, expected = sample("orbital_elements")
    one, other = (read("orbital_elements", raw, expected["options"]) for _ in range(2))
    assert one == other


def test_a_day_of_passes_is_nearly_no_evidence_of_silence():
    batch = read("orbital_elements", "\n".join(LINES), OPTIONS)
    day = Period(BEGIN, BEGIN + DAY)
    town = Place.circle(48.5, 31.0, 500.0)
    explosion = p_detect(batch.acquisitions, town, day, Act.EXPLOSION)
    missile = p_detect(batch.acquisitions, town, day, Act.MISSILE)
    assert 0 < explosion < missile < 0.05
    assert p_detect(batch.acquisitions, town, day, Act.JAMMING) == 0

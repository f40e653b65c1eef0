"""Tracks of patrols: what is claimed lies between points that are there."""

import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import counts, read, sample
from trucewatch.errors import SourceError

BEGIN = datetime(2031, 5, 1, 6, tzinfo=UTC)


def line(minutes, lat=10.0):
    """A line as GeoJSON, one point per number of minutes after the beginning."""
    times = [(BEGIN + timedelta(minutes=m)).isoformat() for m in minutes]
    spots = [[20.0 + 0.001 * n, lat] for n in range(len(minutes))]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": spots},
        "properties": {"coordTimes": times},
    }


def tracks(*features, **options):
    body = {"type": "FeatureCollection", "features": list(features)}
    return read("patrol_tracks", json.dumps(body), options)


def test_a_look_moves_with_the_patrol():
    batch = tracks(line([0, 5, 10, 15, 20]))
    assert [a.time.duration_s for a in batch.acquisitions] == [600, 600]
    first, second = (one.footprint for one in batch.acquisitions)
    assert first != second
    assert {a.independence for a in batch.acquisitions} == {"patrol:patrol"}


def test_nothing_is_claimed_across_a_gap_and_a_lonely_point_is_kept_as_rejected():
    batch = tracks(line([0, 4, 30, 60, 64]))
    assert [a.time.duration_s for a in batch.acquisitions] == [240, 240]
    (alone,) = batch.rejections
    assert (alone.where, "no other point" in alone.why) == ("feature 1 point 3", True)


def test_a_line_without_times_proves_no_look():
    bare = line([0, 5])
    del bare["properties"]["coordTimes"]
    (one,) = tracks(bare).rejections
    assert "no time" in one.why


@pytest.mark.parametrize(
    "raw",
    [
        b"<gpx><trk/></gpx",
        b"<kml/>",
        b'<!DOCTYPE gpx [<!ENTITY a "a">]><gpx>&a;</gpx>',
        "<gpx/>".encode("utf-16"),
        b"[1, 2]",
    ],
)
def test_what_is_no_track_is_refused(raw):
    with pytest.raises(SourceError):
        read("patrol_tracks", raw)


@pytest.mark.parametrize("option", [{"clear_ratio": "1.5"}, {"observer": "a b"}])
def test_options_that_cannot_be_are_refused(option):
    with pytest.raises(SourceError, match="must be"):
        read("patrol_tracks", sample("patrol_tracks")[0], option)


values = st.one_of(
    st.none(), st.floats(), st.integers(-400, 400), st.text(max_size=5), st.just([1])
)


@settings(deadline=None)
@given(
    spots=st.lists(st.one_of(values, st.lists(values, max_size=3)), max_size=5),
    times=st.lists(
        st.one_of(values, st.datetimes().map(lambda t: f"{t.isoformat()}Z")), max_size=5
    ),
)
def test_any_line_gives_a_batch_or_a_source_error(spots, times):
    feature = line([])
    feature["geometry"]["coordinates"] = spots
    feature["properties"]["coordTimes"] = times
    with contextlib.suppress(SourceError):
        found = counts(tracks(feature))
        assert found.pop("rows_read") == sum(found.values())


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 300), max_size=12, unique=True))
def test_looks_cover_only_times_between_neighbouring_points(minutes):
    minutes = sorted(minutes)
    batch = tracks(line(minutes)) if minutes else None
    for one in batch.acquisitions if batch else ():
        inside = [
            BEGIN + timedelta(minutes=m)
            for m in minutes
            if one.time.begin <= BEGIN + timedelta(minutes=m) <= one.time.end
        ]
        steps = [b - a for a, b in zip(inside, inside[1:], strict=False)]
        assert max(steps) <= timedelta(minutes=5)
        assert (inside[0], inside[-1]) == (one.time.begin, one.time.end)

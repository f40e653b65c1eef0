"""Lists of detections: ours, infrapy's, and anything else."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.errors import SourceError
from trucewatch.fuse.arrays.listing import listed

OURS = {
    "array_id": "A",
    "time": "2031-05-01T10:00:00Z",
    "lat": 48.0,
    "lon": 33.0,
    "back_azimuth_deg": -20.0,
    "back_azimuth_sd_deg": 2.0,
}
THEIRS = {
    "Time (UTC)": "2031-05-01T10:00:00",
    "F Stat.": 10.0,
    "Back Azimuth": -20.0,
    "Latitude": 48.0,
    "Longitude": 33.0,
    "Array Dim.": 5,
}


def test_both_forms_say_the_same():
    (one,), (other,) = listed(json.dumps([OURS])), listed(json.dumps([THEIRS]))
    assert one.time_s == other.time_s == 1935396000
    assert one.back_azimuth_deg == other.back_azimuth_deg == 340
    assert other.back_azimuth_sd_deg == pytest.approx(6.41, abs=0.01)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lat": 91}, "lat is 91"),
        ({"time": "noon"}, "noon"),
        ({"time": 5}, "no ISO 8601"),
        ({"back_azimuth_deg": None}, "back_azimuth_deg is missing"),
        ({"back_azimuth_sd_deg": 0}, "not above 0"),
        ({"back_azimuth_deg": True}, "no number"),
    ],
)
def test_an_unusable_detection_is_named_with_the_value(change, told):
    with pytest.raises(SourceError, match="detection 1 cannot be used") as error:
        listed(json.dumps([OURS, {**OURS, **change}]))
    assert told in str(error.value)


def test_two_of_one_name_are_refused():
    with pytest.raises(SourceError, match="two detections are named 'a'"):
        listed(json.dumps([{**OURS, "detection_id": "a"}] * 2))


@given(raw=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_detections_or_a_source_error(raw):
    with contextlib.suppress(SourceError):
        listed(raw)


values = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers()


@given(st.lists(st.dictionaries(st.sampled_from([*OURS, *THEIRS]), values, max_size=9)))
@settings(max_examples=60, deadline=None)
def test_any_json_gives_detections_or_a_source_error(items):
    with contextlib.suppress(SourceError):
        listed(json.dumps(items))


def test_bottomless_json_is_refused():
    with pytest.raises(SourceError):
        listed(b"[" * 200_000)

"""The words of the language, and the schema that lists them."""

import json
import pathlib
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trucewatch.agreement.dates import read_duration_s, read_instant, read_window
from trucewatch.agreement.document import Document, Section, ZoneText
from trucewatch.agreement.problem import TermError
from trucewatch.agreement.schema import schema
from trucewatch.period import iso

ROOT = pathlib.Path(__file__).parents[2]
UTC, KYIV = ZoneInfo("UTC"), ZoneInfo("Europe/Kyiv")


def edges(text, zone=UTC):
    window = read_window(text, zone)
    return str(window.begin), str(window.end)


def test_the_committed_schema_is_the_one_the_models_give():
    committed = (ROOT / "docs/reference/agreement.schema.json").read_text("utf-8")
    assert committed == schema()


def test_the_schema_speaks_of_the_words_as_they_are_written():
    zone = json.loads(schema())["$defs"]["ZoneText"]
    assert "except" in zone["properties"]
    assert zone["additionalProperties"] is False


def test_every_section_refuses_unknown_words_and_change():
    for section in (Document, *Section.__subclasses__()):
        assert section.model_config["extra"] == "forbid"
        assert section.model_config["frozen"] is True


@pytest.mark.parametrize("shapes", [{}, {"any_of": ["a"], "side_of": None}])
def test_a_zone_has_exactly_one_shape(shapes):
    with pytest.raises(ValidationError, match="exactly one"):
        ZoneText.model_validate({"title": "z", **shapes})


def test_an_instant_is_known_to_its_second():
    assert edges("2025-04-19T18:00+03:00/2025-04-20T21:00Z") == (
        "2025-04-19T15:00Z/2025-04-19T15:00:01Z",
        "2025-04-20T21:00Z/2025-04-20T21:00:01Z",
    )


def test_a_bare_date_is_an_edge_known_to_that_local_day():
    begin, _ = edges("2025-03-18/..", KYIV)
    assert begin == "2025-03-17T22:00Z/2025-03-18T22:00Z"


def test_a_local_day_on_which_clocks_change_has_its_own_length():
    window = read_window("2025-03-30/..", KYIV)
    assert window.begin.duration_s == 23 * 3600


def test_a_range_of_dates_is_an_edge_known_to_lie_in_it():
    begin, _ = edges("2026-01-25..2026-01-30/2026-02-01", KYIV)
    assert begin == "2026-01-24T22:00Z/2026-01-30T22:00Z"


def test_open_edges_are_none():
    window = read_window("../..", UTC)
    assert (window.begin, window.end) == (None, None)


def test_a_duration_of_days_after_a_date_keeps_to_the_calendar():
    window = read_window("2025-03-18/P30D", ZoneInfo("Europe/Moscow"))
    assert str(window.end) == "2025-04-16T21:00Z/2025-04-17T21:00Z"


def test_a_duration_after_an_instant_counts_hours():
    _, end = edges("2026-01-29T22:00Z/P7D")
    assert end == "2026-02-05T22:00Z/2026-02-05T22:00:01Z"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2025-04-19T15:00/..", "names no time zone"),
        ("2025-04-20T21:00Z/2025-04-19T15:00Z", "ends before it begins"),
        ("2025-04-20/2025-04-20", "ends before it begins"),
        ("2025-04-20T21:00Z/2025-04-20T21:00Z", "ends before it begins"),
        ("2025-04-19", "not a window"),
        ("/2025-04-19", "not a window"),
        ("2025-02-30/..", "not a date"),
        ("2026-01-30..2026-01-25/..", "runs backwards"),
        ("../P7D", "open beginning"),
        ("2025-01-01/P1M", "not a duration"),
        ("2025-01-01/P999999W", "outside the calendar"),
        ("0001-01-01/..", "outside 1900"),
        ("9999-12-31T23:59:59Z/..", "outside 1900"),
        ("19 April 2025/..", "not an instant"),
    ],
)
def test_a_wrong_window_says_what_is_wrong(text, wrong):
    with pytest.raises(TermError, match=wrong):
        read_window(text, UTC)


def test_a_day_that_holds_the_other_edge_is_no_contradiction():
    window = read_window("2023-01-06T09:00Z/2023-01-06", UTC)
    assert window.end.contains(window.begin.begin)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT2H", 7200), ("P7D", 604800), ("P1DT12H", 129600), ("P2W", 1209600)],
)
def test_durations_are_seconds(text, seconds):
    assert read_duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "P1Y", "P1M", "-P1D", "2 h", "P1DT"])
def test_a_duration_without_fixed_length_is_refused(text):
    with pytest.raises(TermError, match="not a duration"):
        read_duration_s(text)


@given(st.text(max_size=40))
def test_any_text_is_a_window_or_a_term_error(text):
    try:
        window = read_window(text, KYIV)
    except TermError as error:
        assert error.wrong
        assert error.right
    else:
        assert {window.begin, window.end} != set()


@given(st.datetimes(), st.sampled_from(["Z", "+03:00", "-05:30"]))
def test_an_instant_survives_being_written(naive, offset):
    if not 1901 < naive.year < 2199:
        return
    instant = read_instant(naive.isoformat(timespec="seconds") + offset)
    assert read_instant(iso(instant)) == instant

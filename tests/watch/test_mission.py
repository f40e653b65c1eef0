"""A mission file says what it lacks, all at once, and never with a traceback."""

from datetime import UTC, date, datetime

import pytest

from trucewatch.errors import MissionError
from trucewatch.watch.mission import (
    expanded,
    files_of,
    local_day,
    read_mission,
    terms_of,
)

GOOD = """\
mission: small
title: A small mission
agreement: terms.yaml
days: {first: 2025-04-19, last: 2025-04-21}
zone: Europe/Kyiv
deliveries:
  - {source: media_reports, files: "*.csv", options: {feed: press}}
"""


def mission_file(folder, text):
    path = folder / "mission.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_is_read(tmp_path):
    made = read_mission(mission_file(tmp_path, GOOD))
    assert made.days.all() == tuple(date(2025, 4, n) for n in (19, 20, 21))
    assert made.deliveries[0].as_options()[0].value == "press"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("last: 2025-04-21", "last: 2025-04-01", "comes before the first"),
        ("media_reports", "telepathy", "no source 'telepathy'; known: "),
        ('files: "*.csv"', "licence: x", "either `files` or `fetch`"),
        ("zone: Europe/Kyiv", "zone: Mars/Olympus", "no IANA time zone"),
        ("mission: small", "mission: Not A Slug", "mission: String should match"),
        ("title:", "titel:", "titel: Extra inputs are not permitted"),
        (
            "deliveries:",
            "bulletins: [{stage: Z, releases: [public]}]\ndeliveries:",
            "F0",
        ),
        (
            "deliveries:",
            "bulletins: [{stage: F0, releases: [public]}]\ndeliveries:",
            "cell only",
        ),
        (
            "deliveries:",
            "bulletins: [{stage: R, releases: [public], days: [2024-01-01]}]\n"
            "deliveries:",
            "outside the days watched",
        ),
        ("deliveries:", "detectors: [ouija]\ndeliveries:", "no detector ['ouija']"),
    ],
)
def test_a_wrong_line_is_explained(tmp_path, old, new, says):
    with pytest.raises(MissionError) as caught:
        read_mission(mission_file(tmp_path, GOOD.replace(old, new)))
    assert says in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path):
    text = GOOD.replace("title:", "titel:").replace("media_reports", "telepathy")
    with pytest.raises(MissionError) as caught:
        read_mission(mission_file(tmp_path, text))
    assert "titel" in str(caught.value)
    assert "telepathy" in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"a: [1, 2", "cannot be read as YAML"),
        (b"- just\n- a list\n", "not a mission file"),
        (b"", "not a mission file"),
        (b"x" * 1_000_001, "not a mission file"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, raw, says):
    path = tmp_path / "mission.yaml"
    path.write_bytes(raw)
    with pytest.raises(MissionError, match=says):
        read_mission(path)


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(MissionError, match=r"nowhere\.yaml cannot be read"):
        read_mission(tmp_path / "nowhere.yaml")


def test_a_pattern_that_fits_nothing_is_an_error(tmp_path):
    made = read_mission(mission_file(tmp_path, GOOD))
    with pytest.raises(MissionError, match="no file fits"):
        files_of(made, made.deliveries[0])


def test_files_come_sorted_by_name(tmp_path):
    made = read_mission(mission_file(tmp_path, GOOD))
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text("x")
    assert [p.name for p in files_of(made, made.deliveries[0])] == ["a.csv", "b.csv"]


def test_an_agreement_that_is_not_there_is_an_error(tmp_path):
    made = read_mission(mission_file(tmp_path, GOOD))
    with pytest.raises(MissionError, match=r"terms\.yaml is not beside"):
        terms_of(made)


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("TW_NOWHERE", raising=False)
    with pytest.raises(MissionError, match="TW_NOWHERE"):
        expanded("${TW_NOWHERE}/x.csv")
    monkeypatch.setenv("TW_NOWHERE", "here")
    assert expanded("${TW_NOWHERE}/x.csv") == "here/x.csv"


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2025, 3, 30), 23), (date(2025, 4, 20), 24), (date(2025, 10, 26), 25)],
)
def test_a_local_day_has_23_to_25_hours(day, hours):
    assert local_day(day, "Europe/Kyiv").duration_s == hours * 3600


def test_a_local_day_begins_at_local_midnight():
    begin = local_day(date(2025, 4, 20), "Europe/Kyiv").begin
    assert begin == datetime(2025, 4, 19, 21, tzinfo=UTC)

"""Every lent file of a form the sources read, against the rows its keeper counted."""

import csv
import os
import pathlib

import pytest

from tests.collect.deliveries import counts, read
from trucewatch.collect.pixels import FirePixels

FOLDER = os.environ.get("TRUCEWATCH_DATA", "")
UA, RU = {"speaker": "UA", "against": "RU"}, {"speaker": "RU", "against": "UA"}
FORMS = [
    ("firms", "firms_2026_janfeb/*.csv", {}),
    ("firms", "firms_dates_only/*.csv", {}),
    ("firms", "firms_history/ukr_fire_data_*.csv.gz", {}),
    ("sirens", "air_raid_alerts_*/*.csv", {}),
    ("launch_claims", "air_force_claims_missile_uav/*.csv", UA),
    ("loss_claims", "general_staff_ua_loss_claims/*.csv", UA),
    ("ministry_posts", "mod_russia_claims/*.csv", RU),
    ("media_reports", "viina_media_reports/*", {}),
    ("cloud_cover", "cloud_cover_daily/*.csv", {}),
    ("cloud_cover", "oblast_daily_weather_cloud/*.csv", {}),
    ("cloud_cover", "firms_history/oblast_weather_20*.csv.gz", {}),
    ("held_areas", "deepstate_daily/*.geojson", {"party": "RU", "map": "deepstate"}),
    ("party_claims", "party_claims.json", {}),
]

pytestmark = [
    pytest.mark.cases,
    pytest.mark.skipif(
        not pathlib.Path(FOLDER or "/nowhere").is_dir(),
        reason="TRUCEWATCH_DATA names no folder of lent data",
    ),
]


def lent(pattern):
    found = sorted(pathlib.Path(FOLDER).glob(pattern))
    assert found
    return found


def manifest():
    with (pathlib.Path(FOLDER) / "MANIFEST.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["path"].split("/", 1)[1]: row["csv_rows"] for row in rows}


@pytest.mark.parametrize(("source", "pattern", "options"), FORMS)
def test_every_lent_row_is_accounted_for(source, pattern, options):
    known = manifest()
    for path in lent(pattern):
        found = counts(read(source, path.read_bytes(), options, path.name))
        rows = known.get(str(path.relative_to(FOLDER)))
        assert not rows or found["rows_read"] == int(rows)
        assert found.pop("rows_read") == sum(found.values())
        assert found["observations"] + found["table_rows"] > 0 or rows == "10"


def test_long_siren_intervals_are_unknown_and_the_rest_is_read():
    (path,) = lent("air_raid_alerts_oblast/*easter2025.csv")
    batch = read("sirens", path.read_bytes())
    assert len(batch.rejections) == 7
    assert all("merged by the maker" in one.why for one in batch.rejections)


def test_the_one_counter_that_runs_backwards_is_named():
    (path,) = lent("general_staff_ua_loss_claims/*easter2025.csv")
    batch = read("loss_claims", path.read_bytes(), UA)
    assert [one.where for one in batch.rejections] == ["line 2", "line 45"]
    assert "'mrl' runs backwards by 1" in batch.rejections[1].why


def test_the_night_of_the_mass_attack_counts_what_was_claimed():
    (path,) = lent("air_force_claims_missile_uav/*energypause2026.csv")
    night = [
        one.result.units
        for one in read("launch_claims", path.read_bytes(), UA).observations
        if "2026-02-02T12" < one.phenomenon_time.begin.isoformat() < "2026-02-03T06"
    ]
    assert sum(night) == 536


def test_no_launch_is_claimed_on_easter_sunday():
    (path,) = lent("air_force_claims_missile_uav/*easter2025.csv")
    begins = {
        one.phenomenon_time.begin.isoformat()[:13]
        for one in read("launch_claims", path.read_bytes(), UA).observations
    }
    assert not [one for one in begins if "2025-04-19T22" <= one < "2025-04-20T19"]


def test_the_full_rows_of_2026_keep_their_minute_and_their_satellite():
    (path,) = lent("firms_2026_janfeb/*2026034*")
    pixels = FirePixels.from_columns(read("firms", path.read_bytes()).tables[0])
    assert set(pixels.satellite.tolist()) == {"N20"}
    assert set((pixels.end_ns - pixels.begin_ns).tolist()) == {60 * 10**9}


def test_two_printings_of_one_count_name_two_speakers():
    (path,) = lent("party_claims.json")
    speakers = {
        one.result.speaker
        for one in read("party_claims", path.read_bytes()).observations
        if any(figure.units == 444 for figure in one.result.figures)
    }
    assert len(speakers) == 2

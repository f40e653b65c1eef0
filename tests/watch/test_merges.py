"""An analyst sees what was told as one incident, and why."""

import json

import pytest

from tests.watch.missions import small_mission
from trucewatch.watch.cli import code

REPORT = "{day} 10:00,{lon},{lat},Town,artillery,Explosions heard,{url}\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory, keys):
    """A mission in which two outlets print one headline."""
    folder = tmp_path_factory.mktemp("copied")
    mission = small_mission(folder / "mission")
    rows = [
        REPORT.format(
            day="2025-04-20", lon=37.8, lat=48.0, url=f"https://{o}.example/1"
        )
        for o in ("first", "second")
    ]
    head = "datetime,lon,lat,place_name,event_type,headline,url\n"
    (mission.parent / "copied.csv").write_text(head + "".join(rows))
    text = mission.read_text().replace(
        "deliveries:\n",
        "deliveries:\n  - source: media_reports\n    files: copied.csv\n"
        "    options: {feed: press, zone: Europe/Kyiv, lag_h: '1'}\n",
    )
    mission.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        assert code(["run", str(mission), "--out", str(folder / "out")]) == 0
    return folder / "out"


def test_merges_are_listed_with_origin_distance_and_reason(out, capsys):
    capsys.readouterr()
    assert code(["merges", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "media:first.example (line 3); 0.0 km off" in shown
    assert "origin: same_words" in shown
    assert shown.rstrip().endswith("of several detections")


def test_merges_as_json_name_rows_and_add_one_origin_once(out, capsys):
    capsys.readouterr()
    assert code(["merges", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    copied = next(
        one for one in found if any(p["why_one_origin"] for p in one["parts"])
    )
    parts = [p for p in copied["parts"] if p["why_one_origin"] == ["same_words"]]
    assert {p["independence"] for p in parts} == {"media:first.example"}
    assert sorted(row for p in parts for row in p["rows"]) == ["line 2", "line 3"]


def test_the_ledger_of_a_run_with_lineages_verifies(out):
    assert code(["verify", str(out / "ledger")]) == 0


def test_without_a_ledger_the_command_says_so(tmp_path, capsys):
    assert code(["merges", str(tmp_path)]) != 0
    assert "holds no ledger" in capsys.readouterr().err

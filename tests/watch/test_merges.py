"""An analyst sees what was told as one incident, and why."""

import json

import pytest

from tests.watch.missions import small_mission
from trucewatch.fuse.incident import Incident
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS

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


HALF = """\
datetime,lon,lat,place_name,event_type,headline,url
2025-04-20 10:00,37.80,48.00,Town,artillery,Shells fell,https://first.example/1
2025-04-20 13:00,37.83,48.02,Town,artillery,Loud noise,https://second.example/1
2025-04-20 10:00,36.00,47.00,Far,artillery,Other shells,https://third.example/1
"""
RULED = """\
reviewer: reviewer-1
decided: 2025-04-20T22:00:00Z
joins:
  - {{joining: {joining}, incidents: [{names}], reason: read both reports}}
"""


def mission_of_halves(folder, ruled=""):
    """Two reports a few kilometres and hours apart: one incident or two."""
    mission = small_mission(folder)
    (folder / "reports.csv").write_text(HALF)
    (folder / "claims.csv").write_text(
        "time_start,time_end,model,launched,destroyed,source\n"
    )
    text = mission.read_text()
    if ruled:
        (folder / "decisions.yaml").write_text(ruled)
    else:
        text = text.replace("decisions: decisions.yaml\n", "")
    mission.write_text(text.replace("feed: press", "feed: press, lag_h: '6'"))
    return mission


def ran(folder, ruled=""):
    mission = mission_of_halves(folder / "mission", ruled)
    assert code(["run", str(mission), "--out", str(folder / "out")]) in (0, 2)
    return folder / "out"


def listed(out, capsys, *more):
    capsys.readouterr()
    assert code(["merges", str(out), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def rulings(names, joining):
    return RULED.format(joining=joining, names=", ".join(names))


@pytest.fixture
def merged(tmp_path, capsys):
    """Names of the two reports that the model tells as one."""
    out = ran(tmp_path / "before")
    (one,) = listed(out, capsys)
    return [part["name"] for part in one["parts"]]


def test_what_a_reviewer_ruled_apart_is_told_as_two(merged, tmp_path, capsys):
    out = ran(tmp_path / "after", rulings(merged, "apart"))
    assert listed(out, capsys) == []
    (near,) = listed(out, capsys, "--near")
    assert {near["first_name"], near["second_name"]} == set(merged)
    assert near["p_joined"] >= max(near["p_first"], near["p_second"])
    assert code(["verify", str(out / "ledger")]) == 0


def test_what_a_reviewer_ruled_to_be_one_is_told_as_one(merged, tmp_path, capsys):
    far = _far(ran(tmp_path / "before2"))
    out = ran(tmp_path / "after", rulings([merged[0], far], "same"))
    (one,) = listed(out, capsys)
    assert far in {part["name"] for part in one["parts"]}


def test_a_ruling_made_after_the_cutoff_changes_nothing_yet(merged, tmp_path, capsys):
    late = rulings(merged, "apart").replace("2025-04-20T22", "2026-01-01T22")
    assert len(listed(ran(tmp_path / "after", late), capsys)) == 1


def test_the_bulletins_of_a_ruled_run_replay(merged, tmp_path):
    from trucewatch.share.bulletin import Bulletin

    out = ran(tmp_path / "after", rulings(merged, "apart"))
    with view(out / "ledger", KINDS) as ledger:
        names = [one.id for one in ledger.records(Bulletin)]
    for name in names:
        assert code(["replay", str(out), "--bulletin", name]) == 0


def test_near_pairs_are_shown_with_what_joining_would_change(merged, tmp_path, capsys):
    out = ran(tmp_path / "after", rulings(merged, "apart"))
    capsys.readouterr()
    assert code(["merges", str(out), "--near"]) == 0
    shown = capsys.readouterr().out
    assert "km apart" in shown
    assert "ruled apart by reviewer-1: read both reports" in shown
    assert "joined" in shown


def test_a_ruling_on_one_incident_twice_is_refused(tmp_path, capsys):
    mission = mission_of_halves(tmp_path, rulings(["a", "a"], "same"))
    assert code(["run", str(mission), "--out", str(tmp_path / "out")]) == 2
    assert "name two incidents" in capsys.readouterr().err


def _far(out):
    with view(out / "ledger", KINDS) as ledger:
        incidents = ledger.records(Incident)
    return next(i.name for i in incidents if i.place.lat_deg < 47.5)

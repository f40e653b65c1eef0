"""Odd options and traps in folders: refused with one message, nothing changed."""

import json
import os
import shutil
from datetime import date

import pytest

from tests.watch.missions import kept, linux
from trucewatch.watch.cli import code
from trucewatch.watch.mission import read_mission


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--day", "0001-01-01"], "does not lie between 1900-01-01"),
        (["--day", "9999-12-31"], "does not lie between 1900-01-01"),
        (["--day", "2025-02-30"], "'2025-02-30'"),
        (["--day", ""], "''"),
        (["--day", "2024-04-20"], "2024-04-20 was not watched"),
        (["--day", "2025-04-20", "--format", ""], "no format ['']"),
        (["--day", "2025-04-20", "--format", "csv,../x"], "no format ['../x']"),
        (["--day", "2025-04-20", "--lang", "../x"], "no language '../x'"),
        (["--day", "2025-04-20", "--stage", "F0"], "a flash (F0) goes to the cell"),
        (["--day", "2025-04-20", "--release", "all"], "'all'"),
    ],
)
def test_an_odd_option_of_bulletin_changes_nothing(options, says, finished, capsys):
    before = (finished / "out/ledger/checkpoint").read_bytes()
    assert code(["bulletin", str(finished / "out"), *options]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "fault of trucewatch" not in told
    assert (finished / "out/ledger/checkpoint").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--until", "soon"], "datetime"),
        (["--workers", "0"], "greater than or equal to 1"),
        (["--workers", "x"], "integer"),
        (["--workers", "100000"], "less than or equal to"),
        (["--colour"], "--colour"),
    ],
)
def test_an_odd_option_of_run_is_refused(options, says, run):
    left, _, err = run(*options)
    assert (left, says in err) == (2, True)


@pytest.mark.parametrize(
    "until", ["0001-01-01", "1990-01-01", "2025-04-19T23:59+14:00"]
)
def test_until_before_everything_takes_in_and_issues_nothing(until, run, tmp_path):
    left, out, _ = run("--until", until)
    assert left == 0
    assert "\nbulletin" not in out
    assert set(kept(tmp_path / "out")) == {"reports.csv", "claims.csv"}


def test_replay_does_not_compare_with_nothing(finished, tmp_path, capsys):
    (made,) = (finished / "out/bulletins").glob("2025-04-19/*/bulletin.json")
    manifest = json.loads(made.with_name("MANIFEST.json").read_bytes())
    wanted = ["replay", str(finished / "out"), "--bulletin", manifest["bulletin"]]
    assert code([*wanted, "--published", str(tmp_path)]) == 2
    assert "holds no published bulletin" in capsys.readouterr().err


def test_a_format_asked_for_later_is_added_to_the_sealed_folder(finished, tmp_path):
    shutil.copytree(finished / "out", tmp_path / "out")
    folder = tmp_path / "out/bulletins/2025-04-20/R-public-en"
    before = (folder / "bulletin.json").read_bytes()
    made = ["bulletin", str(tmp_path / "out"), "--day", "2025-04-20"]
    assert code([*made, "--format", "geojson"]) == 0
    there = {one.name for one in folder.iterdir()}
    assert {"incidents.geojson", "incidents.csv", "bulletin.json"} <= there
    assert (folder / "bulletin.json").read_bytes() == before
    assert code(["verify", str(folder)]) == 0


def test_a_day_must_be_named_by_the_mission(mission):
    watched = read_mission(mission)
    watched.check_watched(date(2025, 4, 21))
    with pytest.raises(ValueError, match="2025-04-22 is not in"):
        watched.check_watched(date(2025, 4, 22))


@linux
@pytest.mark.parametrize("name", ["MANIFEST.json", "MANIFEST.sig", "incidents.csv"])
@pytest.mark.parametrize("target", ["pipe", "/dev/zero"])
def test_a_trap_in_a_folder_to_verify_is_named(
    name, target, finished, tmp_path, capsys
):
    made = finished / "out/bulletins/2025-04-20/R-public-en"
    trap = shutil.copytree(made, tmp_path / "copy") / name
    trap.unlink()
    if target == "pipe":
        os.mkfifo(trap)
    else:
        trap.symlink_to(target)
    assert code(["verify", str(trap.parent)]) == 2
    assert f"{trap} is a " in capsys.readouterr().err

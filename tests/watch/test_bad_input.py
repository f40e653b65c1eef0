"""Whatever a clumsy or hostile hand gives the command line: one clear message, or a
kept rejection; never a traceback, nothing lost, no half bulletin."""

import gzip
import io
import json
import os
import shutil
import zipfile

import pytest

from tests.watch.missions import REPORTS, edit, kept, linux, small_mission
from trucewatch.errors import MissionError
from trucewatch.watch.cli import code
from trucewatch.watch.intake import arrivals
from trucewatch.watch.mission import read_mission


def rejected(out, capsys):
    capsys.readouterr()
    assert code(["rejects", str(out), "--json"]) == 0
    return {one["where"]: one["why"] for one in json.loads(capsys.readouterr().out)}


def zipped(size_bytes):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("reports.csv", bytes(size_bytes))
    return made.getvalue()


# Rows


@pytest.mark.parametrize(
    ("raw", "where", "why"),
    [
        (REPORTS[:-40].encode(), "line 6", "cut short"),
        (REPORTS.replace("Dnipro", "Дніпро").encode("cp1251"), "line 3", "encoding"),
        (REPORTS.replace("Dnipro", "Dniprö").encode("latin-1"), "line 3", "encoding"),
        (REPORTS.replace("36.25", "NaN").encode(), "line 2", "'NaN' is not a finite"),
        (REPORTS.replace("36.25", "-inf").encode(), "line 2", "'-inf' is not a finite"),
        (REPORTS.replace("36.25", "136.25", 1).replace("49.98", "149.98").encode(),)
        + ("line 2", "out of range"),
        (REPORTS.replace("2025-04-19 16", "0001-01-01 00").encode(), "line 2", ""),
        (REPORTS.replace("2025-04-19 16:30:00", "9999-12-31").encode(), "line 2", ""),
        (REPORTS.replace("2025-04-19 16:30", "2025-03-30 03:30").encode(),)
        + ("line 2", "skipped"),
        (REPORTS.replace("Dnipro", "Dni\0pro").encode(), "line 3", "NUL"),
    ],
)
def test_a_row_nobody_can_use_is_kept_with_its_line(
    raw, where, why, mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, zone: Europe/Kyiv")
    reports.write_bytes(raw)
    left, out, _ = run()
    assert left == 0
    assert "2 deliveries, 7 rows, 2 rejected" in out
    assert f"trucewatch rejects {tmp_path / 'out'}" in out
    found = rejected(tmp_path / "out", capsys)
    assert why in found[where]
    assert "nonsense" in found["line 5"]
    assert kept(tmp_path / "out")["reports.csv"] == raw


def test_times_without_a_zone_are_refused_where_none_is_named(
    mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, zone: ''")
    assert run()[0] == 0
    found = rejected(tmp_path / "out", capsys)
    assert sum("has no time zone" in why for why in found.values()) == 5


def test_swapped_coordinates_are_found_by_bounds(
    mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, bounds: '22,44,41,53'")
    edit(reports, "36.25,49.98", "49.98,36.25")
    assert run()[0] == 0
    assert "probably swapped" in rejected(tmp_path / "out", capsys)["line 2"]


def test_rows_given_twice_are_counted_and_add_no_incident(reports, run):
    once = run()[1].partition("; ")[2].splitlines()[0]
    reports.write_text(REPORTS + REPORTS.partition("\n")[2])
    left, out, _ = run()
    assert left == 0
    assert "12 rows, 2 rejected" in out
    assert out.partition("; ")[2].splitlines()[0] == once


# Deliveries


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "found: nothing"),
        (REPORTS.encode("utf-16"), "set option encoding to utf-16"),
        (REPORTS.encode("utf-16-le"), "lacks columns"),
        (bytes(5000), "lacks columns"),
        (REPORTS.replace("datetime", "\x1b[31m\u202e").encode(), "lacks columns"),
        (gzip.compress(bytes(6_000_000)), "grows more than 200 times"),
        (gzip.compress(REPORTS.encode())[:60], "cut short"),
        (zipped(6_000_000), "ZIP archive"),
        (REPORTS.encode() + b"7" * 20_000_000, "line 7 is longer than"),
        (b"7" * 2_000_000, "line 1 is longer than"),
    ],
    ids=lambda one: one[:12] if isinstance(one, str) else len(one),
)
def test_a_delivery_nobody_can_read_is_kept_as_it_came(
    raw, says, reports, run, tmp_path
):
    reports.write_bytes(raw)
    left, _, err = run()
    assert left == 2
    assert "1 delivery could not be read:\n  reports.csv: " in err
    assert says in err
    assert kept(tmp_path / "out")["reports.csv"] == raw
    assert code(["verify", str(tmp_path / "out")]) == 0


@linux
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.symlink_to(path.name), "a link that leads nowhere"),
        (lambda path: path.symlink_to("nowhere"), "a link that leads nowhere"),
        (os.mkfifo, "is a named pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device"),
        (lambda path: path.symlink_to("/proc/self/mem"), "cannot be read"),
    ],
)
def test_what_is_no_regular_file_is_named_not_waited_for(make, says, reports, run):
    reports.unlink()
    make(reports)
    left, _, err = run()
    assert left == 2
    assert f"{reports} " in err
    assert says in err


@linux
@pytest.mark.parametrize("arguments", [["run"], ["review", "OUT", "--decisions"]])
@pytest.mark.parametrize("what", ["pipe", "/dev/zero"])
def test_hand_written_files_are_not_read_from_pipes(
    arguments, what, finished, tmp_path, capsys
):
    if what == "pipe":
        what = str(tmp_path / "pipe")
        os.mkfifo(what)
    out = str(finished / "out")
    assert code([out if one == "OUT" else one for one in arguments] + [what]) == 2
    assert f"{what} is a" in capsys.readouterr().err


def test_a_file_that_vanishes_is_named_and_those_before_it_are_kept(tmp_path):
    path = small_mission(tmp_path / "mission")
    edit(path, "files: reports.csv", "files: '*s.csv'")
    coming = arrivals(read_mission(path))
    assert next(coming).delivery.name == "claims.csv"
    path.with_name("reports.csv").unlink()
    with pytest.raises(MissionError, match=r"reports\.csv cannot be read: No such"):
        next(coming)


def test_files_and_folders_without_permission_are_named(reports, run, tmp_path):
    reports.chmod(0)
    if os.access(reports, os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert "reports.csv cannot be read: Permission denied" in run()[2]
    reports.chmod(0o600)
    shutil.rmtree(tmp_path / "out")
    (tmp_path / "out").mkdir(mode=0o500)
    left, _, err = run()
    assert (left, "out/ledger cannot be used" in err) == (2, True)


@linux
def test_names_cannot_command_the_terminal_and_are_kept(mission, run, tmp_path, capsys):
    edit(mission, "files: claims.csv", "files: claims.txt")
    mission.with_name("claims.csv").rename(mission.with_name("claims.txt"))
    edit(mission, "reports.csv", "'*.csv'")
    folder = os.fsencode(mission.parent)
    names = [b"two\nlines\xe2\x80\xae\x1b[31m", b"\xff\xfe", b"[bold]x[blink]", b"-rf"]
    names.append(b"l" * 251)
    for number, name in enumerate(names):
        with open(os.path.join(folder, name + b".csv"), "w") as file:  # noqa: PTH118, PTH123
            file.write(f"{REPORTS}{number}\n")
    left, out, err = run()
    assert left == 0
    assert "7 deliveries" in out
    assert r"two\nlines\u202e\x1b[31m.csv" in err
    assert set(kept(tmp_path / "out")) >= {r"\xff\xfe.csv", "l" * 251 + ".csv"}
    assert code(["rejects", str(tmp_path / "out"), "--delivery", r"\xff\xfe.csv"]) == 0
    assert "line 7: it has 1 fields" in capsys.readouterr().out


# Rejects


def test_every_rejection_can_be_listed_with_the_bytes_it_came_from(finished, capsys):
    assert code(["rejects", str(finished / "out")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reports.csv: line 5: 'nonsense' is not a number",
        "1 row or delivery rejected",
    ]
    assert code(["rejects", str(finished / "out"), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["delivery"], one["source"]) == ("reports.csv", "media_reports")
    with open(one["blob"], "rb") as blob:  # noqa: PTH123
        assert blob.read() == REPORTS.encode()


def test_rejections_of_one_delivery_can_be_asked_for(finished, capsys):
    made = ["rejects", str(finished / "out/ledger"), "--delivery", "claims.csv"]
    assert code(made) == 0
    assert capsys.readouterr().out == "0 rows or deliveries rejected\n"


def test_rejects_needs_a_ledger(tmp_path, capsys):
    assert code(["rejects", str(tmp_path)]) == 2
    assert "`trucewatch run` makes one" in capsys.readouterr().err

"""Picks followed as they come: what is printed, kept, refused and taken up again."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from trucewatch.errors import SourceError
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.watch.acoustic_files import Tables
from trucewatch.watch.associate import Outputs, associate
from trucewatch.watch.follow import Follower, Following, follow
from trucewatch.watch.growing import Growing

SETTINGS = EngineSettings(epoch_s=900.0)
HEADER = "pick_id,sensor_id,time_s,level_db,snr_db\n"


@pytest.fixture
def tables(tmp_path):
    network, sensors = grid(), ["sensor_id,x_m,y_m,clock_sigma_s,noise_db"]
    for k, name in enumerate(network.sensor_id):
        sensors.append(f"{name},{network.x_m[k]:.1f},{network.y_m[k]:.1f},0.002,85")
    (tmp_path / "sensors.csv").write_text("\n".join(sensors) + "\n")
    return Tables(sensors=tmp_path / "sensors.csv", picks=tmp_path / "picks.csv")


@pytest.fixture
def lines():
    later = [(x, y, t + 1_000.0, level) for x, y, t, level in INCIDENTS]
    network = grid()
    picks = heard(network, [*INCIDENTS, *later], clutter=120, span_s=1_700.0)
    return [
        f"p{k},{network.sensor_id[picks.sensor[k]]},{picks.time_s[k]:.4f},"
        f"{picks.level_db[k]:.2f},{picks.snr_db[k]:.2f}\n"
        for k in range(len(picks.time_s))
    ]


def batch(tables, folder):
    outputs = Outputs(incidents=folder / "incidents.csv")
    associate(tables, outputs, SETTINGS, lambda *_: None)
    with (folder / "incidents.csv").open(newline="") as file:
        return {row["incident_id"]: row for row in csv.DictReader(file)}


def finals(printed):
    rows = [json.loads(line) for line in printed]
    return {row["origin"]: row for row in rows if row["status"] == "final"}


def test_the_last_word_is_that_of_associate(tables, lines, tmp_path, capsys):
    tables.picks.write_text(HEADER + "".join(lines))
    follow(tables, SETTINGS, Following(idle_s=0.0))
    found = finals(capsys.readouterr().out.splitlines())
    wanted = batch(tables, tmp_path)
    assert len(wanted) == 8
    assert found.keys() == wanted.keys()
    for name, row in wanted.items():
        for column in ("time_s", "x_m", "semi_major_m", "azimuth_deg", "probability"):
            assert float(row[column]) == found[name][column]


def test_it_tells_before_the_block_is_closed(tables, lines):
    follower, told = Follower(tables, SETTINGS, Following()), []
    told += follower.lines_of(HEADER.encode())
    for line in lines[:60]:
        told += follower.lines_of(line.encode())
    first = json.loads(told[0])
    assert first["status"] == "provisional"
    assert first["revision"] == 1
    assert first["n_arrivals"] == len(first["pick_ids"]) >= 5
    assert abs(first["time_s"] - INCIDENTS[0][2]) < 0.5


def test_a_bad_row_is_rejected_with_its_line_and_the_rest_goes_on(
    tables, lines, tmp_path
):
    follower = Follower(tables, SETTINGS, Following())
    odd = [
        HEADER.encode() + lines[0].encode(),
        b"x,S99,1.5,90,5\n",
        b"y,S01,yesterday,90,5\n" + lines[1].encode(),
        b"z\xff,S01,2.0,90,5\n" + lines[2].encode(),
        b"torn,S01\n",
        b"\n",
    ]
    for piece in odd:
        list(follower.lines_of(piece))
    assert [one.line for one in follower.rejects] == [3, 4, 6, 8]
    assert [one.file for one in follower.rejects] == ["picks.csv"] * 4
    why = [one.reason for one in follower.rejects]
    for found, part in zip(
        why, ("'S99' is not among", "'yesterday'", "not UTF-8", "2 cells"), strict=True
    ):
        assert part in found
    assert follower.stream.count == 3


def test_a_pick_that_comes_too_late_is_rejected_with_the_reason(tables, lines):
    follower = Follower(tables, SETTINGS, Following(lateness_s=5.0))
    list(follower.lines_of(HEADER.encode() + "".join(lines[:80]).encode()))
    list(follower.lines_of(b"late,S01,1.0,90,5\n"))
    assert "'late' came" in follower.rejects[0].reason
    assert "picks may be 5 s late" in follower.rejects[0].reason


def test_one_clock_far_ahead_does_not_close_the_present(tables, lines):
    follower = Follower(tables, SETTINGS, Following())
    list(follower.lines_of(HEADER.encode() + b"ahead,S01,900000,90,5\n"))
    for line in lines:
        list(follower.lines_of(line.encode()))
    assert follower.rejects == []


def test_a_header_that_is_none_ends_it(tables):
    follower = Follower(tables, SETTINGS, Following())
    with pytest.raises(SourceError, match="lacks the columns"):
        list(follower.lines_of(b"id,node,when\n"))


def test_two_kinds_of_time_end_it(tables, lines):
    follower = Follower(tables, SETTINGS, Following())
    with pytest.raises(SourceError, match="needs either time"):
        list(follower.lines_of(b"pick_id,sensor_id\na,S01\n"))


def test_after_a_stop_it_goes_on_where_it_was(tables, lines, tmp_path):
    tables.picks.write_text(HEADER + "".join(lines))
    data, half = tables.picks.read_bytes(), 0
    how, printed = Following(state=tmp_path / "state"), []
    follower = Follower(tables, SETTINGS, how)
    for cut in (400, 3_000, 6_000, len(data)):
        end = data.rfind(b"\n", 0, cut) + 1
        printed += follower.lines_of(data[half:end])
        follower.offset = half = end
        follower.keep()
        follower = Follower(tables, SETTINGS, how)
        assert follower.offset == end
    printed += follower.last_lines()
    assert finals(printed).keys() == batch(tables, tmp_path).keys()


def test_a_state_that_is_none_is_an_error(tables, tmp_path):
    (tmp_path / "state").write_bytes(b"{}\nnothing")
    with pytest.raises(SourceError, match="cannot be used as a state"):
        Follower(tables, SETTINGS, Following(state=tmp_path / "state"))


def test_a_file_cut_short_while_it_is_followed_is_an_error(tmp_path):
    path = tmp_path / "picks.csv"
    path.write_bytes(b"one\ntwo\nthr")
    pieces = Growing(path, 0, None).pieces()
    assert next(pieces) == b"one\ntwo\n"
    path.write_bytes(b"one\n")
    with pytest.raises(SourceError, match="cut short"):
        next(pieces)


def test_a_line_is_taken_once_it_is_whole(tmp_path):
    path = tmp_path / "picks.csv"
    path.write_bytes(b"one\ntw")
    growing = Growing(path, 0, None)
    pieces = growing.pieces()
    assert next(pieces) == b"one\n"
    assert growing.offset == 4
    with path.open("ab") as file:
        file.write(b"o\nthree")
    assert next(pieces) == b"two\n"
    assert growing.offset == 8


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        next(Growing(tmp_path / "none.csv", 0, None).pieces())


def test_a_pipe_is_followed_to_its_end(tables, lines, tmp_path):
    tables.picks.write_text(HEADER + "".join(lines))
    wanted = batch(tables, tmp_path)
    (tmp_path / "settings.yaml").write_text("epoch_s: 900\n")
    done = subprocess.run(
        [sys.executable, "-m", "trucewatch", "follow", "--picks", "-"]
        + ["--sensors", str(tables.sensors)]
        + ["--settings", str(tmp_path / "settings.yaml")],
        input=tables.picks.read_bytes(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    found = finals(io.StringIO(done.stdout.decode()))
    assert found.keys() == wanted.keys()
    assert done.stderr == b""

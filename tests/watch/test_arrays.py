"""The two commands, from files to files."""

import csv
import json

import pytest

from tests.waves import crossing, layout, mseed, stations_csv
from trucewatch.watch.cli import code


@pytest.fixture
def files(tmp_path):
    made = crossing(layout(5), waves=[(180, 60, 340, 15)])
    (tmp_path / "stations.csv").write_text(stations_csv(made))
    (tmp_path / "a.mseed").write_bytes(mseed(made, channels=[0, 1]))
    (tmp_path / "b.mseed").write_bytes(mseed(made, channels=[2, 3, 4]))
    return tmp_path


def arguments(files, out):
    waves = [str(files / "a.mseed"), str(files / "b.mseed")]
    stations = str(files / "stations.csv")
    return ["array", "--stations", stations, *waves, "--out", str(files / out)]


def test_array_writes_the_columns_promised(files, capsys):
    assert code(arguments(files, "d.csv")) == 0
    (row,) = csv.DictReader((files / "d.csv").read_text().splitlines())
    assert list(row) == [
        *("array_id", "time", "duration_s", "back_azimuth_deg"),
        *("back_azimuth_sd_deg", "trace_velocity_mps", "trace_velocity_sd_mps"),
        *("f_statistic", "probability"),
    ]
    assert abs(float(row["back_azimuth_deg"]) - 60) < 2
    assert row["time"].endswith("Z")
    assert "1 detection" in capsys.readouterr().out


def test_what_array_writes_as_json_locate_reads(files):
    assert code(arguments(files, "d.json")) == 0
    out = files / "i.json"
    given = ["--detections", str(files / "d.json"), "--out", str(out)]
    assert code(["locate", *given]) == 0
    found = json.loads(out.read_text())
    assert found == {"incidents": [], "unassociated": ["0"], "detections": 1}


def test_bad_input_is_two_and_one_message(files, capsys):
    (files / "x.mseed").write_bytes(b"nothing")
    given = ["array", str(files / "x.mseed"), "--out", str(files / "d.csv")]
    assert code(given) == 2
    assert "x.mseed: this is neither miniSEED 2 or 3 nor SAC" in capsys.readouterr().err
    assert code(["array", str(files / "a.mseed"), "--out", str(files / "d.csv")]) == 2
    assert "nobody says where it stands" in capsys.readouterr().err

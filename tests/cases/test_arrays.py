"""The lent recordings: what was documented is found."""

import csv
import json
import os
import pathlib
from datetime import datetime

import pytest
from pyproj import Geod

from trucewatch.watch.cli import code

DATA = pathlib.Path(os.environ.get("TRUCEWATCH_DATA") or "/nowhere")
pytestmark = [
    pytest.mark.cases,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="TRUCEWATCH_DATA names no folder of lent data"
    ),
]


def near(rows, clock, turn_deg, speed_mps=None):
    """Detections within 5 s, 2 degrees and 10 m/s of what was documented."""
    at = datetime.fromisoformat(f"2012-04-09T{clock}Z")
    return [
        row
        for row in rows
        if abs((datetime.fromisoformat(row["time"]) - at).total_seconds()) <= 5
        and abs((float(row["back_azimuth_deg"]) - turn_deg + 180) % 360 - 180) <= 2
        and abs(float(row["trace_velocity_mps"]) - (speed_mps or 380))
        <= (10 if speed_mps else 999)
    ]


def test_brp_has_the_three_documented_waves_and_few_others(tmp_path):
    waves = [str(path) for path in sorted((DATA / "infrasound_brp").glob("*.SAC"))]
    assert code(["array", *waves, "--out", str(tmp_path / "d.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "d.csv").read_text().splitlines()))
    assert len(near(rows, "18:07:05", -41.8, 371)) == 1
    assert len(near(rows, "18:13:40", -40, 380)) == 1
    assert len(near(rows, "18:11:30", -110)) == 1
    assert len(rows) <= 6


def test_uttr_is_located_within_its_region_and_decoys_are_left(tmp_path):
    given = DATA / "infrasound_uttr_dets/example1.dets.json"
    out = tmp_path / "i.json"
    assert code(["locate", "--detections", str(given), "--out", str(out)]) == 0
    found = json.loads(out.read_text())
    (event,) = found["incidents"]
    assert sorted(m["detection"] for m in event["arrivals"]) == ["0", "1", "2", "3"]
    assert len(found["unassociated"]) == 6
    turn, _, away = Geod(ellps="WGS84").inv(
        event["lon"], event["lat"], -112.896, 41.131
    )
    assert away < event["semi_minor_m"]
    assert away < 30_000
    assert 0 <= turn % 360 < 360

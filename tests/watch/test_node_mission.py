"""A mission with picks of acoustic nodes and a report runs from file to bulletin."""

import csv
import io
import json

import pytest

from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from tests.fuse.nodes import where
from trucewatch.fuse.incident import Incident
from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

pytest.importorskip("numba")

MISSION = """\
mission: nodes
title: Acoustic nodes and one report
agreement: {agreement}
days: {{first: 2025-04-20, last: 2025-04-20}}
zone: Europe/Kyiv
procedures: [acoustic, media]
detectors: [reports]
deliveries:
  - {{source: acoustic_nodes, files: "*nodes.csv"}}
  - {{source: acoustic_nodes, files: picks.csv}}
  - {{source: media_reports, files: reports.csv, options: {{feed: press}}}}
bulletins:
  - {{stage: A1, releases: [cell, public], days: all, formats: [json, csv]}}
"""


def table(rows):
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue()


@pytest.fixture(scope="module")
def ran(tmp_path_factory, keys):
    folder = tmp_path_factory.mktemp("nodes")
    nodes = grid()
    picks = heard(nodes, INCIDENTS)
    stands = [
        (name, *where(x, y), 0.002, 85.0)
        for name, x, y in zip(nodes.sensor_id, nodes.x_m, nodes.y_m, strict=True)
    ]
    head = ("sensor_id", "lat", "lon", "clock_sigma_s", "noise_db")
    (folder / "nodes.csv").write_text(table([head, *stands]), "utf-8")
    rows = [("pick_id", "sensor_id", "time", "level_db", "snr_db")]
    for n in range(len(picks.time_s)):
        minutes, seconds = divmod(float(picks.time_s[n]), 60)
        at = f"2025-04-20T09:{int(minutes):02d}:{seconds:09.6f}Z"
        level, snr = float(picks.level_db[n]), float(picks.snr_db[n])
        sensor = nodes.sensor_id[picks.sensor[n]]
        rows.append((n, sensor, at, round(level, 2), round(snr, 2)))
    (folder / "picks.csv").write_text(table(rows), "utf-8")
    lat, lon = where(*INCIDENTS[1][:2])
    report = ("2025-04-20 00:00:00", lon, lat, "There", "artillery", "Shelling.")
    head = ("datetime", "lon", "lat", "place_name", "event_type", "headline")
    (folder / "reports.csv").write_text(table([head, report]), "utf-8")
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    mission = folder / "mission.yaml"
    mission.write_text(MISSION.format(agreement=agreement), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        assert code(["run", str(mission), "--out", str(folder / "out")]) == 0
    return folder / "out"


def test_picks_become_incidents_findings_and_rows_of_the_bulletin(ran):
    with view(ran / "ledger", KINDS) as ledger:
        incidents = ledger.records(Incident)
    kinds = [{c.channel for c in one.contributions} for one in incidents]
    assert len(incidents) == len(INCIDENTS)
    assert sum("media" in one for one in kinds) == 1
    body = json.loads(
        (ran / "bulletins/2025-04-20/A1-cell-en/bulletin.json").read_text()
    )
    assert len(body["incidents"]) == len(INCIDENTS)
    assert all(one["findings"] for one in body["incidents"])


def test_an_unexplained_bang_is_shown_in_a_cell_as_coarse_as_firing(ran):
    body = json.loads(
        (ran / "bulletins/2025-04-20/A1-cell-en/bulletin.json").read_text()
    )
    unexplained = [one for one in body["incidents"] if "firing" in one["acts"]]
    assert len(unexplained) >= len(INCIDENTS) - 1
    assert all(one["cell_deg"] >= 0.018 for one in unexplained)


def test_the_ledger_verifies_and_every_bulletin_comes_out_the_same(ran, capsys):
    assert code(["verify", str(ran)]) == 0
    with view(ran / "ledger", KINDS) as ledger:
        wanted = ledger.records(Bulletin)
    for one in wanted:
        capsys.readouterr()
        asked = ["replay", str(ran / "ledger"), "--bulletin", one.id, "--json"]
        assert code(asked) == 0
        assert json.loads(capsys.readouterr().out)["equal"]

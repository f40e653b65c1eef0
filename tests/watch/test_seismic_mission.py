"""A mission with nodes and a seismic station: one incident, and silence that counts."""

from datetime import UTC, datetime, timedelta

import pytest
from pyproj import Geod

from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from tests.fuse.nodes import where
from tests.watch.test_node_mission import table
from trucewatch.detect.ground import SPEED_MPS
from trucewatch.fuse.incident import Incident
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

pytest.importorskip("numba")

MISSION = """\
mission: seismic
title: Acoustic nodes and seismic stations
agreement: {agreement}
days: {{first: 2025-04-20, last: 2025-04-20}}
zone: Europe/Kyiv
procedures: [acoustic, seismic]
detectors: [seismic]
deliveries:
  - {{source: acoustic_nodes, files: "*nodes.csv"}}
  - {{source: acoustic_nodes, files: node-picks.csv}}
  - {{source: seismic_picks, files: "seismic-*.csv"}}
bulletins:
  - {{stage: A1, releases: [cell], days: all, formats: [json]}}
"""
STATIONS = {"XX.AAA": (3_000.0, 9_000.0), "XX.BBB": (9_000.0, -4_000.0)}
BEGIN = datetime(2025, 4, 20, 9, tzinfo=UTC)


def nodes(folder):
    network = grid()
    picks = heard(network, INCIDENTS)
    stands = [
        (name, *where(x, y), 0.002, 85.0)
        for name, x, y in zip(network.sensor_id, network.x_m, network.y_m, strict=True)
    ]
    head = ("sensor_id", "lat", "lon", "clock_sigma_s", "noise_db")
    (folder / "nodes.csv").write_text(table([head, *stands]), "utf-8")
    rows = [("pick_id", "sensor_id", "time", "level_db", "snr_db")]
    for n in range(len(picks.time_s)):
        at = BEGIN + timedelta(seconds=float(picks.time_s[n]))
        sensor = network.sensor_id[picks.sensor[n]]
        rows.append((n, sensor, at, picks.level_db[n], picks.snr_db[n]))
    (folder / "node-picks.csv").write_text(table(rows), "utf-8")


def stations(folder, felt):
    """Picks of one incident at all stations, one of nothing each, and when they ran."""
    lat, lon = where(*felt[:2])
    rows = [("station_id", "phase", "time", "lat", "lon", "onset_sd_s", "clock")]
    looks = [("station_id", "lat", "lon", "begin", "end")]
    for name, (x, y) in STATIONS.items():
        spot = where(x, y)
        _, _, away_m = Geod(ellps="WGS84").inv(spot[1], spot[0], lon, lat)
        for phase in ("P", "S", "A"):
            at = BEGIN + timedelta(seconds=felt[2] + away_m / SPEED_MPS[phase])
            rows.append((name, phase, at, *spot, 0.1, "locked"))
        rows.append((name, "P", BEGIN + timedelta(hours=3), *spot, 0.1, "locked"))
        looks.append((name, *spot, BEGIN, BEGIN + timedelta(hours=6)))
    (folder / "seismic-picks.csv").write_text(table(rows), "utf-8")
    (folder / "seismic-looks.csv").write_text(table(looks), "utf-8")


@pytest.fixture(scope="module")
def incidents(tmp_path_factory, keys):
    folder = tmp_path_factory.mktemp("seismic")
    nodes(folder)
    stations(folder, INCIDENTS[1])
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    mission = folder / "mission.yaml"
    mission.write_text(MISSION.format(agreement=agreement), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        assert code(["run", str(mission), "--out", str(folder / "out")]) == 0
    assert code(["verify", str(folder / "out")]) == 0
    with view(folder / "out/ledger", KINDS) as ledger:
        return ledger.records(Incident)


def told(one):
    return {c.independence.split(":")[0] for c in one.contributions}


def test_what_stations_felt_is_one_incident_with_what_nodes_heard(incidents):
    joined = [one for one in incidents if told(one) == {"acoustic", "seismic"}]
    assert len(joined) == 1
    stations = [
        c for c in joined[0].contributions if c.independence.startswith("seismic")
    ]
    assert len(stations) == 2
    assert all(c.log10_likelihood_ratio > 1 for c in stations)
    assert joined[0].p_exists > 0.99


def test_a_pick_of_nothing_is_no_incident_worth_stating(incidents):
    assert len(incidents) == len(INCIDENTS)


def test_stations_that_listened_and_felt_nothing_take_a_little(incidents):
    silent = [one for one in incidents if "seismic" not in told(one)]
    assert len(silent) == len(INCIDENTS) - 1
    assert all(one.p_exists > 0.9 for one in silent)
    assert all(-0.5 < one.log10_miss_ratio < 0 for one in silent)

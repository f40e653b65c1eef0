"""Tables of an acoustic network in, incidents out: what is kept, refused and named."""

import json
import xml.etree.ElementTree as ET
from functools import partial

import numpy as np
import pytest

from tests.watch.networks import FLAT, FLAT_PICKS, PICKS, rows, tables
from trucewatch.errors import MissionError
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution, silence
from trucewatch.watch.associate import (
    Outputs,
    associate,
    read_settings,
    show_account,
)
from trucewatch.watch.cli import code


@pytest.fixture
def write(tmp_path):
    return partial(tables, tmp_path)


def whole_engine(network, picks, _weather, _outages, _settings, tell=None):
    """One incident in the middle of the network to which every pick belongs."""
    if tell:
        tell("thinking", 0.5)
    blank, n, k = silence(network), np.array([0.0]), len(picks.time_s)
    cov = np.array([[[400.0, 0.0, 0.0], [0.0, 100.0, 0.0], [0.0, 0.0, 0.01]]])
    fields = {name: getattr(blank, name) for name in Solution.__slots__}
    found = {
        "time_s": n + picks.time_s.mean(),
        "x_m": n + network.x_m.mean(),
        "y_m": n + network.y_m.mean(),
        "cov": cov,
        "probability": n + 0.97,
        "score": n + 9.0,
        "crowding": np.array([0]),
        "level_db": n + 118.0,
        "n_arrivals": np.array([k]),
        "incident": np.zeros(k, np.int64),
        "pick": np.arange(k),
        "residual_s": np.full(k, 0.0123),
        "weight": np.full(k, 0.75),
    }
    return Solution(**(fields | found))


def run(tables, folder, engine=whole_engine):
    outputs = Outputs(
        incidents=folder / "incidents.csv",
        arrivals=folder / "arrivals.csv",
        rejects=folder / "rejects.csv",
        plot=folder / "plot.svg",
    )
    usual = EngineSettings()
    return associate(tables, outputs, usual, lambda *_: None, engine), outputs


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("margin: 3\n", "no setting 'margin'; known: "),
        ("margin_m: wide\n", "margin_m is wide; a number of 0 or more"),
        ("margin_m: -5\n", "margin_m is -5"),
        ("margin_m: .nan\n", "margin_m is .nan"),
        ("- 1\n", "holds no `key: value` lines"),
    ],
)
def test_bad_settings_are_named(tmp_path, text, says):
    path = tmp_path / "settings.yaml"
    path.write_text(text)
    with pytest.raises(MissionError) as caught:
        read_settings(path)
    assert says in str(caught.value)


def test_settings_replace_the_shipped_ones(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("margin_m: 4000\n")
    assert read_settings(path).margin_m == 4_000.0


# What is written


def test_incidents_stand_in_the_frame_and_the_clock_of_the_files(write, tmp_path):
    done, outputs = run(write(), tmp_path)
    (row,) = rows(outputs.incidents)
    header = (
        "incident_id,time,lat,lon,semi_major_m,semi_minor_m,azimuth_deg,"
        "time_sd_s,probability,n_arrivals"
    )
    assert ",".join(row) == header
    assert row["time"] == "2026-03-01T00:00:11.4167Z"
    assert float(row["lat"]) == pytest.approx(48.133, abs=1e-3)
    assert float(row["semi_major_m"]) == pytest.approx(20 * 2.14597, abs=0.01)
    assert float(row["semi_minor_m"]) == pytest.approx(10 * 2.14597, abs=0.01)
    assert float(row["azimuth_deg"]) == pytest.approx(90, abs=0.1)
    assert (row["time_sd_s"], row["probability"]) == ("0.1000", "0.9700")
    assert row["n_arrivals"] == "3"
    assert (done.picks, done.picks_used, done.incidents) == (3, 3, 1)


def test_a_local_frame_and_plain_seconds_stay_what_they_are(write, tmp_path):
    _, outputs = run(write(FLAT, FLAT_PICKS), tmp_path)
    (row,) = rows(outputs.incidents)
    assert (row["time_s"], row["x_m"], row["y_m"]) == ("2.5000", "1666.67", "1666.67")
    assert row["azimuth_deg"] == "90.00"


def test_every_arrival_names_its_incident_and_its_pick(write, tmp_path):
    _, outputs = run(write(), tmp_path)
    (incident,) = rows(outputs.incidents)
    found = rows(outputs.arrivals)
    assert [row["pick_id"] for row in found] == ["a", "b", "c"]
    assert {row["incident_id"] for row in found} == {incident["incident_id"]}
    assert (found[0]["residual_s"], found[0]["weight"]) == ("0.0123", "0.7500")


def test_names_come_from_the_picks_and_not_from_order_frame_or_clock(write, tmp_path):
    _, outputs = run(write(), tmp_path)
    before = rows(outputs.incidents)[0]["incident_id"]
    _, outputs = run(write(FLAT, FLAT_PICKS), tmp_path)
    assert rows(outputs.incidents)[0]["incident_id"] == before


def test_rejected_rows_are_listed(write, tmp_path):
    _, outputs = run(write(picks=PICKS + 'x,S9,2026-03-01T00:00:01Z,"1",1\n'), tmp_path)
    (row,) = rows(outputs.rejects)
    assert (row["file"], row["line"]) == ("picks.csv", "5")
    assert row["reason"].startswith("sensor_id 'S9'")


def test_the_picture_is_well_formed_and_the_same_each_time(write, tmp_path):
    _, outputs = run(write(), tmp_path)
    first = outputs.plot.read_text("utf-8")
    assert ET.fromstring(first).tag.endswith("svg")
    assert first.count("<ellipse") == 1
    run(write(), tmp_path)
    assert outputs.plot.read_text("utf-8") == first


def test_silence_is_an_empty_table_and_no_error(write, tmp_path):
    def never(*_):
        raise AssertionError("the engine was asked about nothing")

    done, outputs = run(write(picks=PICKS.splitlines()[0] + "\n"), tmp_path, never)
    assert done.incidents == 0
    assert outputs.incidents.read_text().startswith("incident_id,time,lat,lon")
    assert rows(outputs.incidents) == []
    assert ET.parse(outputs.plot).getroot().tag.endswith("svg")


def test_the_account_reads_as_json_and_as_words(write, tmp_path, capsys):
    done, outputs = run(write(picks=PICKS + "x,S9,2026-03-01T00:00:01Z,,\n"), tmp_path)
    show_account(done, outputs.incidents, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["picks"], told["incidents"], told["rejected"]) == (4, 1, 1)
    assert told["rejects"][0]["line"] == 5
    assert told["engine_s"] >= 0
    assert told["peak_rss_mb"] > 1
    show_account(done, outputs.incidents, as_json=False)
    words = capsys.readouterr()
    assert "1 rows rejected; 1 incidents" in words.out
    assert "rejected picks.csv line 5: sensor_id 'S9'" in words.err


# The shipped engine, from files to files


def test_a_bang_heard_all_around_is_located(tmp_path, capsys):
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0, 12_000, (2, 30))
    lines = [f"N{k:02d},{x[k]:.1f},{y[k]:.1f},0.002,85" for k in range(30)]
    head = "sensor_id,x_m,y_m,clock_sigma_s,noise_db"
    (tmp_path / "sensors.csv").write_text("\n".join([head, *lines]) + "\n")
    heard = []
    for at, east, north in ((100.0, 6_000.0, 5_000.0), (400.0, 3_000.0, 8_000.0)):
        km = np.hypot(x - east, y - north) / 1_000
        level = 118 - 20 * np.log10(km) - 1.5 * (km - 1)
        for k in np.flatnonzero(level > 100):
            late = at + km[k] / 0.3374 + rng.normal(0, 0.01)
            row = f"N{k:02d},{late:.4f},{level[k]:.1f},{level[k] - 85:.1f}"
            heard.append(f"p{len(heard)},{row}")
    head = "pick_id,sensor_id,time_s,level_db,snr_db"
    (tmp_path / "picks.csv").write_text("\n".join([head, *heard]) + "\n")
    (tmp_path / "met.csv").write_text(
        "time_s,temp_c,wind_u_mps,wind_v_mps\n0,10,0,0\n3600,10,0,0\n"
    )
    arguments = [f"--{one}={tmp_path / one}.csv" for one in ("sensors", "picks", "met")]
    outputs = [f"--out={tmp_path / 'i.csv'}", f"--plot={tmp_path / 'p.svg'}"]
    assert code(["associate", *arguments, *outputs, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["picks"], told["incidents"], told["rejected"]) == (len(heard), 2, 0)
    found = [(float(row["x_m"]), float(row["y_m"])) for row in rows(tmp_path / "i.csv")]
    assert found[0] == pytest.approx((6_000, 5_000), abs=30)
    assert found[1] == pytest.approx((3_000, 8_000), abs=30)
    same = [f"--out={tmp_path / 'j.csv'}", "--workers=2"]
    assert code(["associate", *arguments, *same]) == 0
    assert (tmp_path / "j.csv").read_bytes() == (tmp_path / "i.csv").read_bytes()

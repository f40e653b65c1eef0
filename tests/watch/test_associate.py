"""Tables of an acoustic network in, incidents out: what is kept, refused and named."""

import csv
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from trucewatch.errors import MissionError, SourceError
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution, silence
from trucewatch.watch.acoustic_files import Tables, hear
from trucewatch.watch.associate import (
    Outputs,
    associate,
    read_settings,
    show_account,
)
from trucewatch.watch.cli import code
from trucewatch.watch.columns import Reject, read_sheet
from trucewatch.watch.ground_frame import Frame, axes, check_spread, frame_of

GLOBE = """\
sensor_id,lat,lon,clock_sigma_s,noise_db
S3,48.10,37.20,0.002,86
S1,48.10,37.10,0.040,85
S2,48.20,37.10,,
"""
FLAT = "sensor_id,x_m,y_m\nS1,0,0\nS2,5000,0\nS3,0,5000\n"
PICKS = """\
pick_id,sensor_id,time,level_db,snr_db
b,S2,2026-03-01T00:00:11.5Z,100,15
a,S1,2026-03-01T00:00:10.5Z,100.5,15
c,S3,2026-03-01T02:00:12.25+02:00,,
"""
FLAT_PICKS = "pick_id,sensor_id,time_s\na,S1,1.5\nb,S2,2.5\nc,S3,3.5\n"


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


@pytest.fixture
def write(tmp_path):
    def written(sensors=GLOBE, picks=PICKS, **more):
        paths = {}
        for name, text in {"sensors": sensors, "picks": picks, **more}.items():
            paths[name] = tmp_path / f"{name}.csv"
            raw = text if isinstance(text, bytes) else text.encode()
            paths[name].write_bytes(raw)
        return Tables(**paths)

    return written


def run(tables, folder, engine=whole_engine):
    outputs = Outputs(
        incidents=folder / "incidents.csv",
        arrivals=folder / "arrivals.csv",
        rejects=folder / "rejects.csv",
        plot=folder / "plot.svg",
    )
    usual = EngineSettings()
    return associate(tables, outputs, usual, lambda *_: None, engine), outputs


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


# What is read


def test_sensors_stand_in_the_order_of_their_names_and_picks_in_that_of_time(write):
    heard = hear(write())
    assert heard.network.sensor_id == ("S1", "S2", "S3")
    assert heard.pick_id.to_pylist() == ["a", "b", "c"]
    assert heard.picks.sensor.tolist() == [0, 1, 2]
    assert heard.picks.time_s.tolist() == pytest.approx([10.5, 11.5, 12.25], abs=1e-6)
    assert np.isnan(heard.picks.level_db[2])
    assert heard.rejects == ()


def test_what_a_table_leaves_open_is_filled_from_what_was_heard(write):
    network = hear(write()).network
    assert network.noise_db.tolist() == [85.0, 85.0, 86.0]
    assert network.clock_sigma_s.tolist() == [0.040, 0.020, 0.002]


def test_a_plane_keeps_distances_to_the_centimetre(write):
    network = hear(write()).network
    _, _, metres = Geod(ellps="WGS84").inv(37.10, 48.10, 37.20, 48.10)
    flat = np.hypot(network.x_m[2] - network.x_m[0], network.y_m[2] - network.y_m[0])
    assert flat == pytest.approx(metres, abs=0.05)


def test_a_network_across_the_antimeridian_is_one_network():
    frame = frame_of(np.array([65.0, 65.1, 65.0]), np.array([179.9, -179.9, -179.95]))
    x, _ = frame.plane(np.array([65.0, 65.1]), np.array([179.9, -179.9]))
    assert abs(x[1] - x[0]) < 10_000


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    east_m=st.floats(-60_000, 60_000),
    north_m=st.floats(-60_000, 60_000),
)
def test_there_and_back_is_the_same_place(lat, lon, east_m, north_m):
    frame = Frame((lat, lon))
    where = frame.back(np.array([east_m]), np.array([north_m]))
    x, y = frame.plane(*where)
    assert (x[0], y[0]) == pytest.approx((east_m, north_m), abs=1e-3)


def test_north_in_the_plane_leans_as_meridians_do():
    frame = Frame((48.0, 37.0))
    x, y = frame.plane(np.array([48.0, 48.0]), np.array([36.0, 38.0]))
    lean = frame.north_deg(x, y)
    assert lean.tolist() == pytest.approx([0.743, -0.743], abs=0.01)


def test_axes_of_an_ellipse_are_found_with_their_azimuth():
    turn = np.radians(30.0)  # clockwise from north
    along = np.array([np.sin(turn), np.cos(turn)])
    across = np.array([along[1], -along[0]])
    cov = 900 * np.outer(along, along) + 100 * np.outer(across, across)
    long, short, azimuth = axes(
        *(np.array([v]) for v in (cov[0, 0], cov[0, 1], cov[1, 1]))
    )
    assert (long[0], short[0], azimuth[0]) == pytest.approx((30, 10, 30))


def test_weather_and_outages_are_read_in_order(write):
    heard = hear(
        write(
            met="time,temp_c,wind_u_mps,wind_v_mps\n"
            "2026-03-01T01:00Z,5,1,2\n2026-03-01T00:00Z,4,1,2\n",
            status="sensor_id,down,up\nS2,2026-03-01T00:00:00Z,\n"
            "S1,2026-03-01T00:00:00Z,2026-03-01T00:10:00Z\n",
        )
    )
    assert heard.weather.temp_c.tolist() == [4, 5]
    assert heard.outages.sensor.tolist() == [0, 1]
    assert heard.outages.up_s[0] == pytest.approx(600)
    assert heard.outages.up_s[1] > 1e9


# What is refused, row by row

BAD_ROWS = [
    ("x,S9,2026-03-01T00:00:01Z,1,1", "sensor_id 'S9' is not among"),
    ("x,S1,yesterday,1,1", "time 'yesterday' is not a time such as"),
    ("x,S1,2026-02-30T00:00:01Z,1,1", "'2026-02-30T00:00:01Z' is not a time"),
    ("x,S1,,1,1", "time '' is not a time"),
    ("x,S1,2026-03-01T00:00:01Z,nan,1", "level_db 'nan' is not a finite number"),
    ("x,S1,2026-03-01T00:00:01Z,inf,1", "level_db 'inf' is not a finite number"),
    ("x,S1,2026-03-01T00:00:01Z,1e999,1", "level_db '1e999' is not within"),
    ("x,S1,2026-03-01T00:00:01Z,1,9999", "snr_db '9999' is not within -100 to 200"),
    (",S1,2026-03-01T00:00:01Z,1,1", "pick_id is empty"),
    ("x,,2026-03-01T00:00:01Z,1,1", "sensor_id is empty"),
    ("x,S1", "it has 2 cells, the header has 5; it was cut short"),
    ("x,S1,2026-03-01T00:00:01Z,1,1,1", "it has 6 cells, the header has 5"),
    ("a,S1,2026-03-01T00:00:30Z,1,1", "pick_id 'a' stands more than once"),
]


@pytest.mark.parametrize(("row", "why"), BAD_ROWS)
def test_a_bad_row_is_kept_with_its_line_and_the_others_are_used(write, row, why):
    heard = hear(write(picks=f"{PICKS}\n{row}\n"))
    assert [(one.file, one.line) for one in heard.rejects] == [("picks.csv", 6)]
    assert why in heard.rejects[0].reason
    assert heard.rows == 4
    assert heard.pick_id.to_pylist() == ["a", "b", "c"]


def test_a_sensor_without_a_place_is_kept_apart_and_so_are_its_picks(write):
    sensors = GLOBE + "S4,95,37,,\nS5,48.3,37.3,,\n"
    picks = PICKS + "d,S4,2026-03-01T00:00:12Z,,\n"
    heard = hear(write(sensors, picks))
    assert [(one.file, one.line) for one in heard.rejects] == [
        ("sensors.csv", 5),
        ("picks.csv", 5),
    ]
    assert "lat '95' is not within -90 to 90" in heard.rejects[0].reason


def test_an_outage_that_ends_before_it_begins_is_kept_apart(write):
    heard = hear(write(FLAT, FLAT_PICKS, status="sensor_id,down_s,up_s\nS1,5,4\n"))
    assert heard.rejects == (
        Reject("status.csv", 2, "the outage ends before it begins"),
    )
    assert len(heard.outages.sensor) == 0


@given(order=st.permutations(range(13)))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("order")
    lines = [row for row, _ in BAD_ROWS[:12]] + ["a,S1,2026-03-01T00:00:30Z,1,1"]
    shuffled = [lines[k] for k in order] + PICKS.splitlines()[1:]
    text = "\n".join([PICKS.splitlines()[0], *shuffled]) + "\n"
    (folder / "sensors.csv").write_text(GLOBE)
    (folder / "picks.csv").write_text(text)
    heard = hear(Tables(sensors=folder / "sensors.csv", picks=folder / "picks.csv"))
    assert heard.pick_id.to_pylist() == ["a", "b", "c"]
    assert heard.picks.time_s.tolist() == pytest.approx([10.5, 11.5, 12.25], abs=1e-6)
    assert len(heard.rejects) == 13


@given(raw=st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_become_a_table_or_one_clear_error(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "picks.csv"
    path.write_bytes(b"pick_id,sensor_id,time_s\n" + raw)
    try:
        sheet = read_sheet(path, ["pick_id"])
    except SourceError as error:
        assert "picks.csv" in str(error)
    else:
        sheet.numbers("time_s", (0, 1))
        assert (
            len(sheet.line) + len(sheet.torn) <= raw.count(b"\n") + raw.count(b"\r") + 1
        )


# What is refused as a whole

HEAD = "sensor_id,lat,lon\n"
BAD_TABLES = [
    ({"sensors": ""}, "sensors.csv is empty"),
    ({"picks": "\n\n"}, "picks.csv is empty"),
    ({"sensors": HEAD}, "no usable sensor: it has no rows"),
    ({"sensors": HEAD + "S1,48,37\n"}, "1 places of sensors; at least 3"),
    ({"sensors": HEAD + "S1,48,37\nS2,48,37\nS3,48,37\n"}, "1 places of sensors"),
    (
        {"sensors": HEAD + "S1,48,37\nS2,48.1,37\nS3,48.2,37\nS4,48.3,37\n"},
        "lie on one line",
    ),
    ({"sensors": GLOBE + "S1,48.3,37.3,,\n"}, "sensor_id 'S1' stands on lines [3, 5]"),
    ({"sensors": "sensor_id,x_m,y_m,lat,lon\nS1,0,0,48,37\n"}, "it has x_m, y_m, lat"),
    ({"sensors": "sensor_id,lat,y_m\nS1,0,0\n"}, "needs either lat and lon or"),
    ({"sensors": "sensor_id\nS1\n"}, "it has none of them"),
    ({"sensors": "sensor_id,lat,lat\n"}, "columns of the same name: ['lat']"),
    ({"sensors": HEAD + "S1,48,37\nS2,48,38\nS3,40,60\n"}, "km from the middle"),
    ({"picks": "pick_id,time\na,b\n"}, "lacks the columns ['sensor_id']"),
    ({"picks": "pick_id,sensor_id,time,time_s\n"}, "it has time and time_s"),
    ({"picks": "pick_id,sensor_id\n"}, "it has neither"),
    ({"picks": PICKS.replace("S", "T")}, "no usable pick; line 2: sensor_id 'T2'"),
    ({"picks": PICKS.encode() + b"\xff\n"}, "not UTF-8: line 5"),
    ({"picks": PICKS.encode() + b"a\0\n"}, "line 5 holds a NUL byte"),
    ({"picks": b"PK\x03\x04rest"}, "ZIP archive"),
    (
        {"met": "time_s,temp_c,wind_u_mps,wind_v_mps\n0,1,2,3\n"},
        "lacks the column time",
    ),
    ({"met": "time,temp_c,wind_u_mps,wind_v_mps\nx,1,2,3\n"}, "no usable row; line 2"),
]


@pytest.mark.parametrize(("tables", "says"), BAD_TABLES)
def test_a_table_that_cannot_be_used_leaves_with_2_and_one_message(
    write, tmp_path, tables, says, capsys
):
    paths = write(**tables)
    arguments = ["associate", "--out", str(tmp_path / "out.csv")]
    for name in ("sensors", "picks", *(["met"] if "met" in tables else [])):
        arguments += [f"--{name}", str(getattr(paths, name))]
    assert code(arguments) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_table_is_named(tmp_path, capsys):
    here = [f"--{name}={tmp_path / name}.csv" for name in ("sensors", "picks", "out")]
    assert code(["associate", *here]) == 2
    assert "sensors.csv cannot be read" in capsys.readouterr().err


def test_many_sensors_on_a_straight_line_locate_nothing():
    x = np.linspace(0, 50_000, 60)
    with pytest.raises(SourceError, match="on one line"):
        check_spread(x, 0.5 * x + 3.0 * np.sin(x))


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

"""Tables of an acoustic network: what is read, kept apart, refused."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from tests.watch.networks import FLAT, FLAT_PICKS, GLOBE, PICKS, tables
from trucewatch.errors import SourceError
from trucewatch.watch.acoustic_files import Tables, hear
from trucewatch.watch.cli import code
from trucewatch.watch.columns import Reject, read_sheet


@pytest.fixture
def write(tmp_path):
    return partial(tables, tmp_path)


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

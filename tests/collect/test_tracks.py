"""What moves: nothing that points at people is kept; counts equal other decoders'."""

import io
import math
import os
import pathlib
import shutil
import subprocess
import time

import numpy as np
import pyais
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from pyulog import ULog

from tests.collect import filmed, flights, moved_samples, moving
from tests.collect.deliveries import DATA, read
from trucewatch.collect.frames import Camera, footprint, turn
from trucewatch.collect.telemetry import checksum
from trucewatch.collect.tracks import Mark, TrackPoints
from trucewatch.errors import SourceError
from trucewatch.exercise import broadcasts
from trucewatch.record import canonical

LENT = pathlib.Path(os.environ.get("TRUCEWATCH_DATA", "../shared/data"))
CASES = pytest.mark.skipif(not LENT.exists(), reason="TRUCEWATCH_DATA is absent")
ALL_DAY = {"begin": "2020-01-01T00:00Z", "end": "2020-01-02T00:00Z"}
GEOD = Geod(ellps="WGS84")


def points(source, raw, **options):
    batch = read(source, raw, options)
    return TrackPoints.from_columns(batch.tables[0])


@pytest.mark.parametrize("name", sorted(moved_samples.SAMPLES))
def test_the_samples_are_what_is_made_here(name):
    if not name.endswith("jpg"):  # a library's JPEG bytes change with its version
        assert (DATA / name).read_bytes() == moved_samples.SAMPLES[name]()


@given(
    lat=st.floats(-89, 89),
    lon=st.floats(-179, 179),
    knots=st.integers(0, 1022),
    course=st.integers(0, 3599),
)
@settings(max_examples=50, deadline=None)
def test_a_position_report_says_what_was_put_in(lat, lon, knots, course):
    line = moving.ais_at(0, 7, lat, lon, knots=knots / 10, course=course / 10)
    found = points("ais", line, identity="broadcast")
    assert found.identity.tolist() == ["7"]
    assert found.speed_mps[0] == pytest.approx(knots / 10 * 0.514444, abs=1e-3)
    assert found.course_deg[0] == pytest.approx(course / 10)
    if (round(lat * 6e5), round(lon * 6e5)) != (0, 0):
        assert found.lat_deg[0] == pytest.approx(lat, abs=1e-6)
        assert found.lon_deg[0] == pytest.approx(lon, abs=1e-6)


def anywhere_near(found, place, within_m):
    lat, lon = found.lat_deg[found.placed], found.lon_deg[found.placed]
    far = np.full(len(lat), place[1]), np.full(len(lat), place[0])
    return bool((np.asarray(GEOD.inv(*far, lon, lat)[2]) < within_m).any())


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        ("remote_id", moving.remote_id_sample()),
        ("mavlink", flights.tlog()),
        ("mavlink", flights.dataflash()),
        ("ulog", flights.ulog()),
    ],
)
def test_no_launch_place_and_no_operator_is_in_any_table(source, raw):
    found = points(source, raw)
    assert found.placed.any()
    assert not anywhere_near(found, moving.OPERATOR, 5_000)
    if source != "remote_id":
        assert not anywhere_near(found, moving.START, 499)
    assert (found.marks & Mark.HIDDEN > 0).any()


def test_a_target_told_in_video_metadata_is_in_no_record():
    batch = read("klv", filmed.klv_sample())
    text = b"".join(canonical(one) for one in batch.acquisitions)
    assert b"50.43" not in text
    assert b"30.12" not in text


@pytest.mark.parametrize("source", ["remote_id", "mavlink", "ulog"])
def test_what_is_kept_of_a_delivery_holds_no_serial_unless_asked(source):
    raw = next((DATA / source).glob("sample.*")).read_bytes()
    assert "TEST0001" not in points(source, raw).identity.tolist()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_footprint_is_where_an_independent_ray_meets_the_ground(data):
    lat, lon = data.draw(st.floats(-70, 70)), data.draw(st.floats(-179, 179))
    heading, pitch = data.draw(st.floats(0, 360)), data.draw(st.floats(-85, -30))
    height, ground = data.draw(st.floats(150, 3000)), data.draw(st.floats(-50, 100))
    camera = Camera(lat, lon, height, ground, turn(heading, pitch, 0.0), 20.0, 15.0)
    corners = footprint(camera, 50_000).outer[:4]
    for (right, down), (x, y) in zip(
        [(-1, -1), (1, -1), (1, 1), (-1, 1)], corners, strict=True
    ):
        ray = camera.turned @ [
            1,
            right * math.tan(math.radians(10)),
            down * math.tan(math.radians(7.5)),
        ]
        expected = met(lat, lon, height, ground, ray)
        _, _, apart_m = GEOD.inv(x, y, *expected)
        assert apart_m < 1


def met(lat, lon, height, ground, ray):
    """Bisection along the geodesic of the ray's azimuth: no shared code, no ECEF."""
    north, east, down = ray / np.linalg.norm(ray)
    azimuth, depression = math.degrees(math.atan2(east, north)), math.asin(down)
    sin2 = math.sin(math.radians(lat)) ** 2
    a, e2 = GEOD.a, GEOD.es
    meridian = a * (1 - e2) / (1 - e2 * sin2) ** 1.5
    prime = a / math.sqrt(1 - e2 * sin2)
    bend = math.radians(azimuth)
    radius = 1 / (math.cos(bend) ** 2 / meridian + math.sin(bend) ** 2 / prime)
    top, foot = radius + height, radius + ground
    out = math.asin(min(1.0, top * math.cos(depression) / foot))
    centre = out - (math.pi / 2 - depression)
    return GEOD.fwd(lon, lat, azimuth, radius * centre)[:2]


def test_a_frame_that_shows_sky_ends_where_ground_was_last_seen():
    camera = Camera(46.0, 31.0, 500.0, 0.0, turn(0.0, -5.0, 0.0), 20.0, 30.0)
    ring = footprint(camera, 4_000).outer
    far = max(GEOD.inv(31.0, 46.0, x, y)[2] for x, y in ring)
    assert 3_900 < far <= 4_000
    with pytest.raises(ValueError, match="no ground"):
        footprint(Camera(46.0, 31.0, 500.0, 0.0, turn(0, 30, 0), 20, 15), 4_000)


def sized(raw, wide, high):
    """The same JPEG, said to have another size."""
    at = raw.index(b"\xff\xc0") + 5
    return raw[:at] + high.to_bytes(2, "big") + wide.to_bytes(2, "big") + raw[at + 4 :]


def test_a_photo_of_a_large_camera_is_read_and_one_beyond_all_cameras_refused():
    # Found by fuzzing: the size a file tells made Pillow end the run.
    large = read("drone_photos", sized(filmed.photo(), 11_656, 8_742))
    assert len(large.acquisitions) == 1
    with pytest.raises(SourceError, match="cannot be read"):
        read("drone_photos", sized(filmed.photo(), 65_535, 65_535))


def test_a_checksum_of_mavlink_is_that_of_the_catalogue():
    assert checksum(b"123456789") == 0x6F91


def test_a_log_full_of_false_beginnings_is_read_in_linear_time():
    # Each byte begins a message whose checksum is wrong.
    def spent_s(size):
        began = time.process_time()
        with pytest.raises(SourceError):
            read("mavlink", b"\xfe" * size)
        return time.process_time() - began

    spent_s(1_000)
    assert spent_s(400_000) < 10 * max(spent_s(100_000), 0.05)


def test_unreviewed_pictures_show_nothing():
    assert read("klv", filmed.klv(0)).acquisitions[0].p_clear == 0
    seen = read("klv", filmed.klv(0), {"outcome": "miss"}).acquisitions[0]
    assert seen.p_clear == 0.8


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (filmed.photo(placed=False), "no place"),
        (filmed.photo(above=-3.0), "height"),
        (filmed.photo(pitch=40.0), "no ground"),
    ],
)
def test_a_photo_without_what_is_needed_is_rejected_with_the_reason(raw, why):
    assert why in read("drone_photos", raw).rejections[0].why


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        ("remote_id", b"abc"),
        ("remote_id", broadcasts.identity("X") + bytes(1)),
        ("mavlink", b"\xfe\x09nothing"),
        ("ulog", b"ULog\x01\x12\x35\x09" + bytes(8)),
        ("klv", b"G" + bytes(500)),
        ("drone_photos", b"\xff\xd8\xff\xe0junk"),
        ("ais", "no AIS\n"),
        ("adsb", "a,b\nc,d\n"),
    ],
)
def test_what_is_no_such_delivery_is_refused(source, raw):
    with pytest.raises(SourceError):
        read(source, raw)


@CASES
@pytest.mark.cases
@pytest.mark.parametrize("name", ["pyais_nmea_data_sample.txt", "gatehouse.nmea"])
def test_as_many_ais_messages_as_pyais_decodes_at_the_same_places(name):
    path = LENT / "ais" / name
    reference = []
    with pyais.FileReaderStream(str(path)) as stream:
        for message in stream:
            try:
                reference.append(message.decode())
            except pyais.exceptions.AISBaseException:
                continue
    found = points("ais", path.read_bytes(), identity="broadcast", **ALL_DAY)
    assert len(found) == len(reference)
    assert found.identity.tolist() == [str(one.mmsi) for one in reference]
    told = [getattr(one, "lat", None) for one in reference]
    lat = np.array([91 if one is None else one for one in told], dtype=float)
    assert np.allclose(found.lat_deg[found.placed], lat[np.abs(lat) <= 90], atol=1e-6)


@CASES
@pytest.mark.cases
@pytest.mark.parametrize(
    ("name", "oui"),
    [
        ("mavic_alessa_spoofed", "0x263712"),
        ("mavic_multiple_spoofed", "0x263712"),
        ("parrot_anafi4_real", "0xfa0bbc"),
    ],
)
@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is absent")
def test_as_many_remote_id_frames_as_tshark_finds(name, oui):
    path = LENT / f"remote_id/{name}.pcapng"
    done = subprocess.run(
        ["tshark", "-r", str(path), "-Y", f"wlan.tag.oui=={oui}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(points("remote_id", path.read_bytes())) == len(done.stdout.splitlines())


@CASES
@pytest.mark.cases
def test_as_many_reports_of_flight_logs_as_the_reference_libraries_find():
    raw = (LENT / "mavlink/px4_sample_log_small.ulg").read_bytes()
    log = ULog(io.BytesIO(raw), ["vehicle_gps_position"])
    found = points("ulog", raw)
    assert len(found) == len(log.data_list[0].data["timestamp"])
    assert (
        len(points("mavlink", (LENT / "mavlink/pymavlink_test.BIN").read_bytes())) == 5
    )
    with pytest.raises(SourceError, match="checksum"):
        read("mavlink", (LENT / "mavlink/capture.mavlink").read_bytes())


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_dataflash_log_cut_off_within_the_head_of_a_message_is_kept_before_it(cut):
    raw = flights.dataflash()
    whole = read("mavlink", raw)
    batch = read("mavlink", raw + b"\xa3\x95\x80"[:cut])
    assert batch.tables[0].table.rows == whole.tables[0].table.rows
    assert len(batch.rejections) == len(whole.rejections) + 1

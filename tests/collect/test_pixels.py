from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from tests.collect.deliveries import delivered, read, sample
from trucewatch.collect.pixels import FirePixels
from trucewatch.place import SIGMAS_90

DELIVERY = delivered("firms", b"x")
COUNTS = st.integers(0, 5)


def names_of(n):
    return st.lists(st.text("N2ü01", max_size=4), min_size=n, max_size=n)


@st.composite
def fire_pixels(draw):
    n = draw(COUNTS)

    def numbers(low, high):
        floats = st.floats(low, high, allow_subnormal=False)
        return draw(stn.arrays(np.float64, n, elements=floats))

    def integers():
        return draw(stn.arrays(np.int64, n, elements=st.integers(0, 2**60)))

    return FirePixels(
        lat_deg=numbers(-90, 90),
        lon_deg=numbers(-180, 180),
        radius90_m=numbers(1, 5000),
        begin_ns=integers(),
        end_ns=integers(),
        frp_mw=draw(
            stn.arrays(np.float64, n, elements=st.floats(0, 9e4) | st.just(np.nan))
        ),
        satellite=np.array(draw(names_of(n)), dtype=np.str_),
        row=integers(),
    )


@given(pixels=fire_pixels())
@settings(max_examples=40, deadline=None)
def test_writing_and_reading_columns_changes_nothing_but_last_digits(pixels):
    columns = pixels.to_columns(DELIVERY, "viirs")
    again = FirePixels.from_columns(columns)
    assert len(again) == len(pixels) == columns.table.rows
    for one in fields(FirePixels):
        was, now = getattr(pixels, one.name), getattr(again, one.name)
        if was.dtype.kind == "f":
            np.testing.assert_allclose(now, was, atol=6e-4)
        else:
            np.testing.assert_array_equal(now, was)
    assert again.to_columns(DELIVERY, "viirs") == columns


def test_a_damaged_blob_is_refused():
    columns = read("firms", *sample("firms")[:1]).tables[0]
    with pytest.raises(ValueError, match="damaged"):
        FirePixels.from_columns(replace(columns, blob=columns.blob[:40]))


def test_a_table_of_another_kind_is_refused():
    columns = read("firms", sample("firms")[0]).tables[0]
    other = replace(columns, table=replace(columns.table, schema="picks"))
    with pytest.raises(ValueError, match="fire_pixels"):
        FirePixels.from_columns(other)


def test_a_blob_of_another_table_is_refused():
    columns = read("firms", sample("firms")[0]).tables[0]
    other = replace(columns, table=replace(columns.table, rows=7))
    with pytest.raises(ValueError, match="not its table's"):
        FirePixels.from_columns(other)


def test_a_full_row_is_placed_by_its_pixel_and_timed_to_the_minute():
    pixels = FirePixels.from_columns(read("firms", sample("firms")[0]).tables[0])
    assert pixels.lat_deg[0] == 10.12345
    assert pixels.end_ns[0] - pixels.begin_ns[0] == 60 * 10**9
    begin = np.datetime64(int(pixels.begin_ns[0]), "ns")
    assert begin == np.datetime64("2031-05-01T23:45")
    minutes = (pixels.begin_ns // (60 * 10**9)) % 1440
    assert minutes.tolist() == [23 * 60 + 45, 72, 45]
    scan, track = (390**2 / 12 + 100**2) ** 0.5, (360**2 / 12 + 100**2) ** 0.5
    expected = SIGMAS_90 * (scan * track) ** 0.5
    assert pixels.radius90_m[0] == pytest.approx(expected, abs=1e-3)
    assert pixels.radius90_m[1] > pixels.radius90_m[0]
    assert np.isnan(pixels.frp_mw[2])
    assert pixels.satellite.tolist() == ["N20", "N", "N"]
    assert pixels.row.tolist() == [2, 3, 4]


def test_a_date_alone_is_a_whole_day_of_an_unnamed_satellite():
    text = "LATITUDE,LONGITUDE,ACQ_DATE\r\n10.5,20.5,2031-05-01\r\n"
    pixels = FirePixels.from_columns(read("firms", text).tables[0])
    assert pixels.end_ns[0] - pixels.begin_ns[0] == 86_400 * 10**9
    assert pixels.satellite[0] == ""
    assert np.isnan(pixels.frp_mw[0])


def test_a_list_without_fires_makes_no_table_and_claims_no_look():
    batch = read("firms", "LATITUDE,LONGITUDE,ACQ_DATE\n")
    assert batch.rows_read == 0
    assert batch.tables == batch.acquisitions == ()


@given(
    where=st.lists(st.integers(0, 40), max_size=10),
    junk=st.sampled_from([b"x,y,z", b"1,2", b"1,2,3,4", b"\xff,1,2031-05-01", b'"']),
)
@settings(max_examples=30, deadline=None)
def test_bad_lines_among_good_ones_cost_only_themselves(where, junk):
    good = b"10.5,20.5,2031-05-01"
    lines = [junk if i in where else good for i in range(41)]
    batch = read("firms", b"LATITUDE,LONGITUDE,ACQ_DATE\n" + b"\n".join(lines))
    pixels = FirePixels.from_columns(batch.tables[0])
    bad = {i + 2 for i in where}
    assert pixels.row.tolist() == [i for i in range(2, 43) if i not in bad]
    assert sorted(one.where for one in batch.rejections if junk != b'"') == sorted(
        f"line {i}" for i in bad if junk != b'"'
    )


def test_blanks_around_cells_change_nothing_and_a_blank_time_is_a_day():
    text = (
        "latitude, longitude, scan, track, acq_date, acq_time, frp\n"
        "10.5, 20.5, 0.5, 0.5, 2031-05-01, 0112, 3.5\n"
        "10.5, 20.5, 0.5, 0.5, 2031-05-01, , 3.5\n"
        "10.5, 20.5, 50, 0.5, 2031-05-01, 0112, 3.5\n"
    )
    batch = read("firms", text)
    pixels = FirePixels.from_columns(batch.tables[0])
    lengths = (pixels.end_ns - pixels.begin_ns) // 10**9
    assert lengths.tolist() == [60, 86_400]
    assert pixels.frp_mw.tolist() == [3.5, 3.5]
    assert [one.where for one in batch.rejections] == ["line 4"]
    assert "impossible" in batch.rejections[0].why

"""Passes cut by the cloud over them."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import delivered, read, sample
from tests.collect.relief import geotiff, packed
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.clouds import parted
from trucewatch.collect.settings import known, options
from trucewatch.completeness.cover import p_detect
from trucewatch.errors import SourceError
from trucewatch.place import Place

pytest.importorskip("rasterio")

PASSES = b"""satellite,begin,end,west,south,east,north,cloud_ratio,outcome
N20,2031-05-02T10:20:00Z,2031-05-02T10:30:00Z,20,10,24,14,{ratio},miss
"""
BOX = shapely.box(20, 10, 24, 14)


def mask(share=1.0, degree=0.05):
    """Cloud over the west half of a box of 4 degrees."""
    return geotiff(
        lambda lon, lat: np.where(lon < 22, share, 0.0),
        shape=(round(4 / degree),) * 2,
        south=10.0,
        west=20.0,
        step_deg=degree,
    )


def cut(ratio="", field="cloud_20310502T1030__tif", data=None, **given):
    table = PASSES.replace(b"{ratio}", ratio.encode())
    files = {"passes__csv": table, field: mask() if data is None else data}
    return read("satellite_passes", packed(**files), given)


def clear_at(batch, lon, lat):
    """The chances of all looks that hold a point."""
    return [
        one.p_clear
        for one in batch.acquisitions
        if shapely.Polygon(one.footprint.outer, one.footprint.holes).contains(
            shapely.Point(lon, lat)
        )
    ]


def test_a_pass_is_clear_where_the_field_is_and_clouded_elsewhere():
    batch = cut()
    assert clear_at(batch, 21, 12) == [0.0]
    assert clear_at(batch, 23, 12) == [1.0]
    whole = shapely.union_all([
        shapely.Polygon(a.footprint.outer) for a in batch.acquisitions
    ])
    assert whole.symmetric_difference(BOX).area < 1e-6
    assert (batch.rows_read, batch.drawn) == (1, len(batch.acquisitions) - 1)


def test_silence_over_cloud_says_nothing_and_beside_it_what_a_clear_pass_says():
    batch = cut()
    time = batch.acquisitions[0].time
    under, beside = (
        p_detect(batch.acquisitions, Place.circle(12, lon, 500), time, Act.MISSILE)
        for lon in (21, 23)
    )
    assert under == 0
    assert beside > 0.1


def test_a_field_of_another_hour_says_nothing():
    for field in ("cloud_20310502T1230__tif", "cloud_20310501T1025__tif"):
        assert "cloud_ratio is empty" in cut(field=field).rejections[0].why
        assert clear_at(cut("0.25", field), 21, 12) == [0.75]
    assert clear_at(cut(field="cloud_20310502T1230__tif", field_h="3"), 21, 12) == [0]


def test_ground_beyond_the_field_is_as_the_row_says_or_unknown():
    small = geotiff(lambda lon, _: lon * 0 + 30.0, (20, 20), 10.0, 20.0, 0.1)
    assert clear_at(cut("0.4", data=small), 21, 11) == [pytest.approx(0.7)]
    assert clear_at(cut("0.4", data=small), 23, 13) == [0.6]
    assert clear_at(cut("", data=small), 23, 13) == []


def test_areas_with_times_are_fields_too():
    body = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"time": "2031-05-02T10:00Z", "cloud_ratio": ratio},
                "geometry": json.loads(shapely.to_geojson(area)),
            }
            for ratio, area in (
                (0.2, shapely.box(20, 10, 24, 12)),
                (0.9, shapely.box(22, 10, 24, 14)),
            )
        ],
    }
    data = json.dumps(body).encode()
    batch = cut("0.5", field="clouds__geojson", data=data)
    found = [clear_at(batch, *spot) for spot in ((21, 11), (23, 11), (21, 13))]
    assert found == [[0.8], [pytest.approx(0.1)], [0.5]]


def test_overpasses_are_cut_alike():
    raw, expected = sample("orbital_elements")
    given = {**expected["options"], "cloud_ratio": "", "field_h": "100000"}
    given = {k: v for k, v in given.items() if not k.startswith("cloud.")}
    west, south, east, north = (float(x) for x in given["bounds"].split(","))
    field = geotiff(
        lambda lon, lat: np.where(lon < (west + east) / 2, 1.0, 0.0),
        (round((north - south) / 0.1), round((east - west) / 0.1)),
        *(south, west, 0.1),
    )
    batch = read(
        "orbital_elements",
        packed(elements__txt=raw, cloud_20310502T1030__tif=field),
        given,
    )
    assert {one.p_clear for one in batch.acquisitions} >= {0.0, 1.0}
    assert batch.drawn > 0
    assert not any("cloud is unknown" in one.why for one in batch.rejections)


@given(st.floats(0, 1), st.sampled_from([0.02, 0.05, 0.1, 0.5]))
@settings(max_examples=15, deadline=None)
def test_the_mean_of_a_field_is_kept_whatever_its_pixels(share, degree):
    batch = cut(data=mask(share, degree))
    areas = [shapely.Polygon(one.footprint.outer).area for one in batch.acquisitions]
    clear = sum(a * o.p_clear for a, o in zip(areas, batch.acquisitions, strict=True))
    assert clear / sum(areas) == pytest.approx(1 - share / 2, abs=1e-3)


@pytest.mark.parametrize(
    "files",
    [
        {"passes__csv": PASSES},
        {"a__csv": PASSES, "b__csv": PASSES, "cloud_20310502T1030__tif": b""},
        {"a__csv": PASSES, "cloud_20310502T1030__tif": b"rubbish"},
        {"a__csv": PASSES, "cloud__tif": mask()},
        {"a__csv": PASSES, "cloud_20311302T1030__tif": mask()},
        {"a__csv": PASSES, "cloud_20310502T1030__tif": mask(300.0)},
        {"a__csv": PASSES, "clouds__geojson": b"[]"},
    ],
)
def test_archives_that_hold_anything_else_are_refused(files):
    with pytest.raises(SourceError):
        read("satellite_passes", packed(**files))


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_parted_or_refused(data):
    chosen = options(delivered("x", data), known("A", "2", field_h="1", zone="UTC"))
    raw = packed(passes__csv=PASSES, clouds__geojson=data)
    for one in (raw, b"PK\x03\x04" + data):
        with pytest.raises(SourceError):
            parted(one, chosen)

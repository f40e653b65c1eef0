"""Frames over ground that is not level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from tests.collect import filmed, relief
from tests.collect.deliveries import read
from trucewatch.collect.frames import Camera, footprint, turn
from trucewatch.collect.shapes import WGS84
from trucewatch.collect.terrain import parted, terrain
from trucewatch.errors import SourceError

pytest.importorskip("rasterio")

EARTH = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
CAMERA = st.builds(
    lambda lat, lon, up, heading, pitch, roll: Camera(
        lat, lon, up, 100.0, turn(heading, pitch, roll), 30.0, 20.0
    ),
    st.floats(46.2, 46.25),
    st.floats(30.9, 30.95),
    st.floats(400, 1500),
    st.floats(0, 360),
    st.floats(-90, -35),
    st.floats(-10, 10),
)
FLAT = relief.geotiff(lambda lon, lat: np.full(lon.shape, 100.0))
HILLS = relief.geotiff(relief.hills)


@given(CAMERA)
@settings(max_examples=25, deadline=None)
def test_over_level_terrain_a_frame_is_that_of_level_ground(camera):
    level = footprint(camera, 8_000).outer
    found = footprint(camera, 8_000, terrain(FLAT, 0.0)).outer
    for corner in level:
        apart = [WGS84.inv(*corner, *point)[2] for point in found]
        assert min(apart) < 1


@given(CAMERA)
@settings(max_examples=25, deadline=None)
def test_each_corner_lies_on_the_terrain_and_on_its_ray(camera):
    found = np.array(footprint(camera, 8_000, terrain(HILLS, 0.0)).outer)
    assert len(found) >= 8
    height = relief.hills(found[:, 0], found[:, 1])
    spots = np.column_stack(EARTH.transform(*found.T, height))
    start = np.array(EARTH.transform(camera.lon_deg, camera.lat_deg, camera.height_m))
    ahead = spots - start
    lat, lon = np.radians(camera.lat_deg), np.radians(camera.lon_deg)
    level = np.array([
        [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
        [-np.sin(lon), np.cos(lon), 0],
        [-np.cos(lat) * np.cos(lon), -np.cos(lat) * np.sin(lon), -np.sin(lat)],
    ])
    forward, right, down = (camera.turned.T @ level @ ahead.T).tolist()
    wide = np.tan(np.radians(15)) * np.array(forward)
    high = np.tan(np.radians(10)) * np.array(forward)
    # Metres at the ground by which a point lies off the rim of the picture.
    off = np.maximum(np.abs(right) - wide, np.abs(down) - high)
    assert np.abs(off).max() < 1


def test_ground_nearer_and_higher_makes_the_frame_smaller():
    camera = Camera(46.2, 30.9, 600.0, 100.0, turn(20, -60, 0), 30.0, 20.0)
    low, high = (
        footprint(camera, 8_000, terrain(FLAT, raised)) for raised in (0.0, 200.0)
    )
    area = [
        abs(WGS84.polygon_area_perimeter(*zip(*p.outer, strict=True))[0])
        for p in (low, high)
    ]
    assert area[1] == pytest.approx(area[0] * (300 / 500) ** 2, rel=0.01)


def test_a_photo_and_a_video_take_the_terrain_packed_beside_them():
    video = filmed.klv(0)
    level = read("klv", video).acquisitions[0].footprint
    beside = read("klv", relief.packed(video__klv=video, dem__tif=HILLS))
    assert beside.acquisitions[0].footprint != level
    flat = read("klv", relief.packed(video__klv=video, dem__tif=FLAT))
    for corner in level.outer:
        rim = flat.acquisitions[0].footprint.outer
        assert min(WGS84.inv(*corner, *point)[2] for point in rim) < 1


def test_a_frame_that_leaves_the_terrain_is_a_rejection_with_a_reason():
    small = relief.geotiff(relief.hills, shape=(20, 20))
    batch = read("klv", relief.packed(video__klv=filmed.klv(0), dem__tif=small))
    assert not batch.acquisitions
    assert "terrain" in batch.rejections[0].why


@pytest.mark.parametrize(
    "raw",
    [
        relief.packed(video__klv=filmed.klv(0)),
        relief.packed(a__klv=b"", b__klv=b"", dem__tif=FLAT),
        relief.packed(a__klv=b"", dem__tif=b"rubbish"),
        relief.packed(a__klv=b"", dem__tif=FLAT)[:500],
        relief.packed(a__klv=bytes(50_000_000), dem__tif=b""),
    ],
)
def test_archives_that_hold_anything_else_are_refused(raw):
    with pytest.raises(SourceError, match="archive|terrain"):
        parted(raw, 0.0)


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_terrain_or_an_error(data):
    with pytest.raises(SourceError):
        terrain(data, 0.0)


@pytest.mark.parametrize("geoid", ["a", "nan", "500"])
def test_a_geoid_that_is_none_is_refused(geoid):
    with pytest.raises(SourceError, match="geoid"):
        read("klv", filmed.klv(0), {"geoid": geoid})


def test_a_terrain_whose_pixels_have_no_size_or_whose_heights_are_none_is_refused():
    for height in (np.nan, 1e9):
        none = relief.geotiff(lambda lon, lat, h=height: lon * 0 + h, (4, 4))
        with pytest.raises(SourceError, match="no height"):
            terrain(none, 0.0)

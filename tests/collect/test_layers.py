"""Layers of others in the three forms they come in, and what is not a layer."""

import io
import json
import os
import pathlib
import zipfile

import numpy as np
import pytest
import shapely

from tests.collect.deliveries import read, sample
from trucewatch.collect.layers import layer_of
from trucewatch.errors import SourceError

LENT = os.environ.get("TRUCEWATCH_DATA")
GIVEN = {"system": "unosat", "before": "2022-02-01", "after": "2022-04-01"}


def layer(tmp_path, driver, suffix):
    import pyogrio

    shapes = [
        shapely.box(4e5 + 50 * k, 5.5e6, 4e5 + 50 * k + 20, 5.5e6 + 20)
        for k in range(3)
    ]
    path = tmp_path / f"layer{suffix}"
    pyogrio.raw.write(
        path,
        np.array([one.wkb for one in shapes], object),
        [np.array(["Destroyed", "Possible damage", None], object)],
        ["grade"],
        geometry_type="Polygon",
        crs="EPSG:32637",
        driver=driver,
    )
    return path


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile"])
def test_a_geopackage_and_a_zipped_shapefile_say_the_same(tmp_path, driver):
    path = layer(tmp_path, driver, ".gpkg" if driver == "GPKG" else ".shp")
    raw = path.read_bytes()
    if driver != "GPKG":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in tmp_path.glob("layer.*"):
                archive.write(part, part.name)
        raw = packed.getvalue()
    rows = layer_of(raw, "layer")
    assert [one.get("grade") for one in rows] == ["Destroyed", "Possible damage", ""]
    west, south, _, _ = rows[0].shape.bounds
    assert (west, south) == pytest.approx((37.6152, 49.6444), abs=1e-3)
    batch = read("damage_layers", raw, {**GIVEN, "column.grade": "grade"})
    assert [one.result.grade for one in batch.observations] == ["destroyed", "possible"]
    assert [one.why for one in batch.rejections] == ["grade is empty"]
    assert batch.observations[0].result.extent_m == pytest.approx(20, abs=0.1)


def test_areas_are_looks_and_pieces_are_never_joined():
    square = [[[20, 10], [20.1, 10], [20.1, 10.1], [20, 10.1], [20, 10]]]
    far = [[[21, 10], [21.1, 10], [21.1, 10.1], [21, 10.1], [21, 10]]]
    body = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "MultiPolygon", "coordinates": [square, far]},
            }
        ],
    }
    batch = read("damage_layers", json.dumps(body), {**GIVEN, "what": "areas"})
    assert [one.row for one in batch.acquisitions] == [
        *("feature 1, piece 1", "feature 1, piece 2")
    ]
    assert batch.acquisitions[0].procedure == "damage/unosat"


def test_what_is_no_layer_is_refused():
    raw, expected = sample("damage_layers")
    for bad, why in [
        (b"{}", "no GeoJSON, GeoPackage"),
        (b"SQLite format 3\0 and nothing more", "no readable layer"),
        (b"PK\x03\x04 and nothing more", "damaged ZIP"),
        (raw.replace(b"EPSG::3857", b"EPSG::999999"), "reference system"),
        (raw.replace(b"EPSG::3857", b"a village grid"), "reference system"),
    ]:
        with pytest.raises(SourceError, match=why):
            read("damage_layers", bad, expected["options"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.shp", bytes(600_000_000))
    with pytest.raises(SourceError, match="unpacks to"):
        read("damage_layers", packed.getvalue(), expected["options"])


def test_an_outline_beyond_its_reference_system_is_rejected():
    # Found by fuzzing: a ring that a reference system cannot hold ended the run.
    ring = [[0, 0], [1e7, 0], [1e7, 1e300], [0, 1e300], [0, 0]]
    for code in (3857, 4338, 32637):
        body = {
            "type": "FeatureCollection",
            "crs": {"properties": {"name": f"EPSG:{code}"}},
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            ],
        }
        batch = read("damage_layers", json.dumps(body), GIVEN)
        assert len(batch.rejections) == 1


def test_options_that_cannot_be_are_refused():
    raw, expected = sample("damage_layers")
    for name, value in [("what", "all"), ("grade", "bad"), ("codes", "1")]:
        with pytest.raises(SourceError, match=f"option {name}"):
            read("damage_layers", raw, {**expected["options"], name: value})
    with pytest.raises(SourceError, match="needs the option system"):
        read("damage_layers", raw, {})
    batch = read("damage_layers", raw, {"system": "unosat"})
    assert not batch.observations
    assert "set option before" in batch.rejections[0].why


@pytest.mark.cases
@pytest.mark.skipif(not LENT, reason="TRUCEWATCH_DATA is not set")
def test_the_lent_unosat_layers_are_read_whole():
    folder = pathlib.Path(LENT) / "sar_damage"
    raw = (folder / "ukr7_unosat_damaged_footprint_epsg3857.geojson").read_bytes()
    batch = read("damage_layers", raw, GIVEN)
    assert (len(batch.observations), len(batch.rejections)) == (803, 0)
    first = batch.observations[0]
    assert first.result.extent_m**2 == pytest.approx(80.1 * 2, rel=0.6)
    raw = (folder / "unosat_aois.geojson").read_bytes()
    areas = read("damage_layers", raw, {**GIVEN, "what": "areas"})
    assert len(areas.acquisitions) >= 9

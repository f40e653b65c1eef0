"""Optical pictures: indices, cloud, and change as the command weighs it."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.collect.deliveries import read
from tests.optics import SIDE, World, dataset, pictures
from trucewatch.collect.observation import Damage
from trucewatch.detect.detection import Evidence
from trucewatch.errors import SourceError
from trucewatch.period import Period
from trucewatch.plugin import load
from trucewatch.watch.cli import code
from trucewatch.watch.optical import BANDS, indices, offset_of, orbit_of
from trucewatch.watch.pictures import Window, powers, stored
from trucewatch.watch.stac import Wanted, saved, stack_of

WORLD = World(fields=8, before=24, burnt_ratio=0.2, seed=3)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("optical") / "stack.zarr"
    dataset(WORLD).to_zarr(path, consolidated=False)
    return path


@pytest.fixture(scope="module")
def found(store):
    out = store.parent / "out"
    given = ["change", str(store), "--since", "2031-05-01", "--out", str(out)]
    assert code([*given, "--scale", "reflectance", "--square", str(SIDE)]) == 0
    return out / "changes.geojson"


def test_indices_are_those_of_reflectance_and_cloud_is_no_data():
    given = dataset(WORLD)
    told = indices(given, "test")
    red, nir, swir = (
        given[one].values.astype(float) / 10_000 for one in ("red", "nir", "swir22")
    )
    clear = given["scl"].values == 4
    for name, other in (("ndvi", red), ("nbr", swir)):
        wanted = np.where(clear, (nir - other) / (nir + other), np.nan)
        assert np.allclose(told[name].values, wanted, equal_nan=True, atol=1e-5)
    assert 0.1 < clear.mean() < 0.9


def test_an_offset_of_counts_is_taken_out():
    given = dataset(WORLD)
    raised = given.copy(deep=True)
    for name in ("red", "nir", "swir22"):
        raised[name] = given[name] + np.uint16(1000)
    offset = ("time", [1000] * given.sizes["time"])
    raised = raised.assign_coords(offset_counts=offset)
    one, other = indices(given, "a"), indices(raised, "b")
    assert np.allclose(
        one["nbr"].values, other["nbr"].values, equal_nan=True, atol=1e-5
    )


def test_a_store_gives_an_index_as_the_exponent_of_ten(store):
    stack = stored(store, "reflectance")
    assert {one.polarisation for one in stack.scenes} == {"ndvi", "nbr"}
    scene = stack.scenes[0]
    read_ = stack.read(scene, Window(0, 0, 16, 16))
    wanted = indices(dataset(WORLD), "test")[scene.where].values[scene.layer, :16, :16]
    assert np.allclose(np.log10(read_), wanted, equal_nan=True, atol=1e-5)


def test_what_is_beyond_an_index_is_no_data():
    found = powers(np.array([[-2, -1, 0, 1, 2, np.nan]], np.float32), "index")
    assert np.allclose(found, [[np.nan, 0.1, 1, 10, np.nan, np.nan]], equal_nan=True)


def test_the_command_finds_the_fields_that_burnt(found):
    body = json.loads(found.read_text())
    called = {
        int(one["properties"]["id"])
        for one in body["features"][1:]
        if one["properties"]["q"] <= 0.1
    }
    burnt = set((np.flatnonzero(WORLD.burnt()) + 1).tolist())
    assert len(called & burnt) >= 0.7 * len(burnt)
    assert len(called - burnt) <= 0.3 * len(called)
    steps = [
        one["properties"]["step_db"]
        for one in body["features"][1:]
        if int(one["properties"]["id"]) in burnt
    ]
    assert np.mean(steps) == pytest.approx(-3, abs=1)


def test_a_mission_reads_it_as_evidence_and_never_beyond_its_bound(found):
    batch = read("optical_changes", found.read_bytes())
    (look,) = batch.acquisitions
    assert look.procedure == "optical/sentinel-2"
    assert all(isinstance(one.result, Damage) for one in batch.observations)
    detect = load("trucewatch.detect.detectors", "sar_change").detect
    period = Period(datetime(2031, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC))
    made = detect(Evidence(batch.observations, (), period, "settings:1"))
    assert made
    assert max(one.log10_likelihood_ratio for one in made) == 1.0


def test_a_store_without_a_band_or_a_table_of_reflectance_is_refused(store, tmp_path):
    with pytest.raises(SourceError, match="lacks swir22"):
        indices(dataset(WORLD).drop_vars("swir22"), "test")
    table = tmp_path / "scenes.csv"
    table.write_text("file,time,orbit,polarisation\n")
    given = ["change", str(table), "--since", "2031-05-01", "--out", str(tmp_path)]
    assert code([*given, "--scale", "reflectance"]) == 2


def item(folder, orbit, at, bands):
    """A STAC item of files in a folder, as catalogues of Sentinel-2 write them."""
    import rasterio
    from pyproj import Transformer
    from rasterio.transform import from_origin

    rows, columns = WORLD.shape
    place = Transformer.from_crs(32637, 4326, always_xy=True).transform
    west, south = place(400_000, 5_500_000 - 20 * rows)
    east, north = place(400_000 + 20 * columns, 5_500_000)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    name = f"S2A_MSIL2A_{at:%Y%m%dT%H%M%S}_N0510_R{orbit:03d}_T37UDB"
    assets = {}
    for band, counts in bands.items():
        raised = counts if band == "scl" else counts + np.uint16(1000)
        path = folder / f"{name}-{band}.tif"
        profile = {"driver": "GTiff", "dtype": raised.dtype, "count": 1}
        with rasterio.open(
            path,
            "w",
            height=rows,
            width=columns,
            crs="EPSG:32637",
            transform=from_origin(400_000, 5_500_000, 20, 20),
            **profile,
        ) as target:
            target.write(raised, 1)
        assets[band] = {"href": str(path), "roles": ["data"]}
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [
            "https://stac-extensions.github.io/projection/v1.1.0/schema.json"
        ],
        "id": name,
        "bbox": [west, south, east, north],
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "s2:processing_baseline": "05.10",
            "proj:epsg": 32637,
            "proj:shape": [rows, columns],
            "proj:transform": [20, 0, 400_000, 0, -20, 5_500_000],
        },
        "links": [],
        "assets": assets,
    }


def test_saved_items_are_lazy_stacks_of_the_same_indices(store, tmp_path):
    some = list(pictures(WORLD))[:3]
    features = [item(tmp_path, *one) for one in some]
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    wanted = Wanted("", "", tuple(features[0]["bbox"]), BANDS, pixel_m=20.0)
    stack = stack_of(saved(path), wanted, "reflectance")
    assert [one.orbit for one in stack.scenes if one.polarisation == "nbr"] == [
        orbit for orbit, _, _ in some
    ]
    given = stored(store, "reflectance")
    east, south = (
        round((stack.grid.affine[2] - given.grid.affine[2]) / 20),
        round((given.grid.affine[5] - stack.grid.affine[5]) / 20),
    )
    for mine in stack.scenes:
        (theirs,) = (one for one in given.scenes if one.name == mine.name)
        a = stack.read(mine, Window(4 - south, 4 - east, 40, 40))
        b = given.read(theirs, Window(4, 4, 40, 40))
        assert np.allclose(a, b, equal_nan=True, atol=1e-4)
        assert np.isfinite(a).any()


class Item:
    def __init__(self, name, **properties):
        self.id, self.properties = name, properties


def test_orbit_and_offset_come_from_properties_or_the_product_name():
    name = "S2B_MSIL2A_20310501T084559_N0510_R094_T36TYS"
    assert orbit_of(Item(name), "sat:relative_orbit") == 94
    assert orbit_of(Item(name, **{"sat:relative_orbit": 7}), "sat:relative_orbit") == 7
    assert orbit_of(Item("a"), "sat:relative_orbit") == 0
    new = {"s2:processing_baseline": "05.10"}
    assert offset_of(Item(name, **new)) == 1000
    assert offset_of(Item(name, **new, **{"earthsearch:boa_offset_applied": True})) == 0
    assert offset_of(Item(name, **{"s2:processing_baseline": "03.01"})) == 0
    assert offset_of(Item(name)) == 0

"""The change command, from pictures on disk, in a store or a catalogue to a mission."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
import rasterio

from tests.collect.deliveries import read
from tests.radar import SINCE, World, damaged, footprints, geotiffs, pictures
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.watch.change import Wish, change, map_tiles
from trucewatch.watch.change_places import squares
from trucewatch.watch.change_run import Asked, run
from trucewatch.watch.cli import code
from trucewatch.watch.pictures import Window, listed, stored

WORLD = World(size=96, before=8, after=3)
SETTINGS = ChangeSettings(looks_ratio=4.0, tile=40, probes=300)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    geotiffs(WORLD, folder)
    (folder / "houses.geojson").write_text(json.dumps(footprints(WORLD)))
    return folder


def asked(files, out, **more):
    given = {"footprints": files / "houses.geojson", **more}
    return Asked(str(files / "scenes.csv"), SINCE, out, **given)


def made(folder):
    return [(folder / n).read_bytes() for n in ("changes.geojson", "change.tif")]


def test_the_command_finds_the_houses_that_fell(files, tmp_path, capsys):
    given = ["change", str(files / "scenes.csv"), "--since", "2031-05-01"]
    given += ["--footprints", str(files / "houses.geojson"), "--looks", "4"]
    assert code([*given, "--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pictures"], told["folded"]) == (44, 44)
    found = json.loads((tmp_path / "changes.geojson").read_text())["features"]
    truth = {f"house-{at + 1}" for at in np.flatnonzero(damaged(WORLD))}
    called = {
        one["properties"]["id"]
        for one in found[1:]
        if one["properties"]["log10_likelihood_ratio"] >= 1
    }
    assert len(called & truth) > 0.6 * len(truth)
    assert len(called - truth) < 0.1 * (len(damaged(WORLD)) - len(truth))


def test_what_the_command_writes_a_mission_reads(files, tmp_path):
    run(asked(files, tmp_path), SETTINGS)
    raw = (tmp_path / "changes.geojson").read_bytes()
    batch = read("sar_changes", raw)
    assert not batch.rejections
    (look,) = batch.acquisitions
    assert look.procedure == "sar/sentinel-1"
    assert look.time.end > look.time.begin
    times = {one.phenomenon_time.begin for one in batch.observations}
    assert min(times) >= look.time.begin
    assert len(batch.observations) == len(json.loads(raw)["features"]) - 1


def test_the_map_has_the_pictures_grid_and_marks_the_fallen(files, tmp_path):
    run(asked(files, tmp_path), SETTINGS)
    with rasterio.open(tmp_path / "change.tif") as found:
        assert (found.height, found.width, found.crs.to_epsg()) == (96, 96, 32637)
        assert found.descriptions == ("signed score", "log10 likelihood ratio")
        signed, ratio = found.read()
    labels = WORLD.houses()
    fell = np.append(False, damaged(WORLD))[labels]
    quiet = np.nanmedian(np.abs(signed[labels == 0]))
    assert np.median(np.abs(signed[fell])) > 2 * quiet
    assert np.isnan(signed).sum() < 0.01 * signed.size  # corners of the grid only
    assert np.median(ratio[fell]) > np.median(ratio[(labels > 0) & ~fell])


def early(files, until):
    lines = (files / "scenes.csv").read_text().splitlines()
    kept = [line for line in lines[1:] if line.split(",")[1] < until]
    path = files / f"until-{until}.csv"
    path.write_text("\n".join([lines[0], *kept]) + "\n")
    return path


def test_a_later_picture_is_folded_in_without_reading_an_earlier_one(files, tmp_path):
    whole, parts, state = tmp_path / "whole", tmp_path / "parts", tmp_path / "state"
    run(asked(files, whole), SETTINGS)
    few = replace(
        asked(files, parts, state=state), stack=str(early(files, "2031-05-20"))
    )
    first = run(few, SETTINGS)
    second = run(asked(files, parts, state=state), SETTINGS)
    assert first["folded"] + second["folded"] == second["pictures"] == 44
    assert made(whole) == made(parts)
    assert run(asked(files, parts, state=state), SETTINGS)["folded"] == 0
    assert made(whole) == made(parts)


class Refusing:
    """A stack that gives each picture once."""

    def __init__(self, stack, names):
        self.stack, self.names = stack, names
        self.grid, self.scenes = stack.grid, stack.scenes

    def read(self, scene, window, every=1):
        assert scene.name not in self.names, f"{scene.name} was read again"
        return self.stack.read(scene, window, every)


def test_known_pictures_are_not_opened_again(files, tmp_path):
    some = listed(early(files, "2031-05-20"), "power")
    places = squares(some.grid, 5)
    change(Wish(some, places, SINCE, SETTINGS), tmp_path, None)
    names = {one.name for one in some.scenes}
    every = Refusing(listed(files / "scenes.csv", "power"), names)
    found = change(Wish(every, places, SINCE, SETTINGS), tmp_path, None)
    assert found.folded == len(every.scenes) - len(names) > 0


def test_a_later_date_makes_the_pictures_so_far_background(files, tmp_path):
    later = datetime.fromisoformat("2031-05-20T00:00+00:00")
    some = listed(early(files, "2031-05-20"), "power")
    every = listed(files / "scenes.csv", "power")
    places = squares(some.grid, 5)
    change(Wish(some, places, SINCE, SETTINGS), tmp_path / "a", None)
    moved = change(Wish(every, places, later, SETTINGS), tmp_path / "a", None)
    anew = change(Wish(every, places, later, SETTINGS), tmp_path / "b", None)
    pairs = zip(map_tiles(moved, None), map_tiles(anew, None), strict=True)
    for (_, one), (_, other) in pairs:
        assert np.allclose(one, other, atol=2e-3, equal_nan=True)


def test_a_date_among_known_pictures_is_refused(files, tmp_path):
    run(asked(files, tmp_path / "o", state=tmp_path / "s"), SETTINGS)
    among = datetime.fromisoformat("2031-05-10T00:00+00:00")
    wish = replace(asked(files, tmp_path / "o", state=tmp_path / "s"), since=among)
    with pytest.raises(Exception, match="name another --state"):
        run(wish, SETTINGS)


@pytest.mark.parametrize("tile", [17, 40, 200])
def test_the_size_of_tiles_and_who_works_them_do_not_matter(files, tmp_path, tile):
    stack = listed(files / "scenes.csv", "power")
    places = squares(stack.grid, 5)
    wishes = [
        Wish(stack, places, SINCE, replace(SETTINGS, tile=side)) for side in (64, tile)
    ]
    alone = change(wishes[0], tmp_path / "a", None)
    with ThreadPoolExecutor(2) as executor:
        shared = change(wishes[1], tmp_path / "b", executor)
    # Sums over tiles are in another order: the last bits of a square may differ.
    assert np.allclose(
        alone.places.score, shared.places.score, atol=1e-3, equal_nan=True
    )


def test_a_killed_update_leaves_the_state_whole(files, tmp_path):
    state = tmp_path / "s"
    few = replace(
        asked(files, tmp_path / "o", state=state), stack=str(early(files, "2031-05-20"))
    )
    run(few, SETTINGS)
    before = (state / "state.json").read_bytes()
    (state / "g2").mkdir()
    (state / "g2/tile-0-0.npz").write_bytes(b"half a tile")
    assert run(few, SETTINGS)["folded"] == 0
    assert (state / "state.json").read_bytes() == before
    assert run(asked(files, tmp_path / "o", state=state), SETTINGS)["folded"] > 0


def test_a_state_of_other_places_is_refused(files, tmp_path):
    run(asked(files, tmp_path / "o", state=tmp_path / "s"), SETTINGS)
    with pytest.raises(Exception, match="made for other places"):
        run(
            asked(files, tmp_path / "o", state=tmp_path / "s", footprints=None),
            SETTINGS,
        )


def dataset(files):
    import xarray

    stack = listed(files / "scenes.csv", "power")
    whole = Window(0, 0, stack.grid.rows, stack.grid.columns)
    parts = {}
    for pol in ("vv", "vh"):
        some = [one for one in stack.scenes if one.polarisation == pol]
        parts[pol] = (
            ("time", "y", "x"),
            np.stack([stack.read(s, whole) for s in some]),
        )
    a, _, c, _, e, f = stack.grid.affine
    times = [np.datetime64(one.time.replace(tzinfo=None), "ns") for one in some]
    found = xarray.Dataset(
        parts,
        coords={
            "time": times,
            "orbit": ("time", [one.orbit for one in some]),
            "y": f + e * (np.arange(96) + 0.5),
            "x": c + a * (np.arange(96) + 0.5),
        },
    )
    return found.odc.assign_crs("EPSG:32637")


def test_a_zarr_store_gives_what_the_files_give(files, tmp_path):
    import odc.geo.xr  # noqa: F401

    dataset(files).to_zarr(tmp_path / "stack.zarr", consolidated=False)
    stack = stored(tmp_path / "stack.zarr", "power")
    other = listed(files / "scenes.csv", "power")
    assert [one.name for one in stack.scenes] == [one.name for one in other.scenes]
    window = Window(-3, 60, 50, 50)
    for mine, theirs in zip(stack.scenes[:6], other.scenes[:6], strict=True):
        a, b = stack.read(mine, window), other.read(theirs, window)
        assert np.array_equal(a, b, equal_nan=True)
        assert np.isnan(a[:3]).all()
        assert np.isnan(a[:, 36:]).all()


def items(files, base="."):
    from pyproj import Transformer

    way = Transformer.from_crs(32637, 4326, always_xy=True)
    west, south = way.transform(400_000, 5_499_040)
    east, north = way.transform(400_960, 5_500_000)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    found = {}
    lines = (files / "scenes.csv").read_text().splitlines()[1:]
    for name, at, orbit, pol in (line.split(",") for line in lines):
        one = found.setdefault(
            (orbit, at),
            {
                "type": "Feature",
                "stac_version": "1.0.0",
                "stac_extensions": [
                    "https://stac-extensions.github.io/projection/v1.1.0/schema.json"
                ],
                "id": f"s1-{orbit}-{at[:10]}",
                "bbox": [west, south, east, north],
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {
                    "datetime": at,
                    "sat:relative_orbit": int(orbit),
                    "proj:epsg": 32637,
                    "proj:shape": [96, 96],
                    "proj:transform": [10, 0, 400_000, 0, -10, 5_500_000],
                },
                "links": [],
                "assets": {},
            },
        )
        one["assets"][pol] = {
            "href": str(files / name),
            "type": "image/tiff; application=geotiff",
            "roles": ["data"],
        }
    return [found[key] for key in sorted(found)], (west, south, east, north)


class Catalogue(BaseHTTPRequestHandler):
    """The smallest STAC API that a search client accepts."""

    found: list = []
    asked: list = []

    def do_GET(self):
        address = f"http://127.0.0.1:{self.server.server_port}"
        self._send({
            "type": "Catalog",
            "id": "test",
            "description": "test",
            "stac_version": "1.0.0",
            "conformsTo": [
                "https://api.stacspec.org/v1.0.0/core",
                "https://api.stacspec.org/v1.0.0/item-search",
            ],
            "links": [
                {"rel": "self", "href": address},
                {"rel": "root", "href": address},
                {
                    "rel": "search",
                    "href": f"{address}/search",
                    "method": "POST",
                    "type": "application/geo+json",
                },
            ],
        })

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(json.loads(body))
        self._send({"type": "FeatureCollection", "features": self.found, "links": []})

    def _send(self, body):
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


@pytest.fixture
def catalogue(files):
    Catalogue.found, bounds = items(files)
    Catalogue.asked = []
    server = HTTPServer(("127.0.0.1", 0), Catalogue)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", bounds
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_search_gives_a_lazy_stack_of_the_same_pictures(files, tmp_path, catalogue):
    address, bounds = catalogue
    text = ",".join(map(str, bounds))
    given = ["change", address, "--since", "2031-05-01", "--out", str(tmp_path)]
    given += ["--collection", "rtc", "--between", "2031-01-01/2031-06-01"]
    assert code([*given, "--bounds", text, "--looks", "4"]) == 0
    assert Catalogue.asked[0]["collections"] == ["rtc"]
    assert "datetime" in Catalogue.asked[0]
    body = json.loads((tmp_path / "changes.geojson").read_text())
    assert body["about"]["pictures"] == 44
    assert {one["name"] for one in body["about"]["bands"]} == {
        *("14/vh", "14/vv", "87/vh", "87/vv")
    }


def test_saved_items_are_a_stack_too_and_need_an_orbit(files, tmp_path, capsys):
    found, bounds = items(files)
    path = tmp_path / "items.json"
    given = ["change", str(path), "--since", "2031-05-01", "--out", str(tmp_path)]
    given += ["--bounds", ",".join(map(str, bounds))]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}))
    assert code(given) == 0
    del found[3]["properties"]["sat:relative_orbit"]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}))
    assert code(given) == 2
    assert "does not say its relative orbit" in capsys.readouterr().err


def test_bad_input_is_two_and_one_message(files, tmp_path, capsys):
    def refused(*more, table="scenes.csv"):
        given = ["change", str(files / table), "--since", "2031-05-01"]
        assert code([*given, "--out", str(tmp_path / "o"), *more]) == 2
        return capsys.readouterr().err

    assert "does not exist" in refused(table="none.csv")
    assert "--scale must be one of" in refused("--scale", "louder")
    assert "--fdr must lie" in refused("--fdr", "2")
    (files / "bad.csv").write_text("file,when\na.tif,now\n")
    assert "columns file, time, orbit" in refused(table="bad.csv")
    (files / "bad.csv").write_text("file,time,orbit,polarisation\nno.tif,now,1,vv\n")
    assert "line 2" in refused(table="bad.csv")
    (files / "bad.csv").write_text(
        "file,time,orbit,polarisation\nno.tif,2031-01-01,1,vv\n"
    )
    assert "no.tif cannot be read" in refused(table="bad.csv")
    lines = (files / "scenes.csv").read_text().splitlines()
    (files / "bad.csv").write_text("\n".join([*lines, lines[1]]))
    assert "is there twice" in refused(table="bad.csv")
    (files / "bad.csv").write_text("\n".join(lines[:9]))
    assert "no band has 4 pictures" in refused(table="bad.csv")
    (tmp_path / "far.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}"
    )
    assert "lies on the pictures" in refused(
        "--footprints", str(tmp_path / "far.geojson")
    )


def test_pictures_of_other_grids_are_refused(tmp_path):
    geotiffs(replace(WORLD, before=1, after=1, size=20), tmp_path)
    lines = (tmp_path / "scenes.csv").read_text()
    other = next(iter(pictures(replace(WORLD, size=24, before=1, after=1))))
    (tmp_path / "b").mkdir()
    geotiffs(WORLD, tmp_path / "b", [other])
    name = f"b/{other[0]}-{other[1]}-{other[2]:%Y%m%d}.tif"
    (tmp_path / "scenes.csv").write_text(lines + f"{name},2030-01-01,14,vv\n")
    with pytest.raises(Exception, match="another grid"):
        listed(tmp_path / "scenes.csv", "power")

"""Stacks of pictures in a store or a catalogue instead of a table of files."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from trucewatch.watch.cli import code
from trucewatch.watch.pictures import Window, listed, stored


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

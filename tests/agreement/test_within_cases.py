"""A real line, thousands of vertices long, lent for tests and never shipped."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from tests.agreement.within_terms import bordered_line, terms
from trucewatch.agreement.geometry import NearLine, Polygon, SideOf
from trucewatch.agreement.within import distance_to_line_m, p_inside, p_sides
from trucewatch.place import Place

FOLDER = Path(os.environ.get("TRUCEWATCH_DATA", "absent")) / "deepstate_daily"
FILES = sorted(FOLDER.glob("*.geojson")) if FOLDER.is_dir() else []
pytestmark = [
    pytest.mark.cases,
    pytest.mark.skipif(not FILES, reason="TRUCEWATCH_DATA names no daily areas"),
]


@pytest.fixture(scope="module")
def areas():
    found = []
    for feature in json.loads(FILES[0].read_text())["features"]:
        shape = feature["geometry"]
        many = shape["type"] == "MultiPolygon"
        for rings in shape["coordinates"] if many else [shape["coordinates"]]:
            outer, *holes = [tuple((lon, lat) for lon, lat, *_ in r) for r in rings]
            found.append(Polygon(outer, tuple(holes)))
    return found


@pytest.fixture(scope="module")
def agreement(areas):
    zones = (("band", NearLine("held", 7_500)), ("held", SideOf("held", "S")))
    return terms((bordered_line(areas, 1_500.0),), zones)


def beside(areas, count):
    draw = np.random.default_rng(3)
    corners = np.array([point for area in areas for point in area.outer])
    chosen = corners[draw.integers(0, len(corners), count)]
    return (chosen + draw.normal(0, 0.1, chosen.shape)).tolist()


def test_distances_are_those_of_the_nearest_edge(areas, agreement):
    geod = Geod(ellps="WGS84")
    rings = [np.array(r) for area in areas for r in (area.outer, *area.holes)]
    share = np.linspace(0, 1, 2_001)[:, None]
    for lon, lat in beside(areas, 10):
        edges = [(a, b) for ring in rings for a, b in zip(ring, ring[1:], strict=False)]
        ends = np.array([a for a, _ in edges])
        rough = np.hypot((ends[:, 0] - lon) * np.cos(np.radians(lat)), ends[:, 1] - lat)
        least = np.inf
        for i in np.argsort(rough)[:60]:
            edge = edges[i][0] * (1 - share) + edges[i][1] * share
            here = np.full(len(edge), lon), np.full(len(edge), lat)
            least = min(least, np.min(geod.inv(*here, *edge.T)[2]))
        found = distance_to_line_m(agreement, "held", Place.circle(lat, lon, 10.0))
        assert found == pytest.approx(least, abs=0.1)


def test_sides_and_zones_agree(areas, agreement):
    for lon, lat in beside(areas, 20):
        place = Place(lat, lon, 3_000.0, 1_000.0, 70.0)
        (_, inside), (_, rest) = p_sides(agreement, "held", place)
        assert inside + rest == pytest.approx(1.0)
        assert p_inside(agreement, ("held",), place) == inside
        assert 0 <= p_inside(agreement, ("band",), place) <= 1

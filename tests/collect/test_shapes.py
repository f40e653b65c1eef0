import time
from math import cos, isclose, radians

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from trucewatch.collect.features import geometry, wkt
from trucewatch.collect.shapes import (
    WGS84,
    around,
    box,
    one_polygon,
    polygons,
    sighted,
    view,
)

LATS = st.floats(-80, 80)
LONS = st.floats(-180, 179.9)
BRIEF = settings(max_examples=30, deadline=None)


def area_m2(polygon):
    return abs(WGS84.geometry_area_perimeter(shapely.Polygon(polygon.outer))[0])


@given(lat=LATS, lon=LONS, sight_m=st.floats(100, 50_000))
@example(lat=0.0, lon=179.9, sight_m=11_132.0)
@example(lat=60.0, lon=-179.99, sight_m=5_000.0)
@BRIEF
def test_a_point_sees_a_disc_of_its_range(lat, lon, sight_m):
    found = around(shapely.Point(lon, lat), sight_m)
    for x, y in found.outer:
        assert isclose(WGS84.inv(lon, lat, x, y)[2], sight_m, rel_tol=2e-3, abs_tol=0.3)


@given(lat=LATS, lon=LONS, sight_m=st.floats(100, 100_000), turn=st.floats(0, 360))
@example(lat=85.0, lon=-180.0, sight_m=100_000.0, turn=0.0)
@BRIEF
def test_what_is_around_lies_within_a_metre_of_an_independent_projection(
    lat, lon, sight_m, turn
):
    plane = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m"
    move = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    end = WGS84.fwd(lon, lat, turn, sight_m)
    unbroken = lon + (end[0] - lon + 180) % 360 - 180
    track = shapely.LineString([(lon, lat), (unbroken, end[1])])
    flat = shapely.LineString(np.column_stack(move.transform(*np.array(track.xy))))
    corners = shapely.get_coordinates(shapely.buffer(flat, sight_m, quad_segs=4))
    wanted = move.transform(*corners.T, direction="INVERSE")
    found = np.array(around(track, sight_m).outer).T
    assert len(found[0]) == len(wanted[0])
    assert max(WGS84.inv(*wanted, *found)[2]) < 1


def test_a_thousand_discs_take_less_than_a_second():
    began = time.process_time()
    for row in range(1000):
        around(shapely.Point(row / 10, row / 20), 5_000)
    assert time.process_time() - began < 1


@given(lat=LATS, lon=LONS, heading=st.floats(0, 359), opening=st.floats(5, 360))
@example(lat=0.0, lon=179.99, heading=90.0, opening=60.0)
@BRIEF
def test_a_view_covers_its_share_of_the_disc(lat, lon, heading, opening):
    found = view((lat, lon), heading, opening, 5_000)
    assert isclose(area_m2(found), 3.14159265 * 5_000**2 * opening / 360, rel_tol=0.03)


@given(lat=LATS, lon=LONS, bearing=st.floats(0, 359.9), range_m=st.floats(100, 20_000))
@BRIEF
def test_a_sighting_lies_where_the_bearing_and_the_range_say(
    lat, lon, bearing, range_m
):
    place = sighted((lat, lon), bearing, range_m, 0.3 * range_m, 10)
    forward, _, distance = WGS84.inv(lon, lat, place.lon_deg, place.lat_deg)
    assert isclose(distance, range_m, abs_tol=0.5)
    assert abs((forward - bearing + 180) % 360 - 180) < 0.5
    assert place.semi_major_m > place.semi_minor_m
    assert abs((place.azimuth_deg - bearing + 90) % 180 - 90) < 1e-3


def test_a_sure_range_and_a_poor_bearing_make_an_ellipse_across_the_sight():
    place = sighted((10.0, 20.0), 90, 10_000, 100, 10)
    assert place.azimuth_deg == 0
    assert place.semi_major_m / place.semi_minor_m == pytest.approx(17.45, rel=1e-3)


def test_a_track_across_the_antimeridian_stays_in_one_piece():
    found = around(shapely.LineString([(179.9, 10), (180.1, 10)]), 2_000)
    length_m = 0.2 * 111_320 * cos(radians(10))
    assert area_m2(found) == pytest.approx(
        length_m * 4_000 + 3.14159 * 2_000**2, rel=0.05
    )


def test_a_box_across_the_antimeridian_is_narrow():
    assert area_m2(box(179, 0, -179, 1)) == pytest.approx(2.462e10, rel=0.01)


@pytest.mark.parametrize("sight_m", [0, -1, 1e9, float("nan")])
def test_an_impossible_sight_is_refused(sight_m):
    with pytest.raises(ValueError, match="sight range"):
        around(shapely.Point(20, 10), sight_m)


def test_a_track_across_a_continent_is_not_one_patrol():
    with pytest.raises(ValueError, match="not one patrol"):
        around(shapely.LineString([(0, 10), (40, 10)]), 1_000)


def test_a_ring_that_crosses_itself_becomes_the_areas_it_encloses():
    crossed = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    areas, dropped = polygons(crossed)
    assert len(areas) == 2
    assert not dropped
    assert sum(shapely.Polygon(a.outer).area for a in areas) == pytest.approx(0.5)


def test_a_hole_stays_a_hole():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    assert len(one_polygon(ring).holes) == 1


@pytest.mark.parametrize(
    "text",
    ["POINT (1", "", "POLYGON EMPTY", "POINT (NaN 1)", "POINT (0 91)", "rubbish"],
)
def test_an_unreadable_shape_is_refused_with_a_reason(text):
    with pytest.raises(ValueError, match="unreadable|empty|number|out of range"):
        wkt(text)


def test_latitude_first_is_called_swapped():
    with pytest.raises(ValueError, match="swapped"):
        wkt("LINESTRING (48.2 137.1, 48.3 137.2)")


def test_no_geometry_is_no_shape():
    assert geometry(None) is None


def test_a_footprint_at_a_pole_is_refused():
    with pytest.raises(ValueError, match="pole"):
        view((89.0, 20.0), 0, 90, 5_000)

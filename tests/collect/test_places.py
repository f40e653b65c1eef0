import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.places import Bounds, area, circle, point
from trucewatch.place import Area

BOX = Bounds.parsed("22,44,41,53")
LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)


@given(lat=LATS, lon=LONS)
def test_a_written_point_is_read_as_it_was_written_unless_it_is_0_0(lat, lon):
    if lat == 0 and lon == 0:
        with pytest.raises(ValueError, match="missing place"):
            point(str(lat), str(lon), None)
    else:
        assert point(str(lat), str(lon), None) == (lat, lon)


@given(lat=st.floats(44, 53), lon=st.floats(22, 41))
def test_a_point_inside_the_bounds_is_swapped_when_written_the_other_way(lat, lon):
    assert point(str(lat), str(lon), BOX) == (lat, lon)
    if not BOX.hold(lon, lat):
        with pytest.raises(ValueError, match="probably swapped"):
            point(str(lon), str(lat), BOX)


@given(lat=LATS, lon=LONS)
def test_a_box_across_the_antimeridian_holds_what_its_complement_does_not(lat, lon):
    across = Bounds(170, -90, -170, 90)
    rest = Bounds(-170, -90, 170, 90)
    assert across.hold(lat, lon) or rest.hold(lat, lon)
    if abs(lon) not in (170,):
        assert not (across.hold(lat, lon) and rest.hold(lat, lon))


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "12,5", "1_0", "N/A", "1e999", "0x1"]
)
def test_what_is_no_number_is_no_coordinate(text):
    with pytest.raises(ValueError, match="number"):
        point(text, "20", None)


@pytest.mark.parametrize("text", ["1,2,3,4,5", "10,5,10,6", "0,60,10,50", "0,0,400,10"])
def test_what_is_no_box_is_refused(text):
    with pytest.raises(ValueError, match="no box|unpack"):
        Bounds.parsed(text)


@pytest.mark.parametrize("radius_m", [0, -5, 3e7, float("nan")])
def test_a_place_without_a_possible_uncertainty_is_refused(radius_m):
    with pytest.raises(ValueError, match="no uncertainty"):
        circle(10, 20, radius_m)


def test_an_area_is_the_smallest_one_named():
    assert area(("", "municipality"), (" D ", "district")) == Area("D", "district")
    with pytest.raises(ValueError, match="no area"):
        area(("", "district"))

"""What holds of every zone and every place."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.agreement.within_terms import TERMS, drawn_line, ring, terms
from trucewatch.agreement.geometry import Disc, NearLine, Polygon, SideOf
from trucewatch.agreement.within import p_inside, p_sides
from trucewatch.place import Place

QUICK = settings(max_examples=15, deadline=None, derandomize=True)
PARTS = ("whole", "ring", "hole")
sizes_m = st.floats(30, 25_000)
places = st.builds(
    lambda lat, lon, size, flat, azimuth: Place(lat, lon, size, size * flat, azimuth),
    st.floats(46.5, 49.5),
    st.floats(32.5, 35.5),
    sizes_m,
    st.floats(0.1, 1),
    st.floats(0, 179.9),
)


@QUICK
@given(places, st.sampled_from([zone.id for zone in TERMS.zones]))
def test_a_probability_lies_between_zero_and_one(place, zone):
    assert 0 <= p_inside(TERMS, (zone,), place) <= 1


@QUICK
@given(places, st.sampled_from(["square", "band", "mixed"]))
def test_a_zone_and_what_is_left_of_the_world_make_one(place, zone):
    part = "band in square" if zone == "mixed" else zone
    both = p_inside(TERMS, (part,), place) + p_inside(TERMS, (f"not {zone}",), place)
    assert both == pytest.approx(1.0, abs=1e-5)


@QUICK
@given(places)
def test_the_sides_of_a_line_make_one(place):
    both = p_inside(TERMS, ("north",), place) + p_inside(TERMS, ("south",), place)
    assert both == pytest.approx(1.0, abs=1e-5)
    assert sum(p for _, p in p_sides(TERMS, "front", place)) == pytest.approx(1.0)


@QUICK
@given(places, st.floats(1, 5))
def test_widening_an_ellipse_inside_a_convex_zone_never_raises_p(place, wider):
    zone = terms(zones=(("disc", Disc(48.0, 34.0, 350_000.0)),))
    wide = Place(
        place.lat_deg,
        place.lon_deg,
        place.semi_major_m * wider * 5,
        place.semi_minor_m * wider * 5,
        place.azimuth_deg,
    )
    assert p_inside(zone, ("disc",), wide) <= p_inside(zone, ("disc",), place) + 1e-6


@QUICK
@given(st.floats(40, 60), st.floats(500, 20_000), st.floats(1.01, 20))
def test_widening_inside_a_square_never_raises_p(lat, size_m, wider):
    zone = terms(zones=(("square", Polygon(ring(33, lat - 0.1, 34, lat + 0.2))),))
    one = Place.circle(lat, 33.4, size_m)
    two = Place.circle(lat, 33.4, size_m * wider)
    assert p_inside(zone, ("square",), two) <= p_inside(zone, ("square",), one) + 1e-3


def shifted_terms(lon):
    path = tuple((lon + x, y) for x, y in ((-3, 48), (0, 48.3), (2, 47.9), (5, 48.1)))
    return terms(
        (drawn_line(path, 400.0),),
        (
            ("square", Polygon(ring(lon - 0.2, 47.9, lon + 0.3, 48.5))),
            ("band", NearLine("front", 6_000)),
            ("north", SideOf("front", "N")),
            ("disc", Disc(48.1, (lon + 180) % 360 - 180, 9_000)),
        ),
    )


@QUICK
@given(
    st.floats(-200, 200).map(lambda x: round(x, 3)),
    st.sampled_from(["square", "band", "north", "disc"]),
    sizes_m,
)
def test_turning_the_earth_changes_nothing(lon, zone, size_m):
    here = Place(48.25, 0.1, size_m, size_m / 2, 30.0)
    there = Place(48.25, (lon + 0.1 + 180) % 360 - 180, size_m, size_m / 2, 30.0)
    p = p_inside(shifted_terms(0.0), (zone,), here)
    # Curves are cut to within 0.5 % of a standard deviation, from other end points.
    assert p_inside(shifted_terms(lon), (zone,), there) == pytest.approx(p, abs=3e-3)


@QUICK
@given(places, st.floats(100, 20_000), st.floats(0, 20_000))
def test_a_wider_band_holds_at_least_as_much(place, within_m, more_m):
    bands = (
        ("a", NearLine("front", within_m)),
        ("b", NearLine("front", within_m + more_m)),
    )
    agreement = terms((drawn_line(),), bands)
    narrow, wide = (p_inside(agreement, (zone,), place) for zone in ("a", "b"))
    assert narrow <= wide + 3e-3


@QUICK
@given(st.floats(0, 359), st.floats(85, 89.99), sizes_m)
def test_near_a_pole_a_cap_and_the_rest_make_one(lon, lat, size_m):
    cap, rest = Polygon(ring(-180, 88, 180, 90)), Polygon(ring(-180, -90, 180, 88))
    agreement = terms(zones=(("cap", cap), ("rest", rest)))
    place = Place.circle(lat, (lon + 180) % 360 - 180, size_m)
    both = p_inside(agreement, ("cap",), place) + p_inside(agreement, ("rest",), place)
    assert both == pytest.approx(1.0, abs=5e-3)


@QUICK
@given(places)
def test_a_hole_and_the_ring_about_it_make_the_whole(place):
    hole = ring(33.5, 47.6, 34.5, 48.4)
    agreement = terms(
        zones=(
            ("whole", Polygon(ring(33, 47, 35, 49))),
            ("ring", Polygon(ring(33, 47, 35, 49), (hole,))),
            ("hole", Polygon(hole)),
        )
    )
    whole, rim, inner = (p_inside(agreement, (z,), place) for z in PARTS)
    assert rim + inner == pytest.approx(whole, abs=1e-5)

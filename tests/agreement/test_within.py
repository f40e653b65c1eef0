"""Probabilities of zones against a separate Monte Carlo, and by hand."""

import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.spatial import KDTree
from scipy.stats import chi2, norm

from tests.agreement.within_terms import (
    PATH,
    SQUARE,
    TERMS,
    bordered_line,
    drawn_line,
    ring,
    terms,
)
from trucewatch.agreement.geometry import (
    AllOf,
    Disc,
    Except,
    NearLine,
    NearSites,
    Polygon,
    SideOf,
)
from trucewatch.agreement.within import (
    distance_to_line_m,
    p_inside,
    p_inside_each,
    p_near_sites,
    p_sides,
)
from trucewatch.errors import AgreementError
from trucewatch.place import SIGMAS_90, Place

GEOD = Geod(ellps="WGS84")
DRAWS = 100_000


# A Monte Carlo that shares no code with the closed form ------------------------------
def chord_space(lon_deg, lat_deg):
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    normal = 6378137 / np.sqrt(1 - 0.00669437999014 * np.sin(lat) ** 2)
    out = normal * np.cos(lat)
    up = normal * (1 - 0.00669437999014) * np.sin(lat)
    return np.column_stack((out * np.cos(lon), out * np.sin(lon), up))


LON, LAT = np.array(PATH).T
DENSE_LON = np.arange(LON[0], LON[-1], 0.0002)  # a vertex every 15 m
DENSE = KDTree(chord_space(DENSE_LON, np.interp(DENSE_LON, LON, LAT)))


def off(place, east_m, north_m):
    centre = np.full((2, len(east_m)), [[place.lon_deg], [place.lat_deg]])
    turn = np.degrees(np.arctan2(east_m, north_m))
    return GEOD.fwd(*centre, turn, np.hypot(east_m, north_m))[:2]


def near(lonlat):
    return DENSE.query(chord_space(*lonlat), distance_upper_bound=7_500)[0] <= 7_500


def north(lonlat):
    return lonlat[1] > np.interp(lonlat[0], LON, LAT)


def square(lonlat):
    return shapely.contains_xy(shapely.Polygon(SQUARE.outer, SQUARE.holes), *lonlat)


def disc(lonlat):
    centre = np.full_like(lonlat[0], 34.0), np.full_like(lonlat[0], 48.0)
    return np.asarray(GEOD.inv(*centre, *lonlat)[2]) <= 10_000


INSIDE = {
    "square": lambda fixed, shifted: square(fixed),
    "disc": lambda fixed, shifted: disc(fixed),
    "sharp band": lambda fixed, shifted: near(fixed),
    "band": lambda fixed, shifted: near(shifted),
    "north": lambda fixed, shifted: north(shifted),
    "northern band": lambda fixed, shifted: near(shifted) & north(shifted),
    "band in square": lambda fixed, shifted: (
        near(shifted) & north(shifted) & square(fixed)
    ),
    "band or disc": lambda fixed, shifted: near(shifted) | disc(fixed),
    "square off band": lambda fixed, shifted: square(fixed) & ~near(shifted),
}
PLACES = (
    Place(48.06, 34.03, 6_000.0, 2_000.0, 35.0),
    Place(48.02, 33.49, 300.0, 150.0, 100.0),
    Place(47.98, 34.98, 20_000.0, 9_000.0, 160.0),
)


@pytest.mark.parametrize("zone", INSIDE)
@pytest.mark.parametrize("place", PLACES, ids=["village", "street", "district"])
def test_closed_form_agrees_with_monte_carlo(zone, place):
    draw = np.random.default_rng(20250419).standard_normal((DRAWS, 4))
    along = draw[:, 0] * place.semi_major_m / SIGMAS_90
    across = draw[:, 1] * place.semi_minor_m / SIGMAS_90
    s, c = np.sin(np.radians(place.azimuth_deg)), np.cos(np.radians(place.azimuth_deg))
    east, up = along * s + across * c, along * c - across * s
    fixed = off(place, east, up)
    shifted = off(place, east - 1_500 * draw[:, 2], up - 1_500 * draw[:, 3])
    share = INSIDE[zone](fixed, shifted).mean()
    assert p_inside(TERMS, (zone,), place) == pytest.approx(share, abs=0.01)


# By hand -----------------------------------------------------------------------------
def test_no_zones_mean_everywhere():
    assert p_inside(TERMS, (), PLACES[0]) == 1.0
    assert p_inside(TERMS, ("everywhere",), PLACES[0]) == 1.0


def test_ninety_percent_lie_in_a_disc_as_large_as_the_ellipse():
    agreement = terms(zones=(("disc", Disc(48.0, 34.0, 5_000)),))
    place = Place.circle(48.0, 34.0, 5_000.0)
    assert p_inside(agreement, ("disc",), place) == pytest.approx(0.9, abs=2e-3)


def test_a_disc_follows_the_chi_square_law():
    for radius_m in (500.0, 2_000.0, 9_000.0):
        agreement = terms(zones=(("disc", Disc(48.0, 34.0, radius_m)),))
        place = Place.circle(48.0, 34.0, 3_000.0)
        law = chi2.cdf((radius_m / place.sigma_m) ** 2, 2)
        assert p_inside(agreement, ("disc",), place) == pytest.approx(law, abs=2e-3)


def test_half_lies_beyond_a_border_through_the_centre():
    agreement = terms(zones=(("east", Polygon(ring(34, 40, 44, 56))),))
    place = Place(48.0, 34.0, 800.0, 300.0, 20.0)
    assert p_inside(agreement, ("east",), place) == pytest.approx(0.5, abs=1e-6)


def test_a_quarter_lies_in_a_corner():
    agreement = terms(zones=(("corner", Polygon(ring(34, 48, 44, 56))),))
    place = Place.circle(48.0, 34.0, 50.0)
    assert p_inside(agreement, ("corner",), place) == pytest.approx(0.25, abs=1e-3)


def test_line_uncertainty_adds_to_that_of_the_place():
    straight = drawn_line(((34.0, 40.0), (34.0, 48.0), (34.0, 56.0)), 1_000.0)
    agreement = terms((straight,), (("west", SideOf("front", "N")),))
    place = Place.circle(48.0, 34.01, 1_000.0)
    east_m = GEOD.inv(34.0, 48.0, 34.01, 48.0)[2]
    spread_m = np.hypot(1_000.0, place.sigma_m)
    expected = norm.cdf(-east_m / spread_m)
    assert p_inside(agreement, ("west",), place) == pytest.approx(expected, abs=1e-4)


def test_different_lines_move_independently():
    north_south = drawn_line(((34, 40), (34, 48), (34, 56)), 900.0, "meridian")
    west_east = drawn_line(((33.5, 48), (34, 48), (34.5, 48)), 700.0, "parallel")
    quarter = AllOf(("west", "north"))
    west, north = SideOf("meridian", "N"), SideOf("parallel", "N")
    agreement = terms(
        (north_south, west_east),
        (("west", west), ("north", north), ("quarter", quarter)),
    )
    place = Place.circle(48.003, 33.995, 500.0)
    p_west, p_north = (p_inside(agreement, (z,), place) for z in ("west", "north"))
    # The place is shared by both, but its two coordinates are independent.
    both = p_inside(agreement, ("quarter",), place)
    assert both == pytest.approx(p_west * p_north, abs=0.005)


def test_sides_of_a_path_sum_to_one_and_left_is_left():
    (left, p_left), (right, p_right) = p_sides(TERMS, "front", PLACES[0])
    assert (left, right) == ("left", "right")
    assert p_left + p_right == pytest.approx(1.0, abs=1e-9)
    far_north = Place.circle(60.0, 34.0, 1_000.0)
    assert p_sides(TERMS, "front", far_north)[0] == ("left", 1.0)


def test_sides_of_areas_are_inside_and_rest():
    agreement = terms((bordered_line([SQUARE]),))
    (inside, p), (rest, q) = p_sides(agreement, "held", Place.circle(47.2, 34, 900.0))
    assert (inside, p, rest, q) == ("inside", 1.0, "rest", 0.0)
    in_hole = Place.circle(48.0, 33.75, 900.0)
    assert p_sides(agreement, "held", in_hole)[0] == ("inside", 0.0)


@pytest.mark.parametrize("turn", range(0, 360, 30))
def test_left_is_left_whichever_way_a_path_is_drawn(turn):
    s, c = np.sin(np.radians(turn)), np.cos(np.radians(turn))
    path = tuple((34 + r * s, 48 + r * c) for r in (-1.0, -0.4, 0.1, 0.8))
    agreement = terms((drawn_line(path, 0.0),))
    place = Place.circle(48 + 0.1 * s, 34 - 0.1 * c, 20_000.0)
    (_, p_left), _ = p_sides(agreement, "front", place)
    assert p_left > 0.65


def test_beyond_its_ends_a_path_goes_straight_on():
    agreement = terms((drawn_line(((30, 48), (31, 48), (32, 48)), 0.0),))
    for lon in (20.0, 45.0):
        assert p_sides(agreement, "front", Place.circle(55, lon, 1e3))[0][1] == 1.0
        assert p_sides(agreement, "front", Place.circle(30, lon, 1e3))[0][1] == 0.0


def test_areas_that_touch_make_one_area():
    halves = [Polygon(ring(33, 47, 34, 49)), Polygon(ring(34, 47, 35, 49))]
    agreement = terms((bordered_line(halves),), (("s", SideOf("held", "S")),))
    on_the_seam = Place.circle(48.0, 34.0, 2_000.0)
    assert p_inside(agreement, ("s",), on_the_seam) == pytest.approx(1.0, abs=1e-6)


def test_any_of_several_zones_is_enough():
    place = Place.circle(48.7, 34.5, 1_000.0)
    assert p_inside(TERMS, ("disc",), place) == 0.0
    assert p_inside(TERMS, ("disc", "square"), place) == 1.0


def test_sites_near_each_other_do_not_count_twice():
    place = Place.circle(48.0, 34.015, 4_000.0)
    p = p_near_sites(TERMS, "energy", 2_000.0, place)
    assert 0.3 < p < 1
    assert p == p_inside(TERMS, ("sites",), place)
    assert p_near_sites(TERMS, "energy", 50_000.0, place) == 1.0


def test_many_places_give_the_same_numbers_as_one_by_one():
    each = p_inside_each(TERMS, ("band", "square"), PLACES)
    one_by_one = [p_inside(TERMS, ("band", "square"), place) for place in PLACES]
    assert each.tolist() == one_by_one
    assert p_inside_each(TERMS, ("band",), ()).shape == (0,)


def test_distance_to_a_line_is_the_geodesic_one():
    dense = np.linspace(0, 1, 20_001)
    for (lon, lat), (a, b) in (
        ((31.0, 50.0), ((30.0, 48.0), (36.0, 49.0))),
        ((33.0, 48.4), ((30.0, 48.0), (36.0, 49.0))),
        ((-179.9, 70.1), ((178.0, 70.0), (183.0, 70.0))),
        ((10.0, 89.0), ((-30.0, 85.0), (60.0, 84.0))),
    ):
        edge_lon = a[0] + dense * (b[0] - a[0])
        edge_lat = a[1] + dense * (b[1] - a[1])
        here = np.full_like(dense, lon), np.full_like(dense, lat)
        least = np.min(GEOD.inv(*here, edge_lon, edge_lat)[2])
        agreement = terms((drawn_line((a, b), 0.0),))
        found = distance_to_line_m(agreement, "front", Place.circle(lat, lon, 10.0))
        assert found == pytest.approx(least, abs=0.1)


# Poles and the antimeridian ----------------------------------------------------------
def test_a_polygon_may_contain_a_pole():
    cap = terms(zones=(("cap", Polygon(ring(-180, 80, 180, 90))),))
    pole = Place.circle(90.0, 0.0, 5_000.0)
    assert p_inside(cap, ("cap",), pole) == pytest.approx(1.0, abs=1e-6)
    seam = Place.circle(89.9, -180.0, 50_000.0)
    assert p_inside(cap, ("cap",), seam) == pytest.approx(1.0, abs=1e-6)
    edge = Place.circle(80.0, 77.0, 5_000.0)
    assert p_inside(cap, ("cap",), edge) == pytest.approx(0.5, abs=1e-2)


@pytest.mark.parametrize("west", [179.0, -181.0])
def test_a_polygon_may_cross_the_antimeridian(west):
    agreement = terms(zones=(("strait", Polygon(ring(west, 65, west + 2, 67))),))
    for lon, p in ((179.5, 1.0), (-179.5, 1.0), (-180.0, 1.0), (-178.9, 0.0)):
        place = Place.circle(66.0, lon, 1_000.0)
        assert p_inside(agreement, ("strait",), place) == p
    border = Place.circle(66.0, -179.0, 1_000.0)
    assert p_inside(agreement, ("strait",), border) == pytest.approx(0.5, abs=1e-4)


# Bad input ---------------------------------------------------------------------------
PLACE = PLACES[0]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: p_inside(TERMS, ("moon",), PLACE), "no zone 'moon'.*square"),
        (lambda: p_sides(TERMS, "moon", PLACE), "no line 'moon'.*front"),
        (lambda: distance_to_line_m(TERMS, "moon", PLACE), "no line 'moon'"),
        (lambda: p_near_sites(TERMS, "moon", 1.0, PLACE), "the list 'moon'"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(ask, words):
    with pytest.raises(AgreementError, match=words):
        ask()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (SideOf("front", "Z"), "no side of 'Z'"),
        (NearLine("front", 10.0, "Z"), "no side of 'Z'"),
        (NearSites("none", 10.0), "the list 'none'"),
        (AllOf(("z",)), "made of itself: z > z"),
        (Except("z", ()), "made of itself"),
    ],
)
def test_terms_that_cannot_be_drawn_are_refused(shape, words):
    agreement = terms((drawn_line(),), (("z", shape),))
    with pytest.raises(AgreementError, match=words):
        p_inside(agreement, ("z",), PLACE)

from datetime import UTC, datetime, timedelta
from math import atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.share.coarsen import coarse, firing_cell_deg, snapped, widened
from trucewatch.share.release import GRAINS, Release

GEOD = Geod(ellps="WGS84")
LEVELS = [GRAINS[one] for one in (Release.CELL, Release.PARTIES, Release.PUBLIC)]
CELLS = [10.0**-one.decimals for one in LEVELS]


@st.composite
def places(draw):
    major = draw(st.floats(1, 50_000))
    return Place(
        draw(st.floats(-75, 75)),
        draw(st.floats(-180, 180)),
        major,
        major * draw(st.floats(0.05, 1)),
        draw(st.floats(0, 179)),
    )


def inside(lat_deg, lon_deg, cell):
    """Whether a point lies in a released ellipse, by geodesic azimuth and distance."""
    azimuth, _, distance = GEOD.inv(cell.lon_deg, cell.lat_deg, lon_deg, lat_deg)
    turned = radians(azimuth - cell.azimuth_deg)
    along, across = distance * cos(turned), distance * sin(turned)
    value = (along / cell.semi_major_m) ** 2 + (across / cell.semi_minor_m) ** 2
    return value <= 1.001


@given(places(), st.sampled_from(CELLS))
def test_the_true_centre_lies_in_the_released_cell(place, cell_deg):
    cell = coarse(place, cell_deg)
    east = (place.lon_deg - cell.lon_deg + 180) % 360 - 180
    assert abs(place.lat_deg - cell.lat_deg) <= cell_deg / 2 + 1e-9
    assert abs(east) <= cell_deg / 2 + 1e-9


@given(places(), st.sampled_from(CELLS), st.floats(0, 360))
def test_the_released_ellipse_holds_the_whole_true_ellipse(place, cell_deg, at):
    along = place.semi_major_m * cos(radians(at))
    across = place.semi_minor_m * sin(radians(at))
    distance = (along**2 + across**2) ** 0.5
    azimuth = place.azimuth_deg + degrees(atan2(across, along))
    lon, lat, _ = GEOD.fwd(place.lon_deg, place.lat_deg, azimuth, distance)
    assert inside(lat, lon, coarse(place, cell_deg))


@given(places())
def test_a_coarser_release_never_shows_a_finer_place(place):
    fine, middle, wide = (coarse(place, one) for one in CELLS)
    assert fine.cell_deg < middle.cell_deg < wide.cell_deg
    assert fine.semi_minor_m <= middle.semi_minor_m <= wide.semi_minor_m
    assert fine.semi_major_m <= middle.semi_major_m <= wide.semi_major_m


@given(places(), st.sampled_from(CELLS))
def test_places_of_one_cell_are_released_alike(place, cell_deg):
    lat_deg, lon_deg = snapped(place.lat_deg, place.lon_deg, cell_deg)
    assert snapped(lat_deg, lon_deg, cell_deg) == (lat_deg, lon_deg)
    assert -180 <= lon_deg < 180


YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(days=-9000), timedelta(days=36_000)).map(
    YEAR_2000.__add__
)


@given(instants, st.floats(0.001, 1e6), st.sampled_from([g.time_s for g in LEVELS]))
def test_a_released_time_holds_the_true_one_on_the_grid(begin, length_s, step_s):
    time = Period(begin, begin + timedelta(seconds=length_s, microseconds=1))
    wide = widened(time, step_s)
    assert wide.begin <= time.begin
    assert time.end <= wide.end
    assert wide.begin.timestamp() % step_s == 0
    assert wide.end.timestamp() % step_s == 0
    assert wide.duration_s < time.duration_s + 2 * step_s


@settings(max_examples=50)
@given(st.floats(-85, 85), st.floats(-179, 179))
def test_a_firing_cell_is_nowhere_shorter_than_two_kilometres(lat_deg, lon_deg):
    half = firing_cell_deg(lat_deg) / 2
    _, _, wide = GEOD.inv(lon_deg - half, lat_deg, lon_deg + half, lat_deg)
    _, _, tall = GEOD.inv(lon_deg, lat_deg - half, lon_deg, lat_deg + half)
    assert min(wide, tall) >= 1999


def test_the_antimeridian_is_one_longitude():
    assert snapped(10, 179.99, 0.1) == snapped(10, -179.99, 0.1) == (10, -180)


@pytest.mark.parametrize("lat_deg", [90.0, -90.0])
def test_a_pole_can_be_released(lat_deg):
    cell = coarse(Place.circle(lat_deg, 0, 100), 0.1)
    assert cell.lat_deg == lat_deg

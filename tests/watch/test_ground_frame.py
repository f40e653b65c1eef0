"""Degrees to a plane in metres and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import SourceError
from trucewatch.watch.ground_frame import Frame, axes, check_spread, frame_of


def test_a_network_across_the_antimeridian_is_one_network():
    frame = frame_of(np.array([65.0, 65.1, 65.0]), np.array([179.9, -179.9, -179.95]))
    x, _ = frame.plane(np.array([65.0, 65.1]), np.array([179.9, -179.9]))
    assert abs(x[1] - x[0]) < 10_000


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    east_m=st.floats(-60_000, 60_000),
    north_m=st.floats(-60_000, 60_000),
)
def test_there_and_back_is_the_same_place(lat, lon, east_m, north_m):
    frame = Frame((lat, lon))
    where = frame.back(np.array([east_m]), np.array([north_m]))
    x, y = frame.plane(*where)
    assert (x[0], y[0]) == pytest.approx((east_m, north_m), abs=1e-3)


def test_north_in_the_plane_leans_as_meridians_do():
    frame = Frame((48.0, 37.0))
    x, y = frame.plane(np.array([48.0, 48.0]), np.array([36.0, 38.0]))
    lean = frame.north_deg(x, y)
    assert lean.tolist() == pytest.approx([0.743, -0.743], abs=0.01)


def test_axes_of_an_ellipse_are_found_with_their_azimuth():
    turn = np.radians(30.0)  # clockwise from north
    along = np.array([np.sin(turn), np.cos(turn)])
    across = np.array([along[1], -along[0]])
    cov = 900 * np.outer(along, along) + 100 * np.outer(across, across)
    long, short, azimuth = axes(
        *(np.array([v]) for v in (cov[0, 0], cov[0, 1], cov[1, 1]))
    )
    assert (long[0], short[0], azimuth[0]) == pytest.approx((30, 10, 30))


def test_many_sensors_on_a_straight_line_locate_nothing():
    x = np.linspace(0, 50_000, 60)
    with pytest.raises(SourceError, match="on one line"):
        check_spread(x, 0.5 * x + 3.0 * np.sin(x))

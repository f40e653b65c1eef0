"""The size of a pixel and of a swath, against what the instruments' guides publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.swath import (
    MODIS,
    VIIRS,
    off_track_m,
    pixel_size,
    scan_angle_deg,
)

SCANNERS = st.sampled_from([VIIRS, MODIS])


def test_at_nadir_pixels_have_their_published_size():
    assert pixel_size(VIIRS, 0).scan_m == pytest.approx(387, abs=1)
    assert pixel_size(VIIRS, 0).track_m == pytest.approx(371, abs=1)
    assert pixel_size(MODIS, 0).scan_m == pytest.approx(1000, abs=1)


def test_at_the_edge_viirs_pixels_have_grown_to_800_m():
    edge = pixel_size(VIIRS, 56.28)
    assert edge.scan_m == pytest.approx(800, rel=0.05)
    assert edge.track_m == pytest.approx(789, rel=0.05)


def test_at_the_edge_modis_pixels_cover_2_by_4_8_km():
    edge = pixel_size(MODIS, 55)
    assert edge.scan_m == pytest.approx(4_830, rel=0.02)
    assert edge.track_m == pytest.approx(2_010, rel=0.02)


def test_swaths_are_as_wide_as_published():
    assert 2 * off_track_m(VIIRS, 56.28) == pytest.approx(3_060_000, rel=0.005)
    assert 2 * off_track_m(MODIS, 55) == pytest.approx(2_330_000, rel=0.005)


@pytest.mark.parametrize("border_deg", [31.72, 44.86])
def test_where_fewer_samples_make_a_pixel_it_shrinks_along_the_scan_only(border_deg):
    inside, outside = (pixel_size(VIIRS, border_deg + d) for d in (-0.01, 0.01))
    assert outside.scan_m < 0.75 * inside.scan_m
    assert outside.track_m == pytest.approx(inside.track_m, rel=0.001)


def test_scans_overlap_by_half_at_the_edge():
    assert pixel_size(VIIRS, 0).overlap_ratio == 0
    assert pixel_size(VIIRS, 56.28).overlap_ratio == pytest.approx(0.5, abs=0.06)


@given(SCANNERS, st.floats(0, 1))
def test_angle_and_distance_are_each_others_inverse(scanner, part):
    angle = part * scanner.edge_deg
    away = off_track_m(scanner, angle)
    assert scan_angle_deg(scanner, away * (1 - 1e-12)) == pytest.approx(angle, abs=1e-5)
    assert off_track_m(scanner, -angle) == away


@given(SCANNERS, st.floats(0, 1), st.floats(0, 1))
def test_pixels_never_shrink_along_the_track(scanner, one, other):
    low, high = sorted((one * scanner.edge_deg, other * scanner.edge_deg))
    near, far = pixel_size(scanner, low), pixel_size(scanner, high)
    assert far.track_m >= near.track_m - 1e-6
    assert far.overlap_ratio >= near.overlap_ratio - 1e-9


@pytest.mark.parametrize("angle", [56.3, float("nan"), -90])
def test_beyond_the_edge_there_is_no_pixel(angle):
    with pytest.raises(ValueError, match="edge"):
        pixel_size(VIIRS, angle)


@pytest.mark.parametrize("away", [-1.0, 2e6, float("nan")])
def test_outside_the_swath_there_is_no_angle(away):
    with pytest.raises(ValueError, match="outside"):
        scan_angle_deg(VIIRS, away)

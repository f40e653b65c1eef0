from dataclasses import replace

import pytest

from tests.detect.build import day, detection, hours
from tests.fuse.test_associate import camera
from trucewatch.agreement.geometry import Polygon
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.group import grouped
from trucewatch.fuse.looks import Looks
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.place import Place

SETTINGS = default_fusion_settings()


def box(west, south, east, north):
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return replace(camera(), footprint=Polygon(ring))


def miss(place, *looks):
    (cell,) = collapse([detection(place, hours(2, 3))])
    return Looks(looks, SETTINGS).log10_miss(grouped([cell], SETTINGS))


@pytest.mark.parametrize(
    ("lon_deg", "footprint", "is_a_miss"),
    [
        (37.5, box(37.0, 48.0, 38.0, 49.0), True),
        (37.5, box(37.51, 48.0, 38.0, 49.0), True),
        (37.5, box(38.5, 48.0, 39.0, 49.0), False),
        (37.5, box(37.0, 49.5, 38.0, 50.0), False),
        (179.995, box(179.0, 48.0, 181.0, 49.0), True),
        (-179.995, box(179.0, 48.0, 181.0, 49.0), True),
        (-179.995, box(170.0, 48.0, 178.0, 49.0), False),
    ],
)
def test_only_looks_at_the_place_count_wherever_on_earth(lon_deg, footprint, is_a_miss):
    place = Place.circle(48.5, lon_deg, 1_000.0)
    assert (miss(place, footprint) < 0) == is_a_miss


def test_looks_elsewhere_change_no_digit():
    place = Place.circle(48.5, 37.5, 3_000.0)
    here = box(37.48, 48.0, 38.0, 49.0)
    aside = [box(40.0 + n, 48.0, 40.5 + n, 49.0) for n in range(20)]
    assert miss(place, here, *aside) == miss(place, here)
    assert miss(place, replace(here, time=day(2)), *aside) == 0

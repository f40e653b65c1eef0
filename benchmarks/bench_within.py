"""How long it takes to place incidents in zones: `pytest benchmarks/bench_within.py`.

Ten zones about a wavy line 600 km long. Incidents lie anywhere in a box about it, as
precise as street, village or district; most are far from every border.
"""

import numpy as np
import pytest
from tests.agreement.within_terms import TERMS

from trucewatch.agreement import within
from trucewatch.agreement.within import distance_to_line_m, p_inside_each
from trucewatch.place import Place

ZONES = tuple(zone.id for zone in TERMS.zones)[:10]


def incidents(count, semi_major_m, seed=1):
    draw = np.random.default_rng(seed).random((count, 3))
    return [
        Place(44 + 8 * lat, 28 + 12 * lon, semi_major_m, semi_major_m * 0.6, 179 * turn)
        for lat, lon, turn in draw.tolist()
    ]


def in_every_zone(places):
    within._p_beside_border.cache_clear()
    return [p_inside_each(TERMS, (zone,), places) for zone in ZONES]


@pytest.mark.parametrize("count", [1_000, 10_000])
@pytest.mark.parametrize("semi_major_m", [300.0, 3_000.0])
def test_incidents_in_ten_zones(benchmark, count, semi_major_m):
    places = incidents(count, semi_major_m)
    benchmark.group = f"{semi_major_m:.0f} m"
    found = benchmark.pedantic(in_every_zone, args=(places,), rounds=1)
    benchmark.extra_info["beside a border"] = int(
        sum(((p > 0) & (p < 1)).sum() for p in found)
    )


@pytest.mark.parametrize("zone", ["square", "north", "band", "band in square"])
def test_one_incident_beside_a_border(benchmark, zone):
    places = iter(incidents(100_000, 3_000.0, seed=2))

    def one():
        place = next(places)
        beside = Place(48.0, 33.5 + place.lon_deg / 100, 3_000.0, 900.0, 40.0)
        return p_inside_each(TERMS, (zone,), (beside,))

    benchmark.pedantic(one, rounds=200)


def test_distance_to_a_line(benchmark):
    places = incidents(100, 300.0)
    benchmark(lambda: [distance_to_line_m(TERMS, "front", p) for p in places])

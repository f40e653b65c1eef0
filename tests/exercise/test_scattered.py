"""What sounded from many places is scored by each place an incident speaks of."""

from dataclasses import replace

import pytest

from tests.exercise.test_exercise import PLANE, happening, told_at
from trucewatch.exercise.match import matched
from trucewatch.exercise.truth import Sort, Spot, Step

CLAPS = tuple(Spot(0.1 * k, 2_000.0 * k, 0.0, 4_000.0) for k in range(4))


def thunder(**fields):
    return happening(sort=Sort.DECOY, what="thunder", spots=CLAPS, **fields)


def boom():
    way = (Step(0.0, -40_000.0, 0.0), Step(200.0, 40_000.0, 0.0))
    below = tuple(Spot(k, 1_000.0 * k, 0.0) for k in range(-3, 4))
    return happening(sort=Sort.DECOY, what="sonic_boom", path=way, spots=below)


def counting(units, *where):
    return replace(told_at(*where), units_best=units)


@pytest.mark.parametrize(
    ("one", "inside", "reach"),
    [
        (counting(1, 2_100.0, 0.0, 500.0), True, 0.2),
        (counting(1, 3_000.0, 0.0, 500.0), False, 2.0),
        (counting(2, 3_000.0, 0.0, 1_500.0), True, 2 / 3),
        (counting(4, 3_000.0, 0.0, 1_500.0), False, 2.0),
        (counting(9, 3_000.0, 0.0, 3_100.0), True, 3.0 / 3.1),
    ],
)
def test_an_ellipse_holds_as_many_claps_as_its_incident_counts(one, inside, reach):
    (pair,) = matched([one], [thunder()], PLANE)
    assert pair.inside is inside
    assert pair.reach_ratio == pytest.approx(reach, rel=0.01)


def test_as_many_incidents_may_speak_of_a_flash_as_it_had_claps():
    every = [
        replace(counting(1, 2_000.0 * k, 50.0, 400.0), name=f"i{k}") for k in range(4)
    ]
    more = replace(counting(1, 2_100.0, 300.0, 400.0), name="more")
    assert len(matched(every, [thunder()], PLANE)) == 4
    assert len(matched([*every, more], [thunder()], PLANE)) == 4
    assert len(matched([counting(4, 3_000.0, 0.0, 3_100.0), more], [thunder()], PLANE))


def test_a_boom_is_one_and_its_place_all_the_ground_below_its_way():
    near, whole = told_at(0.0, 0.0, 900.0), told_at(0.0, 0.0, 3_100.0)
    (pair,) = matched([near], [boom()], PLANE)
    assert not pair.inside
    (pair,) = matched([whole], [boom()], PLANE)
    assert pair.inside
    assert len(matched([near, replace(whole, name="b")], [boom()], PLANE)) == 1

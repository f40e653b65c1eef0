"""What is worth a look, and who should take it."""

import numpy as np
import pytest
import shapely

from tests.completeness.test_grid import GRID, PLANE
from trucewatch.agreement.taxonomy import Act
from trucewatch.place import Place
from trucewatch.review.cue import Asset, Doubt, Scene, cues, entropy_bits


def place(x_km, y_km, radius_m=200.0):
    ((lon, lat),) = PLANE.unproject(np.array([(x_km, y_km)]) * 1_000.0)
    return Place.circle(float(lat), float(lon), radius_m)


def scene(*doubts, p_noticed=1.0, blind_bits=4.0):
    noticed = np.full(GRID.x_m.size, p_noticed)
    return Scene(GRID, doubts, noticed, Act.EXPLOSION, blind_bits)


def asset(**fields):
    given = {"reach_m": 20_000.0, "sight_m": 1_500.0, "takes_h": 1.0, "looks": 1}
    return Asset(**{"name": "a", "procedure": "patrol", **given, **fields})


def test_what_is_sure_is_worth_nothing():
    assert entropy_bits(0.0) == entropy_bits(1.0) == 0
    assert entropy_bits(0.5) == 1


def test_the_most_doubtful_and_gravest_is_looked_at_first():
    mild = Doubt("mild", place(-5, 1), 0.5, 1)
    grave = Doubt("grave", place(5, 1), 0.5, 3)
    sure = Doubt("sure", place(1, -5), 0.999, 4)
    found = cues(scene(mild, grave, sure), [asset(looks=3)], 9.0)
    assert [one.settles[0][0] for one in found] == ["grave", "mild", "sure"]
    assert found[0].settles[0][1] == pytest.approx(3 * 0.8)
    assert found[0].worth_bits == pytest.approx(sum(b for _, b in found[0].settles))


def test_where_nothing_is_in_doubt_blind_ground_is_watched():
    (one,) = cues(scene(p_noticed=0.0), [asset(sight_m=3_000.0)], 9.0)
    assert one.settles == ()
    assert one.blind_bits == one.worth_bits > 0
    assert cues(scene(p_noticed=1.0), [asset()], 9.0) == ()


def test_an_asset_goes_no_farther_than_it_reaches():
    far = Doubt("far", place(7, 5), 0.5, 1)
    near = asset(at_m=(-7_000.0, -5_000.0), reach_m=3_000.0)
    assert cues(scene(far), [near], 9.0) == ()


def test_a_pass_is_taken_at_its_own_time_only():
    doubt = Doubt("d", place(1, 1), 0.5, 1)
    swath = (("2031-05-03T01:10Z n20", shapely.box(0, 0, 8_000, 6_000)),)
    passing = asset(procedure="sar", swaths=swath, looks=3)
    (one,) = cues(scene(doubt), [passing], 9.0)
    assert one.when == "2031-05-03T01:10Z n20"
    assert one.settles[0][1] == pytest.approx(0.3)


def test_the_same_looks_come_out_whatever_the_order_of_assets():
    doubts = [Doubt(f"d{k}", place(k - 3, k % 3), 0.4, 2) for k in range(6)]
    able = [asset(), asset(name="b", procedure="drone", takes_h=0.5, looks=2)]
    forth = cues(scene(*doubts), able, 2.0)
    back = cues(scene(*doubts), able[::-1], 2.0)
    assert sum(one.worth_bits for one in forth) == pytest.approx(
        sum(one.worth_bits for one in back)
    )

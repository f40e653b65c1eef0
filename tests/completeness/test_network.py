"""What nodes notice that must notice together."""

from datetime import timedelta
from itertools import product
from math import prod

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tests.completeness.test_grid import DAY0, GRID, PLANE, box, day, look
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Outcome
from trucewatch.completeness.contour import LADDER_KG, contours, smallest_kg
from trucewatch.completeness.cover import p_detect
from trucewatch.completeness.grid import survey, touched
from trucewatch.completeness.network import nodes_of, p_at_least
from trucewatch.completeness.response import network_of
from trucewatch.period import Period
from trucewatch.place import Place

RESPONSE = network_of("acoustic")
HERE = Place.circle(48.0, 30.0, 100.0)
NOON = Period(DAY0 + timedelta(hours=12), DAY0 + timedelta(hours=12, seconds=10))


def node(x_km, y_km, begin_h=0, end_h=24, range_km=5, **fields):
    disc = box(x_km - range_km, y_km - range_km, x_km + range_km, y_km + range_km)
    name = f"acoustic/n{x_km:.3f},{y_km:.3f}"
    given = {"procedure": name, "independence": "acoustic:nodes"}
    return look(disc, begin_h, end_h, **{**given, **fields})


def ring(radius_km):
    turns = np.arange(8) * np.pi / 4
    return [node(radius_km * np.cos(turn), radius_km * np.sin(turn)) for turn in turns]


RING, FAR = ring(4), ring(9)
FAR_SPOTS = [(9 * np.cos(turn), 9 * np.sin(turn)) for turn in np.arange(8) * np.pi / 4]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(1, 4))
def test_at_least_so_many_is_the_sum_over_all_outcomes(chances, least):
    plainly = sum(
        prod(p if hit else 1 - p for p, hit in zip(chances, hits, strict=True))
        for hits in product([True, False], repeat=len(chances))
        if sum(hits) >= least
    )
    (found,) = p_at_least(least, np.array([chances]))
    assert found == pytest.approx(plainly, abs=1e-12)


def test_fewer_nodes_than_must_notice_together_notice_nothing():
    few = RING[: RESPONSE.LEAST_NODES - 1]
    assert p_detect(few, HERE, NOON, Act.STRIKE) == 0
    assert survey(few, Act.STRIKE, GRID, day()).max() == 0
    assert p_detect(RING, HERE, NOON, Act.STRIKE) > 0.9


def test_a_larger_charge_is_never_noticed_less():
    chances = [
        p_detect(FAR, HERE, NOON, Act.EXPLOSION, charge_kg) for charge_kg in LADDER_KG
    ]
    assert chances == sorted(chances)
    assert chances[0] < 0.5 < chances[-1]


@given(st.integers(0, 7))
@settings(max_examples=8, deadline=None)
def test_one_more_node_never_lowers_a_chance(out):
    less = [one for k, one in enumerate(RING) if k != out]
    assert (
        survey(less, Act.SHELLING, GRID, day())
        <= survey(RING, Act.SHELLING, GRID, day()) + 1e-12
    ).all()


def test_nodes_that_failed_or_listened_at_other_hours_notice_nothing():
    failed = [node(k, 0, outcome=Outcome.FAILURE, p_clear=0.0) for k in range(8)]
    late = [node(k, 0, begin_h=13) for k in range(8)]
    for some in (failed, late):
        assert p_detect(some, HERE, NOON, Act.STRIKE) == 0


def test_two_networks_do_not_lend_each_other_nodes():
    mixed = [
        node(k, 0, independence=f"acoustic:{'ab'[k % 2]}")
        for k in range(2 * RESPONSE.LEAST_NODES - 2)
    ]
    assert p_detect(mixed, HERE, NOON, Act.STRIKE) == 0


def test_an_hour_in_which_half_of_the_nodes_slept_shows_on_the_map():
    asleep = [*RING[:4], *[node(4 + k, 0, end_h=6) for k in range(4)]]
    p = survey(asleep, Act.STRIKE, GRID, day()).mean(0)
    assert p[:6].min() > 0.2
    assert p[6:].max() == 0


def test_acts_without_sound_are_not_heard():
    assert p_detect(RING, HERE, NOON, Act.OVERFLIGHT) == 0
    assert p_detect(RING, HERE, NOON, Act.OVERFLIGHT, charge_kg=100.0) == 0


def test_the_level_of_a_charge_rises_by_twenty_decibels_for_each_thousandfold():
    one = RESPONSE.level_db(Act.EXPLOSION, 1.0)
    ton = RESPONSE.level_db(Act.EXPLOSION, 1000.0)
    assert ton - one == pytest.approx(20.0, abs=1e-9)


def test_a_change_of_one_node_touches_the_cells_that_hear_it():
    (nodes,) = nodes_of(RING, PLANE, day(), 3600.0)
    assert nodes.share_ratio.shape == (24, 8)
    assert touched(RING[:1], GRID).size == GRID.x_m.size  # all within 25 km


def test_the_smallest_charge_is_where_ninety_per_cent_begins():
    charges = smallest_kg(FAR, Act.EXPLOSION, GRID, day())
    middle = np.argmin(np.hypot(GRID.x_m, GRID.y_m))
    own = charges[middle]
    assert own in LADDER_KG
    p = survey(FAR, Act.EXPLOSION, GRID, day(), charge_kg=own).mean(1)
    assert p[middle] >= 0.9
    drawn = contours(GRID, charges)
    assert [charge_kg for charge_kg, _ in drawn] == sorted(set(charges) - {np.inf})
    areas = [ground.area for _, ground in drawn]
    assert areas == sorted(areas)


def test_what_has_no_charge_has_no_smallest_one():
    with pytest.raises(ValueError, match="overflight has no charge"):
        smallest_kg(FAR, Act.OVERFLIGHT, GRID, day())


# --- what nodes share --------------------------------------------------------------


def shared_law(act_db):
    """Losses to wind, shadows and the size of an act: points and weights, in plenty."""
    some = (np.arange(400) + 0.5) / 400
    wind = 3.5 * np.sqrt(-2 * np.log(1 - some))
    noise = 10 * np.log10(10**6.2 + 10 ** (5.8 + 4 * np.log10(wind / 5)))
    at, weight = np.polynomial.hermite_e.hermegauss(41)
    loss = -2 - (noise - 62)[:, None] + np.hypot(5, act_db) * at
    return loss.ravel(), np.tile(weight / weight.sum(), 400) / 400


@pytest.mark.parametrize(("charge_kg", "act_db"), [(1.0, 0), (None, 6)])
def test_what_nodes_share_stands_for_the_law_it_is_taken_from(charge_kg, act_db):
    loss, p = shared_law(act_db)
    points, weights = np.array(RESPONSE.shared_db(charge_kg)).T
    assert weights.sum() == pytest.approx(1.0, abs=1e-4)
    assert weights @ points == pytest.approx(p @ loss, abs=0.1)
    spread = np.sqrt(p @ (loss - p @ loss) ** 2)
    assert np.sqrt(weights @ (points - p @ loss) ** 2) == pytest.approx(
        spread, rel=0.03
    )
    for over_db in np.arange(-10, 21, 5):  # of a level over what a node notices
        law = p @ (1 / (1 + np.exp(-(over_db + loss) / 4.1)))
        found = weights @ (1 / (1 + np.exp(-(over_db + points) / 4.1)))
        assert found == pytest.approx(law, abs=0.02)


def test_beyond_every_stated_range_less_is_claimed():
    near = [node(x, y, range_km=5) for x, y in FAR_SPOTS]
    wide = [node(x, y, range_km=12) for x, y in FAR_SPOTS]
    short, long = (p_detect(some, HERE, NOON, Act.SHELLING) for some in (near, wide))
    assert 0 < short < long

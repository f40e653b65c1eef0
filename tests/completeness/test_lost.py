"""What failed looks cost, by cause and holder of the ground."""

import pytest

from tests.completeness.test_grid import GRID, box, day, look
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Cause, Outcome
from trucewatch.completeness.lost import lost

WEST, EAST = box(-8, -6, 0, 6), box(0, -6, 8, 6)


def denied(footprint, begin_h, end_h, **fields):
    told = {"outcome": Outcome.FAILURE, "p_clear": 0.0, "cause": Cause.DENIED}
    return look(footprint, begin_h, end_h, **{**told, **fields})


def test_half_of_the_ground_for_six_hours_is_three_zone_hours():
    (one,) = lost([denied(WEST, 6, 12, held_by="NOR")], Act.EXPLOSION, GRID, day())
    assert (one.cause, one.family, one.held_by) == (Cause.DENIED, "patrol", "NOR")
    assert (one.occasions, one.failed_h) == (1, 6.0)
    assert one.zone_h == pytest.approx(3.0)
    assert 0.09 < one.p_lost <= 0.125


def test_what_another_look_watched_anyway_is_no_lost_zone_hour():
    both = [denied(WEST, 6, 12), look(WEST, 0, 24, "b")]
    (one,) = lost(both, Act.EXPLOSION, GRID, day())
    assert one.failed_h == 6.0
    assert one.zone_h == 0
    assert one.p_lost > 0


def test_causes_families_and_sides_are_told_apart():
    some = [
        denied(WEST, 6, 12, held_by="NOR"),
        denied(EAST, 6, 12, held_by="SUD"),
        denied(EAST, 0, 24, cause=Cause.OUTAGE, procedure="camera/1"),
        denied(EAST, 30, 40),  # the next day
    ]
    found = lost(some, Act.EXPLOSION, GRID, day())
    assert [(one.cause, one.family, one.held_by) for one in found] == [
        ("denied", "patrol", "NOR"),
        ("denied", "patrol", "SUD"),
        ("outage", "camera", ""),
    ]


def test_where_nothing_failed_nothing_was_lost():
    assert lost([look(WEST, 0, 24)], Act.EXPLOSION, GRID, day()) == ()

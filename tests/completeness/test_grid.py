from datetime import timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, day
from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.grid import grid_of, hour_of, survey, touched
from trucewatch.completeness.ground import Sector
from trucewatch.completeness.look import looks
from trucewatch.period import Period

PLANE = Plane(30.0, 48.0)
GROUND = Sector(PLANE, 10_000.0, shapely.box(-8_000, -6_000, 8_000, 6_000))
GRID = grid_of(GROUND, 2_000.0)


def box(west, south, east, north):
    corners = np.array([
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ])
    return Polygon(tuple(map(tuple, PLANE.unproject(corners * 1_000.0).tolist())))


def look(footprint, begin_h, end_h, independence="a", **fields):
    standard = {"outcome": Outcome.MISS, "p_clear": 1.0, "procedure": "patrol/1"}
    return Acquisition(
        footprint=footprint,
        time=Period(DAY0 + timedelta(hours=begin_h), DAY0 + timedelta(hours=end_h)),
        independence=independence,
        row="line 2",
        **{**standard, **fields},
    )


def slowly(acquisitions, act):
    """The same map, cell by cell, hour by hour, look by look."""
    found = [
        (one, shapely.Polygon(PLANE.project(np.array(one.footprint.outer))))
        for one in looks(acquisitions, act)
    ]
    made = np.zeros((GRID.x_m.size, 24))
    for cell, point in enumerate(zip(GRID.x_m, GRID.y_m, strict=True)):
        over = [one for one, shape in found if shapely.contains_xy(shape, *point)]
        for hour in range(24):
            within, best = hour_of(day(), hour), {}
            for one in over:
                p = one.p * one.answers.overlap_s(within) / 3600
                best[one.doubt] = max(best.get(one.doubt, 0), p)
            made[cell, hour] = 1 - np.prod([1 - p for p in best.values()])
    return made


edges = st.integers(-9, 7).map(lambda k: k + 0.25)
some_looks = st.builds(
    lambda x, y, begin, length, who, clear: look(
        box(x, y, x + 4, y + 3), begin, begin + length, who, p_clear=clear
    ),
    edges,
    edges,
    st.integers(0, 40).map(lambda k: k / 2),
    st.sampled_from([0.25, 0.75, 3.0]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([1.0, 0.3]),
)


@given(st.lists(some_looks, max_size=6))
@settings(max_examples=15, deadline=None)
def test_the_map_is_that_of_the_plain_loops(acquisitions):
    fast = survey(acquisitions, Act.EXPLOSION, GRID, day())
    np.testing.assert_allclose(fast, slowly(acquisitions, Act.EXPLOSION), atol=1e-12)


@given(st.lists(some_looks, min_size=1, max_size=8), st.data())
@settings(max_examples=25, deadline=None)
def test_one_more_look_never_lowers_a_chance(acquisitions, data):
    whole = survey(acquisitions, Act.EXPLOSION, GRID, day())
    out = data.draw(st.integers(0, len(acquisitions) - 1))
    less = survey(
        acquisitions[:out] + acquisitions[out + 1 :], Act.EXPLOSION, GRID, day()
    )
    assert (whole >= less - 1e-12).all()


@given(st.lists(some_looks, min_size=1, max_size=8), some_looks)
@settings(max_examples=25, deadline=None)
def test_a_change_is_brought_up_to_date_in_the_cells_it_touches(acquisitions, new):
    before = survey(acquisitions, Act.EXPLOSION, GRID, day())
    after = [*acquisitions, new]
    cells = touched([new], GRID)
    before[cells] = survey(after, Act.EXPLOSION, GRID, day(), cells)
    np.testing.assert_array_equal(before, survey(after, Act.EXPLOSION, GRID, day()))


def test_failures_and_blind_families_see_nothing():
    failed = look(box(-9, -6, 9, 6), 0, 24, outcome=Outcome.FAILURE, p_clear=0.0)
    blind = look(box(-9, -6, 9, 6), 0, 24, procedure="nobody_wrote_it")
    assert survey([failed, blind], Act.EXPLOSION, GRID, day()).max() == 0.0
    assert survey([], Act.EXPLOSION, GRID, day()).shape == (GRID.x_m.size, 24)


def test_cells_cover_the_ground():
    assert GRID.x_m.size == 8 * 6
    corners = GRID.corners_deg()
    assert corners.shape == (48, 4, 2)
    back = PLANE.project(corners[0])
    assert np.ptp(back, axis=0) == pytest.approx([2_000.0, 2_000.0], rel=1e-4)


def test_cells_too_small_are_refused():
    for side_m in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="too small"):
            grid_of(GROUND, side_m)


def test_no_look_touches_no_cell():
    assert touched([], GRID).size == 0

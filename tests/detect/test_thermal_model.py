"""The background of fires: what it learns, what stands out, what is calibrated."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, fires
from trucewatch.collect.pixels import FirePixels
from trucewatch.detect.thermal.calibrate import Judged, calibrated
from trucewatch.detect.thermal.fires import Fires, daily_fires
from trucewatch.detect.thermal.grid import MOST_CELLS, Grid, around, small_cells
from trucewatch.detect.thermal.local import first_in_weeks, lately, persistent
from trucewatch.detect.thermal.model import learn
from trucewatch.detect.thermal.settings import DEFAULT
from trucewatch.detect.thermal.stored import from_bytes, provenance, to_bytes

YEARS = 3
LATS, LONS = st.floats(-85, 85), st.floats(-180, 180)


def made(lat, lon, day, pixels=None):
    count = len(day)
    return Fires(
        np.asarray(lat, dtype=np.float64),
        np.asarray(lon, dtype=np.float64),
        np.asarray(day, dtype=np.int64),
        np.ones(count, dtype=np.int64) if pixels is None else np.asarray(pixels),
    )


def pixels(lat, lon, day):
    rows = [
        (a, o, DAY0 + timedelta(days=int(d)))
        for a, o, d in zip(lat, lon, day, strict=True)
    ]
    return FirePixels.from_columns(fires(rows, lasting=86_400))


@pytest.fixture(scope="module")
def history():
    """Three years: fields burn in August in the west, a furnace every third day."""
    chance = np.random.default_rng(5)
    count = 2_500 * YEARS
    year = chance.integers(0, YEARS, count)
    fields = pixels(
        48 + 2 * chance.random(count),
        30 + 3 * chance.random(count),
        -1_100 + 365 * year + chance.normal(200, 20, count).astype(int),
    )
    when = np.arange(-1_090, 0, 3)
    furnace = pixels(
        49.0 + chance.normal(0, 0.002, len(when)),
        34.5 + chance.normal(0, 0.002, len(when)),
        when,
    )
    return [fields, furnace]


@pytest.fixture(scope="module")
def model(history):
    found = learn(history)
    assert found is not None
    assert found.calibration
    return found


def day_of(model, of_year):
    """A day of the last year, so many days after New Year."""
    return (np.datetime64("2025-01-01") + of_year).astype(int)


def ratio(model, lat, lon, day, seen=None):
    fire = made([lat], [lon], [day])
    return float(model.log10_ratio(fire, seen or fire)[0])


def test_a_quiet_place_in_a_quiet_season_stands_out_of_a_field_in_harvest(model):
    quiet = ratio(model, 49.6, 34.0, day_of(model, 45))
    day = day_of(model, 228)
    chance = np.random.default_rng(9)
    others = made(48 + 2 * chance.random(40), 30 + 3 * chance.random(40), [day] * 40)
    field = ratio(model, 49.0, 31.5, day, others)
    assert quiet > 1
    assert field < 0


def test_a_source_that_always_burns_is_expected_all_year(model):
    for of_year in (10, 100, 200, 300):
        assert ratio(model, 49.0, 34.5, day_of(model, of_year)) < 0
        assert ratio(model, 49.0, 34.5, day_of(model, of_year)) < ratio(
            model, 49.3, 34.5, day_of(model, of_year)
        )


def test_fires_all_around_on_the_day_lower_the_ratio(model):
    day = day_of(model, 20)
    lat, lon = np.meshgrid(48 + np.arange(8) / 4, 30 + np.arange(12) / 4)
    seen = made(np.append(lat, 49.1), np.append(lon, 31.1), [day] * (lat.size + 1))
    assert ratio(model, 49.1, 31.1, day, seen) < ratio(model, 49.1, 31.1, day)


def test_weeks_of_fires_nearby_alone_raise_the_ratio(model):
    day = day_of(model, 60)
    chance = np.random.default_rng(3)
    near = made(
        49.6 + chance.normal(0, 0.08, 120),
        34.0 + chance.normal(0, 0.08, 120),
        day - 1 - chance.integers(0, 29, 120),
    )
    here = made([49.65], [34.1], [day])
    seen = made(
        *(
            np.append(getattr(near, n), getattr(here, n))
            for n in ("lat_deg", "lon_deg", "day")
        )
    )
    marks = model.background.marks(here, seen)
    assert marks.excess[0] > 2
    assert model.background.marks(here, here).excess[0] < 0.5


def test_a_new_furnace_is_no_lasting_excess():
    day = np.arange(100, 130)
    burning = made([49.0] * 30, [34.0] * 30, day)
    assert len(first_in_weeks(burning, 30)) == 1
    assert lately(made([49.0], [34.0], [130]), burning, 30)[0] == 30


def test_a_source_whose_pixels_jitter_between_cells_is_still_one():
    chance = np.random.default_rng(1)
    day = np.arange(0, 720, 12)
    flare = made(
        50.455 + chance.normal(0, 0.002, 60), 34.117 + chance.normal(0, 0.002, 60), day
    )
    assert len(persistent(flare, 730, DEFAULT).cell)
    months = made(flare.lat_deg, flare.lon_deg, day % 80)
    assert not len(persistent(months, 730, DEFAULT).cell)


def test_held_out_background_is_rarely_called_war(history, model):
    tables, _ = daily_fires(history, DEFAULT.link_m)
    p = model.probability(model.log10_ratio(tables, tables), DEFAULT.p_war)
    assert np.mean(p >= 0.8) <= 0.01


def test_a_kept_model_says_the_same_and_another_provenance_is_refused(model):
    hashed = provenance(["a", "b"], DEFAULT)
    assert hashed == provenance(["b", "a", "a"], DEFAULT)
    assert hashed != provenance(["a"], DEFAULT)
    raw = to_bytes(model, hashed)
    again = from_bytes(raw, hashed, DEFAULT)
    day = day_of(model, 50)
    assert again is not None
    assert ratio(again, 49.2, 31.0, day) == ratio(model, 49.2, 31.0, day)
    assert from_bytes(raw, "other", DEFAULT) is None
    assert from_bytes(raw[:-100], hashed, DEFAULT) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_no_kept_model(raw):
    assert from_bytes(raw, "x", DEFAULT) is None


def test_learning_does_not_depend_on_the_order_of_lists(history, model):
    other = learn(history[::-1])
    assert other is not None
    day = day_of(model, 200)
    assert ratio(other, 49, 31, day) == pytest.approx(
        ratio(model, 49, 31, day), abs=1e-5
    )


def test_nothing_is_learnt_from_nothing():
    assert learn([]) is None


@given(st.lists(st.tuples(LATS, LONS), min_size=1, max_size=20))
@settings(deadline=None)
def test_a_grid_holds_all_its_places_and_is_never_too_large(places):
    lat, lon = np.array(places).T
    grid = Grid.around(lat, lon)
    assert grid.rows * grid.columns <= 1.2 * MOST_CELLS
    row, column = grid.cells(lat, lon)
    assert ((row >= 1) & (row < grid.rows - 1)).all()
    assert ((column >= 1) & (column < grid.columns - 1)).all()


@given(LATS, LONS)
def test_the_nine_cells_around_a_place_hold_its_neighbours(lat, lon):
    nine = around(small_cells(np.array([lat]), np.array([lon]), 250), 250)[0]
    step = 0.99 / 250
    for up, right in ((step, 0), (-step, 0), (0, step), (0, -step)):
        there = small_cells(np.array([lat + up]), np.array([lon + right]), 250)
        assert there[0] in nine


@given(
    st.lists(
        st.tuples(st.floats(48, 48.3), st.floats(37, 37.3), st.integers(0, 3)),
        min_size=1,
        max_size=30,
    )
)
@settings(deadline=None, max_examples=50)
def test_every_pixel_is_in_exactly_one_daily_fire(rows):
    lat, lon, day = np.array(rows).T
    found, which = daily_fires([pixels(lat, lon, day)], DEFAULT.link_m)
    assert found.pixels.sum() == len(rows)
    assert np.bincount(which).tolist() == found.pixels.tolist()


@given(st.integers(0, 1_000))
@settings(deadline=None, max_examples=20)
def test_calibrated_ratios_fall_as_the_background_rises(seed):
    chance = np.random.default_rng(seed)
    background = chance.normal(0, 1, 4_000)
    one = Judged(background, np.ones(4_000), chance.normal(-1.5, 1, 2_000))
    found = calibrated([one])
    assert (np.diff(found.log10_density) > 0).all()
    assert (np.diff(found.log10_ratio) <= 1e-12).all()
    assert np.isfinite(found.log10_ratio).all()
    true = -1.125 / np.log(10)  # of two normals 1.5 apart, at 0
    assert found.at(np.array([0.0]))[0] == pytest.approx(true, abs=0.35)

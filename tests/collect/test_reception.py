"""What a receiver of broadcasts could hear, learnt from what it heard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect import moving
from tests.collect.deliveries import read
from trucewatch.collect.observation import Outcome
from trucewatch.collect.reception import PACES, Pace, outages, reception
from trucewatch.collect.tracks import TrackPoints
from trucewatch.errors import SourceError

STEP_NS = 600 * 10**9


def points(rows):
    """Messages of ``(step, name, lat, lon)``."""
    step, name, lat, lon = (np.array(one) for one in zip(*rows, strict=True))
    begin = step.astype(np.int64) * STEP_NS
    return TrackPoints.of(
        (begin, begin + 10**9),
        np.arange(1, len(rows) + 1),
        name.astype(np.str_),
        lat_deg=lat.astype(float),
        lon_deg=lon.astype(float),
        radius90_m=np.full(len(rows), 100.0),
        speed_mps=np.zeros(len(rows)),
    )


def p_at(found, lat, lon, step):
    return found.p_at(np.array([lat]), np.array([lon]), np.array([step * STEP_NS]))[0]


def moored(steps, names="abc", lat=46.1, lon=31.1):
    return [(step, name, lat, lon) for step in steps for name in names]


def test_a_cell_where_several_things_are_always_heard_is_proven_and_others_are_not():
    found = reception(points(moored(range(36))), PACES["ais"])
    assert p_at(found, 46.1, 31.1, 3) > 0.95
    assert np.isnan(p_at(found, 48.1, 31.1, 3))
    assert np.isnan(p_at(found, 46.1, 31.1, 80))


def test_one_thing_alone_proves_nothing_for_it_may_tell_a_false_place():
    found = reception(points(moored(range(36), "a")), PACES["ais"])
    assert np.isnan(p_at(found, 46.1, 31.1, 3))


def test_a_cell_heard_every_other_step_is_poor():
    rows = moored(range(0, 36, 2), "ab", lat=47.0) + moored(range(36), "xyz")
    found = reception(points(rows), PACES["ais"])
    assert p_at(found, 47.0, 31.1, 3) < 0.5
    assert p_at(found, 46.1, 31.1, 3) > 0.95


def test_a_silence_of_all_is_an_outage_and_counts_against_no_cell():
    rows = moored([*range(18), *range(30, 60)])
    found = reception(points(rows), PACES["ais"])
    assert np.flatnonzero(found.outage).tolist() == list(range(18, 30))
    assert p_at(found, 46.1, 31.1, 3) > 0.95
    assert found.working_steps(10 * STEP_NS, 40 * STEP_NS) == 17


def test_thin_traffic_makes_no_outage_of_a_silence_it_explains():
    heard = np.zeros(60, dtype=bool)
    heard[::3] = True
    assert not outages(heard).any()
    heard[20:50] = False
    assert outages(heard)[20:50].all()
    assert not outages(heard)[:19].any()


def test_a_station_that_is_told_lends_its_range_to_cells_nobody_crossed():
    ring = [
        (step, f"{name}{k}", 46.0 + 0.3 * np.cos(k), 31.0 + 0.43 * np.sin(k))
        for step in range(36)
        for k in range(12)
        for name in "ab"
    ]
    alone = reception(points(ring), PACES["ais"])
    told = reception(points(ring), Pace(600, 21_600, (46.0, 31.0)))
    assert len(told.cell) > len(alone.cell)


def test_a_silence_is_the_less_probable_the_better_things_are_heard():
    rng = np.random.default_rng(1)
    rows = [one for one in moored(range(200), "abcdef") if rng.random() < 0.9]
    found = reception(points(rows), PACES["ais"])
    chances = [found.p_silent(steps) for steps in (1, 2, 4)]
    assert chances == sorted(chances, reverse=True)
    assert chances[:2] == pytest.approx([0.1, 0.01], abs=0.015)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_what_is_learnt_does_not_depend_on_the_order_of_messages(random):
    rows = moored([*range(10), 12, 15, 16, *range(18, 25)])
    one = reception(points(rows), PACES["ais"])
    random.shuffle(rows)
    other = reception(points(rows), PACES["ais"])
    assert np.array_equal(one.p_heard, other.p_heard)
    assert np.array_equal(one.outage, other.outage)


def vessels(*steps, **options):
    lines = [
        moving.ais_at(600 * step, mmsi, 46.1, 31.1)
        for step in steps
        for mmsi in (1, 2, 3)
    ]
    return read("ais", "\n".join(lines), options)


def test_a_delivery_proves_where_vessels_would_have_been_heard_and_when_not():
    batch = vessels(*range(18), *range(30, 60), receiver="lighthouse")
    made = {one.outcome for one in batch.acquisitions}
    assert made == {Outcome.MISS, Outcome.FAILURE}
    assert batch.drawn == len(batch.acquisitions)
    (lost,) = (one for one in batch.acquisitions if one.outcome is Outcome.FAILURE)
    assert lost.time.duration_s == 12 * 600
    assert lost.p_clear == 0
    seen = sum(
        one.time.duration_s for one in batch.acquisitions if one.outcome is Outcome.MISS
    )
    assert seen == 48 * 600
    assert {one.procedure for one in batch.acquisitions} == {"ais/lighthouse"}
    assert all(one.p_clear in (0, 0.75, 0.9, 0.95, 0.98) for one in batch.acquisitions)


def test_a_few_messages_prove_nothing():
    assert not vessels(0, 1).acquisitions


@pytest.mark.parametrize("station", ["46.1", "91,0", "a,b", "nan,0"])
def test_a_station_that_is_no_place_is_refused(station):
    with pytest.raises(SourceError, match=r"option station .* lat,lon"):
        vessels(0, station=station)

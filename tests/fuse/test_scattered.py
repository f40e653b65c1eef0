"""Thunder and booms are one incident with a region, and bangs beside them stay."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from tests.fuse.acoustic.scenes import grid
from trucewatch.fuse.acoustic.aloft import STATE, UP, lifted
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.fronts import SIZE, arrival, front
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.sweep import ON_FRONT_S, sweeps
from trucewatch.fuse.thunder import parted

NET = grid()
N = NET.x_m.size
SOUND_MPS = 338.0
# Five claps of one flash: east, north, up, time.
FLASH = (
    (6_000.0, 5_000.0, 3_600.0, 100.0),
    (7_200.0, 5_600.0, 4_400.0, 100.1),
    (8_600.0, 6_100.0, 4_300.0, 100.05),
    (9_900.0, 7_000.0, 4_600.0, 100.2),
)
BANGS = tuple(
    (3_000.0 + 1_700.0 * k, 2_000.0 + 900.0 * ((5 * k) % 7), 0.0, 400.0 + 150.0 * k)
    for k in range(8)
)


def picked(sources, seed=7, level_db=115.0):
    """Picks of sources up in the air or on the ground, some milliseconds off."""
    rng = np.random.default_rng(seed)
    time, node, level = [], [], []
    for x, y, up, t in sources:
        r = np.sqrt((NET.x_m - x) ** 2 + (NET.y_m - y) ** 2 + up**2)
        near = np.flatnonzero(r < 12_000.0)
        time.append(t + r[near] / SOUND_MPS + rng.normal(0, 0.015, near.size))
        node.append(near)
        level.append(level_db - 20 * np.log10(r[near] / 1_000) - 1.5 * r[near] / 1_000)
    return sorted_picks(*(np.concatenate(part) for part in (time, node, level)))


def sorted_picks(time_s, node, level_db):
    order = np.lexsort((node, time_s))
    level = level_db[order]
    return Picks(
        time_s=time_s[order],
        sensor=node[order],
        level_db=level,
        snr_db=level - NET.noise_db[node[order]],
    )


def told_apart(picks):
    assumed = EngineSettings(air_speed_mps=6.0, wind_mps=4.0)
    return parted(
        NET,
        picks,
        np.arange(picks.time_s.size),
        lambda some: solve(NET, some, None, None, assumed),
    )


def about(source, sources):
    """What ``lifted`` is given about one of some sources, as if it lay 300 m off."""
    x, y, _, t = source
    picks = picked(sources)
    near = np.abs(picks.time_s - t) < 60
    sensor = picks.sensor[near]
    return np.column_stack([
        NET.x_m[sensor] - x - 300.0,
        NET.y_m[sensor] - y + 200.0,
        picks.time_s[near] - t - 1.0,
        NET.clock_sigma_s[sensor],
    ])


@pytest.mark.parametrize("source", FLASH)
def test_a_clap_is_found_as_high_as_it_was(source):
    up, ground = lifted(about(source, [source]))
    assert up[UP] == pytest.approx(source[2], abs=600)
    assert up[:2] == pytest.approx([-300.0, 200.0], abs=150)
    assert up[STATE] > ground[STATE] + 5


@pytest.mark.parametrize("source", BANGS)
def test_a_bang_on_the_ground_gains_nothing_from_a_height(source):
    up, ground = lifted(about(source, [source]))
    assert up[STATE] - ground[STATE] < 3


def test_a_flash_is_one_and_the_bangs_of_the_day_stay():
    parts = told_apart(picked((*FLASH, *BANGS)))
    (flash,) = parts.flashes
    assert flash.p > 0.9
    for clap in flash.claps:
        off = min(
            np.hypot(clap.state[0] - x, clap.state[1] - y) for x, y, _, _ in FLASH
        )
        assert off < 1_000
    own = parts.own
    assert own.sum() == len(BANGS)
    spots = np.column_stack([parts.found.x_m, parts.found.y_m])[own]
    for spot, (x, y, _, _) in zip(spots, BANGS, strict=True):
        assert np.hypot(*(spot - np.array([x, y]))) < 60


def test_no_pick_is_of_a_bang_and_of_a_flash():
    parts = told_apart(picked((*FLASH, *BANGS)))
    of_bangs = set(parts.found.pick[parts.own[parts.found.incident]].tolist())
    of_flashes = {row for one in parts.flashes for row in one.picks}
    assert of_flashes
    assert not of_bangs & of_flashes


def test_without_thunder_the_engine_is_asked_once_and_its_answer_kept():
    picks, asked = picked(BANGS), []
    assumed = EngineSettings(air_speed_mps=6.0, wind_mps=4.0)

    def ask(some):
        asked.append(some.time_s.size)
        return solve(NET, some, None, None, assumed)

    parts = parted(NET, picks, np.arange(picks.time_s.size), ask)
    assert asked == [picks.time_s.size]
    assert parts.own.all() and parts.flashes == ()


# A way over the grid: slowness east and north, aside, start, height.
WAY = np.array([0.8 / 420.0, 0.6 / 420.0, 1_500.0, 30.0, 9_000.0])


def swept(way=WAY, seed=3, lost=0.1):
    rng = np.random.default_rng(seed)
    middle = np.array([NET.x_m.mean(), NET.y_m.mean()])
    spots = np.column_stack([NET.x_m - middle[0], NET.y_m - middle[1], np.zeros(N)])
    time = np.array([arrival(spot, way) for spot in spots]) + 500.0
    heard = np.flatnonzero(rng.random(N) >= lost)
    noisy = time[heard] + rng.normal(0, 0.02, heard.size)
    return sorted_picks(noisy, heard, 120.0 + rng.normal(0, 4, heard.size))


def joined(*parts):
    columns = [
        np.concatenate([getattr(one, name) for one in parts])
        for name in ("time_s", "sensor", "level_db")
    ]
    return sorted_picks(*columns)


def test_the_way_of_a_boom_is_found_from_its_arrivals():
    picks = swept()
    x = NET.x_m[picks.sensor] - NET.x_m.mean()
    y = NET.y_m[picks.sensor] - NET.y_m.mean()
    heard = np.ascontiguousarray(np.column_stack([x, y, picks.time_s - 500.0]))
    way = front(heard)
    assert 1 / np.hypot(*way[:2]) == pytest.approx(420.0, rel=0.03)
    late = [abs(one[2] - arrival(one, way[:SIZE])) for one in heard]
    assert np.median(late) < 0.1
    assert way[SIZE] > 0.7 * len(heard)


def test_a_boom_is_one_sweep_and_takes_its_picks():
    picks = swept()
    (one,) = sweeps(NET, picks)
    assert len(one.picks) >= 0.9 * picks.time_s.size
    assert one.toward == pytest.approx((0.8, 0.6), abs=0.05)
    along = (NET.x_m * 0.8 + NET.y_m * 0.6).tolist()
    assert one.half_m == pytest.approx((max(along) - min(along)) / 2, rel=0.15)


def test_a_bang_under_a_boom_keeps_its_picks():
    bang = picked([(8_000.0, 6_000.0, 0.0, 505.0)], level_db=100.0)
    both = joined(swept(), bang)
    (one,) = sweeps(NET, both)
    rest = np.setdiff1d(np.arange(both.time_s.size), one.picks)
    assert rest.size >= 0.7 * bang.time_s.size
    assert ON_FRONT_S < 1


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 16_000), st.floats(0, 12_000), st.integers(0, 99))
def test_a_loud_bang_is_never_taken_for_a_boom(x, y, seed):
    assert sweeps(NET, picked([(x, y, 0.0, 100.0)], seed, level_db=135.0)) == ()


def test_nodes_without_levels_hear_no_booms():
    picks = swept()
    silent = replace(picks, snr_db=np.full(picks.time_s.size, np.nan))
    assert sweeps(NET, silent) == ()

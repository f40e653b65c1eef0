"""A stream tells at once, and ends with what the batch says."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.fuse.acoustic.scenes import heard, line, volleys
from trucewatch.fuse.acoustic.checkpoint import restore, saved
from trucewatch.fuse.acoustic.course import Around
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Outages, Picks, Weather
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.version import Status, name_of

SETTINGS = EngineSettings(epoch_s=900.0, tile_m=60_000.0)
FIELDS = ("time_s", "sensor", "level_db", "snr_db")
WEATHER = Weather(
    time_s=np.array([0.0, 3_600.0]),
    temp_c=np.array([14.0, 14.5]),
    wind_u_mps=np.array([0.5, 0.0]),
    wind_v_mps=np.array([0.0, 0.5]),
)
OUTAGES = Outages(
    sensor=np.array([3, 17]),
    down_s=np.array([100.0, 800.0]),
    up_s=np.array([500.0, 4e9]),
)
AROUND = Around(weather=WEATHER, outages=OUTAGES)


@pytest.fixture(scope="module")
def network():
    return line(length_m=180_000.0)


@pytest.fixture(scope="module")
def picks(network):
    within = [one for one in volleys(network) if 0 < one[0] < 180_000]
    return heard(network, within, clutter=500, span_s=2_700.0)


@pytest.fixture(scope="module")
def batch(network, picks):
    found = solve(network, picks, WEATHER, OUTAGES, SETTINGS)
    ids = [f"p{k}" for k in found.pick]
    edges = np.searchsorted(found.incident, np.arange(len(found.time_s) + 1))
    names = [name_of(ids[a:b]) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return said(
        (names[k], found.time_s[k], found.x_m[k], found.y_m[k], found.probability[k])
        + (found.cov[k].tobytes(),)
        for k in range(len(names))
    )


def said(rows):
    return sorted(tuple(str(cell) for cell in row) for row in rows)


def finals(versions):
    return said(
        (v.origin, np.float64(v.time_s), np.float64(v.x_m), np.float64(v.y_m))
        + (np.float64(v.probability), v.cov.tobytes())
        for v in versions
        if v.status == Status.FINAL
    )


def rows_of(picks, rows):
    return Picks(**{name: getattr(picks, name)[rows] for name in FIELDS})


def listened(network, picks, batches, **options):
    """All versions of a stream that gets the rows of picks batch by batch."""
    stream, out = Stream(network, SETTINGS, **options), []
    stream.tell(AROUND)
    for rows, now_s in batches:
        stream.feed(rows_of(picks, rows), [f"p{k}" for k in rows])
        out += stream.advance(now_s)
    return out + stream.finish(), stream


def by_time(picks, step_s):
    """The rows of each step of the clock, and the clock after it."""
    for now_s in np.arange(step_s, 2_900.0 + step_s, step_s):
        within = (picks.time_s >= now_s - step_s) & (picks.time_s < now_s)
        yield np.flatnonzero(within), float(now_s)


@pytest.fixture(scope="module")
def second_by_second(network, picks):
    return listened(network, picks, by_time(picks, 5.0))


@pytest.mark.parametrize("chunks", [1, 2, 7])
def test_the_stream_ends_with_what_the_batch_says(network, picks, batch, chunks):
    parts = np.array_split(np.arange(picks.time_s.size), chunks)
    clock = [(rows, float(picks.time_s[rows].max())) for rows in parts]
    versions, _ = listened(network, picks, clock)
    assert len(batch) > 8
    assert finals(versions) == batch


def test_so_does_one_that_is_fed_every_few_seconds(second_by_second, batch):
    assert finals(second_by_second[0]) == batch
    assert second_by_second[1].refused == []


def test_so_does_one_whose_picks_come_late_and_out_of_order(network, picks, batch):
    rng = np.random.default_rng(2)
    comes = picks.time_s + rng.uniform(0.0, 29.0, picks.time_s.size)
    order = np.argsort(comes)
    clock = []
    for now_s in np.arange(20.0, 3_000.0, 20.0):
        within = (comes[order] >= now_s - 20.0) & (comes[order] < now_s)
        clock.append((order[within], float(now_s)))
    versions, stream = listened(network, picks, clock, lateness_s=50.0)
    assert stream.refused == []
    assert finals(versions) == batch


def test_so_does_one_whose_blocks_run_beside_it(network, picks, batch):
    with ThreadPoolExecutor(2) as pool:
        versions, _ = listened(network, picks, by_time(picks, 30.0), executor=pool)
    assert finals(versions) == batch


def test_a_pick_later_than_may_be_is_kept_with_the_reason(network, picks):
    stream = Stream(network, SETTINGS)
    stream.advance(1_000.0)
    stream.feed(rows_of(picks, np.array([0])), ["late"])
    assert [one.pick_id for one in stream.refused] == ["late"]
    assert "picks may be 30 s late" in stream.refused[0].reason


def test_a_pick_that_comes_twice_is_used_once(network, picks, batch):
    rows = np.arange(picks.time_s.size)
    again = np.concatenate([rows, rows[50:60]])
    versions, stream = listened(network, picks, [(again, 2_900.0)])
    assert finals(versions) == batch
    assert {one.pick_id for one in stream.refused} == {f"p{k}" for k in rows[50:60]}


def test_an_incident_is_told_within_a_step_of_its_fifth_pick(network):
    bangs = [one for one in volleys(network) if 0 < one[0] < 180_000]
    picks = heard(network, [*bangs, (62_000.0, 4_700.0, 2_500.0, 118.0)], clutter=300)
    stream, told = Stream(network, SETTINGS), []
    stream.tell(AROUND)
    for rows, now_s in by_time(picks, 1.0):
        stream.feed(rows_of(picks, rows), [f"p{k}" for k in rows])
        told += [(now_s, one) for one in stream.advance(now_s) if one.time_s > 2_490.0]
    now_s, first = told[0]
    assert first.status == Status.PROVISIONAL
    heard_s = sorted(picks.time_s[int(name[1:])] for name in first.pick_id)
    assert now_s - heard_s[4] < 1.0
    assert np.hypot(first.x_m - 62_000.0, first.y_m - 4_700.0) < 50.0


def test_a_name_stays_while_origins_follow_each_other(second_by_second):
    versions, _ = second_by_second
    last = {}
    for version in versions:
        before = last.get(version.name)
        if before is None:
            assert version.revision == 1
            assert version.supersedes is None
            assert version.name == version.origin
        else:
            assert version.revision == before.revision + 1
            assert version.supersedes == before.origin
            assert before.status == Status.PROVISIONAL
        last[version.name] = version
    ended = {one.status for one in last.values()}
    assert ended <= {Status.FINAL, Status.WITHDRAWN}
    told_early = [one for one in last.values() if one.revision > 1]
    assert len([one for one in told_early if one.status == Status.FINAL]) >= 8


def test_what_no_final_incident_stands_for_is_withdrawn(second_by_second):
    versions, stream = second_by_second
    for version in versions:
        if version.status == Status.WITHDRAWN:
            assert version.probability == 0.0
    assert stream.book.told == {}
    assert stream.book.claim == {}


def test_after_a_stop_it_goes_on_as_if_there_was_none(network, picks, second_by_second):
    out, stream = [], Stream(network, SETTINGS)
    stream.tell(AROUND)
    for k, (rows, now_s) in enumerate(by_time(picks, 5.0)):
        stream.feed(rows_of(picks, rows), [f"p{k}" for k in rows])
        out += stream.advance(now_s)
        if k in (100, 205, 210, 300, 450):
            data = saved(stream)
            assert data == saved(stream)
            stream = Stream(network, SETTINGS)
            restore(stream, data)
            stream.tell(AROUND)
    out += stream.finish()
    assert finals(out) == finals(second_by_second[0])
    names = {one.name for one in out}
    assert names == {one.name for one in second_by_second[0]}


@pytest.mark.parametrize("cut", [0, 10, 400])
def test_bytes_that_are_no_checkpoint_are_an_error(network, cut):
    data = saved(Stream(network, SETTINGS))
    with pytest.raises(ValueError, match="no checkpoint"):
        restore(Stream(network, SETTINGS), data[:cut])


def test_a_checkpoint_of_another_network_is_an_error(network):
    data = saved(Stream(network, SETTINGS))
    with pytest.raises(ValueError, match="another network"):
        restore(Stream(line(length_m=90_000.0), SETTINGS), data)
    with pytest.raises(ValueError, match="another lateness"):
        restore(Stream(network, SETTINGS, lateness_s=5.0), data)


def test_a_lateness_that_is_no_time_is_an_error(network):
    with pytest.raises(ValueError, match="a time of 0 or more"):
        Stream(network, SETTINGS, lateness_s=float("nan"))


def test_a_stream_without_a_clock_is_closed_all_the_same(network, picks, batch):
    stream = Stream(network, SETTINGS)
    stream.tell(AROUND)
    rows = np.arange(picks.time_s.size)
    stream.feed(picks, [f"p{k}" for k in rows])
    assert finals(stream.finish()) == batch


def test_it_is_behind_once_two_epochs_wait(network, picks):
    with ThreadPoolExecutor(1) as pool:
        stream = Stream(network, SETTINGS, executor=pool)
        stream.feed(picks, [f"p{k}" for k in range(picks.time_s.size)])
        assert not stream.behind
        stream.advance(1_100.0)
        assert stream.busy
        assert not stream.behind
        stream.advance(2_100.0)
        assert stream.behind
        stream.complete()
        assert not stream.busy


def test_nothing_told_twice_of_one_pick(second_by_second):
    versions, _ = second_by_second
    final = [p for v in versions if v.status == Status.FINAL for p in v.pick_id]
    assert len(final) == len(set(final))


def test_fields_of_picks_are_those_of_the_engine():
    assert tuple(field.name for field in dataclasses.fields(Picks)) == FIELDS

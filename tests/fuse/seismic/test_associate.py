import os
from collections import Counter
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuse.acoustic.test_bits import FOREIGN, run
from trucewatch.agreement.planar import Plane
from trucewatch.fuse.seismic.associate import associate_phases
from trucewatch.fuse.seismic.phases import (
    PhasePicks,
    SeismicSettings,
    Stations,
    log_law,
    p_detect,
    travel_s,
)

SETTINGS = SeismicSettings(margin_m=40_000.0, deepest_m=50_000.0)
GRID = np.array([(x, y) for x in range(4) for y in range(3)]) * 40_000.0
STATIONS = Stations(
    x_m=GRID[:, 0] + 3_000 * np.sin(np.arange(12)),
    y_m=GRID[:, 1] + 3_000 * np.cos(np.arange(12)),
    elevation_m=np.full(12, 500.0),
)
EVENTS = np.array([
    (50_000.0, 40_000.0, 10_000.0, 1_000.0),
    (90_000.0, 30_000.0, 30_000.0, 1_040.0),
    (30_000.0, 60_000.0, 20_000.0, 4_000.0),
])


def heard(events=EVENTS, noise=0, shift_s=0.0):
    """P and S of every event at every station, with a wobble of 0.1 s, and noise."""
    rows = []
    for k, event in enumerate(events):
        expected, _ = travel_s(event, STATIONS, SETTINGS)
        for phase in (0, 1):
            for n in range(12):
                wobble = 0.1 * np.sin(5.1 * n + 2.3 * k + phase)
                rows.append((event[3] + expected[phase, n] + wobble, n, phase, k))
    for k in range(noise):
        rows.append(((k * 377.7) % 5_000.0, k * 5 % 12, k % 2, -1))
    time, station, phase, event = map(np.array, zip(*rows, strict=True))
    picks = PhasePicks(
        time_s=time.astype(float) + shift_s,
        station=station.astype(np.int64),
        is_s=phase == 1,
    )
    return picks, event


def test_events_are_found_where_and_when_they_were_and_noise_is_left():
    picks, event = heard(noise=60)
    found = associate_phases(STATIONS, picks, SETTINGS)
    assert len(found) == len(EVENTS)
    for one, true in zip(found, EVENTS, strict=True):
        assert np.hypot(one.x_m - true[0], one.y_m - true[1]) < 1_500
        assert one.depth_m == pytest.approx(true[2], abs=6_000)
        assert one.time_s == pytest.approx(true[3], abs=0.5)
        assert one.p > 0.99
        assert sum(event[k] >= 0 for k in one.picks) >= 22


def test_noise_alone_is_no_event():
    picks, event = heard(noise=200)
    only = np.flatnonzero(event < 0)
    noise = PhasePicks(
        time_s=picks.time_s[only], station=picks.station[only], is_s=picks.is_s[only]
    )
    assert associate_phases(STATIONS, noise, SETTINGS) == ()
    nothing = np.empty(0)
    none = PhasePicks(
        time_s=nothing, station=nothing.astype(np.int64), is_s=nothing.astype(bool)
    )
    assert associate_phases(STATIONS, none, SETTINGS) == ()


@given(st.randoms())
@settings(max_examples=8, deadline=None)
def test_the_order_of_picks_never_matters_and_none_is_used_twice(random):
    picks, _ = heard(noise=40)
    order = list(range(len(picks.time_s)))
    random.shuffle(order)
    mixed = PhasePicks(
        time_s=picks.time_s[order],
        station=picks.station[order],
        is_s=picks.is_s[order],
    )
    was = associate_phases(STATIONS, picks, SETTINGS)
    now = associate_phases(STATIONS, mixed, SETTINGS)
    assert [(o.x_m, o.time_s, o.p) for o in was] == [
        (o.x_m, o.time_s, o.p) for o in now
    ]
    used = [k for one in was for k in one.picks]
    assert len(used) == len(set(used))


def test_a_shift_of_all_times_shifts_the_events():
    was = associate_phases(STATIONS, heard()[0], SETTINGS)
    now = associate_phases(STATIONS, heard(shift_s=777.0)[0], SETTINGS)
    for one, other in zip(was, now, strict=True):
        assert other.time_s == pytest.approx(one.time_s + 777.0, abs=1e-3)
        assert other.x_m == pytest.approx(one.x_m, abs=5.0)


def test_the_law_of_picks_is_a_density_with_a_heavy_tail():
    off = np.linspace(-200, 200, 400_001)
    law = np.exp(log_law(off / 0.5, np.full(len(off), 0.5)))
    assert law.sum() * (off[1] - off[0]) == pytest.approx(1.0, abs=1e-3)
    far = log_law(np.array([10.0]), np.array([1.0]))
    assert far[0] > -10  # a normal law has -51 there


def test_a_station_far_off_is_not_expected_to_pick():
    p = p_detect(np.array([1e4, 2.5e5, 1e6]), SeismicSettings())
    assert p[0] > 0.6
    assert p[1] == pytest.approx(0.35)
    assert p[2] < 0.01


@given(st.integers(0, 23), st.floats(-0.3, 0.3))
@settings(max_examples=15, deadline=None)
def test_one_more_consistent_arrival_never_makes_an_event_less_probable(slot, off_s):
    """Without the pick of one station and phase, and with one that fits."""
    picks, event = heard(EVENTS[:1], noise=20)
    expected, _ = travel_s(EVENTS[0], STATIONS, SETTINGS)
    own = event[event >= 0].size
    keep = np.r_[0:6, own : len(event)]  # few enough to leave doubt
    phase, station = divmod(slot, 12)
    if phase == 0 and station < 6:
        return
    fewer = PhasePicks(
        time_s=picks.time_s[keep], station=picks.station[keep], is_s=picks.is_s[keep]
    )
    extra = EVENTS[0, 3] + expected[phase, station] + off_s
    more = PhasePicks(
        time_s=np.r_[fewer.time_s, extra],
        station=np.r_[fewer.station, station],
        is_s=np.r_[fewer.is_s, phase == 1],
    )
    p_without, p_with = (
        max((one.p for one in associate_phases(STATIONS, each, SETTINGS)), default=0.0)
        for each in (fewer, more)
    )
    assert p_with >= p_without


def digest():
    """SHA-256 of all that is said of the events, for the process that is asked."""
    picks, _ = heard(noise=60)
    told = replace(picks, time_s=picks.time_s.round(3))
    stands = Stations(
        x_m=STATIONS.x_m.round(1),
        y_m=STATIONS.y_m.round(1),
        elevation_m=STATIONS.elevation_m,
    )
    found = associate_phases(stands, told, SETTINGS)
    return sha256("".join(repr(astuple(one)) for one in found).encode()).hexdigest()


@pytest.mark.parametrize("extra", FOREIGN, ids=lambda e: next(iter(e)))
def test_a_foreign_machine_gives_the_same_events(extra):
    code = "from tests.fuse.seismic.test_associate import digest; print(digest())"
    assert run(extra, code) == digest()


DATA = os.environ.get("TRUCEWATCH_DATA", "")


def lent():
    """Stations, picks and true events of the set PyOcto is tested with."""
    from pyarrow import parquet

    folder = Path(DATA) / "seismic"
    told = parquet.read_table(folder / "pyocto_stations.parquet").to_pydict()
    picked = parquet.read_table(folder / "pyocto_picks.parquet").to_pydict()
    lonlat = np.column_stack((told["longitude"], told["latitude"]))
    x, y = Plane(-69.8, -21.0).project(lonlat).T
    number = {name: n for n, name in enumerate(told["id"])}
    stations = Stations(x_m=x, y_m=y, elevation_m=np.array(told["elevation"]))
    first = min(picked["time"])
    picks = PhasePicks(
        time_s=np.array([(one - first).total_seconds() for one in picked["time"]]),
        station=np.array([number[one] for one in picked["station"]]),
        is_s=np.array([one == "S" for one in picked["phase"]]),
    )
    return stations, picks, np.array(picked["event"])


@pytest.mark.cases
@pytest.mark.skipif(
    not (Path(DATA) / "seismic").is_dir() or not DATA,
    reason="TRUCEWATCH_DATA names no folder of lent data",
)
def test_on_the_picks_pyocto_is_tested_with_it_finds_at_least_what_pyocto_does():
    """PyOcto 0.2.2 at 7 and 4 km/s: 49 of 50 and none false, F1 0.990."""
    stations, picks, event = lent()
    found = associate_phases(stations, picks, SeismicSettings())
    size = Counter(event[event >= 0].tolist())
    matched = set()
    for one in found:
        true, count = Counter(event[list(one.picks)].tolist()).most_common(1)[0]
        if true >= 0 and 2 * count >= len(one.picks) and 2 * count >= size[true]:
            matched.add(true)
    assert 2 * len(matched) / (len(found) + len(size)) >= 0.990

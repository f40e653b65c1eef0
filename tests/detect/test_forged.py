"""True tracks of every kind are not taken for false ones, whatever receivers do."""

from dataclasses import replace

import numpy as np
import pytest

from trucewatch.collect.tracks import NOT_COUNTED, TrackPoints
from trucewatch.detect.forged import forged
from trucewatch.detect.trajectory import Trajectories
from trucewatch.record import RecordId

SECOND = 1_000_000_000
SPEEDS = {"remote_id": (0, 30), "ais": (0, 15), "adsb": (30, 280)}


def flight(rng, family, identity, spans=120):
    """A true track: fixes once a second, told often or seldom, noise, losses."""
    every_s = float(rng.choice([0.2, 0.5, 1.0, 3.0]))
    count = max(4, int(spans / every_s))
    told_s = np.sort(np.arange(count) * every_s + rng.uniform(0, 0.05, count))
    heard = rng.random(count) > rng.choice([0.0, 0.5, 0.9])
    heard[:2] = True
    told_s = told_s[heard]
    low, high = SPEEDS[family]
    speed = float(rng.uniform(low, high)) * (rng.random() > 0.2)
    course = rng.uniform(0, 2 * np.pi) + rng.uniform(-0.02, 0.02) * told_s
    fix_s = np.floor(told_s - rng.uniform(0, 1))  # the last whole second, perhaps old
    error = float(rng.choice([2.0, 10.0, 30.0]))
    fixes, at = np.unique(fix_s, return_inverse=True)
    north = (speed * fixes * np.cos(course[0]) + rng.normal(0, error / 3, len(fixes)))[
        at
    ]
    east = (speed * fixes * np.sin(course[0]) + rng.normal(0, error / 3, len(fixes)))[
        at
    ]
    lat0, lon0 = rng.uniform(-60, 60), rng.uniform(-170, 170)
    n = len(told_s)
    first = int(rng.integers(0, 4096))
    begin = (1_900_000_000 * SECOND + told_s * SECOND).astype(np.int64)
    return TrackPoints.of(
        (begin, begin + SECOND // 10),
        np.arange(1, n + 1),
        np.full(n, identity),
        lat_deg=np.round(lat0 + north / 111_195, 7),
        lon_deg=np.round(lon0 + east / 111_195 / np.cos(np.radians(lat0)), 7),
        radius90_m=np.full(n, 1.5 * error),
        speed_mps=np.abs(speed + rng.normal(0, 0.3, n)),
        course_deg=np.degrees(course) % 360,
        transmitter=np.full(n, f"radio of {identity}"),
        counter=np.arange(n) % 256 if rng.random() < 0.5 else np.full(n, NOT_COUNTED),
        link_count=(first + np.arange(n) * int(rng.integers(1, 9))) % 4096,
    )


def together(family, tracks):
    points = TrackPoints(**{
        name: np.concatenate([getattr(one, name) for one in tracks])
        for name in TrackPoints.__slots__
    })
    order = np.lexsort((points.row, points.begin_ns, points.identity))
    points = points.taken(order)
    table = np.zeros(len(points), np.int64)
    return Trajectories(family, points, table, (RecordId("table:1"),))


@pytest.mark.parametrize("family", sorted(SPEEDS))
def test_hardly_a_true_track_is_called_false(family):
    rng = np.random.default_rng(11)
    false = 0
    for _ in range(60):
        tracks = [flight(rng, family, f"thing {k}") for k in range(5)]
        false += len(forged(together(family, tracks)))
    assert false == 0  # of 300; one in a hundred would be three


def test_a_fix_told_five_times_a_second_is_not_a_place_that_stands():
    rng = np.random.default_rng(3)
    for _ in range(50):
        one = flight(rng, "remote_id", "drone", spans=2)
        assert not forged(together("remote_id", [one]))


def test_the_same_tracks_with_a_frozen_place_and_a_frozen_counter_are_called():
    rng = np.random.default_rng(5)
    called = moving = 0
    while moving < 40:
        one = flight(rng, "remote_id", "drone")
        if len(one) < 5 or not (one.speed_mps >= 5).all():
            continue
        moving += 1
        frozen = {name: getattr(one, name) for name in TrackPoints.__slots__} | {
            "lat_deg": np.full(len(one), one.lat_deg[0]),
            "lon_deg": np.full(len(one), one.lon_deg[0]),
            "counter": np.zeros(len(one), np.int64),
        }
        called += len(forged(together("remote_id", [TrackPoints(**frozen)])))
    assert called == moving


def test_one_radio_that_poses_as_many_is_called_and_many_radios_are_not():
    rng = np.random.default_rng(9)
    tracks = [flight(rng, "remote_id", f"name {k}", spans=10) for k in range(6)]
    joined = together("remote_id", tracks)
    assert not forged(joined)
    order = np.argsort(joined.points.begin_ns, kind="stable")
    counts = np.empty(len(order), np.int64)
    counts[order] = (4000 + 7 * np.arange(len(order))) % 4096
    points = replace(joined.points, link_count=counts)
    assert len(forged(replace(joined, points=points))) == 6

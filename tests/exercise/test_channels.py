"""Every channel delivers what its sources read whole and its detectors find."""

import json
from datetime import timedelta

import numpy as np
import pytest
import shapely

from tests.exercise.making import delivery_of, detections, joined, read_all, scenario
from trucewatch.agreement.read import read_agreement
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Outcome
from trucewatch.collect.tracks import Mark, TrackPoints
from trucewatch.exercise.make import CHANNELS
from trucewatch.exercise.terms import agreement
from trucewatch.exercise.truth import Sort, nearest
from trucewatch.place import Place
from trucewatch.plugin import names

SEA = {"traffic": {"vessels": 16}, "decoys": {"false_tracks_per_day": 3}}


def dark_after(channel, hour):
    """The rest of the day, so that the tests stay quick."""
    return [{"channel": channel, "begin_h": hour, "end_h": 24}]


SKY = {"traffic": {"aircraft": 30}, "blackouts": dark_after("sky", 9)}
ASKED = {
    "arrays": {
        "arrays": {"count": 1},
        "acts": {"strike": 1.0},
        "blackouts": dark_after("arrays", 6),
    },
    "cameras": {"cameras": {"count": 12}},
    "crossings": {"traffic": {"crossings_heard_m": 4_000}},
    "drones": {"drones": {"sorties_per_day": 3, "frame_s": 60}},
    "nodes": {"nodes": {"count": 20}},
    "notices": {},
    "patrols": {"patrols": {"count": 20, "hours_per_day": 20}},
    "pictures": {"pictures": {"radar_days": 1, "maps": True}},
    "press": {"press": {"outlets": 4}},
    "satellites": {
        "satellites": {"orbits": 3, "cloud_ratio": 0.1},
        "decoys": {"hot_works": 6},
    },
    "sea": SEA,
    "seismometers": {"seismometers": {"count": 3}},
    "sky": SKY,
    "weather": {"nodes": {"count": 20}},
    "words": {},
}
DOING = {
    "breaches_per_day": 20,
    "exempt_per_day": 3,
    "invents_per_day": 2,
    "entries_per_day": 4,
    "overflights_per_day": 4,
    "crossings_per_day": 6,
    "jams_per_day": 5,
    "p_turns_back": 0.5,
    "p_dark": 0.0,
}


def asked_of(channel, **more):
    parties = {"NOR": DOING | more, "SUD": DOING | more}
    return scenario(parties=parties, **ASKED[channel])


@pytest.fixture(scope="module")
def delivered():
    return {name: delivery_of(name, asked_of(name)) for name in names(CHANNELS)}


@pytest.fixture(scope="module")
def batches(delivered):
    """Each channel's deliveries as read, once for all tests."""
    return {name: read_all(given) for name, (_, _, given) in delivered.items()}


def test_every_channel_is_asked_here():
    assert sorted(ASKED) == names(CHANNELS)


@pytest.mark.parametrize("channel", sorted(ASKED))
def test_what_a_channel_delivers_is_read_without_a_rejection(
    delivered, batches, channel
):
    _, _, given = delivered[channel]
    assert given.intakes
    for one, batch in zip(given.intakes, batches[channel], strict=True):
        assert batch.rows_read > 0, one.name
        assert batch.rejections == (), one.name


@pytest.mark.parametrize("channel", sorted(set(ASKED) - {"nodes", "seismometers"}))
def test_what_a_channel_delivers_is_detected(delivered, batches, tmp_path, channel):
    stage, _, given = delivered[channel]
    path = tmp_path / "agreement.yaml"
    path.write_text(json.dumps(agreement(stage)))
    found = detections(
        stage, joined(batches[channel]), given.detectors, read_agreement(path)
    )
    assert all(found[name] for name in set(found) - {"spoofing"}), found.keys()
    assert channel != "sea" or found["spoofing"]


@pytest.mark.parametrize("channel", sorted(ASKED))
def test_a_channel_nobody_asked_for_delivers_nothing(channel):
    _, _, given = delivery_of(channel, scenario(parties={}))
    assert given.intakes == ()


@pytest.mark.parametrize("channel", ["arrays", "cameras", "drones", "sea", "sky"])
def test_a_blackout_silences_the_channel(channel):
    out = [{"channel": channel, "begin_h": 0, "end_h": 24}]
    asked = asked_of(channel).model_copy(
        update={"blackouts": scenario(blackouts=out).blackouts}
    )
    _, _, given = delivery_of(channel, asked)
    looks = joined(read_all(given)).acquisitions
    assert all(one.outcome is Outcome.FAILURE for one in looks)


# --- what moves -------------------------------------------------------------------


def points(delivered, batches, channel):
    stage, truth, _ = delivered[channel]
    (table,) = joined(batches[channel]).tables
    return stage, truth, TrackPoints.from_columns(table)


def seconds(stage, found):
    return found.begin_ns / 1e9 - stage.begin.timestamp()


def test_reports_of_vessels_lie_where_the_vessels_are(delivered, batches):
    stage, truth, found = points(delivered, batches, "sea")
    xy = stage.plane.project(np.column_stack([found.lon_deg, found.lat_deg]))
    entries = [one for one in truth if one.what == "vessel_in_exclusion_area"]
    assert entries
    at = seconds(stage, found)
    for one in entries:
        begin = (one.time - stage.begin).total_seconds()
        for step in one.path:
            near = np.abs(at - begin - step.after_s) < 90
            off = np.hypot(*(xy[near] - np.array([step.x_m, step.y_m])).T)
            assert near.sum() == 0 or off.min() < 90 * 9.0


def test_a_dark_vessel_sends_nothing_while_it_is_in_the_closed_waters():
    stage, truth, given = delivery_of("sea", asked_of("sea", p_dark=1.0))
    (table,) = joined(read_all(given)).tables
    found = TrackPoints.from_columns(table)
    xy = stage.plane.project(np.column_stack([found.lon_deg, found.lat_deg]))
    at = seconds(stage, found)
    entries = [one for one in truth if one.what == "vessel_in_exclusion_area"]
    assert entries
    for one in entries:
        begin = (one.time - stage.begin).total_seconds()
        during = (at >= begin) & (at <= begin + one.length_s)
        away = [
            np.hypot(*(np.array(nearest(one, *spot)) - spot))
            for spot in xy[during].tolist()
        ]
        others = sum(t.what == "vessel_in_exclusion_area" for t in truth) > 1
        assert min(away, default=1e9) > 1_000 or others


def test_aircraft_lose_accuracy_only_where_and_while_navigation_is_jammed(
    delivered, batches
):
    stage, truth, found = points(delivered, batches, "sky")
    jams = [one for one in truth if one.what == Act.JAMMING.value]
    lost = (found.marks & Mark.GNSS_WITHOUT_FIX) > 0
    lost |= found.radius90_m > 1_000
    assert jams and lost.any()
    at = seconds(stage, found)
    begins = [(one.time - stage.begin).total_seconds() for one in jams]
    during = [
        ((at >= b) & (at < b + one.length_s + 1))
        for b, one in zip(begins, jams, strict=True)
    ]
    assert not (lost & ~np.any(during, axis=0)).any()


def test_what_detectors_say_of_movers_lies_on_their_way(delivered, batches, tmp_path):
    stage, truth, _ = delivered["sea"]
    path = tmp_path / "agreement.yaml"
    path.write_text(json.dumps(agreement(stage)))
    found = detections(stage, joined(batches["sea"]), ["tracks"], read_agreement(path))
    entered = [
        one
        for one in found["tracks"]
        if one.acts[0].act is Act.VESSEL_IN_EXCLUSION_AREA
    ]
    true = [one for one in truth if one.what == "vessel_in_exclusion_area"]
    assert len(entered) == len(true)
    for one in entered:
        assert isinstance(one.place, Place)
        at = np.array([[one.place.lon_deg, one.place.lat_deg]])
        (spot,) = stage.plane.project(at).tolist()
        away = [np.hypot(*(np.array(nearest(t, *spot)) - spot)) for t in true]
        assert min(away) < 300


# --- who watches ------------------------------------------------------------------


def test_arrays_tell_the_bearing_of_a_loud_strike(delivered, batches):
    stage, truth, _ = delivered["arrays"]
    found = detections(stage, joined(batches["arrays"]), ["infrasound"])["infrasound"]
    off = []
    for one in found:
        heard = one.measured
        at = np.array([[heard.lon_deg, heard.lat_deg]])
        (spot,) = stage.plane.project(at).tolist()
        for t in truth:
            if t.words_of or t.level_db < 115:
                continue
            dx, dy = t.x_m - spot[0], t.y_m - spot[1]
            tau = np.hypot(dx, dy) / 340
            late = (heard.time - t.time).total_seconds() - tau
            if abs(late) < 5 + t.length_s:
                true = np.degrees(np.arctan2(dx, dy))
                off.append((heard.back_azimuth_deg - true + 180) % 360 - 180)
    assert len(off) >= 3
    assert np.median(np.abs(off)) < 4  # wind turns a path by about two degrees


def test_frames_of_drones_hold_what_was_noted_in_them(batches):
    batch = joined(batches["drones"])
    frames = [
        (one.time, shapely.Polygon(one.footprint.outer)) for one in batch.acquisitions
    ]
    assert batch.observations
    for one in batch.observations:
        spot = shapely.Point(one.place.lon_deg, one.place.lat_deg)
        near = [
            ground.distance(spot)
            for time, ground in frames
            if abs(time.begin - one.phenomenon_time.begin) < timedelta(minutes=10)
        ]
        assert min(near) < 0.002  # 200 m: noted to 60 m


def test_patrols_turned_back_are_told_with_their_failed_look(delivered, batches):
    _, truth, _ = delivered["patrols"]
    batch = joined(batches["patrols"])
    denied = [one for one in truth if one.what == Act.ACCESS_DENIAL.value]
    told = [o for o in batch.observations if o.result.act is Act.ACCESS_DENIAL]
    failed = [a for a in batch.acquisitions if a.outcome is Outcome.FAILURE]
    assert denied and len(told) == len(denied) <= len(failed)
    assert {one.by for one in denied} == {"NOR", "SUD"}
    assert all(one.sort is Sort.BREACH for one in denied)


def test_pixels_off_nadir_are_as_large_as_the_instrument_has_them(delivered):
    _, _, given = delivered["satellites"]
    rows = next(one for one in given.intakes if one.source == "firms")
    head, *lines = rows.body.decode().splitlines()
    scan = [float(line.split(",")[head.split(",").index("scan")]) for line in lines]
    assert scan and min(scan) >= 0.37 and max(scan) <= 0.82

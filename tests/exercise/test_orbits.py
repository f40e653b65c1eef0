"""Passes of invented satellites against an independent propagator (skyfield)."""

import json
from datetime import timedelta

import numpy as np
import pytest

from tests.exercise.making import scenario
from trucewatch.collect.swath import VIIRS, off_track_m
from trucewatch.exercise.orbits import elements, looks
from trucewatch.exercise.truth import stage_of


@pytest.fixture(scope="module")
def stage():
    return stage_of(scenario(days=2, satellites={"orbits": 3}), 1)


@pytest.fixture(scope="module")
def found(stage):
    return list(looks(stage))


def reference(stage):
    """By satellite, skyfield's elements; and its time scale and the sector's middle."""
    api = pytest.importorskip("skyfield.api")
    scale = api.load.timescale(builtin=True)
    messages = json.loads(elements(stage, [0.5] * stage.scenario.days).body)
    names = {43013: "N20", 37849: "N", 54234: "N21"}
    satellites = {
        names[int(one["NORAD_CAT_ID"])]: api.EarthSatellite.from_omm(scale, one)
        for one in messages
    }
    ground = stage.scenario.sector
    return satellites, scale, api.wgs84.latlon(ground.lat_deg, ground.lon_deg)


def test_satellites_pass_when_skyfield_has_them_nearest(stage, found):
    satellites, scale, middle = reference(stage)
    assert len(found) >= 9  # two passes a day of each, and more
    for one in found:
        at = stage.begin + timedelta(seconds=one.at_s)
        steps = [at + timedelta(seconds=s) for s in range(-90, 91, 2)]
        seen = satellites[one.satellite] - middle
        altitude, _, _ = seen.at(scale.from_datetimes(steps)).altaz()
        best = int(np.argmax(altitude.degrees))
        assert abs(-90 + 2 * best) <= 20  # the middle of the scans that touched it


def test_no_pass_in_the_swath_is_left_out(stage, found):
    satellites, scale, middle = reference(stage)
    begin, end = (scale.from_datetime(one) for one in (stage.begin, stage.end))
    # Seen at 30 degrees or more: well inside the swath of 1,530 km to either side.
    for name, one in satellites.items():
        times, kinds = one.find_events(middle, begin, end, altitude_degrees=30.0)
        tops = [
            t.utc_datetime() for t, kind in zip(times, kinds, strict=True) if kind == 1
        ]
        mine = [o.at_s for o in found if o.satellite == name]
        for top in tops:
            at_s = (top - stage.begin).total_seconds()
            assert min(abs(at_s - other) for other in mine) < 40


def test_they_pass_in_the_early_afternoon_and_after_midnight(stage, found):
    east_h = stage.scenario.sector.lon_deg / 15
    above = [one for one in found if np.hypot(*one.track_m.T).min() < 500_000]
    assert len(above) >= 3
    for one in above:
        late = (one.at_s / 3600 + east_h - 1.5 + 6) % 12 - 6
        assert abs(late) < 1.3  # at this latitude the track has moved on by 0.6 h


def test_beyond_the_swath_there_is_no_pixel(found):
    one = found[0]
    nadir = one.track_m[len(one.track_m) // 2]
    side = np.array([one.scan_east_ratio, one.scan_north_ratio])
    assert one.pixel(*nadir) == pytest.approx((387, 371), abs=12)
    far = nadir + side * (off_track_m(VIIRS, VIIRS.edge_deg) + 50_000)
    assert one.pixel(*far) == (0.0, 0.0)

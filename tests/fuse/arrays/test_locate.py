"""Events made here, heard by arrays through winds and clutter, located again."""

import numpy as np
import pytest
from pyproj import Geod

from trucewatch.fuse.arrays.heard import Heard, LocationSettings, measured_sd_deg
from trucewatch.fuse.arrays.likelihood import along_path, arrival_density, turned
from trucewatch.fuse.arrays.locate import locate
from trucewatch.fuse.arrays.season import zonal_wind_mps

GEOD = Geod(ellps="WGS84")
ARRAYS = [(48.0, 33.0), (49.0, 35.0), (47.2, 36.0), (50.1, 33.4)]
DEFAULT = LocationSettings()


def hearings(event, draw, at_s=1.9e9, sd_deg=1.5, arrays=ARRAYS):
    """One arrival at every array, of the paths and errors the model assumes."""
    for number, (lat, lon) in enumerate(arrays):
        turn, _, away_m = GEOD.inv(lon, lat, event[1], event[0])
        slow = draw.choice([1 / 0.327, 1 / 0.293]) + draw.normal(0, 0.05)
        error = draw.normal(0, np.hypot(sd_deg, DEFAULT.deviation_deg))
        yield Heard(
            name=f"{at_s:.0f}-{number}",
            array_id=f"A{number}",
            lat_deg=lat,
            lon_deg=lon,
            time_s=at_s + slow * away_m / 1000,
            back_azimuth_deg=(turn + error) % 360,
            back_azimuth_sd_deg=sd_deg,
        )


def clutter(draw, count, at_s=1.9e9):
    for number in range(count):
        k = number % len(ARRAYS)
        turn, when = float(draw.uniform(0, 360)), at_s + float(draw.uniform(-2e3, 4e3))
        yield Heard(f"c{number}", f"A{k}", *ARRAYS[k], when, turn, 1.5)


def held(place, lat, lon):
    """Whether a point lies in the ellipse of a place."""
    turn, _, away = GEOD.inv(place.lon_deg, place.lat_deg, lon, lat)
    off = np.radians(turn - place.azimuth_deg)
    along, across = away * np.cos(off), away * np.sin(off)
    far = (along / place.semi_major_m) ** 2 + (across / place.semi_minor_m) ** 2
    return far <= 1


def test_events_are_found_among_decoys_and_their_ellipses_hold_them():
    inside = 0
    for seed in range(4):
        draw = np.random.default_rng(seed)
        event = (48.4 + draw.uniform(-0.5, 0.5), 34.4 + draw.uniform(-0.8, 0.8))
        heard = [*hearings(event, draw), *clutter(draw, 4)]
        found, left = locate(heard, DEFAULT)
        assert len(found) >= 1
        one = max(found, key=lambda e: len(e.matches))
        assert sum(match.name[0] == "1" for match in one.matches) >= 3
        assert GEOD.inv(event[1], event[0], one.place.lon_deg, one.place.lat_deg)[
            2
        ] < 2 * max(one.place.semi_major_m, 20_000)
        inside += held(one.place, *event)
        assert len(left) + sum(len(e.matches) for e in found) == len(heard)
    assert inside >= 3


def test_the_order_of_arrivals_changes_nothing():
    heard = list(hearings((48.4, 34.4), np.random.default_rng(1)))
    assert locate(heard, DEFAULT) == locate(heard[::-1], DEFAULT)


def test_decoys_alone_are_no_event():
    draw = np.random.default_rng(4)
    found, left = locate(list(clutter(draw, 4)), DEFAULT)
    assert found == ()
    assert len(left) == 4


def test_one_array_or_nothing_gives_no_event():
    (one, *_) = hearings((48.4, 34.4), np.random.default_rng(1))
    assert locate([one], DEFAULT) == ((), (one,))
    assert locate([], DEFAULT) == ((), ())


def test_two_events_hours_apart_are_two():
    draw = np.random.default_rng(2)
    heard = [
        *hearings((48.4, 34.4), draw),
        *hearings((48.9, 34.0), draw, at_s=1.9e9 + 20_000),
    ]
    found, left = locate(heard, DEFAULT)
    assert [len(one.matches) for one in found] == [4, 4]
    assert left == ()


@pytest.mark.parametrize("away_km", [10.0, 100.0, 500.0])
@pytest.mark.parametrize("along_mps", [-30.0, 0.0, 30.0, float("nan")])
def test_the_density_of_travel_times_has_mass_one(away_km, along_mps):
    times = np.linspace(1.5 * away_km - 10, 7 * away_km + 10, 20_001)
    density = [arrival_density(t, away_km, along_mps) for t in times]
    assert np.trapezoid(density, times) == pytest.approx(1, abs=0.01)


def test_more_channels_and_a_higher_f_measure_better():
    assert measured_sd_deg(40, 8) < measured_sd_deg(40, 4) < measured_sd_deg(10, 4)


def test_sound_comes_back_faster_with_the_wind_and_by_the_stratosphere():
    times = np.linspace(400.0, 4000.0, 20_001)
    mean = [
        np.trapezoid(times * [arrival_density(t, 500.0, along) for t in times], times)
        for along in (-30.0, 0.0, 30.0)
    ]
    assert mean[0] > mean[1] > mean[2]


def test_a_wind_to_the_east_carries_the_apparent_source_east():
    # A source due south (azimuth 180 degrees): in air that moves east as a whole, the
    # circles of its front have their middle east of it, at an azimuth below 180.
    east = np.array([30.0, 0.0, 1.0])
    assert turned(300.0, np.pi, east) < 0
    assert turned(300.0, 0.0, east) > 0
    assert turned(10.0, np.pi, east) == 0
    assert turned(300.0, np.pi, np.array([np.nan, np.nan, 1.0])) == 0
    assert along_path(-np.pi / 2, east) > 0


def test_rays_drift_as_the_bearings_are_turned():
    from benchmarks.rays import counted

    rows = counted(150)["stratospheric"]
    seen = rows[:, 2] > 0
    across, drift = rows[seen, 1], rows[seen, 4]
    rate = (across * drift).sum() / (across**2).sum()
    # Sound from the north drifts east with the wind; what arrives headed west of south
    # and seems to come from east of north, by as much.
    wind = np.array([1.0, 0.0, 1.0])
    assert turned(300.0, 0.0, wind) == pytest.approx(rate, rel=0.3)


def test_the_high_wind_turns_with_the_seasons_and_the_hemispheres():
    june, january = 1086134584.0, 1073606400.0
    assert zonal_wind_mps(40.0, june) < -15 < 15 < zonal_wind_mps(40.0, january)
    assert zonal_wind_mps(-40.0, june) > 15
    assert abs(zonal_wind_mps(0.0, june)) < 1

"""Aircraft that lose their accuracy together, made here; and real ones that do not."""

import os
import pathlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect import moving
from tests.collect.deliveries import read
from tests.detect.build import DELIVERY
from tests.detect.test_tracks import ALWAYS, found
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.shapes import WGS84
from trucewatch.collect.tracks import Mark, TrackPoints
from trucewatch.detect.denied import denied
from trucewatch.detect.detection import Channel, Evidence
from trucewatch.detect.trajectory import families

LENT = pathlib.Path(os.environ.get("TRUCEWATCH_DATA", "../shared/data"))
GOOD, POOR, NONE = 11, 18, 0  # type codes: within 185 m, nothing told, no place


def sky(kinds, every_s=5, minutes=20, apart_deg=0.02):
    """Aircraft that fly north side by side; ``kinds(minute)`` says how well."""
    rows = []
    for second in range(0, minutes * 60, every_s):
        for number, kind in kinds(second // 60):
            lat, lon = 46.05 + second * 1e-4, 30.6 + apart_deg * number
            for odd in (0, 1):
                frame = moving.adsb(f"50{number:04X}", lat, lon, odd, kind=kind)
                rows.append(f"{moving.DAY_S + second + odd}.25,{frame}")
    return read("adsb", "\n".join(rows))


def after(minute, lost, count=4, kind=POOR):
    """All accurate at first, some of them not from a minute on."""

    def kinds(now):
        for number in range(count):
            yield number, kind if number < lost and now >= minute else GOOD

    return kinds


@pytest.mark.parametrize("kind", [POOR, NONE])
def test_aircraft_that_lose_accuracy_together_are_one_detection_with_an_area(kind):
    (one,) = found("jamming", sky(after(10, lost=4, kind=kind)))
    assert [share.act for share in one.acts] == [Act.JAMMING]
    assert (one.channel, one.independence) == (Channel.INSTRUMENT, "gnss:adsb")
    assert one.log10_likelihood_ratio == 1.0
    assert (one.time.begin.timestamp() - moving.DAY_S) / 60 == pytest.approx(10, abs=7)
    _, _, off_m = WGS84.inv(one.place.lon_deg, one.place.lat_deg, 30.63, 46.13)
    assert off_m < one.place.semi_major_m < 60_000
    assert (one.claimed_by, one.against) == ("", "")


@pytest.mark.parametrize(
    "kinds",
    [
        after(10, lost=2),  # two may have a fault each
        after(10, lost=3, count=7),  # most of those around do not
        after(0, lost=4),  # never accurate: poor equipment
        after(10, lost=0),
    ],
)
def test_few_or_always_poor_or_a_minority_say_nothing(kinds):
    assert not found("jamming", sky(kinds))


def test_losses_far_apart_are_no_area():
    assert not found("jamming", sky(after(10, lost=4), apart_deg=3.0))


def test_no_more_aircraft_add_beyond_the_bound_and_none_counts_as_another_origin():
    weights = [
        [one.log10_likelihood_ratio for one in found("jamming", sky(after(10, n, n)))]
        for n in (3, 4, 8)
    ]
    assert weights == [[0.75], [1.0], [1.0]]


def test_an_aircraft_without_a_place_is_marked_and_no_interference_of_its_own():
    batch = sky(after(10, lost=4, kind=NONE))
    points = TrackPoints.from_columns(batch.tables[0])
    lost = (points.marks & Mark.GNSS_WITHOUT_FIX) > 0
    assert lost.sum() == 4 * 120 * 2
    assert not points.placed[lost].any()
    assert not found("spoofing", batch)


def states(minute, worse):
    """Four accurate aircraft that tell how well they know their place."""
    rows = []
    for second in range(0, 1200, 5):
        for number in range(4):
            icao, at = f"50{number:04X}", moving.DAY_S + second
            for odd in (0, 1) if second < 60 * minute else ():
                lat, lon = 46.05 + second * 1e-4, 30.6 + 0.02 * number
                rows.append(f"{at + odd}.25,{moving.adsb(icao, lat, lon, odd)}")
            told = worse if second >= 60 * minute else (9, 3)
            rows.append(f"{at}.5,{moving.adsb_status(icao, *told)}")
    return read("adsb", "\n".join(rows))


@pytest.mark.parametrize("worse", [(0, 3), (4, 3), (9, 0)])
def test_aircraft_that_say_so_in_their_status_count_as_those_that_show_it(worse):
    (one,) = found("jamming", states(10, worse))
    assert one.log10_likelihood_ratio == 1.0


@pytest.mark.parametrize("same", [(9, 3), (8, 2), (6, 3)])
def test_aircraft_that_stay_accurate_or_lose_little_say_nothing(same):
    assert not found("jamming", states(10, same))


def test_the_lent_aircraft_lost_nothing():
    path = LENT / "adsb" / "pymodes_sample_data_adsb.csv"
    if not path.is_file():
        pytest.skip("TRUCEWATCH_DATA does not hold the lent ADS-B frames")
    assert not found("jamming", read("adsb", path.read_bytes()))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.integers(0, 3))
def test_areas_do_not_depend_on_order_and_hold_their_aircraft(seed, shift):
    draw = np.random.default_rng(seed)
    count = int(draw.integers(0, 80))
    begin = np.sort(draw.integers(0, 1800, count)) * 10**9 + 1_770_000_000 * 10**9
    radius = draw.choice([np.nan, 50.0, 400.0, 20_000.0], count)
    points = TrackPoints.of(
        (begin, begin + 10**9),
        np.arange(count) + 1,
        draw.choice(["a", "b", "c", "d", ""], count).astype(np.str_),
        lat_deg=46 + draw.random(count) * 0.4,
        lon_deg=30 + draw.random(count) * 0.4,
        radius90_m=radius,
    )
    turned = points.taken(np.roll(np.arange(count), shift))
    areas = []
    for one in (points, turned):
        columns = one.to_columns(DELIVERY, "adsb")
        for tracks in families(Evidence((), (columns,), ALWAYS, "settings:1")):
            areas.append([(a.place, a.aircraft, a.lost_ratio) for a in denied(tracks)])
    assert areas[::2] == areas[1::2]
    for place, aircraft, share in sum(areas, []):
        assert aircraft >= 3
        assert 0.5 <= share <= 1
        assert place.semi_major_m >= 27_000

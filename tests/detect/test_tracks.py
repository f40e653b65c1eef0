"""Passes, silences and false broadcasts, on tables made here and on real captures."""

import os
import pathlib
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.collect import flights, moving
from tests.collect.deliveries import read
from tests.detect.build import DELIVERY, evidence
from trucewatch.agreement.geometry import Disc, Zone
from trucewatch.agreement.taxonomy import Act, Domain
from trucewatch.agreement.terms import Agreement, Clause
from trucewatch.collect.tracks import TrackPoints
from trucewatch.detect.detection import Channel, Evidence
from trucewatch.detect.forged import forged
from trucewatch.detect.trajectory import families
from trucewatch.period import Period
from trucewatch.place import Unlocated
from trucewatch.plugin import load

LENT = pathlib.Path(os.environ.get("TRUCEWATCH_DATA", "../shared/data"))
ALWAYS = Period(datetime(2010, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def found(detector, *batches, terms=()):
    columns = tuple(one for batch in batches for one in batch.tables)
    given = Evidence((), columns, ALWAYS, "settings:1", terms)
    return load("trucewatch.detect.detectors", detector).detect(given)


def terms(act, lat, lon, radius_m):
    zone = Zone(
        id="z",
        title="",
        shape=Disc(lat, lon, radius_m),
        floor_m=None,
        ceiling_m=None,
    )
    clause = Clause("c", "", Domain.SEA, (act,), ("z",), "", (), (), "")
    empty = dict.fromkeys(
        (
            *("parties", "lines", "sites", "readings", "exemptions"),
            *("commitments", "consultation", "glossary", "sources"),
        ),
        (),
    )
    return (
        Agreement(
            slug="t",
            title="",
            version="1",
            effective=None,
            status="in_force",
            local_zone="UTC",
            zones=(zone,),
            clauses=(clause,),
            **empty,
        ),
    )


def vessels(*rows, knots=10.0):
    return read("ais", "\n".join(moving.ais_at(*row, knots=knots) for row in rows))


def test_a_pass_through_a_zone_is_one_detection_at_its_most_probable_place():
    batch = vessels(*((60 * i, 1, 46.0 + 0.01 * i, 31.0) for i in range(11)))
    (one,) = found(
        "tracks", batch, terms=terms(Act.VESSEL_IN_EXCLUSION_AREA, 46.05, 31.0, 1500)
    )
    assert one.acts[0].act is Act.VESSEL_IN_EXCLUSION_AREA
    assert one.place.lat_deg == pytest.approx(46.05, abs=0.011)
    assert one.channel is Channel.INSTRUMENT


def test_a_pass_beside_a_zone_or_without_a_clause_on_it_is_none():
    batch = vessels(*((60 * i, 1, 46.0 + 0.01 * i, 31.0) for i in range(11)))
    assert not found("tracks", batch)
    assert not found("tracks", batch, terms=terms(Act.SHELLING, 46.05, 31.0, 1500))
    far = terms(Act.VESSEL_IN_EXCLUSION_AREA, 47.0, 31.0, 1500)
    assert not found("tracks", batch, terms=far)


def traffic(steps):
    """Vessels on short ways at one place, always heard."""
    return [
        (600 * step, mmsi, 46.1 + 0.002 * ((step + mmsi) % 5), 31.1)
        for step in steps
        for mmsi in range(2, 12)
    ]


def test_a_silence_under_way_in_proven_reception_is_a_detection():
    gap = [(600 * step, 1, 46.1, 31.1) for step in (*range(10), *range(30, 40))]
    (one,) = found("tracks", vessels(*gap, *traffic(range(40)), knots=2.0))
    assert one.acts[0].act is Act.WITHHELD_INFORMATION
    assert one.channel is Channel.INSTRUMENT
    assert one.log10_likelihood_ratio == 1.0
    assert one.place.lat_deg == pytest.approx(46.1, abs=0.001)
    assert one.time.duration_s == pytest.approx(21 * 600, abs=10)


@pytest.mark.parametrize(
    ("why", "gap", "others"),
    [
        ("nobody else was heard", [(0, 1, 46.1, 31.1), (20_000, 1, 46.1, 31.1)], []),
        (
            "others fell silent with it",
            [(600 * step, 1, 46.1, 31.1) for step in (*range(10), *range(30, 40))],
            traffic([*range(10), *range(30, 40)]),
        ),
        (
            "it was last heard where nothing else is",
            [(600 * step, 1, 46.9, 31.9) for step in (*range(10), *range(30, 40))],
            traffic(range(40)),
        ),
    ],
)
def test_a_silence_that_reception_may_explain_says_nothing(why, gap, others):
    assert not found("tracks", vessels(*gap, *others, knots=2.0)), why


@pytest.mark.parametrize(("height_m", "count"), [(10_000.0, 1), (1_000.0, 0)])
def test_aircraft_tell_their_course_apart_and_may_land(height_m, count):
    """Ten aircraft that circle, one of them silent for twenty minutes."""
    rows = [
        (60 * minute + 30 * kind, name, kind)
        for minute in range(60)
        for name in range(10)
        for kind in (0, 1)  # a place, or a course
        if name or not 20 <= minute < 40
    ]
    seconds, name, kind = (np.array(one) for one in zip(*rows, strict=True))
    begin = (moving.DAY_S + seconds) * 10**9
    place = np.where(kind == 0, 1.0, np.nan)
    points = TrackPoints.of(
        (begin, begin + 10**9),
        np.arange(1, len(rows) + 1),
        name.astype(np.str_),
        lat_deg=place * 46.1,
        lon_deg=place * 31.1,
        radius90_m=place * 50,
        height_m=place * height_m,
        speed_mps=np.where(kind == 1, 5.0, np.nan),
        course_deg=np.where(kind == 1, 90.0, np.nan),
    )
    table = points.to_columns(DELIVERY, "adsb")
    detect = load("trucewatch.detect.detectors", "tracks").detect
    given = Evidence((), (table,), ALWAYS, "settings:1")
    dark = [one for one in detect(given) if one.acts[0].act is Act.WITHHELD_INFORMATION]
    assert len(dark) == count


def test_what_rests_may_be_switched_off():
    rows = [(600 * step, 1, 46.1, 31.1) for step in (*range(10), *range(30, 40))]
    rest = "\n".join(moving.ais_at(*row, knots=0.0) for row in rows)
    others = "\n".join(moving.ais_at(*row) for row in traffic(range(40)))
    assert not found("tracks", read("ais", rest + "\n" + others))


def test_going_to_and_fro_for_an_hour_is_loitering_and_a_straight_way_is_not():
    fro = [(60 * i, 1, 46.0 + 0.004 * (i % 2), 31.0) for i in range(120)]
    straight = [(60 * i, 2, 46.0 + 0.004 * i, 32.0) for i in range(120)]
    assert {one.independence for one in found("tracks", vessels(*fro, *straight))} == {
        found("tracks", vessels(*fro))[0].independence
    }
    assert not found("tracks", vessels(*straight))


def test_an_identity_in_two_places_at_once_is_false_and_makes_no_pass():
    rows = [(60 * i, 1, 46.05 if i % 2 else 40.0, 31.0) for i in range(8)]
    (one,) = found("spoofing", vessels(*rows))
    assert one.acts[0].act is Act.OBSTRUCTION
    assert one.place == Unlocated()
    area = terms(Act.VESSEL_IN_EXCLUSION_AREA, 46.05, 31.0, 1500)
    assert not found("tracks", vessels(*rows), terms=area)


def test_detections_do_not_depend_on_the_order_of_deliveries():
    rows = ((600 * step, 1, 46.1, 31.1) for step in (*range(10), *range(30, 40)))
    one = vessels(*rows, knots=2.0)
    two = vessels(*traffic(range(40)), knots=2.0)
    assert found("tracks", one, two) == found("tracks", two, one) != ()


def test_a_receiver_that_tells_jamming_is_interference_and_a_start_without_fix_is_not():
    (one,) = found("spoofing", read("ulog", flights.ulog(60, jamming=range(20, 40))))
    assert one.acts[0].act is Act.JAMMING
    assert one.time.duration_s == pytest.approx(20, abs=1)
    assert len(found("spoofing", read("mavlink", flights.tlog(60, range(20, 40))))) == 1
    assert not found("spoofing", read("mavlink", flights.tlog(60, range(20))))
    assert not found("spoofing", read("mavlink", flights.tlog(60, range(20, 25))))


@pytest.mark.parametrize(
    ("state", "log10"),
    [
        (flights.integrity(3, 1), 2.0),
        (flights.integrity(1, 2), 2.0),
        (flights.filter_state(32_768 | 511), 0.5),
    ],
)
def test_what_a_vehicle_says_of_its_receiver_is_interference(state, log10):
    well = flights.filter_state(511), flights.integrity(1, 1)
    told = [(20, state), (40, well[log10 == 2.0])]
    (one,) = found("spoofing", read("mavlink", flights.tlog(60, told=told)))
    assert one.acts[0].act is Act.JAMMING
    assert one.log10_likelihood_ratio == log10
    assert one.time.duration_s == pytest.approx(20, abs=1)
    assert not found("spoofing", read("mavlink", flights.tlog(60, told=told[1:])))
    unknown = [(20, flights.integrity(255, 0))]
    assert not found("spoofing", read("mavlink", flights.tlog(60, told=unknown)))


def test_a_receiver_that_indicates_interference_weighs_less_than_one_that_tells_it():
    (one,) = found("spoofing", read("ulog", flights.ulog(60, indicated=range(20, 40))))
    assert one.log10_likelihood_ratio == 0.5
    assert not found("spoofing", read("ulog", flights.ulog(60, indicated=range(60))))


def test_nothing_watched_gives_nothing():
    for name in ("tracks", "spoofing"):
        assert load("trucewatch.detect.detectors", name).detect(evidence()) == ()
    later = Period(ALWAYS.end, ALWAYS.end + timedelta(days=1))
    columns = vessels((0, 1, 46.0, 31.0)).tables
    assert not list(families(Evidence((), columns, later, "settings:1")))


@pytest.mark.cases
@pytest.mark.skipif(not LENT.exists(), reason="TRUCEWATCH_DATA is absent")
@pytest.mark.parametrize(
    ("name", "identities", "false"),
    [
        ("mavic_alessa_spoofed", 1, 1),
        ("mavic_multiple_spoofed", 15, 15),
        ("parrot_anafi4_real", 1, 0),
    ],
)
@pytest.mark.parametrize("hide_m", ["100", "0.001"])
def test_both_spoofed_captures_are_flagged_and_the_genuine_one_is_not(
    name, identities, false, hide_m
):
    raw = (LENT / f"remote_id/{name}.pcapng").read_bytes()
    batch = read("remote_id", raw, {"hide_m": hide_m})
    (tracks,) = families(Evidence((), batch.tables, ALWAYS, "settings:1"))
    assert len(list(tracks.runs())) == identities
    assert len(forged(tracks)) == false
    assert len(found("spoofing", batch)) == false

from dataclasses import replace

import pytest

from tests.detect.build import (
    SPOT,
    claim,
    day,
    detection,
    evidence,
    hours,
    observation,
    siren,
)
from tests.fuse.incidents import SETTINGS, cited, fused, near
from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import (
    Acquisition,
    MediaReport,
    Outcome,
    Reliability,
)
from trucewatch.detect.detection import Channel
from trucewatch.detect.detectors import reports
from trucewatch.fuse.associate import associate
from trucewatch.place import Area, Place, Unlocated


def test_two_origins_near_in_place_and_time_are_one_incident():
    found = fused(detection(key="a"), detection(near(0.5), key="b"))
    assert len(found) == 1
    assert len(found[0].contributions) == 2
    assert found[0].place.semi_major_m < SPOT.semi_major_m


@pytest.mark.parametrize(
    "other",
    [
        detection(near(30), key="b"),
        detection(time=day(2), key="b"),
        detection(key="b", act=Act.OVERFLIGHT),
    ],
)
def test_far_places_other_days_and_other_acts_stay_apart(other):
    assert len(fused(detection(key="a"), other)) == 2


def test_times_that_only_touch_are_not_one_incident():
    assert (
        len(fused(detection(time=hours(0, 1)), detection(time=hours(1, 2), key="b")))
        == 2
    )


def test_one_origin_that_names_two_places_means_two():
    assert len(fused(detection(), detection(near(3)))) == 2
    assert len(fused(detection(), detection(near(0.1)))) == 1


def test_the_time_is_what_all_origins_share():
    found = fused(detection(time=day()), detection(time=hours(5, 7), key="b"))
    assert found[0].time == hours(5, 7)


def test_an_explosion_and_shelling_are_shelling():
    found = fused(detection(act=Act.EXPLOSION), detection(key="b", act=Act.SHELLING))
    assert [(s.act, s.p) for s in found[0].acts] == [(Act.SHELLING, 1.0)]


def test_acts_that_exclude_each_other_stay_both_possible():
    found = fused(detection(act=Act.STRIKE), detection(key="b", act=Act.SHELLING))
    assert {s.act for s in found[0].acts} == {Act.STRIKE, Act.SHELLING}


def test_copies_cost_nothing_and_change_nothing_but_the_list():
    rows = [detection(derived_from=(f"observation:{n}",)) for n in range(100)]
    one, many = fused(rows[0])[0], fused(*rows)[0]
    assert many.p_exists == one.p_exists
    assert len(many.contributions) == 1
    assert sorted(cited([many])) == sorted(d.id for d in rows)


def test_units_are_those_of_the_strongest_origin_with_their_range():
    found = fused(
        detection(ratio=5.0, units=3),
        detection(key="b", units=7),
        detection(key="c", units=None),
    )
    assert (found[0].units_low, found[0].units_best, found[0].units_high) == (3, 3, 7)


def test_the_name_survives_later_evidence():
    first = detection(time=hours(1, 3))
    later = detection(time=hours(2, 4), key="b")
    assert fused(first, later)[0].name == fused(first)[0].name
    assert fused(first)[0].name.startswith("2026-02-02-")


def test_without_the_strongest_origin_the_rest_speaks_alone():
    weak, strong = detection(key="weak"), detection(key="strong", ratio=6.0)
    both = fused(weak, strong)[0]
    assert both.contributions[0].independence == "strong"
    assert both.p_without_strongest == pytest.approx(fused(weak)[0].p_exists)
    assert fused(weak)[0].p_without_strongest == 0


def test_a_partys_word_neither_moves_nor_narrows_an_incident():
    seen = detection()
    word = claim(place=near(0.4, 200.0), time=hours(3, 4))
    found = fused(seen, word)
    assert len(found) == 1
    assert (found[0].place, found[0].time) == (seen.place, seen.time)


def test_the_word_of_one_party_adds_at_most_three_to_one_over_all_outlets():
    words = [claim(key=f"outlet:{n}", ratio=5.0) for n in range(50)]
    found = fused(detection(), *words)[0]
    added = [c.log10_likelihood_ratio for c in found.contributions if c.claimed_by]
    assert sum(added) == pytest.approx(SETTINGS.log10_party_cap)
    assert found.p_exists == fused(detection(), words[0])[0].p_exists


def test_a_claim_alone_leaves_about_even_odds():
    found = fused(claim())[0]
    assert 0.45 < found.p_exists < 0.55
    assert found.against == "RU"


def test_both_parties_on_one_incident_accuse_nobody_in_particular():
    found = fused(claim("UA", "RU"), claim("RU", "UA"))[0]
    assert found.against == ""
    assert {c.claimed_by for c in found.contributions} == {"UA", "RU"}


def test_two_who_accuse_each_other_do_not_add_up():
    alone = fused(claim("UA", "RU"))[0]
    both = fused(claim("UA", "RU"), claim("RU", "UA"))
    assert len(both) == 1
    assert both[0].p_exists == alone.p_exists
    added = [c.log10_likelihood_ratio for c in both[0].contributions]
    assert sorted(added) == [0.0, alone.contributions[0].log10_likelihood_ratio]


def test_beside_what_others_saw_two_accusers_weigh_as_much_as_the_stronger():
    weaker, stronger = claim("UA", "RU", ratio=0.2), claim("RU", "UA", ratio=0.4)
    both = fused(detection(), weaker, stronger)
    assert len(both) == 1
    assert both[0].p_exists == fused(detection(), stronger)[0].p_exists


def test_two_parties_that_accuse_a_third_do_add_up():
    one, other = claim("UA", "RU"), claim("US", "RU")
    assert fused(one, other)[0].p_exists > fused(one)[0].p_exists


def test_a_raid_without_a_place_never_meets_a_point():
    raid = claim(place=Unlocated(), time=hours(0, 12), units=536)
    found = fused(raid, detection(time=hours(0, 12)))
    assert len(found) == 2
    assert {type(i.place) for i in found} == {Unlocated, Place}


def test_two_claims_of_one_raid_are_one_incident():
    one = claim(place=Unlocated(), time=hours(0, 12), units=536)
    other = claim(place=Unlocated(), time=hours(1, 12), units=530, key="party:UA/2")
    assert len(fused(one, other)) == 1
    assert len(fused(one, replace(other, time=hours(11, 20)))) == 2


def test_a_raid_and_the_drones_of_the_front_of_that_day_stay_apart():
    raid = claim(place=Unlocated(), time=hours(0, 12), act=Act.LONG_RANGE_DRONE)
    front = claim(place=Unlocated(), time=day(), act=Act.DRONE_IMPACT)
    assert len(fused(raid, front)) == 2
    missiles = claim(place=Unlocated(), time=hours(0, 12), act=Act.LONG_RANGE_MISSILE)
    assert len(fused(raid, missiles)) == 1


def test_a_place_too_coarse_for_a_point_is_joined_by_its_words_only():
    coarse = Place.circle(48.5, 37.5, 60_000.0)
    assert len(fused(detection(coarse), detection(coarse, key="b"))) == 1
    assert len(fused(detection(coarse), detection(key="b"))) == 2


def test_sirens_are_listed_with_a_raid_and_change_nothing():
    raid = claim(place=Unlocated(), time=hours(0, 12))
    alone, heard = fused(raid)[0], fused(raid, siren(hours(1, 2)), siren(hours(13, 14)))
    assert len(heard) == 1
    assert len(heard[0].context) == 1
    assert (heard[0].p_exists, heard[0].time) == (alone.p_exists, alone.time)


def test_a_siren_of_one_province_is_no_context_of_another():
    kyiv = Area("Kyiv oblast", "province")
    raid = claim(place=kyiv, time=hours(0, 12))
    sirens = [siren(hours(1, 2), Area(n, "province")) for n in ("Kyiv oblast", "Odesa")]
    assert len(fused(raid, *sirens)[0].context) == 1


def test_a_siren_is_never_listed_with_a_point():
    assert fused(detection(), siren(day()))[0].context == ()


def test_sirens_alone_are_no_incident():
    assert fused(siren(), siren(key="other")) == ()


def camera(outcome=Outcome.MISS, key="camera:1", time=None):
    ring = ((37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0))
    return Acquisition(
        procedure="camera/1",
        footprint=Polygon(ring),
        time=time or day(),
        outcome=outcome,
        p_clear=1.0,
        independence=key,
        row="line 2",
    )


def test_a_look_that_saw_nothing_takes_from_the_odds():
    alone = fused(detection(time=hours(2, 3)))[0]
    watched = fused(detection(time=hours(2, 3)), acquisitions=[camera()])[0]
    assert alone.log10_miss_ratio == 0
    assert SETTINGS.log10_least_miss <= watched.log10_miss_ratio < 0
    assert watched.p_exists < alone.p_exists


@pytest.mark.parametrize(
    "look",
    [camera(Outcome.FAILURE), camera(time=day(3)), camera(key="a")],
)
def test_a_failure_another_day_or_its_own_look_takes_nothing(look):
    found = fused(detection(key="a", time=hours(2, 3)), acquisitions=[look])
    assert found[0].log10_miss_ratio == 0


def heat(ratio, key="thermal"):
    return detection(key=key, ratio=ratio, channel=Channel.INSTRUMENT)


def test_what_the_background_explains_is_no_incident():
    assert fused(heat(0.0)) == ()
    assert [len(i.contributions) for i in fused(heat(4.0))] == [1]


@pytest.mark.parametrize(
    "weak",
    [detection(ratio=0.0), claim(), detection(ratio=0, channel=Channel.OBSERVER)],
)
def test_what_somebody_said_is_always_stated(weak):
    looked = fused(weak, acquisitions=[camera()])
    assert [i.p_exists < fused(weak)[0].p_exists for i in looked] == [True]


def test_a_faint_fire_stands_beside_what_somebody_said():
    assert fused(heat(1.0)) == ()
    found = fused(heat(1.0), detection(ratio=4.0))
    assert [{c.independence for c in i.contributions} for i in found] == [
        {"a", "thermal"}
    ]


def test_without_a_floor_every_fire_is_an_incident():
    low = replace(SETTINGS, p_worth_stating=0.0)
    assert len(associate([heat(0.0)], (), low)) == 1


@pytest.mark.parametrize(
    ("begin", "is_a_miss"),
    [
        pytest.param(3.5, True, id="within the hour it burns"),
        pytest.param(4.5, False, id="when it is out"),
        pytest.param(1.5, False, id="before it was lit"),
    ],
)
def test_a_later_pass_is_a_miss_for_as_long_as_a_fire_would_show(begin, is_a_miss):
    passed = replace(
        camera(key="viirs:N20", time=hours(begin, begin + 0.1)), procedure="viirs/N20"
    )
    struck = detection(time=hours(2, 3), act=Act.MISSILE)
    found = fused(struck, acquisitions=[passed])
    assert (found[0].log10_miss_ratio < 0) == is_a_miss


def test_incidents_cite_detections_and_settings():
    one = detection()
    assert fused(one)[0].derived_from == (one.id, SETTINGS.id)


@pytest.mark.parametrize(
    ("reliability", "p"), [("A", 0.75), ("C", 0.60), ("E", 0.27), ("F", 0.43)]
)
def test_one_report_ends_where_the_tuning_page_says(reliability, p):
    said = MediaReport((Act.SHELLING,), "paper.example", "0" * 64)
    report = observation(said, reliability=Reliability(reliability))
    found = reports.detect(evidence(report))
    assert fused(*found)[0].p_exists == pytest.approx(p, abs=0.005)


def test_talk_of_who_holds_a_place_stays_improbable():
    said = MediaReport((Act.LINE_MOVE,), "paper.example", "0" * 64)
    found = reports.detect(evidence(observation(said, reliability=Reliability.F)))
    assert fused(*found)[0].p_exists == pytest.approx(0.07, abs=0.005)


def test_a_claim_and_a_claimed_raid_end_where_the_tuning_page_says():
    assert fused(claim())[0].p_exists == pytest.approx(0.49, abs=0.005)
    assert fused(claim(place=Unlocated()))[0].p_exists == pytest.approx(0.75, abs=1e-6)


def test_settings_outside_their_range_are_refused():
    with pytest.raises(ValueError, match="p_same_raid"):
        replace(SETTINGS, p_same_raid=0.0)
    with pytest.raises(ValueError, match="gate_sigmas"):
        replace(SETTINGS, gate_sigmas=0)
    with pytest.raises(ValueError, match="p_worth_stating"):
        replace(SETTINGS, p_worth_stating=1.0)


def test_settings_say_that_they_are_not_fitted():
    assert "not fitted" in SETTINGS.fitted_on


def test_detections_beside_the_antimeridian_meet_across_it():
    east, west = (Place.circle(10.0, lon, 1_000.0) for lon in (179.999, -179.999))
    found = fused(detection(east), detection(west, key="b"))
    assert len(found) == 1
    assert abs(found[0].place.lon_deg) > 179.9


def test_there_are_no_incidents_without_detections():
    assert fused() == ()

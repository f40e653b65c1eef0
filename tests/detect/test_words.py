"""Detectors of what people report, see, claim and are warned of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import day, evidence, hours, observation
from trucewatch.agreement.taxonomy import Act, WeaponClass, is_a
from trucewatch.collect.observation import (
    Alert,
    Figure,
    Flow,
    LaunchClaim,
    Means,
    MediaReport,
    Reliability,
    Rounding,
    Sighting,
    Statement,
    StatementKind,
)
from trucewatch.detect.detection import Channel
from trucewatch.detect.detectors import (
    alerts,
    allegations,
    launches,
    reports,
    sightings,
)
from trucewatch.detect.strength import LOG10_PARTY_CAP, log10_ratio
from trucewatch.detect.weapon import act_of
from trucewatch.place import Area, Place, Unlocated


def report(*acts, **fields):
    return observation(MediaReport(acts, "paper.example", "0" * 64), **fields)


def said(kind=StatementKind.ALLEGATION, figures=(), total=None, **fields):
    result = Statement(kind, "UA", "RU", figures, total, "", "paper.example", "")
    return observation(result, **{"independence": "party:UA", **fields})


def launch(weapon="Shahed-136/131", units=10, time=None, **fields):
    fields.setdefault("place", Unlocated())
    result = LaunchClaim("UA", "RU", weapon, units, None, ())
    return observation(result, time=time or hours(-6, 8), **fields)


def sighting(act=Act.EXPLOSION, flow=Flow.UNDETERMINED, means=Means.SAW, **fields):
    result = Sighting(act, 3, means, flow, None, WeaponClass.NOT_KNOWN)
    return observation(result, **fields)


def test_a_tagged_report_is_a_detection_with_equal_shares():
    found = reports.detect(evidence(report(Act.SHELLING, Act.STRIKE)))[0]
    assert [(s.act, s.p) for s in found.acts] == [
        (Act.SHELLING, 0.5),
        (Act.STRIKE, 0.5),
    ]
    assert found.log10_likelihood_ratio > 1


@pytest.mark.parametrize("acts", [(), (Act.UNDETERMINED,)])
def test_an_untagged_report_is_no_detection(acts):
    assert reports.detect(evidence(report(*acts))) == ()


def test_a_report_outside_the_watched_period_is_no_detection():
    late = report(Act.SHELLING, time=day(40))
    assert reports.detect(evidence(late)) == ()


def test_a_delivery_listed_twice_is_detected_once():
    one = report(Act.SHELLING)
    assert len(reports.detect(evidence(one, one))) == 1


def test_a_coarser_place_and_a_poorer_source_say_less():
    def ratio(radius_m, reliability):
        place = Place.circle(48.5, 37.5, radius_m)
        one = report(Act.SHELLING, place=place, reliability=reliability)
        return reports.detect(evidence(one))[0].log10_likelihood_ratio

    assert ratio(1_000, Reliability.B) > ratio(3_000, Reliability.B)
    assert ratio(1_000, Reliability.B) > ratio(1_000, Reliability.E)


def test_what_was_seen_says_more_than_what_was_told():
    seen, told = (
        sightings.detect(evidence(sighting(means=m)))[0]
        for m in (Means.SAW, Means.TOLD)
    )
    assert seen.channel is Channel.OBSERVER
    assert seen.units == 3
    assert seen.log10_likelihood_ratio > told.log10_likelihood_ratio


@pytest.mark.parametrize(
    ("flow", "act"),
    [
        (Flow.OUTGOING, Act.FIRING),
        (Flow.IMPACT, Act.EXPLOSION),
        (Flow.UNDETERMINED, Act.UNDETERMINED),
    ],
)
def test_direction_names_an_act_the_observer_did_not(flow, act):
    found = sightings.detect(evidence(sighting(Act.UNDETERMINED, flow)))[0]
    assert found.acts[0].act is act


def test_a_siren_is_context_and_weighs_nothing():
    one = observation(Alert(1), place=Area("Kyiv oblast", "province"))
    found = alerts.detect(evidence(one))[0]
    assert (found.channel, found.log10_likelihood_ratio) == (Channel.CONTEXT, 0.0)


def test_a_siren_of_more_than_a_day_says_nothing():
    assert alerts.detect(evidence(observation(Alert(9), time=hours(0, 25)))) == ()


def test_an_allegation_with_a_place_is_a_party_detection_capped_at_three():
    figures = (Figure("shelling", Act.SHELLING, 4),)
    found = allegations.detect(evidence(said(figures=figures)))[0]
    assert (found.channel, found.units) == (Channel.PARTY, 4)
    assert (found.claimed_by, found.against) == ("UA", "RU")
    assert found.log10_likelihood_ratio == pytest.approx(LOG10_PARTY_CAP, abs=1e-6)


@pytest.mark.parametrize(
    "statement",
    [
        said(place=Unlocated(), total=4900),
        said(place=Area("Kherson oblast", "province")),
        said(time=hours(0, 37), total=2935),
        said(StatementKind.DENIAL),
        said(StatementKind.FIGURE),
    ],
)
def test_tallies_denials_and_figures_stay_statements(statement):
    assert allegations.detect(evidence(statement)) == ()


def test_more_than_one_is_not_a_count():
    figures = (Figure("shelling", Act.SHELLING, 1, at_least=True),)
    assert allegations.detect(evidence(said(figures=figures)))[0].units is None


def test_rows_of_one_night_are_one_raid():
    rows = [
        launch(units=450, row="line 2"),
        launch("Iskander-M", 32, row="line 3"),
        launch("X-101", 28, time=hours(8, 9), row="line 4"),
    ]
    found = launches.detect(evidence(*rows))
    assert [one.units for one in found] == [510]
    assert found[0].time == hours(-6, 9)
    assert found[0].acts[0].act is Act.LONG_RANGE_DRONE
    assert found[0].place == Unlocated()


def test_drones_of_the_front_are_no_part_of_a_raid():
    rows = [
        launch(units=40),
        launch("Lancet", 6, time=day(), row="line 3", rounding=Rounding.DAY),
    ]
    found = launches.detect(evidence(*rows))
    assert {(one.acts[0].act, one.units) for one in found} == {
        (Act.LONG_RANGE_DRONE, 40),
        (Act.DRONE_IMPACT, 6),
    }


def test_drones_that_only_observe_are_counted_and_make_it_no_less_of_a_raid():
    spies = launch("Orlan-10", 30, row="line 3")
    (raid,) = launches.detect(evidence(launch(units=10), spies))
    assert raid.units == 40
    assert [share.act for share in raid.acts] == [Act.LONG_RANGE_DRONE]
    (alone,) = launches.detect(evidence(spies))
    assert [share.act for share in alone.acts] == [Act.OVERFLIGHT]


def test_the_next_night_is_another_raid():
    rows = [launch(units=5), launch(units=7, time=hours(18, 32), row="line 3")]
    assert [one.units for one in launches.detect(evidence(*rows))] == [5, 7]


def test_a_row_with_a_date_only_joins_the_raid_it_shares_most_time_with():
    rows = [
        launch(units=5, time=hours(-6, 9)),
        launch(units=7, time=hours(20, 32), row="line 3"),
        launch(units=14, time=day(), row="line 4", rounding=Rounding.DAY),
    ]
    found = launches.detect(evidence(*rows))
    assert [(one.units, one.time) for one in found] == [
        (19, hours(-6, 9)),
        (7, hours(20, 32)),
    ]


def test_rows_with_a_date_only_are_a_raid_where_there_is_no_other():
    rows = [
        launch(units=n, time=day(), row=str(n), rounding=Rounding.DAY) for n in (2, 3)
    ]
    assert [one.units for one in launches.detect(evidence(*rows))] == [5]


def test_an_endless_chain_of_rows_is_cut_by_the_day():
    rows = [launch(units=1, time=hours(h, h + 3), row=str(h)) for h in range(0, 60, 3)]
    found = launches.detect(evidence(*rows))
    assert sum(one.units for one in found) == 20
    assert all(one.time.duration_s <= 86_400 for one in found)


@pytest.mark.parametrize(
    ("weapon", "act"),
    [
        ("Shahed-136/131", Act.LONG_RANGE_DRONE),
        ("X-101/X-555 and Iskander-K", Act.LONG_RANGE_MISSILE),
        ("C-300 and Iskander-M", Act.LONG_RANGE_MISSILE),
        ("3M22 Zircon", Act.LONG_RANGE_MISSILE),
        ("X-22 and X-32", Act.LONG_RANGE_MISSILE),
        ("KAB", Act.GLIDE_BOMB),
        ("Reconnaissance UAV", Act.OVERFLIGHT),
        ("Unknown UAV", Act.LONG_RANGE_DRONE),
        ("Lancet", Act.DRONE_IMPACT),
        ("Молнія", Act.DRONE_IMPACT),
        ("something else", Act.LONG_RANGE_ATTACK),
    ],
)
def test_a_model_stands_for_an_act(weapon, act):
    assert act_of(weapon) is act


def test_what_was_launched_is_not_taken_for_what_came_down():
    found = launches.detect(evidence(launch(), launch("Iskander-M", row="line 3")))[0]
    assert not any(is_a(share.act, Act.EXPLOSION) for share in found.acts)
    assert all(is_a(share.act, Act.LONG_RANGE_ATTACK) for share in found.acts)


@given(st.permutations([launch(units=n, row=str(n)) for n in range(1, 6)]))
def test_the_order_of_rows_never_matters(rows):
    assert launches.detect(evidence(*rows)) == launches.detect(
        evidence(*sorted(rows, key=lambda o: o.id))
    )


@given(st.floats(0.01, 1), st.floats(-9, 0), st.floats(1e-6, 1e4), st.floats(1, 10))
def test_more_room_for_chance_never_says_more(p_noticed, clutter, volume, factor):
    wide = log10_ratio(p_noticed, clutter, volume * factor)
    assert 0 <= wide <= log10_ratio(p_noticed, clutter, volume) + 1e-9


@pytest.mark.parametrize(
    "detector", [alerts, allegations, launches, reports, sightings]
)
def test_every_detector_is_silent_about_other_observations(detector):
    mixed = [report(Act.STRIKE), said(), launch(), sighting(), observation(Alert(1))]
    found = detector.detect(evidence(*mixed))
    assert len(found) == 1
    assert "settings:1" in found[0].derived_from

"""When it could first have been said that a breach probably was."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, detection, observation
from tests.grade.build import incident, origin
from trucewatch.detect.detection import Channel
from trucewatch.exercise.alert import alert_rows, alerted, firsts, known_times
from trucewatch.exercise.page import _share
from trucewatch.exercise.truth import Happening, Sort
from trucewatch.period import Period

WHEN = DAY0 + timedelta(hours=3)


def deed(name="t1", sort=Sort.BREACH):
    spot = {"lat_deg": 48.5, "lon_deg": 37.5, "x_m": 0.0, "y_m": 0.0}
    loud = {"rounds": 1, "length_s": 0.0, "level_db": 110.0, "burns_s": 0.0}
    return Happening(
        name=name, sort=sort, what="shelling", by="NOR", time=WHEN, **spot, **loud
    )


def minutes(count):
    return WHEN + timedelta(minutes=count)


def told(*origins, prior=-1.0):
    time = Period(WHEN, WHEN + timedelta(seconds=1))
    return incident(time=time, contributions=origins, log10_prior_odds=prior)


def seen(key, ratio, *detections, channel=Channel.MEDIA):
    made = origin(key, channel, ratio)
    return type(made)(
        independence=key,
        channel=channel,
        log10_likelihood_ratio=ratio,
        detections=detections,
    )


KNOWN = {"detection:patrol": minutes(120), "detection:paper": minutes(300)}
PATROL = seen("patrol:1", 0.5, "detection:patrol")
PAPER = seen("media:paper", 1.0, "detection:paper")
NODES = seen("acoustic:nodes", 9.0, "detection:heard", channel=Channel.INSTRUMENT)


def test_the_alert_comes_with_the_origin_that_tips_the_odds():
    (found,) = firsts([(told(PATROL, PAPER), deed())], KNOWN)
    assert (found.channel, found.after_s) == ("media", 300 * 60)


def test_what_a_table_of_picks_shows_is_known_a_minute_after():
    (found,) = firsts([(told(PATROL, NODES), deed())], KNOWN)
    assert (found.channel, found.after_s) == ("acoustic", 61.0)


def test_of_two_incidents_of_one_breach_the_earlier_alert_counts():
    pairs = [(told(PATROL, PAPER), deed()), (told(NODES), deed())]
    assert [one.channel for one in firsts(pairs, KNOWN)] == ["acoustic"]


def test_work_and_what_stays_unlikely_raise_no_alert():
    assert firsts([(told(NODES), deed(sort=Sort.EXEMPT))], KNOWN) == ()
    assert firsts([(told(PATROL), deed())], KNOWN) == ()


def test_a_detection_is_known_when_its_last_observation_was_made_known():
    early, late = (
        observation(None, row=row, result_time=Period(minutes(m), minutes(m + 1)))
        for row, m in (("1", 10), ("2", 40))
    )
    both = detection(derived_from=(early.id, late.id))
    alone = detection(key="b", derived_from=())
    known = known_times([both, alone], [early, late])
    assert known == {both.id: minutes(40), alone.id: alone.time.end}


@settings(deadline=None)
@given(st.permutations([PATROL, PAPER, NODES]), st.floats(0, 3))
def test_more_evidence_never_delays_an_alert(origins, ratio):
    more = seen("drone:1", ratio, "detection:patrol")
    (before,) = firsts([(told(*origins), deed())], KNOWN)
    (after,) = firsts([(told(*origins, more), deed())], KNOWN)
    assert after.after_s <= before.after_s


def test_rows_count_all_alerts_first_and_marks_never_fall():
    pairs = [(told(NODES), deed("t1")), (told(PATROL, PAPER), deed("t2"))]
    found = firsts(pairs, KNOWN)
    rows = alert_rows(found)
    assert [(one.channel, one.alerts) for one in rows] == [
        ("", 2),
        ("acoustic", 1),
        ("media", 1),
    ]
    assert rows[0].median_s == pytest.approx((61 + 18_000) / 2)
    counts = [one.alerts for one in alerted(found)]
    assert counts == sorted(counts)
    assert counts[-1] == 2


@pytest.mark.parametrize(
    ("right", "of", "met"), [(20, 20, True), (19, 20, None), (98, 100, True)]
)
def test_a_bar_missed_by_one_of_few_is_not_held_against_the_method(right, of, met):
    said = ("Announced work", "at least 98 %")
    assert _share(said, (right, of), (0.98, 1.0)).met is met


def test_a_bar_missed_by_many_is_missed():
    said = ("Announced work", "at least 98 %")
    assert _share(said, (90, 100), (0.98, 1.0)).met is False
    assert _share(said, (5, 100), (0.0, 0.01)).met is False
    assert _share(said, (0, 0), (0.0, 0.01)).open == "not measured"

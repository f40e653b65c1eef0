from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import hours
from tests.grade.build import incident, origin
from trucewatch.detect.detection import Channel
from trucewatch.grade.patterns import (
    AT_ONCE,
    BY_ITSELF,
    DAILY,
    NOT_DAILY,
    REST_TIME,
    WORK_TIME,
    patterns_of,
)
from trucewatch.period import Period
from trucewatch.place import Place, Unlocated

UTC = ZoneInfo("UTC")
NODES = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
BEGIN = hours(3, 4).begin  # three in the morning
M_PER_DEG = 111_200.0  # of latitude


def bang(name, after_s=0.0, north_m=0.0, radius_m=100.0):
    begin = BEGIN + timedelta(seconds=after_s)
    return incident(
        Place.circle(48.5 + north_m / M_PER_DEG, 37.5, radius_m),
        name=f"2026-02-02-{name}",
        time=Period(begin, begin + timedelta(seconds=1)),
        contributions=(NODES,),
    )


def codes(one, *beside, zone=UTC):
    return patterns_of([one, *beside], zone)[one.id]


def test_claps_from_places_kilometres_apart_in_one_moment_are_at_once():
    assert AT_ONCE in codes(bang("a"), bang("b", after_s=3, north_m=2_000))


def test_rounds_at_one_place_and_bangs_far_off_or_later_are_not():
    assert BY_ITSELF in codes(bang("a"), bang("b", after_s=3, north_m=100))
    assert BY_ITSELF in codes(bang("a"), bang("b", after_s=3, north_m=20_000))
    assert BY_ITSELF in codes(bang("a"), bang("b", after_s=60, north_m=2_000))
    assert BY_ITSELF in codes(bang("a"))


def test_the_same_place_and_hour_on_another_day_is_daily():
    assert DAILY in codes(bang("a"), bang("b", after_s=86_400 + 600))
    assert DAILY in codes(bang("a"), bang("b", after_s=2 * 86_400 - 600, north_m=300))


def test_another_hour_place_or_the_same_day_is_not():
    assert NOT_DAILY in codes(bang("a"), bang("b", after_s=86_400 + 7_200))
    assert NOT_DAILY in codes(bang("a"), bang("b", after_s=86_400, north_m=5_000))
    assert NOT_DAILY in codes(bang("a"), bang("b", after_s=600))


def test_working_hours_are_those_of_the_local_clock():
    assert REST_TIME in codes(bang("a"))
    assert WORK_TIME in codes(bang("a"), zone=ZoneInfo("Asia/Tokyo"))


def test_what_has_no_point_keeps_company_with_nothing():
    nowhere = replace(bang("a"), place=Unlocated())
    assert {BY_ITSELF, NOT_DAILY} <= codes(nowhere, bang("b", after_s=3))
    assert patterns_of([], UTC) == {}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(0, 200_000), st.floats(0, 9_000)), min_size=1, max_size=12
    ),
    st.randoms(),
)
def test_order_does_not_matter(told, random):
    some = [bang(f"n{n}", *one) for n, one in enumerate(told)]
    turned = some[:]
    random.shuffle(turned)
    assert patterns_of(some, UTC) == patterns_of(turned, UTC)

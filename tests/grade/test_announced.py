"""Which bangs are the work somebody announced."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, SPOT, observation
from tests.grade.build import SETTINGS, agreement, exemption, incident, origin
from trucewatch.agreement.taxonomy import Act, ExemptKind
from trucewatch.collect.observation import Notice
from trucewatch.detect.detection import ActShare, Channel
from trucewatch.detect.ellipse import moved
from trucewatch.grade.announced import commotion_per_km2_day, p_works
from trucewatch.grade.calibration import shipped_calibration
from trucewatch.grade.finding import ExemptStatus
from trucewatch.grade.grade import grade
from trucewatch.period import Period
from trucewatch.place import Place

TAUGHT = replace(SETTINGS, calibration=shipped_calibration())
ACTS = (ActShare(Act.EXPLOSION, 0.6), ActShare(Act.FIRING, 0.4))


def at(minutes, length_s=1.0):
    begin = DAY0 + timedelta(hours=2, minutes=minutes)
    return Period(begin, begin + timedelta(seconds=length_s))


def beside(east_m, north_m=0.0, radius_m=40.0):
    lat, lon = moved(SPOT, east_m, north_m)
    return Place.circle(lat, lon, radius_m)


def bang(name, east_m=0.0, minutes=0.0, radius_m=40.0, **fields):
    """A bang that nodes heard so far east of where the work is announced."""
    return incident(
        beside(east_m, radius_m=radius_m),
        at(minutes),
        name=f"2026-02-02-{name}",
        acts=ACTS,
        units_best=1,
        log10_prior_odds=-4.0,
        contributions=(origin("acoustic:north", Channel.INSTRUMENT, 9.0),),
        p_exists=0.99999,
        **fields,
    )


def notice(east_m=0.0, row="1/26"):
    return observation(
        Notice(ExemptKind.DEMINING, "A", row),
        place=beside(east_m, radius_m=1_000.0),
        time=Period(DAY0 + timedelta(hours=1), DAY0 + timedelta(hours=4)),
        row=row,
    )


FAR = tuple(bang(f"far{n}", 60_000.0 + 9_000 * n, 60 * n) for n in range(8))


def told(*incidents, notices=None):
    """Findings by the name of the incident, among bangs far off."""
    terms = agreement(exemptions=(exemption(),))
    rows = grade((*incidents, *FAR), (terms,), notices or (notice(),), (), TAUGHT)
    return {row.incident_name.rpartition("-")[2]: row for row in rows}


def test_a_bang_off_the_place_may_be_the_work_only_while_none_was_heard_there():
    alone = told(bang("off", 900.0))["off"]
    both = told(bang("off", 900.0), bang("on", 0.0, 20.0))
    assert alone.exempt_status is ExemptStatus.EXEMPT
    assert both["on"].p_exempt > 0.85
    assert both["off"].p_exempt < alone.p_exempt - 0.25


def test_several_charges_on_one_spot_are_all_the_work():
    rows = told(*(bang(f"on{n}", 60.0 * n, 15.0 * n) for n in range(4)))
    for n in range(4):
        assert rows[f"on{n}"].exempt_status is ExemptStatus.EXEMPT


def test_works_announced_side_by_side_each_have_their_bang():
    notes = (notice(), notice(1_200.0, "2/26"))
    rows = told(bang("one"), bang("two", 1_200.0, 7.0), notices=notes)
    assert rows["one"].exempt_status is ExemptStatus.EXEMPT
    assert rows["two"].exempt_status is ExemptStatus.EXEMPT


def test_bangs_all_around_at_one_moment_are_no_announced_work():
    claps = [bang(f"clap{k}", 700.0 * k) for k in range(-2, 3)]
    alone = told(claps[1])["1"]
    storm = told(*claps)
    assert alone.p_exempt > 0.9
    assert all(row.p_exempt < 0.5 for name, row in storm.items() if "far" not in name)


def test_where_it_bangs_every_day_unannounced_it_is_not_the_work():
    daily = [bang(f"day{n}", 900.0, 1_440.0 * n) for n in range(1, 6)]
    fresh, worn = told(bang("off", 900.0)), told(bang("off", 900.0), *daily)
    assert worn["off"].p_exempt < fresh["off"].p_exempt / 2


def test_an_ill_placed_echo_of_the_work_tells_of_no_other_spot():
    vague = bang("vague", 1_500.0, radius_m=2_000.0)
    assert commotion_per_km2_day([bang("on"), vague], {0, 1}) == {0: 0.0, 1: 0.0}


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 4), st.floats(0, 1e6), max_size=5),
        min_size=1,
        max_size=4,
    )
)
def test_a_bang_is_one_work_at_most_and_others_never_make_it_likelier(odds):
    some = [bang(f"b{n}", 1_000.0 * n) for n in range(5)]
    found = p_works(odds, some)
    for n in range(5):
        p = sum(one.get(n, 0.0) for one in found)
        whole = sum(one.get(n, 0.0) for one in odds)
        assert -1e-9 <= p <= whole / (1 + whole) + 1e-9


def test_one_bang_and_one_announcement_keep_their_odds():
    ((p,),) = (one.values() for one in p_works([{0: 3.0}], [bang("a")]))
    assert p == pytest.approx(0.75)

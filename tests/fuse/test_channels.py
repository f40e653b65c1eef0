from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, SPOT, claim, day, detection, hours
from tests.fuse.bangs import (
    NOON_S,
    SETTINGS,
    SPREAD,
    bang,
    bearing,
    cell_of,
    fused,
    shaking,
)
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import Channel
from trucewatch.fuse.law import (
    CHANNELS,
    Capacity,
    Plain,
    Proposer,
    ellipse_rows,
    law_of,
    proposers,
)
from trucewatch.fuse.moment import EPOCH, Moment, inverse3, times3
from trucewatch.fuse.shared import shared, with_shares
from trucewatch.fuse.state import State, misfit_of, offset, p_inside
from trucewatch.fuse.weigh import p_of, weigh
from trucewatch.place import Place, Unlocated
from trucewatch.plugin import load, names

NOON = State(48.5, 37.5, NOON_S, 0.02)


def report(place=SPOT, time=None, ratio=3.0, key="press", **fields):
    return detection(place, time or day(), key, ratio, detector="reports", **fields)


def fire(begin_h, ratio=2.0):
    """A fire a satellite saw at the end of three hours from ``begin_h``."""
    return detection(
        Place.circle(48.5, 37.5, 400.0),
        hours(begin_h, begin_h + 3),
        "thermal",
        ratio,
        detector="thermal",
        channel=Channel.INSTRUMENT,
        act=Act.EXPLOSION,
    )


@pytest.mark.parametrize("name", names(CHANNELS))
def test_a_channel_is_a_module_with_capacity_law_and_ratio(name):
    law = load(CHANNELS, name)
    cell = bang() if name == "acoustic" else cell_of(report())
    assert law.capacity(cell) in set(Capacity)
    assert all(len(row) == 4 for row in law.rows(cell, NOON))
    assert isinstance(law.log10_ratio(cell, NOON), float)


def test_a_detector_without_a_channel_is_taken_by_the_plain_law():
    assert isinstance(law_of("of_another_project"), Plain)
    assert law_of("reports") is load(CHANNELS, "reports")


def test_channels_that_find_hypotheses_are_found_by_what_they_offer():
    assert [isinstance(one, Proposer) for one in proposers()] == [True]
    assert proposers() == (load(CHANNELS, "acoustic"),)


@given(st.floats(-3e4, 3e4), st.floats(-3e4, 3e4))
def test_an_offset_undoes_a_move(east_m, north_m):
    there = NOON.moved(east_m, north_m, 0.0)
    assert offset(48.5, 37.5, there) == pytest.approx((east_m, north_m), abs=1e-6)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-1, 1))
def test_rows_of_a_moment_are_its_own_distance(east_m, north_m, later_s):
    law = Moment(NOON, SPREAD)
    step = (east_m, north_m, later_s)
    pulled = times3(inverse3(SPREAD), step)
    squared = sum(s * p for s, p in zip(step, pulled, strict=True))
    off = misfit_of(law.rows(NOON.moved(*step)))
    assert off == pytest.approx(squared / 2, rel=1e-4, abs=1e-4)


@given(st.floats(-2e3, 2e3), st.floats(-2e3, 2e3))
def test_rows_of_an_ellipse_are_its_own_distance(east_m, north_m):
    from trucewatch.detect.ellipse import covariance_of
    from trucewatch.fuse.blend import distance2

    place = Place(48.5, 37.5, 900.0, 300.0, 35.0)
    rows = ellipse_rows(cell_of(report(place)), NOON.moved(east_m, north_m, 0.0))
    squared = distance2((east_m, north_m), covariance_of(place))
    assert misfit_of(rows) == pytest.approx(squared / 2, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", ["infrasound", "seismic", "acoustic", "reports"])
def test_slopes_are_those_of_the_residuals(name):
    cell = {
        "infrasound": cell_of(bearing("a", 48.6, 37.4, (48.5, 37.5))),
        "seismic": cell_of(shaking("XX.A", 48.6, 37.4, (48.5, 37.5))),
        "acoustic": bang(),
        "reports": cell_of(report()),
    }[name]
    at = NOON.moved(300.0, -200.0, 0.1)
    rows = load(CHANNELS, name).rows(cell, at)
    for axis, step in ((1, (1.0, 0, 0)), (2, (0, 1.0, 0)), (3, (0, 0, 0.001))):
        moved = load(CHANNELS, name).rows(cell, at.moved(*step))
        for here, there in zip(rows, moved, strict=True):
            slope = (there[0] - here[0]) / sum(step)
            assert slope == pytest.approx(here[axis], rel=0.03, abs=1e-6)


def test_a_hypothesis_alone_keeps_its_odds_and_its_law():
    (alone,) = fused(bang(log10_odds=1.3))
    assert alone.weighed.log10_odds == pytest.approx(1.3, abs=1e-5)
    assert alone.weighed.moment.spread == SPREAD


def test_two_hypotheses_of_one_network_are_never_one_incident():
    assert len(fused(bang(), bang(2.0, 0.0, 0.01))) == 2


def test_two_networks_that_hear_one_bang_make_one_incident_known_better():
    alone = bang()
    (both,) = fused(alone, bang(3.0, -2.0, 0.005, network="other"))
    assert both.weighed.log10_odds > 2.0
    assert both.weighed.moment.log10_km2_days < alone.moment.log10_km2_days
    assert len(fused(alone, bang(0.0, 0.0, 5.0, network="other"))) == 2


def test_a_report_of_the_day_adds_to_a_bang_and_learns_its_instant():
    heard = bang(log10_odds=0.0)
    (both,) = fused(heard, report())
    assert both.weighed.time.duration_s < 0.2
    assert both.weighed.log10_odds > 2.5
    assert len(fused(heard, report(time=day(1)))) == 2
    assert len(fused(heard, report(Place.circle(48.9, 37.5, 1_000.0)))) == 2


def test_a_party_word_neither_moves_nor_narrows_what_nodes_heard():
    heard = bang(log10_odds=0.0)
    words = [claim(key=f"outlet:{n}", ratio=4.0) for n in range(20)]
    (both,) = fused(heard, *words)
    assert both.weighed.moment == heard.moment
    gained = both.weighed.log10_odds - fused(heard)[0].weighed.log10_odds
    assert 0 < gained <= SETTINGS.log10_party_cap + 1e-6


outlets = st.lists(
    st.builds(
        claim,
        st.sampled_from(["UA", "RU"]),
        st.sampled_from(["UA", "RU", ""]),
        key=st.sampled_from(["one", "two", "three"]),
        ratio=st.floats(0, 9),
        detector=st.just("allegations"),
    ),
    min_size=1,
    max_size=8,
)


@given(outlets)
def test_words_of_a_party_alone_never_exceed_their_bound(words):
    for group in fused(*words):
        parties = {one.best.claimed_by for one in group.cells}
        most = SETTINGS.log10_odds_of_claim + SETTINGS.log10_party_cap * len(parties)
        assert group.weighed.log10_odds <= most + 1e-6
    law = load(CHANNELS, "allegations")
    for word in words:
        assert 0 <= law.log10_ratio(cell_of(word), NOON) <= 0.478
        assert law.rows(cell_of(word), NOON) == ()


def test_a_fire_seen_before_the_bang_is_of_another_thing():
    assert len(fused(bang(), fire(8))) == 2  # the look ended at 11:00


def test_the_sooner_a_fire_is_seen_after_a_bang_the_more_it_says():
    law, cell = load(CHANNELS, "thermal"), cell_of(fire(10))
    look_s = (cell.best.time.end - EPOCH).total_seconds()
    states = [State(48.5, 37.5, look_s - s, 0.02) for s in (60, 1_800, 5_400, 10_000)]
    ratios = [law.log10_ratio(cell, one) for one in states]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > cell.best.log10_likelihood_ratio > ratios[-1]


def test_over_its_period_a_fire_says_what_its_detector_said():
    law, cell = load(CHANNELS, "thermal"), cell_of(fire(10))
    begin_s = (cell.best.time.begin - EPOCH).total_seconds()
    within = [begin_s + (n + 0.5) * 10.8 for n in range(1_000)]
    ratios = [law.log10_ratio(cell, State(48.5, 37.5, s, 1e-3)) for s in within]
    mean = sum(10**one for one in ratios) / len(ratios)
    assert mean == pytest.approx(10**cell.best.log10_likelihood_ratio, rel=0.01)


def test_a_fire_known_by_date_only_has_no_look_to_count_from():
    law = load(CHANNELS, "thermal")
    dated = replace(fire(0), time=day())
    ratios = [
        law.log10_ratio(cell_of(dated), State(48.5, 37.5, NOON_S + s, 1e-3))
        for s in (0.0, 3_600.0)
    ]
    assert ratios[0] == pytest.approx(ratios[1])


def test_one_act_at_a_moment_is_one_incident_and_a_count_over_an_hour_is_not():
    law = load(CHANNELS, "sightings")
    moment = replace(report().time, end=DAY0 + timedelta(minutes=1))
    seen = detection(time=moment, detector="sightings", units=1)
    assert law.capacity(cell_of(seen)) is Capacity.ONE
    assert law.capacity(cell_of(replace(seen, units=5))) is Capacity.MANY
    assert law.capacity(cell_of(replace(seen, time=hours(0, 1)))) is Capacity.MANY


def shares_of(*parts):
    groups = fused(*parts)
    given = shared(groups, SETTINGS)
    return [with_shares(one, given.get(n, ())) for n, one in enumerate(groups)]


def gained(group, key="press"):
    return sum(
        one.log10_likelihood_ratio
        for one in group.weighed.contributions
        if one.independence == key
    )


def test_a_report_that_fits_two_bangs_proves_neither():
    alone = gained(shares_of(bang(), report())[0])
    groups = shares_of(bang(), bang(50.0, 0.0, 900.0), report())
    gains = sorted(gained(one) for one in groups)
    assert alone > 2.5
    assert 0 < gains[0] <= gains[1] < alone / 2
    assert sum(len(one.cells) for one in groups) == 3


def test_a_doubtful_rival_takes_little_from_a_report():
    sure = shares_of(bang(), bang(50.0, 0.0, 900.0, log10_odds=3.0), report())
    faint = shares_of(bang(), bang(50.0, 0.0, 900.0, log10_odds=-3.0), report())
    assert max(map(gained, faint)) > max(map(gained, sure))


def test_the_odds_are_prior_and_contributions_and_nothing_else():
    for group in shares_of(bang(), bang(50.0, 0.0, 900.0), report(), fire(10)):
        told = group.weighed
        added = sum(one.log10_likelihood_ratio for one in told.contributions)
        assert told.log10_odds == pytest.approx(told.log10_prior_odds + added)


kinds = st.sampled_from(["report", "fire", "claim", "bang", "look"])


@st.composite
def evidence_of_one(draw):
    """Consistent evidence of one act at noon, one piece per origin."""
    made = [bang(log10_odds=draw(st.floats(-2, 3)))]
    if draw(st.booleans()):
        radius_m = draw(st.sampled_from([300.0, 1_000.0, 5_000.0]))
        place = Place.circle(48.5, 37.5, radius_m)
        made.append(report(place, ratio=draw(st.floats(0.5, 5))))
    if draw(st.booleans()):
        made.append(fire(draw(st.sampled_from([9.5, 10, 11])), draw(st.floats(1, 4))))
    if draw(st.booleans()):
        made.append(claim(ratio=draw(st.floats(0, 3))))
    if draw(st.booleans()):
        made.append(bang(log10_odds=draw(st.floats(-1, 3)), network="other"))
    if draw(st.booleans()):
        late_s, phases = draw(st.floats(-0.2, 0.2)), draw(st.sampled_from(["P", "PSA"]))
        made.append(shaking("XX.A", 48.6, 37.6, (48.5, 37.5), NOON_S, late_s, phases))
    return made


def of_noon(groups):
    return max(groups, key=lambda one: (len(one.cells), one.weighed.log10_odds))


@given(evidence_of_one())
@settings(max_examples=60)
def test_without_a_channel_nothing_is_known_better_or_surer(made):
    everything = of_noon(fused(*made)).weighed
    for n in range(1, len(made)):
        fewer = of_noon(fused(*made[:n], *made[n + 1 :])).weighed
        assert fewer.moment.log10_km2_days >= everything.moment.log10_km2_days - 1e-9
        assert fewer.log10_odds <= everything.log10_odds + 1e-6


@given(evidence_of_one(), st.randoms())
@settings(max_examples=40)
def test_the_order_of_channels_never_matters(made, random):
    shuffled = made[:]
    random.shuffle(shuffled)

    def told(groups):
        return sorted(
            (one.weighed.log10_odds, one.weighed.place.lat_deg, len(one.cells))
            for one in groups
        )

    assert told(fused(*made)) == told(fused(*shuffled))


@given(evidence_of_one(), st.integers(2, 5))
@settings(max_examples=30)
def test_copies_of_one_origin_count_once(made, copies):
    again = [
        replace(one, derived_from=(f"observation:{n}",))
        for one in made[1:]
        if hasattr(one, "independence")
        for n in range(copies)
    ]
    odds = sorted(one.weighed.log10_odds for one in fused(*made))
    assert sorted(one.weighed.log10_odds for one in fused(*made, *again)) == odds


def test_what_has_no_place_meets_no_bang():
    raid = report(Unlocated())
    assert weigh([cell_of(raid)], SETTINGS).moment is None


@given(st.floats(-5, 5), st.floats(0.01, 3))
def test_the_share_of_a_normal_time_in_a_period_is_a_share(off_s, sd_s):
    period = hours(12, 12 + 1 / 3_600)
    share = p_inside(period, State(48.5, 37.5, NOON_S + off_s, sd_s))
    assert 0 < share <= 1
    assert p_of(0.0) == 0.5

"""Joining reckons few gains, and ends as reckoning all of them would."""

from datetime import timedelta
from itertools import combinations
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import DAY0, HOUR, claim, detection
from tests.fuse.bangs import SETTINGS, bang
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.delay import PARTY
from trucewatch.fuse.agglomerate import agglomerate
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.gain import Bounds, merge_gain, merge_key
from trucewatch.fuse.group import grouped, joined_anyway
from trucewatch.fuse.near import near_pairs
from trucewatch.fuse.neighbours import neighbours
from trucewatch.period import Period
from trucewatch.place import Place

NOON = DAY0 + 12 * HOUR

spots = st.builds(
    lambda east, north, radius: Place.circle(48.5 + north, 37.5 + east, radius),
    st.floats(-0.05, 0.05),
    st.floats(-0.05, 0.05),
    st.floats(100, 5_000),
)
times = st.builds(
    lambda begin_s, lasting_s: Period(
        NOON + timedelta(seconds=begin_s),
        NOON + timedelta(seconds=begin_s + lasting_s),
    ),
    st.integers(-90_000, 90_000),
    st.sampled_from([1, 60, 3_600, 3_601, 43_200, 86_400, 200_000]),
)
keys = st.sampled_from(["a", "b", "c"])
ratios = st.floats(-1, 4)
reports = st.builds(
    detection, spots, times, keys, ratios, act=st.sampled_from([*Act][:9])
)
printed = st.builds(
    lambda place, lag_s, ratio: claim(
        place=place,
        ratio=ratio,
        time=Period(NOON - timedelta(seconds=20_000), NOON),
        made_known=NOON + timedelta(seconds=lag_s),
    ),
    spots,
    st.integers(60, 9_000),
    ratios,
)
bangs = st.builds(
    bang,
    st.integers(-4_000, 4_000),
    st.integers(-4_000, 4_000),
    st.integers(-30_000, 30_000),
    st.floats(-2, 4),
    st.sampled_from(["north", "south"]),
)
crowds = st.builds(
    lambda told, heard: [
        *collapse(told),
        *{one.content: one for one in heard}.values(),
    ],
    st.lists(reports | printed, max_size=9),
    st.lists(bangs, max_size=5),
)


def greedy(cells):
    """Groups and neighbours by reckoning every gain anew at every step."""
    groups = {n: grouped([one], SETTINGS) for n, one in enumerate(cells)}
    pairs = {tuple(pair) for pair in neighbours(cells, SETTINGS.gate_sigmas).tolist()}
    refused = set()
    while True:
        gains = [
            (-key, one, other)
            for one, other in pairs - refused
            if (key := merge_key(groups[one], groups[other], SETTINGS)) is not None
        ]
        if not gains:
            place = {n: at for at, n in enumerate(sorted(groups))}
            near = sorted((place[one], place[other]) for one, other in pairs)
            return [groups[n] for n in sorted(groups)], near
        _, one, other = min(gains)
        both = groups[one], groups[other]
        joined = joined_anyway(both, SETTINGS)
        least = max(group.weighed.log10_odds for group in both)
        refused.add((one, other))
        if joined.sealed and joined.weighed.moment is None:
            continue
        if joined.weighed.log10_odds >= least - 1e-9:
            new = max(max(groups), *(n for pair in pairs for n in pair)) + 1
            del groups[one], groups[other]
            moved = [{new if n in (one, other) else n for n in pair} for pair in pairs]
            pairs = {tuple(sorted(pair)) for pair in moved if len(pair) == 2}
            groups[new] = joined


@settings(max_examples=150, deadline=None)
@given(crowds)
def test_joining_ends_as_if_every_gain_were_reckoned_anew_at_every_step(cells):
    wanted, near = greedy(cells)
    found = agglomerate(cells, SETTINGS)
    assert [one.cells for one in found.groups] == [one.cells for one in wanted]
    assert list(map(tuple, found.near.tolist())) == near


@settings(max_examples=150, deadline=None)
@given(crowds)
def test_no_gain_exceeds_its_bound_and_what_can_never_be_one_has_none(cells):
    groups = [grouped([one], SETTINGS) for one in cells]
    bounds = Bounds(len(groups), SETTINGS)
    for n, group in enumerate(groups):
        bounds.put(n, group)
    pairs = np.array(list(combinations(range(len(groups)), 2)), np.int64).reshape(-1, 2)
    most = bounds.of(pairs[:, 0], pairs[:, 1]).tolist()
    keys = bounds.keys(pairs[:, 0], pairs[:, 1]).tolist()
    for (one, other), bound, key in zip(pairs.tolist(), most, keys, strict=True):
        gain = merge_gain(groups[one], groups[other], SETTINGS)
        assert gain <= bound + 1e-9
        exact = merge_key(groups[one], groups[other], SETTINGS)
        assert exact is None or exact <= key
        if bound == -inf:
            assert gain == -inf


@settings(max_examples=100, deadline=None)
@given(crowds)
def test_neighbours_are_all_pairs_whose_gates_and_times_touch(cells):
    found = set(map(tuple, neighbours(cells, SETTINGS.gate_sigmas).tolist()))
    assert len(found) == len(neighbours(cells, SETTINGS.gate_sigmas))
    for n, m in combinations(range(len(cells)), 2):
        one, other = cells[n], cells[m]
        gain = merge_gain(*(grouped([c], SETTINGS) for c in (one, other)), SETTINGS)
        if gain > -inf:
            assert (n, m) in found
        if not one.window.overlaps(other.window):
            assert (n, m) not in found


@settings(max_examples=60, deadline=None)
@given(crowds)
def test_pairs_worth_a_look_are_those_the_gains_say(cells):
    found = agglomerate(cells, SETTINGS)
    worth = {(n, m) for _, n, m in near_pairs(found.groups, found.near, SETTINGS)}
    for n, m in map(tuple, found.near.tolist()):
        gain = merge_gain(found.groups[n], found.groups[m], SETTINGS)
        assert ((n, m) in worth) == (1 / (1 + np.exp(-gain)) >= 0.05)


def test_nobody_is_no_group():
    found = agglomerate([], SETTINGS)
    assert found.groups == ()
    assert found.near.shape == (0, 2)


@given(st.integers(0, 30_000), st.integers(1, 30_000), st.floats(0, 1))
def test_no_delay_is_likelier_than_the_most(begin_s, lasting_s, share):
    end_s = begin_s + lasting_s
    ratio = PARTY.density_ratio(begin_s + share * lasting_s, begin_s, end_s)
    assert ratio <= PARTY.most_ratio(begin_s, end_s) * (1 + 1e-9)

from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grade.build import origin
from trucewatch.detect.detection import Channel
from trucewatch.fuse.ellipses import (
    LEAST_CASES,
    Ellipses,
    Evidence,
    Widening,
    evidence_of,
    fitted,
    widened,
)
from trucewatch.fuse.incident import Sign
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.place import Place, Unlocated

NODES = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
PATROL = origin("patrol:p1", Channel.OBSERVER, 2.0)
FIRE = origin("thermal:n", Channel.INSTRUMENT, 2.0)
WORD = origin("claim:a", Channel.PARTY, 0.3)
PRESS = origin("outlet:x", Channel.MEDIA, 2.0)


@pytest.mark.parametrize(
    ("contributions", "signs", "kind"),
    [
        ((NODES,), (), Evidence.NODES),
        ((NODES, WORD), (), Evidence.NODES),
        ((NODES, PATROL), (), Evidence.NODES_AND_MORE),
        ((NODES,), (Sign("loose", 0.0),), Evidence.LOOSE),
        ((NODES, PATROL), (Sign("aloft", 1.0),), Evidence.ALOFT),
        ((NODES,), (Sign("aloft", 1.0), Sign("sweep", 1.0)), Evidence.SWEEP),
        ((FIRE, PRESS), (), Evidence.SENSORS),
        ((PATROL, PRESS), (), Evidence.OBSERVERS),
        ((PRESS, WORD), (), Evidence.PRINT),
        ((WORD,), (), Evidence.WORDS),
    ],
)
def test_evidence_is_what_the_place_rests_on(contributions, signs, kind):
    assert evidence_of(contributions, signs) is kind
    assert evidence_of(contributions[::-1], signs[::-1]) is kind


@given(st.integers(LEAST_CASES, 400), st.integers(0, 10**6))
def test_a_fitted_ratio_holds_nine_in_ten_of_what_it_was_learnt_from(n, seed):
    reaches = np.random.default_rng(seed).lognormal(0, 1, n).tolist()
    found = fitted(Evidence.NODES, reaches)
    held = sum(one <= found.grow_ratio for one in reaches)
    least = ceil(0.9 * (n + 1))
    assert held >= least
    assert sum(one <= found.grow_ratio - 0.001 for one in reaches) < least
    assert found.cases == n


def test_too_few_cases_teach_nothing():
    assert fitted(Evidence.NODES, [3.0] * (LEAST_CASES - 1)) is None


@given(st.integers(200, 5_000).map(lambda k: k / 1_000))
def test_an_ellipse_grows_in_proportion_and_stays_where_it_is(ratio):
    learnt = Ellipses("", "", (Widening(Evidence.NODES, ratio, 60),))
    place = Place(48.0, 37.0, 900.0, 300.0, 35.0)
    grown = widened(place, Evidence.NODES, learnt)
    assert grown == replace(
        place, semi_major_m=900.0 * ratio, semi_minor_m=300.0 * ratio
    )
    assert widened(place, Evidence.WORDS, learnt) == place
    assert widened(Unlocated(), Evidence.NODES, learnt) == Unlocated()
    assert widened(place, Evidence.NODES, None) is place


def test_what_is_shipped_says_what_it_was_learnt_from():
    learnt = default_fusion_settings().ellipses
    assert learnt is not None
    assert len(learnt.sha256) == 64
    assert "drawn exercises" in learnt.trained_on
    for one in learnt.widenings:
        assert one.cases >= LEAST_CASES
        assert 0.3 < one.grow_ratio < 20
    # Without a channel no ellipse is smaller.
    alone = learnt.ratio(Evidence.NODES)
    assert (
        learnt.ratio(Evidence.NODES_AND_MORE)
        <= alone
        <= 1.0
        < learnt.ratio(Evidence.LOOSE)
    )

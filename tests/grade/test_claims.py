from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grade.build import SETTINGS, agreement, incident, origin, word
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import Channel
from trucewatch.grade.calibration import shipped_calibration
from trucewatch.grade.claims import OUTLETS, credits_of, speakers_of
from trucewatch.grade.finding import Grade
from trucewatch.grade.grade import grade

LEARNT = shipped_calibration()
TAUGHT = replace(SETTINGS, calibration=LEARNT)
WATCHED = -2.0  # looks in vain left one chance in a hundred


def claim(name="c", speaker="A", miss=0.0, also=(), **fields):
    return incident(
        name=f"2026-02-02-{name}",
        contributions=(*also, word(speaker)),
        log10_prior_odds=-0.5,
        log10_miss_ratio=miss,
        p_exists=0.49,
        **fields,
    )


def heard(name="h", speaker="A", **fields):
    """A claim that nodes bear out."""
    nodes = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
    return claim(name, speaker, also=(nodes,), **fields)


def printed(name="p", **fields):
    return incident(
        name=f"2026-02-02-{name}",
        contributions=(origin("media:paper", ratio=2.0),),
        log10_prior_odds=-2.0,
        p_exists=0.5,
        **fields,
    )


def p_exists(one, *beside):
    rows = grade((one, *beside), (agreement(),), (), (), TAUGHT)
    return next(row.p_exists for row in rows if row.incident == one.id)


def interval(one, *beside):
    rows = grade((one, *beside), (agreement(),), (), (), TAUGHT)
    row = next(row for row in rows if row.incident == one.id)
    return row.p_exists_low, row.p_exists, row.p_exists_high


def test_what_nobody_could_see_of_a_speaker_nobody_knows_is_even():
    low, p, high = interval(claim())
    assert p == pytest.approx(0.5, abs=0.05)
    assert (low, high) == (pytest.approx(0.3, abs=0.08), pytest.approx(0.7, abs=0.08))


def test_silence_of_a_watching_network_is_evidence_and_of_a_dark_one_none():
    assert p_exists(claim(miss=WATCHED)) < 0.2
    assert (
        p_exists(claim(miss=WATCHED)) < p_exists(claim(miss=-0.3)) < p_exists(claim())
    )


def test_in_the_dark_a_speaker_is_believed_as_far_as_it_held_where_watched():
    dark = claim("dark")
    borne_out = [heard(f"h{n}") for n in range(6)]
    failed = [claim(f"f{n}", miss=WATCHED) for n in range(6)]
    assert p_exists(dark, *borne_out) > 0.8
    assert p_exists(dark, *failed) < 0.2


def test_what_one_speaker_was_worth_says_nothing_of_another():
    dark = claim("dark", speaker="B")
    others = [claim(f"f{n}", speaker="A", miss=WATCHED) for n in range(6)]
    assert p_exists(dark, *others) == pytest.approx(p_exists(dark), abs=0.02)


def test_outlets_bear_out_no_party():
    paper = origin("media:paper", ratio=3.0)
    dark = claim("dark")
    echoed = [claim(f"e{n}", also=(paper,)) for n in range(6)]
    assert p_exists(dark, *echoed) == pytest.approx(p_exists(dark), abs=0.05)


def test_outlets_are_believed_as_far_as_they_held():
    nodes = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
    paper = origin("media:paper", ratio=2.0)
    right = [
        incident(name=f"2026-02-02-r{n}", contributions=(nodes, paper))
        for n in range(6)
    ]
    wrong = [printed(f"w{n}", log10_miss_ratio=WATCHED) for n in range(6)]
    assert (
        p_exists(printed(), *wrong) < p_exists(printed()) < p_exists(printed(), *right)
    )


def test_who_tells_of_its_own_side_is_another_speaker():
    (accused,) = speakers_of(claim())
    own = replace(word(), admits=True)
    (admitted,) = speakers_of(incident(contributions=(own,)))
    assert accused != admitted
    assert speakers_of(printed()) == (OUTLETS,)


def test_inventing_does_not_make_the_watchers_deaf():
    invented = [claim(f"i{n}", miss=WATCHED) for n in range(100)]
    assert p_exists(*invented) < 0.2


def test_watchers_who_heard_nothing_of_a_speaker_borne_out_otherwise_may_be_deaf():
    seen = origin("remote_id:1", Channel.INSTRUMENT, 9.0)
    crossed = [claim(f"d{n}", also=(seen,), act=Act.DRONE_CROSSING) for n in range(8)]
    missed = [claim(f"m{n}", miss=WATCHED) for n in range(6)]
    one = missed[0]
    assert credits_of((*crossed, *missed), LEARNT.claims).p_deaf > 0.3
    nodes = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
    bangs = [
        incident(name=f"2026-02-02-b{n}", contributions=(nodes,)) for n in range(3)
    ]
    assert credits_of((*crossed, *missed, *bangs), LEARNT.claims).p_deaf < 0.01
    assert p_exists(one, *crossed, *missed[1:]) > 0.2


def test_a_claim_that_outlets_may_repeat_never_passes_possible():
    papers = tuple(origin(f"media:{n}", ratio=3.0) for n in range(5))
    right = [heard(f"h{n}") for n in range(20)]
    one = claim("one", also=papers)
    rows = grade((one, *right), (agreement(),), (), (), TAUGHT)
    row = next(row for row in rows if row.incident == one.id)
    assert row.p_breach > 0.8
    assert row.grade is Grade.POSSIBLE


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)))
def test_the_order_of_claims_does_not_matter(order):
    some = [claim(f"c{n}", miss=-0.4 * n) for n in range(5)] + [heard()]
    plain = credits_of(some, LEARNT.claims)
    turned = credits_of([some[k] for k in order], LEARNT.claims)
    assert plain.p_deaf == turned.p_deaf
    for speaker, weights in plain.heard.items():
        assert weights.tolist() == turned.heard[speaker].tolist()


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.floats(-3, 0), min_size=1, max_size=6),
    st.floats(-3, 0),
    st.floats(0, 1),
)
def test_more_silence_where_somebody_watches_never_makes_a_claim_likelier(
    beside, miss, more
):
    others = [claim(f"o{n}", miss=one) for n, one in enumerate(beside)]
    less = claim("one", miss=miss)
    quieter = replace(less, log10_miss_ratio=miss - more)
    assert p_exists(quieter, *others) <= p_exists(less, *others) + 1e-6


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 400))
def test_weights_stay_finite_however_much_is_said(many):
    told = [claim(f"c{n}", miss=-3.0) for n in range(many)]
    credit = credits_of(told, LEARNT.claims)
    assert 0 <= credit.p_deaf <= 1
    for weights in credit.heard.values():
        assert weights.sum() == pytest.approx(1.0)


def test_a_kind_of_report_that_seldom_holds_is_not_lifted_to_even():
    talk = replace(printed(), log10_prior_odds=-3.1)
    assert p_exists(talk) < 0.25 < p_exists(printed())


def test_a_fire_alone_is_never_likelier_than_fusion_has_it_or_than_a_bang():
    fire = origin("thermal", Channel.INSTRUMENT, 3.0)
    for odds, p in ((-1.0, 0.09), (0.6, 0.8), (2.0, 0.99)):
        burnt = incident(
            name=f"2026-02-02-{p}",
            contributions=(fire,),
            log10_prior_odds=odds - 3.0,
            p_exists=p,
        )
        assert p_exists(burnt) <= min(p, LEARNT.existence.interval(odds).p) + 1e-6

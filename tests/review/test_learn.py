"""How far the words of parties held is learnt from what decided without them."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import claim, detection, hours
from tests.grade.build import SETTINGS as GRADING
from tests.grade.build import agreement
from trucewatch.detect.detection import Channel
from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.track import Tally, tracks_of, trusted
from trucewatch.grade.grade import grade
from trucewatch.review.decision import Decision, Verdict
from trucewatch.review.learn import Memory

SETTINGS = default_fusion_settings()
CUTOFF = datetime(2026, 2, 10, tzinfo=UTC)


def seen(ratio=9.0):
    return detection(
        time=hours(0, 2), key="nodes", ratio=ratio, channel=Channel.INSTRUMENT
    )


def told(**fields):
    return claim(time=hours(0, 2), **fields)


def incidents(*detections):
    return associate(detections, (), SETTINGS)


def learnt(*pictures, decisions=()):
    memory = Memory()
    for found in pictures:
        memory.learn(found, (), decisions, CUTOFF)
    return memory.record(SETTINGS)


def test_a_claim_that_instruments_bear_out_holds():
    (track,) = learnt(incidents(seen(), told())).tracks
    assert (track.speaker, track.against, track.held, track.failed) == (
        "UA",
        "RU",
        1,
        0,
    )


def test_a_claim_nobody_else_speaks_for_decides_nothing():
    assert learnt(incidents(told())) is None


def test_a_party_does_not_bear_itself_out():
    twice = incidents(told(), told(ratio=0.3))
    assert learnt(twice) is None


def test_a_claim_that_looks_all_but_exclude_fails():
    (alone,) = incidents(told())
    word = replace(alone.contributions[0], p_without=0.02)
    (track,) = learnt([replace(alone, contributions=(word,))]).tracks
    assert (track.held, track.failed) == (0, 1)


def test_weak_signs_beside_a_claim_decide_nothing():
    assert learnt(incidents(seen(2.0), told())) is None


def test_one_incident_counts_once_whatever_is_repeated():
    once = incidents(seen(), told())
    assert learnt(once, once, once).tracks == learnt(once).tracks


def test_a_later_picture_takes_back_what_an_earlier_one_decided():
    sure = incidents(seen(), told())
    unsure = [
        replace(
            one,
            contributions=tuple(
                replace(c, p_without=0.5) if c.claimed_by else c
                for c in one.contributions
            ),
        )
        for one in sure
    ]
    assert learnt(sure, unsure) is None


def test_what_is_learnt_never_lifts_a_word_above_the_settings():
    (best,) = tracks_of([Tally("UA", "RU", False, 1000, 0)], SETTINGS)
    assert best.log10_ratio == SETTINGS.log10_party_cap
    assert best.log10_alone == SETTINGS.log10_odds_of_claim


def test_a_word_that_never_held_adds_nothing_and_starts_low():
    (worst,) = tracks_of([Tally("UA", "RU", False, 0, 100)], SETTINGS)
    assert worst.log10_ratio == 0
    assert worst.log10_alone < SETTINGS.log10_odds_of_claim - 0.5
    assert worst.p_holds < 0.05


def test_few_claims_change_little_and_borrow_from_the_speakers_others():
    alone = tracks_of([Tally("UA", "RU", False, 0, 2)], SETTINGS)[0]
    beside = tracks_of(
        [Tally("UA", "RU", False, 0, 2), Tally("UA", "XX", False, 0, 50)], SETTINGS
    )[0]
    assert 0.25 < alone.p_holds < 0.5
    assert beside.p_holds < alone.p_holds


def test_admissions_are_another_class():
    tallies = [Tally("UA", "", True, 9, 0), Tally("UA", "RU", False, 0, 9)]
    accused, admitted = sorted(tracks_of(tallies, SETTINGS), key=lambda t: t.admits)
    assert admitted.p_holds > 2 * accused.p_holds


@given(
    st.lists(
        st.builds(
            Tally,
            st.sampled_from(["A", "B"]),
            st.sampled_from(["C", "D", "E"]),
            st.booleans(),
            st.integers(0, 20),
            st.integers(0, 20),
        ),
        max_size=5,
        unique_by=lambda t: (t.speaker, t.against, t.admits),
    )
)
def test_the_order_of_tallies_never_matters(tallies):
    want = tracks_of(tallies, SETTINGS)
    assert all(tracks_of(p, SETTINGS) == want for p in permutations(tallies))


def test_a_record_weighs_words_and_is_cited_and_leaves_all_else():
    record = learnt(incidents(seen(), told()))
    bad = replace(record, tracks=tracks_of([Tally("UA", "RU", False, 0, 50)], SETTINGS))
    word, bang = trusted([told(), seen()], bad)
    assert bang == seen()
    assert bad.id in word.derived_from
    (before,) = incidents(told())
    (after,) = incidents(word)
    assert after.p_exists < 0.1 < before.p_exists
    assert after.p_exists == pytest.approx(bad.tracks[0].p_holds, abs=1e-4)


def test_a_low_word_never_takes_from_what_others_show():
    record = learnt(incidents(seen(), told()))
    bad = replace(record, tracks=tracks_of([Tally("UA", "RU", False, 0, 50)], SETTINGS))
    for ratio in (5.0, 7.0, 9.0):
        (without,) = incidents(seen(ratio))
        (beside,) = incidents(*trusted([seen(ratio), told()], bad))
        assert beside.p_exists >= without.p_exists - 1e-6


@pytest.mark.parametrize(
    ("verdict", "others", "counts"),
    [
        (Verdict.REJECTED, False, (0, 1)),
        (Verdict.CONFIRMED, True, (1, 0)),
        (Verdict.CONFIRMED, False, None),
        (Verdict.UNVERIFIABLE, True, None),
    ],
)
def test_a_reviewer_decides_a_claim_only_on_other_grounds(verdict, others, counts):
    found = incidents(*((seen(2.0),) if others else ()), told())
    on = grade(found, (agreement(),), (), (), GRADING)[0]
    decision = Decision(
        finding=on.id,
        verdict=verdict,
        reviewer="reviewer-1",
        reason="read",
        decided=CUTOFF,
        derived_from=(on.id,),
    )
    memory = Memory()
    memory.learn(found, (on,), (decision,), CUTOFF)
    record = memory.record(SETTINGS)
    if counts is None:
        assert record is None
    else:
        assert (record.tracks[0].held, record.tracks[0].failed) == counts
        assert decision.id in record.derived_from

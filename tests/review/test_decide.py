from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grade.build import SETTINGS as GRADING
from tests.grade.build import agreement, incident, origin, reading
from trucewatch.detect.detection import Channel
from trucewatch.grade.finding import Attributed
from trucewatch.grade.grade import grade
from trucewatch.review.decide import ReviewOrder, Selector, decide
from trucewatch.review.decision import Decision, Verdict

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
HEARD = incident(
    name="2026-02-02-heard", contributions=(origin(channel=Channel.OBSERVER),)
)
PRINTED = incident(name="2026-02-02-printed")
INCIDENTS = {one.id: one for one in (HEARD, PRINTED)}
FINDINGS = grade(
    tuple(INCIDENTS.values()),
    (agreement(readings=[reading("A"), reading("B", windows=())]),),
    (),
    (),
    GRADING,
)


def order(verdict=Verdict.CONFIRMED, reason="read", **select):
    return ReviewOrder(Selector(**select), verdict, reason)


def decided(*orders):
    return decide(orders, FINDINGS, INCIDENTS, "reviewer-1", NOON)


def test_an_empty_selector_picks_every_finding():
    made = decided(order())
    assert [one.finding for one in made] == [one.id for one in FINDINGS]
    assert {one.derived_from for one in made} == {(one.id,) for one in FINDINGS}


@pytest.mark.parametrize(
    ("select", "count"),
    [
        ({"reading": "A"}, 2),
        ({"standing": "outside"}, 2),
        ({"channel": "observer"}, 2),
        ({"incident": "2026-02-02-printed", "reading": "B"}, 1),
        ({"clause": "2"}, 0),
    ],
)
def test_a_selector_picks_what_fits_all_it_says(select, count):
    assert len(decided(order(**select))) == count


def test_the_first_order_that_picks_stands():
    made = decided(order(Verdict.REJECTED, reading="A"), order(Verdict.UNVERIFIABLE))
    said = {one.finding: one.verdict for one in made}
    assert [said[one.id] for one in FINDINGS if one.reading == "A"] == ["rejected"] * 2
    assert [said[one.id] for one in FINDINGS if one.reading == "B"] == [
        "unverifiable"
    ] * 2


def test_a_finding_no_order_picks_stays_undecided():
    assert len(decided(order(reading="A"))) == len(FINDINGS) - 2
    assert decided() == ()


def test_a_reviewer_names_a_side_never_a_party():
    said = ReviewOrder(
        Selector(reading="A"),
        Verdict.CONFIRMED,
        "The crater points there.",
        Attributed.LARGELY,
        "contact_line/left",
    )
    made = decided(said)
    assert {(one.attribution, one.side) for one in made} == {
        (Attributed.LARGELY, "contact_line/left")
    }


def decision(verdict=Verdict.CONFIRMED, **fields):
    return Decision(
        finding=FINDINGS[0].id,
        verdict=verdict,
        reviewer="reviewer-1",
        reason="read",
        decided=NOON,
        **fields,
    )


@pytest.mark.parametrize("side", ["", "left", "contact_line/RU", "a/b/left", "/left"])
def test_an_attribution_without_a_proper_side_is_refused(side):
    with pytest.raises(ValueError, match="needs a side such as contact_line/left"):
        decision(attribution=Attributed.ATTRIBUTED, side=side)


def test_a_side_without_an_attribution_is_refused():
    with pytest.raises(ValueError, match="needs attributed or largely_attributed"):
        decision(side="contact_line/left")


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.CONFIRMED}))
def test_only_what_is_confirmed_can_be_attributed(verdict):
    with pytest.raises(ValueError, match="only a confirmed finding"):
        decision(verdict, attribution=Attributed.ATTRIBUTED, side="line/left")


@given(
    st.lists(st.builds(order, st.sampled_from(Verdict), reading=st.sampled_from("AB")))
)
def test_no_finding_is_decided_twice(given):
    findings = [one.finding for one in decided(*given)]
    assert len(findings) == len(set(findings))

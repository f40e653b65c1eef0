"""Who held the ground, as delivered and as the terms have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.completeness.test_grid import GRID, day, look
from tests.grade.build import LINE, agreement
from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Cause, Outcome
from trucewatch.completeness.held import Doubt, Holder, holder
from trucewatch.completeness.lost import lost

TERMS = agreement(lines=(LINE,))
SIDES = {side.held: side.party for side in LINE.sides}
LEFT, RIGHT = SIDES["left"], SIDES["right"]
WEST = Polygon(((37.0, 48.4), (37.2, 48.4), (37.2, 48.6), (37.0, 48.6), (37.0, 48.4)))


def told(held_by):
    failed = {"outcome": Outcome.FAILURE, "p_clear": 0.0, "cause": Cause.DENIED}
    return look(WEST, 6, 12, held_by=held_by, **failed)


def test_a_party_on_its_own_side_is_borne_out():
    assert holder(told(LEFT), TERMS) == Holder(LEFT)


@pytest.mark.parametrize("word", [LEFT.lower(), f" {LEFT} ", "name"])
def test_a_party_is_known_by_id_or_name_in_any_case(word):
    name = next(one.name for one in TERMS.parties if one.id == LEFT)
    said = name.upper() if word == "name" else word
    assert holder(told(said), TERMS).party == LEFT


def test_the_other_side_of_a_line_is_doubted_and_kept():
    assert holder(told(RIGHT), TERMS) == Holder(RIGHT, Doubt.OTHER_SIDE)


def test_whom_the_terms_do_not_know_is_kept_as_delivered():
    assert holder(told("Militia"), TERMS) == Holder("Militia", Doubt.NO_PARTY)
    assert holder(told(""), TERMS) == Holder("", Doubt.NOBODY)


@given(st.text(max_size=40))
def test_any_words_are_kept_or_a_party(words):
    known = {one.id for one in TERMS.parties}
    found = holder(told(words), TERMS)
    assert found.party in known or found.party == words.strip()
    assert (found.doubt != Doubt.NO_PARTY) == (found.party in {*known, ""})


def test_the_ledger_of_interference_says_the_doubt():
    some = [told("Militia"), told(LEFT)]
    rows = lost(some, Act.EXPLOSION, GRID, day(), TERMS)
    assert {one.held_by: one.doubt for one in rows} == {LEFT: "", "Militia": "no_party"}

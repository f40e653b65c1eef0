"""It must show: nothing says or implies that the truce held."""

from __future__ import annotations

import re

import pytest

from tests.cases.conftest import RELEASES, Play
from tests.cases.issued import Issued

pytestmark = pytest.mark.cases
DAYS = ("2023-01-06", "2023-01-07")

# Any sentence of this shape would be a verdict that nobody here could give.
HELD = re.compile(
    r"\b(?:truce|cease-?fire|order|terms)\s+(?:\w+\s+){0,2}"
    r"(?:held|holds|holding|kept|respected|observed|honou?red|worked|effective)\b"
    r"|\b(?:all|remained|was|is|were) (?:quiet|calm|peaceful|silent)\b"
    r"|\bno (?:violations?|breach(?:es)?|incidents?|attacks?|fighting)\b"
    r"(?! (?:was|were|is|are) (?:recorded|in the ledger))",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def issued(lent: Play) -> Issued:
    return lent("xmas2023", *DAYS)


@pytest.mark.parametrize(
    "verdict",
    [
        "The truce held.",
        "the ceasefire was largely respected",
        "The front was quiet.",
        "No violations on Saturday",
    ],
)
def test_the_search_finds_what_must_not_be_said(verdict: str) -> None:
    assert HELD.search(verdict)


def test_no_word_of_any_output_says_that_the_truce_held(issued: Issued) -> None:
    assert len(issued.texts) > len(RELEASES) * len(DAYS)
    for name, text in issued.texts.items():
        assert not HELD.search(text), (name, HELD.search(text))


def test_every_bulletin_says_up_front_that_silence_means_nothing(
    issued: Issued,
) -> None:
    for day in DAYS:
        for release in RELEASES:
            text = issued.text(day, release=release)
            assert "It says nothing about what happened where nobody watched" in text
            assert "Not monitored: no procedure could show where it looked" in text
            assert text.index("cannot see") < text.index("At a glance")


def test_no_procedure_could_speak_about_silence(issued: Issued) -> None:
    for bulletin in issued.bulletins.values():
        assert {one["p_detect"] for one in bulletin["coverage"]} == {0.0}
        assert "watched" not in {one["watch"] for one in bulletin["coverage"]}


def test_under_the_refusal_nothing_was_ever_in_force(issued: Issued) -> None:
    for day in DAYS:
        bulletin = issued.bulletin(day)
        refused = next(one for one in bulletin["readings"] if one["id"] == "UA")
        assert (refused["in_force_ratio"], refused["stance"]) == (0.0, "rejected")


def test_fires_that_burn_every_winter_are_observed_and_no_incident(
    issued: Issued,
) -> None:
    for day in DAYS:
        bulletin = issued.bulletin(day)
        heat = [one for one in bulletin["coverage"] if one["procedure"] == "viirs"]
        assert min(one["observations"] for one in heat) > 0
        assert bulletin["incidents"] == []
        assert {one.get("incidents") for one in bulletin["counts"]} == {0}

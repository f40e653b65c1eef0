"""It must show: one raid, inside the terms by one reading and outside by two others."""

from __future__ import annotations

import pytest

from tests.cases.conftest import Play
from tests.cases.issued import Row, only_claimed, standings

pytestmark = pytest.mark.cases
DAY = "2026-02-03"


@pytest.fixture(scope="module")
def raid(lent: Play) -> Row:
    incidents: list[Row] = lent("energypause2026", DAY).bulletin(DAY)["incidents"]
    return max(incidents, key=lambda one: int(one["units_best"]))


def test_the_536_claimed_lie_inside_one_reading_and_outside_the_others(
    raid: Row,
) -> None:
    assert raid["units_best"] == 536
    assert raid["located"] == "unlocated"
    assert standings(raid, "long-range") == {
        "RU": "outside",
        "UA": "inside",
        "US": "outside",
    }


def test_no_finding_stands_without_naming_whose_reading_it_is(raid: Row) -> None:
    assert {one["reading"] for one in raid["findings"]} == {"RU", "UA", "US"}
    by_clause = {one["clause"] for one in raid["findings"]}
    assert len(raid["findings"]) == 3 * len(by_clause)


def test_it_is_one_partys_claim_and_graded_as_such(raid: Row) -> None:
    assert only_claimed(raid)
    assert not {one["grade"] for one in raid["findings"]} & {"Verified", "Probable"}
    assert {one["attribution"] for one in raid["findings"]} == {"not_attributable"}


def test_sirens_are_context_and_no_origin(raid: Row) -> None:
    assert raid["context"] > 0
    assert len(raid["origins"]) == 1


def test_what_was_launched_is_not_taken_for_what_was_hit(raid: Row) -> None:
    assert {one["clause"] for one in raid["findings"]} == {"long-range"}


def test_the_page_sets_the_three_readings_side_by_side(lent: Play) -> None:
    issued = lent("energypause2026", DAY)
    shares = {
        one["id"]: one["in_force_ratio"] for one in issued.bulletin(DAY)["readings"]
    }
    assert shares == {"RU": 0.0, "UA": 1.0, "US": 0.0}
    assert "No reading is preferred here" in issued.text(DAY)


def test_pixels_without_a_look_do_not_watch(lent: Play) -> None:
    """Fire pixels came, but nothing says where else the satellite looked."""
    rows = lent("energypause2026", DAY).bulletin(DAY)["coverage"]
    heat = [one for one in rows if one["procedure"] == "viirs"]
    assert {one["watch"] for one in heat} == {"not_watched"}
    assert min(one["observations"] for one in heat) > 0
    assert {one["p_detect"] for one in heat} == {0.0}

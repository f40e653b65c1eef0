"""It must show: the days of 18 to 25 March lie inside by one reading only."""

from __future__ import annotations

import pytest

from tests.cases.conftest import Play
from tests.cases.issued import Row, standings

pytestmark = pytest.mark.cases
BEFORE, AFTER = "2025-03-20", "2025-03-27"


def _raid(lent: Play, day: str) -> Row:
    incidents: list[Row] = lent("energy2025", BEFORE, AFTER).bulletin(day)["incidents"]
    raids = [one for one in incidents if one["located"] == "unlocated"]
    assert raids
    return max(raids, key=lambda one: int(one["units_best"]))


def test_a_raid_before_25_march_is_inside_by_one_reading_only(lent: Play) -> None:
    assert standings(_raid(lent, BEFORE), "long-range") == {
        "RU": "inside",
        "UA": "outside",
        "US": "outside",
    }


def test_a_raid_after_25_march_is_inside_by_all_readings(lent: Play) -> None:
    assert set(standings(_raid(lent, AFTER), "long-range").values()) == {"inside"}


def test_what_was_launched_is_not_taken_for_what_was_hit(lent: Play) -> None:
    raid = _raid(lent, AFTER)
    assert {one["clause"] for one in raid["findings"]} == {"long-range"}


def test_a_drone_reported_at_a_place_is_no_raid(lent: Play) -> None:
    issued = lent("energy2025", BEFORE, AFTER)
    located = [
        one
        for day in (BEFORE, AFTER)
        for one in issued.bulletin(day)["incidents"]
        if one["located"] == "point"
    ]
    assert any("drone_impact" in one["acts"] for one in located)
    clauses = {f["clause"] for one in located for f in one["findings"]}
    assert "long-range" not in clauses


def test_merged_sirens_are_kept_as_rejected(lent: Play) -> None:
    deliveries = lent("energy2025", BEFORE, AFTER).bulletin(AFTER)["deliveries"]
    sirens = [one for one in deliveries if one["source"] == "sirens"]
    assert sum(one["rejected"] for one in sirens) > 0

"""It must show: attributed allegations that corroborate nothing; silence not read."""

from __future__ import annotations

from tests.cases.conftest import Play
from tests.cases.issued import Issued, Row, only_claimed

DAYS = ("2025-04-20", "2025-04-21")


def _findings(issued: Issued, day: str) -> list[Row]:
    incidents = issued.bulletin(day)["incidents"]
    return [one for incident in incidents for one in incident["findings"]]


def test_heat_was_not_observed_by_this_sensor(play: Play) -> None:
    issued = play("easter2025", *DAYS)
    for day in DAYS:
        rows = issued.bulletin(day)["coverage"]
        heat = [one for one in rows if one["procedure"] == "viirs"]
        assert {one["watch"] for one in heat} == {"no_delivery"}
        assert {one["p_detect"] for one in heat} == {0.0}
        assert "VIIRS fire detection: not observed by this sensor" in issued.text(day)


def test_both_totals_stand_as_the_word_of_one_party_about_the_other(play: Play) -> None:
    said = play("easter2025", *DAYS).bulletin("2025-04-21")["statements"]
    totals = {(one["speaker"], one["against"], one["total"]) for one in said}
    assert {("UA", "RU", 2935), ("RU", "UA", 4900)} <= totals
    assert {one["what"] for one in said if one["total"]} == {"allegation"}


def test_totals_corroborate_nothing(play: Play) -> None:
    """Leaving out every printed total changes no finding, no odds and no count."""
    told = play("easter2025", *DAYS)
    untold = play("easter2025", *DAYS, without="party_claims")
    for day in DAYS:
        assert _findings(told, day)
        assert _numbers(told, day) == _numbers(untold, day)
        assert told.bulletin(day)["counts"] == untold.bulletin(day)["counts"]


def _numbers(issued: Issued, day: str) -> list[tuple[object, ...]]:
    return [
        (one["clause"], one["reading"], one["p_breach"], one["grade"])
        for one in _findings(issued, day)
    ]


def test_figures_printed_as_the_other_sides_are_caught(play: Play) -> None:
    bulletin = play("easter2025", *DAYS).bulletin("2025-04-20")
    outlets = {one["id"]: one["outlet"] for one in bulletin["statements"]}
    speakers = {one["id"]: one["speaker"] for one in bulletin["statements"]}
    caught = [
        one
        for one in bulletin["contradictions"]
        if one["disagreement"] == "attribution"
    ]
    assert caught
    for one in caught:
        assert outlets[one["second"]] == "timeukraineisrael.com"
        assert (speakers[one["first"]], speakers[one["second"]]) == ("RU", "UA")
        assert one["about"] == "shelling=444, strike=900"


def test_more_than_a_thousand_and_more_than_1300_are_no_conflict(play: Play) -> None:
    for day in DAYS:
        found = play("easter2025", *DAYS).bulletin(day)["contradictions"]
        assert "figure" not in {one["disagreement"] for one in found}


def test_no_launch_is_counted_where_none_was_claimed(play: Play) -> None:
    bulletin = play("easter2025", *DAYS).bulletin("2025-04-20")
    assert all(one["located"] != "unlocated" for one in bulletin["incidents"])
    claims = [
        one for one in bulletin["coverage"] if one["procedure"] == "launch_claims"
    ]
    assert {one["watch"] for one in claims} <= {"no_delivery", "not_watched"}


def test_the_word_of_parties_alone_never_reaches_a_grade(play: Play) -> None:
    issued = play("easter2025", *DAYS)
    claimed = [
        finding
        for day in DAYS
        for incident in issued.bulletin(day)["incidents"]
        if only_claimed(incident)
        for finding in incident["findings"]
    ]
    assert claimed
    assert not {one["grade"] for one in claimed} & {"Verified", "Probable"}


def test_an_automatic_stage_names_no_speaker_and_no_side(play: Play) -> None:
    bulletin = play("easter2025", *DAYS).bulletin("2025-04-20", "A3", "cell")
    assert bulletin["statements"] == []
    found = [f for one in bulletin["incidents"] for f in one["findings"]]
    assert found
    assert {(one["attribution"], one["attributed_to"]) for one in found} == {
        ("withheld", "")
    }
    origins = [o for one in bulletin["incidents"] for o in one["origins"]]
    assert {one["claimed_by"] for one in origins} <= {"", "withheld"}


def test_the_raid_after_the_truce_is_outside_both_readings(play: Play) -> None:
    incidents = play("easter2025", *DAYS).bulletin("2025-04-21")["incidents"]
    raid = next(one for one in incidents if one["units_best"] == 99)
    assert {(f["reading"], f["standing"]) for f in raid["findings"]} == {
        ("RU", "outside"),
        ("UA", "outside"),
    }

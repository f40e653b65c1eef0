"""The facts shipped with the demonstration are usable, sourced and name nobody."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

import trucewatch
from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.observation import LaunchClaim, MediaReport, Statement
from trucewatch.collect.source import Batch
from trucewatch.collect.sources import (
    allegations,
    launch_claims,
    media_reports,
    party_claims,
    sirens,
)
from trucewatch.collect.words import nameless

CASE = Path(trucewatch.__file__).parent / "cases" / "easter2025"
KYIV = Option("zone", "Europe/Kyiv")


def _delivery(name: str, raw: bytes, *options: Option) -> Delivery:
    return Delivery(
        source="tested",
        name=name,
        sha256=sha256(raw).hexdigest(),
        size_bytes=len(raw),
        options=options,
    )


def _batches() -> dict[str, Batch]:
    raw = {path.name: path.read_bytes() for path in CASE.iterdir() if path.is_file()}
    sides = (Option("speaker", "UA"), Option("against", "RU"))
    press = (Option("feed", "press"), Option("lag_h", "1"), KYIV)

    def given(name: str, *options: Option) -> tuple[bytes, Delivery]:
        return raw[name], _delivery(name, raw[name], *options)

    return {
        "reports": media_reports.read(*given("reports.csv", *press)),
        "allegations": allegations.read(*given("allegations.csv", KYIV)),
        "claims": party_claims.read(*given("party_claims.json")),
        "launches": launch_claims.read(*given("launch_claims.csv", *sides, KYIV)),
        "alerts": sirens.read(*given("alerts.csv")),
    }


def test_every_row_is_usable() -> None:
    for name, batch in _batches().items():
        assert batch.observations, name
        assert batch.rejections == (), name


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("reports.csv", "url"),
        ("allegations.csv", "url"),
        ("launch_claims.csv", "source"),
        ("alerts.csv", "source"),
    ],
)
def test_every_row_says_where_it_was_published(file: str, column: str) -> None:
    with (CASE / file).open(encoding="utf-8", newline="") as lines:
        addresses = [row[column] for row in csv.DictReader(lines)]
    assert all(one.startswith("https://") for one in addresses)


def test_every_claim_says_where_it_was_published_and_none_gives_the_answer() -> None:
    claims = json.loads((CASE / "party_claims.json").read_text("utf-8"))
    assert all(one["url"].startswith("https://") for one in claims)
    assert not any({"true_claimant", "note"} & set(one) for one in claims)


def test_no_quoted_word_may_be_a_name() -> None:
    with (CASE / "allegations.csv").open(encoding="utf-8", newline="") as lines:
        quoted = [row["words"] for row in csv.DictReader(lines)]
    claims = json.loads((CASE / "party_claims.json").read_text("utf-8"))
    quoted += [one["text"] for one in claims if "text" in one]
    assert [nameless(words) for words in quoted] == quoted


def test_absence_of_a_claim_for_20_april_is_absence_of_a_row() -> None:
    rows = _batches()["launches"].observations
    days = {one.phenomenon_time.end.date().isoformat() for one in rows}
    assert "2025-04-20" not in days
    claims = [one.result for one in rows if isinstance(one.result, LaunchClaim)]
    assert min(claim.units for claim in claims) > 0


def test_both_sides_allege_and_the_press_tells_from_both_sides_of_the_line() -> None:
    batches = _batches()
    said = [one.result for one in batches["allegations"].observations]
    speakers = {one.speaker for one in said if isinstance(one, Statement)}
    assert speakers == {"RU", "UA"}
    printed = [one.result for one in batches["reports"].observations]
    outlets = {one.outlet for one in printed if isinstance(one, MediaReport)}
    assert {"donetsk-news.ru", "pravda.com.ua"} <= outlets


def test_the_totals_stand_as_printed() -> None:
    said = [one.result for one in _batches()["claims"].observations]
    totals = {
        (one.speaker, one.total)
        for one in said
        if isinstance(one, Statement) and one.total is not None
    }
    assert {("UA", 2935), ("RU", 4900), ("RU", 1300)} <= totals

"""What parties and outlets said, as a bulletin prints it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.share import dossiers

from trucewatch.grade.finding import (
    ContradictionKind,
)
from trucewatch.share.compose import compose
from trucewatch.share.formats.html import render
from trucewatch.share.release import Release
from trucewatch.share.select import period_before
from trucewatch.share.statements import host


def made(source):
    return compose(source, dossiers.order(), None, 7, "00" * 32)


def test_a_statement_made_late_about_an_earlier_day_is_printed():
    said = dossiers.statement("2,935 in all", "NOR", "north.example", ("all", 2935))
    late = replace(said, phenomenon_time=period_before(dossiers.DAY))
    before = dossiers.period(dossiers.DAY.begin - timedelta(hours=2))
    old = replace(late, result_time=before)
    ahead = dossiers.period(dossiers.DAY.end)
    next_day = replace(said, phenomenon_time=ahead)
    rows = made(dossiers.dossier(observations=(late, old, next_day))).statements
    assert [row.id for row in rows] == [late.id]


def test_a_speaker_who_is_no_party_stays_unnamed():
    said = dossiers.statement("Olena Testova said so", "Olena Testova", "n.example")
    (row,) = made(dossiers.dossier(observations=(said,))).statements
    assert row.speaker == ""
    assert "Olena" not in row.words


def test_contradicted_statements_cite_each_other():
    bulletin = made(dossiers.full(3))
    first, second = bulletin.statements
    assert first.contradicted_by == (second.id,)
    assert second.contradicted_by == (first.id,)


@pytest.mark.parametrize(
    ("other", "shown"),
    [("agreement:1", "the terms of the agreement"), ("incident:1", "sensors recorded")],
)
def test_a_claim_against_terms_or_sensors_is_printed_with_both_sides(other, shown):
    full = dossiers.full()
    (said,) = full.contradictions
    kind = ContradictionKind.TERMS
    against = replace(said, disagreement=kind, second=other)
    bulletin = made(replace(full, contradictions=(against,)))
    assert [row.second for row in bulletin.contradictions] == [other]
    assert {one.contradicted_by for one in bulletin.statements} == {()}
    (page,) = render(bulletin)
    assert shown in page.data.decode()


@pytest.mark.parametrize(
    ("outlet", "shown"),
    [
        ("https://north.example/by/a-person", "north.example"),
        ("https://user:word@north.example:8443/x", "north.example"),
        ("north.example/by/a-person", "north.example"),
        ("north.example", "north.example"),
        ("Norland News/Sud", "Norland News/Sud"),
        ("https://[broken/a-person", ""),
        ("", ""),
    ],
)
def test_an_outlet_is_its_host_and_no_path(outlet, shown):
    assert host(outlet) == shown


def test_the_address_of_a_statement_is_for_the_cell_and_its_host_for_all():
    source = dossiers.full(1)
    by_release = {}
    for release in Release:
        made = compose(source, dossiers.order(release=release), None, 7, "00" * 32)
        by_release[release] = {(one.outlet, one.address) for one in made.statements}
    whole = "https://north.example/2031/05/05/report"
    assert ("north.example", whole) in by_release[Release.CELL]
    assert ("north.example", "") in by_release[Release.PARTIES]
    assert ("north.example", "") in by_release[Release.PUBLIC]


@given(st.text())
def test_nothing_of_a_path_stays_in_an_outlet(path):
    assert host(f"https://north.example/{path}") == "north.example"
    assert host(f"north.example/{path}") == "north.example"

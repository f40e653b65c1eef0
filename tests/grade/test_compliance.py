from dataclasses import replace

import pytest

from tests.detect.build import day, hours
from tests.grade.build import (
    SETTINGS,
    STRONG,
    agreement,
    change,
    clause,
    reading,
    window,
)
from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.coverage import Coverage, Watch
from trucewatch.grade.compliance import Day, Kept, comply, kept
from trucewatch.grade.grade import grade


def watched(p, act=Act.ATTACK, sector="", procedure="patrol"):
    return Coverage(
        sector=sector,
        procedure=procedure,
        period=day(),
        act=act,
        watch=Watch.WATCHED,
        p_detect=p,
        watched_ratio=1.0,
        acquisitions=1,
        observations=1,
    )


def judged(terms=None, incidents=(), coverage=(), sectors=("",), where=None):
    terms = terms or agreement()
    findings = grade(list(incidents), (terms,), (), coverage, SETTINGS)
    sector_of = where or {one.id: "" for one in incidents}
    return comply(terms, Day(day(), sectors, sector_of, findings, coverage), SETTINGS)


def test_silence_nobody_listened_to_says_nothing():
    (row,) = judged()
    assert (row.seen, row.p_detect, row.bound_per_day) == (0, 0.0, None)
    assert kept(row.monitored, row.seen, verified=False) is Kept.NOT_MONITORED


def test_watched_silence_bounds_the_rate():
    (row,) = judged(coverage=[watched(0.9)])
    assert kept(row.monitored, row.seen, verified=False) is Kept.NONE_SEEN
    assert 3.0 < row.bound_per_day < 4.0  # one day cannot say more
    assert row.derived_from == (watched(0.9).id,)


def test_the_best_procedure_counts_and_the_worst_watched_act():
    terms = agreement(clauses=(clause(prohibits=(Act.SHELLING, Act.SHOT)),))
    seen = [
        watched(0.9, Act.SHELLING),
        watched(0.4, Act.SHELLING, procedure="viirs"),
        watched(0.3, Act.SHOT),
    ]
    assert judged(terms, coverage=seen)[0].p_detect == 0.3
    assert judged(terms, coverage=seen[:2])[0].p_detect == 0.0


def test_coverage_of_another_sector_or_day_does_not_count():
    other = replace(watched(0.9), period=hours(0, 4))
    elsewhere = watched(0.9, sector="somewhere")
    assert judged(coverage=[other, elsewhere])[0].p_detect == 0.0


def test_a_breach_seen_is_unresolved_until_a_person_verifies_it():
    (row,) = judged(incidents=[replace(STRONG, p_exists=0.97)])
    assert row.seen == 1
    assert 0 < row.false_per_day < 0.2
    assert kept(row.monitored, row.seen, verified=False) is Kept.UNRESOLVED
    assert kept(row.monitored, row.seen, verified=True) is Kept.VIOLATED


def test_an_improbable_breach_is_not_counted():
    (row,) = judged(incidents=[replace(STRONG, p_exists=0.3)])
    assert row.seen == 0


def test_an_incident_of_another_day_is_not_counted():
    one = replace(STRONG, p_exists=0.97)
    (row,) = judged(incidents=[one], where={"another": ""})
    assert row.seen == 0


def test_an_incident_counts_in_its_sector_and_everywhere():
    one = replace(STRONG, p_exists=0.97)
    rows = judged(incidents=[one], sectors=("", "n", "s"), where={one.id: "n"})
    assert [(row.sector, row.seen) for row in rows] == [("", 1), ("n", 1), ("s", 0)]


def test_readings_that_were_not_in_force_say_nothing():
    later = reading("B", windows=(window(hours(30, 31)),))
    without = reading("C", changes=(change(applies=False),))
    half = reading("D", windows=(window(hours(12, 12.001)),))
    rows = judged(agreement(readings=(reading("A"), later, without, half)))
    assert [row.reading for row in rows] == ["A", "D"]
    assert rows[0].exposure_days == 1.0
    assert rows[1].exposure_days == pytest.approx(0.5, abs=0.01)

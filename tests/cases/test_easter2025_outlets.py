"""It must show: no claim of Easter 2025 rises in grade with the number of outlets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import trucewatch
from trucewatch.collect.observation import MediaReport, Observation, Statement
from trucewatch.collect.source import Batch
from trucewatch.grade.finding import Finding, Grade
from trucewatch.watch.intake import arrivals, read
from trucewatch.watch.mission import local_day, read_mission
from trucewatch.watch.picture import Drawn, draw, known_at
from trucewatch.watch.run import method_of

CASE = Path(trucewatch.__file__).parent / "cases/easter2025/mission.yaml"
DAY = date(2025, 4, 20)
CUTOFF = datetime(2025, 4, 23, tzinfo=UTC)
STRENGTH = [
    Grade.UNVERIFIABLE,
    Grade.DISCOUNTED,
    Grade.CONTESTED,
    Grade.REPORTED,
    Grade.POSSIBLE,
    Grade.PROBABLE,
    Grade.VERIFIED,
]


def _copies(one: Observation, outlets: int) -> list[Observation]:
    """The observation as further outlets print it, each an hour later."""
    result = one.result
    if not isinstance(result, Statement | MediaReport):
        return []
    return [
        replace(
            one,
            result=replace(result, outlet=f"copy{n}.example"),
            result_time=replace(
                one.result_time,
                begin=one.result_time.begin + timedelta(hours=n),
                end=one.result_time.end + timedelta(hours=n),
            ),
            independence=one.independence
            if one.independence.startswith("party:")
            else f"media:copy{n}.example",
            row=f"{one.row}, copy {n}",
        )
        for n in range(1, outlets + 1)
    ]


def _drawn(outlets: int) -> Drawn:
    mission = read_mission(CASE)
    method = method_of(mission)
    told = []
    for arrived in arrivals(mission):
        batch = read(arrived)
        more = [c for one in batch.observations for c in _copies(one, outlets)]
        full = replace(batch, observations=(*batch.observations, *more))
        assert isinstance(full, Batch)
        told.append((arrived.delivery, full))
    period = local_day(DAY, method.plan.zone)
    known = known_at(told, CUTOFF, period.begin - method.horizon)
    return draw(known, method, period, CUTOFF)


def _by_terms(drawn: Drawn) -> dict[tuple[str, str, str], Finding]:
    return {(f.incident_name, f.clause, f.reading): f for f in drawn.findings}


@pytest.mark.parametrize("outlets", [1, 7])
def test_no_finding_rises_with_the_number_of_outlets(outlets: int) -> None:
    once, many = _by_terms(_drawn(0)), _by_terms(_drawn(outlets))
    assert once.keys() == many.keys()
    for key, one in once.items():
        copied = many[key]
        assert copied.p_breach <= one.p_breach + 1e-6
        assert copied.independent_origins <= one.independent_origins
        assert STRENGTH.index(copied.grade) <= STRENGTH.index(one.grade)


def test_the_known_misattribution_is_caught_however_often_it_is_copied() -> None:
    for outlets in (0, 5):
        kinds = {one.disagreement.value for one in _drawn(outlets).contradictions}
        assert "attribution" in kinds

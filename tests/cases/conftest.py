"""Runs a case's own mission for a few days and hands over what it issued."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import trucewatch
from tests.cases.issued import Issued, read
from trucewatch.share.release import Release, Stage
from trucewatch.watch.mission import Issue, Mission, read_mission
from trucewatch.watch.run import Settings, run

CASES = Path(trucewatch.__file__).parent / "cases"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RELEASES = (Release.PUBLIC, Release.PARTIES, Release.CELL)

Play = Callable[..., Issued]


@pytest.fixture(scope="session")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Run a case, reviewed, for some days; ``without`` leaves one source out."""
    played: dict[tuple[Any, ...], Issued] = {}

    def once(case: str, *days: str, without: str = "") -> Issued:
        key = (case, days, without)
        if key not in played:
            folder = tmp_path_factory.mktemp(case)
            mission = _only(read_mission(CASES / case / "mission.yaml"), days, without)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TRUCEWATCH_KEYS", str(folder / "keys"))
                run(mission, Settings(out=folder / "out", now=NOW), print)
            played[key] = read(folder / "out" / "bulletins")
        return played[key]

    return once


@pytest.fixture(scope="session")
def lent(play: Play) -> Play:
    """As ``play``, for cases that read lent data."""
    folder = os.environ.get("TRUCEWATCH_DATA", "")
    if not (folder and Path(folder).is_dir()):
        pytest.skip("TRUCEWATCH_DATA names no folder: the lent data are not here")
    return play


def _only(mission: Mission, days: tuple[str, ...], without: str) -> Mission:
    chosen = tuple(date.fromisoformat(day) for day in days)
    formats = ("html", "csv", "geojson", "json")
    issues = (
        Issue(stage=Stage.A3, releases=(Release.CELL,), days=chosen, formats=formats),
        Issue(stage=Stage.R, releases=RELEASES, days=chosen, formats=formats),
    )
    kept = tuple(one for one in mission.deliveries if one.source != without)
    return mission.model_copy(update={"bulletins": issues, "deliveries": kept})

"""Every shipped mission can be read, and says where each delivery comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cases.conftest import CASES, Play
from trucewatch.watch.mission import files_of, read_mission, terms_of

MISSIONS = sorted(CASES.glob("*/mission.yaml"))


def _named(path: Path) -> str:
    return path.parent.name


def test_the_cases_of_the_documentation_are_shipped() -> None:
    assert {_named(one) for one in MISSIONS} == {
        "easter2025",
        "easter2025-full",
        "easter2025-public",
        "energy2025",
        "energypause2026",
        "xmas2023",
    }


@pytest.mark.parametrize("path", MISSIONS, ids=_named)
def test_a_mission_is_named_like_its_folder_and_its_terms_hold(path: Path) -> None:
    mission = read_mission(path)
    assert mission.mission == _named(path)
    assert {reading.id for reading in terms_of(mission)[-1].readings} >= {"RU", "UA"}


@pytest.mark.parametrize("path", MISSIONS, ids=_named)
def test_every_delivery_has_a_licence_and_an_origin_others_can_reach(
    path: Path,
) -> None:
    for intake in read_mission(path).deliveries:
        assert intake.licence
        if intake.fetch:
            assert re.search(r"^https://\S+/[0-9a-f]{40}/", intake.fetch)
        else:
            assert (
                intake.files.startswith("${TRUCEWATCH_DATA}/")
                or (path.parent / intake.files).is_file()
            )


@pytest.mark.cases
@pytest.mark.parametrize("path", MISSIONS, ids=_named)
def test_the_lent_data_hold_every_file_a_mission_names(path: Path, lent: Play) -> None:
    mission = read_mission(path)
    named = [one for one in mission.deliveries if one.files]
    assert all(files_of(mission, one) for one in named)

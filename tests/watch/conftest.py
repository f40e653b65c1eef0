"""One finished run of the small mission, shared by the tests that only look at it."""

import pytest

from tests.watch.missions import small_mission
from trucewatch.watch.cli import code


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "private"


@pytest.fixture(autouse=True)
def own_keys(keys, monkeypatch):
    monkeypatch.setenv("TRUCEWATCH_KEYS", str(keys))


@pytest.fixture(scope="session")
def finished(tmp_path_factory, keys):
    folder = tmp_path_factory.mktemp("finished")
    mission = small_mission(folder / "mission")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        assert code(["run", str(mission), "--out", str(folder / "out")]) == 0
    return folder

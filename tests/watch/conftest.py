"""One finished run of the small mission, shared by the tests that only look at it."""

import json

import pytest

from tests.watch.missions import small_mission
from trucewatch.watch.cli import code

HIDDEN = ("\x1b", "\x07", "\u202e", "\ud800")


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


@pytest.fixture
def mission(tmp_path):
    return small_mission(tmp_path / "mission")


@pytest.fixture
def reports(mission):
    return mission.with_name("reports.csv")


@pytest.fixture
def run(mission, tmp_path, capsys):
    """Run the mission; give its exit code, output and messages, all checked."""

    def run(*options):
        left = code(["run", str(mission), "--out", str(tmp_path / "out"), *options])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        assert "fault of trucewatch" not in told.err
        assert not any(one in told.out + told.err for one in HIDDEN)
        assert not list((tmp_path / "out").glob("**/*.part"))
        return left, told.out, told.err

    return run


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder of radar pictures of an invented town, and its houses."""
    from tests.radar import TOWN, footprints, geotiffs

    folder = tmp_path_factory.mktemp("pictures")
    geotiffs(TOWN, folder)
    (folder / "houses.geojson").write_text(json.dumps(footprints(TOWN)))
    return folder

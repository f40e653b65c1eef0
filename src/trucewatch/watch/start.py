"""Start a run from the command line: where it writes, what it tells, what it uses."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from trucewatch.errors import MissionError
from trucewatch.watch.mission import read_mission
from trucewatch.watch.processes import processes
from trucewatch.watch.run import Settings, Summary, run
from trucewatch.watch.show import telling


def start(
    mission_file: Path,
    out: Path | None,
    *,
    until: datetime | None = None,
    workers: int = 1,
) -> tuple[Summary, Path]:
    """What a run did, and the folder it wrote to; ``out/<mission>`` by default.

    Raises:
        MissionError: if the mission file cannot be used, or a process was ended.
    """
    mission = read_mission(mission_file)
    folder = out or Path("out") / mission.mission
    with telling() as tell, processes(workers) as executor:
        settings = Settings(
            out=folder,
            now=datetime.now(UTC),
            until=until.replace(tzinfo=until.tzinfo or UTC) if until else None,
            executor=executor,
        )
        return run(mission, settings, tell), folder


def bundled(case: str) -> Path:
    """The mission file of a case shipped with trucewatch.

    Raises:
        MissionError: if no such case is shipped.
    """
    path = Path(str(files("trucewatch"))) / "cases" / case / "mission.yaml"
    if not path.is_file():
        known = sorted(
            one.parent.name for one in path.parents[1].glob("*/mission.yaml")
        )
        msg = f"no case named {case!r}; shipped: {', '.join(known)}"
        raise MissionError(msg)
    return path

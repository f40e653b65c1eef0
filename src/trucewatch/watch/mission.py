"""The mission file: which terms are watched, from which deliveries, for whom."""

from __future__ import annotations

import os
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trucewatch.agreement.read import read_agreement
from trucewatch.agreement.terms import Versions
from trucewatch.collect.delivery import Option
from trucewatch.errors import MissionError
from trucewatch.period import Period
from trucewatch.plugin import names
from trucewatch.share.release import Release, Stage
from trucewatch.watch.yamlfile import explained, parsed

SOURCES = "trucewatch.collect.sources"
DETECTORS = "trucewatch.detect.detectors"
FORMATS = "trucewatch.share.formats"
DEFAULT_FORMATS = ("html", "pdf", "csv", "geojson", "geoparquet", "map", "json")

# How long after the end of the day a stage may still take in news (FIELD: F0 within
# 15 minutes, automatic stages at 1, 4 and 12 hours, reviewed next evening, final
# after ten days). The mission file may move the reviewed stage.
STAGE_DELAY = {
    Stage.F0: timedelta(minutes=15),
    Stage.A1: timedelta(hours=1),
    Stage.A2: timedelta(hours=4),
    Stage.A3: timedelta(hours=12),
    Stage.R: timedelta(hours=19, minutes=30),
    Stage.FINAL: timedelta(days=10),
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Intake(_Part):
    """Deliveries of one source: files beside the mission, or one public address."""

    source: str
    files: str = ""
    fetch: str = ""
    sha256: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    options: dict[str, str] = {}
    licence: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> Intake:
        if bool(self.files) == bool(self.fetch):
            msg = "give either `files` or `fetch`"
            raise ValueError(msg)
        if self.fetch and not self.sha256:
            msg = "`fetch` needs the `sha256` of what is to be fetched"
            raise ValueError(msg)
        if self.source not in names(SOURCES):
            msg = f"no source {self.source!r}; known: {', '.join(names(SOURCES))}"
            raise ValueError(msg)
        return self

    def as_options(self) -> tuple[Option, ...]:
        """The settings, sorted by name."""
        return tuple(Option(k, v) for k, v in sorted(self.options.items()))


class Days(_Part):
    """The local days watched, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Days:
        if self.last < self.first:
            msg = f"the last day {self.last} comes before the first {self.first}"
            raise ValueError(msg)
        return self

    def all(self) -> tuple[date, ...]:
        """Every day, in order."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=n) for n in range(count))


class Issue(_Part):
    """Which bulletins to issue: one stage, for these releases, on these days."""

    stage: Stage
    releases: tuple[Release, ...] = Field(min_length=1)
    days: tuple[date, ...] | str = "all"
    formats: tuple[str, ...] = DEFAULT_FORMATS
    language: str = "en"

    @model_validator(mode="after")
    def _known(self) -> Issue:
        if isinstance(self.days, str) and self.days != "all":
            msg = f"`days` must be `all` or a list of days, not {self.days!r}"
            raise ValueError(msg)
        if unknown := sorted(set(self.formats) - set(names(FORMATS))):
            msg = f"no format {unknown}; known: {', '.join(names(FORMATS))}"
            raise ValueError(msg)
        if self.stage is Stage.F0 and set(self.releases) != {Release.CELL}:
            msg = "a flash (F0) goes to the cell only"
            raise ValueError(msg)
        return self


class Mission(_Part):
    """One mission file, checked; ``folder`` is where its relative paths start."""

    mission: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")
    title: str
    agreement: str
    days: Days
    zone: str = ""
    cutoff_after_day: timedelta = STAGE_DELAY[Stage.R]
    horizon: timedelta = timedelta(days=10)
    sectors: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    deliveries: tuple[Intake, ...]
    decisions: str = ""
    bulletins: tuple[Issue, ...] = ()
    folder: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _known(self) -> Mission:
        if unknown := sorted(set(self.detectors) - set(names(DETECTORS))):
            msg = f"no detector {unknown}; known: {', '.join(names(DETECTORS))}"
            raise ValueError(msg)
        for issue in self.bulletins:
            outside = set(issue.days if isinstance(issue.days, tuple) else ())
            if outside - set(self.days.all()):
                msg = f"a bulletin is asked for outside the days watched: {issue.days}"
                raise ValueError(msg)
        return self

    def chosen_detectors(self) -> tuple[str, ...]:
        """The detectors to run; all that are shipped where none is named."""
        return self.detectors or tuple(names(DETECTORS))


def local_day(day: date, zone: str) -> Period:
    """The 23 to 25 hours of one local day."""
    clock = ZoneInfo(zone)
    begin = datetime.combine(day, time(0), clock)
    end = datetime.combine(day + timedelta(days=1), time(0), clock)
    return Period(begin, end)


def read_mission(path: Path) -> Mission:
    """The checked mission file.

    Raises:
        MissionError: if the file cannot be read, is not a mission, or names what
            does not exist; the message lists every problem with where it stands.
    """
    body = parsed(path, "a mission file")
    try:
        mission = Mission.model_validate({**body, "folder": path.parent})
    except ValidationError as error:
        msg = f"{path.name} is not a mission file:\n  {explained(error)}"
        raise MissionError(msg) from None
    if mission.zone:
        _check_zone(mission.zone, path)
    return mission


def terms_of(mission: Mission) -> Versions:
    """The agreement the mission watches, in all its versions.

    Raises:
        AgreementError: if its terms are incomplete, contradictory or impossible.
        MissionError: if the file is absent, or lacks a sector the mission counts by.
    """
    path = mission.folder / expanded(mission.agreement)
    if not path.is_file():
        msg = f"the agreement {mission.agreement} is not beside the mission file"
        raise MissionError(msg)
    versions = read_agreement(path)
    known = {zone.id for version in versions for zone in version.zones}
    if unknown := sorted(set(mission.sectors) - known):
        msg = f"sectors {unknown} are no zones of the agreement: {sorted(known)}"
        raise MissionError(msg)
    return versions


def files_of(mission: Mission, intake: Intake) -> tuple[Path, ...]:
    """The files one intake names, sorted by name.

    Raises:
        MissionError: if a variable is not set or no file fits the pattern.
    """
    pattern = Path(expanded(intake.files))
    base = Path(pattern.anchor) if pattern.is_absolute() else mission.folder
    relative = pattern.relative_to(base) if pattern.is_absolute() else pattern
    found = sorted(one for one in base.glob(str(relative)) if one.is_file())
    if not found:
        msg = f"no file fits {intake.files!r} (source {intake.source})"
        raise MissionError(msg)
    return tuple(found)


def expanded(text: str) -> str:
    """``text`` with ``${NAME}`` replaced from the environment.

    Raises:
        MissionError: if a variable it names is not set.
    """
    for name in re.findall(r"\$\{(\w+)\}", text):
        if not os.environ.get(name):
            msg = (
                f"{text} needs the environment variable {name}, which is not set; "
                "it names the folder the data lies in"
            )
            raise MissionError(msg)
        text = text.replace(f"${{{name}}}", os.environ[name])
    return text


def _check_zone(zone: str, path: Path) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        msg = f"{path.name}: {zone!r} is no IANA time zone, such as Europe/Kyiv"
        raise MissionError(msg) from error

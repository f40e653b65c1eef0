"""The mission file: which terms are watched, from which deliveries, for whom."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from trucewatch.agreement.problem import Path as TermPath
from trucewatch.agreement.read import read_agreement
from trucewatch.agreement.terms import Versions
from trucewatch.collect.delivery import Option
from trucewatch.errors import MissionError
from trucewatch.period import Period
from trucewatch.plugin import names
from trucewatch.share.release import Release, Stage
from trucewatch.share.text import languages
from trucewatch.watch.regular import what_it_is
from trucewatch.watch.yamlfile import explained, parsed

SOURCES = "trucewatch.collect.sources"
DETECTORS = "trucewatch.detect.detectors"
FORMATS = "trucewatch.share.formats"
DEFAULT_FORMATS = ("html", "pdf", "csv", "geojson", "geoparquet", "map", "json")

# Slips of a key, not missions: days outside the years that zones have rules for, more
# days than a century has, delays and look-backs beyond a year.
FIRST_DAY, LAST_DAY, MOST_DAYS = date(1900, 1, 1), date(2200, 1, 1), 36_525
LONGEST = timedelta(days=366)
SHOWN = 60  # characters of a value quoted in a message

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
        if self.first < FIRST_DAY or self.last > LAST_DAY:
            msg = f"days must lie between {FIRST_DAY} and {LAST_DAY}"
            raise ValueError(msg)
        if (self.last - self.first).days >= MOST_DAYS:
            msg = f"at most {MOST_DAYS} days; from {self.first} to {self.last} are more"
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
    formats: tuple[str, ...] = Field(default=DEFAULT_FORMATS, min_length=1)
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
        if self.language not in languages():
            known = ", ".join(languages())
            msg = f"no language {self.language!r}; known: {known}"
            raise ValueError(msg)
        return self

    @classmethod
    def asked(
        cls, stage: Stage, release: Release, formats: tuple[str, ...], language: str
    ) -> Issue:
        """One bulletin asked for on the command line.

        Raises:
            MissionError: if there is no such format or language, or no such release
                of the stage.
        """
        try:
            return cls(
                stage=stage, releases=(release,), formats=formats, language=language
            )
        except ValidationError as error:
            raise MissionError(explained(error)) from None


class Mission(_Part):
    """One mission file, checked."""

    mission: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")
    title: str
    agreement: str
    days: Days
    zone: str = ""
    cutoff_after_day: timedelta = Field(
        default=STAGE_DELAY[Stage.R], ge=timedelta(0), le=LONGEST
    )
    horizon: timedelta = Field(default=timedelta(days=10), ge=timedelta(0), le=LONGEST)
    sectors: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    deliveries: tuple[Intake, ...]
    decisions: str = ""
    bulletins: tuple[Issue, ...] = ()
    _folder: Path = PrivateAttr(default=Path())

    @field_validator("detectors")
    @classmethod
    def _known(cls, detectors: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(detectors) - set(names(DETECTORS))):
            msg = f"no detector {unknown}; known: {', '.join(names(DETECTORS))}"
            raise ValueError(msg)
        return detectors

    def check_watched(self, day: date) -> None:
        """Return when a day is one of those watched.

        Raises:
            ValueError: if it is not.
        """
        if not self.days.first <= day <= self.days.last:
            msg = (
                f"a bulletin is asked for outside the days watched: {day} is not in"
                f" {self.days.first} to {self.days.last}"
            )
            raise ValueError(msg)

    @property
    def folder(self) -> Path:
        """Where relative paths of the mission start."""
        return self._folder

    def beside(self, path: Path) -> Mission:
        """The mission as read from ``path``: its files lie in the same folder."""
        self._folder = path.parent
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
    written = parsed(path, "a mission file")
    try:
        mission = Mission.model_validate(written.body)
    except ValidationError as error:
        raise written.refused(error) from None
    for place, why in _unusable(mission):
        wrong = written.wrong(place, why)
        raise wrong
    return mission.beside(path)


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
    literal = base / relative
    try:
        every = [literal] if literal.is_file() else sorted(base.glob(str(relative)))
    except (OSError, ValueError, IndexError, NotImplementedError) as error:
        msg = f"{_shown(intake.files)} is no pattern of file names, such as day-*.csv"
        raise MissionError(msg) from error
    files = [one for one in every if one.is_file()]
    odd = [one for one in every if not (one.is_file() or one.is_dir())]
    for one in odd or ([] if files else [literal]):
        if what := what_it_is(one):
            msg = f"{one} is {what}, not a file (source {intake.source})"
            raise MissionError(msg)
    if not files:
        shown = _shown(intake.files)
        msg = f"no file fits {shown} in {base} (source {intake.source})"
        raise MissionError(msg)
    return tuple(files)


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


def _unusable(mission: Mission) -> Iterator[tuple[TermPath, str]]:
    """Where in the file, and why, values do not go together with the rest."""
    if mission.zone and not _is_zone(mission.zone):
        why = f"{_shown(mission.zone)} is no IANA time zone, such as Europe/Kyiv"
        yield ("zone",), why
    for number, issue in enumerate(mission.bulletins):
        for day in issue.days if isinstance(issue.days, tuple) else ():
            try:
                mission.check_watched(day)
            except ValueError as error:
                yield ("bulletins", number, "days"), str(error)


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")

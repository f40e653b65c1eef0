"""Records of miniSEED as they arrive, in files that never change once they are named.

One file per station and hour, or day. It ends in ``.part`` while it grows; a mission
reads only what is finished, so that what was hashed stays what it was.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from trucewatch.collect.seismology import Record, read_records
from trucewatch.errors import SourceError

MAX_BYTES = 2_000_000_000
# Repeated records are recognised among so many of the last; servers repeat few.
_REMEMBERED = 20_000
_PART = ".part"


class Roll(StrEnum):
    """How long one file lasts."""

    HOUR = "hour"
    DAY = "day"

    def of(self, time: datetime) -> str:
        """The part of a file's name that says when, by UTC."""
        return time.strftime("%Y-%m-%d" if self is Roll.DAY else "%Y-%m-%dT%H")


@dataclass(slots=True)
class Heard:
    """How listening went.

    Attributes:
        bad: records that were no miniSEED, and were not kept.
        again: how often a new connection or request was needed after a failure.
        why: what went wrong last.
    """

    bad: int = 0
    again: int = 0
    why: str = ""


class Rolled:
    """A folder that records are added to."""

    def __init__(self, folder: Path, roll: Roll) -> None:
        """Make the folder, unless it is there."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.roll = folder, roll
        self.count = self.repeated = self.size_bytes = 0
        self.stations: set[str] = set()
        self._open: dict[str, tuple[str, IO[bytes]]] = {}
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    @property
    def full(self) -> bool:
        """Whether it holds as much as one run may write."""
        return self.size_bytes >= MAX_BYTES

    def add(self, record: Record) -> bool:
        """Write a record down, unless the same bytes came before; whether it was new.

        A record of another hour finishes its station's file; one that comes late
        begins a further file of its hour.
        """
        digest = hashlib.sha256(record.raw).digest()
        if digest in self._seen:
            self.repeated += 1
            return False
        self._seen[digest] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        file = self._file(record)
        file.write(record.raw)
        file.flush()
        self.count += 1
        self.size_bytes += len(record.raw)
        self.stations.add(record.station)
        return True

    def finish(self) -> tuple[Path, ...]:
        """Name every open file for good; the names given."""
        return tuple(self._named(station) for station in sorted(self._open))

    def _file(self, record: Record) -> IO[bytes]:
        when = self.roll.of(record.begin)
        station = record.station
        if station in self._open and self._open[station][0] != when:
            self._named(station)
        if station not in self._open:
            path = self.folder / f"{station}.{when}{_PART}"
            if path.exists():
                _mend(path)
            self._open[station] = (when, path.open("ab"))
        return self._open[station][1]

    def _named(self, station: str) -> Path:
        when, file = self._open.pop(station)
        file.close()
        for number in range(1, 1_000_000):
            more = "" if number == 1 else f".{number}"
            path = self.folder / f"{station}.{when}{more}.mseed"
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                continue
            return (self.folder / f"{station}.{when}{_PART}").replace(path)
        msg = f"{self.folder} has a million files of {station} and {when}"
        raise SourceError(msg)


def _mend(path: Path) -> None:
    """Cut off a record that a killed run left half written."""
    raw = path.read_bytes()
    whole = len(raw) // 512 * 512
    while whole:
        try:
            read_records(raw[:whole])
        except SourceError:
            whole -= 512
        else:
            break
    with path.open("r+b") as file:
        file.truncate(whole)

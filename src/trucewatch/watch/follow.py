"""Follow the picks of an acoustic network, and print incidents as they are known."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trucewatch.collect.sheet import Reject, sheet_of
from trucewatch.errors import SourceError
from trucewatch.fuse.acoustic.checkpoint import restore, saved
from trucewatch.fuse.acoustic.course import Around
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.stream import LATENESS_S, Stream
from trucewatch.fuse.acoustic.version import Status, Version
from trucewatch.watch.acoustic_files import Clock, Tables, around, nodes, picks_of
from trucewatch.watch.acoustic_results import DECIMALS, shown_time
from trucewatch.watch.ground_frame import SQRT_CHI2_90, Frame, axes
from trucewatch.watch.growing import STANDARD_INPUT, Growing

WITNESSES = 3  # so many nodes have to be past a time before the clock is


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How picks are followed.

    Attributes:
        lateness_s: how late a pick may come.
        idle_s: stop when no pick came for so long; None to go on for ever.
        state: where the state is kept between calls.
    """

    lateness_s: float = LATENESS_S
    idle_s: float | None = None
    state: Path | None = None


class Follower:
    """One call: a stream, and how far its table was read.

    Attributes:
        header: first line of the table of picks.
        lines: how many lines were read.
        offset: how many bytes.
        name: of the table of picks, in errors.
        clock: how the table counts time; None before the first pick.
        heard_s: time of the latest pick of each node.
    """

    def __init__(
        self,
        tables: Tables,
        settings: EngineSettings,
        how: Following,
        executor: Executor | None = None,
    ) -> None:
        """Nodes are read, and the state of an earlier call if there is one.

        The executor solves blocks meanwhile.

        Raises:
            SourceError: if the table of nodes or the state cannot be used.
        """
        self.tables, self.how = tables, how
        piped = tables.picks == STANDARD_INPUT
        self.name = "standard input" if piped else tables.picks.name
        self.frame, self.network, rejects = nodes(tables.sensors)
        self.stream = Stream(self.network, settings, how.lateness_s, executor)
        self.rejects: list[Reject] = list(rejects)
        self.header, self.lines, self.offset = b"", 0, 0
        self.clock: Clock | None = None
        self.heard_s = np.full(len(self.network.sensor_id), -np.inf)
        if how.state and how.state.exists():
            self._load(how.state)

    def lines_of(self, piece: bytes) -> Iterator[str]:
        """What there is to print after some more lines of the table of picks.

        Raises:
            SourceError: if the header is not one of a table of picks.
        """
        if not self.header and piece:
            self.header, _, piece = piece.partition(b"\n")
            self.lines = 1
            name = self.name
            sheet_of(self.header + b"\n", name, ["pick_id", "sensor_id"])
        if piece.strip():
            self._take(piece)
        now_s = np.sort(self.heard_s)[-WITNESSES]
        versions = self.stream.advance(float(now_s)) if np.isfinite(now_s) else []
        if self.stream.behind:
            versions += self.stream.complete()
        yield from self._told(versions)

    def last_lines(self) -> Iterator[str]:
        """What there is to print when no pick will come any more."""
        yield from self._told(self.stream.finish())

    def _take(self, piece: bytes) -> None:
        """Picks go to the stream; rows and picks that cannot be used are kept.

        Raises:
            SourceError: if the table counts times in no known way, or in two.
        """
        name, before = self.name, self.lines
        self.lines += piece.count(b"\n")
        data = self.header + b"\n" + piece
        try:
            sheet = sheet_of(data, name, ["pick_id", "sensor_id"])
        except SourceError as error:
            self._one_by_one(piece, before, str(error))
            return
        origin = self.clock.origin_s if self.clock else None
        try:
            clock, picks, ids = picks_of(sheet, self.network, origin)
        except SourceError:
            if not sheet.rejects:
                raise
        else:
            if len(picks.time_s):
                self._start(clock)
                self.stream.feed(picks, [str(one) for one in ids.to_pylist()])
                np.maximum.at(self.heard_s, picks.sensor, picks.time_s)
        for one in sheet.rejects:
            self.rejects.append(Reject(name, before + one.line - 1, one.reason))

    def _one_by_one(self, piece: bytes, before: int, why: str) -> None:
        """A piece that is no table: of several lines, each is tried alone."""
        lines = piece.splitlines(keepends=True)
        if len(lines) == 1:
            self.rejects.append(Reject(self.name, before + 1, why))
            return
        self.lines = before
        for line in lines:
            self._take(line)

    def _start(self, clock: Clock) -> None:
        """Weather and outages are read, once it is known how time is counted."""
        if self.clock is None:
            self.clock = clock
            self.reread()

    def reread(self) -> None:
        """Weather and outages are as their tables now say.

        Raises:
            SourceError: if one cannot be used.
        """
        if self.clock is None:
            return
        known = self.network.sensor_id
        weather, outages, rejects = around(self.tables, self.clock, known)
        self.stream.tell(Around(weather=weather, outages=outages))
        self.rejects += rejects

    def _told(self, versions: list[Version]) -> Iterator[str]:
        for version in versions:
            if self.clock is not None:
                yield json.dumps(row_of(version, self.frame, self.clock))
        for late in self.stream.refused:
            reason = f"pick {late.pick_id!r} {late.reason}"
            self.rejects.append(Reject(self.name, 0, reason))
        self.stream.refused.clear()

    def keep(self) -> None:
        """The state stands in its file, whole or not at all."""
        if self.how.state is None or self.clock is None:
            return
        head = {
            "header": self.header.decode(),
            "lines": self.lines,
            "offset": self.offset,
            "iso": self.clock.iso,
            "origin_s": self.clock.origin_s,
            "heard_s": [one if np.isfinite(one) else None for one in self.heard_s],
        }
        body = json.dumps(head).encode() + b"\n" + saved(self.stream)
        beside = self.how.state.with_name(self.how.state.name + ".new")
        beside.write_bytes(body)
        beside.replace(self.how.state)

    def _load(self, path: Path) -> None:
        try:
            first, _, body = path.read_bytes().partition(b"\n")
            restore(self.stream, body)
            head: dict[str, Any] = json.loads(first)
        except (OSError, ValueError) as error:
            msg = f"{path} cannot be used as a state: {error}"
            raise SourceError(msg) from error
        self.header = head["header"].encode()
        self.lines, self.offset = head["lines"], head["offset"]
        self.clock = Clock(head["iso"], head["origin_s"])
        heard = [-np.inf if one is None else one for one in head["heard_s"]]
        self.heard_s = np.array(heard)
        self.reread()


def follow(tables: Tables, settings: EngineSettings, how: Following) -> None:
    """Print a line of JSON for each version of an incident, until the picks end.

    Rejected rows go to standard error. Ctrl-C keeps the state and ends the call;
    without a state to keep, all that was heard is closed first.

    Raises:
        SourceError: if a table as a whole cannot be used.
    """
    with ThreadPoolExecutor(1) as beside:
        follower = Follower(tables, settings, how, beside)
        try:
            _listen(follower)
        except KeyboardInterrupt:
            if how.state is not None:
                follower.keep()
                return
        _show(follower, follower.last_lines())
    if how.state is not None:
        how.state.unlink(missing_ok=True)


def _listen(follower: Follower) -> None:
    """All that comes is followed, and the state kept with each closed epoch."""
    tables, how = follower.tables, follower.how
    resumes = follower.offset if tables.picks != STANDARD_INPUT else 0
    growing = Growing(tables.picks, resumes, how.idle_s)
    epoch = follower.stream.course.epoch
    for piece in growing.pieces():
        if tables.picks != STANDARD_INPUT:
            follower.offset = growing.offset
        _show(follower, follower.lines_of(piece))
        if follower.stream.course.epoch != epoch:
            epoch = follower.stream.course.epoch
            follower.keep()
            follower.reread()


def _show(follower: Follower, lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    for one in follower.rejects:
        at = f" line {one.line}" if one.line else ""
        sys.stderr.write(f"rejected {one.file}{at}: {one.reason}\n")
    follower.rejects.clear()


def row_of(version: Version, frame: Frame, clock: Clock) -> dict[str, Any]:
    """A version in the frame and the clock of the files, as the batch rounds it."""
    names = frame.columns
    x, y = np.array([version.x_m]), np.array([version.y_m])
    first, second = frame.back(x, y)
    cov = version.cov
    long, short, turn = axes(*(cov[i : i + 1, j] for i, j in ((0, 0), (0, 1), (1, 1))))
    turn = np.mod(turn - frame.north_deg(x, y), 180.0)
    time = shown_time(clock, version.time_s)
    return {
        "incident": version.name,
        "origin": version.origin,
        "supersedes": version.supersedes,
        "revision": version.revision,
        "status": Status(version.status).value,
        f"time{clock.suffix}": time if clock.iso else float(time),
        names[0]: round(float(first[0]), DECIMALS[names[0]]),
        names[1]: round(float(second[0]), DECIMALS[names[1]]),
        "semi_major_m": round(SQRT_CHI2_90 * float(long[0]), 2),
        "semi_minor_m": round(SQRT_CHI2_90 * float(short[0]), 2),
        "azimuth_deg": round(float(turn[0]), 2),
        "time_sd_s": round(float(np.sqrt(cov[2, 2])), 4),
        "probability": round(version.probability, 4),
        "n_arrivals": len(version.pick_id),
        "pick_ids": list(version.pick_id),
    }

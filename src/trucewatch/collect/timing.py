"""What the records of channels say of their clocks, record by record.

miniSEED 2 has a flag for a doubtful time and one for a locked clock, and in blockette
1001 a quality of 0 to 100; miniSEED 3 has the same as flags and as the extra header
``FDSN.Time.Quality``. Some stations write the quality down as a channel of its own,
``LCQ``. What a quality means is the maker's own; the bounds below are those of the
widespread Q330, by judgement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.collect.nodes import Clock
from trucewatch.collect.seismology import MISSING
from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from obspy import Stream
    from pymseed import MS3Record

LOCKED_PERCENT = 90
HELD_PERCENT = 40  # below, it ran on by itself for too long
SIGMA_S = {
    Clock.LOCKED: 0.001,
    Clock.HOLDOVER: 0.05,
    Clock.UNKNOWN: float("nan"),
    Clock.FREE: float("nan"),
}
QUALITY_CHANNEL = "LCQ"
CRACK_NS = 5_000_000  # records nearer to each other follow one another
_WORST_FIRST = (Clock.FREE, Clock.HOLDOVER, Clock.UNKNOWN, Clock.LOCKED)
_QUESTIONABLE, _CLOCK_LOCKED = 2, 4  # bits of the flags. Source: miniSEED 3, field 5.


@dataclass(frozen=True, slots=True)
class Ticking:
    """A time through which a channel, or a whole station, said one thing of its clock.

    Attributes:
        name: SEED name ``NET.STA.LOC.CHA`` of a channel, or ``NET.STA``.
        begin_ns: nanoseconds since 1970-01-01 UTC.
        end_ns: excluded.
        clock: what was said.
    """

    name: str
    begin_ns: int
    end_ns: int
    clock: Clock


def of_quality(quality_percent: float) -> Clock:
    """What a quality of 0 to 100 says of a clock."""
    if quality_percent >= LOCKED_PERCENT:
        return Clock.LOCKED
    return Clock.HOLDOVER if quality_percent >= HELD_PERCENT else Clock.FREE


def ticking(raw: bytes) -> tuple[Ticking, ...]:
    """What every record of miniSEED bytes says of its clock, up to a damaged one.

    Raises:
        SourceError: if pymseed is absent.
    """
    try:
        from pymseed import MS3Record
        from pymseed.exceptions import PymseedError
    except ImportError as error:
        raise SourceError(MISSING) from error
    found: list[Ticking] = []
    records = MS3Record.from_buffer(raw, validate_crc=False)
    try:
        found.extend(_said(one) for one in records if one.samplecnt > 0)
    except (PymseedError, ValueError, UnicodeError):
        return tuple(found)  # what follows is unknown; whoever decodes it will complain
    return tuple(found)


def _said(one: MS3Record) -> Ticking:
    """What one record says of its clock.

    Raises:
        ValueError: if its name is none.
    """
    name = name_of(one)
    step_ns = 1e9 / one.samprate if one.samprate > 0 else 0.0
    end_ns = round(one.starttime + one.samplecnt * step_ns)
    quality = quality_of(one)
    if one.flags & _QUESTIONABLE:
        clock = Clock.FREE
    elif quality is not None:
        clock = of_quality(quality)
    else:
        clock = Clock.LOCKED if one.flags & _CLOCK_LOCKED else Clock.UNKNOWN
    return Ticking(name, int(one.starttime), end_ns, clock)


def name_of(one: MS3Record) -> str:
    """The SEED name of a record.

    Raises:
        ValueError: if it has none.
    """
    from pymseed import sourceid2nslc

    return ".".join(sourceid2nslc(one.sourceid))


def quality_of(one: MS3Record) -> float | None:
    """The quality of a record's time in percent; ``None`` where it says none."""
    if not one.extra:
        return None
    try:
        told = json.loads(one.extra)["FDSN"]["Time"]["Quality"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    number = isinstance(told, int | float) and not isinstance(told, bool)
    return float(told) if number and 0 <= told <= 100 else None


def of_channels(stream: Stream) -> Iterator[Ticking]:
    """What channels ``LCQ`` say of their stations' clocks, a value at a time."""
    for trace in stream:
        if trace.stats.channel != QUALITY_CHANNEL or trace.data.dtype.kind not in "iuf":
            continue
        station = f"{trace.stats.network}.{trace.stats.station}"
        begin_ns, rate_hz = trace.stats.starttime.ns, float(trace.stats.sampling_rate)
        if rate_hz <= 0 or not len(trace.data):
            continue
        edges = np.flatnonzero(np.diff(trace.data, prepend=trace.data[0] - 1))
        for first, last in zip(edges, [*edges[1:], len(trace.data)], strict=True):
            yield Ticking(
                station,
                int(begin_ns + first * 1e9 / rate_hz),
                int(begin_ns + last * 1e9 / rate_hz),
                of_quality(float(trace.data[first])),
            )


class Clocks:
    """What is known of the clocks of some channels."""

    def __init__(self, said: Iterable[Ticking]) -> None:
        """Sort what was said by channel or station and time."""
        self._of: dict[str, list[Ticking]] = {}
        for one in sorted(said, key=lambda o: (o.name, o.begin_ns, o.end_ns, o.clock)):
            _append(self._of.setdefault(one.name, []), one)

    def through(
        self, channel_id: str, begin_ns: int, end_ns: int
    ) -> tuple[tuple[int, int, Clock], ...]:
        """A time divided where the clock of a channel changes: begin, end, state.

        Where channel and station say different things, the worse counts.
        """
        station = ".".join(channel_id.split(".")[:2])
        said = [
            one
            for name in (channel_id, station)
            for one in self._of.get(name, ())
            if one.begin_ns < end_ns and one.end_ns > begin_ns
        ]
        bounds = {begin_ns, end_ns}
        bounds |= {t for o in said for t in (o.begin_ns, o.end_ns)}
        cuts = sorted(t for t in bounds if begin_ns <= t <= end_ns)
        parts: list[tuple[int, int, Clock]] = []
        for first, last in zip(cuts, cuts[1:], strict=False):
            clock = _worst([o for o in said if o.begin_ns <= first < o.end_ns])
            if parts and parts[-1][2] is clock:
                parts[-1] = (parts[-1][0], last, clock)
            else:
                parts.append((first, last, clock))
        return tuple(parts)


def _append(before: list[Ticking], one: Ticking) -> None:
    """Add what was said, as one with the last where that said the same until then."""
    if before and abs(one.begin_ns - before[-1].end_ns) <= CRACK_NS:
        last = before.pop()
        if last.clock is one.clock:
            one = replace(one, begin_ns=last.begin_ns)
        else:
            before.append(replace(last, end_ns=one.begin_ns))
    before.append(one)


def _worst(said: Sequence[Ticking]) -> Clock:
    clocks = {one.clock for one in said}
    return next((one for one in _WORST_FIRST if one in clocks), Clock.UNKNOWN)

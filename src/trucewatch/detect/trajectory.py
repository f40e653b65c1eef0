"""What things that move told, joined over all deliveries of one family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from trucewatch.collect.shapes import WGS84
from trucewatch.collect.source import Columns
from trucewatch.collect.tracks import SCHEMA, Flags, Integers, Numbers, TrackPoints
from trucewatch.detect.detection import Evidence
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.record import RecordId

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_NS = 1_000_000_000
# Wide enough for any place nobody told the error of.
_UNKNOWN_M = 1_000.0


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Messages of one family inside the watched period, by identity, then by time.

    Attributes:
        family: of the procedures that heard them.
        table: number of each message's table in ``names``.
        names: ids of the tables.
    """

    family: str
    points: TrackPoints
    table: Integers
    names: tuple[RecordId, ...]

    def __len__(self) -> int:
        """How many messages."""
        return len(self.points)

    def taken(self, which: Flags | Integers) -> Trajectories:
        """The chosen messages, in the same order."""
        return Trajectories(
            self.family, self.points.taken(which), self.table[which], self.names
        )

    def row(self, at: int) -> RecordId:
        """The name of one message."""
        return RecordId(f"{self.names[self.table[at]]}#{self.points.row[at]}")

    def runs(self) -> Iterator[tuple[str, slice]]:
        """Every identity with its messages; those without one are left out."""
        if not len(self):
            return
        identity = self.points.identity
        starts = [0, *(np.flatnonzero(identity[1:] != identity[:-1]) + 1).tolist()]
        for begin, end in zip(starts, [*starts[1:], len(self)], strict=True):
            if identity[begin]:
                yield str(identity[begin]), slice(begin, end)

    def period(self, first: int, last: int) -> Period:
        """From the begin of one message to the end of another."""
        begin, end = self.points.begin_ns[first], self.points.end_ns[last]
        return Period(instant(int(begin)), instant(max(int(end), int(begin) + 1000)))

    def place(self, at: int) -> Place:
        """Where a message that tells a place puts the thing."""
        radius = float(self.points.radius90_m[at])
        return Place.circle(
            float(self.points.lat_deg[at]),
            float(self.points.lon_deg[at]),
            radius if radius > 0 else _UNKNOWN_M,
        )


def families(evidence: Evidence) -> Iterator[Trajectories]:
    """The messages of each family that touch the watched period, in a total order."""
    tables = {
        one.table.id: one for one in evidence.columns if one.table.schema == SCHEMA
    }
    ordered = [tables[name] for name in sorted(tables)]
    for family in sorted({one.table.procedure for one in ordered}):
        mine = [one for one in ordered if one.table.procedure == family]
        joined = _joined(family, mine, evidence.watched)
        if len(joined):
            yield joined


def steps_m(points: TrackPoints) -> Numbers:
    """Geodesic distance from each message to the next; NaN where a place is missing."""
    lon, lat = points.lon_deg, points.lat_deg
    both = points.placed[1:] & points.placed[:-1]
    found = np.full(max(0, len(points) - 1), np.nan)
    if both.any():
        a, b = np.flatnonzero(both), np.flatnonzero(both) + 1
        _, _, metres = WGS84.inv(lon[a], lat[a], lon[b], lat[b])
        found[a] = metres
    return found


def instant(ns: int) -> datetime:
    """The instant of nanoseconds since 1970, to the microsecond below."""
    return EPOCH + timedelta(microseconds=ns // 1000)


def _joined(family: str, tables: Sequence[Columns], watched: Period) -> Trajectories:
    names = tuple(one.table.id for one in tables)
    read = [TrackPoints.from_columns(one) for one in tables]
    begin_ns, end_ns = _ns(watched.begin), _ns(watched.end)
    kept = [
        one.taken((one.begin_ns < end_ns) & (one.end_ns > begin_ns)) for one in read
    ]
    table = np.repeat(np.arange(len(kept)), [len(one) for one in kept])
    points = TrackPoints(**{
        name: np.concatenate([getattr(one, name) for one in kept])
        for name in TrackPoints.__slots__
    })
    identity = np.unique(points.identity, return_inverse=True)[1]
    order = np.lexsort((points.row, table, points.end_ns, points.begin_ns, identity))
    return Trajectories(family, points.taken(order), table[order], names)


def _ns(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1) * 1000

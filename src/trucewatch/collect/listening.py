"""What nodes listened to, drawn from their heartbeats and outages.

A node is said to have listened only where a heartbeat covers the time and its place is
told. Heartbeats that follow each other are one look; an outage is a look that failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from shapely import Point

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.nodes import Clock, Heartbeats, NodeOutages
from trucewatch.collect.observation import Acquisition, Cause, Outcome
from trucewatch.collect.shapes import MAX_LAT_DEG, around
from trucewatch.period import Period

Spot = tuple[float, float]  # latitude and longitude in degrees

# Looks whose listening shares differ by more than this are two.
_SAME_RATIO = 0.2


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time for which one thing is known of a node.

    Attributes:
        begin_ns: nanoseconds since 1970-01-01 UTC.
        end_ns: excluded.
        listening_ratio: 0 to 1.
        failed: it could not hear, or its times place nothing.
        first: row it begins with.
        last: row it ends with.
    """

    begin_ns: int
    end_ns: int
    listening_ratio: float
    failed: bool
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """How looks of nodes are drawn.

    Attributes:
        family: first word of the procedure.
        network: of the independence key.
        range_m: how far a node hears what it is there for.
        join_s: heartbeats not further apart follow each other.
    """

    family: str
    network: str
    range_m: float
    join_s: float


def listened(
    beats: Heartbeats | None,
    outages: NodeOutages | None,
    places: Mapping[str, Spot],
    hearing: Hearing,
    delivery: Delivery,
) -> tuple[Acquisition, ...]:
    """One look per unbroken stretch of a node whose place is told, in order of node.

    An outage without an end lasts until the last time the delivery tells.
    """
    told: dict[str, list[Stretch]] = {}
    last_ns = max(_times(beats, outages), default=0)
    for sensor, one in (*_beats(beats), *_outages(outages, last_ns)):
        told.setdefault(sensor, []).append(one)
    found: list[Acquisition] = []
    for sensor in sorted(set(told) & set(places)):
        lat_deg, lon_deg = places[sensor]
        if abs(lat_deg) > MAX_LAT_DEG:
            continue
        disc = around(Point(lon_deg, lat_deg), hearing.range_m)
        for one in stretches(told[sensor], hearing.join_s):
            found.append(_look(sensor, one, disc, hearing, delivery))
    return tuple(found)


def stretches(told: list[Stretch], join_s: float) -> list[Stretch]:
    """What is known of one node, without overlaps: what failed cuts what listened."""
    failed = _joined([one for one in told if one.failed], join_s)
    heard = _joined([one for one in told if not one.failed], join_s)
    kept = [part for one in heard for part in _without(one, failed)]
    return sorted([*failed, *kept], key=lambda one: one.begin_ns)


def _joined(told: list[Stretch], join_s: float) -> list[Stretch]:
    """Stretches that touch or nearly do as one, while they say the same.

    The share of a joined stretch is that of its parts by their lengths.
    """
    made: list[Stretch] = []
    for one in sorted(told, key=lambda one: (one.begin_ns, one.end_ns, one.first)):
        before = made[-1] if made else None
        if before is None or one.begin_ns > before.end_ns + join_s * 1e9:
            made.append(one)
            continue
        begin_ns = max(one.begin_ns, before.end_ns)
        if one.end_ns <= begin_ns:
            continue
        if abs(one.listening_ratio - before.listening_ratio) > _SAME_RATIO:
            part = (one.listening_ratio, one.failed, one.first, one.last)
            made.append(Stretch(begin_ns, one.end_ns, *part))
            continue
        old_ns, new_ns = before.end_ns - before.begin_ns, one.end_ns - begin_ns
        heard_ns = before.listening_ratio * old_ns + one.listening_ratio * new_ns
        ratio = min(heard_ns / (one.end_ns - before.begin_ns), 1.0)
        whole = (ratio, before.failed, before.first, one.last)
        made[-1] = Stretch(before.begin_ns, one.end_ns, *whole)
    return made


def _without(one: Stretch, failed: list[Stretch]) -> Iterator[Stretch]:
    """The parts of a stretch in which nothing failed."""
    begin_ns = one.begin_ns
    rest = (one.listening_ratio, one.failed, one.first, one.last)
    for gap in failed:
        if gap.end_ns <= begin_ns or gap.begin_ns >= one.end_ns:
            continue
        if gap.begin_ns > begin_ns:
            yield Stretch(begin_ns, gap.begin_ns, *rest)
        begin_ns = max(begin_ns, gap.end_ns)
    if begin_ns < one.end_ns:
        yield Stretch(begin_ns, one.end_ns, *rest)


def _beats(beats: Heartbeats | None) -> Iterator[tuple[str, Stretch]]:
    if beats is None:
        return
    clocks, rows = beats.clock.to_pylist(), beats.row.to_pylist()
    times = zip(beats.begin_ns.tolist(), beats.end_ns.tolist(), strict=True)
    for at, (begin_ns, end_ns) in enumerate(times):
        ratio, row = float(beats.listening_ratio[at]), str(rows[at])
        failed = ratio == 0 or clocks[at] == Clock.FREE
        part = Stretch(begin_ns, end_ns, ratio, failed, row, row)
        yield str(beats.sensor_id[at]), part


def _outages(
    outages: NodeOutages | None, last_ns: int
) -> Iterator[tuple[str, Stretch]]:
    if outages is None:
        return
    rows = outages.row.to_pylist()
    times = zip(outages.down_ns.tolist(), outages.up_ns.tolist(), strict=True)
    for at, (down_ns, up_ns) in enumerate(times):
        end_ns = min(up_ns, last_ns)
        if end_ns > down_ns:
            row = str(rows[at])
            part = Stretch(down_ns, end_ns, 0.0, True, row, row)
            yield str(outages.sensor_id[at]), part


def _times(beats: Heartbeats | None, outages: NodeOutages | None) -> Iterator[int]:
    """Every time the delivery tells; the end of what still lasts is none."""
    if beats is not None:
        yield from beats.end_ns.tolist()
    if outages is not None:
        ends = zip(outages.down_ns.tolist(), outages.up_ns.tolist(), strict=True)
        for down_ns, up_ns in ends:
            yield up_ns if up_ns < 2**62 else down_ns


def _look(
    sensor: str, one: Stretch, disc: Polygon, hearing: Hearing, delivery: Delivery
) -> Acquisition:
    rows = one.first if one.first == one.last else f"{one.first} to {one.last}"
    return Acquisition(
        procedure=f"{hearing.family}/{sensor}",
        footprint=disc,
        time=Period(_instant(one.begin_ns), _instant(one.end_ns)),
        outcome=Outcome.FAILURE if one.failed else Outcome.MISS,
        p_clear=0.0 if one.failed else one.listening_ratio,
        independence=f"{hearing.family}:{hearing.network}",
        row=rows,
        cause=Cause.OUTAGE if one.failed else Cause.UNKNOWN,
        derived_from=(delivery.id,),
    )


def _instant(time_ns: int) -> datetime:
    return datetime.fromtimestamp(time_ns // 1000 / 1e6, UTC)

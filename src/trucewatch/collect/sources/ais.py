"""AIS as NMEA 0183 lines, with or without tag blocks: where vessels said they were.

``!AIVDM`` and ``!AIVDO`` of any talker; one row per message, its line that of the first
sentence. A message without a place is kept as heard. Sentences of other devices, broken
lines, wrong checksums and messages that were never completed are rejected.

A line carries no time unless a tag block (``c:``) does; options ``begin`` and ``end``
say when the recording was made, and the others are rejected without them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.heard import pace_of, receiver_looks
from trucewatch.collect.lines import (
    Text,
    chosen_of,
    codes_of,
    lines_of,
    taken_apart,
)
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, options
from trucewatch.collect.sixbit import TYPES, Heard, heard, six_bits
from trucewatch.collect.source import Batch
from trucewatch.collect.tracking import (
    SECOND_NS,
    batch_of,
    in_our_time,
    moving,
    named,
    recorded_ns,
)
from trucewatch.collect.tracks import Flags, Integers, Mark, TrackPoints
from trucewatch.errors import SourceError

OPTIONS = moving("ais", radius_m="100", receiver="receiver", station="")

_SENTENCE = (
    r"^(?:\\(?P<tag>[^\\]*)\\)?[!$](?P<body>[A-Z]{2}VD[MO],(?P<parts>[1-9]),"
    r"(?P<part>[1-9]),(?P<group>[0-9]?),(?P<channel>[A-Z0-9]?),"
    r"(?P<payload>[0-W`-w]*),[0-5])\*(?P<sum>[0-9A-Fa-f]{2})$"
)
_CLOCK = r"(?:^|,)c:(?P<clock>\d{1,13})(?:[,*]|$)"
_MILLISECONDS_FROM = 100_000_000_000
_UNTIMED = "it has no time: no tag block tells it, nor do options begin and end"

Cells = Mapping[str, Text]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All messages as one table of track points; every other line rejected.

    Raises:
        SourceError: if nothing in it is AIS or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    pace = pace_of(chosen, "ais")
    recorded = recorded_ns(chosen)
    kept = Account(delivery)
    lines, number = lines_of(raw)
    said = ~np.asarray(pc.starts_with(lines, "#"), dtype=np.bool_)
    lines, number = chosen_of(lines, said), number[said]
    matched, cells = taken_apart(lines, _SENTENCE)
    if number.size and not matched.any():
        msg = f"delivery of {chosen.source} has no line that is an AIS sentence"
        raise SourceError(msg)
    _refuse(number[~matched], "it is no AIS sentence, or is broken", kept)
    number = number[matched]
    good = _checked(cells)
    _refuse(number[~good], "its checksum is wrong", kept)
    cells = {name: chosen_of(one, good) for name, one in cells.items()}
    whole = _complete(cells)
    first = np.equal(_integers(cells["part"]), 1)
    _refuse(number[good][~whole], "its message was never completed", kept)
    chosen_rows = whole & first
    cells = {name: chosen_of(one, chosen_rows) for name, one in cells.items()}
    points = _points(cells, number[good][chosen_rows], chosen, recorded, kept)
    looks = receiver_looks(points, pace, delivery, chosen)
    return batch_of(points, kept, delivery, chosen, looks)


def _refuse(numbers: Integers, why: str, kept: Account) -> None:
    for number in numbers.tolist():
        kept.reject(f"line {number}", why)


def _checked(cells: Cells) -> Flags:
    """Whether the exclusive or of a sentence's characters is its checksum.

    Source: NMEA 0183, 5.3.
    """
    codes, begin, end = codes_of(cells["body"])
    if not begin.size:
        return np.zeros(0, dtype=np.bool_)
    found = np.bitwise_xor.reduceat(codes, begin)  # no body is empty
    digits, at, _ = codes_of(cells["sum"])
    high, low = _nibble(digits[at]), _nibble(digits[at + 1])
    return np.asarray(found == high * 16 + low, dtype=np.bool_)


def _nibble(codes: Integers) -> Integers:
    value = codes.astype(np.int64)
    letter = np.where(value > 96, value - 87, value - 55)
    found: Integers = np.where(value < 58, value - 48, letter)
    return found


def _complete(cells: Cells) -> Flags:
    """Which sentences belong to a message all of whose sentences came, in order."""
    parts = _integers(cells["parts"])
    part = _integers(cells["part"])
    many = np.flatnonzero(parts > 1)
    complete = (parts == 1) & (part == 1)
    if not many.size:
        return np.asarray(complete)
    group = parts
    for name in ("group", "channel"):
        labels = cells[name].dictionary_encode().indices
        group = group * 256 + np.asarray(labels, dtype=np.int64)
    order = many[np.argsort(group[many], kind="stable")]
    start = np.flatnonzero(part[order] == 1)
    for size in range(2, int(parts.max()) + 1):
        begins = start[(parts[order[start]] == size) & (start + size <= len(order))]
        run = begins[:, None] + np.arange(size)
        in_order = (part[order[run]] == np.arange(1, size + 1)).all(axis=1)
        same = (group[order[run]] == group[order[begins]][:, None]).all(axis=1)
        complete[order[run[in_order & same]].ravel()] = True
    return np.asarray(complete)


def _integers(column: Text) -> Integers:
    found: Integers = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return found


def _points(
    cells: Cells,
    number: Integers,
    chosen: Options,
    recorded: tuple[int, int] | None,
    kept: Account,
) -> TrackPoints:
    codes, begin, end = codes_of(cells["payload"])
    said = heard(six_bits(codes, begin, end), end - begin, chosen.number("radius_m"))
    begin_ns, end_ns, timed = _times(cells["tag"], recorded)
    known = (said.kind >= TYPES.start) & (said.kind < TYPES.stop)
    good = known & said.whole & timed
    for row in np.flatnonzero(~good).tolist():
        kept.reject(f"line {number[row]}", _fault(said, row))
    points = TrackPoints.of(
        (begin_ns[good], end_ns[good]),
        number[good],
        named(said.mmsi[good].astype(np.str_), chosen),
        lat_deg=said.lat_deg[good],
        lon_deg=said.lon_deg[good],
        radius90_m=said.radius90_m[good],
        speed_mps=said.speed_mps[good],
        course_deg=said.course_deg[good],
        marks=np.where(said.fixed[good], Mark.STATIONARY.value, 0),
    )
    return points


def _fault(said: Heard, row: int) -> str:
    kind = int(said.kind[row])
    if not said.whole[row]:
        return f"it is too short for an AIS message of type {kind}"
    if kind not in TYPES:
        return f"there is no AIS message of type {kind}"
    return _UNTIMED


def _times(
    tag: Text, recorded: tuple[int, int] | None
) -> tuple[Integers, Integers, Flags]:
    """When each message was received, and whether that is known at all."""
    matched, found = taken_apart(tag, _CLOCK)
    written = _integers(found["clock"])
    seconds = np.where(written >= _MILLISECONDS_FROM, written // 1000, written)
    sane = in_our_time(seconds)
    rows = np.flatnonzero(matched)[sane]
    unset = recorded or (0, 0)
    begin = np.full(len(tag), unset[0], dtype=np.int64)
    end = np.full(len(tag), unset[1], dtype=np.int64)
    begin[rows] = seconds[sane] * SECOND_NS
    end[rows] = begin[rows] + SECOND_NS
    timed = np.full(len(tag), recorded is not None)
    timed[rows] = True
    return begin, end, timed

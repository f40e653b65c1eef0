"""Mode S and ADS-B frames as ``timestamp,hex`` lines: where aircraft said they were.

Timestamps are seconds since 1970 UTC by the receiver's clock; further columns are not
read, nor is a header. Decoded by rs1090; a frame whose parity is wrong is rejected. A
place needs an even and an odd frame of one aircraft within ten seconds; frames before
that, and frames that tell no place, are kept as heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.heard import pace_of, receiver_looks
from trucewatch.collect.lines import Text, chosen_of, lines_of, taken, taken_apart
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, options
from trucewatch.collect.sixbit import KNOT_MPS
from trucewatch.collect.source import Batch
from trucewatch.collect.tracking import (
    SECOND_NS,
    batch_of,
    in_our_time,
    library,
    moving,
    named,
)
from trucewatch.collect.tracks import Integers, Mark, Numbers, TrackPoints
from trucewatch.errors import SourceError
from trucewatch.place import SIGMAS_90, SIGMAS_95

OPTIONS = moving("adsb", clock_s="1", receiver="receiver", station="")

_LINE = (
    r'^"?(?P<time>\d{1,10}(?:\.\d{1,9})?)"?[ \t]*,[ \t]*'
    r'"?(?P<frame>(?:[0-9A-Fa-f]{14}){1,2})"?[ \t]*(?:,.*)?$'
)
_FOOT_M = 0.3048
# What rs1090 calls type code 0: the aircraft says that it does not know its place.
_NO_PLACE = "NoPosition"
# 95 % bounds of the horizontal error by navigation uncertainty category, 0 to 9.
# Source: ICAO Doc 9871, table A-2-5 (NUCp); 0 says nothing and is taken as 1.
_NUCP_95_M = (18_520, 18_520, 9_260, 1_852, 926, 463, 185.2, 92.6, 10, 3)
_TO_90 = SIGMAS_90 / SIGMAS_95
# Navigation accuracy category (NACp) that aircraft must hold where ADS-B is required,
# and the greatest at which the error is beyond 0.5 NM; an integrity level (SIL) of 0
# says that nothing bounds the error. Source: 14 CFR 91.227 (c)(1)(i), (c)(1)(v);
# ICAO Doc 9871, tables A-2-6 and A-2-7.
_NACP_GOOD, _NACP_POOR, _SIL_NONE = 8, 4, 0
# Frames decoded at once, so that a day of them is never held as objects.
_AT_ONCE = 50_000
# A piece of a long track begins so much earlier: places need pairs within ten seconds.
_LEAD_S = 180.0
# Only these formats carry an address that their own parity confirms.
_CONFIRMED = ("11", "17", "18")

Message = Mapping[str, object]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All frames with right parity as one table of track points; others rejected.

    Raises:
        SourceError: if no line is such a frame, an option is wrong, or rs1090 is not
            installed.
    """
    chosen = options(delivery, OPTIONS)
    pace = pace_of(chosen, "adsb")
    kept = Account(delivery)
    lines, number = lines_of(raw)
    matched, cells = taken_apart(lines, _LINE)
    if number.size and not matched.any():
        msg = f"delivery of {chosen.source} has no line of timestamp,hex"
        raise SourceError(msg)
    header = 1 if number.size and not matched[0] and number[0] == 1 else 0
    for one in number[~matched][header:].tolist():
        kept.reject(f"line {one}", "it is no time in seconds and frame in hexadecimal")
    seconds = cells["time"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    sane = in_our_time(seconds)
    for one in number[matched][~sane].tolist():
        kept.reject(f"line {one}", "its time is not in this century")
    frames = chosen_of(cells["frame"], sane)
    points = _points(frames, seconds[sane], number[matched][sane], chosen, kept)
    looks = receiver_looks(points, pace, delivery, chosen)
    return batch_of(points, kept, delivery, chosen, looks)


def _points(
    frames: Text,
    seconds: Numbers,
    number: Integers,
    chosen: Options,
    kept: Account,
) -> TrackPoints:
    """Decode one group of aircraft after the other, and put all in order of lines."""
    decoded = [
        _decoded(taken(frames, some), seconds[some], number[some], lead)
        for group in _by_aircraft(frames, seconds)
        for some, lead in _pieces(group, seconds)
    ]
    row = np.concatenate([np.zeros(0, np.int64), *(one[0] for one in decoded)])
    order = np.argsort(row)
    columns = {
        name: np.concatenate([empty, *(one[1][name] for one in decoded)])[order]
        for name, empty in _EMPTY.items()
    }
    for one in np.setdiff1d(number, row).tolist():
        kept.reject(f"line {one}", "its parity is wrong, or its format is not known")
    row = row[order]
    at = np.searchsorted(number, row)
    begin = (seconds[at] * SECOND_NS).astype(np.int64)
    end = begin + int(chosen.number("clock_s") * SECOND_NS)
    identity = named(columns.pop("identity"), chosen)
    return TrackPoints.of((begin, end), row, identity, **columns)


def _by_aircraft(frames: Text, seconds: Numbers) -> Iterator[Integers]:
    """Rows in groups of whole aircraft, each in order of time."""
    upper = pc.utf8_upper(pc.utf8_slice_codeunits(frames, 2, 8))
    aircraft = np.asarray(upper.dictionary_encode().indices, dtype=np.int64)
    order = np.lexsort((np.arange(len(aircraft)), seconds, aircraft))
    changes = np.flatnonzero(np.diff(aircraft[order])) + 1
    ends = [*changes.tolist(), len(order)]
    begin = 0
    for before, end in zip([0, *ends], ends, strict=False):
        if end - begin > _AT_ONCE and before > begin:
            yield order[begin:before]
            begin = before
    if begin < len(order):
        yield order[begin:]


def _pieces(group: Integers, seconds: Numbers) -> Iterator[tuple[Integers, int]]:
    """A group in pieces, each after the frames it needs to be decoded as in the whole.

    The second number says how many of the rows lead in and are not to be kept.
    """
    for first in range(0, len(group), _AT_ONCE):
        lead = first
        since = seconds[group[first]] - _LEAD_S
        while lead > max(0, first - _AT_ONCE // 2):
            if not since <= seconds[group[lead - 1]] <= seconds[group[first]]:
                break
            lead -= 1
        yield group[lead : first + _AT_ONCE], first - lead


_EMPTY: Mapping[str, Integers | Numbers | np.ndarray[tuple[int], np.dtype[np.str_]]] = {
    "identity": np.zeros(0, dtype=np.str_),
    "lat_deg": np.zeros(0),
    "lon_deg": np.zeros(0),
    "radius90_m": np.zeros(0),
    "height_m": np.zeros(0),
    "speed_mps": np.zeros(0),
    "course_deg": np.zeros(0),
    "marks": np.zeros(0, dtype=np.int64),
}


def _decoded(
    column: Text, seconds: Numbers, number: Integers, lead: int
) -> tuple[Integers, dict[str, Numbers]]:
    """The lines that rs1090 could decode after the lead, and their columns."""
    rs1090 = library("rs1090", "airsea")
    frames = [str(one) for one in column.to_pylist()]
    found: list[Message] = rs1090.decode(frames, seconds.tolist())
    at = _kept(frames, found)
    found = found[int(np.searchsorted(at, lead)) :]
    row = number[at[at >= lead]]
    lat, lon = _column(found, "latitude"), _column(found, "longitude")
    category = np.nan_to_num(_column(found, "NUCp")).astype(np.int64).clip(0, 9)
    confirmed = [str(one["icao24"]) if _sure(one) else "" for one in found]
    told = np.array([str(one.get("bds")) for one in found], dtype=np.str_)
    ground = np.where(told == "06", Mark.ON_GROUND.value, 0)
    lost = np.where(told == _NO_PLACE, Mark.GNSS_WITHOUT_FIX.value, 0)
    return row, {
        "identity": np.array(confirmed, dtype=np.str_),
        "lat_deg": lat,
        "lon_deg": lon,
        "radius90_m": np.array(_NUCP_95_M)[category] * _TO_90,
        "height_m": _column(found, "altitude") * _FOOT_M,
        "speed_mps": _column(found, "groundspeed") * KNOT_MPS,
        "course_deg": _column(found, "track"),
        "marks": ground | lost | _accuracy(found),
    }


def _accuracy(found: Sequence[Message]) -> Integers:
    """What operational and target states tell of the place, which they do not tell."""
    nacp, sil = _column(found, "NACp"), _column(found, "SIL")
    poor = (nacp <= _NACP_POOR) | (sil == _SIL_NONE)
    good = (nacp >= _NACP_GOOD) & ~poor
    marks: Integers = np.select(
        [poor, good], [Mark.INACCURATE_TOLD.value, Mark.ACCURATE_TOLD.value], 0
    )
    return marks


def _sure(message: Message) -> bool:
    return message.get("df") in _CONFIRMED and bool(message.get("icao24"))


def _kept(frames: Sequence[str], found: Sequence[Message]) -> Integers:
    """Which of the frames the messages came from; rs1090 leaves out the others."""
    if len(found) == len(frames):
        return np.arange(len(frames))
    kept, row = [], 0
    for message in found:
        while frames[row].lower() != message["frame"]:
            row += 1
        kept.append(row)
        row += 1
    return np.array(kept, dtype=np.int64)


def _column(found: Sequence[Message], name: str) -> Numbers:
    """Numbers under a key; NaN where a message has none."""
    return np.array([one.get(name) for one in found], dtype=np.float64)

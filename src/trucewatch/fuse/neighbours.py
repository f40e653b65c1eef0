"""Which cells could be one incident, found without looking at all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from trucewatch.detect.ellipse import EARTH_M
from trucewatch.fuse.cell import Cell
from trucewatch.period import Period
from trucewatch.place import SIGMAS_90, Place

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SHORT_US = 3_600_000_000  # bins of time for what lasts no longer
LONG_US = 86_400_000_000  # and for two that do: a report of a day lies in two


def neighbours(cells: Sequence[Cell], gate_sigmas: int) -> Integers:
    """Pairs of cells whose gates touch and whose times overlap, shape ``(n, 2)``.

    Each pair once, the smaller index first, sorted. All cells must be placed. Cost
    grows with the cells and the pairs that do lie close, not with all pairs.
    """
    if len(cells) < 2:
        return np.empty((0, 2), dtype=np.int64)
    ticks = np.array([microseconds(one.window) for one in cells], dtype=np.int64)
    boxes = _gates(cells, gate_sigmas)
    told_apart = _told_apart(cells)
    long = np.diff(ticks)[:, 0] > SHORT_US
    asked = [
        (rows, ~long[rows]) for rows in _bins(ticks, np.arange(len(cells)), SHORT_US)
    ]
    asked += [
        (rows, np.ones(len(rows), np.bool_))
        for rows in _bins(ticks, np.flatnonzero(long), LONG_US)
    ]
    found = [_overlapping(_touching(boxes, *one, told_apart), ticks) for one in asked]
    one, other = np.divmod(distinct(np.concatenate(found)), len(cells))
    return np.column_stack([one, other])


def distinct(numbers: Integers) -> Integers:
    """Each number (from 0 on) once, ascending; faster than looking each up."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) != 0] if ordered.size else ordered


def microseconds(period: Period) -> tuple[int, int]:
    """Bounds of a period since 1970-01-01 UTC."""
    return (period.begin - EPOCH) // MICROSECOND, (period.end - EPOCH) // MICROSECOND


def _overlapping(pairs: Integers, ticks: Integers) -> Integers:
    """A number for each pair whose times overlap, ``first * cells + second``."""
    one, other = pairs[:, 0], pairs[:, 1]
    begin = np.maximum(ticks[one, 0], ticks[other, 0])
    overlap = np.minimum(ticks[one, 1], ticks[other, 1]) > begin
    numbers: Integers = one[overlap] * len(ticks) + other[overlap]
    return distinct(numbers)


def _touching(
    boxes: tuple[NDArray[np.object_], ...],
    rows: Integers,
    asks: NDArray[np.bool_],
    told_apart: Integers,
) -> Integers:
    """Pairs of a row that asks and any other whose boxes touch, smaller first.

    Also across the antimeridian. Hypotheses one channel told apart are never pairs, so
    nobody looks for them.
    """
    pairs = [np.empty((0, 2), np.int64)]
    codes = told_apart[rows]
    for code in np.unique(codes[asks]).tolist():
        asked = rows[asks & (codes == code)]
        among = rows if code == 0 else rows[(codes > code) | (~asks & (codes == 0))]
        if not among.size:
            continue
        for turned, still in ((asked, among), (among, asked)):
            tree = shapely.STRtree(boxes[0][still])
            for box in boxes:
                one, other = tree.query(box[turned], predicate=None)
                found = np.column_stack([turned[one], still[other]])
                pairs.append(found[found[:, 0] != found[:, 1]])
    return np.sort(np.concatenate(pairs).astype(np.int64), axis=1)


def _told_apart(cells: Sequence[Cell]) -> Integers:
    """A number per channel that finds hypotheses by itself; 0 for what it did not."""
    keys = sorted({one.best.independence for one in cells if one.moment})
    number = {key: n for n, key in enumerate(keys, start=1)}
    return np.array(
        [number[c.best.independence] if c.moment else 0 for c in cells], np.int64
    )


def _gates(cells: Sequence[Cell], gate_sigmas: int) -> tuple[NDArray[np.object_], ...]:
    """Boxes (degrees) around the places, and the same one turn further east."""
    places = [one.best.place for one in cells]
    rows = [
        (place.lat_deg, place.lon_deg, place.semi_major_m)
        for place in places
        if isinstance(place, Place)
    ]
    lat, lon, radius = np.array(rows, dtype=np.float64).T
    north = np.degrees(gate_sigmas * radius / SIGMAS_90 / EARTH_M)
    flat = np.cos(np.radians(np.minimum(89.0, np.abs(lat) + north)))
    east = np.minimum(180.0, north / flat)
    return tuple(
        shapely.box(lon - east + turn, lat - north, lon + east + turn, lat + north)
        for turn in (0.0, 360.0)
    )


def _bins(ticks: Integers, rows: Integers, bin_us: int) -> list[Integers]:
    """Rows by the bins of time they touch; two that overlap share a bin."""
    first = ticks[rows, 0] // bin_us
    count = (ticks[rows, 1] - 1) // bin_us - first + 1
    each = np.repeat(np.arange(len(rows)), count)
    step = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    bins = first[each] + step
    order = np.lexsort((rows[each], bins))
    cuts = np.flatnonzero(np.diff(bins[order])) + 1
    return np.split(rows[each][order], cuts) if len(rows) else []

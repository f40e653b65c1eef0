"""Which cells could be one incident, found without looking at all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from trucewatch.detect.ellipse import EARTH_M
from trucewatch.fuse.cell import Cell
from trucewatch.place import SIGMAS_90, Place

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BIN_S = 86_400  # time bins; a day-long report lies in two


def neighbours(cells: Sequence[Cell], gate_sigmas: int) -> Integers:
    """Pairs of cells whose gates touch and whose times overlap, shape ``(n, 2)``.

    Each pair once, the smaller index first, sorted. All cells must be placed. Cost
    grows with the cells and the pairs that do lie close, not with all pairs.
    """
    if len(cells) < 2:
        return np.empty((0, 2), dtype=np.int64)
    begin, end = _seconds(cells)
    boxes = _gates(cells, gate_sigmas)
    told_apart = _told_apart(cells)
    found = [_touching(boxes, rows, told_apart) for rows in _bins(begin, end)]
    pairs = np.unique(np.concatenate(found), axis=0)
    one, other = pairs[:, 0], pairs[:, 1]
    overlap = np.minimum(end[one], end[other]) - np.maximum(begin[one], begin[other])
    return pairs[overlap > 0]


def _touching(
    boxes: tuple[NDArray[np.object_], ...], rows: Integers, told_apart: Integers
) -> Integers:
    """Pairs among some rows whose boxes touch, also across the antimeridian.

    Hypotheses one channel told apart are never pairs, so nobody looks for them.
    """
    pairs = [np.empty((0, 2), np.int64)]
    for code in np.unique(told_apart[rows]).tolist():
        asked = rows[told_apart[rows] == code]
        among = rows if code == 0 else rows[told_apart[rows] > code]
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


def _bins(begin: Numbers, end: Numbers) -> list[Integers]:
    """Rows by the days they touch; two rows that overlap share a bin."""
    first = np.floor(begin / BIN_S).astype(np.int64)
    count = np.floor((end - 1e-6) / BIN_S).astype(np.int64) - first + 1
    rows = np.repeat(np.arange(len(begin)), count)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    bins = first[rows] + step
    order = np.lexsort((rows, bins))
    cuts = np.flatnonzero(np.diff(bins[order])) + 1
    return np.split(rows[order], cuts)


def _seconds(cells: Sequence[Cell]) -> tuple[Numbers, Numbers]:
    second = timedelta(seconds=1)
    bounds = [
        ((c.window.begin - EPOCH) / second, (c.window.end - EPOCH) / second)
        for c in cells
    ]
    begin, end = np.array(bounds, dtype=np.float64).T
    return begin, end

"""What the sources of things that move share: options, times, rows, one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import ModuleType

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known
from trucewatch.collect.shapes import WGS84
from trucewatch.collect.source import Batch
from trucewatch.collect.times import span
from trucewatch.collect.tracks import (
    Flags,
    Integers,
    Labels,
    Mark,
    Numbers,
    TrackPoints,
    hashed,
)
from trucewatch.errors import SourceError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_NS = 1_000_000_000
# Nobody broadcast any of this before; a clock beyond is not set.
_FIRST_S = 946_684_800  # 2000-01-01
_LAST_S = 4_102_444_800  # 2100-01-01


def moving(family: str, **more: str) -> dict[str, str]:
    """The options of a source of tracks with their defaults.

    Args:
        family: before the slash of the procedure's name.
        more: the source's own options.
    """
    base = {"family": family, "identity": "hashed", "begin": "", "end": ""}
    return known("B", "2", **base, **more)


def recorded_ns(chosen: Options) -> tuple[int, int] | None:
    """When the recording was made by options ``begin`` and ``end``, else ``None``.

    Raises:
        SourceError: if only one is given or they are no times.
    """
    begin, end = chosen.text("begin"), chosen.text("end")
    if not begin and not end:
        return None
    try:
        time, _ = span(begin, end, None)
    except (ValueError, OverflowError) as error:
        name = "begin" if end else "end"
        instead = f"times such as 2026-02-01T06:00Z, both: {error}"
        raise chosen.refused(name, instead) from error
    if not (begin and end):
        raise chosen.refused(name="end", instead="given together with begin")
    return _ns(time.begin), _ns(time.end)


def in_our_time(seconds: Numbers | Integers) -> Flags:
    """Which counts of seconds since 1970 lie in the years of such devices."""
    sane: Flags = (seconds >= _FIRST_S) & (seconds < _LAST_S)
    return sane


def instant(ns: int) -> datetime:
    """The instant of nanoseconds since 1970, to the microsecond below."""
    return EPOCH + timedelta(microseconds=ns // 1000)


def named(labels: Labels, chosen: Options) -> Labels:
    """Identities as option ``identity`` wants them.

    Raises:
        SourceError: if it is neither ``hashed`` nor ``broadcast``.
    """
    if chosen.text("identity") not in ("hashed", "broadcast"):
        raise chosen.refused(name="identity", instead="hashed or broadcast")
    if chosen.text("identity") == "broadcast":
        return labels
    return hashed(labels, chosen.slug("family"))


def without_starts(points: TrackPoints, hide_m: float, ends: bool) -> TrackPoints:
    """The same points without any place from which a thing was launched.

    Left out is every place on the ground and whatever else the same thing told within
    ``hide_m`` of one. With ``ends`` the first and the last place of a track count as on
    the ground: a log begins where it was launched and ends where it is kept.
    """
    hidden = points.placed & (points.marks & Mark.ON_GROUND > 0)
    order = np.flatnonzero(points.placed)
    for one in np.unique(points.identity[order]).tolist():
        mine = order[points.identity[order] == one]
        mine = mine[np.argsort(points.begin_ns[mine], kind="stable")]
        anchors = _apart(points, mine[hidden[mine]])
        anchors = [*anchors, int(mine[0]), int(mine[-1])] if ends else anchors
        for anchor in anchors:
            hidden[mine] |= _within(points, mine, anchor, hide_m)
    places = {
        name: np.where(hidden, np.nan, getattr(points, name))
        for name in ("lat_deg", "lon_deg", "radius90_m", "height_m")
    }
    marks = np.where(hidden, points.marks | Mark.HIDDEN, points.marks)
    return replace(points, marks=marks, **places)


def _apart(points: TrackPoints, which: Integers) -> list[int]:
    """One of all points that share a cell of some 10 m."""
    cells = np.round(np.column_stack((points.lat_deg, points.lon_deg))[which], 4)
    _, first = np.unique(cells, axis=0, return_index=True)
    return [int(which[i]) for i in first.tolist()]


def _within(
    points: TrackPoints, which: Integers, centre: int, radius_m: float
) -> Flags:
    lat, lon = points.lat_deg, points.lon_deg
    here = np.full(len(which), lon[centre]), np.full(len(which), lat[centre])
    _, _, apart_m = WGS84.inv(*here, lon[which], lat[which])
    near: Flags = np.asarray(apart_m) <= radius_m
    return near


def batch_of(
    points: TrackPoints,
    kept: Account,
    delivery: Delivery,
    chosen: Options,
    looks: tuple[Acquisition, ...] = (),
) -> Batch:
    """One table of the points, a rejection for every other row, looks drawn of both."""
    columns = points.to_columns(delivery, chosen.slug("family"))
    return Batch(
        rows_read=len(points) + len(kept.rejections),
        acquisitions=looks,
        tables=(columns,) if len(points) else (),
        rejections=tuple(kept.rejections),
        drawn=len(looks),
    )


def library(module: str, extra: str) -> ModuleType:
    """An optional library.

    Raises:
        SourceError: if it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        msg = f"reading this needs {name}: pip install 'trucewatch[{extra}]'"
        raise SourceError(msg) from error


def _ns(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1) * 1000

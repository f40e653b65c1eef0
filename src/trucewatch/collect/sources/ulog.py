"""Flight logs of PX4 drones (ULog), read by pyulog.

One row per report of the satellite receiver, with what it says of interference. Where
the drone was launched and landed is left out; home, missions, set points and who steers
it are never read. A damaged log gives what could be read, and one rejection.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from math import degrees, nan
from typing import Protocol

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.flightlog import Fix, track
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch
from trucewatch.collect.tracking import batch_of, library, moving
from trucewatch.collect.tracks import Numbers
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError

OPTIONS = moving("ulog", hide_m="500", clock_s="1")

_MAGIC = b"ULog\x01\x12\x35"
_VERSIONS = (0, 1)
_TOPICS = ["vehicle_gps_position", "sensor_gps"]
# Of the receiver's own flags: 2 is a warning, 3 is interference found.
# Source: PX4 msg/SensorGps.msg, JAMMING_STATE_CRITICAL, SPOOFING_STATE_MULTIPLE.
_FOUND = 2


class _Topic(Protocol):
    """One topic of a log as pyulog gives it."""

    name: str
    multi_id: int
    data: Mapping[str, Numbers]


class _Log(Protocol):
    """A log as pyulog gives it."""

    data_list: list[_Topic]
    file_corruption: bool


def read(raw: bytes, delivery: Delivery) -> Batch:
    """The receiver's reports as one table of track points.

    Raises:
        SourceError: if it is no ULog, an option is wrong, or pyulog is not installed.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    log = _log(data)
    if log.file_corruption:
        kept.reject("log", "it is damaged; what could be read was kept")
    topics = [one for one in log.data_list if one.name in _TOPICS]
    topics.sort(key=lambda one: (_TOPICS.index(one.name), one.multi_id))
    fixes = list(_fixes(topics[0].data)) if topics else []
    points = track(fixes, f"log {delivery.sha256[:16]}", chosen, kept)
    return batch_of(points, kept, delivery, chosen)


def _log(data: bytes) -> _Log:
    """The topics of the receiver.

    Raises:
        SourceError: if it is no ULog or pyulog is not installed.
    """
    pyulog = library("pyulog.core", "drones")
    if data[:7] != _MAGIC or data[7:8] not in [bytes([one]) for one in _VERSIONS]:
        msg = f"this is no ULog of version 0 or 1: it begins {data[:8].hex()!r}"
        raise SourceError(msg)
    broken = (
        *(pyulog.ULogException, struct.error, ValueError, LookupError, TypeError),
        *(AttributeError, ArithmeticError, MemoryError, OSError),
    )
    try:
        with redirect_stdout(io.StringIO()):  # it prints what it wonders at
            log: _Log = pyulog.ULog(io.BytesIO(data), _TOPICS)
    except broken as error:
        msg = f"this ULog cannot be read: {error!r}"
        raise SourceError(msg) from error
    return log


def _fixes(data: Mapping[str, Numbers]) -> Iterator[Fix]:
    """One fix per report; degrees as whole numbers of 1e-7 or, since 2023, as such."""
    count = len(data["timestamp"])
    lat, lon = _place(data, "lat", "latitude_deg"), _place(data, "lon", "longitude_deg")
    height = _column(data, "alt", count) / 1000
    if "altitude_msl_m" in data:
        height = _column(data, "altitude_msl_m", count)
    columns = np.column_stack((
        *(lat, lon, height, _column(data, "time_utc_usec", count) / 1e6),
        *(_column(data, name, count) for name in _NAMES),
    ))
    for row, values in enumerate(columns.tolist(), start=1):
        place_lat, place_lon, up, time_s, eph, hdop, speed, course = values[:8]
        kind, jamming, spoofing = (0 if one != one else int(one) for one in values[8:])
        yield Fix(
            row=row,
            lat_deg=place_lat,
            lon_deg=place_lon,
            kind=kind,
            time_s=time_s,
            error_m=eph,
            hdop_ratio=hdop,
            height_m=up,
            speed_mps=abs(speed),
            course_deg=degrees(course) % 360 if abs(course) < 100 else nan,
            jamming_told=jamming >= _FOUND,
            spoofing_told=spoofing >= _FOUND,
        )


_NAMES = (
    *("eph", "hdop", "vel_m_s", "cog_rad"),
    *("fix_type", "jamming_state", "spoofing_state"),
)


def _place(data: Mapping[str, Numbers], counts: str, degrees_too: str) -> Numbers:
    count = len(data["timestamp"])
    if degrees_too in data:
        return _column(data, degrees_too, count)
    return _column(data, counts, count) / 1e7


def _column(data: Mapping[str, Numbers], name: str, count: int) -> Numbers:
    """A column as finite numbers; NaN where it is absent, not finite, or beyond all."""
    if name not in data:
        return np.full(count, np.nan)
    found = np.asarray(data[name], dtype=np.float64)
    return np.where(np.abs(found) < 1e18, found, np.nan)

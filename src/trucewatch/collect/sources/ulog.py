"""Flight logs of PX4 drones (ULog).

One row per report of the satellite receiver, with what it says of interference. Where
the drone was launched and landed is left out; home, missions, set points and who steers
it are never read. A damaged log gives what could be read, and one rejection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import degrees, nan

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.flightlog import Fix, track
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch
from trucewatch.collect.tracking import batch_of, moving
from trucewatch.collect.tracks import Numbers
from trucewatch.collect.ulogfile import topics_of
from trucewatch.collect.unpack import plain

OPTIONS = moving("ulog", hide_m="500", clock_s="1")

_TOPICS = ("vehicle_gps_position", "sensor_gps")
# Of the receiver's own flags, from 2 on there is interference: 2 was a warning, now it
# is interference mitigated; 3 was critical, now it is interference detected.
# Source: PX4 msg/SensorGps.msg, JAMMING_STATE_MITIGATED, SPOOFING_STATE_MITIGATED.
_FOUND = 2
# Of u-blox receivers, from 0, no steady jamming tone, to 255, a strong one: it should
# be about 40 or less; about 80 or more is too high, be it the drone's own doing.
# Source: PX4 Guide, "Log Analysis using Flight Review", GPS Noise & Jamming; UBX-MON-RF
# in PX4 msg/SensorGnssRf.msg.
_INDICATED = 80


def read(raw: bytes, delivery: Delivery) -> Batch:
    """The receiver's reports as one table of track points.

    Raises:
        SourceError: if it is no ULog, an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    log = topics_of(data, _TOPICS)
    if log.damaged_at is not None:
        why = f"it is damaged from byte {log.damaged_at}; what stands before was kept"
        kept.reject("log", why)
    fixes = list(_fixes(log.topics[0])) if log.topics else []
    points = track(fixes, f"log {delivery.sha256[:16]}", chosen, kept)
    return batch_of(points, kept, delivery, chosen)


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
        kind, jamming, spoofing, indicated = (
            0 if one != one else int(one) for one in values[8:]
        )
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
            doubted=indicated >= _INDICATED,
        )


_NAMES = (
    *("eph", "hdop", "vel_m_s", "cog_rad"),
    *("fix_type", "jamming_state", "spoofing_state", "jamming_indicator"),
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

"""Lists of detections as JSON: our own, and the one infrapy writes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from trucewatch.errors import SourceError
from trucewatch.fuse.arrays.heard import Heard, measured_sd_deg

MOST_DETECTIONS = 20_000

# Our name first, then those of infrapy, old and new.
_TIME = ("time", "Peak F-Stat Time (UTC)", "Time (UTC)")
_TURN = ("back_azimuth_deg", "Back Azimuth")
_SD = ("back_azimuth_sd_deg",)
_LAT = ("lat", "Latitude")
_LON = ("lon", "Longitude")
_F = ("f_statistic", "F Statistic", "F Stat.")
_CHANNELS = ("channels", "Array Dimension", "Array Dim.")


def listed(raw: bytes, prefix: str = "") -> tuple[Heard, ...]:
    """The detections of one list, named by ``detection_id`` or their number from 0.

    Args:
        raw: a JSON list of objects.
        prefix: put before names, so that those of several lists differ.

    Raises:
        SourceError: if it is no such list; the message names the detection.
    """
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        msg = f"detections must be a JSON list: {error}"
        raise SourceError(msg) from error
    if not isinstance(found, list) or len(found) > MOST_DETECTIONS:
        msg = f"detections must be a JSON list of at most {MOST_DETECTIONS} objects"
        raise SourceError(msg)
    made: list[Heard] = []
    for number, one in enumerate(found):
        try:
            made.append(_heard(one, number, prefix))
        except (ValueError, OverflowError) as error:
            msg = f"detection {number} cannot be used: {error}"
            raise SourceError(msg) from error
    names = [one.name for one in made]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"two detections are named {twice!r}"
        raise SourceError(msg)
    return tuple(made)


def _heard(one: object, number: int, prefix: str) -> Heard:
    """One detection, checked.

    Raises:
        ValueError: if a value is missing or impossible.
    """
    if not isinstance(one, dict):
        msg = f"{str(one)[:40]!r} is no object"
        raise ValueError(msg)
    lat_deg, lon_deg = _within(one, _LAT, 90), _within(one, _LON, 180)
    name = str(one.get("detection_id", number))
    array_id = str(one.get("array_id") or f"{lat_deg:.2f},{lon_deg:.2f}")
    return Heard(
        name=f"{prefix}#{name}" if prefix else name,
        array_id=array_id,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        time_s=_time_s(_first(one, _TIME)),
        back_azimuth_deg=_within(one, _TURN, 720) % 360,
        back_azimuth_sd_deg=_sd_deg(one),
    )


def _first(one: Mapping[str, object], names: tuple[str, ...]) -> object:
    """The first value given under one of some names.

    Raises:
        ValueError: if there is none.
    """
    for name in names:
        if one.get(name) is not None:
            return one[name]
    msg = f"{names[0]} is missing"
    raise ValueError(msg)


def _within(one: Mapping[str, object], names: tuple[str, ...], limit: float) -> float:
    """A number between ``-limit`` and ``limit``.

    Raises:
        ValueError: if it is none.
    """
    value = _first(one, names)
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"{names[0]} is {str(value)[:40]!r}, no number"
        raise ValueError(msg)
    if not (math.isfinite(value) and abs(value) <= limit):
        msg = f"{names[0]} is {value}, not between {-limit:g} and {limit:g}"
        raise ValueError(msg)
    return float(value)


def _sd_deg(one: Mapping[str, object]) -> float:
    """As given, else from F and the number of channels.

    Raises:
        ValueError: if neither is there, or one is impossible.
    """
    if any(one.get(name) is not None for name in _SD):
        sd = _within(one, _SD, 180)
    else:
        f_ratio, channels = _within(one, _F, 1e9), _within(one, _CHANNELS, 1e4)
        if f_ratio <= 0 or channels < 2:
            msg = f"F is {f_ratio} with {channels:g} channels"
            raise ValueError(msg)
        sd = measured_sd_deg(f_ratio, int(channels))
    if sd <= 0:
        msg = f"back_azimuth_sd_deg is {sd}, not above 0"
        raise ValueError(msg)
    return max(sd, 0.05)


def _time_s(value: object) -> float:
    """Seconds since 1970 of an ISO 8601 text; without a zone it is UTC.

    Raises:
        ValueError: if it is none.
    """
    if not isinstance(value, str):
        msg = f"time is {str(value)[:40]!r}, no ISO 8601 text"
        raise ValueError(msg)
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.timestamp()

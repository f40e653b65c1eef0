"""Tables of messages made columns: what is no time, number or name is refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.collect.columnar import Integers, Text
from trucewatch.collect.nodes import (
    STILL_NS,
    Clock,
    Heartbeats,
    NodeOutages,
    NodePicks,
    Nodes,
)
from trucewatch.collect.sheet import Flags, Reals, Sheet

_EARLIEST_S, _LATEST_S = 946_684_800.0, 4_102_444_800.0  # 2000 to 2100
_LONGEST_BEAT_S = 86_400.0
_NOTHING = pa.scalar("")
_CLOCKS = tuple(one.value for one in Clock)
_WHEN = f"{{}} is not within {_EARLIEST_S:.0f} to {_LATEST_S:.0f} s since 1970 UTC"


def picks_of(sheet: Sheet, seals: tuple[str, ...], unit: str, key: str) -> NodePicks:
    """The usable picks; a name that one node gave twice is used once.

    Args:
        sheet: with the columns of picks; rows that cannot be used are refused in it.
        seals: one per row.
        unit: what row numbers count.
        key: independence of all of them.
    """
    names, sensor = sheet.names("pick_id"), sheet.names("sensor_id")
    time_s = _times(sheet, "time")
    onset = sheet.numbers("onset_sd_s", (0.0, 60.0), optional=True)
    sigma = sheet.numbers("clock_sigma_s", (0.0, 3600.0), optional=True)
    level = sheet.numbers("level_db", (-100.0, 300.0), optional=True)
    snr = sheet.numbers("snr_db", (-100.0, 200.0), optional=True)
    clock = _clocks(sheet)
    _refuse_repeats(sheet, (sensor, names), "pick_id {} stands twice for one node")
    good = np.flatnonzero(sheet.good)
    return NodePicks(
        pick_id=names.take(good),
        sensor_id=sensor.take(good),
        time_ns=_ns(time_s[good]),
        onset_sd_s=onset[good],
        clock_sigma_s=sigma[good],
        level_db=level[good],
        snr_db=snr[good],
        clock=clock.take(good),
        seal=_text(seals).take(good),
        independence=_text([key] * len(good)),
        row=_rows(sheet, good, unit),
    )


def nodes_of(sheet: Sheet, seals: tuple[str, ...], unit: str) -> Nodes:
    """The usable places; one per node."""
    sensor = sheet.names("sensor_id")
    flat = _filled(sheet, "x_m") & ~_filled(sheet, "lat")
    sheet.refuse(flat, "x_m and y_m have no place on Earth; lat and lon are needed")
    lat = sheet.numbers("lat", (-90.0, 90.0))
    lon = sheet.numbers("lon", (-180.0, 180.0))
    sheet.refuse((lat == 0) & (lon == 0), "0, 0 is a missing place")
    height = sheet.numbers("elevation_m", (-500.0, 9000.0), optional=True)
    sigma = sheet.numbers("clock_sigma_s", (0.0, 3600.0), optional=True)
    noise = sheet.numbers("noise_db", (-50.0, 200.0), optional=True)
    _refuse_repeats(sheet, (sensor,), "this node has a place already", "")
    good = np.flatnonzero(sheet.good)
    return Nodes(
        sensor_id=sensor.take(good),
        lat_deg=lat[good],
        lon_deg=lon[good],
        elevation_m=height[good],
        clock_sigma_s=sigma[good],
        noise_db=noise[good],
        seal=_text(seals).take(good),
        row=_rows(sheet, good, unit),
    )


def outages_of(sheet: Sheet, seals: tuple[str, ...], unit: str) -> NodeOutages:
    """The usable outages; one without an end still lasts."""
    sensor = sheet.names("sensor_id")
    down, up = _times(sheet, "down"), _times(sheet, "up", optional=True)
    sheet.refuse(up <= down, "the outage ends before it begins")
    good = np.flatnonzero(sheet.good)
    last = np.isnan(up[good])
    return NodeOutages(
        sensor_id=sensor.take(good),
        down_ns=_ns(down[good]),
        up_ns=np.where(last, STILL_NS, _ns(np.where(last, 0.0, up[good]))),
        why=sheet.columns["why"].take(good),
        seal=_text(seals).take(good),
        row=_rows(sheet, good, unit),
    )


def heartbeats_of(
    sheet: Sheet, seals: tuple[str, ...], unit: str, beat_s: float
) -> tuple[Heartbeats, Reals]:
    """The usable heartbeats, and where nodes said they stood, shape ``(n, 2)``.

    A heartbeat without ``begin`` stands for ``interval_s`` before its time, or for
    ``beat_s`` where it says nothing. Latitude and longitude are NaN where not told.
    """
    sensor = sheet.names("sensor_id")
    at, begin, end = (
        _times(sheet, name, optional=True) for name in ("time", "begin", "end")
    )
    interval = sheet.numbers("interval_s", (1e-3, _LONGEST_BEAT_S), optional=True)
    end = np.where(np.isnan(end), at, end)
    sheet.refuse(np.isnan(end), "it has neither end nor time")
    usual = np.where(np.isnan(interval), beat_s, interval)
    begin = np.where(np.isnan(begin), end - usual, begin)
    sheet.refuse(end <= begin, "it ends before it begins")
    sheet.refuse(end - begin > _LONGEST_BEAT_S, "it stands for more than a day")
    ratio = sheet.numbers("listening_ratio", (0.0, 1.0), optional=True)
    clock = _clocks(sheet)
    sigma = sheet.numbers("clock_sigma_s", (0.0, 3600.0), optional=True)
    noise = sheet.numbers("noise_db", (-50.0, 200.0), optional=True)
    volts = sheet.numbers("battery_v", (0.0, 1000.0), optional=True)
    lat = sheet.numbers("lat", (-90.0, 90.0), optional=True)
    lon = sheet.numbers("lon", (-180.0, 180.0), optional=True)
    good = np.flatnonzero(sheet.good)
    beats = Heartbeats(
        sensor_id=sensor.take(good),
        begin_ns=_ns(begin[good]),
        end_ns=_ns(end[good]),
        listening_ratio=np.where(np.isnan(ratio), 1.0, ratio)[good],
        clock=clock.take(good),
        clock_sigma_s=sigma[good],
        noise_db=noise[good],
        battery_v=volts[good],
        seal=_text(seals).take(good),
        row=_rows(sheet, good, unit),
    )
    return beats, np.column_stack((lat[good], lon[good]))


def _times(sheet: Sheet, name: str, *, optional: bool = False) -> Reals:
    """Seconds since 1970 of ``name`` (ISO 8601) or ``name_s``; NaN where neither."""
    written = sheet.instants(name, optional=True)
    counted = sheet.numbers(f"{name}_s", (-1e15, 1e15), optional=True)
    found = np.where(np.isnan(written), counted, written)
    odd = np.isfinite(found) & ~((found >= _EARLIEST_S) & (found <= _LATEST_S))
    in_words = odd & _filled(sheet, name)
    sheet.refuse(in_words, f"{name} {_WHEN}", name)
    sheet.refuse(odd & ~in_words, f"{name}_s {_WHEN}", f"{name}_s")
    if not optional:
        sheet.refuse(np.isnan(found), f"{name} is empty")
    return np.where(odd, np.nan, found)


def _clocks(sheet: Sheet) -> Text:
    """The states of clocks; ``unknown`` where nothing is said."""
    cells = [str(one).lower() or Clock.UNKNOWN.value for one in sheet.columns["clock"]]
    odd = np.array([one not in _CLOCKS for one in cells], np.bool_)
    sheet.refuse(odd, f"clock {{}} is none of {', '.join(_CLOCKS)}", "clock")
    return _text(cells)


def _refuse_repeats(
    sheet: Sheet, keys: tuple[Text, ...], why: str, shown: str = "pick_id"
) -> None:
    """Of rows with the same keys the first that can be used stays."""
    good = np.flatnonzero(sheet.good)
    codes = [one.take(good).dictionary_encode().indices for one in keys]
    first = np.unique(
        np.array([one.to_numpy() for one in codes]), axis=1, return_index=True
    )[1]
    repeats = np.zeros(len(sheet.line), np.bool_)
    repeats[np.delete(good, first)] = True
    sheet.refuse(repeats, f"{why}; the first is used", shown)


def _filled(sheet: Sheet, name: str) -> Flags:
    return ~np.asarray(pc.equal(sheet.columns[name], _NOTHING), np.bool_)


def _ns(time_s: Reals) -> Integers:
    """Nanoseconds, to a microsecond: what a float of seconds since 1970 holds."""
    return np.rint(time_s * 1e6).astype(np.int64) * 1000


def _rows(sheet: Sheet, good: Integers, unit: str) -> Text:
    return _text([f"{unit} {number}" for number in sheet.line[good].tolist()])


def _text(values: list[str] | tuple[str, ...]) -> Text:
    return pa.array(values, pa.string())

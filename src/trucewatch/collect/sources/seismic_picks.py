"""Onsets that seismic stations picked, and when they listened: CSV or QuakeML.

``station_id,phase,time[,lat,lon,onset_sd_s,clock]`` is one pick per line;
``station_id,lat,lon,begin,end`` one stretch in which a station recorded. QuakeML has
picks only; ``array_stations`` brings the places of their stations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np
from shapely import Point

from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.looks import hearing_m
from trucewatch.collect.nodes import Clock
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.places import point
from trucewatch.collect.rows import Account, Row, csv_rows
from trucewatch.collect.seismic import SeismicPicks, phase_of
from trucewatch.collect.seismology import read_picks
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import around
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.period import Period

if TYPE_CHECKING:
    from obspy.core.event import Pick

OPTIONS = known("A", "2", family="seismic", range_m="30000")

Told = tuple[str, str, int, float, float, float, str]  # as the columns of SeismicPicks
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_MOST_SD_S = 60.0


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable picks as one table, or every stretch as a look; the rest rejected.

    Raises:
        SourceError: if the delivery is neither form, an option is wrong, or it is
            QuakeML and ObsPy is absent.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    good: list[tuple[str, Told]] = []
    for where, make in _rows(data, chosen, delivery):
        try:
            made = make()
        except (ValueError, OverflowError) as error:
            kept.reject(where, str(error))
            continue
        if isinstance(made, Acquisition):
            kept.made.append(made)
        else:
            good.append((where, made))
    table = _picks(good).to_columns(delivery, chosen.slug("family"))
    told = kept.batch()
    return Batch(
        rows_read=told.rows_read + len(good),
        acquisitions=told.acquisitions,
        tables=(table,) if good else (),
        rejections=told.rejections,
    )


def _picks(good: list[tuple[str, Told]]) -> SeismicPicks:
    rows = [told for _, told in good]
    numbers = np.array([one[3:6] for one in rows], np.float64).reshape(-1, 3)
    return SeismicPicks(
        station_id=tuple(one[0] for one in rows),
        phase=tuple(one[1] for one in rows),
        time_ns=np.array([one[2] for one in rows], np.int64),
        onset_sd_s=numbers[:, 0],
        lat_deg=numbers[:, 1],
        lon_deg=numbers[:, 2],
        clock=tuple(one[6] for one in rows),
        row=tuple(where for where, _ in good),
    )


def _rows(
    data: bytes, chosen: Options, delivery: Delivery
) -> Iterator[tuple[str, Callable[[], Told | Acquisition]]]:
    """Every row with where it stood and how to make it."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        for count, one in enumerate(read_picks(data), 1):
            yield f"pick {count}", partial(_of_quakeml, one)
        return
    for row in csv_rows(data, chosen, ("station_id",)):
        if "begin" in row.cells:
            yield row.where, partial(_look, row, chosen, delivery)
        else:
            yield row.where, partial(_of_row, row)


def _of_row(row: Row) -> Told:
    """One pick of a table.

    Raises:
        ValueError: if a cell is unusable.
    """
    if row.fault:
        raise ValueError(row.fault)
    lat, lon, sd, clock = (row.get(n) for n in ("lat", "lon", "onset_sd_s", "clock"))
    spot = point(lat, lon, None) if lat or lon else (nan, nan)
    return (
        _station(row.need("station_id")),
        phase_of(row.need("phase")).value,
        _ns(_instant(row.need("time"))),
        _sd_s(number(sd) if sd else nan),
        *spot,
        (Clock(clock) if clock else Clock.UNKNOWN).value,
    )


def _of_quakeml(one: Pick) -> Told:
    """One pick of QuakeML.

    Raises:
        ValueError: if it lacks a station, a phase or a time, or a person rejected it.
    """
    if one.evaluation_status == "rejected":
        msg = "who evaluated it rejected it"
        raise ValueError(msg)
    waveform = one.waveform_id
    if waveform is None or one.time is None:
        msg = "it names no station or no time"
        raise ValueError(msg)
    name = f"{waveform.network_code or ''}.{waveform.station_code or ''}"
    sd_s = one.time_errors.uncertainty if one.time_errors else None
    time_ns = int(one.time.ns)
    if not 0 <= time_ns < _ns(_LATEST):
        msg = f"its time is {time_ns / 1e9:.0f} s after 1970, not between 1970 and 2100"
        raise ValueError(msg)
    return (
        _station(name),
        phase_of(one.phase_hint or "").value,
        time_ns,
        _sd_s(nan if sd_s is None else float(sd_s)),
        nan,
        nan,
        Clock.UNKNOWN.value,
    )


def _look(row: Row, chosen: Options, delivery: Delivery) -> Acquisition:
    """One stretch in which a station recorded.

    Raises:
        ValueError: if a cell is unusable.
    """
    if row.fault:
        raise ValueError(row.fault)
    station, family = _station(row.need("station_id")), chosen.slug("family")
    lat_deg, lon_deg = point(row.need("lat"), row.need("lon"), None)
    begin, end = _instant(row.need("begin")), _instant(row.need("end"))
    return Acquisition(
        procedure=f"{family}/{station}",
        footprint=around(Point(lon_deg, lat_deg), hearing_m(chosen)),
        time=Period(begin, end),
        outcome=Outcome.MISS,
        p_clear=1.0,
        independence=f"seismic:{station}",
        row=row.where,
        derived_from=(delivery.id,),
    )


def _station(name: str) -> str:
    """Network and station.

    Raises:
        ValueError: if it is not ``NET.STA``.
    """
    parts = name.split(".")
    if len(parts) != 2 or not all(p.isascii() and p.isalnum() for p in parts):
        msg = f"station_id {shown(name)} is not NET.STA"
        raise ValueError(msg)
    return name


def _instant(text: str) -> datetime:
    """A time between 1970 and 2100; UTC where it names no offset.

    Raises:
        ValueError: if it is none.
    """
    at = datetime.fromisoformat(text)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if not _EARLIEST <= at < _LATEST:
        msg = f"{shown(text)} does not lie between 1970 and 2100"
        raise ValueError(msg)
    return at


def _ns(at: datetime) -> int:
    since = at - _EARLIEST
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000


def _sd_s(sd_s: float) -> float:
    """An error of an onset as told, NaN where not told.

    Raises:
        ValueError: if it is no error of an onset.
    """
    if isfinite(sd_s) and not 0 < sd_s <= _MOST_SD_S:
        msg = f"onset_sd_s is {sd_s:g}, not above 0 and at most {_MOST_SD_S:g}"
        raise ValueError(msg)
    return sd_s

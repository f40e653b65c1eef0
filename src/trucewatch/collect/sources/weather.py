"""Weather near the ground: the table of ``trucewatch associate``, or METAR reports.

``time,temp_c,wind_u_mps,wind_v_mps`` with ``station, lat, lon, temp_sd_k, wind_sd_mps``
where told; ``station,valid,metar`` as the archive of IEM gives it; or lines of
``YYYYMMDDhhmm METAR …``, as that of Ogimet does. It tells the acoustic engine how fast
sound travels; by itself it proves no look.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.metar import Metar, metar_of
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.sheet import Reals, Sheet, Whole, sheet_of
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.weather import WeatherReports

# What a station or a forecast says of the next hills: expert judgement.
OPTIONS = known("A", "2", feed="weather", temp_sd_k="1.5", wind_sd_mps="1.5")
OGIMET = re.compile(rb"^(\d{12})\s+((?:METAR|SPECI)\s.*)$")
_WIND = (-120.0, 120.0)
_ERROR = (0.01, 60.0)
_EARLIEST_S, _LATEST_S = 946_684_800.0, 4_102_444_800.0  # 2000 to 2100


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One row of a table per report.

    Raises:
        SourceError: if the delivery is none of the forms or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    usual = (chosen.number("temp_sd_k"), chosen.number("wind_sd_mps"))
    sheet = _sheet(plain(raw), chosen)
    made = _of_metar if "metar" in sheet.columns else _of_table
    found = made(sheet, usual)
    kept = Account(delivery)
    for one in sheet.rejects:
        kept.reject(f"line {one.line}", one.reason)
    feed = chosen.slug("feed")
    tables = (found.to_columns(delivery, f"weather/{feed}"),) if len(found) else ()
    return Batch(
        rows_read=len(found) + len(kept.rejections),
        tables=tables,
        rejections=tuple(kept.rejections),
    )


def _sheet(data: bytes, chosen: Options) -> Sheet:
    """Any of the forms as a table.

    Raises:
        SourceError: if it is none of them.
    """
    file = f"delivery of {chosen.source}"
    encoding = chosen.encoding()
    if encoding != "utf-8":
        data = data.decode(encoding, "replace").encode()
    first = next((line for line in data.split(b"\n") if line.strip()), b"")
    if OGIMET.match(first.strip()):
        data = b"\n".join([b"valid,metar", *map(_archived, data.split(b"\n"))])
        return _shifted(sheet_of(data, file, ["valid", "metar"]))
    names = [one.strip().lower() for one in first.decode("utf-8", "ignore").split(",")]
    if "metar" in names:
        return sheet_of(data, file, ["valid", "metar"])
    return sheet_of(data, file, ["temp_c", "wind_u_mps", "wind_v_mps", "time"])


def _archived(line: bytes) -> bytes:
    """A line as a row; one that is no report has a time that is none."""
    found = OGIMET.match(line.strip())
    if found is None:
        return b"," + line.strip().replace(b",", b" ") if line.strip() else b""
    at, report = found[1].decode(), found[2].replace(b",", b" ")
    when = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:]}"
    return when.encode() + b"," + report


def _shifted(sheet: Sheet) -> Sheet:
    """Lines as they were before there was a header."""
    torn = tuple(replace(one, line=one.line - 1) for one in sheet.torn)
    return replace(sheet, line=sheet.line - 1, torn=torn)


def _times(sheet: Sheet, column: str) -> Reals:
    found = sheet.instants(column)
    odd = np.isfinite(found) & ~((found >= _EARLIEST_S) & (found <= _LATEST_S))
    sheet.refuse(odd, f"{column} {{}} is not within the years 2000 to 2099", column)
    return found


def _of_metar(sheet: Sheet, usual: tuple[float, float]) -> WeatherReports:
    time_s = _times(sheet, "valid")
    lat, lon = _places(sheet)
    told: dict[int, Metar] = {}
    refused: dict[str, list[int]] = {}
    for row, text in enumerate(sheet.columns["metar"].to_pylist()):
        try:
            told[row] = metar_of(str(text))
        except ValueError as error:
            refused.setdefault(str(error), []).append(row)
    for why, rows in refused.items():
        bad = np.zeros(len(sheet.line), np.bool_)
        bad[rows] = True
        sheet.refuse(bad, why)
    good = np.flatnonzero(sheet.good)
    reports = [told[row] for row in good.tolist()]
    return WeatherReports(
        station=pa.array([one.station for one in reports], pa.string()),
        time_ns=_ns(time_s[good]),
        lat_deg=lat[good],
        lon_deg=lon[good],
        temp_c=np.array([one.temp_c for one in reports], np.float64),
        wind_u_mps=np.array([one.wind_u_mps for one in reports], np.float64),
        wind_v_mps=np.array([one.wind_v_mps for one in reports], np.float64),
        temp_sd_k=np.full(good.size, usual[0]),
        wind_sd_mps=np.array([max(usual[1], one.variable_mps) for one in reports]),
        row=_lines(sheet, good),
    )


def _of_table(sheet: Sheet, usual: tuple[float, float]) -> WeatherReports:
    time_s = _times(sheet, "time")
    lat, lon = _places(sheet)
    temp = sheet.numbers("temp_c", (-90.0, 60.0))
    east, north = (sheet.numbers(f"wind_{one}_mps", _WIND) for one in "uv")
    temp_sd, wind_sd = (
        np.where(np.isnan(told), other, told)
        for told, other in zip(
            (
                sheet.numbers("temp_sd_k", _ERROR, optional=True),
                sheet.numbers("wind_sd_mps", _ERROR, optional=True),
            ),
            usual,
            strict=True,
        )
    )
    nobody = pa.array([""] * len(sheet.line), pa.string())
    good = np.flatnonzero(sheet.good)
    return WeatherReports(
        station=sheet.columns.get("station", nobody).take(good),
        time_ns=_ns(time_s[good]),
        lat_deg=lat[good],
        lon_deg=lon[good],
        temp_c=temp[good],
        wind_u_mps=east[good],
        wind_v_mps=north[good],
        temp_sd_k=temp_sd[good],
        wind_sd_mps=wind_sd[good],
        row=_lines(sheet, good),
    )


def _places(sheet: Sheet) -> tuple[Reals, Reals]:
    """Where reports come from; NaN where not told. Half a place is refused."""
    lat = sheet.numbers("lat", (-90.0, 90.0), optional=True)
    lon = sheet.numbers("lon", (-180.0, 180.0), optional=True)
    half = np.isnan(lat) != np.isnan(lon)
    sheet.refuse(half, "it has one of lat and lon; both are needed, or neither")
    sheet.refuse((lat == 0) & (lon == 0), "0, 0 is a missing place")
    return lat, lon


def _lines(sheet: Sheet, good: Whole) -> pa.StringArray:
    return pa.array([f"line {one}" for one in sheet.line[good].tolist()], pa.string())


def _ns(time_s: Reals) -> Whole:
    return np.rint(time_s * 1e6).astype(np.int64) * 1000

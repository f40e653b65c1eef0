"""A FIRMS list read by columns: all are checked whole, only bad rows are visited."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.pixels import FirePixels, Integers, Labels, Numbers
from trucewatch.collect.places import Bounds, point
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import check_lines, plain
from trucewatch.errors import SourceError
from trucewatch.place import SIGMAS_90

NEEDED = ("latitude", "longitude", "acq_date")
MINUTE_NS = 60_000_000_000
DAY_NS = 86_400_000_000_000

# Standard error of the pixel's place itself, per axis.
# Source: MODEL of this project, channel D; 375 m product user guide gives < 100 m.
_GEOLOCATION_SD_M = 100.0
# VIIRS pixels are 0.375 to 0.8 km wide, MODIS 1 to 4.8 km.
_PIXEL_KM = (0.1, 10.0)
# A pixel hotter than any fire: the number is a fill value.
_FRP_MAX_MW = 100_000.0

_NUMBER = r"^ *[+-]?\d+(\.\d*)?([eE][+-]?\d+)? *$"
_NO_TIME = -1
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?")
_DATES = range(date(2000, 1, 1).toordinal(), date(2100, 1, 1).toordinal())
_EPOCH = date(1970, 1, 1).toordinal()

Flags = NDArray[np.bool_]  # shape (n_rows,)


@dataclass(slots=True)
class _Sheet:
    """The columns of a list as bytes, the line of each row, and which rows are good."""

    columns: Mapping[str, pa.BinaryArray]
    line: Integers
    good: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.good = np.ones(len(self.line), dtype=np.bool_)


def fire_batch(
    raw: bytes, delivery: Delivery, chosen: Options, procedure: str, schema: str
) -> Batch:
    """All usable pixels of a list as one table; every other line rejected.

    Raises:
        SourceError: if the delivery is not such a list.
    """
    kept = Account(delivery)
    pixels = fire_list(raw, chosen, kept)
    columns = pixels.to_columns(delivery, procedure, schema)
    return Batch(
        rows_read=len(pixels) + len(kept.rejections),
        tables=(columns,) if len(pixels) else (),
        rejections=tuple(kept.rejections),
    )


def fire_list(raw: bytes, options: Options, kept: Account) -> FirePixels:
    """The usable pixels of a list in its order; ``kept`` receives the other lines.

    Raises:
        SourceError: if the delivery is not such a list.
    """
    sheet = _sheet(raw, options, kept)
    lat = _numbers(sheet, "latitude")
    lon = _numbers(sheet, "longitude")
    sheet.good &= _on_map(lat, lon, options.bounds())
    radius = _radius90_m(sheet, options)
    power = _numbers(sheet, "frp", otherwise=float("nan"))
    sheet.good &= ~((power < 0) | (power > _FRP_MAX_MW))
    begin, end = _times(sheet)
    for row in np.flatnonzero(~sheet.good).tolist():
        kept.reject(f"line {sheet.line[row]}", _fault(sheet, row, options))
    good = sheet.good
    satellite = _labels(sheet, "satellite")
    return FirePixels(
        lat_deg=lat[good],
        lon_deg=lon[good],
        radius90_m=radius[good],
        begin_ns=begin[good],
        end_ns=end[good],
        frp_mw=power[good],
        satellite=satellite[good],
        row=sheet.line[good],
    )


def _on_map(lat_deg: Numbers, lon_deg: Numbers, bounds: Bounds | None) -> Flags:
    """Which points are in range, not the 0, 0 of a missing place, and in bounds."""
    good = (np.abs(lat_deg) <= 90) & (np.abs(lon_deg) <= 180)
    good &= (lat_deg != 0) | (lon_deg != 0)
    if bounds is None:
        return good
    east, west = lon_deg <= bounds.east_deg, lon_deg >= bounds.west_deg
    across = east & west if bounds.west_deg < bounds.east_deg else east | west
    return good & across & (bounds.south_deg <= lat_deg) & (lat_deg <= bounds.north_deg)


def _sheet(raw: bytes, options: Options, kept: Account) -> _Sheet:
    """Split into columns; lines with too few or too many fields go to ``kept``.

    Raises:
        SourceError: if there is no header of a FIRMS list.
    """
    first, _, body = _lines(raw, options).partition(b"\n")
    names = [
        one.strip().lower() for one in first.decode("utf-8-sig", "replace").split(",")
    ]
    if missing := [name for name in NEEDED if name not in names]:
        found = ", ".join(names)[:200] or "nothing"
        msg = f"delivery of {options.source} lacks columns {missing}; found: {found}"
        raise SourceError(msg)
    if len(set(names)) != len(names):
        msg = f"delivery of {options.source} has columns of the same name: {names}"
        raise SourceError(msg)
    body, line = _whole_rows(body, len(names), kept)
    table = _parsed(body, names, options.source)
    if len(line) != table.num_rows:
        msg = f"delivery of {options.source} is damaged: its lines cannot be counted"
        raise SourceError(msg)
    columns = {
        name: cast("pa.BinaryArray", table.column(name).combine_chunks())
        for name in names
    }
    return _Sheet(columns, line)


def _whole_rows(body: bytes, fields: int, kept: Account) -> tuple[bytes, Integers]:
    """The lines with the right number of fields, and which lines they were.

    Empty lines are left out; the others go to ``kept``.
    """
    if not body.endswith(b"\n"):
        body += b"\n"
    data = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    lengths = np.diff(ends, prepend=-1)
    commas = np.diff(np.cumsum(data == ord(","))[ends], prepend=0)
    whole = commas == fields - 1
    for bad in np.flatnonzero(~whole & (lengths > 1)).tolist():
        found = int(commas[bad]) + 1
        hint = "; it was cut short" if found < fields else ""
        why = f"it has {found} fields, the header has {fields}{hint}"
        kept.reject(f"line {bad + 2}", why)
    if not whole.all():
        body = data[np.repeat(whole, lengths)].tobytes()
    return body, np.flatnonzero(whole) + 2


def _lines(raw: bytes, options: Options) -> bytes:
    """The delivery in UTF-8 with plain line ends and no quotes.

    No value of a FIRMS list holds a comma, so quotes say nothing; left in, one that
    is never closed would swallow the rows after it.

    Raises:
        SourceError: if a line is too long or the encoding is not the one named.
    """
    data = plain(raw)
    check_lines(data)
    if options.encoding() == "utf-16":
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            msg = f"delivery of {options.source} is not UTF-16: {error}"
            raise SourceError(msg) from error
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.replace(b'"', b"") if b'"' in data else data


def _parsed(body: bytes, names: list[str], source: str) -> pa.Table:
    """Every cell as bytes.

    Raises:
        SourceError: if the rows cannot be told apart.
    """
    binary = {name: pa.binary() for name in names}
    if not body:
        return pa.table({name: pa.array([], pa.binary()) for name in names})
    try:
        return csv.read_csv(
            BytesIO(body),
            csv.ReadOptions(column_names=names, use_threads=False),
            csv.ParseOptions(quote_char=False),
            csv.ConvertOptions(column_types=binary, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        msg = f"delivery of {source} is not CSV: {str(error)[:200]}"
        raise SourceError(msg) from error


def _numbers(sheet: _Sheet, name: str, otherwise: float | None = None) -> Numbers:
    """A column as numbers; NaN, and a row that is not good, where one is none.

    Where ``otherwise`` is given the column may be absent and a cell empty.
    """
    column = sheet.columns.get(name)
    if column is None:
        return np.full(len(sheet.line), np.nan if otherwise is None else otherwise)
    written = np.asarray(pc.match_substring_regex(column, _NUMBER), dtype=np.bool_)
    numbers = np.full(len(sheet.line), np.nan)
    text = column.filter(pa.array(written)).cast(pa.string())
    numbers[written] = pc.utf8_trim(text, " ").cast(pa.float64()).to_numpy()
    written &= np.isfinite(numbers)
    if otherwise is None:
        sheet.good &= written
        return numbers
    sheet.good &= written | _empty(column)
    return np.where(written, numbers, otherwise)


def _radius90_m(sheet: _Sheet, options: Options) -> Numbers:
    """Radius holding the fire with 90 %: anywhere in the pixel, which is itself placed.

    The law is that of a fire uniform over the pixel, convolved with the geolocation
    error, taken as a circular normal of the same area.

    Source: variance of a uniform law, width squared / 12.
    """
    pixel_km = options.number("pixel_m") / 1000
    variances = []
    for name in ("scan", "track"):
        width_km = _numbers(sheet, name, otherwise=pixel_km)
        sheet.good &= (_PIXEL_KM[0] <= width_km) & (width_km <= _PIXEL_KM[1])
        variances.append((width_km * 1000) ** 2 / 12 + _GEOLOCATION_SD_M**2)
    return SIGMAS_90 * (variances[0] * variances[1]) ** 0.25


def _times(sheet: _Sheet) -> tuple[Integers, Integers]:
    """Begin and end of each row's look in nanoseconds since 1970 UTC.

    A minute where the time is given, the whole day in UTC where only the date is.
    """
    day = _mapped(sheet, "acq_date", _day_ns)
    if "acq_time" not in sheet.columns:
        return day, day + DAY_NS
    clock = _mapped(sheet, "acq_time", _clock_ns)
    dated = np.equal(clock, _NO_TIME)
    begin = day + np.where(dated, 0, clock)
    return begin, begin + np.where(dated, DAY_NS, MINUTE_NS)


def _mapped(sheet: _Sheet, name: str, value: Callable[[str], int]) -> Integers:
    """Each distinct cell turned into a number once; a row with none is not good."""
    column = sheet.columns[name].dictionary_encode()
    found = [
        _attempt(value, _text(cell).strip()) for cell in column.dictionary.to_pylist()
    ]
    numbers = np.array([0 if one is None else one for one in found], dtype=np.int64)
    usable = np.array([one is not None for one in found], dtype=np.bool_)
    index = np.asarray(column.indices, dtype=np.int64)
    sheet.good &= usable[index]
    found_here: Integers = numbers[index]
    return found_here


def _labels(sheet: _Sheet, name: str) -> Labels:
    if name not in sheet.columns:
        return np.full(len(sheet.line), "", dtype=np.str_)
    column = sheet.columns[name].dictionary_encode()
    cells = [_text(cell).strip()[:40] for cell in column.dictionary.to_pylist()]
    words: Labels = np.array(["", *cells], dtype=np.str_)
    labels: Labels = words[np.asarray(column.indices, dtype=np.int64) + 1]
    return labels


def _attempt(value: Callable[[str], int], text: str) -> int | None:
    try:
        return value(text)
    except ValueError:
        return None


def _day_ns(text: str) -> int:
    day = date.fromisoformat(text).toordinal()
    if day not in _DATES:
        msg = f"{shown(text)} is no day of the satellites' years"
        raise ValueError(msg)
    return (day - _EPOCH) * DAY_NS


def _clock_ns(text: str) -> int:
    if not text:
        return _NO_TIME
    match = _CLOCK.fullmatch(text)
    if match is None and not (text.isascii() and text.isdigit() and len(text) <= 4):
        msg = f"{shown(text)} is not a time such as 23:45 or 2345"
        raise ValueError(msg)
    hour, minute = (int(match[1]), int(match[2])) if match else divmod(int(text), 100)
    if hour > 23 or minute > 59:
        msg = f"{shown(text)} is not a time of a day"
        raise ValueError(msg)
    return (hour * 60 + minute) * MINUTE_NS


def _fault(sheet: _Sheet, row: int, options: Options) -> str:
    """Why one row is unusable, found by reading it slowly."""
    cells = {name: _text(column[row].as_py()) for name, column in sheet.columns.items()}
    try:
        point(cells["latitude"], cells["longitude"], options.bounds())
        _day_ns(cells["acq_date"].strip())
        _clock_ns(cells.get("acq_time", "").strip())
        for name in ("scan", "track", "frp"):
            if cells.get(name):
                number(cells[name])
    except ValueError as error:
        return str(error)
    named = {name: cells[name] for name in ("scan", "track", "frp") if name in cells}
    return f"the size of the pixel or its power is impossible: {named}"


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else ""


def _empty(column: pa.BinaryArray) -> Flags:
    lengths: Integers = np.asarray(pc.binary_length(column), dtype=np.int64)
    return np.equal(lengths, 0)

"""Mean orbital elements as published: two-line sets, OMM as JSON or CSV, or none.

Every set is checked before it is used: checksums of lines, ranges of numbers. What
`sgp4` would take in silence is a rejection here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import isfinite, pi, radians
from typing import TYPE_CHECKING

from trucewatch.collect.cells import number, shown
from trucewatch.collect.swath import MODIS, VIIRS, Scanner
from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from sgp4.api import Satrec

MOST_SETS = 2_000

# Satellites whose fire lists are read, by NORAD catalogue number and by FIRMS name.
SCANNERS: dict[int, tuple[str, Scanner]] = {
    37849: ("N", VIIRS),
    43013: ("N20", VIIRS),
    54234: ("N21", VIIRS),
    25994: ("Terra", MODIS),
    27424: ("Aqua", MODIS),
}
_BY_NAME = {name: scanner for name, scanner in SCANNERS.values()}
_LINE = re.compile(r"[12] [0-9]{5}[A-Z ].{60,61}[0-9]")
_NUMBERS = (
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "BSTAR",
)
_NEEDED = ("NORAD_CAT_ID", "EPOCH", *_NUMBERS)
# Revolutions per day of satellites low enough to map fires; ranges of the others.
_RANGES = {
    "MEAN_MOTION": (13.0, 16.5),
    "ECCENTRICITY": (0.0, 0.05),
    "INCLINATION": (0.0, 180.0),
    "RA_OF_ASC_NODE": (-360.0, 360.0),
    "ARG_OF_PERICENTER": (-360.0, 360.0),
    "MEAN_ANOMALY": (-360.0, 360.0),
    "BSTAR": (-0.1, 0.1),
}
_MINUTES_PER_DAY = 1440.0
_SGP4_EPOCH = datetime(1949, 12, 31, tzinfo=UTC)
_INSTALL = "orbital elements need `pip install trucewatch[passes]`"


@dataclass(frozen=True, slots=True)
class Elements:
    """One checked set of mean elements.

    Attributes:
        where: in the delivery.
        satellite: as FIRMS names it.
        epoch: of the set, UTC.
        orbit: ready to be propagated.
    """

    where: str
    satellite: str
    scanner: Scanner
    epoch: datetime
    orbit: Satrec


@dataclass(frozen=True, slots=True)
class Nominal:
    """A satellite without elements: the local mean solar time it passes at."""

    where: str
    satellite: str
    scanner: Scanner
    local_time: time


Read = Elements | Nominal | tuple[str, str]
"""A set that can be used, or where one stood that cannot and why."""


def sets(data: bytes, source: str) -> Iterator[Read]:
    """Every set of a delivery in its order.

    Raises:
        SourceError: if it is none of the forms, too long, or sgp4 is not installed.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"delivery of {source} is not UTF-8: {error}"
        raise SourceError(msg) from error
    if text.lstrip().startswith("["):
        rows = _from_json(text, source)
    elif "," in text.partition("\n")[0]:
        rows = _from_csv(text, source)
    else:
        rows = None
    if rows is None:
        yield from _from_lines(text, source)
        return
    for count, (where, row) in enumerate(rows, start=1):
        _check_count(count, source)
        yield _attempted(where, row)


def _attempted(where: str, row: Mapping[str, str]) -> Read:
    try:
        return _nominal(where, row) if "LOCAL_TIME" in row else _set(where, row)
    except (ValueError, OverflowError) as error:
        return where, str(error)


def _set(where: str, row: Mapping[str, str]) -> Elements:
    """One set of an OMM.

    Raises:
        ValueError: if a field is missing or impossible.
    """
    if missing := [name for name in _NEEDED if not row.get(name, "").strip()]:
        msg = f"it lacks {', '.join(missing)}"
        raise ValueError(msg)
    satellite, scanner = _known(row["NORAD_CAT_ID"])
    values = {name: _in_range(name, row[name]) for name in _NUMBERS}
    epoch = _epoch(row["EPOCH"])
    orbit = _satrec()
    drag = [number(row.get(f"MEAN_MOTION_{one}") or "0") for one in ("DOT", "DDOT")]
    orbit.sgp4init(
        _wgs72(),
        "i",
        int(row["NORAD_CAT_ID"]),
        (epoch - _SGP4_EPOCH) / timedelta(days=1),
        values["BSTAR"],
        drag[0] * 2 * pi / _MINUTES_PER_DAY**2,
        drag[1] * 2 * pi / _MINUTES_PER_DAY**3,
        values["ECCENTRICITY"],
        radians(values["ARG_OF_PERICENTER"]),
        radians(values["INCLINATION"]),
        radians(values["MEAN_ANOMALY"]),
        values["MEAN_MOTION"] * 2 * pi / _MINUTES_PER_DAY,
        radians(values["RA_OF_ASC_NODE"]),
    )
    return Elements(where, satellite, scanner, epoch, orbit)


def _nominal(where: str, row: Mapping[str, str]) -> Nominal:
    """A satellite by its nominal local time.

    Raises:
        ValueError: if the satellite or the time is none.
    """
    name = row.get("SATELLITE", "").strip()
    if name not in _BY_NAME:
        msg = f"{shown(name)} is no satellite known here: {', '.join(_BY_NAME)}"
        raise ValueError(msg)
    return Nominal(
        where, name, _BY_NAME[name], time.fromisoformat(row["LOCAL_TIME"].strip())
    )


def _from_json(text: str, source: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"delivery of {source} is not JSON: {str(error)[:200]}"
        raise SourceError(msg) from error
    for count, one in enumerate(found, start=1):
        cells = one.items() if isinstance(one, dict) else ()
        yield f"set {count}", {str(key).upper(): str(value) for key, value in cells}


def _from_csv(text: str, source: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [one.strip().upper() for one in next(reader, [])]
        if "LOCAL_TIME" not in header and not set(_NEEDED) <= set(header):
            lacking = sorted(set(_NEEDED) - set(header))
            msg = f"delivery of {source} lacks columns {lacking}, or local_time"
            raise SourceError(msg)
        for cells in reader:
            if cells:
                row = dict(zip(header, cells, strict=False))
                yield f"line {reader.line_num}", row
    except csv.Error as error:
        msg = f"delivery of {source} is not CSV: {error}"
        raise SourceError(msg) from error


def _from_lines(text: str, source: str) -> Iterator[Read]:
    """Two-line sets, with or without a line of the name before them.

    Raises:
        SourceError: if there is none, or too many.
    """
    lines = text.splitlines()
    found = 0
    for at, line in enumerate(lines):
        if not line.startswith("1 "):
            continue
        found += 1
        _check_count(found, source)
        where = f"line {at + 1}"
        following = lines[at + 1] if at + 1 < len(lines) else ""
        try:
            yield _of_lines(where, line.rstrip(), following.rstrip())
        except (ValueError, OverflowError) as error:
            yield where, str(error)
    if not found:
        msg = f"delivery of {source} holds no two-line set, OMM or list of local times"
        raise SourceError(msg)


def _of_lines(where: str, first: str, second: str) -> Elements:
    """One two-line set.

    Raises:
        ValueError: if a line is damaged or the two do not belong together.
    """
    for line, begin in ((first, "1 "), (second, "2 ")):
        if not (_LINE.fullmatch(line) and line.startswith(begin) and len(line) == 69):
            msg = f"{shown(line)} is no line {begin.strip()} of a two-line set"
            raise ValueError(msg)
        if _checksum(line) != int(line[-1]):
            msg = f"the checksum of {shown(line)} is {_checksum(line)}, not {line[-1]}"
            raise ValueError(msg)
    if first[2:7] != second[2:7]:
        msg = f"line 1 is of {first[2:7]}, line 2 of {second[2:7]}"
        raise ValueError(msg)
    year = int(first[18:20])
    new_year = datetime(year + (2000 if year < 57 else 1900), 1, 1, tzinfo=UTC)
    epoch = new_year + timedelta(days=number(first[20:32]) - 1)
    row = {
        "NORAD_CAT_ID": first[2:7],
        "EPOCH": epoch.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        "MEAN_MOTION": second[52:63],
        "ECCENTRICITY": f"0.{second[26:33].strip()}",
        "INCLINATION": second[8:16],
        "RA_OF_ASC_NODE": second[17:25],
        "ARG_OF_PERICENTER": second[34:42],
        "MEAN_ANOMALY": second[43:51],
        "BSTAR": _with_exponent(first[53:61]),
        # Written halved in a two-line set; the OMM has the same number (CelesTrak).
        "MEAN_MOTION_DOT": first[33:43],
        "MEAN_MOTION_DDOT": _with_exponent(first[44:52]),
    }
    return _set(where, row)


def _with_exponent(text: str) -> str:
    """`` 30000-4`` as ``0.30000e-4``.

    Raises:
        ValueError: if it is no such number.
    """
    match = re.fullmatch(r"([ +-])(\d{5})([+-]\d)", text)
    if match is None:
        msg = f"{shown(text)} is no number of a two-line set"
        raise ValueError(msg)
    return f"{match[1].strip()}0.{match[2]}e{match[3]}"


def _checksum(line: str) -> int:
    digits = sum(int(one) for one in line[:-1] if one.isdigit())
    return (digits + line[:-1].count("-")) % 10


def _known(catalogue: str) -> tuple[str, Scanner]:
    text = catalogue.strip()
    if not (text.isascii() and text.isdigit() and int(text) in SCANNERS):
        names = ", ".join(f"{key} {name}" for key, (name, _) in SCANNERS.items())
        msg = f"{shown(catalogue)} is no satellite known here: {names}"
        raise ValueError(msg)
    return SCANNERS[int(text)]


def _in_range(name: str, text: str) -> float:
    low, high = _RANGES[name]
    value = number(text.strip())
    if not (isfinite(value) and low <= value <= high):
        msg = f"{name} is {shown(text)}; it must lie between {low} and {high}"
        raise ValueError(msg)
    return value


def _epoch(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip().removesuffix("Z"))
    return found.replace(tzinfo=UTC)


def _satrec() -> Satrec:
    try:
        from sgp4.api import Satrec as Made
    except ImportError as error:
        raise SourceError(_INSTALL) from error
    return Made()


def _wgs72() -> int:
    from sgp4.api import WGS72

    found: int = WGS72
    return found


def _check_count(count: int, source: str) -> None:
    if count > MOST_SETS:
        msg = f"delivery of {source} holds more than {MOST_SETS} sets; split it"
        raise SourceError(msg)

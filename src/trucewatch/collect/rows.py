"""Rows of a delivery, each with where it stood, and the account of all of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shapely.geometry.base import BaseGeometry

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Observation
from trucewatch.collect.settings import Options
from trucewatch.collect.source import Batch, Rejection
from trucewatch.collect.unpack import check_lines, plain
from trucewatch.errors import SourceError

_UNREADABLE = (
    "it is not valid {encoding}; if the delivery is in another encoding, "
    "name it in option encoding"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: named cells, perhaps a shape, perhaps a reason why it is unusable."""

    where: str
    cells: Mapping[str, str]
    shape: BaseGeometry | None = None
    fault: str = ""

    def get(self, name: str) -> str:
        """A cell without surrounding blanks; empty where there is none."""
        return self.cells.get(name, "").strip()

    def need(self, name: str) -> str:
        """A cell that must not be empty.

        Raises:
            ValueError: if it is.
        """
        value = self.get(name)
        if not value:
            msg = f"{name} is empty"
            raise ValueError(msg)
        return value


class _Reader(Protocol):
    """What ``csv.reader`` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


Made = Observation | Acquisition


@dataclass(slots=True)
class Account:
    """Keeps count while rows are read, so that none is lost."""

    delivery: Delivery
    made: list[Made] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    drawn: int = 0

    def keep(self, parts: Sequence[Made]) -> None:
        """Keep the records one row made: the first counts as the row itself."""
        self.made.extend(parts)
        self.drawn += max(0, len(parts) - 1)

    def reject(self, where: str, why: str) -> None:
        """Keep a row that could not be used, with the reason."""
        clean = [
            one.encode("utf-8", "backslashreplace").decode() for one in (where, why)
        ]
        rejection = Rejection(
            where=clean[0], why=clean[1], derived_from=(self.delivery.id,)
        )
        self.rejections.append(rejection)

    def batch(self) -> Batch:
        """Everything read so far."""
        return Batch(
            rows_read=len(self.made) - self.drawn + len(self.rejections),
            acquisitions=tuple(a for a in self.made if isinstance(a, Acquisition)),
            observations=tuple(o for o in self.made if isinstance(o, Observation)),
            rejections=tuple(self.rejections),
            drawn=self.drawn,
        )


def account(
    delivery: Delivery,
    rows: Iterable[Row],
    make: Callable[[Row], Made | Sequence[Made]],
) -> Batch:
    """What ``make`` made of each row it could use, a rejection for each it could not.

    ``make`` refuses a row by raising ``ValueError``; an ``OverflowError`` of a date or
    a number beyond all calendars counts as the same.
    """
    kept = Account(delivery)
    for row in rows:
        if row.fault:
            kept.reject(row.where, row.fault)
            continue
        try:
            made = make(row)
            kept.keep(made if isinstance(made, Sequence) else (made,))
        except (ValueError, OverflowError) as error:
            kept.reject(row.where, str(error))
    return kept.batch()


def csv_rows(raw: bytes, options: Options, need: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a table with a header; names of columns in lower case.

    Args:
        raw: as delivered, gzip or not.
        options: names the encoding.
        need: columns without which the delivery is not of the form.

    Raises:
        SourceError: if there is no such header, a line is too long, or no row at all
            is in the encoding.
    """
    data = plain(raw)
    check_lines(data)
    encoding = options.encoding()
    text = _lines(data, encoding, options.source)
    reader = csv.reader(text, strict=True)
    header = _header(reader, need, options.source)
    rows = bad = 0
    for row in _body(reader, header):
        rows += 1
        if _decoded(row):
            yield row
            continue
        bad += 1
        yield Row(row.where, {}, fault=_UNREADABLE.format(encoding=encoding))
    if rows and bad == rows:
        msg = f"no row is readable: {_UNREADABLE.format(encoding=encoding)}"
        raise SourceError(msg)


def _decoded(row: Row) -> bool:
    """Whether every byte of a row was a character; the others stand as surrogates."""
    try:
        "".join(row.cells.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _lines(data: bytes, encoding: str, source: str) -> Iterator[str]:
    """Lines one by one, so that a large delivery is never held twice as text.

    Raises:
        SourceError: if the bytes are plainly in another encoding.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and encoding != "utf-16":
        msg = f"delivery of {source} is UTF-16; set option encoding to utf-16"
        raise SourceError(msg)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    errors = "strict" if encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")
    try:
        yield from text
    except UnicodeError as error:
        msg = f"delivery of {source} is not {encoding}: {error}"
        raise SourceError(msg) from error


def _header(
    lines: Iterator[list[str]], need: tuple[str, ...], source: str
) -> list[str]:
    """The names of the columns.

    Raises:
        SourceError: if one is missing or stands twice.
    """
    try:
        header = [name.strip().lower() for name in next(lines, [])]
    except csv.Error as error:
        msg = f"delivery of {source} has no readable header: {error}"
        raise SourceError(msg) from error
    if missing := [name for name in need if name not in header]:
        found = ", ".join(header)[:200].encode("utf-8", "backslashreplace").decode()
        msg = (
            f"delivery of {source} lacks columns {missing}; found: {found or 'nothing'}"
        )
        raise SourceError(msg)
    if len(set(header)) != len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        msg = f"delivery of {source} has columns of the same name: {twice}"
        raise SourceError(msg)
    return header


def _body(reader: _Reader, header: list[str]) -> Iterator[Row]:
    first = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            where = _where(first, reader.line_num)
            yield Row(where, {}, fault=f"it is not CSV: {error}")
        else:
            if cells:
                yield _row(_where(first, reader.line_num), header, cells)
        first = reader.line_num + 1


def _row(where: str, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        hint = "; it was cut short" if len(cells) < len(header) else ""
        fault = f"it has {len(cells)} fields, the header has {len(header)}{hint}"
        return Row(where, dict(zip(header, cells, strict=False)), fault=fault)
    fault = "it holds NUL bytes" if any("\0" in cell for cell in cells) else ""
    return Row(where, dict(zip(header, cells, strict=True)), fault=fault)


def _where(first: int, last: int) -> str:
    return f"line {first}" if last <= first else f"lines {first}-{last}"

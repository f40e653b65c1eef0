"""Read a table by columns: rows that cannot be used are kept with line and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from trucewatch.collect.unpack import check_lines, plain
from trucewatch.errors import SourceError

Reals: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_UTC = r"(Z|\+00:?00)$"
_INSTANT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$"
_SHOWN_CHARS = 40
_NOTHING = pa.scalar("")


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not used."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a table as text without blanks around them.

    Attributes:
        file: name of the file.
        columns: by lower-case name; all of one length.
        line: where each row stood, shape (rows,).
        reasons: why a row cannot be used, by row; the first reason found stays.
        torn: rows that had no cells to speak of.
    """

    file: str
    columns: Mapping[str, pa.StringArray]
    line: Whole
    reasons: dict[int, str] = field(default_factory=dict)
    torn: tuple[Reject, ...] = ()

    def refuse(self, bad: Flags, reason: str, shown: str = "") -> None:
        """Every row of ``bad`` has a reason now; ``{}`` in it stands for a cell.

        Args:
            bad: shape (rows,).
            reason: what was wrong and what would be right.
            shown: the column whose cell is shown.
        """
        for row in np.flatnonzero(bad).tolist():
            cell = str(self.columns[shown][row])[:_SHOWN_CHARS] if shown else ""
            self.reasons.setdefault(row, reason.replace("{}", repr(cell)))

    @property
    def good(self) -> Flags:
        """Rows without a reason against them, shape (rows,)."""
        good = np.ones(len(self.line), np.bool_)
        good[list(self.reasons)] = False
        return good

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """Every row that cannot be used, in order of lines."""
        found = [
            Reject(self.file, int(self.line[row]), why)
            for row, why in self.reasons.items()
        ]
        return tuple(sorted([*self.torn, *found], key=lambda one: one.line))

    def names(self, column: str) -> pa.StringArray:
        """A column of names; a row without one is refused."""
        cells = self.columns[column]
        self.refuse(_flags(pc.equal(cells, _NOTHING)), f"{column} is empty")
        return cells

    def numbers(
        self, column: str, within: tuple[float, float], *, optional: bool = False
    ) -> Reals:
        """A column of numbers, shape (rows,); NaN where there is none.

        A row whose cell is no number from the first of ``within`` to the second is
        refused; where ``optional``, the column may be absent and a cell empty.
        """
        numbers = np.full(len(self.line), np.nan)
        cells = self.columns.get(column)
        if cells is None:
            return numbers
        written = _flags(pc.match_substring_regex(cells, _NUMBER))
        text = cells.filter(pa.array(written))
        numbers[written] = text.cast(pa.float64()).to_numpy(zero_copy_only=False)
        empty = _flags(pc.equal(cells, _NOTHING)) & optional
        self.refuse(~written & ~empty, f"{column} {{}} is not a finite number", column)
        low, high = within
        beyond = written & ~((numbers >= low) & (numbers <= high))
        self.refuse(beyond, f"{column} {{}} is not within {low:g} to {high:g}", column)
        numbers[beyond] = np.nan
        return numbers

    def instants(self, column: str, *, optional: bool = False) -> Reals:
        """A column of ISO 8601 times as seconds since 1970 UTC, shape (rows,).

        A row whose cell is no such time is refused; without an offset it is UTC.
        """
        cells = self.columns[column]
        plain_cells = pc.replace_substring_regex(cells, _UTC, "")
        if bool(pc.all(pc.match_substring_regex(plain_cells, _INSTANT)).as_py()):
            try:
                moments = plain_cells.cast(pa.timestamp("ns")).cast(pa.int64())
                return moments.to_numpy(zero_copy_only=False) / 1e9
            except pa.ArrowInvalid:  # a day or hour no calendar has: row by row
                pass
        seconds = np.array([_seconds(str(cell)) for cell in cells], np.float64)
        empty = _flags(pc.equal(cells, _NOTHING)) & optional
        why = f"{column} {{}} is not a time such as 2026-03-01T04:05:06.789Z"
        self.refuse(np.isnan(seconds) & ~empty, why, column)
        return seconds


def sheet_of(raw: bytes, file: str, need: Iterable[str]) -> Sheet:
    """The rows of a table with a header; blank lines count but are no rows.

    Args:
        raw: the table, gzip or not.
        file: what it is called in errors.
        need: columns without which it is not of the form.

    Raises:
        SourceError: if it is empty, not UTF-8, not CSV, or lacks a column.
    """
    data = _text(raw, file)
    first, _, body = data.partition(b"\n")
    names = [one.strip().lower() for one in first.decode().split(",")]
    if missing := [name for name in need if name not in names]:
        found = ", ".join(names)[:200]
        msg = f"{file} lacks the columns {missing}; its header is: {found}"
        raise SourceError(msg)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"{file} has columns of the same name: {twice}"
        raise SourceError(msg)
    body, line, torn = _whole_rows(body, len(names), file)
    columns = _parsed(body, names, file)
    if len(line) != len(columns[names[0]]):
        msg = f"{file} is damaged: its lines cannot be counted"
        raise SourceError(msg)
    return Sheet(file, columns, line, torn=torn)


def _text(raw: bytes, file: str) -> bytes:
    """The table in UTF-8 with plain line ends and no quotes: no cell holds a comma.

    Raises:
        SourceError: if it cannot be unpacked, is empty or is not text in UTF-8.
    """
    try:
        data = plain(raw)
        check_lines(data)
    except SourceError as error:
        msg = f"{file}: {error}"
        raise SourceError(msg) from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        msg = f"{file} is empty; a header is needed at least"
        raise SourceError(msg)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        msg = f"{file} is not UTF-8: line {line} holds a byte of something else"
        raise SourceError(msg) from error
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        msg = f"{file} is not text: line {line} holds a NUL byte"
        raise SourceError(msg)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.replace(b'"', b"")


def _whole_rows(
    body: bytes, fields: int, file: str
) -> tuple[bytes, Whole, tuple[Reject, ...]]:
    """The lines with the right number of cells, their numbers, and the others."""
    if not body.endswith(b"\n"):
        body += b"\n"
    data = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    lengths = np.diff(ends, prepend=-1)
    commas = np.diff(np.cumsum(data == ord(","))[ends], prepend=0)
    whole = (commas == fields - 1) & (lengths > 1)
    torn = []
    for bad in np.flatnonzero(~whole & (lengths > 1)).tolist():
        found = int(commas[bad]) + 1
        hint = "; it was cut short" if found < fields else ""
        why = f"it has {found} cells, the header has {fields}{hint}"
        torn.append(Reject(file, bad + 2, why))
    if not whole.all():
        body = data[np.repeat(whole, lengths)].tobytes()
    return body, np.flatnonzero(whole).astype(np.int64) + 2, tuple(torn)


def _parsed(body: bytes, names: list[str], file: str) -> dict[str, pa.StringArray]:
    """Every cell as text.

    Raises:
        SourceError: if the rows cannot be told apart.
    """
    if not body:
        return {name: pa.array([], pa.string()) for name in names}
    try:
        table = csv.read_csv(
            BytesIO(body),
            csv.ReadOptions(column_names=names, use_threads=False),
            csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        msg = f"{file} is not CSV: {str(error)[:200]}"
        raise SourceError(msg) from error
    return {
        name: cast(
            "pa.StringArray",
            pc.utf8_trim_whitespace(table.column(name).combine_chunks()),
        )
        for name in names
    }


def _seconds(cell: str) -> float:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return float("nan")
    if len(cell) < len("2026-03-01T04:05"):
        return float("nan")
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _flags(value: object) -> Flags:
    return np.asarray(value, dtype=np.bool_)

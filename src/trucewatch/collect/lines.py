"""Lines of a recording taken apart all at once by one expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.collect.tracks import Flags, Integers
from trucewatch.collect.unpack import check_lines, plain

Text = pa.LargeStringArray


def lines_of(raw: bytes) -> tuple[Text, Integers]:
    """Every line that is not blank, and its number counted from 1.

    Bytes beyond ASCII become ``?``: no format read this way has any.

    Raises:
        SourceError: if it cannot be unpacked or a line is too long.
    """
    data = plain(raw)
    check_lines(data)
    codes = np.frombuffer(data, dtype=np.uint8)
    if codes.size and int(codes.max()) > 127:
        data = np.where(codes > 127, np.uint8(ord("?")), codes).tobytes()
    split = pa.array(data.split(b"\n"), pa.binary()).cast(pa.large_string())
    found = pc.ascii_trim(cast("Text", split), " \t\r\0")
    lengths = np.asarray(pc.binary_length(found), dtype=np.int64)
    number: Integers = np.flatnonzero(lengths > 0).astype(np.int64)
    return taken(found, number), number + 1


def taken(column: Text, rows: Integers) -> Text:
    """The cells of these rows, in their order."""
    return column.take(cast("pa.Int64Array", pa.array(rows)))


def chosen_of(column: Text, which: Flags) -> Text:
    """The cells that are chosen, in order."""
    return taken(column, np.flatnonzero(which).astype(np.int64))


def taken_apart(lines: Text, pattern: str) -> tuple[Flags, Mapping[str, Text]]:
    """Which lines match, and the named groups of those that do, in order."""
    found = pc.extract_regex(lines, pattern)
    matched = np.asarray(found.is_valid(), dtype=np.bool_)
    kept = found.filter(pa.array(matched))
    names = [kept.type.field(i).name for i in range(kept.type.num_fields)]
    return matched, {name: cast("Text", kept.field(name)) for name in names}


def codes_of(column: Text) -> tuple[Integers, Integers, Integers]:
    """All characters of a column as codes, and where each cell begins and ends."""
    whole = pa.concat_arrays([column])  # an array of its own, without gaps
    _, offsets, data = whole.buffers()
    if offsets is None or data is None or not len(whole):
        none = np.zeros(len(whole), dtype=np.int64)
        return np.zeros(0, dtype=np.int64), none, none
    at = np.frombuffer(memoryview(offsets), dtype=np.int64)
    at = at[whole.offset : whole.offset + len(whole) + 1]
    codes = np.frombuffer(memoryview(data), dtype=np.uint8)
    return cast("Integers", codes), at[:-1], at[1:]

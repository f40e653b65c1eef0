"""Lines of a recording taken apart all at once by one expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.collect.tracks import Flags, Integers
from trucewatch.collect.unpack import check_lines, plain


def lines_of(raw: bytes) -> tuple[pa.StringArray, Integers]:
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
    found = pa.array(data.split(b"\n"), pa.binary()).cast(pa.large_string())
    found = pc.ascii_trim(found, " \t\r\0")
    lengths = np.asarray(pc.binary_length(found), dtype=np.int64)
    number = np.flatnonzero(lengths > 0)
    return found.take(pa.array(number)), number + 1


def taken_apart(
    lines: pa.StringArray, pattern: str
) -> tuple[Flags, Mapping[str, pa.StringArray]]:
    """Which lines match, and the named groups of those that do, in order."""
    found = pc.extract_regex(lines, pattern)
    matched = np.asarray(found.is_valid(), dtype=np.bool_)
    kept = cast("pa.StructArray", found.filter(pa.array(matched)))
    names = [kept.type.field(i).name for i in range(kept.type.num_fields)]
    return matched, {name: kept.field(name) for name in names}


def codes_of(column: pa.StringArray) -> tuple[Integers, Integers, Integers]:
    """All characters of a column as codes, and where each cell begins and ends."""
    whole = pa.concat_arrays([column])  # an array of its own: no offset, no gaps
    _, offsets, data = whole.buffers()
    at = np.frombuffer(offsets, dtype=np.int64)[: len(whole) + 1] if offsets else None
    if at is None or data is None:
        none = np.zeros(len(whole), dtype=np.int64)
        return np.zeros(0, dtype=np.int64), none, none
    codes = np.frombuffer(data, dtype=np.uint8)
    at = at + whole.offset * 0
    return cast("Integers", codes), at[:-1], at[1:]

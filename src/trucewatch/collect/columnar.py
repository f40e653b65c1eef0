"""Columns as Arrow streams: written with their hash, opened only if they are whole."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns
from trucewatch.collect.table import Table


def opened(columns: Columns, schema: str, wanted: pa.Schema) -> pa.Table:
    """The columns of a table.

    Raises:
        ValueError: if the table is of another kind or its bytes are damaged.
    """
    if columns.table.schema != schema:
        msg = f"expected a table of {schema}, found {columns.table.schema!r}"
        raise ValueError(msg)
    try:
        with pa.ipc.open_stream(columns.blob) as stream:
            found = stream.read_all()
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"the columns of {columns.table.id} are damaged: {error}"
        raise ValueError(msg) from error
    if found.schema != wanted or found.num_rows != columns.table.rows:
        msg = f"the columns of {columns.table.id} are not its table's"
        raise ValueError(msg)
    return found


def rows_in(columns: Columns, begin_ns: int, end_ns: int) -> int:
    """How many rows of a table share an instant with ``[begin_ns, end_ns)``.

    Rows without a time, such as places of channels or nodes, are in no period.

    Raises:
        ValueError: if the table's bytes are damaged.
    """
    try:
        with pa.ipc.open_stream(columns.blob) as stream:
            found = stream.read_all()
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"the columns of {columns.table.id} are damaged: {error}"
        raise ValueError(msg) from error
    named = [one for one in ("time_ns", "begin_ns") if one in found.column_names]
    if not named:
        return 0
    first = found.column(named[0]).to_numpy()
    has_end = "end_ns" in found.column_names
    last = found.column("end_ns").to_numpy() if has_end else first + 1
    return int(np.count_nonzero((first < end_ns) & (last > begin_ns)))


def texts(found: pa.Table, name: str) -> tuple[str, ...]:
    """A column of text, in order."""
    return tuple(str(one) for one in found.column(name).to_pylist())


def written(made: pa.Table, schema: str, delivery: Delivery, procedure: str) -> Columns:
    """The table derived from ``delivery``, and its bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, made.schema) as stream:
        stream.write_table(made)
    blob = sink.getvalue().to_pybytes()
    table = Table(
        schema=schema,
        procedure=procedure,
        rows=made.num_rows,
        sha256=hashlib.sha256(blob).hexdigest(),
        derived_from=(delivery.id,),
    )
    return Columns(table, blob)

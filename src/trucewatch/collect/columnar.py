"""Columns as Arrow streams: written with their hash, opened only if they are whole.

A kind of rows is a dataclass with one array per column, all of one length. Being
``Columnar`` puts it into a table and takes it out again; its fields have the types
named below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sized
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns
from trucewatch.collect.table import Table

Numbers = NDArray[np.float64]  # shape (n_rows,)
Integers = NDArray[np.int64]  # shape (n_rows,)
Labels = NDArray[np.str_]  # shape (n_rows,)
Text = pa.StringArray  # n_rows
Words = tuple[str, ...]  # n_rows
Samples = tuple[NDArray[np.float32], ...]  # n_rows, of any lengths


def _numbers(found: pa.Table, name: str) -> object:
    return found.column(name).to_numpy()


def _labels(found: pa.Table, name: str) -> object:
    return found.column(name).to_numpy().astype("U")


def _text(found: pa.Table, name: str) -> object:
    return found.column(name).combine_chunks()


def _words(found: pa.Table, name: str) -> object:
    return tuple(found.column(name).to_pylist())


def _samples(found: pa.Table, name: str) -> object:
    return tuple(
        np.asarray(one.values.to_numpy(zero_copy_only=False), np.float32)
        for one in found.column(name)
    )


def _flattened(rows: Samples) -> object:
    """The rows end to end: much faster than row by row."""
    ends = np.cumsum([0, *(len(one) for one in rows)])
    flat = np.concatenate(rows) if rows else np.empty(0, np.float32)
    return pa.LargeListArray.from_arrays(
        pa.array(ends, pa.int64()), pa.array(flat, pa.float32())
    )


# How a column is stored and taken out, by the name of the type of its field.
_KINDS: dict[str, tuple[pa.DataType, Callable[[pa.Table, str], object]]] = {
    "Numbers": (pa.float64(), _numbers),
    "Integers": (pa.int64(), _numbers),
    "Labels": (pa.string(), _labels),
    "Text": (pa.string(), _text),
    "Words": (pa.string(), _words),
    "Samples": (pa.large_list(pa.float32()), _samples),
}


class Columnar:
    """Rows as one array per field of a dataclass; a field is a column of their table.

    Attributes:
        schemas: kinds of table such rows stand in, the usual one first.
        decimals: how many are kept of a field of numbers; of others, all.
        row: of every row, where it stood in the delivery.
    """

    __slots__ = ()
    schemas: ClassVar[tuple[str, ...]]
    decimals: ClassVar[Mapping[str, int]] = {}
    row: Sized
    __match_args__: ClassVar[tuple[str, ...]] = ()  # a dataclass's fields, in order

    def __len__(self) -> int:
        """How many rows."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> Self:
        """The rows of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is of another kind or its bytes are damaged.
        """
        fields = _fields(cls)
        first, *others = cls.schemas
        found = opened(columns, first, _schema(fields), *others)
        make: Callable[..., Self] = cls
        return make(**{name: _KINDS[k][1](found, name) for name, k in fields.items()})

    def to_columns(
        self, delivery: Delivery, procedure: str, schema: str = ""
    ) -> Columns:
        """The same rows as a table derived from ``delivery``, and its bytes.

        ``schema`` is the usual kind unless given.
        """
        fields = _fields(type(self))
        values = {name: getattr(self, name) for name in fields}
        for name, decimals in self.decimals.items():
            values[name] = np.round(values[name], decimals) + 0.0
        for name in (one for one, kind in fields.items() if kind == "Samples"):
            values[name] = _flattened(values[name])
        made = pa.Table.from_pydict(values, schema=_schema(fields))
        return written(made, schema or self.schemas[0], delivery, procedure)


def _fields(rows: type[Columnar]) -> dict[str, str]:
    """The type of every field as its class names it, in order."""
    return {name: rows.__annotations__[name] for name in rows.__match_args__}


def _schema(fields: Mapping[str, str]) -> pa.Schema:
    return pa.schema({name: _KINDS[kind][0] for name, kind in fields.items()})


def opened(columns: Columns, schema: str, wanted: pa.Schema, *others: str) -> pa.Table:
    """The columns of a table of kind ``schema``, or of one of ``others``.

    Raises:
        ValueError: if the table is of another kind or its bytes are damaged.
    """
    if columns.table.schema not in (schema, *others):
        known = " or ".join((schema, *others))
        msg = f"expected a table of {known}, found {columns.table.schema!r}"
        raise ValueError(msg)
    found = _read(columns)
    if found.schema != wanted or found.num_rows != columns.table.rows:
        msg = f"the columns of {columns.table.id} are not its table's"
        raise ValueError(msg)
    return found


def _read(columns: Columns) -> pa.Table:
    """What the bytes of a table hold.

    Raises:
        ValueError: if they are damaged.
    """
    try:
        with pa.ipc.open_stream(columns.blob) as stream:
            return stream.read_all()
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"the columns of {columns.table.id} are damaged: {error}"
        raise ValueError(msg) from error


def rows_in(columns: Columns, begin_ns: int, end_ns: int) -> int:
    """How many rows of a table share an instant with ``[begin_ns, end_ns)``.

    Rows without a time, such as places of channels or nodes, are in no period.

    Raises:
        ValueError: if the table's bytes are damaged.
    """
    found = _read(columns)
    named = [one for one in ("time_ns", "begin_ns") if one in found.column_names]
    if not named:
        return 0
    first = found.column(named[0]).to_numpy()
    has_end = "end_ns" in found.column_names
    last = found.column("end_ns").to_numpy() if has_end else first + 1
    return int(np.count_nonzero((first < end_ns) & (last > begin_ns)))


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

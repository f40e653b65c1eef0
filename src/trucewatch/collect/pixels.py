"""Fire pixels as columns: the one table form of thermal anomalies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns
from trucewatch.collect.table import Table

SCHEMA = "fire_pixels"
# The same columns, of years that teach what burns without war; never judged.
HISTORY = "fire_history"

Numbers = NDArray[np.float64]  # shape (n_pixels,)
Integers = NDArray[np.int64]  # shape (n_pixels,)
Labels = NDArray[np.str_]  # shape (n_pixels,)

# Decimals kept, as records keep them: finer than any source, coarser than a last bit.
_DECIMALS = {"lat_deg": 7, "lon_deg": 7, "radius90_m": 3, "frp_mw": 3}

_TYPES: dict[str, pa.DataType] = {
    "lat_deg": pa.float64(),
    "lon_deg": pa.float64(),
    "radius90_m": pa.float64(),
    "begin_ns": pa.int64(),
    "end_ns": pa.int64(),
    "frp_mw": pa.float64(),
    "satellite": pa.string(),
    "row": pa.int64(),
}
_ARROW = pa.schema(_TYPES)


@dataclass(frozen=True, slots=True)
class FirePixels:
    """Pixels that burned, one array per column, all of shape ``(n_pixels,)``.

    A pixel says nothing of the pixels beside it: where the satellite looked and saw
    nothing is not in the list.

    Attributes:
        lat_deg: of the pixel's centre, north positive.
        lon_deg: of the pixel's centre, east positive.
        radius90_m: radius holding the fire with 90 % probability.
        begin_ns: nanoseconds since 1970-01-01 UTC; the look began then or later.
        end_ns: the look ended before; a whole day where only the date is known.
        frp_mw: fire radiative power, NaN where unknown.
        satellite: as the source names it, empty where unknown.
        row: line of the delivery.
    """

    lat_deg: Numbers
    lon_deg: Numbers
    radius90_m: Numbers
    begin_ns: Integers
    end_ns: Integers
    frp_mw: Numbers
    satellite: Labels
    row: Integers

    def __len__(self) -> int:
        """How many pixels."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> FirePixels:
        """The pixels of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of fire pixels or its bytes are damaged.
        """
        if columns.table.schema not in (SCHEMA, HISTORY):
            found = columns.table.schema
            msg = f"expected a table of {SCHEMA} or {HISTORY}, found {found!r}"
            raise ValueError(msg)
        try:
            with pa.ipc.open_stream(columns.blob) as stream:
                read = stream.read_all()
        except pa.ArrowInvalid as error:
            msg = f"the columns of {columns.table.id} are damaged: {error}"
            raise ValueError(msg) from error
        if read.schema != _ARROW or read.num_rows != columns.table.rows:
            msg = f"the columns of {columns.table.id} are not its table's"
            raise ValueError(msg)
        return cls(**{
            name: read.column(name).to_numpy().astype("U")
            if name == "satellite"
            else read.column(name).to_numpy()
            for name in _ARROW.names
        })

    def only(self, chosen: NDArray[np.bool_]) -> FirePixels:
        """The chosen pixels, in the same order."""
        return FirePixels(**{name: getattr(self, name)[chosen] for name in _TYPES})

    def to_columns(
        self, delivery: Delivery, procedure: str, schema: str = SCHEMA
    ) -> Columns:
        """The same pixels as a table derived from ``delivery``, and its bytes."""
        names = _ARROW.names
        rounded = {
            name: np.round(getattr(self, name), _DECIMALS[name]) + 0.0
            if name in _DECIMALS
            else getattr(self, name)
            for name in names
        }
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, _ARROW) as stream:
            stream.write_table(pa.Table.from_pydict(rounded, schema=_ARROW))
        blob = sink.getvalue().to_pybytes()
        table = Table(
            schema=schema,
            procedure=procedure,
            rows=len(self),
            sha256=hashlib.sha256(blob).hexdigest(),
            derived_from=(delivery.id,),
        )
        return Columns(table, blob)

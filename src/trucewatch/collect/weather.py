"""Air temperature and wind near the ground, as columns: one report per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.columnar import opened, written
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns

WEATHER = "weather"

Numbers = NDArray[np.float64]  # shape (n_rows,)
Integers = NDArray[np.int64]  # shape (n_rows,)
_TEXT = ("station", "row")
_WHOLE = ("time_ns",)


@dataclass(frozen=True, slots=True)
class WeatherReports:
    """Temperature and wind, measured or forecast, each with its error.

    Attributes:
        station: who says so; empty where not told.
        time_ns: for when, nanoseconds since 1970-01-01 UTC.
        lat_deg: north positive, NaN where not told.
        lon_deg: east positive, NaN where not told.
        temp_c: air temperature near the ground.
        wind_u_mps: wind at 10 m towards east.
        wind_v_mps: towards north.
        temp_sd_k: standard deviation of the temperature's error.
        wind_sd_mps: of the wind's, of each component.
        row: where it stood in the delivery.
    """

    station: pa.StringArray
    time_ns: Integers
    lat_deg: Numbers
    lon_deg: Numbers
    temp_c: Numbers
    wind_u_mps: Numbers
    wind_v_mps: Numbers
    temp_sd_k: Numbers
    wind_sd_mps: Numbers
    row: pa.StringArray

    def __len__(self) -> int:
        """How many reports."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> WeatherReports:
        """The reports of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of weather or its bytes are damaged.
        """
        found = opened(columns, WEATHER, _schema())
        make: Callable[..., WeatherReports] = cls
        return make(**{
            one.name: found.column(one.name).combine_chunks()
            if one.type == pa.string()
            else found.column(one.name).to_numpy()
            for one in found.schema
        })

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same reports as a table derived from ``delivery``, and its bytes."""
        schema = _schema()
        values = [pa.array(getattr(self, one.name), one.type) for one in schema]
        made = pa.Table.from_arrays(values, schema=schema)
        return written(made, WEATHER, delivery, procedure)


def _schema() -> pa.Schema:
    kinds = dict.fromkeys(_TEXT, pa.string()) | dict.fromkeys(_WHOLE, pa.int64())
    names = [one.name for one in fields(WeatherReports)]
    return pa.schema([(name, kinds.get(name, pa.float64())) for name in names])

"""Onsets that seismic stations picked, as columns: which phase, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.columnar import opened, texts, written
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns

SEISMIC_PICKS = "seismic_picks"

Numbers = NDArray[np.float64]  # shape (n_rows,)
Integers = NDArray[np.int64]  # shape (n_rows,)

_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(("station_id", "phase"), pa.string()),
    "time_ns": pa.int64(),
    **dict.fromkeys(("onset_sd_s", "lat_deg", "lon_deg"), pa.float64()),
    **dict.fromkeys(("clock", "row"), pa.string()),
}


class Phase(StrEnum):
    """How a wave came to a seismic station."""

    P = "P"  # pressed the ground along its way
    S = "S"  # sheared it, or ran along the surface
    AIR = "A"  # through the air


@dataclass(frozen=True, slots=True)
class SeismicPicks:
    """Onsets at seismic stations, one per row.

    Attributes:
        station_id: ``NET.STA``.
        phase: of ``Phase``.
        time_ns: nanoseconds since 1970-01-01 UTC.
        onset_sd_s: error of reading the onset, NaN where not told.
        lat_deg: of the station, NaN where the delivery does not say.
        lon_deg: of the station, NaN where the delivery does not say.
        clock: of ``collect.nodes.Clock``.
        row: where it stood in the delivery.
    """

    station_id: tuple[str, ...]
    phase: tuple[str, ...]
    time_ns: Integers
    onset_sd_s: Numbers
    lat_deg: Numbers
    lon_deg: Numbers
    clock: tuple[str, ...]
    row: tuple[str, ...]

    def __len__(self) -> int:
        """How many onsets."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> SeismicPicks:
        """The onsets of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of such picks or its bytes are damaged.
        """
        found = opened(columns, SEISMIC_PICKS, pa.schema(_TYPES))
        return cls(
            station_id=texts(found, "station_id"),
            phase=texts(found, "phase"),
            time_ns=found.column("time_ns").to_numpy(),
            onset_sd_s=found.column("onset_sd_s").to_numpy(),
            lat_deg=found.column("lat_deg").to_numpy(),
            lon_deg=found.column("lon_deg").to_numpy(),
            clock=texts(found, "clock"),
            row=texts(found, "row"),
        )

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same onsets as a table derived from ``delivery``, and its bytes."""
        values = [pa.array(getattr(self, name), kind) for name, kind in _TYPES.items()]
        made = pa.Table.from_arrays(values, schema=pa.schema(_TYPES))
        return written(made, SEISMIC_PICKS, delivery, procedure)


def phase_of(hint: str) -> Phase:
    """The phase a picker's word means: ``Pn`` and ``Pg`` are ``P``, ``Lg`` is ``S``.

    Raises:
        ValueError: if it means none that is known.
    """
    word = hint.strip()
    if word.upper() in ("A", "AIR", "I", "IT", "IS", "IW"):
        return Phase.AIR
    if word[:1].upper() == "P":
        return Phase.P
    if word[:1].upper() == "S" or word.upper() in ("LG", "RG"):
        return Phase.S
    msg = f"{word[:20]!r} is no phase; known: P, S, Lg, Rg, A (through the air)"
    raise ValueError(msg)

"""What acoustic nodes send, as columns: picks, places, outages and heartbeats.

One network is one origin of information: its nodes share clocks, links and a maker.
Which node a row is of stands in ``sensor_id``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trucewatch.collect.columnar import opened, written
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Columns

PICKS = "node_picks"
NODES = "nodes"
OUTAGES = "node_outages"
HEARTBEATS = "node_heartbeats"

# The end of an outage that lasts: beyond all times that are read.
STILL_NS = 2**62

Numbers = NDArray[np.float64]  # shape (n_rows,)
Integers = NDArray[np.int64]  # shape (n_rows,)
Text = pa.StringArray  # n_rows
Types = Mapping[str, pa.DataType]  # by column, in order
T = TypeVar("T")

_TEXT, _WHOLE, _REAL = pa.string(), pa.int64(), pa.float64()
_PICK_TYPES: Types = {
    **dict.fromkeys(("pick_id", "sensor_id"), _TEXT),
    "time_ns": _WHOLE,
    **dict.fromkeys(("onset_sd_s", "clock_sigma_s", "level_db", "snr_db"), _REAL),
    **dict.fromkeys(("clock", "seal", "independence", "row"), _TEXT),
}
_NODE_TYPES: Types = {
    "sensor_id": _TEXT,
    **dict.fromkeys(("lat_deg", "lon_deg", "elevation_m"), _REAL),
    **dict.fromkeys(("clock_sigma_s", "noise_db"), _REAL),
    **dict.fromkeys(("seal", "row"), _TEXT),
}
_OUTAGE_TYPES: Types = {
    "sensor_id": _TEXT,
    **dict.fromkeys(("down_ns", "up_ns"), _WHOLE),
    **dict.fromkeys(("why", "seal", "row"), _TEXT),
}
_HEARTBEAT_TYPES: Types = {
    "sensor_id": _TEXT,
    **dict.fromkeys(("begin_ns", "end_ns"), _WHOLE),
    "listening_ratio": _REAL,
    "clock": _TEXT,
    **dict.fromkeys(("clock_sigma_s", "noise_db", "battery_v"), _REAL),
    **dict.fromkeys(("seal", "row"), _TEXT),
}


class Clock(StrEnum):
    """What a node or a digitiser says of its clock."""

    LOCKED = "locked"  # to satellites or a network
    HOLDOVER = "holdover"  # it was, and runs on by itself
    FREE = "free"  # it never was, or too long ago: times place nothing
    UNKNOWN = "unknown"


class Seal(StrEnum):
    """Whether a message was signed; a false signature is a rejection, not a seal."""

    SIGNED = "signed"  # by the key given for the node
    UNSIGNED = "unsigned"
    UNKNOWN_KEY = "unknown_key"  # signed, and no key was given for the node


@dataclass(frozen=True, slots=True)
class NodePicks:
    """Sudden sounds that nodes or recordings noticed, one per row.

    Attributes:
        pick_id: unique in the delivery.
        sensor_id: which node.
        time_ns: of the onset by the node's clock, nanoseconds since 1970-01-01 UTC.
        onset_sd_s: error of finding the onset in the sound, NaN where not told.
        clock_sigma_s: error of the clock as told with the pick, NaN where not told.
        level_db: peak level, NaN where not told.
        snr_db: above the noise of the moment, NaN where not told.
        clock: of ``Clock``.
        seal: of ``Seal``.
        independence: key of the network.
        row: where it stood in the delivery.
    """

    pick_id: Text
    sensor_id: Text
    time_ns: Integers
    onset_sd_s: Numbers
    clock_sigma_s: Numbers
    level_db: Numbers
    snr_db: Numbers
    clock: Text
    seal: Text
    independence: Text
    row: Text

    def __len__(self) -> int:
        """How many picks."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> NodePicks:
        """The picks of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of picks or its bytes are damaged.
        """
        return _read(cls, columns, PICKS, _PICK_TYPES)

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same picks as a table derived from ``delivery``, and its bytes."""
        return written(_table(self, _PICK_TYPES), PICKS, delivery, procedure)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Where nodes stand, one per row.

    Attributes:
        sensor_id: which node.
        lat_deg: north positive.
        lon_deg: east positive.
        elevation_m: above the ellipsoid, NaN where not told.
        clock_sigma_s: usual error of its clock, NaN where not told.
        noise_db: usual noise, NaN where not told.
        seal: of ``Seal``.
        row: where it stood in the delivery.
    """

    sensor_id: Text
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    clock_sigma_s: Numbers
    noise_db: Numbers
    seal: Text
    row: Text

    def __len__(self) -> int:
        """How many rows."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> Nodes:
        """The nodes of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of nodes or its bytes are damaged.
        """
        return _read(cls, columns, NODES, _NODE_TYPES)

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same nodes as a table derived from ``delivery``, and its bytes."""
        return written(_table(self, _NODE_TYPES), NODES, delivery, procedure)


@dataclass(frozen=True, slots=True)
class NodeOutages:
    """Times at which a node is known not to listen, half open, one per row.

    Attributes:
        sensor_id: which node.
        down_ns: from when, nanoseconds since 1970-01-01 UTC.
        up_ns: until when; ``STILL_NS`` while it lasts.
        why: as told; may be empty.
        seal: of ``Seal``.
        row: where it stood in the delivery.
    """

    sensor_id: Text
    down_ns: Integers
    up_ns: Integers
    why: Text
    seal: Text
    row: Text

    def __len__(self) -> int:
        """How many outages."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> NodeOutages:
        """The outages of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of outages or its bytes are damaged.
        """
        return _read(cls, columns, OUTAGES, _OUTAGE_TYPES)

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same outages as a table derived from ``delivery``, and its bytes."""
        return written(_table(self, _OUTAGE_TYPES), OUTAGES, delivery, procedure)


@dataclass(frozen=True, slots=True)
class Heartbeats:
    """Stretches for which a node says that it listened, and how it was, one per row.

    Attributes:
        sensor_id: which node.
        begin_ns: nanoseconds since 1970-01-01 UTC.
        end_ns: excluded.
        listening_ratio: share of the stretch in which it could hear, 0 to 1.
        clock: of ``Clock``.
        clock_sigma_s: error of its clock, NaN where not told.
        noise_db: noise of the moment, NaN where not told.
        battery_v: NaN where not told.
        seal: of ``Seal``.
        row: where it stood in the delivery.
    """

    sensor_id: Text
    begin_ns: Integers
    end_ns: Integers
    listening_ratio: Numbers
    clock: Text
    clock_sigma_s: Numbers
    noise_db: Numbers
    battery_v: Numbers
    seal: Text
    row: Text

    def __len__(self) -> int:
        """How many heartbeats."""
        return len(self.row)

    @classmethod
    def from_columns(cls, columns: Columns) -> Heartbeats:
        """The heartbeats of a table, in the order of the delivery.

        Raises:
            ValueError: if the table is not of heartbeats or its bytes are damaged.
        """
        return _read(cls, columns, HEARTBEATS, _HEARTBEAT_TYPES)

    def to_columns(self, delivery: Delivery, procedure: str) -> Columns:
        """The same heartbeats as a table derived from ``delivery``, and its bytes."""
        return written(_table(self, _HEARTBEAT_TYPES), HEARTBEATS, delivery, procedure)


Told = NodePicks | Nodes | NodeOutages | Heartbeats


def _read(make: Callable[..., T], columns: Columns, schema: str, types: Types) -> T:
    """What a table holds; its attributes are its columns.

    Raises:
        ValueError: if the table is of another kind or its bytes are damaged.
    """
    found = opened(columns, schema, pa.schema(types))
    return make(**{
        name: found.column(name).combine_chunks()
        if kind == _TEXT
        else found.column(name).to_numpy()
        for name, kind in types.items()
    })


def _table(told: Told, types: Types) -> pa.Table:
    values = [pa.array(getattr(told, name), kind) for name, kind in types.items()]
    return pa.Table.from_arrays(values, schema=pa.schema(types))

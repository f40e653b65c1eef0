"""What acoustic nodes send, as columns: picks, places, outages and heartbeats.

One network is one origin of information: its nodes share clocks, links and a maker.
Which node a row is of stands in ``sensor_id``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from trucewatch.collect.columnar import Columnar, Integers, Numbers, Text

PICKS = "node_picks"
NODES = "nodes"
OUTAGES = "node_outages"
HEARTBEATS = "node_heartbeats"

# The end of an outage that lasts: beyond all times that are read.
STILL_NS = 2**62


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
class NodePicks(Columnar):
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

    schemas: ClassVar = (PICKS,)

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


@dataclass(frozen=True, slots=True)
class Nodes(Columnar):
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

    schemas: ClassVar = (NODES,)

    sensor_id: Text
    lat_deg: Numbers
    lon_deg: Numbers
    elevation_m: Numbers
    clock_sigma_s: Numbers
    noise_db: Numbers
    seal: Text
    row: Text


@dataclass(frozen=True, slots=True)
class NodeOutages(Columnar):
    """Times at which a node is known not to listen, half open, one per row.

    Attributes:
        sensor_id: which node.
        down_ns: from when, nanoseconds since 1970-01-01 UTC.
        up_ns: until when; ``STILL_NS`` while it lasts.
        why: as told; may be empty.
        seal: of ``Seal``.
        row: where it stood in the delivery.
    """

    schemas: ClassVar = (OUTAGES,)

    sensor_id: Text
    down_ns: Integers
    up_ns: Integers
    why: Text
    seal: Text
    row: Text


@dataclass(frozen=True, slots=True)
class Heartbeats(Columnar):
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

    schemas: ClassVar = (HEARTBEATS,)

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


Told = NodePicks | Nodes | NodeOutages | Heartbeats

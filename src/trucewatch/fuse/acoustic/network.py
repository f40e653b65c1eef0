"""What the engine is given: nodes, picks, weather and outages, as arrays.

A flat frame in metres (x east, y north) and seconds from any origin. Rows of a network
are sorted by sensor id; `sensor` everywhere is a row of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Rows: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Nodes on the ground, one row each.

    Attributes:
        sensor_id: names, ascending; sets the rows.
        x_m: surveyed east, shape (n,).
        y_m: surveyed north, shape (n,).
        clock_sigma_s: standard deviation of the clock as declared, shape (n,).
        noise_db: usual noise level at the node, shape (n,).
    """

    sensor_id: tuple[str, ...]
    x_m: Reals
    y_m: Reals
    clock_sigma_s: Reals
    noise_db: Reals


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """Arrivals noticed at nodes, sorted by (time, sensor, level), shape (k,) each.

    Attributes:
        time_s: when the node's clock said the sound came.
        sensor: row of the network.
        level_db: peak level; NaN where the node sends none.
        snr_db: level above the noise of the moment; NaN where the node sends none.
    """

    time_s: Reals
    sensor: Whole
    level_db: Reals
    snr_db: Reals


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """A forecast over the sector, ascending in time, shape (w,) each.

    Attributes:
        time_s: when it holds; between, it changes linearly.
        temp_c: air temperature near the ground.
        wind_u_mps: wind towards the east.
        wind_v_mps: wind towards the north.
    """

    time_s: Reals
    temp_c: Reals
    wind_u_mps: Reals
    wind_v_mps: Reals


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """Times at which a node is known not to listen, half open, shape (d,) each.

    Attributes:
        sensor: row of the network.
        down_s: from when.
        up_s: until when.
    """

    sensor: Whole
    down_s: Reals
    up_s: Reals

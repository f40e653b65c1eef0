"""What networks of acoustic nodes heard in a stretch of time, ready for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trucewatch.agreement.planar import Plane, distance_m, middle_of
from trucewatch.collect.nodes import (
    HEARTBEATS,
    NODES,
    OUTAGES,
    PICKS,
    Clock,
    Heartbeats,
    NodeOutages,
    NodePicks,
    Nodes,
)
from trucewatch.collect.source import Columns
from trucewatch.collect.weather import WEATHER
from trucewatch.fuse.acoustic.network import Network, Outages, Picks
from trucewatch.fuse.air import Air, air_over
from trucewatch.record import RecordId

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Names = NDArray[np.str_]

NODE_TABLES = (PICKS, NODES, OUTAGES, HEARTBEATS, WEATHER)
# Where nobody says: as ``trucewatch associate`` takes it.
CLOCK_SIGMA_S = 0.020
NOISE_DB = 86.0
# Two surveys of one node farther apart contradict each other; neither is used.
SURVEY_M = 50.0
LEAST_NODES = 3
LEAST_WIDTH_M = 25.0  # nodes closer to one line cannot tell its two sides apart


@dataclass(frozen=True, slots=True)
class Listening:
    """One network and what it heard in a stretch of time.

    Attributes:
        key: independence key of the network.
        plane: in which the network lies.
        origin_s: the engine's zero, since 1970-01-01 UTC.
        air: as weather reports tell it; ``None`` where none do.
        rows: ``table id#row`` of each pick, in the order of ``picks``.
    """

    key: str
    plane: Plane
    origin_s: float
    network: Network
    picks: Picks
    outages: Outages
    air: Air | None
    rows: tuple[RecordId, ...]

    def named(self, pick: int) -> str:
        """Node and time of a pick: no two picks share it."""
        sensor = self.network.sensor_id[self.picks.sensor[pick]]
        return f"{sensor}|{self.origin_s + float(self.picks.time_s[pick]):.6f}"


@dataclass(frozen=True, slots=True)
class _Onsets:
    """All picks of a stretch, shape ``(n,)`` each, sorted by time, node and level."""

    key: Names
    sensor: Names
    time_ns: Whole
    level_db: Reals
    snr_db: Reals
    clock_sigma_s: Reals
    row: Names


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where nodes stand, sorted by name, shape ``(n,)`` each."""

    sensor: Names
    lonlat_deg: Reals
    clock_sigma_s: Reals
    noise_db: Reals


def listening(
    columns: Sequence[Columns], begin_ns: int, end_ns: int
) -> tuple[Listening, ...]:
    """The networks that heard anything in a stretch, by key.

    Picks of nodes nobody placed, or placed twice in different places, and picks by
    clocks that never were set are left out; so is a network that lies on a line.
    """
    onsets = _onsets(columns, begin_ns, end_ns)
    if onsets is None:
        return ()
    stands = _stands(columns, onsets)
    found = [
        _network(str(key), onsets, stands, columns, (begin_ns, end_ns))
        for key in np.unique(onsets.key)
    ]
    return tuple(one for one in found if one is not None)


def _of(columns: Sequence[Columns], schema: str) -> list[Columns]:
    tables = {one.table.id: one for one in columns if one.table.schema == schema}
    return [tables[name] for name in sorted(tables)]


def _onsets(columns: Sequence[Columns], begin_ns: int, end_ns: int) -> _Onsets | None:
    parts = []
    for one in _of(columns, PICKS):
        read = NodePicks.from_columns(one)
        unset = pc.equal(read.clock, pa.scalar(str(Clock.FREE))).to_numpy(
            zero_copy_only=False
        )
        within = (read.time_ns >= begin_ns) & (read.time_ns < end_ns)
        good = np.flatnonzero(within & ~unset)
        rows = [f"{one.table.id}#{row}" for row in good.tolist()]
        parts.append((
            _names(read.independence.take(good)),
            _names(read.sensor_id.take(good)),
            read.time_ns[good],
            read.level_db[good],
            read.snr_db[good],
            read.clock_sigma_s[good],
            np.array(rows, dtype=np.str_),
        ))
    if not sum(len(part[0]) for part in parts):
        return None
    key, sensor, time, level, snr, clock, row = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    order = np.lexsort((row, snr, level, sensor, key, time))
    same = np.ones(len(order) - 1, np.bool_)
    for column in (time, key, sensor):
        same &= column[order][1:] == column[order][:-1]
    order = order[np.r_[True, ~same]]  # one sound told in two deliveries
    each = (key, sensor, time, level, snr, clock, row)
    return _Onsets(*(one[order] for one in each))


def _names(texts: pa.StringArray) -> Names:
    return np.array(texts.to_pylist(), dtype=np.str_)


def _stands(columns: Sequence[Columns], onsets: _Onsets) -> _Stands:
    """Each node once, with clock and noise as told there, else as its picks tell."""
    read = [Nodes.from_columns(one) for one in _of(columns, NODES)]
    beats = [Heartbeats.from_columns(one) for one in _of(columns, HEARTBEATS)]
    name = _texts([one.sensor_id for one in read])
    lonlat = np.column_stack([
        _numbers([one.lon_deg for one in read]),
        _numbers([one.lat_deg for one in read]),
    ])
    order = np.lexsort((lonlat[:, 1], lonlat[:, 0], name))
    name, lonlat = name[order], lonlat[order]
    names, first, which = np.unique(name, return_index=True, return_inverse=True)
    apart_m = distance_m(lonlat[first][which], lonlat)
    torn = np.isin(names, name[apart_m > SURVEY_M])
    clock = _usual(
        names[~torn],
        [(name, _numbers([one.clock_sigma_s for one in read])[order])]
        + [(onsets.sensor, onsets.clock_sigma_s)],
    )
    noise = _usual(
        names[~torn],
        [(name, _numbers([one.noise_db for one in read])[order])]
        + [
            (
                _texts([b.sensor_id for b in beats]),
                _numbers([b.noise_db for b in beats]),
            )
        ]
        + [(onsets.sensor, onsets.level_db - onsets.snr_db)],
    )
    known = np.isfinite(noise)
    usual_db = float(np.median(noise[known])) if known.any() else NOISE_DB
    return _Stands(
        names[~torn],
        lonlat[first][~torn],
        np.where(np.isfinite(clock), clock, CLOCK_SIGMA_S),
        np.where(known, noise, usual_db),
    )


def _texts(texts: Sequence[pa.StringArray]) -> Names:
    return np.array([one for each in texts for one in each.to_pylist()], np.str_)


def _numbers(parts: Sequence[Reals]) -> Reals:
    return np.concatenate([np.empty(0), *parts])


def _usual(names: Names, told: Sequence[tuple[Names, Reals]]) -> Reals:
    """Per name the median of the first that tells anything; NaN where none does."""
    usual = np.full(len(names), np.nan)
    for name, values in told:
        good = np.isfinite(values)
        order = np.argsort(name[good], kind="stable")
        sorted_names, sorted_values = name[good][order], values[good][order]
        begin = np.searchsorted(sorted_names, names, side="left")
        end = np.searchsorted(sorted_names, names, side="right")
        for n in np.flatnonzero(np.isnan(usual) & (end > begin)).tolist():
            usual[n] = np.median(sorted_values[begin[n] : end[n]])
    return usual


def _network(
    key: str,
    onsets: _Onsets,
    stands: _Stands,
    columns: Sequence[Columns],
    stretch_ns: tuple[int, int],
) -> Listening | None:
    """One network; ``None`` where its nodes cannot tell where a sound came from."""
    own, begin_ns = onsets.key == key, stretch_ns[0]
    member = np.isin(stands.sensor, _members(columns, key))
    if member.sum() < LEAST_NODES:
        return None
    plane = middle_of(stands.lonlat_deg[member])
    x_m, y_m = plane.project(stands.lonlat_deg[member]).T
    if _width_m(x_m, y_m) < LEAST_WIDTH_M:
        return None
    sensors = stands.sensor[member]
    used = np.flatnonzero(own & np.isin(onsets.sensor, sensors))
    if not used.size:
        return None
    time_s = (onsets.time_ns[used] - begin_ns) / 1e9
    return Listening(
        key=key,
        plane=plane,
        origin_s=begin_ns / 1e9,
        network=Network(
            sensor_id=tuple(sensors.tolist()),
            x_m=x_m,
            y_m=y_m,
            clock_sigma_s=stands.clock_sigma_s[member],
            noise_db=stands.noise_db[member],
        ),
        picks=Picks(
            time_s=time_s,
            sensor=np.searchsorted(sensors, onsets.sensor[used]).astype(np.int64),
            level_db=onsets.level_db[used],
            snr_db=onsets.snr_db[used],
        ),
        outages=_outages(columns, sensors, begin_ns),
        air=air_over(columns, stands.lonlat_deg[member].mean(axis=0), stretch_ns),
        rows=tuple(RecordId(one) for one in onsets.row[used].tolist()),
    )


def _members(columns: Sequence[Columns], key: str) -> Names:
    """Every node that ever sent a pick under the key."""
    found = [NodePicks.from_columns(one) for one in _of(columns, PICKS)]
    own = [pc.equal(one.independence, pa.scalar(key)) for one in found]
    mine = [one.sensor_id.filter(by) for one, by in zip(found, own, strict=True)]
    return np.unique(np.concatenate([_names(pc.unique(one)) for one in mine]))


def _width_m(x_m: Reals, y_m: Reals) -> float:
    """Root mean square distance from the line that fits best."""
    dx, dy = x_m - x_m.mean(), y_m - y_m.mean()
    xx, xy, yy = (dx * dx).mean(), (dx * dy).mean(), (dy * dy).mean()
    return float(np.sqrt(max((xx + yy) / 2 - np.hypot((xx - yy) / 2, xy), 0.0)))


def _outages(columns: Sequence[Columns], sensors: Names, begin_ns: int) -> Outages:
    """When nodes are known not to have listened, told as outages or as heartbeats."""
    told = [NodeOutages.from_columns(one) for one in _of(columns, OUTAGES)]
    beats = [Heartbeats.from_columns(one) for one in _of(columns, HEARTBEATS)]
    deaf = [one.listening_ratio <= 0 for one in beats]
    name = _texts([one.sensor_id for one in told])
    deaf_name = [_names(b.sensor_id)[no] for b, no in zip(beats, deaf, strict=True)]
    name = np.concatenate([name, *deaf_name])
    deaf_from = [b.begin_ns[no] for b, no in zip(beats, deaf, strict=True)]
    deaf_to = [b.end_ns[no] for b, no in zip(beats, deaf, strict=True)]
    nothing = np.empty(0, np.int64)
    down = np.concatenate([nothing, *(one.down_ns for one in told), *deaf_from])
    up = np.concatenate([nothing, *(one.up_ns for one in told), *deaf_to])
    known = np.isin(name, sensors)
    return Outages(
        sensor=np.searchsorted(sensors, name[known]).astype(np.int64),
        down_s=(down[known] - begin_ns) / 1e9,
        up_s=(up[known] - begin_ns) / 1e9,
    )

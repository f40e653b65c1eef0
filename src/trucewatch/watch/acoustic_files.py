"""Nodes, picks, weather and outages of an acoustic network, read from its tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trucewatch.errors import SourceError
from trucewatch.fuse.acoustic.network import Network, Outages, Picks, Weather
from trucewatch.watch.columns import Reals, Reject, Sheet, Whole, read_sheet
from trucewatch.watch.ground_frame import Frame, check_spread, frame_of

# Where a table says nothing. A clock disciplined over a mobile network is good to some
# tens of milliseconds; the noise is that of the node's own picks, else of the others.
CLOCK_SIGMA_S = 0.020
NOISE_DB = 86.0
DAY_S = 86_400.0
_FAR_S = 4e9  # year 2096, in seconds since 1970
_FAR_M = 1e7


@dataclass(frozen=True, slots=True)
class Clock:
    """How files count time: ISO 8601, or seconds; and where the engine's zero is."""

    iso: bool
    origin_s: float = 0.0

    @property
    def suffix(self) -> str:
        """What the columns of times end with."""
        return "" if self.iso else "_s"

    def read(self, sheet: Sheet, name: str, *, optional: bool = False) -> Reals:
        """A column of times as seconds since the origin.

        Raises:
            SourceError: if the table counts time otherwise than the picks do.
        """
        column = name + self.suffix
        if column not in sheet.columns:
            msg = (
                f"{sheet.file} lacks the column {column}: picks have time{self.suffix}"
            )
            raise SourceError(msg)
        if self.iso:
            return sheet.instants(column, optional=optional) - self.origin_s
        found = sheet.numbers(column, (-_FAR_S, _FAR_S), optional=optional)
        return found - self.origin_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that an engine needs, and the way back to the files it came from.

    Attributes:
        pick_id: in the order of ``picks``.
        rows: how many rows of picks the file had.
        rejects: rows of all tables that were not used.
    """

    frame: Frame
    clock: Clock
    network: Network
    picks: Picks
    pick_id: pa.StringArray
    weather: Weather | None
    outages: Outages | None
    rows: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Where the files are."""

    sensors: Path
    picks: Path
    met: Path | None = None
    status: Path | None = None


def hear(tables: Tables) -> Heard:
    """Everything read and checked; rows that cannot be used are kept as rejects.

    Raises:
        SourceError: if a table as a whole cannot be used.
    """
    places = read_sheet(tables.sensors, ["sensor_id"])
    frame, network = _network(places)
    sheet = read_sheet(tables.picks, ["pick_id", "sensor_id"])
    clock, picks, pick_id = picks_of(sheet, network)
    weather, outages, others = around(tables, clock, network.sensor_id)
    return Heard(
        frame=frame,
        clock=clock,
        network=_with_noise(network, picks),
        picks=picks,
        pick_id=pick_id,
        weather=weather,
        outages=outages,
        rows=len(sheet.line) + len(sheet.torn),
        rejects=(*places.rejects, *sheet.rejects, *others),
    )


def nodes(path: Path) -> tuple[Frame, Network, tuple[Reject, ...]]:
    """The frame of a table of nodes, the nodes, and rows that were not used.

    A node without a noise has the usual one: there is nothing heard yet to take it of.

    Raises:
        SourceError: if the table cannot be used.
    """
    sheet = read_sheet(path, ["sensor_id"])
    frame, network = _network(sheet)
    known = np.isfinite(network.noise_db)
    noise = np.where(known, network.noise_db, NOISE_DB)
    return frame, replace(network, noise_db=noise), sheet.rejects


def around(
    tables: Tables, clock: Clock, known: tuple[str, ...]
) -> tuple[Weather | None, Outages | None, tuple[Reject, ...]]:
    """Weather and outages of the nodes `known`, and rows that were not used.

    Raises:
        SourceError: if a table cannot be used.
    """
    weather, outages, rejects = None, None, list[Reject]()
    if tables.met:
        met = read_sheet(tables.met, ["temp_c", "wind_u_mps", "wind_v_mps"])
        weather = _weather(met, clock)
        rejects += met.rejects
    if tables.status:
        status = read_sheet(tables.status, ["sensor_id"])
        outages = _outages(status, clock, known)
        rejects += status.rejects
    return weather, outages, tuple(rejects)


def _network(sheet: Sheet) -> tuple[Frame, Network]:
    """The frame of the files, and the nodes in order of their names.

    Raises:
        SourceError: if coordinates are mixed, names stand twice, or the places of the
            nodes cannot locate anything.
    """
    flat = [name for name in ("x_m", "y_m") if name in sheet.columns]
    globe = [name for name in ("lat", "lon") if name in sheet.columns]
    if flat and globe or len(flat) == 1 or len(globe) == 1 or not flat + globe:
        found = ", ".join(flat + globe) or "none of them"
        msg = f"{sheet.file} needs either lat and lon or x_m and y_m; it has {found}"
        raise SourceError(msg)
    limit = (_FAR_M, _FAR_M) if flat else (90.0, 180.0)
    names = sheet.names("sensor_id")
    first, second = (
        sheet.numbers(name, (-most, most))
        for name, most in zip(flat or globe, limit, strict=True)
    )
    sigma = sheet.numbers("clock_sigma_s", (0.0, 60.0), optional=True)
    noise = sheet.numbers("noise_db", (-50.0, 200.0), optional=True)
    _check_unique(sheet, names)
    good = np.flatnonzero(sheet.good)
    named = [str(names[row]) for row in good.tolist()]
    _check_usable(sheet, len(named), "sensor")
    frame = Frame() if flat else frame_of(first[good], second[good])
    x, y = frame.plane(first[good], second[good])
    check_spread(x, y)
    order = np.array(sorted(range(len(named)), key=named.__getitem__), np.int64)
    at = good[order]
    return frame, Network(
        sensor_id=tuple(named[k] for k in order.tolist()),
        x_m=x[order],
        y_m=y[order],
        clock_sigma_s=np.where(np.isnan(sigma[at]), CLOCK_SIGMA_S, sigma[at]),
        noise_db=noise[at],
    )


def _check_unique(sheet: Sheet, names: pa.StringArray) -> None:
    """Return when no node stands twice: which of its places holds, nobody can say.

    Raises:
        SourceError: if one does.
    """
    counts = pc.value_counts(names)
    twice = sorted(str(one["values"]) for one in counts if one["counts"].as_py() > 1)
    if twice := [one for one in twice if one]:
        lines = sheet.line[
            np.asarray(pc.equal(names, pa.scalar(twice[0])), np.bool_)
        ].tolist()
        msg = (
            f"{sheet.file}: sensor_id {twice[0]!r} stands on lines {lines}; each "
            f"needs one row ({len(twice)} such names)"
        )
        raise SourceError(msg)


def picks_of(
    sheet: Sheet, network: Network, origin_s: float | None = None
) -> tuple[Clock, Picks, pa.StringArray]:
    """Picks in order of time, node, level and name, whatever the order of the file.

    Times count from `origin_s`; without it, from midnight before the first pick.

    Raises:
        SourceError: if the table has times of neither or both kinds, or no usable pick.
    """
    clock = _clock(sheet)
    names = sheet.names("pick_id")
    known = pa.array(network.sensor_id, pa.string())
    where = pc.index_in(sheet.names("sensor_id"), known).fill_null(-1)
    sensor = where.to_numpy(zero_copy_only=False).astype(np.int64)
    why = "sensor_id {} is not among the usable rows of the table of sensors"
    sheet.refuse(sensor < 0, why, "sensor_id")
    time = clock.read(sheet, "time")
    level = sheet.numbers("level_db", (-100.0, 300.0), optional=True)
    snr = sheet.numbers("snr_db", (-100.0, 200.0), optional=True)
    rank = np.empty(len(time), np.int64)
    rank[pc.sort_indices(names).to_numpy()] = np.arange(len(time))
    order = np.lexsort((rank, snr, level, sensor, time))
    _refuse_repeats(sheet, names, order[sheet.good[order]])
    order = order[sheet.good[order]]
    if len(time):
        _check_usable(sheet, len(order), "pick")
    origin = origin_s
    if origin is None:
        origin = float(np.floor(time[order[0]] / DAY_S) * DAY_S) if len(order) else 0.0
    picks = Picks(
        time_s=time[order] - origin,
        sensor=sensor[order],
        level_db=level[order],
        snr_db=snr[order],
    )
    return Clock(clock.iso, origin), picks, names.take(order)


def _clock(sheet: Sheet) -> Clock:
    """How the picks count time.

    Raises:
        SourceError: if the table has neither or both of the two columns.
    """
    found = [name for name in ("time", "time_s") if name in sheet.columns]
    if len(found) != 1:
        told = " and ".join(found) or "neither"
        msg = f"{sheet.file} needs either time (ISO 8601) or time_s; it has {told}"
        raise SourceError(msg)
    return Clock(found == ["time"])


def _refuse_repeats(sheet: Sheet, names: pa.StringArray, order: Whole) -> None:
    """Of picks of one name the first in ``order`` stays."""
    code = names.take(order).dictionary_encode().indices.to_numpy()
    first = np.unique(code, return_index=True)[1]
    repeats = np.zeros(len(sheet.line), np.bool_)
    repeats[np.delete(order, first)] = True
    why = "pick_id {} stands more than once; the earliest of them is used"
    sheet.refuse(repeats, why, "pick_id")


def _weather(sheet: Sheet, clock: Clock) -> Weather | None:
    """A forecast in order of time; ``None`` if the table has no row.

    Raises:
        SourceError: if it has rows and none can be used.
    """
    time = clock.read(sheet, "time")
    temp = sheet.numbers("temp_c", (-90.0, 60.0))
    east = sheet.numbers("wind_u_mps", (-120.0, 120.0))
    north = sheet.numbers("wind_v_mps", (-120.0, 120.0))
    order = np.lexsort((north, east, temp, time))
    order = order[sheet.good[order]]
    again = order[1:][np.diff(time[order]) == 0]
    repeats = np.zeros(len(time), np.bool_)
    repeats[again] = True
    sheet.refuse(repeats, "this time stands more than once; one row of it is used")
    order = order[sheet.good[order]]
    if not len(time):
        return None
    _check_usable(sheet, len(order), "row")
    return Weather(
        time_s=time[order],
        temp_c=temp[order],
        wind_u_mps=east[order],
        wind_v_mps=north[order],
    )


def _outages(sheet: Sheet, clock: Clock, known: tuple[str, ...]) -> Outages:
    """Outages in order of node and time; an empty end means that it still lasts."""
    where = pc.index_in(sheet.names("sensor_id"), pa.array(known, pa.string()))
    sensor = where.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    why = "sensor_id {} is not among the usable rows of the table of sensors"
    sheet.refuse(sensor < 0, why, "sensor_id")
    down = clock.read(sheet, "down")
    up = clock.read(sheet, "up", optional=True)
    up = np.where(np.isnan(up), _FAR_S, up)
    sheet.refuse(up <= down, "the outage ends before it begins")
    order = np.lexsort((up, down, sensor))
    order = order[sheet.good[order]]
    return Outages(sensor=sensor[order], down_s=down[order], up_s=up[order])


def _with_noise(network: Network, picks: Picks) -> Network:
    """Nodes whose table names no noise have that of their own picks, or the median."""
    noise = network.noise_db.copy()
    if not np.isnan(noise).any():
        return network
    heard = picks.level_db - picks.snr_db
    told = np.isfinite(heard)
    for row in np.flatnonzero(np.isnan(noise)).tolist():
        own = heard[told & (picks.sensor == row)]
        if len(own):
            noise[row] = np.median(own)
    known = noise[np.isfinite(noise)]
    usual = float(np.median(known)) if len(known) else NOISE_DB
    return Network(
        sensor_id=network.sensor_id,
        x_m=network.x_m,
        y_m=network.y_m,
        clock_sigma_s=network.clock_sigma_s,
        noise_db=np.where(np.isnan(noise), usual, noise),
    )


def _check_usable(sheet: Sheet, count: int, what: str) -> None:
    """Return when something of a table is left.

    Raises:
        SourceError: if nothing is; tells the first reason.
    """
    if count == 0:
        first = next(iter(sheet.rejects), None)
        why = f"; line {first.line}: {first.reason}" if first else ": it has no rows"
        msg = f"{sheet.file} has no usable {what}{why}"
        raise SourceError(msg)

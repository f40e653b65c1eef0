"""Cells of ground that a receiver hears, and which of them speak for each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trucewatch.collect.shapes import WGS84
from trucewatch.collect.tracks import Flags, Integers, Numbers

CELLS_PER_DEG = 4
COLUMNS = 360 * CELLS_PER_DEG
RANGE_BIN_M, BEARING_BIN_DEG = 20_000.0, 30.0

Spot = tuple[float, float]  # latitude and longitude in degrees


def cells_of(lat_deg: Numbers, lon_deg: Numbers) -> Integers:
    """The cell of each place; -1 for what is none."""
    good = (np.abs(lat_deg) <= 90) & np.isfinite(lon_deg)
    row = np.floor((np.where(good, lat_deg, 0) + 90) * CELLS_PER_DEG)
    column = np.floor((np.where(good, lon_deg, 0) + 180) * CELLS_PER_DEG) % COLUMNS
    found: Integers = np.where(good, row * COLUMNS + column, -1).astype(np.int64)
    return found


def middles_deg(cell: Integers) -> tuple[Numbers, Numbers]:
    """Latitude and longitude of the middle of each cell."""
    row, column = np.divmod(cell, COLUMNS)
    return (row + 0.5) / CELLS_PER_DEG - 90, (column + 0.5) / CELLS_PER_DEG - 180


def candidates(cell: Integers, station_deg: Spot | None) -> Integers:
    """Cells that may be proven: those heard from, or all as near to the station."""
    heard = np.unique(cell)
    if station_deg is None or not heard.size:
        return heard
    away, _ = _polar(heard, station_deg)
    rows, columns = np.divmod(heard, COLUMNS)
    span = np.ptp(columns) < COLUMNS // 2  # else it lies across the antimeridian
    across = np.arange(columns.min(), columns.max() + 1) if span else np.arange(COLUMNS)
    down = np.arange(rows.min(), rows.max() + 1)
    every: Integers = (down[:, None] * COLUMNS + across).ravel()
    near: Flags = _polar(every, station_deg)[0] <= away.max()
    return every[near]


def _polar(cell: Integers, station_deg: Spot) -> tuple[Numbers, Numbers]:
    """Metres and degrees from the station to the middle of each cell."""
    lat, lon = middles_deg(cell)
    here = np.full(len(cell), station_deg[1]), np.full(len(cell), station_deg[0])
    bearing, _, away = WGS84.inv(*here, lon, lat)
    return np.asarray(away), np.asarray(bearing) % 360


@dataclass(frozen=True, slots=True)
class Sums:
    """Trials and successes of each cell, and of all that speak for it, ``(n,)``."""

    trials: Numbers
    again: Numbers
    near_trials: Numbers
    near_again: Numbers


@dataclass(frozen=True, slots=True)
class Groups:
    """Which cells speak for each other: neighbours, or those alike to the station.

    Attributes:
        cells: ascending, shape ``(n,)``.
        pairs: positions of a cell and of one that speaks for it, shape ``(2, m)``.
    """

    cells: Integers
    pairs: Integers

    @classmethod
    def of(cls, cells: Integers, station_deg: Spot | None) -> Groups:
        """Neighbours; with a station also those as far from it on the same side."""
        beside = np.hstack(list(_beside(cells)))
        if station_deg is None:
            return cls(cells, beside)
        away, bearing = _polar(cells, station_deg)
        group = (away // RANGE_BIN_M) * 1000 + bearing // BEARING_BIN_DEG
        order = np.argsort(group, kind="stable")
        bounds = np.flatnonzero(np.diff(group[order])) + 1
        parts = [np.array(np.meshgrid(one, one)) for one in np.split(order, bounds)]
        alike = [one.reshape(2, -1) for one in parts]
        return cls(cells, np.unique(np.hstack([beside, *alike]), axis=1))

    def summed(self, cell: Integers, trials: Integers, again: Integers) -> Sums:
        """Sums over the rows of each cell, and over those that speak for it."""
        at = np.searchsorted(self.cells, cell)
        count, (to, of) = len(self.cells), self.pairs
        own: list[Numbers] = [
            np.bincount(at, one, count).astype(np.float64) for one in (trials, again)
        ]
        near: list[Numbers] = [
            np.bincount(to, one[of], count).astype(np.float64) for one in own
        ]
        return Sums(*own, *near)

    def different(self, cell: Integers, who: Integers) -> Integers:
        """How many different things were heard from those that speak for each cell."""
        count = int(who.max(initial=0)) + 1
        at = np.searchsorted(self.cells, cell)
        distinct = np.unique(at * count + who)
        held, name = np.divmod(distinct, count)
        first = np.searchsorted(held, np.arange(len(self.cells) + 1))
        to, of = self.pairs
        sizes = np.diff(first)[of]
        start = np.cumsum(sizes) - sizes
        pick = np.repeat(first[of] - start, sizes) + np.arange(int(sizes.sum()))
        pairs = np.unique(np.repeat(to, sizes) * count + name[pick])
        return np.bincount(pairs // count, minlength=len(self.cells))


def _beside(cells: Integers) -> Iterator[Integers]:
    """Pairs of each cell with itself and the neighbours that are there."""
    row, column = np.divmod(cells, COLUMNS)
    here = np.arange(len(cells))
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            key = (row + down) * COLUMNS + (column + across) % COLUMNS
            at = np.minimum(np.searchsorted(cells, key), max(0, len(cells) - 1))
            there = cells[at] == key if len(cells) else np.zeros(0, dtype=np.bool_)
            yield np.stack((here[there], at[there]))

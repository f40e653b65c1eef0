"""Small cells that burn more than their surroundings, and sources that always burn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.collect.pixels import Integers, Numbers
from trucewatch.detect.thermal.fires import Fires, month
from trucewatch.detect.thermal.grid import KM_PER_DEG, around, small_cells
from trucewatch.detect.thermal.settings import ThermalSettings

LOCAL_PER_DEG = 50  # 0.02 deg: a parcel and its neighbours
SOURCE_PER_DEG = 250  # 0.004 deg: a pixel at nadir
_MONTHS = 12 * 400
_DAYS = 200_000  # more days than any list has: a cell and a day are one number
# Beta(1, 50) before any look. Source: MODEL 4.
_HIT, _LOOKS = 1.0, 50.0


@dataclass(frozen=True, slots=True)
class Places:
    """Small cells with a number each; the cells are sorted.

    Attributes:
        cell: see ``grid.small_cells``.
        value: shape as ``cell``.
    """

    cell: Integers
    value: Numbers

    def at(self, cells: Integers) -> Numbers:
        """The number of each cell, 0 where it has none, in the shape of ``cells``."""
        if not len(self.cell):
            return np.zeros(cells.shape)
        where = np.minimum(np.searchsorted(self.cell, cells), len(self.cell) - 1)
        found: Numbers = np.where(self.cell[where] == cells, self.value[where], 0.0)
        return found


def burning_days(fires: Fires) -> Places:
    """On how many days each local cell burned."""
    cell, days = _hits(fires, LOCAL_PER_DEG)
    return Places(cell, days.astype(np.float64))


def local_days(days: Places, fires: Fires) -> Numbers:
    """On how many days of the history the local cell of each fire burned."""
    return days.at(small_cells(fires.lat_deg, fires.lon_deg, LOCAL_PER_DEG))


def local_ratio(burned: Numbers, expected: Numbers, prior: float) -> Numbers:
    """How much more a fire's local cell burned than its larger cell would have it.

    Args:
        burned: days each one's local cell burned.
        expected: burning days of each one's local cell, were all alike.
        prior: fires the expectation counts as.
    """
    ratio: Numbers = (burned + prior) / (expected + prior)
    return ratio


def first_in_weeks(fires: Fires, days: int) -> Fires:
    """Fires whose local cell had not burned in the days before: a furnace shows once.

    A source that burns without end is no excess; many places that burn are.
    """
    cells = small_cells(fires.lat_deg, fires.lon_deg, LOCAL_PER_DEG)
    order = np.lexsort((fires.day, cells))
    same = cells[order][1:] == cells[order][:-1]
    soon = np.diff(fires.day[order]) <= days
    first = np.ones(len(fires), dtype=np.bool_)
    first[order[1:]] = ~(same & soon)
    return fires.only(first)


def lately(fires: Fires, seen: Fires, days: int) -> Numbers:
    """On how many of the days before each fire its local cell had burned."""
    cells = small_cells(seen.lat_deg, seen.lon_deg, LOCAL_PER_DEG)
    key = _distinct(cells * _DAYS + seen.day)
    own = small_cells(fires.lat_deg, fires.lon_deg, LOCAL_PER_DEG) * _DAYS + fires.day
    before = np.searchsorted(key, own) - np.searchsorted(key, own - days)
    found: Numbers = before.astype(np.float64)
    return found


def persistent(fires: Fires, days: int, settings: ThermalSettings) -> Places:
    """Chance per day that a persistent source shows in a cell or one beside it.

    A source must have burned in several separate months and be seen on some share of
    all days: furnaces, flares, kilns. Cells without one are left out.

    Args:
        fires: of the history.
        days: it covers; each counts as one look, clear or not.
        settings: the least chance and the least number of months.
    """
    cell, hits = _hits(fires, SOURCE_PER_DEG)
    near = around(cell, SOURCE_PER_DEG)
    summed = Places(cell, hits.astype(np.float64)).at(near).sum(axis=1)
    p = (_HIT + summed) / (_LOOKS + days)
    often = p > settings.p_persistent
    months = _months(fires, cell[often])
    lasting = months >= settings.persistent_months
    return Places(cell[often][lasting], p[often][lasting])


def source_density(sources: Places, fires: Fires) -> Numbers:
    """Fires per km2 and day that persistent sources explain at each fire's place."""
    if not len(sources.cell):
        return np.zeros(len(fires))
    near = around(
        small_cells(fires.lat_deg, fires.lon_deg, SOURCE_PER_DEG), SOURCE_PER_DEG
    )
    side = 3 * KM_PER_DEG / SOURCE_PER_DEG
    area_km2 = side**2 * np.maximum(0.01, np.cos(np.radians(fires.lat_deg)))
    density: Numbers = sources.at(near).max(axis=1) / area_km2
    return density


def _hits(fires: Fires, per_deg: int) -> tuple[Integers, Integers]:
    """Cells that burned, and on how many days."""
    cells = small_cells(fires.lat_deg, fires.lon_deg, per_deg)
    cell, count = np.unique(
        _distinct(cells * _DAYS + fires.day) // _DAYS, return_counts=True
    )
    return cell, count


def _months(fires: Fires, cell: Integers) -> Integers:
    """In how many months each source's cell or one beside it burned."""
    if not len(cell):
        return cell
    own = small_cells(fires.lat_deg, fires.lon_deg, SOURCE_PER_DEG)
    near = np.unique(around(cell, SOURCE_PER_DEG))
    held = np.isin(own, near)
    keys = around(own[held], SOURCE_PER_DEG) * _MONTHS
    keys = _distinct((keys + month(fires.day[held])[:, None]).ravel())
    found, count = np.unique(keys // _MONTHS, return_counts=True)
    months: Integers = count[np.searchsorted(found, cell)]
    return months


def _distinct(values: Integers) -> Integers:
    """The sorted distinct values; sorting beats hashing on a million integers."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]

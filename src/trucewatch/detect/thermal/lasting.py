"""Whether a neighbourhood has burned beyond its season for weeks, and its region not.

Harvest and drought act on whole regions and pass; fighting stays where it is. The
excess of the last weeks near a fire, over that of the wide region in the same weeks,
tells the two apart, and keeps a long war from being taken for weather.
"""

from __future__ import annotations

from math import pi

import numpy as np
from scipy.ndimage import gaussian_filter

from trucewatch.collect.pixels import Integers, Numbers
from trucewatch.detect.thermal.fires import SEASONS, Fires, season
from trucewatch.detect.thermal.grid import Grid
from trucewatch.detect.thermal.local import first_in_weeks
from trucewatch.detect.thermal.seasonal import SEASON_DAYS, Field
from trucewatch.detect.thermal.settings import ThermalSettings

_BLOCK = 4  # cells across of the coarser grid the wide region is summed on


def lasting_excess(
    fires: Fires, seen: Fires, rate: Field, grid: Grid, settings: ThermalSettings
) -> Numbers:
    """Natural log of near over expected, relative to the region, at each fire.

    The fire's own day does not count, nor does a place that burned within the weeks
    before: a new furnace is no excess. About 0 where nothing is out of the ordinary.

    Args:
        fires: to be judged.
        seen: all fires known, of ``lasting_days`` before them.
        rate: expected fires per cell and day, by season.
        grid: of ``rate``.
        settings: how long, how near and how wide.
    """
    found = np.zeros(len(fires))
    row, column = grid.cells(fires.lat_deg, fires.lon_deg)
    at = first_in_weeks(seen, settings.lasting_days)
    order = np.argsort(at.day, kind="stable")
    where = tuple(one[order] for one in grid.cells(at.lat_deg, at.lon_deg))
    when = at.day[order]
    expected: dict[int, tuple[Numbers, Numbers]] = {}
    counts = np.zeros((grid.rows, grid.columns))
    added = dropped = 0
    for day in np.unique(fires.day).tolist():
        last, first = np.searchsorted(when, (day, day - settings.lasting_days))
        _count(counts, where, slice(added, last), 1.0)
        _count(counts, where, slice(dropped, min(first, last)), -1.0)
        added, dropped = int(last), int(first)
        which = int(season(np.array([day]))[0])
        if which not in expected:
            expected[which] = _near_and_wide(
                _usual(rate, which, settings), grid, settings
            )
        here = fires.day == day
        seen_here = _near_and_wide(counts, grid, settings)
        found[here] = _excess(
            seen_here, expected[which], row[here], column[here], settings
        )
    return found


def _excess(
    seen: tuple[Numbers, Numbers],
    usual: tuple[Numbers, Numbers],
    row: Integers,
    column: Integers,
    settings: ThermalSettings,
) -> Numbers:
    near, near_usual = seen[0][row, column], usual[0][row, column]
    block = row // _BLOCK, column // _BLOCK
    region = (seen[1][block] + settings.region_prior_fires) / (
        usual[1][block] + settings.region_prior_fires
    )
    prior = settings.lasting_prior_fires
    excess: Numbers = np.log((near + prior) / (near_usual * region + prior))
    return excess


def _count(
    counts: Numbers, where: tuple[Integers, ...], chosen: slice, weight: float
) -> None:
    np.add.at(counts, tuple(one[chosen] for one in where), weight)


def _usual(rate: Field, which: int, settings: ThermalSettings) -> Numbers:
    """Fires expected per cell over the weeks before a season."""
    back = round(settings.lasting_days / SEASON_DAYS)
    before = [(which - n) % SEASONS for n in range(1, back + 1)]
    usual: Numbers = rate[:, :, before].sum(axis=2).astype(np.float64) * SEASON_DAYS
    return usual


def _near_and_wide(
    field: Numbers, grid: Grid, settings: ThermalSettings
) -> tuple[Numbers, Numbers]:
    """Sums near each cell, and over the region of each block of cells."""
    rows, columns = -(-grid.rows // _BLOCK), -(-grid.columns // _BLOCK)
    padded = np.zeros((rows * _BLOCK, columns * _BLOCK))
    padded[: grid.rows, : grid.columns] = field
    blocks = padded.reshape(rows, _BLOCK, columns, _BLOCK).sum(axis=(1, 3))
    near = settings.near_deg / grid.cell_deg
    wide = settings.region_deg / grid.cell_deg / _BLOCK
    return _sums(field, near), _sums(blocks, wide)


def _sums(field: Numbers, width: float) -> Numbers:
    """What the kernel holds, scaled to 1 over its middle."""
    mean = gaussian_filter(field, width, mode="constant", truncate=3)
    sums: Numbers = mean * max(1.0, 4 * pi * width * width)
    return sums

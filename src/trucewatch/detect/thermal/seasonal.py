"""How often each cell burns in each season: coarse first, then as fine as data allow.

Per level a Gamma-Poisson posterior mean, whose prior is the level above: a cell with
few fires borrows from what is near it in place and in season. The sums are linear in
the years, so leaving one year out costs a subtraction.

Source: MODEL 4, shrunken Gamma-Poisson; kernels in place of harmonics and land use,
which they replace because neighbours share both.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, maximum_filter

from trucewatch.collect.pixels import Integers, Numbers
from trucewatch.detect.thermal.fires import SEASONS, Fires, season, year
from trucewatch.detect.thermal.grid import Grid
from trucewatch.detect.thermal.settings import LEVELS, Level

SEASON_DAYS = 5.0
_WHOLE_DAYS = 45  # a year whose first fire is this near its begin counts as whole
_COUNTRY_SEASONS = 1.5  # standard deviation of the country's own season
_TINY = 1e-9

Field = NDArray[np.float32]  # shape (rows, columns, SEASONS)


@dataclass(frozen=True, slots=True)
class YearSums:
    """What one year adds to the sums of every level.

    Attributes:
        levels: smoothed fires per level.
        exposure: share of each season's days the year's history covers, ``(73,)``.
        fires: of the country by season, ``(73,)``.
    """

    levels: tuple[Field, ...]
    exposure: Numbers
    fires: Numbers


def year_sums(fires: Fires, grid: Grid, ends: bool) -> YearSums:
    """The sums of the fires of one calendar year.

    Args:
        fires: of that year only.
        grid: over the ground of the whole history.
        ends: the history begins or ends in this year, so it may be cut short.
    """
    counts = np.zeros((grid.rows, grid.columns, SEASONS), dtype=np.float32)
    row, column = grid.cells(fires.lat_deg, fires.lon_deg)
    which = season(fires.day)
    np.add.at(counts, (row, column, which), 1)
    levels = tuple(_smooth(counts, grid, level) for level in LEVELS)
    exposure = _exposure(fires.day) if ends else np.ones(SEASONS)
    return YearSums(
        levels, exposure, np.bincount(which, minlength=SEASONS).astype(float)
    )


def ground(fires: Fires, grid: Grid) -> NDArray[np.bool_]:
    """Cells that burned or lie within two cells of one that did."""
    burned = np.zeros((grid.rows, grid.columns), dtype=np.bool_)
    burned[grid.cells(fires.lat_deg, fires.lon_deg)] = True
    near: NDArray[np.bool_] = maximum_filter(burned, size=5)
    return near


def rates(sums: list[YearSums], land: NDArray[np.bool_], grid: Grid) -> Field:
    """Expected fires per cell and day, by season; every one above 0."""
    exposure = sum((one.exposure for one in sums), np.zeros(SEASONS))
    fires = sum((one.fires for one in sums), np.zeros(SEASONS))
    country = gaussian_filter1d(fires, _COUNTRY_SEASONS, mode="wrap")
    seen = gaussian_filter1d(exposure, _COUNTRY_SEASONS, mode="wrap")
    mean = max(float(fires.sum()), 1.0) / max(float(exposure.sum()), _TINY)
    base = (country + 0.01 * mean) / (seen + 0.01) / max(int(land.sum()), 1)
    rate: Field = np.empty((grid.rows, grid.columns, SEASONS), dtype=np.float32)
    rate[:] = base
    for number, level in enumerate(LEVELS):
        total: Field = np.zeros_like(rate)
        for one in sums:
            total += one.levels[number]
        looked = _looked(land, exposure, grid, level)
        prior = np.float32(level.prior)
        rate = ((total + prior) / (looked + prior / rate)).astype(np.float32)
    return rate / np.float32(SEASON_DAYS)


def _smooth(counts: Field, grid: Grid, level: Level) -> Field:
    """Fires within the kernel's reach, the kernel scaled to 1 at its middle."""
    space, seasons = _widths(grid, level)
    near = gaussian_filter1d(counts, seasons, axis=2, mode="wrap", truncate=3)
    if space:
        near = gaussian_filter(near, (space, space, 0), mode="constant", truncate=3)
    smooth: Field = near.astype(np.float32) * np.float32(_mass(space, seasons))
    return smooth


def _looked(
    land: NDArray[np.bool_], exposure: Numbers, grid: Grid, level: Level
) -> Field:
    """Cell-seasons within the kernel's reach, in the same scale."""
    space, seasons = _widths(grid, level)
    near = land.astype(np.float32)
    if space:
        near = gaussian_filter(near, space, mode="constant", truncate=3)
    near = np.maximum(near, np.float32(1e-3))
    spans = gaussian_filter1d(exposure, seasons, mode="wrap", truncate=3)
    looked: Field = (near[:, :, None] * spans).astype(np.float32) * np.float32(
        _mass(space, seasons)
    )
    return looked


def _widths(grid: Grid, level: Level) -> tuple[float, float]:
    return level.space_deg / grid.cell_deg, level.season_days / SEASON_DAYS


def _mass(space: float, seasons: float) -> float:
    """Cells a kernel averages over: one over the sum of its squared weights."""
    plane = max(1.0, 4 * pi * space * space)
    return plane * max(1.0, 2 * sqrt(pi) * seasons)


def _exposure(day: Integers) -> Numbers:
    """Seasons between the first and the last fire of a year that was cut short."""
    first = int(
        (np.datetime64(int(year(day[:1])[0]) - 1970, "Y")).astype("M8[D]").astype(int)
    )
    covered = np.zeros(SEASONS)
    low, high = int(day.min()) - first, int(day.max()) - first
    begin = 0 if low < _WHOLE_DAYS else low // 5
    end = SEASONS if high > 365 - _WHOLE_DAYS else high // 5 + 1
    covered[begin:end] = 1.0
    return covered

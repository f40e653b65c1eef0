"""The rule of The Economist's war-fire model, as its README states it.

1. per 0.1 deg cell and day, fire pixels so many that a normal year has less than 5 %
   chance of as many: an excess
2. war-related are the excesses of a cell that has two at least 7 days apart (within
   365 days, as its code has it)
3. and every pixel of a cell up to 10 days after such an excess

What a normal year has is a negative binomial with the mean this project's background
expects for the cell and season (pixels, not fires) and one size fitted by moments; the
original uses an ensemble of 100 boosted-tree models that needs covariates not lent.

Source: README of TheEconomist/the-economist-war-fire-model, "Note on thresholds".
"""

from __future__ import annotations

import numpy as np
from scipy.stats import nbinom

from trucewatch.detect.thermal.fires import season
from trucewatch.detect.thermal.model import Background

APART_DAYS = 7
AFTER_DAYS = 10


def two_occasions(
    background: Background, pixels_per_fire, pixels, p_level=0.05, offset=0
):
    """Which pixels the rule calls war-related.

    ``pixels`` are latitudes, longitudes and days. With an ``offset`` an excess must be
    larger by so many pixels than the level asks, as the original's code has it (2).
    """
    lat, lon, day = pixels
    grid = background.grid
    row, column = grid.cells(lat, lon)
    cell = row * grid.columns + column
    keys, of_pixel, count = np.unique(
        cell * 100_000 + day, return_inverse=True, return_counts=True
    )
    cells, days = keys // 100_000, keys % 100_000
    every = background.rate.astype(float) * pixels_per_fire
    mean = every[cells // grid.columns, cells % grid.columns, season(days)]
    size = _size(count, mean, every)
    chance = nbinom.sf(count - 1 - offset, size, size / (size + mean))
    excess = chance < p_level
    called = np.zeros(len(keys), dtype=bool)
    for begin, end in _runs(cells):
        when = days[begin:end]
        found = when[excess[begin:end]]
        if not len(found) or found[-1] - found[0] < APART_DAYS:
            continue
        gap = np.abs(found[:, None] - found[None, :])
        kept = found[(gap >= APART_DAYS).any(axis=1)]
        back = when[:, None] - kept[None, :]
        called[begin:end] = ((back >= 0) & (back <= AFTER_DAYS)).any(axis=1)
    return called[of_pixel]


def _size(count, mean, every):
    """Size of the negative binomial, by moments over all cells and days of a year."""
    squares = float((every**2).sum()) * 5
    spread = float(((count - mean) ** 2).sum()) + squares - float((mean**2).sum())
    return squares / max(spread - float(every.sum()) * 5, 1e-9)


def _runs(values):
    edges = np.flatnonzero(np.diff(values)) + 1
    return zip(np.r_[0, edges], np.r_[edges, len(values)], strict=True)

"""How busy a day is around each fire: weather, harvest and cloud in one number."""

from __future__ import annotations

from math import pi

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

from trucewatch.collect.pixels import Integers, Numbers
from trucewatch.detect.thermal.fires import Fires, season
from trucewatch.detect.thermal.grid import Grid
from trucewatch.detect.thermal.seasonal import Field
from trucewatch.detect.thermal.settings import ThermalSettings

_OWN_CELLS = 3  # this many cells across, around a fire, are no surroundings


def busyness(
    fires: Fires, seen: Fires, rate: Field, grid: Grid, settings: ThermalSettings
) -> Numbers:
    """Fires in the surroundings of each, over those expected there in that season.

    The surroundings leave out the fire's own cell and the eight around it, so that a
    large fire does not excuse itself. Dry weather, stubble burning and cloud act on
    whole regions; they are read off the region instead of a forecast.

    Args:
        fires: to be judged.
        seen: all fires known, of the same days and the days before.
        rate: expected fires per cell and day, by season.
        grid: of ``rate``.
        settings: reach, prior and the weight of the day before.
    """
    found = np.ones(len(fires))
    row, column = grid.cells(fires.lat_deg, fires.lon_deg)
    every = np.unique(fires.day)
    by_day = _by_day(seen, np.unique(np.concatenate((every, every - 1))))
    expected: dict[int, Numbers] = {}
    for day in every.tolist():
        which = int(season(np.array([day]))[0])
        if which not in expected:
            usual = rate[:, :, which] * (1 + settings.yesterday_ratio)
            expected[which] = _ring(usual.astype(np.float64), grid, settings)
        counts = np.zeros((grid.rows, grid.columns))
        for back, weight in ((0, 1.0), (1, settings.yesterday_ratio)):
            np.add.at(counts, grid.cells(*by_day[day - back]), weight)
        here = fires.day == day
        at = row[here], column[here]
        around = _ring(counts, grid, settings)[at]
        usual_here = expected[which][at]
        prior = settings.busy_prior_fires
        found[here] = (around + prior) / (usual_here + prior)
    return found


def _ring(field: Numbers, grid: Grid, settings: ThermalSettings) -> Numbers:
    width = settings.ring_deg / grid.cell_deg
    near = gaussian_filter(field, width, mode="constant", truncate=3)
    own = uniform_filter(field, _OWN_CELLS, mode="constant") * _OWN_CELLS**2
    ring: Numbers = np.maximum(near * 2 * pi * width**2 - own, 0.0)
    return ring


def _by_day(seen: Fires, days: Integers) -> dict[int, tuple[Numbers, Numbers]]:
    order = np.argsort(seen.day, kind="stable")
    first = np.searchsorted(seen.day[order], days)
    after = np.searchsorted(seen.day[order], days, side="right")
    rows = [order[a:b] for a, b in zip(first, after, strict=True)]
    return {
        day: (seen.lat_deg[chosen], seen.lon_deg[chosen])
        for day, chosen in zip(days.tolist(), rows, strict=True)
    }

"""How often a place burns when nothing happened: the background of fire pixels.

Counted are burning days of small cells (0.02 deg), which stand for separate fires.
Per larger cell (0.1 deg) and season the rate is a Gamma-Poisson posterior: cells with
few fires borrow from all cells. A small cell that burned in many separate months is a
static source, such as a furnace or a flare; its own rate is added to the background,
so that it is expected to burn and yet not blind.

Source: MODEL 4, with the gamma law fitted by moments in place of a regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

import numpy as np

from trucewatch.collect.pixels import FirePixels, Integers, Numbers

COARSE_PER_DEG = 10
FINE_PER_DEG = 50
STATIC_MONTHS = 5  # a small cell that burned in so many separate months is static
# A house or a landfill may burn anywhere: no cell is quieter than this share of the
# season's mean. Expert judgement, not fitted.
QUIETEST_RATIO = 0.3
KM_PER_DEG = 111.195  # of latitude, on the sphere of mean radius
DAY_NS = 86_400 * 10**9
_SEASONS = 4
_ROW = 100_000  # cells per row of a grid; more than any grid here is wide

Rates = dict[int, float]


@dataclass(frozen=True, slots=True)
class FireBackground:
    """Rates of separate fires per day, by cell; empty where no history was given.

    Attributes:
        seasonal: per larger cell and season, for cells that ever burned.
        unseen: per larger cell that never burned, by season.
        static: per small cell that burns most of the year.
    """

    seasonal: Rates
    unseen: Rates
    static: Rates

    def __bool__(self) -> bool:
        """Whether there was any history to learn from."""
        return bool(self.unseen)

    def per_km2_day(self, lat_deg: float, lon_deg: float, season: int) -> float:
        """Expected separate fires per km2 and day at a place, in a season 0 to 3."""
        key = int(_cells(lat_deg, lon_deg, COARSE_PER_DEG)) * _SEASONS + season
        rate = self.seasonal.get(key, self.unseen[season])
        fine = int(_cells(lat_deg, lon_deg, FINE_PER_DEG))
        around = (fine + row * _ROW + column for row in _NEAR for column in _NEAR)
        static = max(self.static.get(cell, 0.0) for cell in around)
        one_km2 = (KM_PER_DEG**2) * max(0.01, cos(radians(lat_deg)))
        return (rate * COARSE_PER_DEG**2 + static * FINE_PER_DEG**2) / one_km2


_NEAR = (-1, 0, 1)


def season_of(instant: datetime) -> int:
    """Season of the year: 0 from December to February, then by three months."""
    return instant.month % 12 // 3


def learn(history: Sequence[FirePixels], before_ns: int) -> FireBackground:
    """The background as known from pixels whose look ended by ``before_ns``."""
    kept = [one.end_ns <= before_ns for one in history]
    lat = _joined([one.lat_deg[k] for one, k in zip(history, kept, strict=True)])
    lon = _joined([one.lon_deg[k] for one, k in zip(history, kept, strict=True)])
    begin = [one.begin_ns[k] for one, k in zip(history, kept, strict=True)]
    if not lat.size:
        return FireBackground({}, {}, {})
    day = np.concatenate(begin) // DAY_NS
    first = int(day.min())
    span = int(day.max()) - first + 1
    burning = _distinct(_cells(lat, lon, FINE_PER_DEG) * span + (day - first))
    fine, day = burning // span, burning % span + first
    seasonal, unseen = _seasonal(_coarser(fine), day)
    return FireBackground(seasonal, unseen, _static(fine, day))


def _seasonal(coarse: Integers, day: Integers) -> tuple[Rates, Rates]:
    season = (_month(day) + 1) % 12 // 3  # January is month 0 of 1970
    known = len(_distinct(coarse))
    seasonal: Rates = {}
    unseen: Rates = {}
    for one in range(_SEASONS):
        here = season == one
        looked = max(1, len(_distinct(day[here])))
        cells, fires = np.unique(coarse[here], return_counts=True)
        shape, scale = _gamma(fires, known, looked)
        least = QUIETEST_RATIO * shape / scale
        rates = np.maximum(least, (shape + fires) / (scale + looked))
        keys = (cells * _SEASONS + one).tolist()
        seasonal.update(zip(keys, rates.tolist(), strict=True))
        unseen[one] = max(least, shape / (scale + looked))
    return seasonal, unseen


def _gamma(fires: Integers, known: int, looked: int) -> tuple[float, float]:
    """Shape and inverse scale (days) of the rates over all known cells, by moments.

    Source: negative binomial moments, var = m + m^2 / shape.
    """
    mean = max(1.0, float(fires.sum())) / known
    variance = float((fires.astype(np.float64) ** 2).sum()) / known - mean**2
    shape = mean**2 / max(variance - mean, mean * 1e-3)
    return shape, shape * looked / mean


def _static(fine: Integers, day: Integers) -> Rates:
    months = _distinct(fine * 2400 + _month(day))  # months since 1970, up to 2170
    cells, separate = np.unique(months // 2400, return_counts=True)
    static = cells[separate >= STATIC_MONTHS]
    looked = len(_distinct(day))
    found, burned = np.unique(fine[np.isin(fine, static)], return_counts=True)
    return dict(zip(found.tolist(), (burned / looked).tolist(), strict=True))


def _cells(
    lat_deg: Numbers | float, lon_deg: Numbers | float, per_deg: int
) -> Integers:
    row = np.floor((np.asarray(lat_deg) + 90) * per_deg).astype(np.int64)
    column = np.floor((np.asarray(lon_deg) + 180) * per_deg).astype(np.int64)
    cells: Integers = row * _ROW + column
    return cells


def _distinct(values: Integers) -> Integers:
    """The sorted distinct values; sorting beats hashing on a million integers."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _coarser(fine: Integers) -> Integers:
    ratio = FINE_PER_DEG // COARSE_PER_DEG
    return (fine // _ROW // ratio) * _ROW + fine % _ROW // ratio


def _month(day: Integers) -> Integers:
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int64)


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.empty(0)

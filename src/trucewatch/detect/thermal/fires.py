"""Pixels gathered into fires, day by day: one fire may fill many pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from trucewatch.collect.pixels import FirePixels, Integers, Numbers
from trucewatch.detect.ellipse import EARTH_M

DAY_NS = 86_400 * 10**9

SEASONS = 73  # of five days
_APART_M = 1e8  # between days: nothing of two days is ever near


@dataclass(frozen=True, slots=True)
class Fires:
    """Fires as columns, all of shape ``(n_fires,)``.

    Attributes:
        lat_deg: mean of the pixels.
        lon_deg: mean of the pixels, continuous across the antimeridian.
        day: days since 1970-01-01 UTC.
        pixels: how many pixels show it.
    """

    lat_deg: Numbers
    lon_deg: Numbers
    day: Integers
    pixels: Integers

    def __len__(self) -> int:
        """How many fires."""
        return len(self.day)

    def only(self, chosen: NDArray[np.bool_]) -> Fires:
        """The chosen ones, in the same order."""
        return Fires(
            self.lat_deg[chosen],
            self.lon_deg[chosen],
            self.day[chosen],
            self.pixels[chosen],
        )


def daily_fires(tables: Sequence[FirePixels], link_m: float) -> tuple[Fires, Integers]:
    """The fires of some lists of pixels, and which fire each pixel shows.

    A pixel's day is that of the middle of its look, in UTC. The second array runs
    over the pixels of all tables in their order. A pixel that stands in two lists is
    counted once more, as two satellites would be.
    """
    lat = _joined([one.lat_deg for one in tables])
    lon = _joined([one.lon_deg for one in tables])
    when = [one.begin_ns + (one.end_ns - one.begin_ns) // 2 for one in tables]
    day = np.concatenate(when) // DAY_NS if when else np.empty(0, dtype=np.int64)
    if not len(day):
        return Fires(lat, lon, day, day), day
    points = np.column_stack((sphere(lat, lon), day * _APART_M))
    pairs = cKDTree(points).query_pairs(link_m, output_type="ndarray")
    label = linked(pairs, len(points))
    first = np.zeros(int(label.max()) + 1, dtype=np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    count = np.bincount(label)
    turned = lon[first][label] + (lon - lon[first][label] + 180) % 360 - 180
    fires = Fires(
        np.bincount(label, lat) / count,
        (np.bincount(label, turned) / count + 180) % 360 - 180,
        day[first],
        count,
    )
    return fires, label


def season(day: Integers) -> Integers:
    """Which of the year's 73 spans of five days each day lies in."""
    date = day.astype("datetime64[D]")
    of_year = (date - date.astype("datetime64[Y]").astype("datetime64[D]")).astype(
        np.int64
    )
    found: Integers = np.minimum(of_year // 5, SEASONS - 1)
    return found


def year(day: Integers) -> Integers:
    """The calendar year of each day, in UTC."""
    return day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month(day: Integers) -> Integers:
    """Months since January 1970 of each day."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def sphere(lat_deg: Numbers, lon_deg: Numbers) -> Numbers:
    """Places on a sphere of the Earth's mean radius, metres, shape ``(n, 3)``."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    flat = np.cos(lat)
    axes = (flat * np.cos(lon), flat * np.sin(lon), np.sin(lat))
    return EARTH_M * np.column_stack(axes)


def linked(pairs: Integers, count: int) -> Integers:
    """Which group each of ``count`` things is in, if pairs belong together.

    Args:
        pairs: shape ``(n_pairs, 2)``.
        count: how many things there are.
    """
    links = coo_array(
        (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])),
        shape=(count, count),
    )
    label: Integers = connected_components(links, directed=False)[1].astype(np.int64)
    return label


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.empty(0)

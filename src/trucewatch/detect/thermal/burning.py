"""Which fire pixels show one fire: near in place, near in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from trucewatch.collect.pixels import FirePixels, Integers, Numbers
from trucewatch.detect.ellipse import EARTH_M, place_of
from trucewatch.detect.thermal.fires import linked, sphere
from trucewatch.place import SIGMAS_90, Place

LINK_M = 1_000.0  # pixels of one fire touch: 375 m at nadir, 800 m at the swath's edge
LINK_NS = 2 * 3600 * 10**9  # three satellites share one orbit and pass within 1.7 h


@dataclass(frozen=True, slots=True)
class Pixel:
    """Where a pixel stands: the table's position and the delivery's line."""

    table: int
    line: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Pixels of several tables of one instrument family, as columns."""

    lat_deg: Numbers
    lon_deg: Numbers
    radius90_m: Numbers
    begin_ns: Integers
    end_ns: Integers
    pixels: tuple[Pixel, ...]

    def as_pixels(self) -> FirePixels:
        """The same pixels as one list; power and satellite are left out."""
        count = len(self.pixels)
        return FirePixels(
            lat_deg=self.lat_deg,
            lon_deg=self.lon_deg,
            radius90_m=self.radius90_m,
            begin_ns=self.begin_ns,
            end_ns=self.end_ns,
            frp_mw=np.full(count, np.nan),
            satellite=np.full(count, "", dtype=np.str_),
            row=np.arange(count),
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """One fire as seen: all its pixels and the ellipse that holds its start."""

    place: Place
    begin_ns: int
    end_ns: int
    pixels: tuple[Pixel, ...]


def pool(tables: Sequence[tuple[int, FirePixels]], begin_ns: int, end_ns: int) -> Pool:
    """The pixels whose look touches the half-open time, in a total order."""
    chosen = [(n, one, _touching(one, begin_ns, end_ns)) for n, one in tables]
    pixels = [Pixel(n, int(line)) for n, one, k in chosen for line in one.row[k]]
    columns = [
        np.concatenate([getattr(one, name)[k] for _, one, k in chosen])
        for name in ("lat_deg", "lon_deg", "radius90_m", "begin_ns", "end_ns")
    ]
    order = np.lexsort(columns)
    lat, lon, radius, begin, end = (column[order] for column in columns)
    return Pool(lat, lon, radius, begin, end, tuple(pixels[i] for i in order))


def clusters(pooled: Pool) -> Iterator[Cluster]:
    """Every pixel in exactly one cluster; two passes within two hours see one fire."""
    count = len(pooled.pixels)
    if not count:
        return
    pairs = cKDTree(sphere(pooled.lat_deg, pooled.lon_deg)).query_pairs(
        LINK_M, output_type="ndarray"
    )
    first, second = pairs[:, 0], pairs[:, 1]
    gap = np.maximum(pooled.begin_ns[first], pooled.begin_ns[second]) - np.minimum(
        pooled.end_ns[first], pooled.end_ns[second]
    )
    near = gap <= LINK_NS
    labels = linked(pairs[near], count)
    order = np.argsort(labels, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        yield _cluster(pooled, rows)


def _cluster(pooled: Pool, rows: Integers) -> Cluster:
    lat, lon = pooled.lat_deg[rows], pooled.lon_deg[rows]
    lat_deg, east_deg = float(lat.mean()), _unwrapped(lon)
    lon_deg = float(east_deg.mean())
    metres = np.radians(1.0) * EARTH_M
    east = (east_deg - lon_deg) * metres * np.cos(np.radians(lat_deg))
    north = (lat - lat_deg) * metres
    pixel = float((pooled.radius90_m[rows] ** 2).mean()) / SIGMAS_90**2
    east2 = float((east**2).mean()) + pixel
    north2 = float((north**2).mean()) + pixel
    return Cluster(
        place=place_of(lat_deg, lon_deg, (east2, float((east * north).mean()), north2)),
        begin_ns=int(pooled.begin_ns[rows].min()),
        end_ns=int(pooled.end_ns[rows].max()),
        pixels=tuple(pooled.pixels[i] for i in rows),
    )


def _touching(one: FirePixels, begin_ns: int, end_ns: int) -> NDArray[np.bool_]:
    return (one.begin_ns < end_ns) & (one.end_ns > begin_ns)


def _unwrapped(lon_deg: Numbers) -> Numbers:
    """The longitudes of one cluster, continuous across the antimeridian."""
    turned: Numbers = lon_deg[0] + (lon_deg - lon_deg[0] + 180) % 360 - 180
    return turned

"""What could have been noticed, cell by cell and hour by hour.

The ground of a sector is cut into squares of one plane. Looks fall on cells whose
middle their footprint holds; within an hour they count by the share of it they answer
for. Looks that can fail together (one independence key, one clock hour of beginning)
count once, by the best; all others are independent, as in ``cover``. Nodes that must
notice together do so as ``network`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition
from trucewatch.completeness.ground import Sector
from trucewatch.completeness.look import Look, looks
from trucewatch.completeness.network import nodes_of, p_together
from trucewatch.completeness.response import family_of, network_of
from trucewatch.period import Period

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
HOUR_S = 3600.0
_STEP_DEG = 0.1  # edges of footprints are drawn in steps no longer than this
_MOST_CELLS = 2_000_000
_CERTAIN = 1.0 - 1e-12


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells whose middles lie in a sector.

    Attributes:
        plane: the plane the squares lie in.
        side_m: of a cell.
        x_m: middles east of the plane's centre, shape (n,); ``y_m`` north of it.
    """

    plane: Plane
    side_m: float
    x_m: Reals
    y_m: Reals

    def corners_deg(self) -> Reals:
        """Longitude and latitude of the four corners of each cell, shape (n, 4, 2)."""
        half = 0.5 * self.side_m
        turn = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
        middles = np.column_stack([self.x_m, self.y_m])
        points = (middles[:, None, :] + turn[None, :, :]).reshape(-1, 2)
        return self.plane.unproject(points).reshape(-1, 4, 2)


def grid_of(ground: Sector, side_m: float) -> Grid:
    """The cells of a sector, row by row from the south-west.

    Raises:
        ValueError: if a side is not above zero or makes too many cells.
    """
    west, south, east, north = ground.outline.bounds
    if not side_m > 0 or (east - west) * (north - south) / side_m**2 > _MOST_CELLS:
        msg = f"cells of {side_m} m are too small for this sector"
        raise ValueError(msg)
    x = np.arange(np.floor(west / side_m), np.ceil(east / side_m)) * side_m
    y = np.arange(np.floor(south / side_m), np.ceil(north / side_m)) * side_m
    across, along = (part.ravel() for part in np.meshgrid(x, y))
    across, along = across + 0.5 * side_m, along + 0.5 * side_m
    inside = shapely.contains_xy(ground.outline, across, along)
    return Grid(ground.plane, side_m, across[inside], along[inside])


def survey(
    acquisitions: Sequence[Acquisition],
    act: Act,
    grid: Grid,
    period: Period,
    cells: Whole | None = None,
    charge_kg: float | None = None,
) -> Reals:
    """Chance that one act would have been noticed, per cell and hour of the period.

    Shape (n, hours), or (len(cells), hours) where only some cells are asked for; the
    last hour may be cut short by the period's end. The charge is in kg of TNT, ``None``
    for what is usual for the act.
    """
    chosen = np.arange(grid.x_m.size) if cells is None else cells
    missed = np.zeros((chosen.size, max(1, ceil(period.duration_s / HOUR_S))))
    if not chosen.size:
        return missed
    spots = np.column_stack([grid.x_m[chosen], grid.y_m[chosen]])
    for nodes in nodes_of(acquisitions, grid.plane, period, HOUR_S):
        p = p_together(nodes, spots, act, charge_kg)
        missed += np.log1p(-np.minimum(p, _CERTAIN))
    found = looks(acquisitions, act, charge_kg)
    found = tuple(one for one in found if one.p > 0 and one.answers.overlaps(period))
    if found:
        _missed_by(found, grid, chosen, period, missed)
    return -np.expm1(missed)


def _missed_by(
    found: Sequence[Look], grid: Grid, chosen: Whole, period: Period, missed: Reals
) -> None:
    """Add the log of the chance that these looks miss an act, per cell and hour."""
    hours = missed.shape[1]
    look, cell = _fallen(found, grid, chosen)
    which, hour, p = _by_hour(found, period, hours)
    first = np.searchsorted(which, np.arange(len(found) + 1))
    spans = np.diff(first)[look]
    rows = np.repeat(np.arange(look.size), spans)
    start = np.cumsum(spans) - spans
    entry = first[look[rows]] + np.arange(rows.size) - start[rows]
    keys = {doubt: k for k, doubt in enumerate(sorted({one.doubt for one in found}))}
    doubt = np.array([keys[one.doubt] for one in found])[look[rows]]
    where = cell[rows] * hours + hour[entry]
    best, slot = _best(where * len(keys) + doubt, p[entry], len(keys))
    np.add.at(missed.reshape(-1), slot, np.log1p(-np.minimum(best, _CERTAIN)))


def touched(acquisitions: Sequence[Acquisition], grid: Grid) -> Whole:
    """The cells any of the acquisitions looked at, ascending.

    A change of these acquisitions changes no other cell: ``survey`` of these alone
    brings a map up to date.
    """
    shapes = [_reached(one, grid) for one in acquisitions]
    tree = _tree(grid.x_m, grid.y_m)
    if not shapes:
        return np.empty(0, np.int64)
    _, cell = tree.query(np.array(shapes), predicate="intersects")
    return np.unique(cell).astype(np.int64)


def _reached(acquisition: Acquisition, grid: Grid) -> shapely.Geometry:
    """The footprint, or all ground from which a node hears."""
    shape = drawn(acquisition.footprint, grid.plane)
    response = network_of(family_of(acquisition.procedure))
    return shape.centroid.buffer(response.REACH_M) if response else shape


def _fallen(found: Sequence[Look], grid: Grid, chosen: Whole) -> tuple[Whole, Whole]:
    """Pairs of look and position among the chosen cells, by look and cell."""
    unique = list(dict.fromkeys(one.footprint for one in found))
    shapes = np.array([drawn(one, grid.plane) for one in unique])
    tree = _tree(grid.x_m[chosen], grid.y_m[chosen])
    shape, cell = tree.query(shapes, predicate="intersects")
    order = np.lexsort((cell, shape))
    shape, cell = shape[order], cell[order]
    first = np.searchsorted(shape, np.arange(len(unique) + 1))
    rank = {one: k for k, one in enumerate(unique)}
    of = np.array([rank[one.footprint] for one in found])
    count = np.diff(first)[of]
    look = np.repeat(np.arange(len(found)), count)
    start = np.cumsum(count) - count
    return look, cell[first[of[look]] + np.arange(look.size) - start[look]]


def _tree(x_m: Reals, y_m: Reals) -> shapely.STRtree:
    points = np.asarray(shapely.points(x_m, y_m)).reshape(-1)
    return shapely.STRtree(points)


def _by_hour(
    found: Sequence[Look], period: Period, hours: int
) -> tuple[Whole, Whole, Reals]:
    """Look, hour and chance of every hour a look answers for, by look and hour."""
    which, hour, p = [], [], []
    for k, one in enumerate(found):
        begin = max((one.answers.begin - period.begin).total_seconds(), 0.0)
        end = (min(one.answers.end, period.end) - period.begin).total_seconds()
        for h in range(int(begin // HOUR_S), min(ceil(end / HOUR_S), hours)):
            length = min((h + 1) * HOUR_S, period.duration_s) - h * HOUR_S
            share = (min(end, (h + 1) * HOUR_S) - max(begin, h * HOUR_S)) / length
            which.append(k)
            hour.append(h)
            p.append(one.p * share)
    return np.array(which), np.array(hour), np.array(p)


def _best(key: Whole, p: Reals, keys: int) -> tuple[Reals, Whole]:
    """The best chance of each cell, hour and doubt, with its cell and hour."""
    order = np.lexsort((p, key))
    key, p = key[order], p[order]
    last = np.flatnonzero(np.diff(key, append=-1))
    return p[last], key[last] // keys


def drawn(footprint: Polygon, plane: Plane) -> shapely.Polygon:
    """A footprint in a plane; its edges are straight in longitude and latitude."""
    shape = shapely.Polygon(footprint.outer, footprint.holes)
    fine = shapely.segmentize(shape, _STEP_DEG)
    return shapely.transform(fine, plane.project)


def hour_of(period: Period, hour: int) -> Period:
    """An hour of a period, cut short by its end."""
    begin = period.begin + timedelta(hours=hour)
    return Period(begin, min(begin + timedelta(hours=1), period.end))

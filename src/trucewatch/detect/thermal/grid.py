"""Cells of one size over the ground a history speaks of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.collect.pixels import Integers, Numbers

CELL_DEG = 0.1  # as the public models of war fires use
MOST_CELLS = 100_000  # beyond, cells are made wider: the country lent has 16,000
MARGIN_CELLS = 3
KM_PER_DEG = 111.195  # of latitude, on the sphere of mean radius


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells from the south, columns from the west, around one meridian.

    Attributes:
        south_deg: lower edge of row 0.
        west_deg: left edge of column 0, possibly below -180.
    """

    south_deg: float
    west_deg: float
    cell_deg: float
    rows: int
    columns: int

    @classmethod
    def around(cls, lat_deg: Numbers, lon_deg: Numbers) -> Grid:
        """The smallest grid that holds the places, with a margin.

        Raises:
            ValueError: if there is no place.
        """
        if not lat_deg.size:
            msg = "a grid needs at least one place"
            raise ValueError(msg)
        turned = np.sort(lon_deg % 360)
        gaps = np.diff(turned, append=turned[0] + 360)
        west = float(turned[(int(gaps.argmax()) + 1) % len(turned)])
        wide = float(((lon_deg - west) % 360).max())
        high = float(lat_deg.max() - lat_deg.min())
        cell = CELL_DEG
        while (high / cell + 7) * (wide / cell + 7) > MOST_CELLS:
            cell *= 2
        return cls(
            south_deg=(np.floor(lat_deg.min() / cell) - MARGIN_CELLS) * cell,
            west_deg=(np.floor(((west + 180) % 360 - 180) / cell) - MARGIN_CELLS)
            * cell,
            cell_deg=cell,
            rows=int(high / cell) + 2 * MARGIN_CELLS + 2,
            columns=int(wide / cell) + 2 * MARGIN_CELLS + 2,
        )

    def cells(self, lat_deg: Numbers, lon_deg: Numbers) -> tuple[Integers, Integers]:
        """Row and column of each place; places outside get the nearest cell."""
        row = np.floor((lat_deg - self.south_deg) / self.cell_deg)
        east = (lon_deg - self.west_deg) % 360
        column = np.floor(east / self.cell_deg)
        beyond = east > 180 + self.columns * self.cell_deg / 2
        column = np.where(beyond, 0, column)
        return (
            np.clip(row, 0, self.rows - 1).astype(np.int64),
            np.clip(column, 0, self.columns - 1).astype(np.int64),
        )

    def row_km2(self) -> Numbers:
        """Area of a cell of each row, shape ``(rows,)``."""
        middle = self.south_deg + (np.arange(self.rows) + 0.5) * self.cell_deg
        narrow = np.maximum(0.01, np.cos(np.radians(middle)))
        km2: Numbers = (self.cell_deg * KM_PER_DEG) ** 2 * narrow
        return km2


def small_cells(lat_deg: Numbers, lon_deg: Numbers, per_deg: int) -> Integers:
    """One number per place: its cell of a fine grid over the whole Earth."""
    row = np.floor((lat_deg + 90) * per_deg).astype(np.int64)
    column = np.floor((lon_deg % 360) * per_deg).astype(np.int64)
    cells: Integers = row * (360 * per_deg) + column
    return cells


def around(cells: Integers, per_deg: int) -> Integers:
    """The nine cells around each, shape ``(n, 9)``; the middle one is the fifth."""
    wide = 360 * per_deg
    row, column = cells // wide, cells % wide
    near: list[Integers] = [
        (row + up) * wide + (column + right) % wide
        for up in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    return np.column_stack(near) if len(cells) else np.empty((0, 9), dtype=np.int64)

"""The places of a district: footprints of a file, or squares of the grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from trucewatch.collect.layers import layer_of
from trucewatch.errors import SourceError
from trucewatch.watch.pictures import Grid, Window

if TYPE_CHECKING:
    from pyproj import Transformer

Shapes = NDArray[np.object_]  # shape (n,), of shapely geometries


@dataclass(frozen=True)
class Places:
    """What is asked about: numbered from 1.

    Attributes:
        shapes: in the grid's own reference system, empty for squares of pixels.
        ids: as the file names them, or the number.
        side: of a square in pixels; 0 for footprints.
    """

    grid: Grid
    shapes: Shapes
    ids: tuple[str, ...]
    side: int

    @property
    def count(self) -> int:
        """How many places."""
        return len(self.shapes) if self.side == 0 else self._high * self._wide

    @property
    def _high(self) -> int:
        return -(-self.grid.rows // self.side)

    @property
    def _wide(self) -> int:
        return -(-self.grid.columns // self.side)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def numbers(self, window: Window) -> NDArray[np.int32]:
        """The number of the place at each pixel of a window, 0 for none.

        Of footprints that share a pixel the later has it.
        """
        if self.side:
            rows = (window.row + np.arange(window.rows)) // self.side
            columns = (window.column + np.arange(window.columns)) // self.side
            return (rows[:, None] * self._wide + columns[None] + 1).astype(np.int32)
        from rasterio.features import rasterize

        a, _, c, _, e, f = self.grid.affine
        west, north = c + a * window.column, f + e * window.row
        box = shapely.box(
            west, north + e * window.rows, west + a * window.columns, north
        )
        chosen = np.sort(self._tree.query(box))
        if not len(chosen):
            return np.zeros((window.rows, window.columns), np.int32)
        found: NDArray[np.int32] = rasterize(
            [(self.shapes[at], at + 1) for at in chosen.tolist()],
            (window.rows, window.columns),
            transform=_affine((a, 0.0, west, 0.0, e, north)),
            all_touched=True,
            dtype="int32",
        )
        return found

    def outline_deg(self, number: int) -> BaseGeometry:
        """The outline of a place, longitude first, WGS 84."""
        if self.side == 0:
            return _moved(self.shapes[number - 1], self._to_earth)
        row, column = divmod(number - 1, self._wide)
        window = Window(row * self.side, column * self.side, self.side, self.side)
        return self.window_deg(window)

    def window_deg(self, window: Window) -> BaseGeometry:
        """The outline of a window of the grid, longitude first, WGS 84."""
        a, _, c, _, e, f = self.grid.affine
        west, north = c + a * window.column, f + e * window.row
        box = shapely.box(
            west, north + e * window.rows, west + a * window.columns, north
        )
        return _moved(box, self._to_earth)

    @cached_property
    def _to_earth(self) -> Transformer:
        from pyproj import Transformer

        return Transformer.from_crs(self.grid.crs, "EPSG:4326", always_xy=True)


def footprints(path: Path, grid: Grid) -> Places:
    """The polygons of a GeoJSON, GeoPackage or zipped shapefile, on a grid.

    Raises:
        SourceError: if the file cannot be read or no polygon lies on the grid.
    """
    from pyproj import Transformer

    _upright(grid)
    layer = layer_of(path.read_bytes(), path.name)
    move = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    whole = np.array([one.shape for one in layer if one.shape is not None], object)
    names = [one.get("id") or one.where for one in layer if one.shape is not None]
    shapes = np.array([_moved_or_none(one, move) for one in whole], object)
    a, _, c, _, e, f = grid.affine
    ground = shapely.box(c, f + e * grid.rows, c + a * grid.columns, f)
    good = [
        at
        for at, one in enumerate(shapes)
        if one is not None
        and one.geom_type in ("Polygon", "MultiPolygon")
        and one.intersects(ground)
    ]
    if not good:
        msg = f"none of the {len(shapes)} shapes of {path.name} lies on the pictures"
        raise SourceError(msg)
    return Places(grid, shapes[good], tuple(names[at] for at in good), 0)


def squares(grid: Grid, side: int) -> Places:
    """Squares of pixels that make up the grid.

    Raises:
        SourceError: if the grid is turned.
    """
    _upright(grid)
    return Places(grid, np.empty(0, object), (), side)


def _upright(grid: Grid) -> None:
    a, b, _, d, e, _ = grid.affine
    if b or d or a <= 0 or e >= 0:
        msg = "the pictures' rows must run from west to east, from north to south"
        raise SourceError(msg)


def _moved_or_none(shape: BaseGeometry, move: Transformer) -> BaseGeometry | None:
    """The shape, ``None`` where the pictures' reference system ends before it."""
    try:
        return _moved(shape, move)
    except shapely.errors.ShapelyError:
        return None


def _moved(shape: BaseGeometry, move: Transformer) -> BaseGeometry:
    def to(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(move.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shape, to)


def _affine(numbers: tuple[float, float, float, float, float, float]) -> object:
    from rasterio.transform import Affine

    return Affine(*numbers)

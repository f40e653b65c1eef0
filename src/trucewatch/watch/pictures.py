"""Stacks of satellite pictures on one grid, read window by window and never whole.

A stack is a table of GeoTIFFs (``scenes.csv``: ``file,time,orbit,polarisation``, and
``layer`` where a file holds several), a Zarr store with one variable per polarisation
and ``time`` and ``orbit`` along its first axis, or what a STAC search found. Optical
pictures come as indices in place of polarisations, or as reflectance in Zarr and STAC.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from trucewatch.errors import SourceError
from trucewatch.watch.optical import indices

if TYPE_CHECKING:
    from xarray import DataArray, Dataset

Pixels = NDArray[np.float32]  # shape (rows, columns); NaN where there is no data

NEEDED = ("file", "time", "orbit", "polarisation")
SCALES = ("power", "amplitude", "db", "index", "reflectance")
_COARSE_PIXELS = 512  # a side of the coarse picture that tells the level


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a grid: first row and column, and how many of them."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Where pixels lie.

    Attributes:
        crs: coordinate reference system, Well-Known Text or ``EPSG:…``.
        affine: x = a column + b row + c, y = d column + e row + f, as (a, b, c, d, e,
            f) of upper left corners.
    """

    crs: str
    affine: tuple[float, float, float, float, float, float]
    rows: int
    columns: int

    def tiles(self, side: int) -> tuple[Window, ...]:
        """Windows of at most ``side`` pixels square that make up the grid."""
        return tuple(
            Window(r, c, min(side, self.rows - r), min(side, self.columns - c))
            for r in range(0, self.rows, side)
            for c in range(0, self.columns, side)
        )


@dataclass(frozen=True, slots=True, order=True)
class Scene:
    """One picture in one polarisation.

    Attributes:
        orbit: relative orbit; pictures of one orbit see the ground alike.
        where: file, or variable of a store.
        layer: band of the file from 1, or position in the store from 0.
    """

    time: datetime
    orbit: int
    polarisation: str
    where: str
    layer: int

    @property
    def band(self) -> str:
        """The band it belongs to, such as ``43/vv``."""
        return f"{self.orbit}/{self.polarisation}"

    @property
    def name(self) -> str:
        """What tells it from all other scenes of a stack."""
        return f"{self.band}/{self.time.isoformat()}"


class Stack(Protocol):
    """Pictures of one place on one grid."""

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        ...

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Every picture, in order of time."""
        ...

    def read(self, scene: Scene, window: Window, every: int = 1) -> Pixels:
        """Linear power of a window, which may reach beyond the grid; each ``every``th.

        Raises:
            SourceError: if the picture cannot be read.
        """
        ...


def coarse(stack: Stack, scene: Scene) -> Pixels:
    """A picture with every n-th pixel, at most 512 on a side: enough for its level."""
    grid = stack.grid
    every = max(1, -(-max(grid.rows, grid.columns) // _COARSE_PIXELS))
    return stack.read(scene, Window(0, 0, grid.rows, grid.columns), every)


@dataclass(frozen=True, slots=True)
class FileStack:
    """Pictures in files that rasterio reads: GeoTIFF, COG and others."""

    grid: Grid
    scenes: tuple[Scene, ...]
    scale: str

    def read(self, scene: Scene, window: Window, every: int = 1) -> Pixels:
        """Linear power of a window; beyond the file it is NaN.

        Raises:
            SourceError: if the file cannot be read.
        """
        import rasterio
        from rasterio.windows import Window as Cut

        inside = _inside(self.grid, window)
        cut = Cut(inside.column, inside.row, inside.columns, inside.rows)
        shape = (-(-inside.rows // every), -(-inside.columns // every))
        try:
            with rasterio.open(scene.where) as source:
                found = source.read(
                    scene.layer, window=cut, out_shape=shape, masked=True
                )
        except (rasterio.errors.RasterioError, IndexError) as error:
            msg = f"{scene.where} cannot be read: {error}"
            raise SourceError(msg) from error
        values = found.astype(np.float32).filled(np.nan)
        return _placed(powers(values, self.scale), window, inside, every)


@dataclass(frozen=True, slots=True)
class ArrayStack:
    """Pictures of xarray variables, lazily: of a Zarr store or of STAC items."""

    grid: Grid
    scenes: tuple[Scene, ...]
    scale: str
    arrays: Mapping[str, DataArray]

    def read(self, scene: Scene, window: Window, every: int = 1) -> Pixels:
        """Linear power of a window; beyond the grid it is NaN.

        Raises:
            SourceError: if a chunk cannot be read.
        """
        inside = _inside(self.grid, window)
        part = self.arrays[scene.where][
            scene.layer,
            inside.row : inside.row + inside.rows : every,
            inside.column : inside.column + inside.columns : every,
        ]
        try:
            values = np.asarray(part.to_numpy(), np.float32)
        except (OSError, ValueError, RuntimeError) as error:
            msg = f"{scene.name} cannot be read: {error}"
            raise SourceError(msg) from error
        nodata = part.attrs.get("nodata")
        if nodata is not None:
            values = np.where(values == np.float32(nodata), np.float32(np.nan), values)
        return _placed(powers(values, self.scale), window, inside, every)


def listed(path: Path, scale: str) -> FileStack:
    """The stack a table of files names; paths are relative to the table.

    Raises:
        SourceError: if the table or a file is unusable, or the grids differ.
    """
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeError, csv.Error) as error:
        msg = f"{path} is no table of scenes: {error}"
        raise SourceError(msg) from error
    missing = [n for n in NEEDED if rows and rows[0].get(n) is None]
    if missing or not rows:
        msg = f"{path} must be a table with the columns {', '.join(NEEDED)}"
        raise SourceError(msg)
    scenes = [_scene(path, line, row) for line, row in enumerate(rows, start=2)]
    grids = {one.where: _grid_of(one.where) for one in scenes}
    first = scenes[0].where
    for where, grid in grids.items():
        if grid != grids[first]:
            msg = f"{where} lies on another grid than {first}: resample it first"
            raise SourceError(msg)
    return FileStack(grids[first], _distinct(scenes), scale)


def stored(path: Path, scale: str) -> ArrayStack:
    """The stack of a Zarr store.

    Raises:
        SourceError: if it is no store of the form above.
    """
    import xarray

    try:
        dataset = xarray.open_zarr(path, decode_coords="all", consolidated=False)
    except (OSError, ValueError, KeyError) as error:
        msg = f"{path} is no Zarr store: {error}"
        raise SourceError(msg) from error
    if scale == "reflectance":
        dataset, scale = indices(dataset, str(path)), "index"
    return of_dataset(dataset, scale, str(path))


def of_dataset(dataset: Dataset, scale: str, name: str) -> ArrayStack:
    """The stack of a dataset with ``time`` and ``orbit``, one variable a polarisation.

    Raises:
        SourceError: if it lacks an axis, an orbit or a reference system.
    """
    import odc.geo.xr  # noqa: F401 (gives datasets their .odc)
    from odc.geo.geobox import GeoBox

    variables = {
        str(key): one.transpose("time", ...)
        for key, one in dataset.data_vars.items()
        if {"time"} < set(one.dims) and one.ndim == 3
    }
    if not variables or "orbit" not in dataset.coords:
        msg = f"{name} needs variables over time, y and x, and orbit along time"
        raise SourceError(msg)
    box = dataset.odc.geobox
    if not isinstance(box, GeoBox) or box.crs is None:
        msg = f"{name} does not say where its pixels lie"
        raise SourceError(msg)
    affine = tuple(float(one) for one in tuple(box.affine)[:6])
    grid = Grid(str(box.crs), affine, box.shape[0], box.shape[1])  # type: ignore[arg-type]
    times = dataset.time.values.astype("datetime64[us]").tolist()
    orbits = np.broadcast_to(dataset.orbit.values, (len(times),)).tolist()
    scenes = [
        Scene(at.replace(tzinfo=UTC), int(orbit), pol.lower(), pol, layer)
        for pol in sorted(variables)
        for layer, (at, orbit) in enumerate(zip(times, orbits, strict=True))
    ]
    return ArrayStack(grid, _distinct(scenes), scale, variables)


def powers(values: Pixels, scale: str) -> Pixels:
    """Linear power of values in power, amplitude or decibels; no data is NaN.

    An index becomes the exponent of ten; beyond -1 to 1 it is none.
    """
    if scale == "index":
        good = np.abs(values) <= 1
        powered = np.power(np.float32(10), np.where(good, values, 0))
        return np.where(good, powered, np.float32(np.nan)).astype(np.float32)
    if scale == "db":
        return np.asarray(np.power(np.float32(10), values / 10), np.float32)
    squared = values * values if scale == "amplitude" else values
    return np.where(values > 0, squared, np.float32(np.nan)).astype(np.float32)


def _scene(table: Path, line: int, row: Mapping[str, str | None]) -> Scene:
    try:
        at = datetime.fromisoformat((row["time"] or "").strip())
        return Scene(
            time=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
            orbit=int(row["orbit"] or ""),
            polarisation=(row["polarisation"] or "").strip().lower(),
            where=str((table.parent / (row["file"] or "")).resolve()),
            layer=int(row.get("layer") or 1),
        )
    except (ValueError, TypeError) as error:
        msg = f"{table}, line {line}: {error}"
        raise SourceError(msg) from error


def _distinct(scenes: list[Scene]) -> tuple[Scene, ...]:
    """Scenes in order of time.

    Raises:
        SourceError: if two stand for the same picture.
    """
    names = [one.name for one in scenes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{twice[0]} is there twice: a picture must count once"
        raise SourceError(msg)
    return tuple(sorted(scenes))


def _grid_of(where: str) -> Grid:
    import rasterio

    try:
        with rasterio.open(where) as source:
            if source.crs is None:
                msg = f"{where} does not say where its pixels lie"
                raise SourceError(msg)
            affine = tuple(float(one) for one in tuple(source.transform)[:6])
            return Grid(source.crs.to_wkt(), affine, source.height, source.width)  # type: ignore[arg-type]
    except rasterio.errors.RasterioError as error:
        msg = f"{where} cannot be read: {error}"
        raise SourceError(msg) from error


def _inside(grid: Grid, window: Window) -> Window:
    """The part of a window that lies on the grid."""
    row, column = max(0, window.row), max(0, window.column)
    return Window(
        row=row,
        column=column,
        rows=min(grid.rows, window.row + window.rows) - row,
        columns=min(grid.columns, window.column + window.columns) - column,
    )


def _placed(values: Pixels, window: Window, inside: Window, every: int) -> Pixels:
    """Values of the inner part within the window, NaN around them."""
    if window == inside:
        return values
    shape = (-(-window.rows // every), -(-window.columns // every))
    out = np.full(shape, np.nan, np.float32)
    row = (inside.row - window.row) // every
    column = (inside.column - window.column) // every
    out[row : row + values.shape[0], column : column + values.shape[1]] = values
    return out

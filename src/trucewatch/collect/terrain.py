"""Heights of the ground beneath a drone: a recording and a GeoTIFF in one ZIP archive.

Heights count from whatever the camera's do: a model of heights over the geoid needs
option ``geoid`` where the camera tells heights over the ellipsoid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from trucewatch.collect.archive import files_of, is_archive
from trucewatch.collect.tracking import library
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError

Numbers = NDArray[np.float64]

_SUFFIXES = (".tif", ".tiff")
_MAX_PIXELS = 64_000_000
_HIGHEST_M = 20_000.0  # of any ground, up or down; what is beyond is no data
_M_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights of middles of pixels, linear between them.

    Attributes:
        height_m: shape ``(rows, columns)``; NaN where there is no data.
        affine: x = a column + b row + c, y = d column + e row + f, as (a, b, c, d, e,
            f) of upper left corners.
        to_grid: from longitude and latitude to x and y.
        pixel_m: shorter side of a pixel.
    """

    height_m: NDArray[np.float32]
    affine: tuple[float, float, float, float, float, float]
    to_grid: Transformer
    pixel_m: float

    @property
    def span_m(self) -> tuple[float, float]:
        """Height of the lowest and of the highest ground."""
        return float(np.nanmin(self.height_m)), float(np.nanmax(self.height_m))

    def at(self, lon_deg: Numbers, lat_deg: Numbers) -> Numbers:
        """Height of the ground at each place; NaN beyond the grid or without data."""
        x, y = self.to_grid.transform(lon_deg, lat_deg)
        a, b, c, d, e, f = self.affine
        x, y, turn = np.asarray(x) - c, np.asarray(y) - f, a * e - b * d
        column = (e * x - b * y) / turn - 0.5
        row = (a * y - d * x) / turn - 0.5
        rows, columns = self.height_m.shape
        inside = (
            (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
        )
        row, column = (np.where(inside, one, 0.0) for one in (row, column))
        i = np.minimum(row.astype(np.int64), rows - 2)
        j = np.minimum(column.astype(np.int64), columns - 2)
        down, across = row - i, column - j
        z = self.height_m.astype(np.float64, copy=False)
        upper = z[i, j] * (1 - across) + z[i, j + 1] * across
        lower = z[i + 1, j] * (1 - across) + z[i + 1, j + 1] * across
        return np.where(inside, upper * (1 - down) + lower * down, np.nan)


def parted(raw: bytes, raised_m: float) -> tuple[bytes, Terrain | None]:
    """The recording, and the terrain packed beside it, if any.

    Args:
        raw: a recording, or a ZIP archive of one recording and one GeoTIFF.
        raised_m: added to every height.

    Raises:
        SourceError: if the archive holds anything else, is damaged or grows too much,
            or the terrain cannot be read.
    """
    if not is_archive(raw):
        return plain(raw), None
    files = files_of(raw)
    ground = [name for name in files if name.lower().endswith(_SUFFIXES)]
    rest = [name for name in files if name not in ground]
    if len(ground) != 1 or len(rest) != 1:
        msg = (
            "an archive must hold one recording and one GeoTIFF of heights; it "
            f"holds {len(rest)} and {len(ground)}"
        )
        raise SourceError(msg)
    return plain(files[rest[0]]), terrain(files[ground[0]], raised_m)


def terrain(data: bytes, raised_m: float) -> Terrain:
    """The heights of a GeoTIFF's first band, in metres.

    Raises:
        SourceError: if it cannot be read, is too large, says not where it lies, or
            rasterio is not installed.
    """
    rasterio = library("rasterio", "satellite")
    try:
        with rasterio.MemoryFile(data) as file, file.open() as source:
            if source.width * source.height > _MAX_PIXELS or source.crs is None:
                msg = "the terrain is too large, or does not say where it lies"
                raise SourceError(msg)
            if min(source.width, source.height) < 2:
                msg = "the terrain has fewer than two rows or columns"
                raise SourceError(msg)
            found = source.read(1, masked=True).astype(np.float32).filled(np.nan)
            affine = tuple(float(one) for one in tuple(source.transform)[:6])
            crs = CRS.from_wkt(source.crs.to_wkt())
            to_grid = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    except (rasterio.errors.RasterioError, ProjError, ValueError) as error:
        msg = f"the terrain cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error
    good = np.abs(found) < _HIGHEST_M
    found = np.where(good, np.where(good, found, 0) + np.float32(raised_m), np.nan)
    a, b, _, d, e, _ = affine
    if not good.any() or not abs(a * e - b * d) > 0:
        msg = "the terrain holds no height, or its pixels have no size"
        raise SourceError(msg)
    scale = _M_PER_DEG if crs.is_geographic else 1.0
    return Terrain(
        height_m=found.astype(np.float32),
        affine=affine,  # type: ignore[arg-type]
        to_grid=to_grid,
        pixel_m=max(0.1, scale * min(float(np.hypot(a, d)), float(np.hypot(b, e)))),
    )

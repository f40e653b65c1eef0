"""Where the cloud was: fields packed beside a list of passes in one ZIP archive.

Files whose names begin with ``cloud`` are fields; the one other file is the list.

GeoTIFF: shares of cloud in the first band, 0 to 1 or percent, its time in its name as
``cloud_20310502T1030.tif`` (UTC). GeoJSON: areas with ``time`` and ``cloud_ratio``.
A pass takes the field nearest to its middle. Ground that no field speaks of is as
cloudy as the delivery says otherwise, and unknown where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.archive import files_of, is_archive
from trucewatch.collect.cells import share
from trucewatch.collect.features import feature_rows
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import polygons
from trucewatch.collect.times import instant
from trucewatch.collect.tracking import library
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

_NAME = re.compile(r"(\d{8})T(\d{4})(?:\d{2})?Z?\D*$")
# Cells finer than this are averaged: a mask of pixels would make a look of each.
_CELL_DEG = 0.1
_MAX_PIXELS = 16_000_000
# Classes of cloud a field is cut into; each states the mean of its cells.
_BOUNDS = np.array([0.05, 0.2, 0.4, 0.6, 0.8, 0.95])
_SLIVER_DEG2 = 1e-6  # 100 m by 100 m


@dataclass(frozen=True, slots=True)
class Clouded:
    """Ground of one share of cloud, longitude first."""

    ground: BaseGeometry
    cloud_ratio: float


@dataclass(frozen=True, slots=True)
class CloudField:
    """What is known of the cloud at one time, cloudiest first."""

    time: datetime
    parts: tuple[Clouded, ...]


@dataclass(frozen=True, slots=True)
class Clouds:
    """All fields of a delivery, in order of time.

    Attributes:
        reach_s: how far a pass may be from a field that speaks of it.
    """

    fields: tuple[CloudField, ...]
    reach_s: float

    def at(self, time: Period) -> CloudField | None:
        """The field nearest to the middle of a time; ``None`` where none is near."""
        middle = time.begin + (time.end - time.begin) / 2
        apart = [
            (abs((one.time - middle).total_seconds()), number)
            for number, one in enumerate(self.fields)
        ]
        nearest = min(apart, default=(np.inf, 0))
        return self.fields[nearest[1]] if nearest[0] <= self.reach_s else None


def clear_parts(
    ground: BaseGeometry, time: Period, clouds: Clouds, cloud_ratio: float | None
) -> tuple[tuple[Polygon, float], ...]:
    """The ground of a pass in parts, each with the chance that it was in the clear.

    Args:
        ground: what the swath held, longitude first.
        time: of the pass.
        clouds: fields; may be none.
        cloud_ratio: of ground no field speaks of; ``None`` where nobody said.

    Raises:
        ValueError: if the cloud over all of it is unknown.
    """
    field = clouds.at(time)
    found: list[tuple[Polygon, float]] = []
    left = ground
    for one in field.parts if field else ():
        if not left.intersects(one.ground):
            continue
        areas = _areas(left.intersection(one.ground))
        found += [(area, 1 - one.cloud_ratio) for area in areas]
        left = left.difference(one.ground)
    if cloud_ratio is not None:
        found += [(area, 1 - cloud_ratio) for area in _areas(left)]
    if not found:
        msg = "its cloud is unknown"
        raise ValueError(msg)
    return tuple(found)


def parted(raw: bytes, chosen: Options) -> tuple[bytes, Clouds]:
    """The list of passes, and the fields of cloud packed beside it, if any.

    Args:
        raw: a list, or a ZIP archive of one and of fields.
        chosen: with ``field_h``, how far a field may be from a pass.

    Raises:
        SourceError: if the archive or a field cannot be read.
    """
    reach_s = chosen.number("field_h") * 3600
    if not is_archive(raw):
        return plain(raw), Clouds((), reach_s)
    files = files_of(raw)
    names = [name for name in files if name.lower().startswith("cloud")]
    rest = [name for name in files if name not in names]
    if len(rest) != 1 or not names:
        msg = (
            "an archive must hold one list of passes and fields named cloud…; it holds "
            f"{len(rest)} and {len(names)}"
        )
        raise SourceError(msg)
    fields = [one for name in names for one in _fields(name, files[name], chosen)]
    ordered = tuple(sorted(fields, key=lambda one: one.time))
    return plain(files[rest[0]]), Clouds(ordered, reach_s)


def _fields(name: str, data: bytes, chosen: Options) -> Iterator[CloudField]:
    if name.lower().endswith((".tif", ".tiff")):
        yield CloudField(_time_in(name), _classes(*_shares(name, data)))
        return
    told: dict[datetime, list[Clouded]] = {}
    try:
        for row in feature_rows(data, chosen):
            at = instant(row.need("time"), chosen.zone())
            if row.fault or row.shape is None:
                msg = row.fault or "it has no area"
                raise ValueError(msg)
            part = Clouded(row.shape, share(row.need("cloud_ratio")))
            told.setdefault(at, []).append(part)
    except (ValueError, OverflowError) as error:
        msg = f"{name} is no field of cloud: {error}"
        raise SourceError(msg) from error
    if not told:
        msg = f"{name} holds no area of cloud"
        raise SourceError(msg)
    for at, parts in told.items():
        yield CloudField(at, tuple(sorted(parts, key=lambda one: -one.cloud_ratio)))


def _time_in(name: str) -> datetime:
    match = _NAME.search(name.rpartition(".")[0])
    try:
        day, clock = match.groups() if match else ("", "")
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
    except ValueError as error:
        msg = f"{name} must end in its time, such as cloud_20310502T1030.tif"
        raise SourceError(msg) from error


def _shares(name: str, data: bytes) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Cells of a raster, longitude first, and their mean share of cloud.

    Raises:
        SourceError: if it holds no shares.
    """
    crs, to_earth, affine, values = _opened(name, data)
    highest = float(np.nanmax(values, initial=0.0))
    if not 0 <= highest <= 100 or float(np.nanmin(values, initial=0.0)) < 0:
        msg = f"{name} holds no shares of cloud, 0 to 1 or percent"
        raise SourceError(msg)
    a, b, c, d, e, f = affine
    size = max(abs(a), abs(e)) * (1.0 if crs.is_geographic else 1 / 111_195.0)
    every = round(min(max(_CELL_DEG / size, 1), 1e6)) if size > 1e-9 else 1
    means, row, column = _averaged(values / (100 if highest > 1 else 1), every)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    across = np.minimum(column[:, None] + every * corners[:, 0], values.shape[1])
    down = np.minimum(row[:, None] + every * corners[:, 1], values.shape[0])
    rings = to_earth.transform(c + a * across + b * down, f + d * across + e * down)
    on_earth = np.isfinite(rings[0]).all() and (np.abs(rings[1]) <= 90.001).all()
    if not on_earth:
        msg = f"{name} does not lie on the Earth"
        raise SourceError(msg)
    squares = np.asarray(shapely.polygons(np.stack(rings, axis=-1)), object)
    return squares[np.isfinite(means)], means[np.isfinite(means)]


def _opened(
    name: str, data: bytes
) -> tuple[CRS, Transformer, tuple[float, ...], NDArray[np.float64]]:
    """Reference system, way out of it, grid and values of a raster's first band.

    Raises:
        SourceError: if it cannot be read.
    """
    rasterio = library("rasterio", "satellite")
    try:
        with rasterio.MemoryFile(data) as file, file.open() as source:
            if source.width * source.height > _MAX_PIXELS or source.crs is None:
                msg = f"{name} is too large, or does not say where it lies"
                raise SourceError(msg)
            values = source.read(1, masked=True).astype(np.float64).filled(np.nan)
            affine = tuple(float(one) for one in tuple(source.transform)[:6])
            crs = CRS.from_wkt(source.crs.to_wkt())
            to_earth = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
            return crs, to_earth, affine, values
    except (rasterio.errors.RasterioError, ProjError, ValueError) as error:
        msg = f"{name} cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error


def _averaged(
    values: NDArray[np.float64], every: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Means of squares of pixels, and the row and column each begins at."""
    rows, columns = values.shape
    row, column = np.indices(values.shape)
    wide = -(-columns // every)
    cell = (row // every) * wide + column // every
    good = np.isfinite(values)
    count = np.bincount(cell[good], minlength=-(-rows // every) * wide)
    total = np.bincount(cell[good], values[good], len(count))
    means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    begin = np.arange(len(count))
    return means, begin // wide * every, begin % wide * every


def _classes(
    cells: NDArray[np.object_], ratios: NDArray[np.float64]
) -> tuple[Clouded, ...]:
    """Cells of like cloud as one area each, cloudiest first."""
    kind = np.searchsorted(_BOUNDS, ratios, side="right")
    return tuple(
        Clouded(
            shapely.union_all(cells[kind == one]), float(ratios[kind == one].mean())
        )
        for one in np.unique(kind)[::-1].tolist()
    )


def _areas(shape: BaseGeometry) -> tuple[Polygon, ...]:
    parts = [
        one
        for one in shapely.get_parts(shapely.get_parts(shape))
        if one.geom_type == "Polygon" and one.area > _SLIVER_DEG2
    ]
    return polygons(shapely.MultiPolygon(parts))[0] if parts else ()

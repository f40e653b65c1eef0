"""Layers of shapes as others publish them: GeoJSON, GeoPackage, zipped shapefile.

GeoJSON is read here, in the reference system it names; the other two by pyogrio, with
the extra ``satellite``. Shapes come out on WGS 84, longitude first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from zipfile import BadZipFile, ZipFile

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from trucewatch.collect.features import cell, on_earth, parsed
from trucewatch.collect.rows import Row
from trucewatch.collect.settings import Options, known
from trucewatch.errors import SourceError

Points = NDArray[np.float64]

_ZIP, _SQLITE = b"PK\x03\x04", b"SQLite format 3\0"
_EPSG = re.compile(r"EPSG:{1,2}(\d{4,6})")
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_RATIO = 200
MAX_FEATURES = 2_000_000


def layer_of(raw: bytes, name: str) -> list[Row]:
    """Every feature of a layer, with its cells and its shape or why it has none.

    Raises:
        SourceError: if it is none of the three forms, or a reader is not installed.
    """
    if raw.startswith((_ZIP, _SQLITE)):
        return _by_library(raw, name)
    body = parsed(raw, Options(name, known("F", "6")))
    if not isinstance(body, dict) or not isinstance(body.get("features"), list):
        msg = f"{name} is no GeoJSON, GeoPackage or zipped shapefile"
        raise SourceError(msg)
    features = body["features"]
    move = _mover(_named(body.get("crs"), name), name)
    return [
        _feature(f"feature {i}", one, move) for i, one in enumerate(features, start=1)
    ]


def _named(crs: object, name: str) -> str:
    """The reference system a GeoJSON names; CRS84 where it names none.

    Raises:
        SourceError: if it is not known.
    """
    if crs is None:
        return "EPSG:4326"
    found = _EPSG.search(str(crs))
    if found is None and "CRS84" not in str(crs):
        msg = f"{name} names a reference system that is not known: {str(crs)[:80]}"
        raise SourceError(msg)
    return f"EPSG:{found[1]}" if found else "EPSG:4326"


def _mover(crs: str, name: str) -> Callable[[Points], Points] | None:
    """From a reference system to longitude and latitude; ``None`` for itself.

    Raises:
        SourceError: if there is no such system.
    """
    if crs == "EPSG:4326":
        return None
    try:
        way = Transformer.from_crs(CRS.from_user_input(crs), 4326, always_xy=True)
    except CRSError as error:
        msg = f"{name} names a reference system that is not known: {crs[:80]}"
        raise SourceError(msg) from error

    def move(points: Points) -> Points:
        return np.column_stack(way.transform(points[:, 0], points[:, 1]))

    return move


def _feature(where: str, item: object, move: Callable[[Points], Points] | None) -> Row:
    if not isinstance(item, dict):
        return Row(where, {}, fault="it is not a JSON object")
    told = item.get("properties")
    cells = {
        str(k).strip().lower(): cell(v)
        for k, v in (told.items() if isinstance(told, dict) else ())
    }
    try:
        shape = _shape(item.get("geometry"), move)
    except ValueError as error:
        return Row(where, cells, fault=str(error))
    return Row(where, cells, shape=shape)


def _shape(
    value: object, move: Callable[[Points], Points] | None
) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry on WGS 84.

    Raises:
        ValueError: if it is damaged or not on Earth.
    """
    from json import dumps

    if value is None:
        return None
    try:
        shape = shapely.from_geojson(dumps(value))
    except (shapely.errors.ShapelyError, ValueError, RecursionError) as error:
        msg = f"its geometry is unreadable: {str(error)[:120]}"
        raise ValueError(msg) from error
    return _on_earth(shape, move)


def _on_earth(
    shape: BaseGeometry, move: Callable[[Points], Points] | None
) -> BaseGeometry:
    """The shape on WGS 84.

    Raises:
        ValueError: if its reference system ends before it does, or it leaves the Earth.
    """
    if move is None:
        return on_earth(shape)
    try:
        return on_earth(shapely.transform(shapely.force_2d(shape), move))
    except shapely.errors.ShapelyError as error:
        msg = "its coordinates lie beyond its reference system"
        raise ValueError(msg) from error


def _by_library(raw: bytes, name: str) -> list[Row]:
    """The features of the first layer of a GeoPackage or a zipped shapefile.

    Raises:
        SourceError: if it cannot be read, unpacks to too much, or pyogrio is absent.
    """
    try:
        from pyogrio import raw as reader
        from pyogrio.errors import DataSourceError, FeatureError
    except ImportError as error:
        msg = f"{name} needs pyogrio: pip install trucewatch[satellite]"
        raise SourceError(msg) from error
    if raw.startswith(_ZIP):
        _check_growth(raw, name)
    try:
        with warnings.catch_warnings():  # of the name it gives the bytes in memory
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, shapes, columns = reader.read(raw, max_features=MAX_FEATURES)
    except (DataSourceError, FeatureError, ValueError, RuntimeError) as error:
        msg = f"{name} is no readable layer: {str(error)[:200]}"
        raise SourceError(msg) from error
    move = _mover(str(meta["crs"] or "EPSG:4326"), name)
    names = [str(one).strip().lower() for one in meta["fields"]]
    return [
        _row(at, shape, dict(zip(names, values, strict=True)), move)
        for at, (shape, *values) in enumerate(
            zip(shapes, *columns, strict=True), start=1
        )
    ]


def _row(
    number: int,
    shape: object,
    values: dict[str, object],
    move: Callable[[Points], Points] | None,
) -> Row:
    where = f"feature {number}"
    cells = {key: _text(value) for key, value in values.items()}
    if not isinstance(shape, bytes):
        return Row(where, cells)
    try:
        return Row(where, cells, shape=_on_earth(shapely.from_wkb(shape), move))
    except (shapely.errors.ShapelyError, ValueError) as error:
        return Row(where, cells, fault=f"its geometry is unusable: {str(error)[:120]}")


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, np.generic):
        return str(value.item())
    return str(value)


def _check_growth(raw: bytes, name: str) -> None:
    """Refuse an archive built to grow.

    Raises:
        SourceError: if it is damaged, grows too much, or its parts overlap.
    """
    try:
        with ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError) as error:
        msg = f"{name} is a damaged ZIP archive: {error}"
        raise SourceError(msg) from error
    size = sum(one.file_size for one in parts)
    starts = sorted(one.header_offset for one in parts)
    if (
        size > min(MAX_UNPACKED_BYTES, MAX_RATIO * max(len(raw), 1_000_000))
        or any(a == b for a, b in pairwise(starts))
        or sum(one.compress_size for one in parts) > len(raw)
    ):
        msg = f"{name} unpacks to {size} bytes: refused"
        raise SourceError(msg)

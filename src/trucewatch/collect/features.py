"""JSON and GeoJSON deliveries: objects, and features as rows with a shape."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.collect.rows import Row, csv_rows
from trucewatch.collect.settings import Options
from trucewatch.collect.unpack import MAX_LINE_BYTES, plain
from trucewatch.errors import SourceError

Json = dict[str, object]

# One reported shape is far smaller; the JSON reader holds it several times over.
MAX_JSON_BYTES = 64 * MAX_LINE_BYTES


def rows(raw: bytes, options: Options, need: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV table, a JSON list of flat objects, or a GeoJSON collection.

    Raises:
        SourceError: if the delivery is none of these or lacks a needed column.
    """
    data = plain(raw)
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return feature_rows(data, options)
    return csv_rows(data, options, need)


def feature_rows(raw: bytes, options: Options) -> Iterator[Row]:
    """The features of a GeoJSON collection, or the objects of a JSON list.

    Only plain values become cells; names are lower case.

    Raises:
        SourceError: if the delivery is neither.
    """
    body = parsed(raw, options)
    kind, items = "item", body
    if isinstance(body, dict) and body.get("type") == "Feature":
        kind, items = "feature", [body]
    elif isinstance(body, dict):
        kind, items = "feature", body.get("features")
        _check_frame(body, options.source)
    if not isinstance(items, list):
        msg = f"delivery of {options.source} is no feature collection and no list"
        raise SourceError(msg)
    return (_row(f"{kind} {i}", item) for i, item in enumerate(items, start=1))


def objects(raw: bytes, options: Options) -> Iterator[tuple[str, Json | None]]:
    """Where each item of a JSON list stood, and its object; ``None`` if it is none.

    Raises:
        SourceError: if the delivery is not a JSON list.
    """
    body = parsed(raw, options)
    if not isinstance(body, list):
        msg = f"delivery of {options.source} is not a JSON list"
        raise SourceError(msg)
    return (
        (f"item {i}", item if isinstance(item, dict) else None)
        for i, item in enumerate(body, start=1)
    )


def parsed(raw: bytes, options: Options) -> object:
    """The JSON value of a delivery; no NaN, no infinity, no bottomless nesting.

    Raises:
        SourceError: if it is none.
    """
    data = plain(raw)
    if len(data) > MAX_JSON_BYTES:
        msg = f"{len(data)} bytes of JSON are more than the {MAX_JSON_BYTES} read"
        raise SourceError(msg)
    encoding = options.encoding()
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        body: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        why = str(error)[:200].encode("utf-8", "backslashreplace").decode()
        msg = f"delivery of {options.source} is not JSON in {encoding}: {why}"
        raise SourceError(msg) from error
    return body


def cell(value: object) -> str:
    """A plain JSON value as the text of a cell; empty for null and for structures."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    return ""


def geometry(value: object) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry, longitude first; ``None`` for none.

    Raises:
        ValueError: if it is damaged or a coordinate is not on Earth.
    """
    if value is None:
        return None
    try:
        shape = shapely.from_geojson(json.dumps(value))
    except (shapely.errors.ShapelyError, ValueError, RecursionError) as error:
        msg = f"its geometry is unreadable: {str(error)[:120]}"
        raise ValueError(msg) from error
    return on_earth(shape)


def wkt(text: str) -> BaseGeometry:
    """The shape of a Well-Known Text, longitude first.

    Raises:
        ValueError: if it is damaged or a coordinate is not on Earth.
    """
    try:
        shape = shapely.from_wkt(text)
    except (shapely.errors.ShapelyError, ValueError) as error:
        msg = f"its Well-Known Text is unreadable: {str(error)[:120]}"
        raise ValueError(msg) from error
    return on_earth(shape)


def on_earth(shape: BaseGeometry | None) -> BaseGeometry:
    """The shape, not empty, in longitude and latitude.

    A longitude may pass 180 so that a shape across the antimeridian stays whole.

    Raises:
        ValueError: if it is empty or a coordinate is out of range.
    """
    if shape is None or shape.is_empty:
        msg = "its geometry is empty"
        raise ValueError(msg)
    west, south, east, north = shape.bounds
    if not all(math.isfinite(one) for one in (west, south, east, north)):
        msg = "its geometry has a coordinate that is not a number"
        raise ValueError(msg)
    if south < -90 or north > 90 or west < -360 or east > 360 or east - west > 360:
        swapped = west >= -90 and east <= 90 and south >= -180 and north <= 180
        hint = "; latitude and longitude are probably swapped" if swapped else ""
        msg = (
            f"its coordinates are out of range: longitudes {west} to {east}, "
            f"latitudes {south} to {north}{hint}"
        )
        raise ValueError(msg)
    return shape


def _row(where: str, item: object) -> Row:
    if not isinstance(item, dict):
        return Row(where, {}, fault="it is not a JSON object")
    source = item.get("properties", {}) if item.get("type") == "Feature" else item
    properties = source if isinstance(source, dict) else {}
    cells = {str(k).strip().lower(): cell(v) for k, v in properties.items()}
    try:
        shape = geometry(item.get("geometry"))
    except ValueError as error:
        return Row(where, cells, fault=str(error))
    return Row(where, cells, shape=shape)


def _check_frame(body: Json, source: str) -> None:
    """Refuse what names a frame other than longitude and latitude on WGS 84.

    Raises:
        SourceError: if it does.
    """
    crs = body.get("crs")
    known = ("CRS84", "EPSG::4326", "EPSG:4326")
    if crs is not None and not any(name in json.dumps(crs) for name in known):
        msg = (
            f"delivery of {source} is in {json.dumps(crs)[:80]}; "
            "it must be in longitude and latitude (CRS84)"
        )
        raise SourceError(msg)


def _refuse(constant: str) -> Iterable[None]:
    msg = f"{constant} is not a value"
    raise ValueError(msg)

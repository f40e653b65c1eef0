"""Files beside an agreement, written into its text: lines and zones as GeoJSON, sites.

The agreement names them by a path inside its own folder; nothing else can be read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat, TypeAdapter, ValidationError

from trucewatch.agreement.document import (
    Document,
    LineText,
    PolygonText,
    SiteText,
    Vertices,
    ZoneText,
)
from trucewatch.agreement.problem import Flaw, Mark, Path, TermError
from trucewatch.agreement.spelling import flaws_of

MAX_BYTES = 20 << 20  # a line of 300,000 vertices
SITE_COLUMNS = (
    "id",
    "name",
    "kind",
    "lat_deg",
    "lon_deg",
    "radius_m",
    "lists",
    "source",
)


class _LineString(BaseModel):
    type: Literal["LineString"]
    coordinates: Vertices


class _Polygon(BaseModel):
    type: Literal["Polygon"]
    coordinates: Annotated[tuple[Vertices, ...], Field(min_length=1)]


class _MultiPolygon(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: tuple[Annotated[tuple[Vertices, ...], Field(min_length=1)], ...]


_Geometry = Annotated[
    _LineString | _Polygon | _MultiPolygon, Field(discriminator="type")
]


class _Feature(BaseModel):
    type: Literal["Feature"]
    geometry: _Geometry
    crs: None = None


class _Features(BaseModel):
    type: Literal["FeatureCollection"]
    features: tuple[_Feature, ...]
    crs: None = None


_GEOJSON: TypeAdapter[_LineString | _Polygon | _MultiPolygon | _Feature | _Features] = (
    TypeAdapter(
        Annotated[
            _LineString | _Polygon | _MultiPolygon | _Feature | _Features,
            Field(discriminator="type"),
        ]
    )
)


@dataclass
class Whole:
    """A document with the files beside it written into it.

    Attributes:
        marks: where the parts that came from files stand.
        complete: whether every file could be read in full.
    """

    document: Document
    marks: dict[Path, Mark] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every file could be read in full."""
        return not self.flaws


def whole(document: Document, folder: FilePath) -> Whole:
    """The document with the lines, zones and sites that stand in files beside it.

    A part whose file cannot be used is left out and leaves a flaw.
    """
    made = Whole(document)
    lines: dict[str, LineText] = {}
    for name, line in document.lines.items():
        lines |= {name: found} if (found := _line(made, folder, name, line)) else {}
    zones: dict[str, ZoneText] = {}
    for name, zone in document.zones.items():
        zones |= {name: inline} if (inline := _zone(made, folder, name, zone)) else {}
    sites = list(document.sites)
    for place, file in enumerate(document.site_files):
        sites += _sites(made, folder, ("site_files", place), file, len(sites))
    changed = {"lines": lines, "zones": zones, "sites": tuple(sites), "site_files": ()}
    made.document = document.model_copy(update=changed)
    return made


def _line(made: Whole, folder: FilePath, name: str, line: LineText) -> LineText | None:
    if line.file is None:
        return line
    shapes = _shapes(made, folder, ("lines", name, "file"), line.file)
    paths = [s.coordinates for s in shapes or () if isinstance(s, _LineString)]
    areas = tuple(_polygons(shapes or ()))
    if len(paths) == 1 and not areas:
        return line.model_copy(update={"path": paths[0], "file": None})
    if areas and not paths:
        return line.model_copy(update={"areas": areas, "file": None})
    if shapes is not None:
        wrong = f"{line.file} holds {len(paths)} paths and {len(areas)} areas"
        right = "a line is one LineString, or areas as (Multi)Polygons"
        made.flaws.append(Flaw(("lines", name, "file"), wrong, right))
    return None


def _zone(made: Whole, folder: FilePath, name: str, zone: ZoneText) -> ZoneText | None:
    if zone.file is None:
        return zone
    shapes = _shapes(made, folder, ("zones", name, "file"), zone.file)
    areas = tuple(_polygons(shapes or ()))
    if len(areas) == 1 and shapes is not None and len(shapes) == 1:
        return zone.model_copy(update={"polygon": areas[0], "file": None})
    if shapes is not None:
        wrong = f"{zone.file} holds {len(shapes)} shapes with {len(areas)} areas"
        right = "a zone is one Polygon; join several zones with `any_of`"
        made.flaws.append(Flaw(("zones", name, "file"), wrong, right))
    return None


def _shapes(
    made: Whole, folder: FilePath, path: Path, file: str
) -> tuple[_LineString | _Polygon | _MultiPolygon, ...] | None:
    """The geometries of a GeoJSON file; ``None``, and a flaw, where it is unusable."""
    try:
        body = json.loads(_words(folder, file), parse_constant=_no_number)
        found = _GEOJSON.validate_python(body)
    except TermError as error:
        made.flaws.append(Flaw(path, error.wrong, error.right))
        return None
    except ValidationError as error:
        first = flaws_of(error)[0]
        at = "/".join(str(step) for step in first.path)
        wrong = f"{file} at {at or 'the top'}: {first.wrong}"
        right = f"GeoJSON (RFC 7946) in WGS 84, [longitude, latitude]: {first.right}"
        made.flaws.append(Flaw(path, wrong, right))
        return None
    except (ValueError, RecursionError) as error:
        wrong = f"{file} is not JSON: {error}"
        made.flaws.append(Flaw(path, wrong, "write it as GeoJSON (RFC 7946)"))
        return None
    made.marks[path] = Mark(file, 1, 1)
    match found:
        case _Features():
            return tuple(feature.geometry for feature in found.features)
        case _Feature():
            return (found.geometry,)
    return (found,)


def _polygons(
    shapes: Iterable[_LineString | _Polygon | _MultiPolygon],
) -> Iterator[PolygonText]:
    for shape in shapes:
        match shape:
            case _Polygon():
                parts: tuple[tuple[Vertices, ...], ...] = (shape.coordinates,)
            case _MultiPolygon():
                parts = shape.coordinates
            case _:
                parts = ()
        for outer, *holes in parts:
            yield PolygonText(outer=outer, holes=tuple(holes))


def _sites(
    made: Whole, folder: FilePath, path: Path, file: str, before: int
) -> list[SiteText]:
    """The sites of a CSV file, one a row; a wrong row leaves a flaw."""
    found: list[SiteText] = []
    try:
        for line, row in _rows(_words(folder, file), file):
            at: Path = ("sites", before + len(found))
            made.marks[at] = Mark(file, line, 1)
            if site := _site(made, row, at):
                found.append(site)
    except TermError as error:
        made.flaws.append(Flaw(path, error.wrong, error.right))
    return found


def _rows(words: str, file: str) -> Iterator[tuple[int, dict[str | None, str]]]:
    """Line number and fields of each row.

    Raises:
        TermError: if the text is no CSV, or its columns are not those of sites.
    """
    rows = csv.DictReader(StringIO(words, newline=""), strict=True)
    try:
        if tuple(rows.fieldnames or ()) != SITE_COLUMNS:
            wrong = f"{file} has the columns {','.join(rows.fieldnames or ())[:200]}"
            raise TermError(wrong, f"the first line must be {','.join(SITE_COLUMNS)}")
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        wrong = f"{file} is not CSV: {error}"
        right = "quote fields that hold commas or quotes"
        raise TermError(wrong, right) from error


def _site(made: Whole, row: dict[str | None, str], at: Path) -> SiteText | None:
    body: dict[str, object] = {str(k): v for k, v in row.items()}
    body["lists"] = [one.strip() for one in str(row.get("lists") or "").split(";")]
    if None in row:
        right = "quote fields that hold commas"
        flaws = [Flaw(at, "the row has more fields than the first line", right)]
    else:
        try:
            return SiteText.model_validate(body)
        except ValidationError as error:
            flaws = flaws_of(error, at)
    # The next row takes this place, so the flaw is moved to a path of its own.
    kept: Path = ("sites", f"line {made.marks[at].line}")
    made.marks[kept] = made.marks[at]
    made.flaws += [Flaw((*kept, *f.path[2:]), f.wrong, f.right) for f in flaws]
    return None


def inside(folder: FilePath, file: str) -> FilePath:
    """The path of a file that lies in the folder, links followed.

    Raises:
        TermError: if it leads anywhere else.
    """
    try:
        if (folder / file).resolve().is_relative_to(folder.resolve()):
            return folder / file
    except (OSError, RuntimeError):  # a link that leads to itself
        pass
    wrong = f"{file[:100]} lies outside the agreement's folder"
    raise TermError(wrong, "put it beside the agreement")


def _words(folder: FilePath, file: str) -> str:
    """The text of a file in the agreement's folder.

    Raises:
        TermError: if it lies elsewhere, is missing, too big or not UTF-8.
    """
    path = inside(folder, file)
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        wrong = f"{file[:100]} cannot be read: {error.strerror}"
        raise TermError(wrong, "name a file beside the agreement") from error
    if len(raw) > MAX_BYTES:
        wrong = f"{file} has more than {MAX_BYTES} bytes"
        raise TermError(wrong, "simplify the shape")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start + 1} of {file} is not UTF-8"
        raise TermError(wrong, "save the file as UTF-8") from error


def _no_number(word: str) -> FiniteFloat:
    msg = f"{word} is not a number"
    raise ValueError(msg)

"""Whether the shapes of a document can exist on the earth: every impossible one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapely import Polygon as Plane
from shapely import is_valid_reason
from shapely.errors import GEOSException

from trucewatch.agreement.document import (
    Document,
    Extent,
    LineText,
    PolygonText,
    Vertices,
)
from trucewatch.agreement.problem import Flaw, Path

_MIN_RING = 4  # three corners and the first again
_HALF_TURN_DEG = 180.0
_SHOWN = 5  # flaws shown of one ring; a swapped file would give thousands


def impossible(document: Document) -> Iterator[Flaw]:
    """Every shape that crosses itself, is open, empty, or lies off the earth."""
    if document.extent is None and _has_coordinates(document):
        wrong = "there are coordinates but no `extent`"
        right = "add `extent:` with south_deg, north_deg, west_deg and east_deg"
        yield Flaw((), wrong, right)
    if document.extent is not None:
        yield from _extent(document.extent)
    for line_id, line in document.lines.items():
        yield from _line(("lines", line_id), line, document.extent)
    for zone_id, zone in document.zones.items():
        path: Path = ("zones", zone_id)
        if zone.polygon is not None:
            yield from _polygon((*path, "polygon"), zone.polygon, document.extent)
        if zone.disc is not None:
            centre = ((zone.disc.lon_deg, zone.disc.lat_deg),)
            yield from _positions((*path, "disc"), centre, document.extent)
    for place, site in enumerate(document.sites):
        point = ((site.lon_deg, site.lat_deg),)
        yield from _positions(("sites", place), point, document.extent)


def _has_coordinates(document: Document) -> bool:
    shapes = [z.polygon or z.disc for z in document.zones.values()]
    return bool(document.lines or document.sites or any(shapes))


def _extent(extent: Extent) -> Iterator[Flaw]:
    if extent.north_deg <= extent.south_deg:
        wrong = "the extent's north is not north of its south"
        yield Flaw(("extent",), wrong, "write north_deg greater than south_deg")


def _line(path: Path, line: LineText, extent: Extent | None) -> Iterator[Flaw]:
    for place, area in enumerate(line.areas or ()):
        yield from _polygon((*path, "areas", place), area, extent)
    if line.areas is not None and not line.areas:
        yield Flaw((*path, "areas"), "the line has no areas", "give at least one")
    if line.path is None:
        return
    at: Path = (*path, "path")
    if len(set(line.path)) < 2:
        yield Flaw(at, "the line has no length", "give two different vertices")
    yield from _positions(at, line.path, extent)
    yield from _leaps(at, line.path)


def _polygon(path: Path, polygon: PolygonText, extent: Extent | None) -> Iterator[Flaw]:
    rings = [("outer", polygon.outer), *(("holes", h) for h in polygon.holes)]
    sound = True
    for name, ring in rings:
        at: Path = (*path, name)
        flaws = [
            *_open_ring(at, ring),
            *_positions(at, ring, extent),
            *_leaps(at, ring),
        ]
        sound = sound and not flaws
        yield from flaws
    if sound:
        yield from _crossing(path, polygon)


def _open_ring(path: Path, ring: Vertices) -> Iterator[Flaw]:
    if len(ring) < _MIN_RING:
        wrong = f"a ring of {len(ring)} vertices encloses nothing"
        yield Flaw(path, wrong, "give three corners and the first again")
    elif ring[0] != ring[-1]:
        wrong = f"the ring is not closed: it begins at {ring[0]}, ends at {ring[-1]}"
        yield Flaw(path, wrong, "repeat the first vertex at the end")


def _crossing(path: Path, polygon: PolygonText) -> Iterator[Flaw]:
    try:
        reason = is_valid_reason(Plane(polygon.outer, polygon.holes))
    except GEOSException as error:
        reason = str(error)
    if reason == "Valid Geometry":
        return
    kind, _, where = reason.partition("[")
    place = f" near [{where}" if where else ""
    words = {
        "Self-intersection": "the outline crosses itself",
        "Ring Self-intersection": "a ring touches or crosses itself",
        "Hole lies outside shell": "a hole lies outside the outline",
        "Holes are nested": "a hole lies inside another hole",
        "Interior is disconnected": "the holes cut the area apart",
    }
    wrong = f"{words.get(kind, kind)}{place}"
    yield Flaw(path, wrong, "draw the outline once round, with holes inside it")


def _leaps(path: Path, vertices: Vertices) -> Iterator[Flaw]:
    for (first, _), (second, _) in zip(vertices, vertices[1:], strict=False):
        if abs(second - first) > _HALF_TURN_DEG:
            wrong = f"the longitude leaps from {first:g} to {second:g}"
            right = "go on past 180 (190 for 170 west), so that the shape stays whole"
            yield Flaw(path, wrong, right)
            return


def _positions(
    path: Path, vertices: Sequence[tuple[float, float]], extent: Extent | None
) -> Iterator[Flaw]:
    found = [flaw for v in vertices if (flaw := _position(path, *v, extent))]
    yield from found[:_SHOWN]
    if len(found) > _SHOWN:
        wrong = f"{len(found) - _SHOWN} more vertices have the same flaw"
        yield Flaw(path, wrong, found[0].right)


def _position(
    path: Path, lon_deg: float, lat_deg: float, extent: Extent | None
) -> Flaw | None:
    at = f"[{lon_deg:g}, {lat_deg:g}]"
    if not (-90 <= lat_deg <= 90 and -360 <= lon_deg <= 360):
        right = "write [longitude, latitude] in degrees; they may be swapped"
        return Flaw(path, f"{at} is not on the earth", right)
    if extent is None or _inside(lon_deg, lat_deg, extent):
        return None
    if _inside(lat_deg, lon_deg, extent):
        right = f"it is probably swapped: write [{lat_deg:g}, {lon_deg:g}]"
        return Flaw(path, f"{at} lies outside the extent", right)
    return Flaw(path, f"{at} lies outside the extent", "mend it or widen the extent")


def _inside(lon_deg: float, lat_deg: float, extent: Extent) -> bool:
    width_deg = (extent.east_deg - extent.west_deg) % 360 or 360
    from_west_deg = (lon_deg - extent.west_deg) % 360
    inside_band = extent.south_deg <= lat_deg <= extent.north_deg
    return inside_band and from_west_deg <= width_deg

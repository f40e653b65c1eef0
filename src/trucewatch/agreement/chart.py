"""The map of an agreement as SVG: its own lines, zones and sites, and nothing else.

Drawn in the azimuthal-equidistant plane about the middle of the agreement, north up.
There is no base map: every border on it comes from the agreement file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import ceil, floor

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.geometry import (
    Disc,
    Everywhere,
    Line,
    NearLine,
    Polygon,
)
from trucewatch.agreement.planar import Numbers, Plane
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.zoning import drawn, parts, tree_of_any

WIDTH_PX = 900
MAX_HEIGHT_PX = 760
_MARGIN = 0.08  # of the larger side of what is drawn
_LEAST_REACH_M = 5_000.0
_GREATEST_REACH_M = 500_000.0  # wider strips run off the sheet
_STEPS_DEG = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_ZONE_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rectangle of a plane and its size on the page."""

    plane: Plane
    frame: shapely.Polygon
    per_px_m: float

    def path(self, geometry: BaseGeometry) -> str:
        """An SVG path of whatever of the geometry lies on the sheet."""
        if geometry.is_empty:
            return ""
        west, _, _, north = self.frame.bounds
        steps = []
        for part in shapely.get_parts(geometry):
            rings = [part]
            if isinstance(part, shapely.Polygon):
                rings = [part.exterior, *part.interiors]
            for ring in rings:
                xy = shapely.get_coordinates(ring)
                px = (xy - [west, north]) / [self.per_px_m, -self.per_px_m]
                steps.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in px))
        return "".join(steps)

    def spot(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Where a point of the earth lies on the page, in px from its top left."""
        ((x, y),) = self.plane.project(np.array([[lon_deg, lat_deg]]))
        west, _, _, north = self.frame.bounds
        return (x - west) / self.per_px_m, (north - y) / self.per_px_m


def chart(agreement: Agreement) -> str:
    """An SVG element with a title; empty where the agreement draws nothing."""
    sheet = _sheet(agreement)
    if sheet is None:
        return ""
    west, south, east, north = sheet.frame.bounds
    height_px = (north - south) / sheet.per_px_m
    drawing = [
        *_graticule(sheet),
        *_zones(agreement, sheet),
        *_lines(agreement, sheet),
        *_sites(agreement, sheet),
        *_scale(sheet, height_px),
    ]
    title = escape(f"Lines, zones and sites of: {agreement.title}")
    size = f'viewBox="0 0 {WIDTH_PX} {height_px:.0f}" role="img"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><title>{title}</title>'
    return head + "".join(drawing) + "</svg>"


def zone_colour(place: int) -> str:
    """The colour of the zone at that place in the agreement."""
    return _ZONE_COLOURS[place % len(_ZONE_COLOURS)]


def _sheet(agreement: Agreement) -> Sheet | None:
    points = np.array(list(_vertices(agreement)), dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return None
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    plane = Plane((middle[0] + 180) % 360 - 180, middle[1])
    xy = plane.project(points)
    reach_m = max(_reach_m(agreement), _LEAST_REACH_M)
    west, south = xy.min(axis=0) - reach_m
    east, north = xy.max(axis=0) + reach_m
    pad_m = _MARGIN * max(east - west, north - south)
    frame = shapely.box(west - pad_m, south - pad_m, east + pad_m, north + pad_m)
    width_m, height_m = east - west + 2 * pad_m, north - south + 2 * pad_m
    per_px_m = max(width_m / WIDTH_PX, height_m / MAX_HEIGHT_PX)
    spare_m = per_px_m * WIDTH_PX - width_m
    west, south, east, north = frame.bounds
    frame = shapely.box(west - spare_m / 2, south, east + spare_m / 2, north)
    return Sheet(plane, frame, per_px_m)


def _vertices(agreement: Agreement) -> Iterator[tuple[float, float]]:
    for line in agreement.lines:
        yield from line.path
        for area in line.areas:
            yield from area.outer
    for zone in agreement.zones:
        match zone.shape:
            case Polygon():
                yield from zone.shape.outer
            case Disc():
                yield zone.shape.lon_deg, zone.shape.lat_deg
    for site in agreement.sites:
        yield site.lon_deg, site.lat_deg


def _reach_m(agreement: Agreement) -> float:
    """How far beyond the vertices something is drawn."""
    shapes = [zone.shape for zone in agreement.zones]
    discs = [shape.radius_m for shape in shapes if isinstance(shape, Disc)]
    strips = [shape.within_m for shape in shapes if isinstance(shape, NearLine)]
    bands = [line.uncertainty_m for line in agreement.lines]
    return min(max([*discs, *strips, *bands], default=0.0), _GREATEST_REACH_M)


def _graticule(sheet: Sheet) -> Iterator[str]:
    corners = sheet.plane.unproject(
        shapely.get_coordinates(sheet.frame.segmentize(1e5))
    )
    lon0, _ = sheet.plane.lon_deg, sheet.plane.lat_deg
    lons = (corners[:, 0] - lon0 + 180) % 360 - 180 + lon0
    bounds = (lons.min(), corners[:, 1].min(), lons.max(), corners[:, 1].max())
    span_deg = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    step = next((s for s in _STEPS_DEG if span_deg / s <= 10), _STEPS_DEG[-1])
    for lon in _ticks(bounds[0], bounds[2], step):
        lats = np.linspace(bounds[1], bounds[3], 40)
        points = np.column_stack((np.full(40, lon), lats))
        yield from _meridian(sheet, points, _degrees((lon + 180) % 360 - 180, "EW"))
    for lat in _ticks(bounds[1], bounds[3], step):
        along = np.column_stack((
            np.linspace(bounds[0], bounds[2], 40),
            np.full(40, lat),
        ))
        yield from _meridian(sheet, along, _degrees(lat, "NS"))


def _meridian(sheet: Sheet, lonlat_deg: Numbers, label: str) -> Iterator[str]:
    line = shapely.LineString(sheet.plane.project(lonlat_deg))
    seen = shapely.intersection(line, sheet.frame)
    if seen.is_empty or seen.length == 0:
        return
    yield f'<path class="grid" d="{sheet.path(seen)}"/>'
    west, _, _, north = sheet.frame.bounds
    x, y = shapely.get_coordinates(seen)[0]
    at = (x - west) / sheet.per_px_m + 3, (north - y) / sheet.per_px_m - 3
    yield f'<text class="grid" x="{at[0]:.0f}" y="{at[1]:.0f}">{label}</text>'


def _ticks(first: float, last: float, step: float) -> list[float]:
    return [n * step for n in range(ceil(first / step), floor(last / step) + 1)]


def _degrees(degrees: float, letters: str) -> str:
    letter = letters[0] if degrees >= 0 else letters[1]
    return f"{abs(degrees):g}° {letter}"


def _zones(agreement: Agreement, sheet: Sheet) -> Iterator[str]:
    """Every zone that has a border, the widest below the others."""
    found = []
    for place, zone in enumerate(agreement.zones):
        if not isinstance(zone.shape, Everywhere):
            found.append((_region(agreement, zone.id, sheet), place, zone))
    for region, place, zone in sorted(found, key=lambda one: (-one[0].area, one[1])):
        style = f'fill="{zone_colour(place)}" stroke="{zone_colour(place)}"'
        name = escape(f"{zone.id}: {zone.title}")
        path = sheet.path(region)
        yield f'<path class="zone" {style} d="{path}"><title>{name}</title></path>'


def _region(agreement: Agreement, zone: str, sheet: Sheet) -> BaseGeometry:
    """What the zone holds of the sheet, to a quarter of a pixel."""
    reach_m = max(abs(side) for side in sheet.frame.bounds)
    tree = tree_of_any(agreement, (zone,))
    regions = {
        part: part.region(sheet.plane, reach_m, sheet.per_px_m / 4)
        for part in parts(tree)
    }
    around = shapely.box(-reach_m, -reach_m, reach_m, reach_m)
    held = shapely.intersection(drawn(tree, regions, around), sheet.frame)
    return held.simplify(sheet.per_px_m / 4)


def _lines(agreement: Agreement, sheet: Sheet) -> Iterator[str]:
    for line in agreement.lines:
        rings = [line.path] if line.path else [area.outer for area in line.areas]
        for ring in rings:
            lonlat = shapely.get_coordinates(shapely.LineString(ring).segmentize(0.05))
            course = shapely.LineString(sheet.plane.project(lonlat))
            name = f"<title>{escape(f'{line.id}: {line.title}')}</title>"
            if line.uncertainty_m > 0:
                band = shapely.intersection(
                    course.buffer(line.uncertainty_m, quad_segs=8), sheet.frame
                )
                flat = band.simplify(sheet.per_px_m / 4)
                yield f'<path class="band" d="{sheet.path(flat)}">{name}</path>'
            yield f'<path class="line" d="{sheet.path(course)}">{name}</path>'
        if line.path:
            yield from _side_labels(line, sheet)


def _side_labels(line: Line, sheet: Sheet) -> Iterator[str]:
    """The party's id beside the middle of the line, on the side that it holds."""
    course = shapely.LineString(sheet.plane.project(np.array(line.path)))
    ends = [
        shapely.line_interpolate_point(course, s, normalized=True) for s in (0.4, 0.6)
    ]
    along = np.array([ends[1].x - ends[0].x, ends[1].y - ends[0].y])
    left = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1.0)
    middle = shapely.line_interpolate_point(course, 0.5, normalized=True)
    away_m = 2.5 * line.uncertainty_m + 30 * sheet.per_px_m
    west, _, _, north = sheet.frame.bounds
    for side in line.sides:
        sign = 1 if side.held == "left" else -1
        x, y = np.array([middle.x, middle.y]) + sign * away_m * left
        at = (x - west) / sheet.per_px_m, (north - y) / sheet.per_px_m
        name = escape(side.party)
        yield f'<text class="side" x="{at[0]:.0f}" y="{at[1]:.0f}">{name}</text>'


def _sites(agreement: Agreement, sheet: Sheet) -> Iterator[str]:
    for site in agreement.sites:
        x, y = sheet.spot(site.lon_deg, site.lat_deg)
        r = max(site.radius_m / sheet.per_px_m, 4)
        name = escape(f"{site.name} ({site.kind}; lists {', '.join(site.lists)})")
        circle = f'cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"'
        yield f'<circle class="site" {circle}><title>{name}</title></circle>'


def _scale(sheet: Sheet, height_px: float) -> Iterator[str]:
    longest_m = 0.25 * WIDTH_PX * sheet.per_px_m
    steps = [d * 10.0**p for p in range(8) for d in (1, 2, 5)]
    length_m = max(step for step in steps if step <= longest_m)
    x, y = 20, height_px - 20
    bar = f"M{x} {y - 5:.0f}v5h{length_m / sheet.per_px_m:.1f}v-5"
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    yield f'<path class="scale" d="{bar}"/>'
    yield f'<text class="scale" x="{x + 6}" y="{y - 6:.0f}">{label}</text>'

"""A still map of what is released: cells, ellipses, the agreement's lines and zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, cos, radians

import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.share.bulletin import Bulletin, IncidentRow

_WIDTH = 960.0  # of the drawing, in its own units
_HEIGHTS = (280.0, 400.0)
_MARGIN_RATIO = 0.15  # of the drawn span, around what must be seen
_LEAST_SPAN_DEG = 0.6
_DEGREE_M = 111_195.0  # mean degree of a great circle
_STYLES = {
    "zone": {
        "fill": "#0b4f8a",
        "fill_opacity": "0.07",
        "stroke": "#0b4f8a",
        "stroke_opacity": "0.5",
    },
    "line": {"fill": "none", "stroke": "#1b1f24", "stroke_width": "2"},
    "site": {"fill": "none", "stroke": "#0b4f8a", "stroke_width": "1.5"},
    "ellipse": {"fill": "none", "stroke": "#9b2226", "stroke_opacity": "0.35"},
}


@dataclass(frozen=True, slots=True)
class _View:
    """A plate carrée true to scale at its middle latitude."""

    west_deg: float
    north_deg: float
    east_deg: float
    south_deg: float

    @property
    def aspect_ratio(self) -> float:
        """Width of a degree of longitude over that of latitude."""
        return cos(radians((self.north_deg + self.south_deg) / 2))

    @property
    def scale_deg(self) -> float:
        """Drawing units in a degree of longitude."""
        return _WIDTH / (self.east_deg - self.west_deg)

    @property
    def height(self) -> int:
        """Of the drawing."""
        span_deg = self.north_deg - self.south_deg
        return ceil(span_deg * self.scale_deg / self.aspect_ratio)

    def xy(self, lon_deg: float, lat_deg: float) -> str:
        """A point in drawing units, to a tenth."""
        x = (lon_deg - self.west_deg) * self.scale_deg
        y = (self.north_deg - lat_deg) * self.scale_deg / self.aspect_ratio
        return f"{x:.1f} {y:.1f}"


def sketch(bulletin: Bulletin, label: str) -> str:
    """An SVG drawing; empty where the release shows no place and no line.

    Colours are attributes, so that a style sheet may override them by class.
    """
    rows = bulletin.incidents
    points = [
        shapely.Point(one.lon_deg, one.lat_deg)
        for one in rows
        if one.lat_deg is not None and one.lon_deg is not None
    ]
    shapes = [(one.what, shapely.from_geojson(one.geojson)) for one in bulletin.shapes]
    view = _view(points or [shape for _, shape in shapes])
    if view is None:
        return ""
    frame = shapely.box(view.west_deg, view.south_deg, view.east_deg, view.north_deg)
    parts = [_graticule(view)]
    for what in ("zone", "line", "site"):
        parts += [
            _shape(view, what, shapely.intersection(shapely.make_valid(one), frame))
            for kind, one in shapes
            if kind == what
        ]
    parts += [_incident(view, row) for row in rows]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} '
        f'{view.height}" role="img" aria-label="{escape(label)}">'
        f'<rect class="m-ground" width="{_WIDTH:.0f}" height="{view.height}" '
        f'fill="#f3f4f2"/>{"".join(parts)}</svg>'
    )


def _view(seen: Sequence[BaseGeometry]) -> _View | None:
    """With a margin around what must be seen; none where there is nothing."""
    if not seen:
        return None
    west, south, east, north = (float(x) for x in shapely.total_bounds(seen))
    ratio = cos(radians((north + south) / 2))
    wide = max(_LEAST_SPAN_DEG, east - west) * (1 + 2 * _MARGIN_RATIO)
    tall = max(_LEAST_SPAN_DEG * ratio, north - south) * (1 + 2 * _MARGIN_RATIO)
    least, most = _HEIGHTS
    wide = max(wide, tall / ratio * _WIDTH / most)
    tall = max(tall, wide * ratio * least / _WIDTH)
    x, y = (west + east) / 2, (south + north) / 2
    return _View(x - wide / 2, y + tall / 2, x + wide / 2, y - tall / 2)


def _graticule(view: _View) -> str:
    """Lines at round degrees, with their values at the edges."""
    span_deg = view.east_deg - view.west_deg
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10) if span_deg / s <= 8), 30)
    digits = 1 if step < 1 else 0
    drawn = []
    for n in range(ceil(view.west_deg / step), int(view.east_deg // step) + 1):
        x = view.xy(n * step, view.north_deg).split()[0]
        drawn.append(f"M{x} 0V{view.height}")
        drawn.append(f"|{x}|{view.height - 6}|{n * step:.{digits}f}°")
    for n in range(ceil(view.south_deg / step), int(view.north_deg // step) + 1):
        y = view.xy(view.west_deg, n * step).split()[1]
        drawn.append(f"M0 {y}H{_WIDTH:.0f}")
        drawn.append(f"|4|{float(y) - 4:.1f}|{n * step:.{digits}f}°")
    lines = "".join(one for one in drawn if one[0] == "M")
    labels = "".join(_label(one) for one in drawn if one[0] == "|")
    path = f'<path class="m-grid" d="{lines}" fill="none" stroke="#d3d6d2"/>'
    return path + labels


def _label(spec: str) -> str:
    _, x, y, text = spec.split("|")
    return (
        f'<text class="m-label" x="{x}" y="{y}" font-size="12" '
        f'font-family="DejaVu Sans Mono, monospace" fill="#6b7280">{text}</text>'
    )


def _shape(view: _View, what: str, shape: BaseGeometry) -> str:
    if shape.is_empty:
        return ""
    if what == "site":
        x, y = view.xy(shape.centroid.x, shape.centroid.y).split()
        return _tag("path", "m-site", d=f"M{x} {y}m-4 0h8m-4 -4v8", **_STYLES[what])
    path = "".join(_path(view, part) for part in shapely.get_parts(shape))
    return _tag("path", f"m-{what}", d=path, **_STYLES[what])


def _path(view: _View, shape: BaseGeometry) -> str:
    if isinstance(shape, shapely.Polygon):
        rings = (shape.exterior, *shape.interiors)
        return "".join(f"{_run(view, ring)}Z" for ring in rings)
    return _run(view, shape) if isinstance(shape, shapely.LineString) else ""


def _run(view: _View, line: shapely.LineString) -> str:
    return "M" + "L".join(view.xy(x, y) for x, y in line.coords)


def _incident(view: _View, row: IncidentRow) -> str:
    """The cell, filled by how probable the incident is, and the ellipse."""
    if row.lat_deg is None or row.lon_deg is None:
        return ""
    unit_m = _DEGREE_M * view.aspect_ratio / view.scale_deg  # metres in a drawing unit
    half = row.cell_deg / 2
    x, y = view.xy(row.lon_deg, row.lat_deg).split()
    west, north = view.xy(row.lon_deg - half, row.lat_deg + half).split()
    wide = max(5.0, row.cell_deg * view.scale_deg)
    ellipse = _tag(
        "ellipse",
        "m-ellipse",
        cx=x,
        cy=y,
        rx=f"{row.semi_minor_m / unit_m:.1f}",
        ry=f"{row.semi_major_m / unit_m:.1f}",
        transform=f"rotate({row.azimuth_deg:.0f} {x} {y})",
        **_STYLES["ellipse"],
    )
    cell = _tag(
        "rect",
        "m-cell",
        x=west,
        y=north,
        width=f"{wide:.1f}",
        height=f"{wide / view.aspect_ratio:.1f}",
        fill="#9b2226",
        fill_opacity=f"{0.15 + 0.6 * row.p_exists:.2f}",
    )
    return ellipse + cell


def _tag(name: str, style: str, **attributes: str) -> str:
    pairs = (f'{key.replace("_", "-")}="{one}"' for key, one in attributes.items())
    return f'<{name} class="{style}" {" ".join(pairs)}/>'

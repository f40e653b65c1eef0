"""A still map of what is released: cells, ellipses, the agreement's lines and zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, cos, floor, log10, radians

import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.share.bulletin import Bulletin, IncidentRow, ShapeRow

_WIDTH, _LEFT, _BOTTOM = 960.0, 48.0, 24.0  # of the drawing, in its own units
_HEIGHTS = (280.0, 500.0)  # of the ground, without its scale
_MARGIN_RATIO = 0.08  # of the drawn span, around what must be seen
_LEAST_SPAN_DEG = 0.6
_DEGREE_M = 111_195.0  # mean degree of a great circle
_MOST_IN_A_CELL = 4
_MOST_NAMED = 3  # lines and zones
_FEW_SITES = 8
_NEAR_DEG = 0.3  # about 33 km: sites so near an incident are drawn among many
_FONT = 'font-family="DejaVu Sans Mono, monospace"'
_STYLES = {
    "zone": {
        "fill": "#0b4f8a",
        "fill_opacity": "0.07",
        "stroke": "#0b4f8a",
        "stroke_opacity": "0.5",
    },
    "line": {"fill": "none", "stroke": "#1b1f24", "stroke_width": "2.5"},
    "site": {"fill": "none", "stroke": "#0b4f8a", "stroke_width": "1.5"},
    "ellipse": {"fill": "none", "stroke": "#9b2226", "stroke_opacity": "0.35"},
}

Drawn = tuple[ShapeRow, BaseGeometry]


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
        return (_WIDTH - _LEFT) / (self.east_deg - self.west_deg)

    @property
    def unit_m(self) -> float:
        """Metres in a drawing unit."""
        return _DEGREE_M * self.aspect_ratio / self.scale_deg

    @property
    def height(self) -> int:
        """Of the ground."""
        span_deg = self.north_deg - self.south_deg
        return ceil(span_deg * self.scale_deg / self.aspect_ratio)

    @property
    def frame(self) -> BaseGeometry:
        """What is drawn, in degrees."""
        return shapely.box(self.west_deg, self.south_deg, self.east_deg, self.north_deg)

    def x(self, lon_deg: float) -> float:
        """Drawing units from the left of the ground."""
        return (lon_deg - self.west_deg) * self.scale_deg

    def y(self, lat_deg: float) -> float:
        """Drawing units from the top of the ground."""
        return (self.north_deg - lat_deg) * self.scale_deg / self.aspect_ratio

    def xy(self, lon_deg: float, lat_deg: float) -> str:
        """A point in drawing units, to a tenth."""
        return f"{self.x(lon_deg):.1f} {self.y(lat_deg):.1f}"


def sketch(bulletin: Bulletin, label: str) -> str:
    """An SVG drawing; empty where the release shows no place and no line.

    Colours are attributes, so that a style sheet may override them by class.
    Incidents have the numbers of their place in the bulletin, from 1.
    """
    cells = _cells(bulletin.incidents)
    points = [shapely.Point(lon, lat) for lat, lon, _ in cells]
    shapes = [(one, shapely.from_geojson(one.geojson)) for one in bulletin.shapes]
    view = _view(points, shapes)
    if view is None:
        return ""
    seen = _seen(view, points, shapes)
    parts = [_grid(view), *(_shape(view, one, shape) for one, shape in seen)]
    parts += [_ellipse(view, row) for rows in cells.values() for _, row in rows]
    parts += [_cell(view, rows[0][1], rows) for rows in cells.values()]
    parts += _names(view, seen)
    parts += _numbers(view, cells)
    high, wide = view.height, _WIDTH - _LEFT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} '
        f'{high + _BOTTOM:.0f}" role="img" aria-label="{escape(label)}">'
        f'<svg x="{_LEFT:.0f}" y="0" width="{wide:.0f}" height="{high}">'
        f'<rect class="m-ground" width="{wide:.0f}" height="{high}" fill="#f3f4f2"/>'
        f"{''.join(parts)}{_scale(view)}</svg>{_axes(view)}</svg>"
    )


Key = tuple[float, float, float]
Numbered = list[tuple[int, IncidentRow]]


def _cells(rows: Sequence[IncidentRow]) -> dict[Key, Numbered]:
    """Incidents with their numbers, by the cell they were released in."""
    found: dict[Key, Numbered] = {}
    for n, row in enumerate(rows, start=1):
        if row.lat_deg is not None and row.lon_deg is not None:
            key = (row.lat_deg, row.lon_deg, row.cell_deg)
            found.setdefault(key, []).append((n, row))
    return found


def _view(points: Sequence[BaseGeometry], shapes: Sequence[Drawn]) -> _View | None:
    """Around all incidents and lines; around zones and sites where there are none."""
    lines = [shape for one, shape in shapes if one.what == "line"]
    seen = [*points, *lines] or [shape for _, shape in shapes]
    if not seen:
        return None
    west, south, east, north = (float(x) for x in shapely.total_bounds(seen))
    ratio = cos(radians((north + south) / 2))
    wide = max(_LEAST_SPAN_DEG, east - west) * (1 + 2 * _MARGIN_RATIO)
    tall = max(_LEAST_SPAN_DEG * ratio, north - south) * (1 + 2 * _MARGIN_RATIO)
    least, most = (one / (_WIDTH - _LEFT) for one in _HEIGHTS)
    wide = max(wide, tall / ratio / most)
    tall = max(tall, wide * ratio * least)
    x, y = (west + east) / 2, (south + north) / 2
    return _View(x - wide / 2, y + tall / 2, x + wide / 2, y - tall / 2)


def _seen(
    view: _View, points: Sequence[BaseGeometry], shapes: Sequence[Drawn]
) -> list[Drawn]:
    """What of the agreement lies in the frame; of many sites only those near."""
    cut = [
        (one, shapely.intersection(shapely.make_valid(shape), view.frame))
        for what in ("zone", "line", "site")
        for one, shape in shapes
        if one.what == what
    ]
    there = [(one, shape) for one, shape in cut if not shape.is_empty]
    if sum(one.what == "site" for one, _ in there) <= _FEW_SITES:
        return there
    near = shapely.union_all(points).buffer(_NEAR_DEG)
    return [
        (one, shape)
        for one, shape in there
        if one.what != "site" or shapely.intersects(shape, near)
    ]


def _step(span_deg: float) -> float:
    return next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10) if span_deg / s <= 8), 30)


def _marks(first_deg: float, last_deg: float, step: float) -> list[float]:
    return [n * step for n in range(ceil(first_deg / step), int(last_deg // step) + 1)]


def _rounds(view: _View) -> tuple[list[float], list[float]]:
    """Round longitudes and latitudes in the frame."""
    step = _step(view.east_deg - view.west_deg)
    east = _marks(view.west_deg, view.east_deg, step)
    return east, _marks(view.south_deg, view.north_deg, step)


def _grid(view: _View) -> str:
    lons, lats = _rounds(view)
    lines = "".join(f"M{view.x(one):.1f} 0V{view.height}" for one in lons)
    lines += "".join(f"M0 {view.y(one):.1f}H{_WIDTH:.0f}" for one in lats)
    return f'<path class="m-grid" d="{lines}" fill="none" stroke="#d3d6d2"/>'


def _axes(view: _View) -> str:
    """The degrees of round meridians below the ground, of parallels left of it."""
    lons, lats = _rounds(view)
    digits = 1 if _step(view.east_deg - view.west_deg) < 1 else 0
    below = (
        _text(
            _LEFT + view.x(one),
            view.height + 17,
            f"{abs((one + 180) % 360 - 180):.{digits}f}°{'E' if one >= 0 else 'W'}",
            'text-anchor="middle"',
        )
        for one in lons
        if 20 < view.x(one) < _WIDTH - _LEFT - 20
    )
    beside = (
        _text(
            _LEFT - 6,
            view.y(one) + 4,
            f"{abs(one):.{digits}f}°{'N' if one >= 0 else 'S'}",
            'text-anchor="end"',
        )
        for one in lats
    )
    return "".join((*below, *beside))


def _scale(view: _View) -> str:
    """A bar of a round number of kilometres, at most a fifth of the width."""
    most_km = (_WIDTH - _LEFT) / 5 * view.unit_m / 1000
    tens = 10.0 ** floor(log10(most_km))
    km = tens * max(one for one in (1, 2, 5) if one * tens <= most_km)
    left, y = 14.0, view.height - 14.0
    right = left + km * 1000 / view.unit_m
    bar = f"M{left:.1f} {y - 5:.1f}v5H{right:.1f}v-5"
    path = f'<path class="m-scale" d="{bar}" fill="none" stroke="#57606a"/>'
    return path + _text((left + right) / 2, y - 6, f"{km:g} km", 'text-anchor="middle"')


def _text(
    x: float, y: float, words: str, more: str = "", style: str = "m-label"
) -> str:
    return (
        f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" font-size="12" {_FONT} '
        f'fill="#57606a" {more}>{escape(words)}</text>'
    )


def _shape(view: _View, row: ShapeRow, shape: BaseGeometry) -> str:
    style = _STYLES[row.what]
    if row.what == "site":
        at = view.xy(shape.centroid.x, shape.centroid.y)
        return _tag("path", "m-site", d=f"M{at}m-4 0h8m-4 -4v8", **style)
    path = "".join(_path(view, part) for part in shapely.get_parts(shape))
    return _tag("path", f"m-{row.what}", d=path, **style)


def _path(view: _View, shape: BaseGeometry) -> str:
    if isinstance(shape, shapely.Polygon):
        rings = (shape.exterior, *shape.interiors)
        return "".join(f"{_run(view, ring)}Z" for ring in rings)
    return _run(view, shape) if isinstance(shape, shapely.LineString) else ""


def _run(view: _View, line: shapely.LineString) -> str:
    return "M" + "L".join(view.xy(x, y) for x, y in line.coords)


def _names(view: _View, seen: Sequence[Drawn]) -> list[str]:
    """Titles of lines and zones, where they are few, below their southern end."""
    named = [(one, shape) for one, shape in seen if one.what in ("line", "zone")]
    if len(named) > _MOST_NAMED:
        named = [(one, shape) for one, shape in named if one.what == "line"]
    return [_name(view, one, shape) for one, shape in named[:_MOST_NAMED]]


def _name(view: _View, row: ShapeRow, shape: BaseGeometry) -> str:
    coords = shapely.get_coordinates(shape)
    if row.what == "zone":
        x, y = view.x(shape.centroid.x), view.y(float(coords[:, 1].min())) + 14
        anchor = "middle"
    else:
        lon, lat = (float(one) for one in coords[coords[:, 1].argmax()])
        right = view.x(lon) > (_WIDTH - _LEFT) / 2
        x, y = view.x(lon) + (-8 if right else 8), view.y(lat) - 6
        anchor = "end" if right else "start"
    inside = min(max(y, 14.0), view.height - 30.0)
    return _text(x, inside, row.title, f'text-anchor="{anchor}"', "m-name")


def _ellipse(view: _View, row: IncidentRow) -> str:
    x, y = view.x(row.lon_deg or 0.0), view.y(row.lat_deg or 0.0)
    return _tag(
        "ellipse",
        "m-ellipse",
        cx=f"{x:.1f}",
        cy=f"{y:.1f}",
        rx=f"{row.semi_minor_m / view.unit_m:.1f}",
        ry=f"{row.semi_major_m / view.unit_m:.1f}",
        transform=f"rotate({row.azimuth_deg:.0f} {x:.1f} {y:.1f})",
        **_STYLES["ellipse"],
    )


def _cell(view: _View, at: IncidentRow, rows: Numbered) -> str:
    """The cell, the darker the more probable the most probable of its incidents."""
    wide = max(6.0, at.cell_deg * view.scale_deg)
    high = max(6.0, at.cell_deg * view.scale_deg / view.aspect_ratio)
    p = max(row.p_exists for _, row in rows)
    return _tag(
        "rect",
        "m-cell",
        x=f"{view.x(at.lon_deg or 0.0) - wide / 2:.1f}",
        y=f"{view.y(at.lat_deg or 0.0) - high / 2:.1f}",
        width=f"{wide:.1f}",
        height=f"{high:.1f}",
        fill="#9b2226",
        fill_opacity=f"{0.15 + 0.6 * p:.2f}",
    )


def _numbers(view: _View, cells: dict[Key, Numbered]) -> list[str]:
    """The numbers of each cell's incidents right of it, where they hide no others."""
    taken: list[BaseGeometry] = []
    drawn = []
    for (lat, lon, cell_deg), rows in cells.items():
        said = ",".join(str(n) for n, _ in rows[:_MOST_IN_A_CELL])
        said += "…" if len(rows) > _MOST_IN_A_CELL else ""
        x = view.x(lon) + max(6.0, cell_deg * view.scale_deg) / 2 + 3
        y = view.y(lat) + 4
        box = shapely.box(x, y - 10, x + 8 * len(said), y + 2)
        if not any(shapely.intersects(box, one) for one in taken):
            taken.append(box)
            drawn.append(_text(x, y, said, 'font-weight="bold"', "m-number"))
    return drawn


def _tag(name: str, style: str, **attributes: str) -> str:
    pairs = (f'{key.replace("_", "-")}="{one}"' for key, one in attributes.items())
    return f'<{name} class="{style}" {" ".join(pairs)}/>'

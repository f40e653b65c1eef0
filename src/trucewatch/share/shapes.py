"""The agreement's lines, zones and sites as GeoJSON, as coarse as a release allows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.terms import Agreement
from trucewatch.share.bulletin import ShapeRow
from trucewatch.share.clean import clean
from trucewatch.share.draw import coarse_point, drawn, path
from trucewatch.share.release import FIRING_CELL_DEG, Grain

# Half the diagonal of a site's cell: a site is drawn no nearer than this, in metres.
_SITE_M = FIRING_CELL_DEG * 111_694.0 / 2 * 2**0.5


def shape_rows(agreement: Agreement, grain: Grain) -> tuple[ShapeRow, ...]:
    """Lines, drawable zones and sites, in the agreement's order.

    Zones without a border of their own (everywhere, one side of a line) are not
    drawn. Sites are drawn no finer than a cell for firing: a list of facilities is
    not a list of coordinates.
    """
    return (*_lines(agreement, grain), *_zones(agreement, grain), *_sites(agreement))


def _lines(agreement: Agreement, grain: Grain) -> Iterator[ShapeRow]:
    for one in agreement.lines:
        body = _rounded(path(one), grain.line_decimals)
        if body:
            title = clean(one.title)
            yield ShapeRow("line", one.id, title, body, one.uncertainty_m)


def _zones(agreement: Agreement, grain: Grain) -> Iterator[ShapeRow]:
    for one in agreement.zones:
        body = _rounded(drawn(one.shape, agreement), grain.line_decimals)
        if body:
            yield ShapeRow("zone", one.id, clean(one.title), body, 0.0)


def _sites(agreement: Agreement) -> Iterator[ShapeRow]:
    for one in agreement.sites:
        body = _rounded(coarse_point(one), 2)
        yield ShapeRow("site", one.id, clean(one.name), body, _SITE_M)


def _rounded(shape: BaseGeometry, decimals: int) -> str:
    """GeoJSON text with every coordinate rounded; empty where nothing is left."""
    thin = shape.simplify(0.5 * 10.0**-decimals, preserve_topology=True)
    coarse = shapely.transform(thin, lambda xy: xy.round(decimals) + 0.0)
    whole = shapely.normalize(shapely.remove_repeated_points(coarse))
    if whole.is_empty:
        return ""
    body = json.loads(shapely.to_geojson(whole))
    return json.dumps(body, separators=(",", ":"), sort_keys=True)

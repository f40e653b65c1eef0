"""How probable it is that something lay in a zone, beside a line, in a window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from math import fsum, inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement import zoning
from trucewatch.agreement.chance import Law, lattice, p_of
from trucewatch.agreement.drawn import IN, OUT, Part, curve_of, side_part, window
from trucewatch.agreement.planar import Numbers, Plane
from trucewatch.agreement.terms import Agreement, Window
from trucewatch.agreement.zoning import Tree
from trucewatch.period import Period
from trucewatch.place import Place

# Beyond this many standard deviations lie 3e-7 of a normal law: below quantisation.
_REACH_SIGMAS = 5.5
_TOL_RATIO = 5e-3  # borders are drawn true to this share of a standard deviation,
_LEAST_TOL_M = 0.01  # but no finer than this
_DECIMALS = 9


def p_inside(agreement: Agreement, zones: tuple[str, ...], place: Place) -> float:
    """The probability that the place lies in any of the zones; no zones mean anywhere.

    The place is a normal law about its centre. A line known to ``uncertainty_m``
    moves as a whole by a normal shift of that standard deviation along each axis; all
    zones drawn from it move together, and different lines move independently. A place
    has no height, so floors and ceilings do not count: the result is then the
    greatest the true probability can be.

    Raises:
        AgreementError: if a zone, line, side or list of sites does not exist.
    """
    return float(p_inside_each(agreement, zones, (place,))[0])


def p_inside_each(
    agreement: Agreement, zones: tuple[str, ...], places: Sequence[Place]
) -> Numbers:
    """What ``p_inside`` says of each place, for many places at little more cost.

    Raises:
        AgreementError: if a zone, line, side or list of sites does not exist.
    """
    return _p_each(zoning.tree_of_any(agreement, zones), places)


def p_near_sites(
    agreement: Agreement, sites_list: str, within_m: float, place: Place
) -> float:
    """The probability of lying within a distance of any site on a list.

    Raises:
        AgreementError: if no site stands on the list.
    """
    tree = zoning.tree_of_sites(agreement, sites_list, within_m)
    return float(_p_each(tree, (place,))[0])


def p_sides(
    agreement: Agreement, line: str, place: Place
) -> tuple[tuple[str, float], ...]:
    """The two parts a line divides the world into, each with its probability.

    The parts are named as ``Side.held`` names them: ``left`` and ``right`` of a path,
    ``inside`` and ``rest`` of areas. The two probabilities sum to 1, and contain the
    line's own uncertainty.

    Raises:
        AgreementError: if there is no such line.
    """
    drawn = zoning.line_of(agreement, line)
    first, second = ("left", "right") if drawn.path else ("inside", "rest")
    p = float(_p_each(side_part(drawn, first), (place,))[0])
    return (first, p), (second, round(1 - p, _DECIMALS))


def distance_to_line_m(agreement: Agreement, line: str, place: Place) -> float:
    """Geodesic distance from the place's centre to the line as drawn, without sign.

    Raises:
        AgreementError: if there is no such line.
    """
    curve = curve_of(zoning.line_of(agreement, line))
    return curve.distance_m(Plane(place.lon_deg, place.lat_deg))


def p_in_windows(windows: tuple[Window, ...], time: Period) -> float:
    """The probability that something at an unknown instant of ``time`` is in a window.

    The instant is uniform over the half-open period, each edge of a window uniform
    over its own; edges are independent of one another. What lies in two windows, or
    in one window given twice, counts once. No windows give 0.

    Between the bounds of the edges the integrand is a polynomial of degree ``2 n``
    for ``n`` windows, which Gauss-Legendre quadrature with ``n + 1`` nodes integrates
    without error.
    """
    edges = dict.fromkeys(_edges_s(window, time.begin) for window in windows)
    bounds = {0.0, time.duration_s, *(s for edge in edges for at in edge for s in at)}
    breaks = sorted(s for s in bounds if 0 <= s <= time.duration_s)
    nodes, weights = np.polynomial.legendre.leggauss(len(edges) + 1)
    pieces = []
    for low, high in pairwise(breaks):
        instants = (high + low) / 2 + (high - low) / 2 * nodes
        missed = np.ones_like(instants)
        for opens, closes in edges:
            missed *= 1 - _passed(instants, opens) * (1 - _passed(instants, closes))
        pieces.extend((weights * (1 - missed) * (high - low) / 2).tolist())
    p = fsum(pieces) / time.duration_s
    return round(min(max(p, 0.0), 1.0), _DECIMALS)


def share_in_force(windows: tuple[Window, ...], period: Period) -> float:
    """The share of a period, from 0 to 1, expected to lie in any of the windows.

    By the linearity of expectation this is ``p_in_windows`` of the same period.
    """
    return p_in_windows(windows, period)


def _edges_s(
    window: Window, origin: datetime
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Bounds of the opening and of the closing edge, in seconds after ``origin``."""

    def bounds_s(edge: Period | None, always_s: float) -> tuple[float, float]:
        if edge is None:
            return always_s, always_s
        first, last = edge.begin - origin, edge.end - origin
        return first.total_seconds(), last.total_seconds()

    return bounds_s(window.begin, -inf), bounds_s(window.end, inf)


def _passed(instants_s: Numbers, edge_s: tuple[float, float]) -> Numbers:
    """The probability that an edge lies before each instant."""
    first, last = edge_s
    if last in (inf, -inf):
        return np.full_like(instants_s, 0.0 if last > 0 else 1.0)
    return np.clip((instants_s - first) / (last - first), 0.0, 1.0)


def _p_each(tree: Tree, places: Sequence[Place]) -> Numbers:
    """Settle at once what lies far from every border, integrate the rest one by one."""
    if not places:
        return np.empty(0)
    lonlat_deg = np.array([[place.lon_deg, place.lat_deg] for place in places])
    states = {
        part: part.states(lonlat_deg, np.array([_reach_m(p, [part]) for p in places]))
        for part in zoning.parts(tree)
    }
    overall = zoning.state(tree, states, len(places))
    p = np.where(overall == IN, 1.0, 0.0)
    for row in np.flatnonzero((overall != IN) & (overall != OUT)).tolist():
        settled = zoning.settled(tree, {part: s[row] for part, s in states.items()})
        p[row] = round(_p_beside_border(settled, places[row]), _DECIMALS)
    return p


@lru_cache(maxsize=4_096)
def _p_beside_border(tree: Tree, place: Place) -> float:
    """Closed form where all borders move together, else an even spread of points."""
    undecided = zoning.parts(tree)
    plane = Plane(place.lon_deg, place.lat_deg)
    reach_m = _reach_m(place, undecided)
    regions = {
        part: part.region(plane, reach_m, _tol_m(place, part)) for part in undecided
    }
    if len({part.line for part in undecided}) == 1:
        held = zoning.drawn(tree, regions, window(reach_m))
        return p_of(held, Law.of(place, undecided[0].sd_m))
    return _p_by_lattice(tree, regions, place)


def _p_by_lattice(tree: Tree, regions: dict[Part, BaseGeometry], place: Place) -> float:
    """Share of evenly spread places and line shifts for which the place is inside.

    The shift of each line is common to all its parts. Error below 0.005.
    """
    shifts_m = {part.line: part.sd_m for part in regions if part.line}
    normal = lattice(2 + 2 * len(shifts_m))
    spots = Law.of(place).spread(normal[:, :2])
    moved = {"": spots}
    for at, (line, sd_m) in enumerate(sorted(shifts_m.items()), start=1):
        moved[line] = spots - sd_m * normal[:, 2 * at : 2 * at + 2]
    inside = {
        part: shapely.contains_xy(region, moved[part.line])
        for part, region in regions.items()
    }
    return float(np.count_nonzero(zoning.flags(tree, inside, len(spots)))) / len(spots)


def _tol_m(place: Place, part: Part) -> float:
    """How flat the part's border must be drawn for this place."""
    return max(_TOL_RATIO * Law.of(place, part.sd_m).minor_m, _LEAST_TOL_M)


def _reach_m(place: Place, parts: Iterable[Part]) -> float:
    """How far from its centre the place, or a line beside it, can be."""
    largest_m = max((part.sd_m for part in parts), default=0.0)
    return _REACH_SIGMAS * Law.of(place, largest_m).major_m

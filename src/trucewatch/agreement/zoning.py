"""Zones taken apart into bordered parts, and put together again in three ways.

A zone is a tree of all, any and not over parts with one border each. The same tree is
worked out over states (inside, outside, undecided), over polygons, and over flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import assert_never

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.agreement.drawn import (
    IN,
    OUT,
    Flags,
    Part,
    States,
    band_part,
    disc_part,
    polygon_part,
    side_part,
)
from trucewatch.agreement.geometry import (
    AllOf,
    AnyOf,
    Disc,
    Everywhere,
    Except,
    Line,
    NearLine,
    NearSites,
    Polygon,
    Shape,
    SideOf,
)
from trucewatch.agreement.terms import Agreement
from trucewatch.errors import AgreementError


@dataclass(frozen=True, slots=True)
class Every:
    """What all branches hold; with no branches, everything."""

    branches: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """What any branch holds; with no branches, nothing."""

    branches: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the branch does not hold."""

    branch: Tree


Tree = Every | Some | Not | Part


@lru_cache(maxsize=16)
def tree_of_any(agreement: Agreement, zones: tuple[str, ...]) -> Tree:
    """What lies in any of the zones; no zones mean everywhere.

    Raises:
        AgreementError: if a zone, line, side or list of sites does not exist.
    """
    if not zones:
        return Every(())
    return Some(tuple(_tree_of(agreement, zone, ()) for zone in zones))


@lru_cache(maxsize=16)
def tree_of_sites(agreement: Agreement, sites: str, within_m: float) -> Tree:
    """What lies within a distance of any site on the list, beyond its extent.

    Raises:
        AgreementError: if no site stands on the list.
    """
    found = [site for site in agreement.sites if sites in site.lists]
    if not found:
        msg = f"no declared site stands on the list {sites!r}"
        raise AgreementError(msg)
    return Some(
        tuple(disc_part(s.lon_deg, s.lat_deg, s.radius_m + within_m) for s in found)
    )


def line_of(agreement: Agreement, line: str) -> Line:
    """The line of that id.

    Raises:
        AgreementError: if there is none.
    """
    for one in agreement.lines:
        if one.id == line:
            return one
    known = ", ".join(one.id for one in agreement.lines) or "none"
    msg = f"there is no line {line!r}; known: {known}"
    raise AgreementError(msg)


def parts(tree: Tree) -> list[Part]:
    """Every part of the tree once, in the order drawn."""
    match tree:
        case Every() | Some():
            found = [part for branch in tree.branches for part in parts(branch)]
            return list(dict.fromkeys(found))
        case Not():
            return parts(tree.branch)
        case _:
            return [tree]


def state(tree: Tree, states: Mapping[Part, States], places: int) -> States:
    """Whether each place is ``IN`` or ``OUT`` for sure (three-valued logic)."""
    match tree:
        case Every():
            found = (state(branch, states, places) for branch in tree.branches)
            return reduce(np.minimum, found, np.full(places, IN))
        case Some():
            found = (state(branch, states, places) for branch in tree.branches)
            return reduce(np.maximum, found, np.full(places, OUT))
        case Not():
            return -state(tree.branch, states, places)
        case _:
            return states[tree]


def settled(tree: Tree, states: Mapping[Part, np.int8]) -> Tree:
    """The tree with every branch that is decided at one place cut off."""
    each = {part: np.array([one]) for part, one in states.items()}
    match state(tree, each, 1)[0]:
        case 1:
            return Every(())
        case -1:
            return Some(())
    match tree:
        case Every() | Some():
            kept = tuple(settled(branch, states) for branch in tree.branches)
            return type(tree)(kept)
        case Not():
            return Not(settled(tree.branch, states))
        case _:
            return tree


def drawn(
    tree: Tree, regions: Mapping[Part, BaseGeometry], around: shapely.Polygon
) -> BaseGeometry:
    """The tree as polygons within a window that every region fills alike."""
    match tree:
        case Every():
            found = [drawn(branch, regions, around) for branch in tree.branches]
            return shapely.intersection_all([around, *found])
        case Some():
            found = [drawn(branch, regions, around) for branch in tree.branches]
            return shapely.union_all(found)
        case Not():
            return shapely.difference(around, drawn(tree.branch, regions, around))
        case _:
            return regions[tree]


def flags(tree: Tree, inside: Mapping[Part, Flags], points: int) -> Flags:
    """Whether each point is inside, given whether it is inside each part."""
    match tree:
        case Every():
            found = (flags(branch, inside, points) for branch in tree.branches)
            return reduce(np.logical_and, found, np.ones(points, dtype=np.bool_))
        case Some():
            found = (flags(branch, inside, points) for branch in tree.branches)
            return reduce(np.logical_or, found, np.zeros(points, dtype=np.bool_))
        case Not():
            return ~flags(tree.branch, inside, points)
        case _:
            return inside[tree]


def _tree_of(agreement: Agreement, zone: str, above: tuple[str, ...]) -> Tree:
    found = [one for one in agreement.zones if one.id == zone]
    if not found:
        known = ", ".join(one.id for one in agreement.zones) or "none"
        msg = f"there is no zone {zone!r}; known: {known}"
        raise AgreementError(msg)
    if zone in above:
        msg = f"zone {zone!r} is made of itself: {' > '.join((*above, zone))}"
        raise AgreementError(msg)
    return _tree(agreement, found[0].shape, (*above, zone))


def _tree(agreement: Agreement, shape: Shape, above: tuple[str, ...]) -> Tree:
    tree: Tree
    match shape:
        case Everywhere():
            tree = Every(())
        case Polygon():
            tree = polygon_part(shape)
        case Disc():
            tree = disc_part(shape.lon_deg, shape.lat_deg, shape.radius_m)
        case NearLine() | SideOf():
            tree = _beside(agreement, shape)
        case NearSites():
            tree = tree_of_sites(agreement, shape.sites, shape.within_m)
        case AllOf() | AnyOf() | Except():
            tree = _combined(agreement, shape, above)
        case _:
            assert_never(shape)
    return tree


def _combined(
    agreement: Agreement, shape: AllOf | AnyOf | Except, above: tuple[str, ...]
) -> Tree:
    if isinstance(shape, Except):
        less = tuple(_tree_of(agreement, zone, above) for zone in shape.without)
        return Every((_tree_of(agreement, shape.zone, above), Not(Some(less))))
    inner = tuple(_tree_of(agreement, zone, above) for zone in shape.zones)
    return Every(inner) if isinstance(shape, AllOf) else Some(inner)


def _beside(agreement: Agreement, shape: NearLine | SideOf) -> Tree:
    line = line_of(agreement, shape.line)
    held = [side.held for side in line.sides if side.party == shape.side]
    if shape.side and not held:
        msg = f"line {line.id!r} has no side of {shape.side!r}"
        raise AgreementError(msg)
    sides = tuple(side_part(line, one) for one in held[:1])
    if isinstance(shape, SideOf):
        return Every(sides)
    return Every((band_part(line, shape.within_m), *sides))

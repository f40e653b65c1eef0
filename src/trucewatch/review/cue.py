"""What to look at next: the looks that would settle most.

A look is worth what it can settle. An incident nobody is sure of is worth its entropy
in bits, times how grave it would be; it lies where its ellipse says. Ground on which
little would be noticed is worth a share of ``blind_bits``, by its area and the chance
of noticing that it lacks. A cue names where an *observer* should look, cell by cell;
it never says where anybody else is.

Source: expected reduction of weighted entropy, bounded from above by its submodular
form (MODEL §7; Krause and Guestrin 2005).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from trucewatch.agreement.chance import Law, lattice
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.grid import Grid
from trucewatch.completeness.response import response_of
from trucewatch.place import Place
from trucewatch.review.choice import Looks, Plan, chosen

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_POINTS = 256  # that stand for an incident's ellipse
# Chance that a look at the right ground settles whether an incident was, by what it
# left: craters, damage, witnesses. Expert judgement, not fitted.
SETTLES: Mapping[str, float] = MappingProxyType({
    "patrol": 0.8,
    "observer": 0.5,
    "drone": 0.6,
    "camera": 0.1,
    "sar": 0.3,
    "damage": 0.3,
    "viirs": 0.05,
    "modis": 0.02,
})


@dataclass(frozen=True, slots=True)
class Asset:
    """Who could look, and how.

    Attributes:
        procedure: a family with a response model.
        at_m: where it stands in the grid's plane; ``reach_m`` how far it goes, and
            ``sight_m`` how far it sees from where it looks.
        takes_h: of one look.
        looks: how many it can take.
        swaths: ground of looks that are fixed, such as passes, in the grid's plane;
            where there are any the asset goes nowhere else.
    """

    name: str
    procedure: str
    takes_h: float
    looks: int
    at_m: tuple[float, float] = (0.0, 0.0)
    reach_m: float = 0.0
    sight_m: float = 0.0
    swaths: tuple[tuple[str, shapely.Geometry], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """An incident somebody should make sure of.

    Attributes:
        p: that it is a breach; ``severity`` how grave it would be, 1 to 4.
    """

    name: str
    place: Place
    p: float
    severity: int


@dataclass(frozen=True, slots=True)
class Cue:
    """One look to take.

    Attributes:
        lat_deg: middle of the cell to look from, or of the ground of a pass.
        when: of a pass; empty where the observer may choose.
        worth_bits: what it adds to the cues before it.
        settles: incidents it would help to settle, with the bits of each.
        blind_bits: what it adds by watching ground that is hardly watched.
    """

    asset: str
    procedure: str
    lat_deg: float
    lon_deg: float
    when: str
    takes_h: float
    worth_bits: float
    settles: tuple[tuple[str, float], ...]
    blind_bits: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What is in doubt where.

    Attributes:
        p_noticed: chance of noticing an act, per cell of the grid.
        blind_bits: what it would be worth to see all ground of the grid.
    """

    grid: Grid
    doubts: Sequence[Doubt]
    p_noticed: Reals
    act: Act
    blind_bits: float


def cues(scene: Scene, assets: Sequence[Asset], budget_h: float) -> tuple[Cue, ...]:
    """The looks to take within so many hours, the most valuable first."""
    worth = _worth(scene)
    spots = [one for asset in assets for one in _spots(asset, scene.grid)]
    kept = [one for one in spots if one.cells.size]
    if not kept:
        return ()
    plan = chosen(worth.weight, _looks(kept, assets, worth, scene), budget_h)
    return tuple(_told(plan, scene, worth, kept))


def entropy_bits(p: float) -> float:
    """What it is worth to be sure of a thing of this probability, in bits."""
    return sum(-q * log2(q) for q in (p, 1.0 - p) if q > 0)


@dataclass(frozen=True, slots=True)
class _Worth:
    """Things in doubt: incidents cell by cell, then the ground cell by cell.

    Attributes:
        doubt: row of the incident, -1 for ground.
    """

    weight: Reals
    cell: Whole
    doubt: Whole


def _worth(scene: Scene) -> _Worth:
    grid, parts = scene.grid, []
    for row, one in enumerate(scene.doubts):
        cell, share = _lies(one.place, grid)
        parts.append((entropy_bits(one.p) * one.severity * share, cell, row))
    ground = np.arange(grid.x_m.size)
    blind = scene.blind_bits * (1.0 - scene.p_noticed) / max(grid.x_m.size, 1)
    parts.append((blind, ground, -1))
    return _Worth(
        weight=np.concatenate([weight for weight, _, _ in parts]),
        cell=np.concatenate([cell for _, cell, _ in parts]),
        doubt=np.concatenate([np.full(cell.size, row) for _, cell, row in parts]),
    )


def _lies(place: Place, grid: Grid) -> tuple[Whole, Reals]:
    """Cells an incident may lie in, and the share of its ellipse in each."""
    here = Plane(place.lon_deg, place.lat_deg)
    points = Law.of(place).spread(lattice(2, _POINTS))
    spots = grid.plane.project(here.unproject(points))
    away, cell = cKDTree(np.column_stack([grid.x_m, grid.y_m])).query(spots)
    inside = np.asarray(away) <= grid.side_m  # beyond, nobody was asked to watch
    cells, times = np.unique(np.asarray(cell)[inside], return_counts=True)
    return cells.astype(np.int64), times / _POINTS


@dataclass(frozen=True, slots=True)
class _Spot:
    """One possible look: whose, from where, and which cells it holds."""

    asset: Asset
    middle_m: tuple[float, float]
    when: str
    cells: Whole


def _spots(asset: Asset, grid: Grid) -> Iterator[_Spot]:
    middles = np.column_stack([grid.x_m, grid.y_m])
    if asset.swaths:
        points = np.asarray(shapely.points(middles))
        for when, ground in asset.swaths:
            held = np.flatnonzero(shapely.contains(ground, points))
            centre = middles[held].mean(0) if held.size else np.zeros(2)
            yield _Spot(asset, (float(centre[0]), float(centre[1])), when, held)
        return
    tree = cKDTree(middles)
    for cell in sorted(tree.query_ball_point(asset.at_m, asset.reach_m)):
        held = np.array(sorted(tree.query_ball_point(middles[cell], asset.sight_m)))
        spot = (float(middles[cell, 0]), float(middles[cell, 1]))
        yield _Spot(asset, spot, "", held.astype(np.int64))


def _looks(
    spots: Sequence[_Spot], assets: Sequence[Asset], worth: _Worth, scene: Scene
) -> Looks:
    """All possible looks, with what each shows of the things in doubt."""
    order = np.argsort(worth.cell, kind="stable")
    first_of = np.searchsorted(worth.cell[order], np.arange(scene.grid.x_m.size + 1))
    cells, chances, first = [], [], [0]
    for spot in spots:
        ranges = [order[first_of[c] : first_of[c + 1]] for c in spot.cells.tolist()]
        shown = np.concatenate(ranges)
        settles, notices = _chances(spot.asset.procedure, scene.act)
        cells.append(shown)
        chances.append(np.where(worth.doubt[shown] >= 0, settles, notices))
        first.append(first[-1] + shown.size)
    row = {asset.name: k for k, asset in enumerate(assets)}
    return Looks(
        first=np.array(first),
        cell=np.concatenate(cells),
        p=np.concatenate(chances),
        cost_h=np.array([spot.asset.takes_h for spot in spots]),
        asset=np.array([row[spot.asset.name] for spot in spots]),
        limit=np.array([asset.looks for asset in assets]),
    )


def _chances(family: str, act: Act) -> tuple[float, float]:
    """That a look settles an incident, and that it notices a new act."""
    response = response_of(family)
    return SETTLES.get(family, 0.0), response.p_notice(act) if response else 0.0


def _told(
    plan: Plan, scene: Scene, worth: _Worth, spots: Sequence[_Spot]
) -> Iterator[Cue]:
    so_far = plan.again(())
    for look in plan.taken:
        part = plan.looks.entries(look)
        shown = plan.looks.cell[part]
        bits = worth.weight[shown] * so_far.missed[shown] * plan.looks.p[part]
        so_far.take(look)
        spot = spots[look]
        (lon_deg, lat_deg) = scene.grid.plane.unproject(np.array([spot.middle_m]))[0]
        of = worth.doubt[shown]
        settles = [
            (scene.doubts[row].name, float(bits[of == row].sum()))
            for row in np.unique(of[of >= 0]).tolist()
        ]
        yield Cue(
            asset=spot.asset.name,
            procedure=spot.asset.procedure,
            lat_deg=round(float(lat_deg), 3),
            lon_deg=round(float(lon_deg), 3),
            when=spot.when,
            takes_h=spot.asset.takes_h,
            worth_bits=float(bits.sum()),
            settles=tuple(sorted(settles, key=lambda one: (-one[1], one[0]))),
            blind_bits=float(bits[of < 0].sum()),
        )

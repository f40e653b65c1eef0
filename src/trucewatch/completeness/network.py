"""What a network notices when several of its nodes must notice it together.

A node of such a network places nothing by itself. The chance that at least so many do
is Poisson-binomial in the nodes that listened (Wang 1993), averaged over what all of
them share: wind and air of the hour and the size of the act are one for every node, so
that they miss together. Where no node's stated range reaches, less is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition
from trucewatch.completeness.look import looked
from trucewatch.completeness.response import Network, family_of, network_of
from trucewatch.period import Period

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_AT_ONCE = 1_024  # points; all at once would need gigabytes on a fine grid
_NEAREST = 48  # nodes asked per point; leaving out more can only state too little


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of one network, and the share of each hour in which they listened.

    Attributes:
        spots_m: in a plane, shape (n, 2); ``range_m`` of footprints, shape (n,).
        share_ratio: shape (hours, n).
    """

    spots_m: Reals
    range_m: Reals
    share_ratio: Reals
    response: Network


def nodes_of(
    acquisitions: Sequence[Acquisition], plane: Plane, period: Period, step_s: float
) -> tuple[Nodes, ...]:
    """The networks among the acquisitions, by family and independence key.

    Looks of families whose members notice by themselves are left aside. The last step
    may be cut short by the end of the period.
    """
    told = [one for one in acquisitions if looked(one) and one.time.overlaps(period)]
    told = [one for one in told if network_of(family_of(one.procedure))]
    told.sort(key=lambda one: (*_network(one), one.procedure, one.id))
    parts = groupby(told, _network)
    made = []
    for (family, _), some in parts:
        response = network_of(family)
        if response is not None:
            made.append(_nodes(list(some), response, plane, (period, step_s)))
    return tuple(made)


def _network(one: Acquisition) -> tuple[str, str]:
    """Family and network; a key may name the node behind it: ``acoustic:north/n12``."""
    return family_of(one.procedure), one.independence.partition("/")[0]


def _nodes(
    some: list[Acquisition],
    response: Network,
    plane: Plane,
    steps: tuple[Period, float],
) -> Nodes:
    """Looks of one procedure and footprint are one node and share its steps."""
    period, step_s = steps
    each = dict.fromkeys((one.procedure, one.footprint) for one in some)
    unique = {one: k for k, one in enumerate(each)}
    share = np.zeros((max(1, ceil(period.duration_s / step_s)), len(unique)))
    for one in some:
        begin = max((one.time.begin - period.begin).total_seconds(), 0.0)
        end = (min(one.time.end, period.end) - period.begin).total_seconds()
        for k in range(int(begin // step_s), min(ceil(end / step_s), len(share))):
            upto = min((k + 1) * step_s, period.duration_s)
            heard = min(end, upto) - max(begin, k * step_s)
            part = one.p_clear * heard / (upto - k * step_s)
            share[k, unique[one.procedure, one.footprint]] += part
    lon, lat, range_m = np.array([_spot(one) for _, one in unique]).T
    spots = plane.project(np.column_stack([lon, lat]))
    return Nodes(spots, range_m, np.minimum(share, 1.0), response)


@lru_cache(maxsize=16_384)
def _spot(footprint: Polygon) -> tuple[float, float, float]:
    """Middle of a node's footprint in degrees, and its farthest corner in metres."""
    middle = shapely.Polygon(footprint.outer).centroid
    ring = Plane(middle.x, middle.y).project(np.array(footprint.outer))
    return middle.x, middle.y, float(np.sqrt((ring**2).sum(1).max()))


def p_together(
    nodes: Nodes, spots_m: Reals, act: Act, charge_kg: float | None = None
) -> Reals:
    """Chance that enough nodes notice an act, per point and step, shape (m, hours)."""
    response = nodes.response
    least = response.LEAST_NODES
    found = np.zeros((len(spots_m), len(nodes.share_ratio)))
    usual_db = response.level_db(act, charge_kg)
    if len(nodes.spots_m) < least or usual_db == -np.inf:
        return found
    away, near = _nearest(nodes, spots_m)
    within = np.any(away <= nodes.range_m[near], axis=1, keepdims=True)
    level_db = usual_db - np.where(within, 0.0, response.BEYOND_DB)
    times = response.rounds(act)
    shares, hour = np.unique(nodes.share_ratio, axis=0, return_inverse=True)
    hour = hour.reshape(-1)
    shared = response.shared_db(charge_kg)
    shifts_db = np.array([shift_db for shift_db, _ in shared])[:, None, None]
    for begin in range(0, len(spots_m), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        each = response.p_heard(level_db[some] + shifts_db, away[some])
        for k, share in enumerate(shares):
            p = p_at_least(least, each * share[near[some]])
            for row, (_, weight) in zip(p, shared, strict=True):
                once = weight * (1.0 - (1.0 - row) ** times)
                found[some, hour == k] += once[:, None]
    return np.clip(found, 0.0, 1.0)


def listened(nodes: Nodes, spots_m: Reals) -> Reals:
    """Share of each step in which a node listened whose range holds the point."""
    away, near = _nearest(nodes, spots_m)
    within = away <= nodes.range_m[near]
    return np.array([
        np.where(within, share[near], 0.0).max(1) for share in nodes.share_ratio
    ]).T


def p_at_least(least: int, p: Reals) -> Reals:
    """Chance that at least so many of independent trials succeed.

    Args:
        least: how many, one or more.
        p: of each trial, shape (…, trials); the result has shape (…).

    Source: the Poisson-binomial law by its recursion.
    """
    fewer = np.zeros((least, *p.shape[:-1]))
    fewer[0] = 1.0
    for one in np.ascontiguousarray(np.moveaxis(p, -1, 0)):
        succeeds = fewer[:-1] * one
        fewer *= 1.0 - one
        fewer[1:] += succeeds
    enough: Reals = 1.0 - np.sum(fewer, axis=0)
    return np.where((p > 0).sum(-1) < least, 0.0, enough)


def _nearest(nodes: Nodes, spots_m: Reals) -> tuple[Reals, Whole]:
    """Distance and number of the nearest nodes of each point, shape (m, k)."""
    k = min(_NEAREST, len(nodes.spots_m))
    away, near = cKDTree(nodes.spots_m).query(spots_m, k=np.arange(1, k + 1))
    return np.asarray(away, np.float64), np.asarray(near, np.int64)

"""What the silence of each procedure may claim, for each sector, period and act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, fsum, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from trucewatch.agreement.chance import Law, lattice
from trucewatch.agreement.drawn import Inside
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Agreement
from trucewatch.collect.columnar import rows_in
from trucewatch.collect.nodes import HEARTBEATS
from trucewatch.collect.observation import Acquisition, Observation, Outcome
from trucewatch.collect.pixels import HISTORY
from trucewatch.collect.source import Columns
from trucewatch.completeness.coverage import Coverage, Watch
from trucewatch.completeness.grid import HOUR_S, drawn, grid_of
from trucewatch.completeness.ground import Sector, Tile, sector, tiles
from trucewatch.completeness.look import Look, answered, lasting, looked, looks
from trucewatch.completeness.network import listened, nodes_of, p_together
from trucewatch.completeness.response import family_of, network_of
from trucewatch.period import Period
from trucewatch.place import Place

Reals = NDArray[np.float64]
WATCHED_RATIO = 0.99  # of area-hours from which a sector counts as watched
_SECTOR_POINTS = 1_024
_PLACE_POINTS = 1_024  # that stand for a place's ellipse; error below 0.01


def p_detect(
    acquisitions: Sequence[Acquisition],
    place: Place,
    time: Period,
    act: Act,
    charge_kg: float | None = None,
) -> float:
    """The chance that any of the looks would have noticed one act there and then.

    The act is normal about the place and uniform over the time; its charge is in kg of
    TNT, ``None`` for what is usual. Looks of one independence key in the same clock
    hour can fail together: only the best counts, but for nodes that must notice
    together. A failure adds nothing, nor does a family without a response model.
    """
    found = looks(acquisitions, act, charge_kg)
    found = tuple(one for one in found if one.p > 0 and one.answers.overlaps(time))
    plane = Plane(place.lon_deg, place.lat_deg)
    networks = nodes_of(acquisitions, plane, time, time.duration_s)
    if not found and not networks:
        return 0.0
    spots = Law.of(place).spread(lattice(2, _PLACE_POINTS))
    missed = np.ones(len(spots))
    fell = _sets(found, plane.unproject(spots))
    each = answered(found, [which for _, which in fell], time)
    for (share, _), (_, noticed) in zip(fell, each, strict=True):
        missed[share] -= noticed
    for nodes in networks:
        missed *= 1.0 - p_together(nodes, spots, act, charge_kg)[:, 0]
    return min(max(1.0 - fsum(missed.tolist()) / len(missed), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Given:
    """What was delivered: only ``acquisitions`` say where anybody looked."""

    acquisitions: Sequence[Acquisition]
    observations: Sequence[Observation] = ()
    columns: Sequence[Columns] = ()

    def looks_of(self, family: str) -> list[Acquisition]:
        """The looks of one family of procedures."""
        return [one for one in self.acquisitions if family_of(one.procedure) == family]

    def told_by(self, family: str, period: Period) -> int:
        """How much one family observed in a period, rows of tables included."""
        told = sum(
            one.phenomenon_time.overlaps(period)
            for one in self.observations
            if family_of(one.procedure) == family
        )
        tables = (c for c in self.columns if family_of(c.table.procedure) == family)
        begin_ns, end_ns = (
            int(one.timestamp()) * 1_000_000_000 for one in (period.begin, period.end)
        )
        return told + sum(
            rows_in(one, begin_ns, end_ns)
            for one in tables
            if one.table.schema not in (HEARTBEATS, HISTORY)
        )


def cover(
    given: Given,
    agreement: Agreement,
    sectors: tuple[str, ...],
    watched: tuple[Period, ...],
    procedures: tuple[str, ...],
) -> tuple[Coverage, ...]:
    """One record per sector, period, procedure family and act the terms prohibit.

    Only acquisitions permit a claim: a procedure that merely delivered observations,
    or rows of a table, cannot speak about silence. An empty sector stands for all
    ground the terms speak of. Records follow the order of the arguments.

    Raises:
        AgreementError: if a sector is no zone of the agreement.
    """
    acts = prohibited(agreement)
    return tuple(
        record
        for zone in sectors
        for period in watched
        for family in procedures
        for record in _records(
            _Watching(zone, period, family, sector(agreement, zone)),
            given.looks_of(family),
            given.told_by(family, period),
            acts,
        )
    )


def prohibited(agreement: Agreement) -> tuple[Act, ...]:
    """Every act a clause prohibits under any reading; any attack where none does."""
    changes = [change for reading in agreement.readings for change in reading.changes]
    named = {act for clause in agreement.clauses for act in clause.prohibits}
    named |= {act for change in changes for act in change.prohibits or ()}
    return tuple(act for act in Act if act in named) or (Act.ATTACK,)


@dataclass(frozen=True, slots=True)
class _Watching:
    zone: str
    period: Period
    family: str
    ground: Sector | None


def _records(
    where: _Watching,
    acquisitions: Sequence[Acquisition],
    told: int,
    acts: tuple[Act, ...],
) -> Iterable[Coverage]:
    near = _in_time(acquisitions, where.period, acts)
    able = tuple(one for one in near if looked(one))
    ask = _of_network if network_of(where.family) else _of_looks
    here, chances = ask(where, able, acts)
    for act, (ratio, p) in zip(acts, chances, strict=True):
        yield Coverage(
            sector=where.zone,
            procedure=where.family,
            period=where.period,
            act=act,
            watch=_watch(ratio, near, told),
            p_detect=p,
            watched_ratio=ratio,
            acquisitions=len(here),
            observations=told,
            derived_from=tuple(sorted(able[i].id for i in here)),
        )


_Answer = tuple[set[int], list[tuple[float, float]]]


def _of_looks(
    where: _Watching, able: Sequence[Acquisition], acts: Sequence[Act]
) -> _Answer:
    """Which looks fell on the sector; share answered for and chance, per act."""
    parts = tiles(where.ground, [one.footprint for one in able]) if where.ground else ()
    here = {i for part in parts for i in part.looks}
    told: dict[tuple[Look, ...], tuple[float, float]] = {}  # acts are often seen alike
    each = [looks(able, act) for act in acts]
    for found in each:
        if found not in told:
            told[found] = _answered_over(parts, found, where.period)
    return here, [told[found] for found in each]


def _of_network(
    where: _Watching, able: Sequence[Acquisition], acts: Sequence[Act]
) -> _Answer:
    """The same of nodes that notice together, on points strewn over the sector."""
    spots = _strewn(where.ground)
    if where.ground is None or not len(spots):
        return set(), [(0.0, 0.0)] * len(acts)
    networks = nodes_of(able, where.ground.plane, where.period, HOUR_S)
    hours_s = np.full(ceil(where.period.duration_s / HOUR_S), HOUR_S)
    hours_s[-1] = where.period.duration_s - HOUR_S * (len(hours_s) - 1)
    heard, missed = np.zeros(1), np.ones((len(acts), 1, 1))
    for nodes in networks:
        heard = np.maximum(heard, listened(nodes, spots))
        missed = missed * [1.0 - p_together(nodes, spots, act) for act in acts]
    ratio = _mean(heard, hours_s) if networks else 0.0
    chances = [_mean(1.0 - one, hours_s) if networks else 0.0 for one in missed]
    shapes = np.array([drawn(one.footprint, where.ground.plane) for one in able])
    here = set(
        np.flatnonzero(shapely.intersects(shapes, where.ground.outline)).tolist()
    )
    return here, [(ratio, p) for p in chances]


def _strewn(ground: Sector | None) -> Reals:
    """About a thousand points on a square lattice over a sector, shape (n, 2)."""
    if ground is None or ground.outline.is_empty:
        return np.empty((0, 2))
    cells = grid_of(ground, sqrt(ground.outline.area / _SECTOR_POINTS))
    return np.column_stack([cells.x_m, cells.y_m])


def _mean(each: Reals, hours_s: Reals) -> float:
    """Mean over points and, by their lengths, over hours; from 0 to 1."""
    found = fsum((each.mean(0) * hours_s).tolist()) / fsum(hours_s.tolist())
    return min(max(round(found, 6), 0.0), 1.0)


def _in_time(
    acquisitions: Sequence[Acquisition], period: Period, acts: tuple[Act, ...]
) -> tuple[Acquisition, ...]:
    """Looks in the period, and later ones that can still show what was in it."""
    found = []
    for one in acquisitions:
        back = max((lasting(one, act) for act in acts), default=timedelta(0))
        if Period(one.time.begin - back, one.time.end).overlaps(period):
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.time.begin, one.id)))


def _answered_over(
    parts: tuple[Tile, ...], found: tuple[Look, ...], period: Period
) -> tuple[float, float]:
    """Share of area-hours answered for, and chance of noticing, over a sector."""
    each = answered(found, [part.looks for part in parts], period)
    shares = [part.area_ratio for part in parts]
    ratio = fsum(s * seen for s, (seen, _) in zip(shares, each, strict=True))
    p = fsum(s * noticed for s, (_, noticed) in zip(shares, each, strict=True))
    return min(ratio, 1.0), min(p, 1.0)


def _watch(ratio: float, near: tuple[Acquisition, ...], told: int) -> Watch:
    if ratio >= WATCHED_RATIO:
        return Watch.WATCHED
    if ratio > 0:
        return Watch.PARTLY
    if near and all(one.outcome is Outcome.FAILURE for one in near):
        return Watch.FAILED
    return Watch.NOT_WATCHED if near or told else Watch.NO_DELIVERY


def _sets(
    found: Sequence[Look], spots_deg: Reals
) -> list[tuple[NDArray[np.bool_], tuple[int, ...]]]:
    """Which points each set of looks fell on, and the set."""
    if not found:
        return []
    member = np.array([Inside((one.footprint,)).holds(spots_deg) for one in found]).T
    sets, of = np.unique(member, axis=0, return_inverse=True)
    of = of.reshape(-1)
    each = [tuple(np.flatnonzero(row).tolist()) for row in sets]
    return [(of == k, which) for k, which in enumerate(each) if which]

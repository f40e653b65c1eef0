"""What the silence of each procedure may claim, for each sector, period and act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import fsum

import numpy as np

from trucewatch.agreement.chance import Law, lattice
from trucewatch.agreement.drawn import Inside
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Agreement
from trucewatch.collect.columnar import rows_in
from trucewatch.collect.nodes import HEARTBEATS
from trucewatch.collect.observation import Acquisition, Observation, Outcome
from trucewatch.collect.source import Columns
from trucewatch.completeness.coverage import Coverage, Watch
from trucewatch.completeness.ground import Sector, Tile, sector, tiles
from trucewatch.completeness.look import Look, answered, lasting, looked, looks
from trucewatch.completeness.response import family_of
from trucewatch.period import Period
from trucewatch.place import Place

WATCHED_RATIO = 0.99  # of area-hours from which a sector counts as watched
_PLACE_POINTS = 1_024  # that stand for a place's ellipse; error below 0.01


def p_detect(
    acquisitions: Sequence[Acquisition], place: Place, time: Period, act: Act
) -> float:
    """The chance that any of the looks would have noticed one act there and then.

    The act is normal about the place and uniform over the time. Looks of one
    independence key in the same clock hour can fail together: only the best counts.
    A failure adds nothing, nor does a family without a response model.
    """
    found = [one for one in looks(acquisitions, act) if one.answers.overlaps(time)]
    shares = _shares(found, place)
    p = fsum(
        share * answered([found[i] for i in which], time)[1] for share, which in shares
    )
    return min(max(p, 0.0), 1.0)


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
            if one.table.schema != HEARTBEATS
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
    parts = tiles(where.ground, [one.footprint for one in able]) if where.ground else ()
    here = {i for part in parts for i in part.looks}
    for act in acts:
        ratio, p = _answered_over(parts, looks(able, act), where.period)
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
    each = [
        (part.area_ratio, answered([found[i] for i in part.looks], period))
        for part in parts
    ]
    ratio = fsum(share * seen for share, (seen, _) in each)
    p = fsum(share * noticed for share, (_, noticed) in each)
    return min(ratio, 1.0), min(p, 1.0)


def _watch(ratio: float, near: tuple[Acquisition, ...], told: int) -> Watch:
    if ratio >= WATCHED_RATIO:
        return Watch.WATCHED
    if ratio > 0:
        return Watch.PARTLY
    if near and all(one.outcome is Outcome.FAILURE for one in near):
        return Watch.FAILED
    return Watch.NOT_WATCHED if near or told else Watch.NO_DELIVERY


def _shares(found: Sequence[Look], place: Place) -> list[tuple[float, tuple[int, ...]]]:
    """How much of a place's ellipse each set of looks fell on."""
    if not found:
        return []
    normal = lattice(2, _PLACE_POINTS)
    plane = Plane(place.lon_deg, place.lat_deg)
    spots = plane.unproject(Law.of(place).spread(normal))
    member = np.array([Inside((one.footprint,)).holds(spots) for one in found]).T
    sets = Counter(tuple(np.flatnonzero(row).tolist()) for row in member)
    return [(count / _PLACE_POINTS, which) for which, count in sorted(sets.items())]

"""The map of what could have been noticed on one day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import mapping

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Agreement, version_at
from trucewatch.collect.observation import Acquisition
from trucewatch.completeness.contour import (
    LADDER_KG,
    P_NOTICED,
    contours,
    smallest_kg,
)
from trucewatch.completeness.cover import prohibited
from trucewatch.completeness.grid import Grid, grid_of, survey
from trucewatch.completeness.ground import sector
from trucewatch.completeness.look import lasting
from trucewatch.completeness.lost import Lost, lost
from trucewatch.completeness.response import family_of
from trucewatch.errors import MissionError
from trucewatch.period import Period
from trucewatch.store.reader import view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.mission import local_day
from trucewatch.watch.plan import Plan
from trucewatch.watch.run import KINDS

Reals = NDArray[np.float64]
LEVELS = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which map.

    Attributes:
        zone: empty for all ground the terms speak of.
        side_m: of a cell.
        charge_kg: of TNT; ``None`` for what is usual for the act.
        sizes: whether to ask how small an act may be.
    """

    day: date
    act: str
    zone: str
    side_m: float
    charge_kg: float | None = None
    sizes: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map of one day.

    Attributes:
        p: chance of noticing by family, each of shape (cells, hours); ``all`` joint.
        smallest_kg: charge noticed with 90 %, per cell; empty where it was not asked.
        lost: what failed looks cost.
    """

    grid: Grid
    period: Period
    act: Act
    p: dict[str, Reals]
    smallest_kg: Reals
    lost: tuple[Lost, ...]


def draw_map(what: Path, wanted: Wanted) -> Drawn:
    """What the acquisitions of a run's ledger say of a day.

    Raises:
        MissionError: if no mission has been run, or the terms draw no such ground.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        plans = ledger.records(Plan)
        if not plans:
            msg = f"{ledger.folder} holds no plan; run the mission first"
            raise MissionError(msg)
        looks = ledger.records(Acquisition)
        named = set(plans[-1].derived_from)
        terms = tuple(one for one in ledger.records(Agreement) if one.id in named)
    period = local_day(wanted.day, plans[-1].zone)
    agreement = version_at(terms, period.begin)
    act = _act(wanted.act, agreement)
    ground = sector(agreement, wanted.zone)
    if ground is None or ground.outline.is_empty:
        msg = f"the terms draw no ground with bounds for {wanted.zone or 'everywhere'}"
        raise MissionError(msg)
    try:
        grid = grid_of(ground, wanted.side_m)
    except ValueError as error:
        raise MissionError(str(error)) from error
    if not grid.x_m.size:
        msg = f"no middle of a cell of {wanted.side_m:g} m lies in the ground"
        raise MissionError(msg)
    near = _in_reach(looks, act, period)
    return Drawn(
        grid=grid,
        period=period,
        act=act,
        p=_chances(near, act, grid, (period, wanted.charge_kg)),
        smallest_kg=_smallest(near, act, grid, (period, wanted.sizes)),
        lost=lost(near, act, grid, period, agreement),
    )


def _in_reach(
    looks: Sequence[Acquisition], act: Act, period: Period
) -> tuple[Acquisition, ...]:
    """Looks that can show what was in the period."""
    return tuple(
        one
        for one in looks
        if Period(one.time.begin - lasting(one, act), one.time.end).overlaps(period)
    )


def _smallest(
    looks: Sequence[Acquisition], act: Act, grid: Grid, asked: tuple[Period, bool]
) -> Reals:
    period, wanted = asked
    if not wanted:
        return np.empty(0)
    try:
        return smallest_kg(looks, act, grid, period)
    except ValueError as error:
        raise MissionError(str(error)) from error


def _act(name: str, agreement: Agreement) -> Act:
    """The act asked for, or the first the terms prohibit.

    Raises:
        MissionError: if there is no such act.
    """
    if not name:
        return prohibited(agreement)[0]
    try:
        return Act(name)
    except ValueError as error:
        msg = f"no act {name!r}; known: {', '.join(Act)}"
        raise MissionError(msg) from error


def _chances(
    looks: Sequence[Acquisition],
    act: Act,
    grid: Grid,
    asked: tuple[Period, float | None],
) -> dict[str, Reals]:
    period, charge_kg = asked
    families = sorted({family_of(one.procedure) for one in looks})
    found = {
        family: survey(
            [one for one in looks if family_of(one.procedure) == family],
            act,
            grid,
            period,
            charge_kg=charge_kg,
        )
        for family in families
    }
    return {**found, "all": survey(looks, act, grid, period, charge_kg=charge_kg)}


@dataclass(frozen=True, slots=True)
class Row:
    """How well one family watched, over all cells and hours.

    Attributes:
        p_mean: mean chance; the shares are of cell-hours with any chance, with
            0.5 and more, and with 0.9 and more.
    """

    family: str
    p_mean: float
    watched_ratio: float
    half_ratio: float
    most_ratio: float


def rows(drawn: Drawn) -> tuple[Row, ...]:
    """One row a family, and one for all jointly."""
    return tuple(
        Row(
            family,
            round(float(p.mean()), 4),
            round(float((p > 0).mean()), 4),
            *(round(float((p >= level).mean()), 4) for level in LEVELS),
        )
        for family, p in drawn.p.items()
    )


def write_map(drawn: Drawn, out: Path) -> None:
    """A GeoJSON polygon per cell: mean and least chance of the day, hours watched.

    Raises:
        OSError: if the file cannot be written.
    """
    corners = drawn.grid.corners_deg().round(6)
    closed = np.concatenate([corners, corners[:, :1]], axis=1).tolist()
    joint = drawn.p["all"]
    columns: dict[str, list[float | None]] = {
        f"p_{family}": p.mean(1).round(4).tolist() for family, p in drawn.p.items()
    }
    columns["p_least"] = joint.min(1).round(4).tolist()
    columns["hours_watched"] = (joint > 0).sum(1).tolist()
    if drawn.smallest_kg.size:
        columns["smallest_kg"] = _told(drawn.smallest_kg)
    names = list(columns)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": dict(zip(names, values, strict=True)),
        }
        for ring, *values in zip(closed, *columns.values(), strict=True)
    ]
    body = {
        "type": "FeatureCollection",
        "act": drawn.act.value,
        "begin": drawn.period.begin.isoformat(),
        "end": drawn.period.end.isoformat(),
        "features": features,
    }
    out.write_text(json.dumps(body, separators=(",", ":")) + "\n", "utf-8")


def _told(charges_kg: Reals) -> list[float | None]:
    return [one if isfinite(one) else None for one in charges_kg.tolist()]


def sizes(drawn: Drawn) -> tuple[tuple[float, float], ...]:
    """Per charge in kg, the share of the ground on which 90 % of such are noticed."""
    return tuple(
        (charge_kg, round(float((drawn.smallest_kg <= charge_kg).mean()), 4))
        for charge_kg in LADDER_KG
    )


def write_contours(drawn: Drawn, out: Path) -> None:
    """A GeoJSON MultiPolygon per charge: the ground on which 90 % of it are noticed.

    Raises:
        OSError: if the file cannot be written.
    """
    features = [
        {
            "type": "Feature",
            "geometry": mapping(ground),
            "properties": {"charge_kg": charge_kg, "p_noticed": P_NOTICED},
        }
        for charge_kg, ground in contours(drawn.grid, drawn.smallest_kg)
    ]
    body = {
        "type": "FeatureCollection",
        "act": drawn.act.value,
        "begin": drawn.period.begin.isoformat(),
        "end": drawn.period.end.isoformat(),
        "features": features,
    }
    out.write_text(json.dumps(body, separators=(",", ":")) + "\n", "utf-8")

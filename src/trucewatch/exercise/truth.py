"""What truly happens in an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.planar import Plane
from trucewatch.exercise.dice import away, dice, turned
from trucewatch.exercise.scenario import Scenario
from trucewatch.record import Value

Reals = NDArray[np.float64]
Fields = dict[str, object]  # of a happening, its time as ``at_s``
DAY_S = 86_400.0
SEVERE_DB = 110.0  # from here an attack would be noticed by whoever is near


class Sort(StrEnum):
    """What a true happening is to the terms."""

    BREACH = "breach"
    EXEMPT = "exempt"
    DECOY = "decoy"
    INVENTED = "invented"  # it never was; only words speak of it


@dataclass(frozen=True, slots=True)
class Step(Value):
    """Where something that moves is so long after it began."""

    after_s: float
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Spot(Value):
    """One place its sound comes from, and how long after it began.

    Attributes:
        height_m: above the ground; 0 on it.
    """

    after_s: float
    x_m: float
    y_m: float
    height_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Happening(Value):
    """One true happening, or an invented one.

    Attributes:
        name: ``t0001`` and on, by time.
        what: an act, or the kind of a decoy.
        by: the party that does it; for the invented, the one that is accused.
        time: of its first round; ``rounds`` follow within ``length_s``.
        level_db: source level of a round at 1 km; 0 where it makes no sound.
        burns_s: how long a fire burns that it sets; 0 for none.
        words_of: the party that invented it; empty for what happened.
        scatter_m: how far apart its rounds are, one standard deviation.
        reach_m: how far around it acts, as jamming does; else 0.
        path: where it is in turn, of what moves; first where it was at ``time``.
        spots: where its sound comes from, of what sounds from many places: each clap
            of a thunder; the ground a boom swept, as far as it is watched.
    """

    name: str
    sort: Sort
    what: str
    by: str
    time: datetime
    lat_deg: float
    lon_deg: float
    x_m: float
    y_m: float
    rounds: int
    length_s: float
    level_db: float
    burns_s: float
    words_of: str = ""
    scatter_m: float = 0.0
    reach_m: float = 0.0
    path: tuple[Step, ...] = ()
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and when the exercise plays.

    Attributes:
        plane: flat ground about the middle of the sector.
        line_x_m: corners of the line of contact, with ``line_y_m``.
    """

    scenario: Scenario
    begin: datetime
    plane: Plane
    line_x_m: Reals
    line_y_m: Reals

    @property
    def end(self) -> datetime:
        """The end of the last day."""
        return self.begin + timedelta(days=self.scenario.days)

    @property
    def span_s(self) -> float:
        """Length of the exercise."""
        return self.scenario.days * DAY_S

    def line_at(self, x_m: float) -> float:
        """How far north the line runs at an easting, m."""
        return float(np.interp(x_m, self.line_x_m, self.line_y_m))

    def lonlat(self, x_m: Reals, y_m: Reals) -> Reals:
        """Longitude and latitude, shape (n, 2)."""
        return self.plane.unproject(np.column_stack([x_m, y_m]))


def stage_of(scenario: Scenario, seed: int) -> Stage:
    """The ground and the days of an exercise."""
    rng = dice(seed, scenario.scenario, "line")
    ground = scenario.sector
    half = 0.5 * ground.length_m
    x = np.linspace(-half, half, 13)
    wave = 0.15 * ground.depth_m
    _, bend = turned(x / half / 3 + rng.random())
    y = wave * bend + rng.normal(0, wave / 4, 13)
    begin = datetime.fromisoformat(f"{scenario.first}T00:00:00+00:00").astimezone(UTC)
    return Stage(scenario, begin, Plane(ground.lon_deg, ground.lat_deg), x, y)


def places(one: Happening) -> Reals:
    """Places that stand for a happening, none of it farther than 8 km, shape (n, 2)."""
    if one.spots:
        return np.array([(spot.x_m, spot.y_m) for spot in one.spots])
    if one.path:
        return _along(one)
    if one.reach_m:
        grid = np.arange(-one.reach_m, one.reach_m + 10_000.0, 10_000.0)
        x, y = np.meshgrid(grid, grid)
        inside = away(x, y) <= one.reach_m + 8_000.0
        return np.column_stack([one.x_m + x[inside], one.y_m + y[inside]])
    return np.array([[one.x_m, one.y_m]])


def nearest(one: Happening, x_m: float, y_m: float) -> tuple[float, float]:
    """The place of a happening nearest to a place: on its way, or within its reach."""
    if one.spots:
        spots = places(one)
        best = int(np.argmin(away(*(spots - np.array([x_m, y_m])).T)))
        return float(spots[best, 0]), float(spots[best, 1])
    if one.path:
        corners = np.array([(step.x_m, step.y_m) for step in one.path])
        start, along = corners[:-1], np.diff(corners, axis=0)
        square = np.maximum((along**2).sum(axis=1), 1e-9)
        share = ((np.array([x_m, y_m]) - start) * along).sum(axis=1) / square
        found = start + np.clip(share, 0.0, 1.0)[:, None] * along
        best = int(np.argmin(away(*(found - np.array([x_m, y_m])).T)))
        return float(found[best, 0]), float(found[best, 1])
    far = float(away(x_m - one.x_m, y_m - one.y_m))
    share = min(1.0, one.reach_m / far) if far else 0.0
    return one.x_m + share * (x_m - one.x_m), one.y_m + share * (y_m - one.y_m)


def _along(one: Happening) -> Reals:
    """Places along the way, 5 km apart at most."""
    corners = np.array([(step.x_m, step.y_m) for step in one.path])
    found = [corners[:1]]
    for start, end in zip(corners, corners[1:], strict=False):
        count = int(np.ceil(float(away(*(end - start))) / 5_000.0)) or 1
        share = np.arange(1, count + 1)[:, None] / count
        found.append(start + share * (end - start))
    return np.concatenate(found)

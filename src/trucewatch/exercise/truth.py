"""What truly happens in an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.scenario import PARTIES, Scenario, Sector
from trucewatch.record import Value

Reals = NDArray[np.float64]
DAY_S = 86_400.0
ROUNDS = {Act.SHELLING: 6, Act.DRONE_IMPACT: 1, Act.STRIKE: 2}
LEVEL_DB = {Act.SHELLING: 112.0, Act.DRONE_IMPACT: 104.0, Act.STRIKE: 122.0}
LEVEL_SPREAD_DB = 6.0
P_FIRE = {Act.SHELLING: 0.05, Act.DRONE_IMPACT: 0.15, Act.STRIKE: 0.5}
SEVERE_DB = 110.0  # from here an attack would be noticed by whoever is near


class Sort(StrEnum):
    """What a true happening is to the terms."""

    BREACH = "breach"
    EXEMPT = "exempt"
    DECOY = "decoy"
    INVENTED = "invented"  # it never was; only words speak of it


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


def dice(seed: int, scenario: str, stream: str) -> np.random.Generator:
    """Random numbers of one stream; no stream depends on what another one draws.

    Source: Philox, a counter-based generator (Salmon et al. 2011).
    """
    words = [seed, *scenario.encode(), 0, *stream.encode()]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))


def stage_of(scenario: Scenario, seed: int) -> Stage:
    """The ground and the days of an exercise."""
    rng = dice(seed, scenario.scenario, "line")
    ground = scenario.sector
    half = 0.5 * ground.length_m
    x = np.linspace(-half, half, 13)
    wave = 0.15 * ground.depth_m
    y = wave * np.sin(x / half * 2.1 + rng.uniform(0, 6)) + rng.normal(0, wave / 4, 13)
    begin = datetime.fromisoformat(f"{scenario.first}T00:00:00+00:00").astimezone(UTC)
    return Stage(scenario, begin, Plane(ground.lon_deg, ground.lat_deg), x, y)


def happenings(stage: Stage, seed: int) -> tuple[Happening, ...]:
    """All true happenings and all invented ones, by time."""
    scenario = stage.scenario
    made: list[dict[str, object]] = []
    for party in PARTIES:
        rng = dice(seed, scenario.scenario, f"truth {party}")
        doing = scenario.doing(party)
        made += _attacks(stage, party, doing.breaches_per_day, rng)
        made += _demining(stage, party, doing.exempt_per_day, rng)
        invented = _attacks(stage, _other(party), doing.invents_per_day, rng)
        made += [one | {"sort": Sort.INVENTED, "words_of": party} for one in invented]
    made += _decoys(stage, dice(seed, scenario.scenario, "decoys"))
    made.sort(key=lambda one: (one["at_s"], one["x_m"]))
    return tuple(_happening(stage, one, k) for k, one in enumerate(made, 1))


def _other(party: str) -> str:
    return PARTIES[1 - PARTIES.index(party)]


def _happening(stage: Stage, fields: dict[str, object], k: int) -> Happening:
    at_s = fields.pop("at_s")
    x, y = fields["x_m"], fields["y_m"]
    (lonlat,) = stage.lonlat(np.array([x]), np.array([y]))
    return Happening(
        name=f"t{k:05d}",
        time=stage.begin + timedelta(seconds=round(float(str(at_s)), 3)),
        lat_deg=float(lonlat[1]),
        lon_deg=float(lonlat[0]),
        **fields,  # type: ignore[arg-type]
    )


def _times(stage: Stage, per_day: float, rng: np.random.Generator) -> Reals:
    count = rng.poisson(per_day * stage.scenario.days)
    return np.sort(rng.uniform(0, stage.span_s, count))


def _spots(stage: Stage, side: str, n: int, rng: np.random.Generator) -> Reals:
    """Places on the ground of a party, nearer the line more often."""
    ground: Sector = stage.scenario.sector
    x = rng.uniform(-0.48 * ground.length_m, 0.48 * ground.length_m, n)
    deep = np.minimum(rng.exponential(0.3 * ground.depth_m, n), 0.95 * ground.depth_m)
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    return np.column_stack([x, line + deep if side == PARTIES[0] else line - deep])


def _attacks(
    stage: Stage, by: str, per_day: float, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Attacks by one party on the other's ground."""
    times = _times(stage, per_day, rng)
    spots = _spots(stage, _other(by), len(times), rng)
    acts, shares = list(stage.scenario.acts), list(stage.scenario.acts.values())
    drawn = rng.choice(len(acts), len(times), p=np.array(shares) / sum(shares))
    return [
        _sounding(Sort.BREACH, acts[k], by, at, spot, rng)
        for at, spot, k in zip(times, spots, drawn.tolist(), strict=True)
    ]


def _sounding(
    sort: Sort, act: Act, by: str, at: float, spot: Reals, rng: np.random.Generator
) -> dict[str, object]:
    rounds = 1 + int(rng.poisson(ROUNDS.get(act, 1) - 1))
    fire = rng.random() < P_FIRE.get(act, 0.05)
    return {
        "sort": sort,
        "what": act.value,
        "by": by,
        "at_s": float(at),
        "x_m": float(spot[0]),
        "y_m": float(spot[1]),
        "rounds": rounds,
        "length_s": float(rng.exponential(20.0) * (rounds - 1)),
        "level_db": float(rng.normal(LEVEL_DB.get(act, 108.0), LEVEL_SPREAD_DB)),
        "burns_s": float(rng.lognormal(8.2, 0.9)) if fire else 0.0,
    }


def _demining(
    stage: Stage, by: str, per_day: float, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Controlled explosions by day on a party's own ground."""
    times = _times(stage, per_day, rng)
    day = np.floor(times / DAY_S) * DAY_S
    spots = _spots(stage, by, len(times), rng)
    return [
        _sounding(Sort.EXEMPT, Act.EXPLOSION, by, at, spot, rng)
        for at, spot in zip(day + 30_000 + (times - day) / 4, spots, strict=True)
    ]


def _decoys(stage: Stage, rng: np.random.Generator) -> list[dict[str, object]]:
    """Thunder, quarry blasts, farm fires, and works that are hot all the time."""
    decoys, made = stage.scenario.decoys, []
    kinds = (
        ("thunder", decoys.thunder_per_day, 118.0, 0.0),
        ("quarry", decoys.quarry_per_day, 116.0, 0.0),
        ("farm_fire", decoys.farm_fires_per_day, 0.0, 8.8),
    )
    for what, per_day, level, burning in kinds:
        times = _times(stage, per_day, rng)
        sides = rng.choice(PARTIES, len(times))
        for at, side in zip(times, sides.tolist(), strict=True):
            made.append({
                "sort": Sort.DECOY,
                "what": what,
                "by": "",
                "at_s": float(at),
                "x_m": float((spot := _spots(stage, side, 1, rng)[0])[0]),
                "y_m": float(spot[1]),
                "rounds": 1,
                "length_s": 0.0,
                "level_db": float(rng.normal(level, 4.0)) if level else 0.0,
                "burns_s": float(rng.lognormal(burning, 0.5)) if burning else 0.0,
            })
    return made

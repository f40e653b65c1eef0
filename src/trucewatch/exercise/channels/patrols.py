"""Mobile observers: where they looked, and what they saw or heard there."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, hypot

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp, table
from trucewatch.exercise.truth import DAY_S, Happening, Stage, dice

NAME = "patrols"
HEAD = (
    *("record", "observer", "observer_lat", "observer_lon", "range_km", "bearing_deg"),
    *("means", "number", "observation", "begin", "end"),
    *("track", "sight_m", "outcome", "clear_ratio", "reported"),
)
# One standard deviation of a range as a share of it, and of a bearing in degrees.
BY_EAR, BY_EYE = (0.30, 10.0), (0.15, 3.0)
STOPS_M = 1_500.0  # how far a patrol moves in its shift


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of tracks and events."""
    asked = stage.scenario.patrols
    if not asked.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    rows = []
    for day in range(stage.scenario.days):
        for k in range(asked.count):
            rows += _shift(stage, truth, f"patrol-{k + 1}", day, rng)
    forms = Intake("patrol_forms", "patrols.csv", table(HEAD, rows))
    return Delivered((forms,), ("sightings",), ("patrol",))


def _shift(
    stage: Stage,
    truth: Sequence[Happening],
    name: str,
    day: int,
    rng: np.random.Generator,
) -> list[tuple[object, ...]]:
    asked, ground = stage.scenario.patrols, stage.scenario.sector
    length_s = asked.hours_per_day * 3600
    begin = day * DAY_S + rng.uniform(0, DAY_S - length_s)
    x = rng.uniform(-0.45 * ground.length_m, 0.45 * ground.length_m)
    y = stage.line_at(x) + rng.uniform(-0.5, 0.5) * ground.depth_m
    path = np.array([[x, y], [x + STOPS_M, y]])
    lonlat = stage.lonlat(*path.T)
    denied = rng.random() < asked.p_denied or dark(stage, NAME, begin)
    track = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in lonlat.tolist())
    when = (stamp(stage, begin), stamp(stage, begin + length_s))
    seen = [] if denied else _events(stage, truth, name, (begin, path), rng)
    outcome = "denied" if denied else "hit" if seen else "miss"
    look = ("track", name, *[""] * 7, *when, f"LINESTRING ({track})", asked.sight_m)
    return [(*look, outcome, "" if denied else 1.0, ""), *seen]


def _events(
    stage: Stage,
    truth: Sequence[Happening],
    name: str,
    shift: tuple[float, np.ndarray],
    rng: np.random.Generator,
) -> list[tuple[object, ...]]:
    asked = stage.scenario.patrols
    begin, path = shift
    found: list[tuple[object, ...]] = []
    for one in truth:
        at = seconds(stage, one.time)
        if one.words_of or not one.level_db:
            continue
        if not begin <= at < begin + asked.hours_per_day * 3600:
            continue
        gone = (at - begin) / (asked.hours_per_day * 3600)
        own = path[0] + gone * (path[1] - path[0])
        dx, dy = one.x_m - own[0], one.y_m - own[1]
        away = hypot(dx, dy)
        if away > asked.sight_m or rng.random() > asked.p_notices:
            continue
        (lonlat,) = stage.lonlat(*own.reshape(2, 1))
        saw = rng.random() < 0.3
        spread, turn = BY_EYE if saw else BY_EAR
        km = max(0.1, away * (1 + rng.normal(0, spread)) / 1000)
        bearing = (degrees(atan2(dx, dy)) + rng.normal(0, turn)) % 360
        counted = max(1, one.rounds + int(rng.integers(-1, 2)) * (one.rounds > 2))
        found.append((
            *("event", name, f"{lonlat[1]:.6f}", f"{lonlat[0]:.6f}", f"{km:.2f}"),
            *(f"{bearing:.0f}", "saw" if saw else "heard", counted, "explosion"),
            *(stamp(stage, at), stamp(stage, at + one.length_s + 60)),
            *("", "", "", "", stamp(stage, at + 7200)),
        ))
    return found

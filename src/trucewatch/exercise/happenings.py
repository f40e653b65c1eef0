"""All that truly happens in an exercise, and all that is only said, by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from trucewatch.exercise.attacks import attacks, demining, jamming, other, training
from trucewatch.exercise.decoys import decoys
from trucewatch.exercise.dice import away, dice
from trucewatch.exercise.patrols import turned_back
from trucewatch.exercise.routes import FALSE, WATERS_M, Route, routes_of, waters
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import Fields, Happening, Reals, Sort, Stage, Step

STEP_S = 10.0  # between places of a way that are asked
BEND_M = 20.0  # a step is left out that lies so near the way between its neighbours


def happenings(stage: Stage, seed: int) -> tuple[Happening, ...]:
    """All true happenings and all invented ones, by time."""
    scenario = stage.scenario
    made: list[Fields] = []
    for party in PARTIES:
        doing = scenario.doing(party)
        rng = dice(seed, scenario.scenario, f"truth {party}")
        made += attacks(stage, party, doing.breaches_per_day, rng)
        made += demining(stage, party, doing.exempt_per_day, rng)
        invented = attacks(stage, other(party), doing.invents_per_day, rng)
        made += [one | {"sort": Sort.INVENTED, "words_of": party} for one in invented]
        made += training(stage, party, doing.training_per_day, rng)
        made += jamming(stage, party, doing.jams_per_day, rng)
    made += decoys(stage, dice(seed, scenario.scenario, "decoys"))
    for route in routes_of(stage, seed):
        made += _trespass(stage, route)
    made += turned_back(stage, seed)
    made = [one for one in made if 0 <= float(str(one["at_s"])) < stage.span_s]
    made.sort(key=lambda one: (one["at_s"], one["x_m"], one["what"]))
    return tuple(_happening(stage, one, k) for k, one in enumerate(made, 1))


def _happening(stage: Stage, fields: Fields, k: int) -> Happening:
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


def _trespass(stage: Stage, route: Route) -> Iterator[Fields]:
    """Where and when a way led through closed ground; nothing for a lawful one."""
    if not route.what:
        return
    clock = np.arange(route.points[0, 0], route.points[-1, 0], STEP_S)
    x, y, _ = route.at(clock).T
    inside = np.flatnonzero(_closed(stage, route, x, y))
    if not inside.size:
        return
    first, last = int(inside[0]), int(inside[-1])
    begin = float(clock[first])
    some = range(first, last + 1)
    path = [Step(float(clock[k]) - begin, float(x[k]), float(y[k])) for k in some]
    yield {
        "sort": Sort.DECOY if route.what == FALSE else Sort.BREACH,
        "what": route.what,
        "by": route.by,
        "at_s": begin,
        "x_m": float(x[first]),
        "y_m": float(y[first]),
        "rounds": 1,
        "length_s": float(clock[last]) - begin,
        "level_db": 0.0,
        "burns_s": 0.0,
        "path": _straightened(path) if len(path) > 1 else (),
    }


def _closed(stage: Stage, route: Route, x: Reals, y: Reals) -> np.ndarray:
    if route.kind == "vessel":
        x0, y0 = waters(stage)
        return np.asarray(away(x - x0, y - y0) <= WATERS_M)
    ground = stage.scenario.sector
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    near = np.abs(y - line) <= ground.depth_m
    return np.asarray(near & (np.abs(x) <= 0.5 * ground.length_m))


def _straightened(path: Sequence[Step]) -> tuple[Step, ...]:
    """Without steps that lie on the way between those around them."""
    kept = [path[0]]
    for before, here, after in zip(path, path[1:], path[2:], strict=False):
        share = (here.after_s - before.after_s) / (after.after_s - before.after_s)
        x = before.x_m + share * (after.x_m - before.x_m)
        y = before.y_m + share * (after.y_m - before.y_m)
        if float(away(here.x_m - x, here.y_m - y)) > BEND_M:
            kept.append(here)
    return (*kept, path[-1])


def rates_per_day(stage: Stage) -> dict[str, float]:
    """How often each clause is broken on average, by its id."""
    doings = [stage.scenario.doing(party) for party in PARTIES]
    return {
        "no-attack": sum(one.breaches_per_day for one in doings),
        "no-entry": sum(one.entries_per_day for one in doings),
        "no-overflight": sum(
            one.overflights_per_day + one.crossings_per_day for one in doings
        ),
        "no-obstruction": sum(one.jams_per_day for one in doings)
        + sum(one.p_turns_back for one in doings) / 2 * stage.scenario.patrols.count,
    }

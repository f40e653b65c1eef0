"""Picks in, located incidents with odds out.

The result is defined block by block (`tiles`), so that it is the same whether the picks
come at once or in a stream and wherever the blocks run. The same picks in any order
give the same bytes: every sum has a fixed order, every choice a total one, and no
result depends on libraries that differ between machines.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import fields, replace
from typing import Any

import numpy as np

from trucewatch.fuse.acoustic.course import (
    LEAST_SENSORS,
    Around,
    Course,
    Part,
    Run,
    between,
    heaped,
    runner,
)
from trucewatch.fuse.acoustic.network import Network, Outages, Picks, Weather
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution, silence
from trucewatch.fuse.acoustic.tiles import epochs_of

Tell = Callable[[str, float], None]

PER_INCIDENT = (
    "time_s",
    "x_m",
    "y_m",
    "cov",
    "probability",
    "score",
    "crowding",
    "level_db",
    "n_arrivals",
)
PER_ARRIVAL = ("pick", "residual_s", "weight")
PER_SENSOR = ("clock_s", "clock_sd_s", "clock_broken", "gain_db", "away_m")


def solve(
    network: Network,
    picks: Picks,
    weather: Weather | None,
    outages: Outages | None,
    settings: EngineSettings,
    tell: Tell | None = None,
) -> Solution:
    """The incidents that the picks tell of.

    `tell` is called with the name of each stage and the share of the work done. Epochs
    are whole ones of the picks' clock.
    """
    around = Around(weather=weather, outages=outages)
    return _solve(network, picks, around, settings, (tell or _silent, runner(None)))


def solve_on(executor: Executor) -> Callable[..., Solution]:
    """As `solve`, but blocks that do not wait for each other run on the executor.

    The executor does not change a byte of the result.
    """

    def solve_there(
        network: Network,
        picks: Picks,
        weather: Weather | None,
        outages: Outages | None,
        settings: EngineSettings,
        tell: Tell | None = None,
    ) -> Solution:
        around = Around(weather=weather, outages=outages)
        how = (tell or _silent, runner(executor))
        return _solve(network, picks, around, settings, how)

    return solve_there


def _solve(
    network: Network,
    picks: Picks,
    around: Around,
    settings: EngineSettings,
    how: tuple[Tell, Run],
) -> Solution:
    say, run = how
    if picks.time_s.size == 0 or network.x_m.size < LEAST_SENSORS:
        return silence(network)
    course, heap = Course(network, settings), heaped(picks)
    epochs, parts = epochs_of(heap.time_us, settings.epoch_s), list[Part]()
    for k, epoch in enumerate(epochs):
        say("search", k / len(epochs))
        window = between(heap, course.window_us(epoch))
        parts += course.close(epoch, window, around, run)
    say("done", 1.0)
    return together(course, parts)


def _silent(stage: str, done: float) -> None:
    del stage, done


def together(course: Course, parts: list[Part]) -> Solution:
    """All incidents of some blocks in order of time, in the frame of the files."""
    if not parts:
        return silence(course.network)
    found = [located(course, part) for part in parts]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in found])
        for name in (*PER_INCIDENT, *PER_ARRIVAL, "medium_time_s", "medium_m", "medium")
    }
    counts = np.cumsum([0, *(one.time_s.size for one in found)])
    incident = np.concatenate([
        one.incident + int(n) for one, n in zip(found, counts[:-1], strict=True)
    ])
    order = np.lexsort((columns["y_m"], columns["x_m"], columns["time_s"]))
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    arrivals = np.argsort(place[incident], kind="stable")
    columns |= {name: columns[name][order] for name in PER_INCIDENT}
    columns |= {name: columns[name][arrivals] for name in PER_ARRIVAL}
    columns["incident"] = place[incident][arrivals]
    columns |= _sensors(course, parts)
    return Solution(**{one.name: columns[one.name] for one in fields(Solution)})


def located(course: Course, part: Part) -> Solution:
    """The incidents of a block with the times and in the frame of the files."""
    one, begin_s = part.solution, part.epoch * course.settings.epoch_s
    x, y = course.axis.outwards(one.x_m, one.y_m)
    own = one.medium_time_s < course.settings.epoch_s
    medium, tile = one.medium[own].copy(), course.tiles[part.tile].network
    for k in (1, 3):
        medium[:, k], medium[:, k + 1] = course.axis.back(
            medium[:, k].copy(), medium[:, k + 1].copy()
        )
    middle = np.array([0.5 * (tile.x_m.min() + tile.x_m.max())])
    at = np.stack(course.axis.outwards(middle, np.zeros(1)), 1)
    return replace(
        one,
        time_s=one.time_s + begin_s,
        x_m=x,
        y_m=y,
        cov=course.axis.spread(one.cov),
        medium_time_s=one.medium_time_s[own] + begin_s,
        medium_m=np.repeat(at, len(medium), 0),
        medium=medium,
    )


def _sensors(course: Course, parts: list[Part]) -> dict[str, Any]:
    """What was learnt of each node, by the last block of the tile it stands in."""
    blank = silence(course.network)
    columns = {name: getattr(blank, name).copy() for name in PER_SENSOR}
    for part in parts:
        tile = course.tiles[part.tile]
        here = np.searchsorted(tile.row, tile.mine)
        for name, column in columns.items():
            column[tile.mine] = getattr(part.solution, name)[here]
    x, y = course.axis.back(columns["away_m"][:, 0], columns["away_m"][:, 1])
    columns["away_m"] = np.stack([x, y], 1)
    return columns

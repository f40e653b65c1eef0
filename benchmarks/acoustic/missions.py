"""What happens in a simulated sector: fire missions, and where their shells land."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from world import DAY_S, HEIGHT_M, WIDTH_M, Scene, line_y_m

Incident = tuple[float, float, float, float, bool]  # time, x, y, level at 1 km, fired
Draw = Callable[[np.random.Generator], Iterator[Incident]]


def draw_incidents(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """As many incidents as the rate asks for, in order of time; columns of Incident.

    Missions begin anywhere in the span; some places are busier than others, so that
    batteries and salvos overlap.
    """
    wanted = round(scene.per_day * scene.span_s / 86_400)
    kept: list[Incident] = []
    while len(kept) < wanted:
        begin = rng.uniform(0.02, 0.98) * scene.span_s
        if scene.night_ratio < 1.0 and rng.random() > _busy(begin, scene.night_ratio):
            continue
        kind = _KINDS[rng.choice(len(_KINDS), p=_SHARES)]
        for time, x, y, level, fired in kind(rng):
            inside = 0 < x < WIDTH_M and 0 < y < HEIGHT_M
            if inside and begin + time < 0.995 * scene.span_s:
                kept.append((begin + time, x, y, level, fired))
    return np.array(sorted(kept[:wanted]))


def _busy(time_s: float, night_ratio: float) -> float:
    """Chance of a mission at this time of day, over that in the busiest hour."""
    day = 0.5 + 0.5 * np.cos(2 * np.pi * (time_s / DAY_S - 15 / 24))
    return night_ratio + (1.0 - night_ratio) * float(day)


def _pair(rng: np.random.Generator, behind: float, beyond: float) -> np.ndarray:
    """Where fired from and where to: rows of two, on either side of the line."""
    x = rng.uniform(0.03, 0.97) * WIDTH_M
    side = rng.choice([-1.0, 1.0])
    to = x + rng.normal(0, 2_000)
    fire = (x, float(line_y_m(x)) + side * behind)
    return np.array([fire, (to, float(line_y_m(to)) - side * beyond)])


def _mortar(rng: np.random.Generator) -> Iterator[Incident]:
    (fire, target), time = _pair(rng, rng.uniform(800, 5e3), rng.uniform(300, 3e3)), 0.0
    for _ in range(rng.integers(2, 11)):
        x, y = fire + rng.normal(0, 4, 2)
        yield time, x, y, rng.normal(113.5, 2.5), True
        x, y = target + rng.normal(0, 60, 2)
        yield time + rng.normal(24, 0.7), x, y, rng.normal(118, 2.5), False
        time += rng.uniform(3, 14)


def _drone(rng: np.random.Generator) -> Iterator[Incident]:
    _, (x, y) = _pair(rng, 0.0, rng.uniform(0, 8e3))
    yield 0.0, x, y, rng.normal(110, 2.5), False


def _grenades(rng: np.random.Generator) -> Iterator[Incident]:
    (_, place), time = _pair(rng, 0.0, rng.uniform(100, 2e3)), 0.0
    for _ in range(rng.integers(3, 12)):
        x, y = place + rng.normal(0, 8, 2)
        yield time, x, y, rng.normal(107.5, 2.0), False
        time += rng.uniform(0.4, 6)


def _battery(rng: np.random.Generator) -> Iterator[Incident]:
    fire, target = _pair(rng, rng.uniform(4e3, 1.4e4), rng.uniform(500, 6e3))
    guns = fire + rng.normal(0, 110, (rng.integers(1, 7), 2))
    flight, level, time = rng.uniform(18, 50), rng.normal(118, 2), 0.0
    for _ in range(rng.integers(1, 7)):
        for x, y in guns:
            at = time + abs(rng.normal(0, 0.7))
            yield at, x, y, rng.normal(level, 2), True
            hit_x, hit_y = target + rng.normal(0, 120, 2)
            lands = at + rng.normal(flight, 0.4)
            yield lands, hit_x, hit_y, rng.normal(level + 2, 2.5), False
        time += rng.uniform(9, 30)


def _rockets(rng: np.random.Generator) -> Iterator[Incident]:
    fire, target = _pair(rng, rng.uniform(5e3, 1.5e4), rng.uniform(500, 6e3))
    flight, time = rng.uniform(25, 55), 0.0
    for _ in range(rng.integers(8, 41)):
        x, y = fire + rng.normal(0, 3, 2)
        yield time, x, y, rng.normal(116, 2), True
        x, y = target + rng.normal(0, 200, 2)
        yield time + rng.normal(flight, 0.8), x, y, rng.normal(120, 2.5), False
        time += rng.normal(0.5, 0.03)


def _bombs(rng: np.random.Generator) -> Iterator[Incident]:
    (_, place), time = _pair(rng, 0.0, rng.uniform(200, 1.2e4)), 0.0
    for _ in range(rng.integers(1, 4)):
        x, y = place + rng.normal(0, 150, 2)
        yield time, x, y, rng.normal(130, 2.5), False
        time += rng.uniform(0.5, 8)


_KINDS: tuple[Draw, ...] = (_mortar, _drone, _grenades, _battery, _rockets, _bombs)
_SHARES = (0.28, 0.27, 0.14, 0.235, 0.015, 0.06)

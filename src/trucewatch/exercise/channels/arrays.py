"""Arrays of infrasound channels: where they stand, and all they recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from trucewatch.exercise.air import Air, air_over
from trucewatch.exercise.delivered import Delivered, Intake, dark_each, seconds, table
from trucewatch.exercise.dice import Dice, away, dice, log10, turned
from trucewatch.exercise.recording import (
    Stretch,
    add_bang,
    counted,
    miniseed,
    noise,
    pressure_pa,
)
from trucewatch.exercise.sound import drift_mps, rounds_of, travel
from trucewatch.exercise.truth import DAY_S, Happening, Reals, Stage

NAME = "arrays"
RATE_HZ = 20.0
REACH_M = 45_000.0
WIDTH_S = 0.09  # of a bang after kilometres; most of it lies between 1 and 5 Hz
INFRA_DB = -6.0  # of a bang's level, what lies below 20 Hz
SCATTERED_DB = 3.0
GUSTS_MPS = 3.0  # wind at which noise has doubled


@dataclass(frozen=True, slots=True)
class _Array:
    """One array: its name and where its channels stand, shape (n, 2)."""

    name: str
    spots: Reals

    @property
    def middle(self) -> tuple[float, float]:
        x, y = self.spots.mean(axis=0).tolist()
        return x, y


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of channels, and a recording a day of each array."""
    if not stage.scenario.arrays.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    air = air_over(stage, seed)
    every = list(_arrays(stage, rng))
    files = [Intake("array_stations", "arrays.csv", _stations(stage, every))]
    for one in every:
        files += _recorded(stage, truth, air, one, rng)
    return Delivered(tuple(files), ("infrasound",), ("infrasound",))


def _arrays(stage: Stage, rng: Dice) -> Iterator[_Array]:
    """Arrays to both sides, each with one channel amid the others."""
    asked, ground = stage.scenario.arrays, stage.scenario.sector
    for k in range(asked.count):
        x = ((k + 0.5) / asked.count - 0.5) * 0.8 * ground.length_m
        y = stage.line_at(x) + (-1.0) ** k * 0.6 * ground.depth_m
        around = np.arange(asked.channels - 1) / (asked.channels - 1) + rng.random()
        cos, sin = turned(around)
        ring = 0.5 * asked.aperture_m * np.column_stack([cos, sin])
        spots = np.array([x, y]) + np.concatenate([np.zeros((1, 2)), ring])
        yield _Array(f"IN{chr(65 + k)}", spots + rng.normal(0.0, 5.0, spots.shape))


def _channel(array: _Array, k: int) -> str:
    return f"XX.{array.name}{k}..BDF"


def _stations(stage: Stage, every: Sequence[_Array]) -> bytes:
    rows = []
    for one in every:
        for k, (lon, lat) in enumerate(stage.lonlat(*one.spots.T).tolist()):
            rows.append((one.name, _channel(one, k), f"{lat:.7f}", f"{lon:.7f}", 0))
    return table(["array_id", "channel_id", "lat", "lon", "elevation_m"], rows)


def _recorded(
    stage: Stage, truth: Sequence[Happening], air: Air, array: _Array, rng: Dice
) -> Iterator[Intake]:
    bangs = [
        bang
        for one in truth
        if one.level_db and not one.words_of and not one.path
        for bang in _bangs(stage, one, air, array, rng)
    ]
    (lonlat,) = stage.lonlat(*np.array([array.middle]).T).tolist()
    place = (f"place.{array.name}", f"{lonlat[1]:.6f},{lonlat[0]:.6f}")
    for day in range(stage.scenario.days):
        stretches = _day(stage, bangs, air, (array, day), rng)
        name = f"{array.name.lower()}-{day + 1}.mseed"
        if stretches:
            yield Intake("waveforms", name, miniseed(stretches), (place,))


def _bangs(
    stage: Stage, one: Happening, air: Air, array: _Array, rng: Dice
) -> Iterator[tuple[Reals, float]]:
    """Onsets at the channels (s, shape (n,)) and peak pressure of each round."""
    begin = seconds(stage, one.time)
    x, y = array.middle
    if float(away(x - one.x_m, y - one.y_m)) > REACH_M:
        return
    rounds, level_db = rounds_of(one, begin, rng)
    for (at, from_x, from_y, up), loud in zip(rounds.tolist(), level_db, strict=True):
        dx, dy = x - from_x, y - from_y
        far = max(float(away(dx, dy)), 100.0)
        tau, bent_db = travel(air, at, np.array([dx]), np.array([dy]), np.array([up]))
        level = float(loud) + INFRA_DB - 20.0 * float(log10(away(far, up) / 1_000.0))
        level += float(bent_db[0]) + float(rng.normal(0.0, SCATTERED_DB))
        carried = drift_mps(air, at, dx, dy)
        sound, _, _, _ = air.at(at)
        # The front goes along the way, turned against the wind across it.
        ex, ey = dx / far, dy / far
        lean = carried / sound
        along = np.array([ex - lean * ey, ey + lean * ex]) / np.sqrt(1 + lean * lean)
        delay = (array.spots - np.array([x, y])) @ along * float(tau[0]) / far
        yield at + float(tau[0]) + delay, pressure_pa(level)


def _day(
    stage: Stage,
    bangs: Sequence[tuple[Reals, float]],
    air: Air,
    which: tuple[_Array, int],
    rng: Dice,
) -> list[Stretch]:
    array, day = which
    lit = list(_lit(stage, day))
    if not lit:
        return []
    count = int(DAY_S * RATE_HZ)
    clock = (day * DAY_S + np.arange(0.0, DAY_S, 600.0)).tolist()
    wind = np.array([float(away(*air.at(at)[1:3])) for at in clock])
    quiet = stage.scenario.arrays.noise_pa
    rms = quiet * (1.0 + (wind / GUSTS_MPS) ** 2)
    louder = np.repeat(rms, count // rms.size)
    made: list[Stretch] = []
    for k in range(len(array.spots)):
        samples = noise(count, 1.0, rng) * louder
        for onset, peak in bangs:
            at = float(onset[k]) - day * DAY_S
            if -1.0 < at < DAY_S and peak > 0.2 * quiet:
                add_bang(samples, RATE_HZ, at, peak, WIDTH_S)
        for first, last in lit:
            begin = stage.begin + timedelta(days=day, seconds=first)
            some = samples[int(first * RATE_HZ) : int(last * RATE_HZ)]
            made.append(Stretch(_channel(array, k), begin, RATE_HZ, counted(some)))
    return made


def _lit(stage: Stage, day: int) -> Iterator[tuple[float, float]]:
    """Runs of whole hours of a day in which nothing is dark, s."""
    hours = np.asarray(day * DAY_S + (np.arange(24) + 0.5) * 3_600.0, np.float64)
    shut = np.ones(26, np.bool_)
    shut[1:-1] = dark_each(stage, NAME, hours)
    edges = np.flatnonzero(shut[1:] != shut[:-1]).tolist()
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield first * 3_600.0, last * 3_600.0

"""Single seismometers: the ground shakes when a bang passes over it.

They record only when something stirs, a minute and a half each time, and their onsets
join those of the nodes: what crosses at the speed of sound in air is no earthquake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from trucewatch.exercise.air import Air, air_over
from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, table
from trucewatch.exercise.dice import Dice, away, dice, log10
from trucewatch.exercise.recording import (
    Stretch,
    add_bang,
    add_ringing,
    counted,
    miniseed,
    noise,
    pressure_pa,
)
from trucewatch.exercise.sound import rounds_of, travel
from trucewatch.exercise.truth import Happening, Reals, Stage

NAME = "seismometers"
RATE_HZ = 50.0
REACH_M = 15_000.0
BEFORE_S, LASTS_S = 45.0, 90.0
WIDTH_S = 0.05
NOISE_PA = 0.05  # as if it were pressure: what shakes the ground as much
COUPLED_DB = -10.0  # of a bang's level, what becomes of it in the ground
STIRS_PER_DAY = 8.0  # records of nothing but traffic
HEAD = ["sensor_id", "lat", "lon", "elevation_m", "clock_sigma_s", "noise_db"]
CLOCK_S = 0.01
NOISE_DB = 68.0  # of nodes as good


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of where they stand, and one file of all records of each."""
    asked, ground = stage.scenario.seismometers, stage.scenario.sector
    if not asked.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    air = air_over(stage, seed)
    half = 0.5 * ground.length_m
    x = rng.uniform(-half, half, asked.count)
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    spots = np.column_stack([x, line + rng.uniform(-8_000.0, 8_000.0, asked.count)])
    rows = [
        (_channel(k), f"{lat:.6f}", f"{lon:.6f}", 0, CLOCK_S, NOISE_DB)
        for k, (lon, lat) in enumerate(stage.lonlat(*spots.T).tolist())
    ]
    files = [Intake("acoustic_nodes", "seismometers.csv", table(HEAD, rows))]
    for k, spot in enumerate(spots):
        records = _records(stage, truth, air, (_channel(k), spot), rng)
        if records:
            options = (("as", "pressure"), ("network", "nodes"))
            name = f"seismometer-{k + 1}.mseed"
            files.append(Intake("waveform_picks", name, miniseed(records), options))
    return Delivered(tuple(files))


def _channel(k: int) -> str:
    return f"XX.SE{k:02d}..HHZ"


def _records(
    stage: Stage,
    truth: Sequence[Happening],
    air: Air,
    which: tuple[str, Reals],
    rng: Dice,
) -> list[Stretch]:
    """Records of bangs that stood out, and of nothing; none of them overlap."""
    channel, spot = which
    found = [
        bang
        for one in truth
        if one.level_db and not one.words_of and not one.path
        for bang in _bangs(stage, one, air, spot, rng)
    ]
    stirs = rng.uniform(
        0.0, stage.span_s, int(rng.poisson(STIRS_PER_DAY * stage.scenario.days))
    )
    begins = sorted([*(at for at, _ in found), *stirs.tolist()])
    made: list[Stretch] = []
    end = 0.0
    for at in begins:
        begin = float(np.floor(at - BEFORE_S))
        if begin < end or begin < 0 or dark(stage, NAME, at):
            continue
        end = begin + LASTS_S
        samples = noise(int(LASTS_S * RATE_HZ), NOISE_PA, rng)
        for onset, peak in found:
            if begin <= onset < end:
                add_bang(samples, RATE_HZ, onset - begin, peak, WIDTH_S)
                add_ringing(samples, RATE_HZ, onset - begin, peak, rng)
        start = stage.begin + timedelta(seconds=begin)
        made.append(Stretch(channel, start, RATE_HZ, counted(samples)))
    return made


def _bangs(
    stage: Stage, one: Happening, air: Air, spot: Reals, rng: Dice
) -> list[tuple[float, float]]:
    """Onset and peak, as pressure, of each round that stands out of the noise."""
    dx, dy = spot - np.array([one.x_m, one.y_m])
    if float(away(dx, dy)) > REACH_M:
        return []
    rounds, level_db = rounds_of(one, seconds(stage, one.time), rng)
    dx, dy = (spot - rounds[:, 1:3]).T
    far = np.maximum(away(away(dx, dy), rounds[:, 3]), 50.0)
    tau, bent_db = travel(air, float(rounds[0, 0]), dx, dy, rounds[:, 3])
    level = level_db + COUPLED_DB - 20.0 * log10(far / 1_000.0) + bent_db
    level += rng.normal(0.0, 4.0, level.size)
    peaks = [pressure_pa(float(one)) for one in level]
    onsets = (rounds[:, 0] + tau).tolist()
    pairs = zip(onsets, peaks, strict=True)
    return [(at, peak) for at, peak in pairs if peak > 8.0 * NOISE_PA]

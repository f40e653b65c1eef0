"""Where the sound of a flash of lightning comes from.

A flash is a channel of kilometres. It rises from the ground, or never touches it, and
runs on level inside the cloud; its bends each give a clap of their own (Few 1969,
doi:10.1029/JC074i028p06926; 1974). So thunder has no point: each ear hears first what
is nearest to it. Infrasound of thunder was mostly found 3 to 5 km up (Rusz, Chum and
Base 2021, doi:10.3389/feart.2021.614820); about one flash in four reaches the ground
(Prentice and Mackerras 1977); the whole takes some tenths of a second.
"""

from __future__ import annotations

import numpy as np

from trucewatch.exercise.dice import Dice, turned
from trucewatch.exercise.truth import Reals, Spot

P_REACHES_GROUND = 0.3
HEIGHT_M = (4_500.0, 900.0)  # of the part inside the cloud, mean and deviation
LOWEST_M = 2_500.0
LEVEL_M = 6_000.0  # length of that part, median; it spreads by a factor of 1.8
LEANS_RATIO = 0.25  # how far the rising part wanders aside, of its height
LASTS_S = 0.3
CLAPS = 2, 3.0  # at least, and how many more on average
PIECES = 8  # of each part


def flash(middle: Reals, rng: Dice) -> tuple[Spot, ...]:
    """Spots where a flash claps, by height; their middle lies above a place."""
    path = _channel(rng)
    length = np.sqrt((np.diff(path, axis=0) ** 2).sum(axis=1))
    walked = np.concatenate([[0.0], np.cumsum(length)])
    count = CLAPS[0] + int(rng.poisson(CLAPS[1]))
    at = np.sort(rng.uniform(0.0, walked[-1], count))
    spots = np.column_stack([np.interp(at, walked, path[:, k]) for k in range(3)])
    spots[:, :2] += middle - spots[:, :2].mean(axis=0)
    after = rng.uniform(0.0, LASTS_S, count)
    after -= after.min()
    return tuple(
        Spot(round(t, 4), round(x, 1), round(y, 1), round(z, 1))
        for t, (x, y, z) in zip(after.tolist(), spots.tolist(), strict=True)
    )


def _channel(rng: Dice) -> Reals:
    """Corners of a channel, east, north and up, shape (n, 3)."""
    top = max(LOWEST_M, float(rng.normal(*HEIGHT_M)))
    grounded = rng.random() < P_REACHES_GROUND
    lean = rng.normal(0.0, LEANS_RATIO * top, (PIECES, 2)) / np.sqrt(PIECES)
    rising = np.column_stack([
        np.cumsum(lean, axis=0),
        np.linspace(0.0, top, PIECES),
    ])
    cos, sin = turned(rng.random())
    length = LEVEL_M * float(rng.lognormal(0.0, np.log(1.8)))
    step = length / PIECES
    bends = rng.normal(0.0, 0.4 * step, (PIECES, 3))
    level = np.cumsum(bends + step * np.array([cos, sin, 0.0]), axis=0)
    level[:, 2] = top + bends[:, 2]
    if not grounded:
        return level
    level[:, :2] += rising[-1, :2]
    return np.concatenate([rising, level])

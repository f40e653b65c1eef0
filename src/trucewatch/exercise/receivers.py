"""Who hears what moves: radio reaches as far as the Earth's bend lets it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.dice import Dice, away
from trucewatch.exercise.truth import Reals, Stage

EARTH_M = 6_371_000.0
# Radio is bent down a little: the Earth seems larger by a third.
# Source: ITU-R P.310, effective Earth radius in a standard atmosphere.
BENT_RATIO = 4.0 / 3.0
MAST_M = 30.0
DECK_M = 15.0  # of a vessel's antenna


def horizon_m(height_m: Reals) -> Reals:
    """How far off the horizon of radio is, seen from a height.

    Source: geometry of a sphere of 4/3 of the Earth's radius, h << R.
    """
    up = np.maximum(np.asarray(height_m, np.float64), 0.0)
    return np.asarray(np.sqrt(2 * BENT_RATIO * EARTH_M * up))


def masts(stage: Stage) -> Reals:
    """Receivers behind both ends of the line and its middle, shape (n, 2)."""
    ground = stage.scenario.sector
    half = 0.5 * ground.length_m
    x = np.array([-half, 0.0, half])
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    side = np.array([1.0, -1.0, 1.0])
    return np.column_stack([x, line + side * ground.depth_m])


def heard(stage: Stage, places: Reals, up_m: float, rng: Dice) -> NDArray[np.bool_]:
    """Which messages some receiver got: above its horizon, and not lost.

    Args:
        stage: of the receivers.
        places: east, north and height, shape (n, 3).
        up_m: how far the antenna stands above the thing's own height.
        rng: draws.
    """
    reach = horizon_m(np.array([MAST_M])) + horizon_m(places[:, 2] + up_m)
    near = np.zeros(len(places), np.bool_)
    for mast in masts(stage):
        near |= away(places[:, 0] - mast[0], places[:, 1] - mast[1]) <= reach
    kept = rng.random(len(places)) >= stage.scenario.traffic.lost_ratio
    return np.asarray(near & kept)

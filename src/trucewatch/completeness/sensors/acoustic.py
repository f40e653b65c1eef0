"""A network of acoustic nodes: an incident is placed when five of them hear it.

Expert judgement, not fitted, but checked on exercises (``benchmarks/noticed.py``):
levels of acts at 1 km, their spread, and how a node's chance grows with the level, like
the simulated air of ``exercise.sound`` and the law of ``fuse.acoustic.physics``.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

Reals = NDArray[np.float64]
LEAST_NODES = 5  # four are rarely more likely an incident than chance
REACH_M = 25_000.0
# Of one kilogram of TNT at 1 km, as a node reports it; the cube root of the charge
# scales the pressure of a weak shock (Sachs 1944), hence 20/3 dB per tenfold.
_KILOGRAM_DB = 106.5
_NOISE_DB = 64.5
_MARGIN_DB = 12.0  # above the noise, where half of all sounds are noticed
_SLOPE_DB = 4.1  # site, path and threshold together, as a logistic law
# What all nodes share at one time, dB and weight: five points for the law of wind,
# ducts and shadows, and the same with 6 dB more among acts of one kind. The wind's
# speed is Rayleigh (3.5 m/s each way); at 5 m/s it makes 58 dB of noise at a node, 40
# more per tenfold (as in ``exercise.air``), beside 62 dB without; ducts and shadows
# are 5 dB about -2. Gauss's points of order seven, the outer two put to their
# neighbours; ``tests/completeness/test_network.py`` works them out anew.
_AIR_DB = (
    *((-18.68, 0.0173), (-11.34, 0.1790), (-4.76, 0.4546)),
    *((1.53, 0.3015), (7.95, 0.0476)),
)
_AIR_AND_ACT_DB = (
    *((-23.95, 0.0250), (-13.77, 0.2174), (-4.27, 0.4588)),
    *((5.08, 0.2621), (14.81, 0.0367)),
)
BEYOND_DB = 1.0  # less where no node's stated range reaches: heard from one side only
_LEVEL_DB = {
    Act.ATTACK: 104.0,
    Act.FIRING: 100.0,
    Act.SHOT: 85.0,
    Act.BURST: 85.0,
    Act.EXPLOSION: 108.0,
    Act.SHELLING: 112.0,
    Act.STRIKE: 122.0,
    Act.DRONE_IMPACT: 104.0,
    Act.DRONE_DROP: 98.0,
    Act.MINE: 110.0,
}
_LOSS_STEP_M = 50.0
_STEPS_PER_SLOPE = 16
_STEEPEST = 8  # slopes to either side; beyond, the chance is that of the end
# Chances that count as independent; the same nodes miss each round of an attack.
_ROUNDS = {Act.SHELLING: 2, Act.STRIKE: 1, Act.ATTACK: 1}


def p_notice(act: Act) -> float:
    """None: a single node places nothing; see ``p_heard``."""
    return 0.0


def lasting_s(act: Act) -> float:
    """Half a minute: sound takes so long over the ranges nodes are given."""
    return 30.0


def level_db(act: Act, charge_kg: float | None) -> float:
    """Level at 1 km in dB; of the act where no charge is given.

    Minus infinity for an act without sound.
    """
    usual_db = of_act(_LEVEL_DB, act) or -np.inf
    if charge_kg is None or usual_db == -np.inf:
        return usual_db
    return _KILOGRAM_DB + 20.0 / 3.0 * _log10(charge_kg)


def shared_db(charge_kg: float | None) -> tuple[tuple[float, float], ...]:
    """By how many dB the level differs for all nodes alike, each with its weight."""
    return _AIR_AND_ACT_DB if charge_kg is None else _AIR_DB


def rounds(act: Act) -> int:
    """How many times an act of this kind sounds, as a rule; at least once."""
    return max(int(of_act({key: float(n) for key, n in _ROUNDS.items()}, act)), 1)


def p_heard(at_1km_db: Reals, away_m: Reals) -> Reals:
    """The chance that one node notices a sound of this level; shapes that broadcast.

    Spherical spreading and 1.5 dB/km; none beyond ``REACH_M``. From tables, so that
    the same bits come out on every machine.
    """
    loss_db = _between(_LOSS_DB, np.minimum(away_m, REACH_M) / _LOSS_STEP_M)
    over = (at_1km_db - loss_db - _NOISE_DB - _MARGIN_DB) / _SLOPE_DB
    at = np.clip(over + _STEEPEST, 0.0, 2.0 * _STEEPEST) * _STEPS_PER_SLOPE
    return np.where(away_m > REACH_M, 0.0, _between(_HEARD, at))


def _between(table: Reals, at: Reals) -> Reals:
    """Linear between the entries of a table."""
    low = np.minimum(at.astype(np.int64), len(table) - 2)
    part = at - low
    found: Reals = table.take(low) * (1.0 - part) + table[1:].take(low) * part
    return found


def _log10(x: float) -> float:
    """Decimal logarithm, the same on every machine."""
    return float(Decimal(x).log10())


def _tables() -> tuple[Reals, Reals]:
    """Loss over the range against 1 km, and the logistic law about its middle."""
    kms = (max(k * _LOSS_STEP_M, 20.0) / 1000.0 for k in range(int(REACH_M / 50) + 2))
    loss = [20.0 * _log10(km) + 1.5 * (km - 1.0) for km in kms]
    span = range(2 * _STEEPEST * _STEPS_PER_SLOPE + 1)
    steps = (Decimal(k) / _STEPS_PER_SLOPE - _STEEPEST for k in span)
    return np.array(loss), np.array([float(1 / (1 + (-x).exp())) for x in steps])


_LOSS_DB, _HEARD = _tables()

"""Whether a sound came from the ground or from high above it.

The engine looks for sounds on the ground. What claps kilometres up reaches near nodes
late, and no place on the ground explains all arrivals. So every pick about a doubtful
solution is asked again, once for a source on the ground and once for one at any height,
each with its own air:

    arrival = t + r / (c + wind along the way),   r slant distance
    score   = sum over picks of log(1 + P N(residual) / clutter) - misfit of the air

A pick may be of the source or not, so that other claps do not disturb the one looked
for; the search begins with wide errors and narrows them. Source: expectation and
maximisation of a mixture with Gauss and Newton; heights of thunder as in Rusz, Chum and
Base 2021, doi:10.3389/feart.2021.614820.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.kernel import kernel, shared
from trucewatch.fuse.acoustic.linear import cholesky, solved
from trucewatch.fuse.acoustic.network import Reals

STATE = 7  # east, north, up (m), time (s), sound speed, wind east and north (m/s)
UP, TIME, AIR = 2, 3, 4
SOUND_MPS = 340.0
AIR_SD: Reals = np.array([6.0, 4.0, 4.0])
STARTS_M: Reals = np.array([1_000.0, 3_000.0, 5_000.0, 7_000.0])
# Errors of arrivals, from what a start is off to what is left in the end.
SIGMAS_S: Reals = np.array([0.6, 0.3, 0.15, 0.08, 0.08, 0.08, 0.06, 0.06])
FINE = 2  # where the errors begin for what the engine placed well
STRIDE: Reals = np.array([1_500.0, 1_500.0, 1_500.0, 3.0, 8.0, 6.0, 6.0])
LOOSE: Reals = np.array([1e-7, 1e-7, 1e-7, 1e-3, 0.0, 0.0, 0.0])
TURBULENCE_RATIO = 0.003
P_HEARD = 0.6
CLUTTER_PER_S = 0.3
HIGHEST_M = 12_000.0
ROOT_TURN = 2.5066282746310002  # of 2 pi
NEAR_M = 4_000.0  # of the nodes that set the time of a solution on the ground


@kernel
def lifted(heard: Reals) -> Reals:
    """The best source at any height and the best on the ground, shape (2, 8).

    Args:
        heard: per pick east and north (m) and time (s) about the doubtful solution,
            and its clock's standard deviation (s), shape (n, 4).

    Each row holds the state and its score. Both are 0 where nothing is heard.
    """
    found = np.zeros((2, STATE + 1))
    start = np.zeros(STATE)
    found[1] = _climbed(heard, start, False, 0)
    tried = _climbed(heard, start, False, FINE)
    if tried[STATE] > found[1, STATE]:
        found[1] = tried
    for k in range(STARTS_M.size):
        start[:] = 0.0
        up = STARTS_M[k]
        start[UP] = up
        start[TIME] = -(np.sqrt(up * up + NEAR_M * NEAR_M) - NEAR_M) / SOUND_MPS
        tried = _climbed(heard, start, True, 0)
        if k == 0 or tried[STATE] > found[0, STATE]:
            found[0] = tried
    return found


@kernel
def _climbed(heard: Reals, start: Reals, rises: bool, first: int) -> Reals:
    state, slope = start.copy(), np.zeros(STATE)
    for k in range(first, SIGMAS_S.size):
        step = _step(heard, state, slope, SIGMAS_S[k], rises)
        for i in range(STATE):
            state[i] += min(max(step[i], -STRIDE[i]), STRIDE[i])
        state[UP] = min(abs(state[UP]), HIGHEST_M)
    out = np.empty(STATE + 1)
    out[:STATE] = state
    out[STATE] = _score(heard, state, slope)
    return out


@kernel
def _step(
    heard: Reals, state: Reals, slope: Reals, sigma_s: float, rises: bool
) -> Reals:
    """The step of Gauss and Newton from a state."""
    normal, pull = np.zeros((STATE, STATE)), np.zeros(STATE)
    for n in range(heard.shape[0]):
        late, way = _late(heard[n], state, slope)
        share, variance = _share(late, way, heard[n, 3], sigma_s)
        weight = share / (share + CLUTTER_PER_S) / variance
        for i in range(STATE):
            pull[i] += weight * slope[i] * late
            for j in range(i + 1):
                normal[i, j] += weight * slope[i] * slope[j]
    for i in range(STATE):
        normal[i, i] += LOOSE[i]
        if i >= AIR:
            prior = 1.0 / (AIR_SD[i - AIR] * AIR_SD[i - AIR])
            normal[i, i] += prior
            pull[i] -= prior * state[i]
    if not rises:
        for i in range(STATE):
            normal[max(i, UP), min(i, UP)] = 0.0
        normal[UP, UP], pull[UP] = 1.0, 0.0
    return solved(cholesky(normal), pull)


@shared
def _late(pick: Reals, state: Reals, slope: Reals) -> tuple[float, float]:
    """How late a pick is (s) and its way (s); fills in how arrivals change."""
    dx, dy, up = pick[0] - state[0], pick[1] - state[1], state[UP]
    r = np.sqrt(dx * dx + dy * dy + up * up + 1.0)
    along = (state[5] * dx + state[6] * dy) / r
    v = SOUND_MPS + state[AIR] + along
    way = r / v
    slope[0], slope[1], slope[2] = -dx / r / v, -dy / r / v, up / r / v
    slope[3] = 1.0
    slope[4], slope[5], slope[6] = -way / v, -way / v * dx / r, -way / v * dy / r
    return pick[2] - state[TIME] - way, way


@shared
def _share(
    late_s: float, way_s: float, clock_s: float, sigma_s: float
) -> tuple[float, float]:
    """Density of a pick that late (1/s) and the variance of its arrival (s2)."""
    turbulent = TURBULENCE_RATIO * way_s
    variance = sigma_s * sigma_s + clock_s * clock_s + turbulent * turbulent
    density = exp_of(-0.5 * late_s * late_s / variance)
    return P_HEARD * density / (ROOT_TURN * np.sqrt(variance)), variance


@kernel
def _score(heard: Reals, state: Reals, slope: Reals) -> float:
    total = 0.0
    for n in range(heard.shape[0]):
        late, way = _late(heard[n], state, slope)
        share, _ = _share(late, way, heard[n, 3], SIGMAS_S[-1])
        total += log_of(1.0 + share / CLUTTER_PER_S)
    for i in range(3):
        off = state[AIR + i] / AIR_SD[i]
        total -= 0.5 * off * off
    return total

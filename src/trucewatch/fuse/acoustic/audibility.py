"""How loud a sound must be to be noticed, and how the air absorbs it, per network.

Of each incident it is known which nodes heard it, how loud, and which could have heard
it and did not. Source: Bernoulli likelihood of a logistic law of detection and normal
levels, with the level of each incident solved for beside them (Schur complement), one
Newton step at a time, around normal priors.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.crowding import crowding
from trucewatch.fuse.acoustic.hearing import Work, workroom
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.levels import Levels
from trucewatch.fuse.acoustic.listen import OPEN, listen
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.physics import MISS_AT_DB, heard
from trucewatch.fuse.acoustic.scene import (
    EVEN,
    INAUDIBLE_DB,
    LEVEL,
    NOISE,
    SPREAD,
    Scene,
)

GATE = (0.3, INAUDIBLE_DB)
KM_PER_S = 0.34  # near enough for the absorption
STRONG = 12.0  # score of an incident that teaches
CROWDED = 0.5  # of a volley the shots are mixed up alike: they count as fewer
STEPS = 5
PRIOR_EVEN_DB = 1.5
PRIOR_EXTRA_DB_KM = 0.4
NOTICED_DB = 2.2  # of the logistic law, where the level at the node is known
PER_NOTICED_DB = 1.0 / NOTICED_DB
LOGISTIC = 0.3455  # 1 / 1.702^2: squared scale of the logistic law nearest a normal
SURELY_HEARD = 0.98  # a silence there is of a node that does not work
FARTHEST_DB = 16.0  # a level that is off by more pulls no harder
MOST_STEP_DB = 1.5
MOST_EVEN_DB, MOST_EXTRA_DB_KM = 6.0, 1.2
L = 0  # of level of the incident, absorption, level noticed
# entries of what is known: information, and that times the value
A_SIDE, E_SIDE = 3, 4


def learn_audibility(
    scene: Scene, incidents: Reals, own_s: tuple[float, float], before: Levels
) -> Levels:
    """The level noticed follows the strong incidents of the scene's own time.

    What was learnt `before` counts on. `audible` of what is returned holds the
    information on absorption beyond that of `physics` (dB/km) and on the level noticed
    beyond MISS_AT_DB (dB), three entries, and that times their values, shape (5,).
    """
    at, known = incidents[:, 2], before.audible
    strong = (incidents[:, 4] > STRONG) & (at >= own_s[0]) & (at < own_s[1])
    rows = np.nonzero(strong)[0]
    alone = 1.0 / (1.0 + CROWDED * crowding(incidents)[rows].astype(np.float64))
    extra_db_km = 0.0
    for _ in range(STEPS):
        known = _information(scene, incidents, (rows, alone), extra_db_km)
        known += before.audible
        extra_db_km, even_db = _best(known)
        had_db = float(scene.know[EVEN]) - MISS_AT_DB
        change_db = min(max(even_db - had_db, -MOST_STEP_DB), MOST_STEP_DB)
        scene.know[EVEN] += change_db
    return before._replace(audible=known)


def _best(known: Reals) -> tuple[float, float]:
    """Extra absorption (dB/km) and level noticed beyond MISS_AT_DB (dB)."""
    aa, ae, ee, a_side, e_side = (float(one) for one in known)
    aa += 1.0 / (PRIOR_EXTRA_DB_KM * PRIOR_EXTRA_DB_KM)
    ee += 1.0 / (PRIOR_EVEN_DB * PRIOR_EVEN_DB)
    det = aa * ee - ae * ae
    extra_db_km = (a_side * ee - ae * e_side) / det
    even_db = (e_side * aa - ae * a_side) / det
    return (
        min(max(extra_db_km, -MOST_EXTRA_DB_KM), MOST_EXTRA_DB_KM),
        min(max(even_db, -MOST_EVEN_DB), MOST_EVEN_DB),
    )


@kernel
def _information(
    scene: Scene, events: Reals, chosen: tuple[Whole, Reals], extra_db_km: float
) -> Reals:
    """What the chosen incidents, of these weights, say at the present values."""
    rows, weight = chosen
    work, one, h = workroom(), np.zeros((3, 4)), np.zeros((2, 3))
    for k in range(rows.size):
        one[:] = 0.0
        one[L, L] = 1e-6
        n = listen(scene, events[rows[k]].copy(), GATE, rows[k], work)
        for q in range(n):
            _look(scene, events[rows[k]], (q, extra_db_km), work, one)
        for i in range(2):
            for j in range(3):
                left = one[L, i + 1] * one[L, j + 1] / one[L, L]
                h[i, j] += weight[k] * (one[i + 1, j + 1] - left)
    e = scene.know[EVEN] - MISS_AT_DB
    known = np.array([h[0, 0], h[0, 1], h[1, 1], h[0, 2], h[1, 2]])
    known[A_SIDE] += h[0, 0] * extra_db_km + h[0, 1] * e
    known[E_SIDE] += h[0, 1] * extra_db_km + h[1, 1] * e
    return known


@part
def _look(
    scene: Scene, event: Reals, at: tuple[int, float], work: Work, one: Reals
) -> None:
    """One look joins the normal equations of its incident: level, absorption, noticed.

    The last column is what the likelihood pulls each of them by.
    """
    q, extra_db_km = at
    s, even = work.sensor[q], scene.know[EVEN]
    km, spread = 1.0 - KM_PER_S * work.tau[q], scene.know[SPREAD]
    level = event[3] + extra_db_km * km
    per_db = 1.0 / np.sqrt(NOTICED_DB * NOTICED_DB + LOGISTIC * spread * spread)
    p = heard((level - work.even[q]) * per_db)
    stiff = p * (1.0 - p) * per_db * per_db
    if work.best[q] < 0:
        if work.state[q] == OPEN and p < SURELY_HEARD:
            _add(one, (1.0, km, -1.0), -p * per_db, stiff)
        return
    got = scene.picks[work.best[q], LEVEL]
    if got != got:
        _add(one, (1.0, km, -1.0), (1.0 - p) * per_db, stiff)
        return
    off, stiff = got + work.net[q] - level, 1.0 / (spread * spread)
    off = min(max(off, -FARTHEST_DB), FARTHEST_DB)
    _add(one, (1.0, km, 0.0), stiff * off, stiff)
    p = heard((got - scene.node[s, NOISE] - even) * PER_NOTICED_DB)
    stiff = p * (1.0 - p) * PER_NOTICED_DB * PER_NOTICED_DB
    _add(one, (0.0, 0.0, -1.0), (1.0 - p) * PER_NOTICED_DB, stiff)


@part
def _add(
    one: Reals, slope: tuple[float, float, float], pull: float, stiff: float
) -> None:
    for i in range(3):
        for j in range(3):
            one[i, j] += stiff * slope[i] * slope[j]
        one[i, 3] += pull * slope[i]

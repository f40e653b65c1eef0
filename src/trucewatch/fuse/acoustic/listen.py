"""What the network should have heard of one incident, and what it did hear.

An incident under work is an array of x, y (m), time (s) and level (dB at 1 km).
Source of the score: log odds of the assigned picks and of the misses, and the volume
of the posterior (Laplace).
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.hearing import LEAST_GATE_S, Work, air_of, hearers
from trucewatch.fuse.acoustic.kernel import part, shared
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import (
    PER_MISS_DB,
    heard,
    level_gain,
    log_law,
    log_miss,
    on_time_share,
    travel,
)
from trucewatch.fuse.acoustic.scene import (
    BIAS,
    BIRTH,
    HIGH_X,
    HIGH_Y,
    LEVEL,
    LOG_SPREAD,
    LOW_X,
    LOW_Y,
    ONSET,
    RATE,
    SPREAD,
    Scene,
    X,
    Y,
    first_between,
)

GATE, GATE_MOST = 3.2, 3.5  # in standard deviations, with that of reading or without
PER_196 = 1.0 / 196.0  # levels off by 14 dB pull half
FAINT_DB = 0.0  # one sound in twenty is noticed at that level over the noise
OPEN, BUSY = 0, 1
NOTHING = -1e9
LOG_2PI_CUBED_HALF = 2.756815599614018  # 1.5 log(2 pi)
LOG_LEVEL_VOLUME = -0.7775107562190575  # log(LEVEL_DB sqrt(2 pi) / 30 dB)
PRIOR_PLACE = 1.1e-7  # 1/m2: a place is known to 3 km before any pick
PRIOR_TIME = 0.01


@part
def inside(scene: Scene, event: Reals) -> bool:
    """Whether incidents are looked for at the place."""
    across = scene.know[LOW_X] < event[0] < scene.know[HIGH_X]
    along = scene.know[LOW_Y] < event[1] < scene.know[HIGH_Y]
    return bool(across and along)


@part
def listen(
    scene: Scene, event: Reals, gate: tuple[float, float], mine: int, work: Work
) -> int:
    """The looks of all sensors that may hear the incident are in `work`; how many.

    The gate is the time (s) a pick may be off beside its error, and the level (dB)
    over the noise of the sensor below which it is not asked. Looks take only picks
    owned by `mine`; -1 stands for picks owned by none.
    """
    n = hearers(scene, event, (gate[0], GATE_MOST, gate[1]), work)
    for q in range(n):
        s, due = work.sensor[q], work.due[q]
        early = due - max(work.gate[q], LEAST_GATE_S)
        p = first_between(scene, (work.low[q], work.high[q]), early)
        work.best[q], work.state[q] = -1, OPEN
        end = due + work.gate[q] + 0.2
        if p < scene.first[s + 1] and scene.time[p] <= end:
            _match(scene, event, (gate[0], due, end), work, (q, p, mine))
    return n


@part
def _match(
    scene: Scene,
    event: Reals,
    when: tuple[float, float, float],
    work: Work,
    where: tuple[int, int, int],
) -> None:
    gate_s, due, end = when
    q, p, mine = where
    s = work.sensor[q]
    var, last, top = work.var[q], scene.first[s + 1], NOTHING
    while p < last and scene.time[p] <= end:
        late = scene.time[p] - due
        p += 1
        if scene.owner[p - 1] != mine:
            if -0.2 < late <= 0.05 and scene.owner[p - 1] >= 0:
                work.state[q] = BUSY
            continue
        sigma = np.sqrt(scene.picks[p - 1, ONSET] + var)
        if abs(late) <= gate_s + GATE * sigma:
            off = scene.picks[p - 1, LEVEL] - event[3] + work.net[q]
            score = _closeness(late / sigma, off / scene.know[SPREAD])
            work.best[q] = p - 1 if score > top else work.best[q]
            top = max(top, score)
        elif -0.2 < late < 0.4:
            work.state[q] = BUSY


@part
def _closeness(z: float, a: float) -> float:
    return -0.5 * (z * z + (a * a if a == a else 0.0))


@part
def loudness(scene: Scene, event: Reals, n: int, work: Work) -> None:
    """The level agrees best with the levels heard and with the silence of others."""
    for _ in range(3):
        pull, stiff = 0.0, 1e-6
        for q in range(n):
            if work.best[q] >= 0:
                force = _heard_force(scene, event, q, work)
            elif work.state[q] == OPEN:
                force = _silent_force(event, q, work)
            else:
                continue
            pull += force[0]
            stiff += force[1]
        change = min(max(pull / stiff, -4.0), 4.0)
        event[3] += change
        if abs(change) < 0.1:
            return


@part
def _heard_force(scene: Scene, event: Reals, q: int, work: Work) -> tuple[float, float]:
    off = scene.picks[work.best[q], LEVEL] + work.net[q] - event[3]
    if off != off:
        pull, stiff = _silent_force(event, q, work)
        return pull + PER_MISS_DB, stiff
    w = 1.0 / ((1.0 + off * off * PER_196) * (scene.know[SPREAD] * scene.know[SPREAD]))
    return w * off, w


@part
def _silent_force(event: Reals, q: int, work: Work) -> tuple[float, float]:
    p = heard((event[3] - work.even[q]) * PER_MISS_DB)
    pull = -p * PER_MISS_DB
    return pull, -pull * (1.0 - p) * PER_MISS_DB


@part
def tally(
    scene: Scene, event: Reals, n: int, mine: int, work: Work
) -> tuple[float, int]:
    """Log odds of all looks, and how many picks were chosen (in `work`).

    Free picks count by the law of those on time, and only where that beats a miss.
    """
    total, chosen = 0.0, 0
    for q in range(n):
        s, p = work.sensor[q], work.best[q]
        excess = event[3] - work.even[q]
        missed = 0.0 if work.state[q] == BUSY else log_miss(excess * PER_MISS_DB)
        if p < 0:
            total += missed
            continue
        sigma = np.sqrt(scene.picks[p, ONSET] + work.var[q])
        late = scene.time[p] - event[2] - work.tau[q] - scene.node[s, BIAS]
        law = log_law(late, sigma) if mine >= 0 else _log_core(late, sigma)
        off = scene.picks[p, LEVEL] - event[3] + work.net[q]
        gain = law + level_gain(off, scene.know[SPREAD], scene.know[LOG_SPREAD], excess)
        gain -= scene.picks[p, RATE]
        if gain <= missed and mine < 0:
            total += missed
            continue
        total += gain
        work.pick[chosen] = p
        work.residual[chosen] = late
        work.sigma[chosen] = sigma
        chosen += 1
    return total, chosen


@part
def _log_core(late: float, sigma: float) -> float:
    z = late / sigma
    return -0.99 - log_of(sigma) - 0.5 * min(z * z, 36.0)


@part
def step(scene: Scene, event: Reals, chosen: int, work: Work) -> float:
    """One robust Gauss-Newton step to the chosen picks; how far (m) the place moved."""
    normal = work.normal
    air = air_of(scene, event[2], event[0])
    normal[:] = 0.0
    a, b, c = 0.0, 0.0, 0.0
    for k in range(chosen):
        s = scene.sensor[work.pick[k]]
        dx, dy = event[0] - scene.node[s, X], event[1] - scene.node[s, Y]
        tau, r, speed = travel(-dx, -dy, air)
        late = scene.time[work.pick[k]] - event[2] - tau - scene.node[s, BIAS]
        sigma = work.sigma[k]
        w = on_time_share(late, sigma) / (sigma * sigma)
        gx, gy = dx / r / speed, dy / r / speed
        accumulate(normal, w, gx, gy)
        a += w * gx * late
        b += w * gy * late
        c += w * late
    normal[0, 0] += 1e-9
    normal[1, 1] += 1e-9
    normal[2, 2] += 1e-6
    dx, dy, dt = solve3(normal, a, b, c)
    moved = np.sqrt(dx * dx + dy * dy)
    share = min(1.0, 1200.0 / max(moved, 1e-9))
    event[0] += share * dx
    event[1] += share * dy
    event[2] += share * dt
    return float(moved)


@part
def accumulate(normal: Reals, w_ratio: float, gx_ratio: float, gy_ratio: float) -> None:
    """One arrival is added to the upper triangle of a normal matrix."""
    normal[0, 0] += w_ratio * gx_ratio * gx_ratio
    normal[0, 1] += w_ratio * gx_ratio * gy_ratio
    normal[0, 2] += w_ratio * gx_ratio
    normal[1, 1] += w_ratio * gy_ratio * gy_ratio
    normal[1, 2] += w_ratio * gy_ratio
    normal[2, 2] += w_ratio


@part
def solve3(
    normal: Reals, a_ratio: float, b_ratio: float, c_ratio: float
) -> tuple[float, float, float]:
    """The solution of three equations by Cholesky, from the upper triangle."""
    l00 = np.sqrt(normal[0, 0])
    l10, l20 = normal[0, 1] / l00, normal[0, 2] / l00
    l11 = np.sqrt(max(normal[1, 1] - l10 * l10, 1e-12))
    l21 = (normal[1, 2] - l20 * l10) / l11
    l22 = np.sqrt(max(normal[2, 2] - l20 * l20 - l21 * l21, 1e-9))
    y0 = a_ratio / l00
    y1 = (b_ratio - l10 * y0) / l11
    y2 = (c_ratio - l20 * y0 - l21 * y1) / l22
    d2 = y2 / l22
    d1 = (y1 - l21 * d2) / l11
    return (y0 - l10 * d1 - l20 * d2) / l00, d1, d2


@part
def log_volume(normal: Reals, chosen: int) -> float:
    """Log of the volume (m2 s) that the picks leave to place, time and level."""
    a, b = normal[0, 0] + PRIOR_PLACE, normal[1, 1] + PRIOR_PLACE
    c, d, e, f = normal[2, 2] + PRIOR_TIME, normal[0, 1], normal[0, 2], normal[1, 2]
    det = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)
    volume = LOG_2PI_CUBED_HALF - 0.5 * log_of(max(det, 1e-30))
    return volume + LOG_LEVEL_VOLUME - 0.5 * log_of(max(chosen, 1) * 1.0)


@shared
def refine(
    scene: Scene, event: Reals, gate_s: float, rounds: int, work: Work
) -> tuple[float, int]:
    """The incident settles where the picks put it; its score, and picks chosen."""
    total, chosen, last = 0.0, 0, rounds
    for k in range(rounds + 1):
        n = listen(scene, event, (gate_s, FAINT_DB), -1, work)
        loudness(scene, event, n, work)
        total, chosen = tally(scene, event, n, -1, work)
        if k >= last:
            break
        if chosen < 3:
            return NOTHING, chosen
        moved = 0.0
        for _ in range(2):
            moved = step(scene, event, chosen, work)
        if not inside(scene, event):
            return NOTHING, 0
        gate_s = 0.06
        if moved < 1.0 and k > 0:
            last = k + 1
    return total + scene.know[BIRTH] + log_volume(work.normal, chosen), chosen

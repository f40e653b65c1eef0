"""Sound on its way: travel time in moving air, loss, and the law of picks.

Source of the travel time: the ray of a uniform wind, exact; of the loss: spherical
spreading and 1.5 dB/km; of the law of picks: 93 % around the onset and 7 % late.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.elementary import LN10, exp_of, log1p_exp, log_of
from trucewatch.fuse.acoustic.kernel import part
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.settings import NODE_S as NODE_S

AIR_WIDTH_M = 100_000.0
LOSS_STEP_M = 50.0
PER_LOSS_STEP = 1.0 / LOSS_STEP_M
LOSS_STEPS = 700
ON_TIME = 0.371  # 0.93 / sqrt(2 pi)
LATE = 0.14  # 0.07 / sqrt(2 pi) / 0.2 s
LATE_S = 0.08
LATE_PER_S = 5.0
ODD = 1e-12
LEAST_RANGE_M = 20.0
LEVEL_DB = 5.5
LOG_LEVELS = -2.1721039201536434  # log(sqrt(2 pi) / 22 dB)
LEVEL_CAP = 3.2
MISS_DB = 4.1
PER_MISS_DB = 1.0 / MISS_DB
MISS_AT_DB = 12.0


def _tables() -> tuple[Reals, Reals, Reals]:
    loss, miss, share = np.empty(LOSS_STEPS), np.empty(257), np.empty(257)
    for k in range(LOSS_STEPS):
        km = max(k * LOSS_STEP_M, 20.0) / 1000.0
        loss[k] = 20.0 * log_of(km) / LN10 + 1.5 * (km - 1.0)
    for k in range(257):
        miss[k] = max(-log1p_exp(k / 16.0 - 8.0), -4.0)
        share[k] = 1.0 / (1.0 + exp_of(8.0 - k / 16.0))
    return loss, miss, share


LOSS, MISS, HEARD = _tables()


@part
def air_at(
    medium: Reals, origin_s: float, at_s: float, x_m: float, middle_m: float
) -> tuple[float, float, float]:
    """Sound speed and wind (east, north) in m/s at a time and an east coordinate."""
    f = max((at_s - origin_s) / NODE_S, 0.0)
    k = min(int(f), medium.shape[0] - 2)
    a = min(f - k, 1.0)
    b = 1.0 - a
    g = (x_m - middle_m) / AIR_WIDTH_M
    c = medium[k, 0] * b + medium[k + 1, 0] * a
    u = medium[k, 1] * b + medium[k + 1, 1] * a
    v = medium[k, 2] * b + medium[k + 1, 2] * a
    u += g * (medium[k, 3] * b + medium[k + 1, 3] * a)
    v += g * (medium[k, 4] * b + medium[k + 1, 4] * a)
    return c, u, v


@part
def travel(
    east_m: float, north_m: float, air: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Travel time (s), range (m) and speed along the path (m/s) of a displacement."""
    c, u, v = air
    r = max(np.sqrt(east_m * east_m + north_m * north_m), LEAST_RANGE_M)
    along = (u * east_m + v * north_m) / r
    speed = np.sqrt(c * c - (u * u + v * v - along * along)) + along
    return r / speed, r, speed


@part
def loss_db(r_m: float) -> float:
    """Loss over the range in dB, relative to 1 km."""
    f = r_m * PER_LOSS_STEP
    k = int(f)
    if k >= LOSS.size - 1:
        return float(LOSS[-1])
    a = f - k
    return float(LOSS[k] * (1.0 - a) + LOSS[k + 1] * a)


@part
def heard(excess_ratio: float) -> float:
    """Probability of noticing a sound at an excess level in units of MISS_DB."""
    f = min(max((excess_ratio + 8.0) * 16.0, 0.0), 255.99)
    k = int(f)
    a = f - k
    return float(HEARD[k] * (1.0 - a) + HEARD[k + 1] * a)


@part
def log_miss(excess_ratio: float) -> float:
    """Log of the share of missed sounds at an excess level in units of MISS_DB."""
    f = (excess_ratio + 8.0) * 16.0
    if f < 0.0:
        return 0.0
    k = int(f)
    if k >= MISS.size - 1:
        return float(MISS[-1])
    a = f - k
    return float(MISS[k] * (1.0 - a) + MISS[k + 1] * a)


@part
def log_law(residual_s: float, sigma_s: float) -> float:
    """Log density of a residual: on time, or late."""
    z = residual_s / sigma_s
    d = (residual_s - LATE_S) * LATE_PER_S
    on_time = ON_TIME * exp_of(-0.5 * z * z) / sigma_s
    return log_of(on_time + LATE * exp_of(-0.5 * d * d) + ODD)


@part
def on_time_share(residual_s: float, sigma_s: float) -> float:
    """Probability that a pick at this residual is not of the late kind."""
    z = residual_s / sigma_s
    d = (residual_s - LATE_S) * LATE_PER_S
    on_time = ON_TIME * exp_of(-0.5 * z * z) / sigma_s
    return on_time / (on_time + LATE * exp_of(-0.5 * d * d) + ODD)


@part
def level_gain(
    off_db: float, spread_db: float, log_spread_ratio: float, excess_db: float
) -> float:
    """Log density ratio of a level that is off by so much.

    The logarithm of the spread (dB) is given beside it. Where the node sends no level,
    that it noticed the sound says how loud it was.
    """
    if off_db != off_db:
        return log_miss(-excess_db * PER_MISS_DB)
    z = min(max(off_db / spread_db, -LEVEL_CAP), LEVEL_CAP)
    return -0.5 * z * z - LOG_LEVELS - log_spread_ratio

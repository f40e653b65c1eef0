"""What a simulated acoustic network and its surroundings are: scenes and their draws.

The physics is that of the lent sets' description: effective sound speed in a moving
medium, spreading, absorption, wind shadow, site and path terms, turbulence, clocks,
survey errors, outages. What a solver may not know exactly (absorption, tail of the
onset error, spread of levels, share of poor clocks ...) is drawn anew for every seed,
so that nothing fitted here is fitted to one world.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WIDTH_M, HEIGHT_M = 100_000.0, 40_000.0
SURVEY_M = 5.0 / np.sqrt(2)  # per axis: 5 m rms
MET_STEP_S = 300.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What is asked for: how much happens, who listens, what goes wrong."""

    per_day: float = 2_000.0
    span_s: float = 10_800.0
    sensors: int = 500
    one_sided: bool = False
    clutter_ratio: float = 0.35
    forecast_temp_bias_k: float = 0.0
    bad_clock_ratio: float = 0.0
    misplaced_ratio: float = 0.0
    lost_ratio: float = 0.0  # of the sensors fall silent in the middle
    night_ratio: float = 1.0  # missions that begin at 3 h to those that begin at 15 h
    drift_s_per_day: float = 0.0  # of clocks on network time, standard deviation


SCENES = {
    "quiet": Scene(per_day=100, span_s=86_400, clutter_ratio=0.99),
    "light": Scene(per_day=2_000, span_s=10_800),
    "busy": Scene(per_day=20_000, span_s=3_600),
    "dense": Scene(per_day=20_000, span_s=3_600, sensors=1_000),
    "one-sided": Scene(per_day=20_000, span_s=3_600, sensors=300, one_sided=True),
    "clutter": Scene(per_day=20_000, span_s=3_600, clutter_ratio=0.5),
    "barrage": Scene(per_day=240_000, span_s=900),
}
_BUSY = SCENES["busy"]
DEGRADED = {
    "hot-forecast": replace(_BUSY, forecast_temp_bias_k=8.3),  # + 5 m/s
    "cold-forecast": replace(_BUSY, forecast_temp_bias_k=-8.3),  # - 5 m/s
    "bad-clocks": replace(_BUSY, bad_clock_ratio=0.10),
    "misplaced": replace(_BUSY, misplaced_ratio=0.05),
    "clutter60": replace(_BUSY, clutter_ratio=0.60),
    "half-lost": replace(_BUSY, lost_ratio=0.5),
}
SHORT = {"busy-10min": replace(_BUSY, span_s=600)}  # what peers finish
EVERY = SCENES | DEGRADED | SHORT


@dataclass(frozen=True, slots=True)
class Nature:
    """What no solver knows exactly; one draw per seed."""

    absorption_db_km: float
    gain_db: float
    shadow_db: float
    site_db: float
    path_db: float
    turbulence_ratio: float
    tail_ratio: float
    tail_mean_s: float
    onset_floor_s: float
    onset_s: float
    echo_ratio: float
    shock_ratio: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Nature:
        """Around the values of the lent sets' description, 15 to 40 % either way."""
        return cls(
            absorption_db_km=rng.uniform(1.0, 2.0),
            gain_db=rng.uniform(0.0, 3.5),
            shadow_db=rng.uniform(3.0, 5.0),
            site_db=rng.uniform(2.5, 3.5),
            path_db=rng.uniform(3.5, 4.5),
            turbulence_ratio=rng.uniform(0.0020, 0.0030),
            tail_ratio=rng.uniform(0.05, 0.09),
            tail_mean_s=rng.uniform(0.12, 0.25),
            onset_floor_s=rng.uniform(0.005, 0.008),
            onset_s=rng.uniform(0.033, 0.047),
            echo_ratio=rng.uniform(0.07, 0.13),
            shock_ratio=rng.uniform(0.01, 0.02),
        )


@dataclass(frozen=True, slots=True)
class Sensors:
    """Nodes as surveyed and as they are; all arrays of shape (sensors,)."""

    x_m: Floats
    y_m: Floats
    survey_x_m: Floats
    survey_y_m: Floats
    gps: NDArray[np.bool_]
    sigma_s: Floats
    bias_s: Floats
    broken: NDArray[np.bool_]
    noise_db: Floats
    site_db: Floats
    clutter: Floats
    drift_ratio: Floats  # seconds gained in a second
    down_s: Floats  # (sensors, 2); NaN where a node was always up


@dataclass(frozen=True, slots=True)
class Air:
    """Truth every five minutes; the gradient is per 100 km eastward."""

    time_s: Floats
    temp_c: Floats
    wind_u_mps: Floats
    wind_v_mps: Floats
    gradient_u_mps: float
    gradient_v_mps: float

    def at(self, time_s: float, x_m: Floats) -> tuple[float, Floats, Floats]:
        """Sound speed and wind at one time and many places."""
        temp = float(np.interp(time_s, self.time_s, self.temp_c))
        east = x_m / WIDTH_M - 0.5
        u = np.interp(time_s, self.time_s, self.wind_u_mps)
        v = np.interp(time_s, self.time_s, self.wind_v_mps)
        sound = 331.3 * np.sqrt(1.0 + temp / 273.15)
        return sound, u + self.gradient_u_mps * east, v + self.gradient_v_mps * east


def line_y_m(x_m: Floats | float) -> Floats:
    """The line of contact: a wavy curve near the middle."""
    x = np.asarray(x_m, np.float64)
    return 20_000 + 2_500 * np.sin(x / 9_000) + 1_200 * np.sin(x / 3_700 + 1.0)


def draw_sensors(rng: np.random.Generator, scene: Scene, nature: Nature) -> Sensors:
    """Nodes at least half a mean spacing apart, a third of them on network time."""
    x, y = _places(rng, scene)
    n = scene.sensors
    gps = rng.random(n) >= rng.uniform(0.22, 0.36)
    sigma = np.where(gps, 0.002, 0.040)
    bias = rng.normal(0.0, sigma)
    broken = rng.random(n) < 0.01
    bias = np.where(broken, rng.choice([-1, 1], n) * rng.uniform(1, 5, n), bias)
    bad = rng.random(n) < scene.bad_clock_ratio
    bias = bias + np.where(bad, rng.choice([-0.05, 0.05], n), 0.0)
    survey = rng.normal(0.0, SURVEY_M, (2, n))
    turn, off = rng.uniform(0, 2 * np.pi, n), rng.random(n) < scene.misplaced_ratio
    survey += np.where(off, 100.0 * np.array([np.cos(turn), np.sin(turn)]), 0.0)
    down = np.full((n, 2), np.nan)
    out = rng.random(n) < 0.08
    begin = rng.uniform(0, scene.span_s, n)
    lasts = rng.exponential(0.15 * scene.span_s + 300.0, n)
    if scene.lost_ratio > 0.0:
        lost = (rng.random(n) < scene.lost_ratio) & ~out
        begin, out = np.where(lost, scene.span_s / 2, begin), out | lost
        lasts = np.where(lost, 10 * scene.span_s, lasts)
    down[out] = np.column_stack([begin, begin + lasts])[out]
    drift = np.zeros(n)
    if scene.drift_s_per_day > 0.0:
        per_day = rng.normal(0.0, scene.drift_s_per_day, n)
        drift = np.where(gps, 0.0, per_day / DAY_S)
    return Sensors(
        x_m=x,
        y_m=y,
        survey_x_m=x + survey[0],
        survey_y_m=y + survey[1],
        gps=gps,
        sigma_s=sigma,
        bias_s=bias,
        broken=broken,
        noise_db=rng.normal(86.0, 4.0, n),
        site_db=rng.normal(0.0, nature.site_db, n),
        clutter=np.exp(rng.normal(0.0, rng.uniform(0.8, 1.1), n)),
        drift_ratio=drift,
        down_s=down,
    )


def _places(rng: np.random.Generator, scene: Scene) -> tuple[Floats, Floats]:
    area = WIDTH_M * HEIGHT_M * (0.5 if scene.one_sided else 1.0)
    apart = 0.5 * np.sqrt(area / scene.sensors)
    kept = np.empty((0, 2))
    while len(kept) < scene.sensors:
        one = rng.uniform((0, 0), (WIDTH_M, HEIGHT_M))
        if scene.one_sided and one[1] > line_y_m(one[0]) - 1_000.0:
            continue
        if len(kept) == 0 or np.hypot(*(kept - one).T).min() >= apart:
            kept = np.vstack([kept, one])
    return kept[:, 0], kept[:, 1]


def draw_air(rng: np.random.Generator, scene: Scene) -> Air:
    """A slow walk about a mean, every five minutes, beyond the end of the span."""
    n = int(scene.span_s / MET_STEP_S) + 2
    mean = rng.normal((6.0, 0.0, 0.0), (6.0, 4.0, 4.0))
    walk = np.empty((n, 3))
    walk[0] = rng.normal(0.0, (0.5, 0.7, 0.7))
    for k in range(1, n):
        walk[k] = 0.97 * walk[k - 1] + rng.normal(0.0, (0.12, 0.30, 0.30))
    gradient = rng.normal(0.0, 0.8, 2)
    air = mean + walk
    return Air(
        time_s=MET_STEP_S * np.arange(n),
        temp_c=air[:, 0],
        wind_u_mps=air[:, 1],
        wind_v_mps=air[:, 2],
        gradient_u_mps=float(gradient[0]),
        gradient_v_mps=float(gradient[1]),
    )


def draw_forecast(rng: np.random.Generator, scene: Scene, air: Air) -> Floats:
    """Hourly rows time, temperature, wind east and north: 1.5 K and 1.5 m/s off."""
    time = 3_600.0 * np.arange(int(scene.span_s // 3_600) + 2)
    truth = [np.interp(time, air.time_s, one) for one in _columns(air)]
    rows = np.column_stack([time, *truth])
    rows[:, 1:] += rng.normal(0.0, 1.5, (len(time), 3))
    rows[:, 1] += scene.forecast_temp_bias_k
    return rows


def _columns(air: Air) -> tuple[Floats, Floats, Floats]:
    return air.temp_c, air.wind_u_mps, air.wind_v_mps

"""Simulate picks of an acoustic network with truth, in the files of the lent sets.

Run: ``python benchmarks/acoustic/simulate.py SCENE SEED OUT`` (scenes in ``world.py``).
Solver input: sensors.csv picks.csv met.csv status.csv; scorer only: truth_*.csv.
The same scene and seed give the same files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from bound import Information, bounds_m, information
from missions import draw_incidents
from world import (
    EVERY,
    SURVEY_M,
    Air,
    Floats,
    Nature,
    Scene,
    Sensors,
    draw_air,
    draw_forecast,
    draw_sensors,
)

DEAD_S = 0.15
REACH_M = 25_000.0
LABELS = ("direct", "echo", "shock", "clutter")
NO_SIGMA_S = 9.0


@dataclass(slots=True)
class Heard:
    """Picks as they come about: columns time, sensor, level, snr, incident, label,
    sigma; one block of rows per incident and per kind of clutter."""

    blocks: list[Floats] = field(default_factory=list)

    def add(self, *columns: object) -> None:
        block = np.column_stack(np.broadcast_arrays(*columns)).astype(np.float64)
        if len(block):
            self.blocks.append(block)

    def all(self) -> Floats:
        return np.concatenate([*self.blocks, np.empty((0, 7))])


@dataclass(frozen=True, slots=True)
class World:
    """Everything a seed draws before anything happens."""

    scene: Scene
    nature: Nature
    sensors: Sensors
    air: Air
    info: Information


def simulate(scene: Scene, seed: int, out: Path) -> None:
    """Write one set; deterministic for a scene and a seed."""
    rng = np.random.default_rng([seed, 20_260_301])
    nature = Nature.drawn(rng)
    sensors, air = draw_sensors(rng, scene, nature), draw_air(rng, scene)
    info = information(nature.tail_ratio, nature.tail_mean_s)
    world = World(scene, nature, sensors, air, info)
    forecast = draw_forecast(rng, scene, air)
    incidents = draw_incidents(rng, scene)
    heard = Heard()
    for k, one in enumerate(incidents):
        _hear(rng, world, heard, k, one)
    signals = _alive(world, heard.all())
    clutter = _alive(world, _clutter(rng, world, len(signals)))
    picks = _without_dead(np.concatenate([signals, clutter]))
    _write(world, incidents, forecast, picks, out)


def _hear(
    rng: np.random.Generator, world: World, heard: Heard, k: int, one: Floats
) -> None:
    """Direct arrivals of one incident, their echoes, and shocks ahead of them."""
    time, x, y, level, fired = one
    tau, snr, got = _received(rng, world, one)
    near = np.flatnonzero(rng.random(len(tau)) < 1 / (1 + np.exp(-(snr - 12) / 2)))
    sensors, nature = world.sensors, world.nature
    r = np.hypot(sensors.x_m - x, sensors.y_m - y)
    near = near[r[near] < REACH_M]
    snr, got, tau = snr[near], got[near], tau[near]
    onset = nature.onset_floor_s + nature.onset_s * 10 ** (-(snr - 10) / 20)
    onset = np.minimum(onset, 0.2)
    wobble = nature.turbulence_ratio * tau
    tail = rng.random(len(near)) < nature.tail_ratio
    late = np.where(tail, rng.exponential(nature.tail_mean_s, len(near)), 0.0)
    error = rng.normal(0.0, 1.0, len(near)) * np.hypot(onset, wobble) + late
    clock = sensors.bias_s + sensors.drift_ratio * time
    at = time + tau + error + clock[near]
    survey = SURVEY_M / 340.0
    sigma = np.sqrt(onset**2 + wobble**2 + sensors.sigma_s[near] ** 2 + survey**2)
    heard.add(at, near, got, snr, k, 0, sigma)
    again = np.flatnonzero(rng.random(len(near)) < nature.echo_ratio)
    loss = np.maximum(rng.normal(6, 3, len(again)), 0.0)
    after = at[again] + DEAD_S + rng.exponential(0.5, len(again))
    weak = snr[again] - loss > 11.0
    echo = (after, near[again], got[again] - loss, snr[again] - loss)
    heard.add(*(column[weak] for column in echo), k, 1, NO_SIGMA_S)
    if fired:
        ahead = np.flatnonzero(rng.random(len(near)) < 2 * nature.shock_ratio)
        lead = at[ahead] - rng.uniform(0.2, 2.5, len(ahead))
        change = rng.normal(0, 4, len(ahead))
        heard.add(lead, near[ahead], got[ahead] + change, snr[ahead], k, 2, NO_SIGMA_S)


def _received(
    rng: np.random.Generator, world: World, one: Floats
) -> tuple[Floats, Floats, Floats]:
    """Travel time, SNR and level at every sensor.

    Travel time is exact for the wind at the middle of the path, uniform along it.
    """
    time, x, y, level, _ = one
    sensors, nature = world.sensors, world.nature
    dx, dy = sensors.x_m - x, sensors.y_m - y
    r = np.maximum(np.hypot(dx, dy), 20.0)
    sound, u, v = world.air.at(time, x + dx / 2)
    along = (u * dx + v * dy) / r
    tau = r / (np.sqrt(sound**2 - (u * u + v * v - along**2)) + along)
    km = r / 1_000
    wind = nature.shadow_db * np.tanh(along / 5.0) * np.minimum(km / 3, 1.0)
    n = len(r)
    got = level - 20 * np.log10(km) - nature.absorption_db_km * (km - 1) + wind
    got += sensors.site_db + rng.normal(0, nature.path_db, n)
    snr = got - sensors.noise_db + nature.gain_db + rng.normal(0, 1.5, n)
    return tau, snr, got


def _clutter(rng: np.random.Generator, world: World, signals: int) -> Floats:
    """Poisson at each sensor's own rate, and bursts at single sensors."""
    ratio, sensors = world.scene.clutter_ratio, world.sensors
    wanted = rng.poisson(max(signals, 1) * ratio / (1 - ratio))
    single = round(0.9 * wanted)
    at = rng.choice(len(sensors.x_m), single, p=sensors.clutter / sensors.clutter.sum())
    times = [rng.uniform(0, world.scene.span_s, single)]
    where = [at]
    left = wanted - single
    while left > 0:
        size = min(int(rng.integers(4, 30)), left)
        begin = rng.uniform(0, world.scene.span_s)
        times.append(begin + rng.exponential(15.0, size))
        where.append(np.full(size, rng.integers(len(sensors.x_m))))
        left -= size
    time, sensor = np.concatenate(times), np.concatenate(where)
    snr = 11.0 + rng.exponential(5.0, len(time)) + rng.normal(0, 1, len(time))
    level = sensors.noise_db[sensor] + snr + rng.normal(0, 0.5, len(time))
    fixed = np.broadcast_to((-1.0, 3.0, NO_SIGMA_S), (len(time), 3))
    return np.column_stack([time, sensor, level, snr, fixed])


def _alive(world: World, picks: Floats) -> Floats:
    """Without what sensors missed while they were down, or before the set began."""
    down = world.sensors.down_s[picks[:, 1].astype(int)]
    off = (picks[:, 0] >= down[:, 0]) & (picks[:, 0] < down[:, 1])
    return picks[~off & (picks[:, 0] >= 0)]


def _without_dead(picks: Floats) -> Floats:
    """Sorted by time; a sensor is deaf for a moment after each pick."""
    picks = picks[np.lexsort((picks[:, 2], picks[:, 1], picks[:, 0]))]
    free: dict[int, float] = {}
    keep = np.zeros(len(picks), bool)
    for k, (time, sensor) in enumerate(picks[:, :2]):
        if time >= free.get(int(sensor), -1.0):
            keep[k] = True
            free[int(sensor)] = time + DEAD_S
    return picks[keep]


def _write(
    world: World, incidents: Floats, forecast: Floats, picks: Floats, out: Path
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    sensors = world.sensors
    names = [f"S{k:04d}" for k in range(len(sensors.x_m))]
    clock = ["gps" if one else "ntp" for one in sensors.gps]
    known = (sensors.survey_x_m, sensors.survey_y_m, sensors.sigma_s, sensors.noise_db)
    x, y, sigma, noise = known
    _table(
        out / "sensors.csv",
        "sensor_id,x,y,clock_class,clock_sigma_s,noise_db",
        "{},{:.2f},{:.2f},{},{:.3f},{:.2f}",
        (names, x, y, clock, sigma, noise),
    )
    at = [names[int(k)] for k in picks[:, 1]]
    _table(
        out / "picks.csv",
        "pick_id,sensor_id,time,level_db,snr_db",
        "{},{},{:.6f},{:.2f},{:.2f}",
        (range(len(picks)), at, picks[:, 0], picks[:, 2], picks[:, 3]),
    )
    _table(
        out / "met.csv",
        "time,temp_c,wind_u,wind_v",
        "{:.0f},{:.2f},{:.2f},{:.2f}",
        forecast.T,
    )
    down = sorted(
        (name, *when)
        for name, when in zip(names, sensors.down_s, strict=True)
        if np.isfinite(when[0])
    )
    columns = list(zip(*down, strict=True)) or [(), (), ()]
    _table(out / "status.csv", "sensor_id,t_down,t_up", "{},{:.3f},{:.3f}", columns)
    _write_truth(world, incidents, picks, out, names)


def _write_truth(
    world: World, incidents: Floats, picks: Floats, out: Path, names: list[str]
) -> None:
    sensors, air = world.sensors, world.air
    label = [LABELS[int(k)] for k in picks[:, 5]]
    whose = picks[:, 4].astype(int)
    _table(
        out / "truth_picks.csv",
        "pick_id,event_id,label,t_sigma_s",
        "{},{},{},{:.4f}",
        (range(len(picks)), whose, label, picks[:, 6]),
    )
    count, least, wide = _bounds(world, incidents, picks)
    _table(
        out / "truth_events.csv",
        "event_id,time,x,y,level_db,n_picks,crlb_m,crlb_nuis_m",
        "{},{:.6f},{:.2f},{:.2f},{:.2f},{},{:.2f},{:.2f}",
        (range(len(incidents)), *incidents[:, :4].T, count, least, wide),
    )
    _table(
        out / "truth_sensors.csv",
        "sensor_id,x,y,clock_bias_s,broken",
        "{},{:.2f},{:.2f},{:.5f},{:d}",
        (names, sensors.x_m, sensors.y_m, sensors.bias_s, sensors.broken),
    )
    n = len(air.time_s)
    gradient = np.full((2, n), [[air.gradient_u_mps], [air.gradient_v_mps]])
    _table(
        out / "truth_met.csv",
        "time,temp_c,wind_u,wind_v,gradient_u,gradient_v",
        "{:.0f},{:.3f},{:.3f},{:.3f},{:.3f},{:.3f}",
        (air.time_s, air.temp_c, air.wind_u_mps, air.wind_v_mps, *gradient),
    )


def _bounds(
    world: World, incidents: Floats, picks: Floats
) -> tuple[list[int], list[float], list[float]]:
    """Direct picks of each incident, and its bounds from those of sound clocks."""
    direct = picks[picks[:, 5] == 0]
    direct = direct[np.argsort(direct[:, 4], kind="stable")]
    edge = np.searchsorted(direct[:, 4], np.arange(len(incidents) + 1))
    sensors = world.sensors
    count, least, wide = [], [], []
    for k, (time, x, y, *_) in enumerate(incidents):
        rows = direct[edge[k] : edge[k + 1]]
        count.append(len(rows))
        at = rows[:, 1].astype(int)
        sound_at = ~sensors.broken[at]
        at, rows = at[sound_at], rows[sound_at]
        offset = np.column_stack([sensors.x_m[at] - x, sensors.y_m[at] - y])
        sound, u, v = world.air.at(time, x + offset[:, 0] / 2)
        r = np.maximum(np.hypot(*offset.T), 20.0)
        along = (u * offset[:, 0] + v * offset[:, 1]) / r
        speed = np.sqrt(sound**2 - (u * u + v * v - along**2)) + along
        one, two = bounds_m(offset, speed, world.info.of(rows[:, 6]), sound)
        least.append(one)
        wide.append(two)
    return count, least, wide


def _table(path: Path, header: str, row: str, columns: object) -> None:
    lines = [row.format(*cells) for cells in zip(*columns, strict=True)]
    path.write_text("\n".join([header, *lines]) + "\n")


def main() -> None:
    if len(sys.argv) != 4 or sys.argv[1] not in EVERY or not sys.argv[2].isdigit():
        sys.exit(f"usage: simulate.py {'|'.join(EVERY)} SEED OUT")
    simulate(EVERY[sys.argv[1]], int(sys.argv[2]), Path(sys.argv[3]))


if __name__ == "__main__":
    main()

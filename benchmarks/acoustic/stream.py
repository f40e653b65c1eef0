"""A line of nodes followed second by second: how soon it tells, and what it holds.

Run: ``python benchmarks/acoustic/stream.py [--sensors 14000] [--minutes 40]
[--epoch 900] [--batch]``. A line of 86 m per node, 40 km wide; every node picks once a
minute by chance, ten times as often within 100 km for one minute in ten; bangs are
heard within 9 km in still air. Processor seconds of one thread. ``--batch`` solves the
same picks at once instead and prints picks per second.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Network, Picks
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.version import Status, Version
from trucewatch.watch.associate import warm_up

M_PER_NODE, WIDTH_M, BURST_M, HEARD_M = 86.0, 40_000.0, 100_000.0, 9_000.0
C_MPS, WARM_UP_S = 340.0, 30.0


def network_of(sensors: int, rng: np.random.Generator) -> Network:
    """Nodes by chance over a long strip."""
    return Network(
        sensor_id=tuple(f"N{k:05d}" for k in range(sensors)),
        x_m=rng.uniform(0, M_PER_NODE * sensors, sensors).round(1),
        y_m=rng.uniform(0, WIDTH_M, sensors).round(1),
        clock_sigma_s=np.full(sensors, 0.002),
        noise_db=np.full(sensors, 85.0),
    )


def minute_of(
    network: Network, minute: int, rates: tuple[float, float], rng: np.random.Generator
) -> Picks:
    """The picks of one minute: clutter, a burst now and then, and some bangs."""
    n, (per_minute, bangs) = network.x_m.size, rates
    rate = np.full(n, per_minute)
    if minute % 10 == 7:
        low = rng.uniform(0, max(network.x_m.max() - BURST_M, 0.0))
        rate[(network.x_m >= low) & (network.x_m < low + BURST_M)] *= 10.0
    sensor = np.repeat(np.arange(n), rng.poisson(rate))
    at = rng.uniform(0, 60, sensor.size)
    level = rng.uniform(92, 100, sensor.size)
    rows = [(at, sensor, level)]
    for _ in range(rng.poisson(bangs)):
        x, y = rng.uniform(0, network.x_m.max()), rng.uniform(0, WIDTH_M)
        r = np.hypot(network.x_m - x, network.y_m - y)
        near = np.flatnonzero(r < HEARD_M)
        late = r[near] / C_MPS + rng.normal(0, 0.02, near.size)
        km = np.maximum(r[near], 20.0) / 1e3
        loss = 20 * np.log10(km) + 1.5 * (km - 1)
        level = 118.0 - loss + rng.normal(0, 4, near.size)
        rows.append((rng.uniform(0, 60) + late, near, level))
    at, sensor, level = (np.concatenate(one) for one in zip(*rows, strict=True))
    order = np.argsort(at, kind="stable")
    return Picks(
        time_s=at[order] + 60.0 * minute,
        sensor=sensor[order].astype(np.int64),
        level_db=level[order],
        snr_db=level[order] - 85.0,
    )


def rss_mb() -> float:
    """Memory of this process now."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1e3


class Listener:
    """A stream with a stop-watch.

    Attributes:
        steps_s: processor time of each step of the clock.
        delays_s: of each first telling, after its fifth pick.
        memory_mb: at the end of each minute.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.steps_s: list[float] = []
        self.delays_s: list[float] = []
        self.memory_mb: list[int] = []
        self.finals, self.picks = 0, 0
        self._times: dict[str, float] = {}

    def minute(self, minute: int, held: list[Picks]) -> None:
        """One minute second by second; `held` are its picks and those before."""
        for second in range(60):
            now = 60.0 * minute + second + 1.0
            for k, one in enumerate(held):
                self._feed(one, minute - k, now)
            began = time.process_time()
            told = self.stream.advance(now)
            self.steps_s.append(time.process_time() - began)
            self._note(told, now)
        old = 60.0 * minute - 120.0
        self._times = {p: t for p, t in self._times.items() if t > old}
        self.memory_mb.append(round(rss_mb()))

    def _feed(self, picks: Picks, minute: int, now: float) -> None:
        a, b = np.searchsorted(picks.time_s, (now - 1.0, now))
        ids = [f"{minute}-{row}" for row in range(a, b)]
        part = {name: getattr(picks, name)[a:b] for name in Picks.__slots__}
        self._times |= dict(zip(ids, part["time_s"].tolist(), strict=True))
        self.picks += len(ids)
        self.stream.feed(Picks(**part), ids)

    def _note(self, told: list[Version], now: float) -> None:
        for one in told:
            self.finals += one.status == Status.FINAL
            if one.status == Status.PROVISIONAL and one.revision == 1:
                fifth = sorted(self._times[p] for p in one.pick_id)[4]
                self.delays_s.append(now - fifth + self.steps_s[-1])


def followed(given: argparse.Namespace, rng: np.random.Generator) -> dict[str, object]:
    network = network_of(given.sensors, rng)
    heard = Listener(Stream(network, EngineSettings(epoch_s=given.epoch)))
    held: list[Picks] = []
    for minute in range(given.minutes):
        held = [minute_of(network, minute, (given.rate, given.bangs), rng), *held[:1]]
        heard.minute(minute, held)
    cost, delays = np.array(heard.steps_s[60:]), np.array(heard.delays_s)
    return {
        "picks": heard.picks,
        "finals": heard.finals,
        "told_early": len(delays),
        "delay_s_median": float(np.median(delays)),
        "delay_s_95": float(np.quantile(delays, 0.95)),
        "within_2_s": float(np.mean(delays <= 2.0)),
        "step_s_mean": float(cost.mean()),
        "step_s_99": float(np.quantile(cost, 0.99)),
        "step_s_max": float(cost.max()),
        "rss_mb_by_minute": heard.memory_mb,
    }


def at_once(given: argparse.Namespace, rng: np.random.Generator) -> dict[str, object]:
    network = network_of(given.sensors, rng)
    rates = (given.rate, given.bangs)
    minutes = [minute_of(network, k, rates, rng) for k in range(given.minutes)]
    columns = {
        name: np.concatenate([getattr(one, name) for one in minutes])
        for name in Picks.__slots__
    }
    began = time.process_time()
    settings = EngineSettings(epoch_s=given.epoch)
    found = solve(network, Picks(**columns), None, None, settings)
    cpu_s = time.process_time() - began
    picks = len(columns["time_s"])
    return {
        "picks": picks,
        "incidents": len(found.time_s),
        "engine_s": round(cpu_s, 1),
        "picks_per_s": round(picks / cpu_s),
        "peak_mb": round(rss_mb()),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sensors", type=int, default=14_000)
    parser.add_argument("--minutes", type=int, default=40)
    parser.add_argument("--epoch", type=float, default=3_600.0)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--bangs", type=float, default=1.4, help="per minute")
    parser.add_argument("--batch", action="store_true")
    given = parser.parse_args()
    warm_up(solve, EngineSettings())
    rng = np.random.default_rng(14)
    report = (at_once if given.batch else followed)(given, rng)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()

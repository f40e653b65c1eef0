"""A line of nodes followed second by second: how soon it tells, and what it holds.

Run: ``python benchmarks/acoustic/stream.py [--sensors 14000] [--minutes 6]
[--epoch 10800] [--batch]``. A line of 86 m per node, 40 km wide; every node picks once
a minute by chance, ten times as often within 100 km in one minute of four; bangs are
heard within 9 km in still air. A block fills in steps of five minutes; from the last of
them before its end on the clock goes second by second until it is closed and some
minutes more; while the block is being closed it does not run faster than the world's.
Seconds are processor time of the thread that listens, but those of `wall`, which count
what else the machine does; blocks are solved in another. ``--batch`` solves
``--minutes`` of picks at once instead.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from stopwatch import Delays, quantiles, rss_mb

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Network, Picks
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.version import Status
from trucewatch.watch.associate import warm_up

M_PER_NODE, WIDTH_M, BURST_M, HEARD_M = 86.0, 40_000.0, 100_000.0, 9_000.0
C_MPS = 340.0
EVERY, BURST = 4, 3  # one minute in four has a burst
FILL_S = 300.0  # while a block fills, the clock goes in steps of this


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
    if minute % EVERY == BURST:
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


class Listener:
    """A stream with a stop-watch; blocks are solved in a thread of their own.

    Attributes:
        steps_s: cost of each step of a second, outside bursts and closing blocks.
        burst_s: in a minute with a burst.
        closing_s: while blocks are being solved.
        wall_s: the same by the clock on the wall.
        delays: from fifth picks to first tellings.
        most_mb: the most memory seen after a step.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream, self.delays = stream, Delays()
        self.steps_s: list[float] = []
        self.burst_s: list[float] = []
        self.closing_s: list[float] = []
        self.wall_s: list[float] = []
        self.delays_s: list[float] = []
        self.burst_delays_s: list[float] = []
        self.most_mb, self.picks = 0.0, 0
        self.count = dict.fromkeys(Status, 0)

    def minute(self, minute: int, held: list[Picks], step_s: float) -> None:
        """One minute step by step; `held` are its picks and those before."""
        for k in range(1, round(60 / step_s) + 1):
            now_s = 60.0 * minute + k * step_s
            ids, came_s, began = [], [], time.thread_time()
            wall_s = time.monotonic()
            for back, one in enumerate(held):
                part = self._feed(one, minute - back, (now_s - step_s, now_s))
                ids += part[0]
                came_s.append(part[1])
            busy = self.stream.busy
            tells = step_s == 1.0 or now_s % FILL_S == 0.0
            told = self.stream.advance(now_s) if tells else []
            cost_s = time.thread_time() - began
            self.most_mb = max(self.most_mb, rss_mb())
            self.picks += len(ids)
            for one in told:
                self.count[one.status] += 1
            self.delays.note(told, now_s + cost_s, ids, np.concatenate(came_s))
            if step_s == 1.0:
                busy = busy or self.stream.busy
                self._note(cost_s, busy, minute % EVERY == BURST)
                if busy:
                    self._pace(time.monotonic() - wall_s)
        if step_s != 1.0:
            self.delays.take()

    def _note(self, cost_s: float, busy: bool, burst: bool) -> None:
        kind = self.burst_s if burst else self.steps_s
        (self.closing_s if busy else kind).append(cost_s)
        (self.burst_delays_s if burst else self.delays_s).extend(self.delays.take())

    def _pace(self, wall_s: float) -> None:
        """No step of a second is over before a second is."""
        self.wall_s.append(wall_s)
        time.sleep(max(0.0, 1.0 - wall_s))

    def _feed(
        self, picks: Picks, minute: int, span_s: tuple[float, float]
    ) -> tuple[list[str], np.ndarray]:
        a, b = np.searchsorted(picks.time_s, span_s)
        ids = [f"{minute}-{row}" for row in range(a, b)]
        part = {name: getattr(picks, name)[a:b] for name in Picks.__slots__}
        self.stream.feed(Picks(**part), ids)
        return ids, part["time_s"]


def followed(given: argparse.Namespace, rng: np.random.Generator) -> dict[str, object]:
    """A block fills in steps of five minutes, and is closed second by second."""
    network, settings = network_of(given.sensors, rng), EngineSettings()
    full, rates = round(given.epoch / 60), (given.rate, given.bangs)
    fine = full - round(FILL_S / 60)
    if given.epoch != settings.epoch_s:
        settings = EngineSettings(epoch_s=given.epoch)
    with ThreadPoolExecutor(1) as pool:
        heard = Listener(Stream(network, settings, executor=pool))
        held: list[Picks] = []
        minute, after = 0, full + given.minutes
        while minute < after or heard.stream.busy:
            held = [minute_of(network, minute, rates, rng), *held[:1]]
            heard.minute(minute, held, 1.0 if minute >= fine else 60.0)
            minute += 1
        closed_mb = rss_mb()
    return {
        "picks": heard.picks,
        "minutes": minute,
        "versions": {str(status.value): n for status, n in heard.count.items()},
        "step_s": quantiles(heard.steps_s),
        "step_in_bursts_s": quantiles(heard.burst_s),
        "step_while_closing_s": quantiles(heard.closing_s),
        "step_while_closing_wall_s": quantiles(heard.wall_s),
        "delay_s": quantiles(heard.delays_s),
        "delay_in_bursts_s": quantiles(heard.burst_delays_s),
        "most_mb": round(heard.most_mb),
        "closed_mb": round(closed_mb),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
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
    parser.add_argument("--minutes", type=int, default=6)
    parser.add_argument("--epoch", type=float, default=10_800.0)
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

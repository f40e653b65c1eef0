"""How the engine's cost per pick grows with what happens and with who listens.

Run: ``python benchmarks/acoustic/growth.py --out WORK [--rates 100,2000,20000]
[--sensors 300,1000] [--plot FILE.svg]``. Rates are incidents a day heard by 500
sensors; sensors share one sector at 2,000 incidents a day. Each size is a simulated
set in WORK and runs in a process of its own: processor time of the engine after a
warm-up, and the most memory the process held. ``--plot`` needs matplotlib.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench import given
from simulate import simulate
from world import SCENES, Scene

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.watch.associate import warm_up

RATES = "100,500,2000,8000,20000,80000,240000"
SENSORS = "300,500,1000,3000,14000"
WANTED = 400.0  # incidents per set, so that all sets take seconds
LONGEST_S, SHORTEST_S = 43_200.0, 900.0


@dataclass(frozen=True, slots=True)
class Size:
    """One point of a curve: what was asked for, and what it cost."""

    asked: int
    picks: int
    cpu_s: float
    rss_bytes: int

    @property
    def per_pick_us(self) -> float:
        return 1e6 * self.cpu_s / self.picks


def scene_at(per_day: int, sensors: int) -> Scene:
    """A set of some hundred incidents, at least a quarter of an hour long."""
    span = WANTED / per_day * 86_400.0
    span = min(max(span, SHORTEST_S), LONGEST_S)
    return replace(SCENES["busy"], per_day=per_day, sensors=sensors, span_s=span)


def measured(folder: Path, asked: int) -> Size:
    """What the set costs in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return Size(asked=asked, **json.loads(done.stdout))


def run_one(folder: Path) -> None:
    heard, settings = given(folder), EngineSettings()
    warm_up(solve, settings)
    began = time.process_time()
    solve(heard.network, heard.picks, heard.weather, heard.outages, settings)
    cpu_s = time.process_time() - began
    rss = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"picks": len(heard.picks.time_s), "cpu_s": cpu_s, "rss_bytes": rss}
    print(json.dumps(told))


def curve(what: str, asked: list[int], work: Path) -> list[Size]:
    """All sizes of one kind, with a table row printed for each."""
    sizes = []
    for one in asked:
        scene = scene_at(one, 500) if what == "rate" else scene_at(2_000, one)
        folder = work / f"growth-{what}-{one}"
        if not (folder / "truth_met.csv").is_file():
            simulate(scene, 1, folder)
        size = measured(folder, one)
        print(
            f"| {what} {one:,} | {size.picks:,} | {size.cpu_s:.2f} | "
            f"{size.per_pick_us:.0f} | {size.rss_bytes / 1e6:.0f} |",
            flush=True,
        )
        sizes.append(size)
    return sizes


def exponent(sizes: list[Size]) -> float:
    """Slope of log cost per pick over log size, by least squares."""
    x = [math.log(size.asked) for size in sizes]
    y = [math.log(size.per_pick_us) for size in sizes]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    pull = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return pull / max(sum((a - mx) ** 2 for a in x), 1e-12)


def draw(curves: dict[str, list[Size]], file: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.5), layout="constrained")
    names = {"rate": "incidents a day, 500 sensors", "sensors": "sensors, 2,000 a day"}
    for k, (what, sizes) in enumerate(curves.items()):
        axes = figure.add_subplot(1, len(curves), k + 1)
        axes.loglog([s.asked for s in sizes], [s.per_pick_us for s in sizes], "o-")
        axes.set(xlabel=names[what], ylabel="µs per pick")
    figure.savefig(file)


def main() -> None:
    ask = argparse.ArgumentParser(description="Growth of the acoustic engine.")
    ask.add_argument("--out", type=Path)
    ask.add_argument("--rates", default=RATES)
    ask.add_argument("--sensors", default=SENSORS)
    ask.add_argument("--plot", type=Path)
    ask.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    chosen = ask.parse_args()
    if chosen.one:
        run_one(chosen.one)
        return
    if not chosen.out:
        ask.error("--out is needed")
    print("| size | picks | CPU s | µs per pick | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    asked = {"rate": chosen.rates, "sensors": chosen.sensors}
    curves = {
        what: curve(what, [int(one) for one in listed.split(",")], chosen.out)
        for what, listed in asked.items()
        if listed
    }
    for what, sizes in curves.items():
        if len(sizes) > 1:
            print(f"\ncost per pick grows as {what} to the {exponent(sizes):.2f}")
    if chosen.plot:
        draw(curves, chosen.plot)


if __name__ == "__main__":
    main()

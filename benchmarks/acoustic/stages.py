"""Where the engine's processor time goes, stage by stage, on simulated sets.

Run: ``python benchmarks/acoustic/stages.py --out WORK [--scenes busy,barrage]
[--seed 1]``. Sets are simulated into WORK as by ``bench.py``. A stage is a compiled
function that the solver or the engine calls; its time is processor time, after a
warm-up, and holds everything it calls.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from bench import given, prepared

from trucewatch.fuse.acoustic import engine, solver
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.watch.associate import warm_up

Timed = dict[str, list[float]]


def watch_stages(module: ModuleType, spent: Timed) -> None:
    """Every compiled function the module imports reports its processor time."""
    for name, one in list(vars(module).items()):
        if hasattr(one, "py_func"):
            setattr(module, name, _timed(name, one, spent))


def _timed(
    name: str, stage: Callable[..., object], spent: Timed
) -> Callable[..., object]:
    @functools.wraps(stage)
    def run(*given_: object) -> object:
        began = time.process_time()
        try:
            return stage(*given_)
        finally:
            spent[name].append(time.process_time() - began)

    return run


def main() -> None:
    ask = argparse.ArgumentParser(description="Processor time by stage.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--scenes", default="busy")
    ask.add_argument("--seed", type=int, default=1)
    chosen = ask.parse_args()
    settings = EngineSettings()
    warm_up(engine.solve, settings)
    spent: Timed = defaultdict(list)
    for module in (engine, solver):
        watch_stages(module, spent)
    for scene in chosen.scenes.split(","):
        heard = given(prepared(scene, chosen.seed, chosen.out))
        spent.clear()
        began = time.process_time()
        engine.solve(heard.network, heard.picks, heard.weather, heard.outages, settings)
        total, picks = time.process_time() - began, len(heard.picks.time_s)
        print(f"{scene}: {picks:,} picks, {total:.3f} s, {picks / total:,.0f} picks/s")
        rest = total - sum(sum(each) for each in spent.values())
        for name, each in sorted(spent.items(), key=lambda one: -sum(one[1])):
            parts = " ".join(f"{one:.3f}" for one in each[:12])
            print(f"  {sum(each):7.3f} s {sum(each) / total:5.1%} {name:12s} {parts}")
        print(f"  {rest:7.3f} s {rest / total:5.1%} between stages")


if __name__ == "__main__":
    main()

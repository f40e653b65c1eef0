"""The engine, and on request PyOcto and GaMMA, on the same simulated picks: one table.

Run: ``python benchmarks/acoustic/bench.py --out WORK [--scenes light,busy]
[--seeds 1,2] [--peers PYTHON]``. Sets are simulated into WORK and kept there. Times are
processor time of one thread, after a warm-up, without reading and writing. ``--peers``
names the interpreter of an environment with pyocto and gmma (see ``peers.py``); the
better F1 of PyOcto's settings is shown. What was stopped after ``--most-s`` is told.
Scenes stand in ``world.py``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from score import Found, Score, read_truth, score
from sets import written
from simulate import simulate
from world import EVERY, SCENES

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.watch.acoustic_files import Heard, hear
from trucewatch.watch.associate import warm_up

PEERS = {"PyOcto": ("pyocto-wide", "pyocto-tight"), "GaMMA": ("gamma",)}
PLACE = ("time", "x", "y")
HEADER = (
    "| scene | solver | seeds | picks | F1 | strict F1 | recall n≥5 | false p≥0.9 | "
    "error m | error/bound | in 90 % | ECE | picks/s |"
)


LEARNT_HEADER = (
    "| scene | sound m/s rms | wind m/s rms | broken clocks flagged | others flagged |"
)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What incidents taught the engine of the air and the clocks.

    Attributes:
        sound_mps: rms error of the speed of sound over the span.
        wind_mps: rms error of the wind, of each component.
        broken: broken clocks, and how many of them were flagged.
        wrongly: sound clocks that were flagged.
    """

    sound_mps: float
    wind_mps: float
    broken: int
    flagged: int
    wrongly: int


@dataclass(frozen=True, slots=True)
class Run:
    """One solver on one set."""

    picks: int
    cpu_s: float
    score: Score
    learnt: Learnt | None = None


def prepared(scene: str, seed: int, work: Path) -> Path:
    """The folder of a set, simulated unless it stands there already."""
    folder = work / f"{scene}-{seed}"
    if not (folder / "truth_met.csv").is_file():
        simulate(EVERY[scene], seed, folder)
    return folder


def given(folder: Path) -> Heard:
    """A set as the engine takes it, through the files of the command line."""
    return hear(written(folder, folder / "contract"))


def found_by(heard: Heard, solution: Solution) -> Found:
    """What the engine says, in the clock of the set."""
    return Found(
        time_s=solution.time_s + heard.clock.origin_s,
        x_m=solution.x_m,
        y_m=solution.y_m,
        cov_m2=solution.cov[:, :2, :2],
        probability=solution.probability,
    )


def run_engine(folder: Path) -> Run:
    heard, settings = given(folder), EngineSettings()
    warm_up(solve, settings)
    began = time.process_time()
    solution = solve(heard.network, heard.picks, heard.weather, heard.outages, settings)
    cpu_s = time.process_time() - began
    result = score(read_truth(folder), found_by(heard, solution))
    learnt = learnt_by(folder, heard, solution)
    return Run(len(heard.picks.time_s), cpu_s, result, learnt)


def learnt_by(folder: Path, heard: Heard, solution: Solution) -> Learnt:
    """The solved air and clocks against the truth of a set."""
    met = _columns(folder / "truth_met.csv", ("time", "temp_c", "wind_u", "wind_v"))
    at = solution.medium_time_s + heard.clock.origin_s
    within = (at >= met[0][0]) & (at <= heard.picks.time_s[-1])
    temp, u, v = (np.interp(at[within], met[0], one) for one in met[1:])
    sound = 331.3 * np.sqrt(1 + temp / 273.15)
    air = solution.medium[within]
    wind = np.concatenate([air[:, 1] - u, air[:, 2] - v])
    broken = _columns(folder / "truth_sensors.csv", ("broken",))[0] > 0
    flagged = solution.clock_broken
    return Learnt(
        sound_mps=float(np.sqrt(np.mean((air[:, 0] - sound) ** 2))),
        wind_mps=float(np.sqrt(np.mean(wind**2))),
        broken=int(broken.sum()),
        flagged=int((flagged & broken).sum()),
        wrongly=int((flagged & ~broken).sum()),
    )


def _columns(path: Path, names: tuple[str, ...]) -> list[np.ndarray]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [np.array([float(row[name]) for row in rows]) for name in names]


def run_peer(
    folder: Path, names: tuple[str, ...], python: str, most_s: int
) -> tuple[Run | None, list[str]]:
    """The run with the best F1 of some settings, and which of them were stopped."""
    runs, stopped = [], []
    for name in names:
        run = _one_peer(folder, name, python, most_s)
        if run is None:
            stopped.append(f"{name} on {folder.name}: stopped after {most_s} s")
        else:
            speed = run.picks / run.cpu_s
            print(
                f"{name} on {folder.name}: F1 {run.score.f1:.3f}, "
                f"{run.cpu_s:.1f} s, {speed:.0f} picks/s",
                file=sys.stderr,
            )
            runs.append(run)
    return max(runs, key=lambda run: run.score.f1, default=None), stopped


def _one_peer(folder: Path, name: str, python: str, most_s: int) -> Run | None:
    """One setting; what it found is kept beside the set. None if it was stopped."""
    out = folder / f"peer-{name}"
    if not out.with_suffix(".json").is_file():
        script = str(Path(__file__).with_name("peers.py"))
        one_thread = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [python, script, str(folder), name, str(out), str(most_s)]
        done = subprocess.run(command, check=False, env=one_thread)
        if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
            return None
        done.check_returncode()
    columns = _columns(out.with_suffix(".csv"), PLACE)
    with (folder / "picks.csv").open() as file:
        picks = sum(1 for _ in file) - 1
    cpu_s = json.loads(out.with_suffix(".json").read_text())["cpu_s"]
    return Run(picks, cpu_s, score(read_truth(folder), Found(*columns)))


def table_row(scene: str, solver: str, runs: list[Run]) -> str:
    """Means over seeds; picks per second of all picks together."""
    values = np.array([astuple(run.score) for run in runs], np.float64)
    mean = dict(zip(Score.__slots__, values.mean(axis=0).tolist(), strict=True))
    picks = sum(run.picks for run in runs)
    speed = picks / max(sum(run.cpu_s for run in runs), 1e-9)
    cells = [
        scene,
        solver,
        f"{len(runs)}",
        f"{picks // len(runs):,}",
        f"{mean['f1']:.3f}",
        f"{mean['strict_f1']:.3f}",
        f"{mean['recall_5']:.3f}",
        f"{mean['false_at_90'] if mean['ece'] >= 0 else np.nan:.1f}",
        f"{mean['error_m']:.1f}",
        f"{mean['over_bound']:.2f}",
        f"{mean['inside_90']:.3f}",
        f"{mean['ece']:.4f}",
        f"{speed:,.0f}",
    ]
    return f"| {' | '.join(cells)} |".replace("nan", "–")


def learnt_row(scene: str, learnt: list[Learnt]) -> str:
    """Root of the mean square over seeds; clocks of all seeds together."""
    sound = np.sqrt(np.mean([one.sound_mps**2 for one in learnt]))
    wind = np.sqrt(np.mean([one.wind_mps**2 for one in learnt]))
    broken = sum(one.broken for one in learnt)
    flagged = sum(one.flagged for one in learnt)
    wrongly = sum(one.wrongly for one in learnt)
    return f"| {scene} | {sound:.2f} | {wind:.2f} | {flagged}/{broken} | {wrongly} |"


def main() -> None:
    ask = argparse.ArgumentParser(description="Benchmark of the acoustic engine.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--scenes", default=",".join(SCENES))
    ask.add_argument("--seeds", default="1,2,3")
    ask.add_argument("--peers", help="interpreter with pyocto and gmma")
    ask.add_argument("--most-s", type=int, default=300, help="a peer's processor time")
    chosen = ask.parse_args()
    print(HEADER)
    print("| --- | --- |" + " ---: |" * (HEADER.count("|") - 3))
    notes: list[str] = []
    learnt = [LEARNT_HEADER, "| --- | ---: | ---: | ---: | ---: |"]
    for scene in chosen.scenes.split(","):
        seeds = [int(seed) for seed in chosen.seeds.split(",")]
        folders = [prepared(scene, seed, chosen.out) for seed in seeds]
        own = [run_engine(one) for one in folders]
        print(table_row(scene, "trucewatch", own))
        learnt.append(learnt_row(scene, [run.learnt for run in own if run.learnt]))
        for peer, names in PEERS.items() if chosen.peers else ():
            asked = [
                run_peer(one, names, chosen.peers, chosen.most_s) for one in folders
            ]
            if runs := [run for run, _ in asked if run]:
                print(table_row(scene, peer, runs))
            notes += [f"{peer}: {one}" for _, stopped in asked for one in stopped]
        sys.stdout.flush()
    print("\n" + "\n".join(learnt + notes))
    if not chosen.peers:
        print(
            "\nPyOcto and GaMMA were not run: --peers names no interpreter with them."
        )


if __name__ == "__main__":
    main()

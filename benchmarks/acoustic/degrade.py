"""What happens when something is wrong, by how wrong it is: one table and one page.

Run: ``python benchmarks/acoustic/degrade.py --out WORK [--seeds 1,2] [--kinds clocks]
[--span-s 900] [--plot FILE.svg]``. The busy scene of ``world.py`` with one thing wrong
at a time, in grades: the forecast's speed of sound, clocks off by 50 ms, nodes surveyed
100 m off, clutter, nodes that fall silent in the middle. Means over seeds; an ellipse
is right if it holds nine truths in ten. ``--plot`` needs matplotlib.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from bench import run_engine
from score import Score
from simulate import simulate
from world import SCENES, Scene

MPS_PER_K = 0.606
BAR = (0.87, 0.93)
GRADES = {
    "sound": (-10.0, -5.0, 0.0, 5.0, 10.0),
    "clocks": (0.0, 0.1, 0.2, 0.4),
    "places": (0.0, 0.05, 0.1, 0.2),
    "clutter": (0.35, 0.6, 0.8, 0.9),
    "lost": (0.0, 0.25, 0.5, 0.75),
}
MEANS = {
    "sound": "forecast's sound off by, m/s",
    "clocks": "clocks off by 50 ms, share",
    "places": "nodes 100 m off, share",
    "clutter": "clutter, share of picks",
    "lost": "nodes lost in the middle, share",
}
SHOWN = {
    "F1": "f1",
    "strict F1": "strict_f1",
    "error over bound": "over_bound",
    "ellipses that hold": "inside_90",
}


@dataclass(frozen=True, slots=True)
class Grade:
    """Something is wrong by so much, and what that does."""

    kind: str
    by: float
    scores: tuple[Score, ...]

    def mean(self, name: str) -> float:
        """Of one figure over the seeds."""
        return float(np.mean([getattr(score, name) for score in self.scores]))


def scene_with(kind: str, by: float, span_s: float) -> Scene:
    """The busy scene with one thing wrong.

    Raises:
        ValueError: if there is no such kind.
    """
    busy = replace(SCENES["busy"], span_s=span_s)
    match kind:
        case "sound":
            return replace(busy, forecast_temp_bias_k=by / MPS_PER_K)
        case "clocks":
            return replace(busy, bad_clock_ratio=by)
        case "places":
            return replace(busy, misplaced_ratio=by)
        case "clutter":
            return replace(busy, clutter_ratio=by)
        case "lost":
            return replace(busy, lost_ratio=by)
    msg = f"kind is {kind!r}; one of {', '.join(GRADES)} is needed"
    raise ValueError(msg)


def measured(
    kind: str, by: float, span_s: float, seeds: list[int], work: Path
) -> Grade:
    """Scores of the engine on simulated sets, which are kept in `work`."""
    scores = []
    for seed in seeds:
        folder = work / f"{kind}-{by:g}-{span_s:g}-{seed}"
        if not (folder / "truth_met.csv").is_file():
            simulate(scene_with(kind, by, span_s), seed, folder)
        scores.append(run_engine(folder).score)
    return Grade(kind, by, tuple(scores))


def row(grade: Grade) -> str:
    """A line of the table."""
    shown = [f"{grade.mean(name):.3f}" for name in SHOWN.values()]
    cells = [MEANS[grade.kind], f"{grade.by:g}", *shown, f"{grade.mean('ece'):.3f}"]
    return f"| {' | '.join(cells)} |"


def draw(grades: list[Grade], file: Path) -> None:
    """One column for each thing that is wrong, one row for each figure."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.hashsalt": "degrade", "svg.fonttype": "none"})
    kinds = [kind for kind in GRADES if any(one.kind == kind for one in grades)]
    figure = Figure(figsize=(2.6 * len(kinds), 8.0), layout="constrained")
    panels = figure.subplots(len(SHOWN), len(kinds), squeeze=False, sharey="row")
    for column, kind in enumerate(kinds):
        mine = [one for one in grades if one.kind == kind]
        for line, (label, name) in enumerate(SHOWN.items()):
            panel = panels[line, column]
            if name == "inside_90":
                panel.axhspan(*BAR, color="0.85")
            panel.plot([one.by for one in mine], [one.mean(name) for one in mine], "o-")
            for one in mine:
                each = [getattr(score, name) for score in one.scores]
                panel.plot([one.by] * len(each), each, ".", color="0.5", markersize=3)
            panel.grid(alpha=0.3)
            if column == 0:
                panel.set_ylabel(label)
        panels[-1, column].set_xlabel(MEANS[kind])
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    ask = argparse.ArgumentParser(
        description="The acoustic engine when things go wrong."
    )
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--seeds", default="1,2")
    ask.add_argument("--kinds", default=",".join(GRADES))
    ask.add_argument("--span-s", type=float, default=900.0)
    ask.add_argument("--plot", type=Path)
    chosen = ask.parse_args()
    seeds = [int(seed) for seed in chosen.seeds.split(",")]
    header = f"| what is wrong | by | {' | '.join(SHOWN)} | ECE |"
    print(header)
    print("| --- |" + " ---: |" * (header.count("|") - 2))
    grades = []
    for kind in chosen.kinds.split(","):
        for by in GRADES[kind]:
            grade = measured(kind, by, chosen.span_s, seeds, chosen.out)
            grades.append(grade)
            print(row(grade), flush=True)
    if chosen.plot:
        draw(grades, chosen.plot)


if __name__ == "__main__":
    main()

"""Optical change measured: `python -m benchmarks.optical [curve|fdr]`.

Simulated districts (`tests/optics.py`): 400 fields of 8 by 8 pixels of 20 m, seasons,
haze, cloud over 40 % of which 5 % is not flagged; a tenth of the fields burns. The
pictures go through the command's own reading, masking, indices and series.

curve   area under the ROC curve by pictures, cloud, size of the change, and harvest
fdr     share of false ones among the places called, and recall
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from benchmarks.sar import auc
from tests.optics import SIDE, SINCE, World, dataset

from trucewatch.detect.change.assess import Assessment
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.watch.change import Wish, change
from trucewatch.watch.change_places import squares
from trucewatch.watch.optical import indices
from trucewatch.watch.pictures import of_dataset

SETTINGS = ChangeSettings(margin=0, ahead=True)


def judged(world: World) -> tuple[Assessment, np.ndarray]:
    stack = of_dataset(indices(dataset(world), "world"), "index", "world")
    wish = Wish(stack, squares(stack.grid, SIDE), SINCE, SETTINGS)
    with tempfile.TemporaryDirectory() as folder:
        return change(wish, Path(folder), None).places, world.burnt()


def score(world: World, seeds: int = 4) -> float:
    found = [judged(replace(world, seed=seed)) for seed in range(seeds)]
    seen = [np.isfinite(one.score) for one, _ in found]
    return float(
        np.mean([
            auc(one.score[good], truth[good])
            for (one, truth), good in zip(found, seen, strict=True)
        ])
    )


def curve() -> None:
    base = World()
    worlds = {
        "20 before, 6 after": base,
        "20, 1": replace(base, after=1),
        "20, 2": replace(base, after=2),
        "16, 6": replace(base, before=16),
        "40, 6": replace(base, before=40),
        "change of 0.15": replace(base, effect=0.15, effect_sd=0.05),
        "change of 0.5": replace(base, effect=0.5),
        "cloud 70 %": replace(base, cloud_ratio=0.7),
        "seasons twice as strong": replace(base, season=0.2),
        "30 % of fields mown in 60 days": replace(base, harvest_ratio=0.3),
    }
    for name, world in worlds.items():
        began = time.process_time()
        print(
            f"{name}: {score(world):.3f} ({time.process_time() - began:.0f} s)",
            flush=True,
        )


def fdr(repeats: int = 20) -> None:
    base = World()
    worlds = {
        "10 % burnt": base,
        "2 % burnt": replace(base, burnt_ratio=0.02),
        "one picture after": replace(base, after=1),
        "30 % mown": replace(base, harvest_ratio=0.3),
    }
    for name, world in worlds.items():
        rows: dict[float, list[tuple[float, float]]] = {0.05: [], 0.1: [], 0.2: []}
        strong = []
        for seed in range(repeats):
            found, truth = judged(replace(world, seed=11 * seed + 5))
            for nominal, kept in rows.items():
                called = found.q <= nominal
                false = (called & ~truth).sum() / max(called.sum(), 1)
                kept.append((false, (called & truth).sum() / max(truth.sum(), 1)))
            ratio = np.nan_to_num(found.log10_ratios, nan=-9) >= 0.5
            strong.append((ratio[truth].mean(), ratio[~truth].mean()))
        told = []
        for nominal, kept in rows.items():
            shares = np.array(kept)
            error = shares[:, 0].std(ddof=1) / len(kept) ** 0.5
            told.append(
                f"{nominal:.2f}: {shares[:, 0].mean():.3f} ({error:.3f}), "
                f"recall {shares[:, 1].mean():.2f}"
            )
        hit, miss = np.mean(strong, axis=0)
        print(f"{name} | " + " | ".join(told))
        print(
            f"  ratio of 3 and more: {hit:.2f} of burnt, {miss:.3f} of others",
            flush=True,
        )


if __name__ == "__main__":
    tasks = {"curve": curve, "fdr": fdr}
    for task in sys.argv[1:] or list(tasks):
        tasks[task]()

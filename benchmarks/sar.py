"""Radar change measured: `python -m benchmarks.sar [speed|curve|fdr|size|memory]`.

speed   pixel-dates a second of one core, filter, logarithm and update included
curve   area under the ROC curve by pictures before and after and by size of the change
fdr     share of false ones among the places called, against the nominal share
size    recall of damaged houses by their size, at the shipped false discovery rate
memory  peak of one process by size of the stack, tile by tile

The truth is simulated (`tests/radar.py`): speckle with the looks and resolution of
Sentinel-1, weather of whole pictures and of patches, over the outlines of 803 houses of
an UNOSAT layer where TRUCEWATCH_DATA is set, else over drawn ones. Time is CPU time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.radar import SINCE, World, damaged, geotiffs, pictures, times

from trucewatch.detect.change.assess import Assessment, assess
from trucewatch.detect.change.places import Band
from trucewatch.detect.change.settings import (
    ChangeSettings,
    Combination,
    Scatter,
)
from trucewatch.detect.change.speckle import level_db

DEFAULT = ChangeSettings(looks_ratio=4.0)
PIXEL_M = 10.0


def outlines() -> np.ndarray | None:
    """Numbers of the lent houses on a grid of 10 m, moved together."""
    lent = os.environ.get("TRUCEWATCH_DATA")
    if not lent:
        return None
    import shapely
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    path = Path(lent) / "sar_damage/ukr7_unosat_damaged_footprint_epsg3857.geojson"
    features = json.loads(path.read_text())["features"]
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in features]
    # Web Mercator stretches by 1 / cos(latitude): 50 degrees north here.
    shapes = [shapely.affinity.scale(s, 0.643, 0.643, origin=(0, 0)) for s in shapes]
    # The houses lie kilometres apart; rows of them keep the outlines and save pixels.
    placed, x, y, high = [], 60.0, 60.0, 0.0
    for one in sorted(shapes, key=lambda s: s.bounds[3] - s.bounds[1]):
        west, south, east, north = one.bounds
        if x + east - west > 3900:
            x, y, high = 60.0, y + high + 20, 0.0
        placed.append(shapely.affinity.translate(one, x - west, y - south))
        x += east - west + 20
        high = max(high, north - south)
    rows = int((y + high + 60) / PIXEL_M)
    grid = from_origin(0, rows * PIXEL_M, PIXEL_M, PIXEL_M)
    pairs = [(shape, n) for n, shape in enumerate(placed, start=1)]
    found = rasterize(pairs, (rows, 400), transform=grid, all_touched=True)
    _, packed = np.unique(found, return_inverse=True)
    return packed.reshape(found.shape).astype(np.int32)


def district(world: World) -> tuple[tuple[Band, ...], np.ndarray, np.ndarray]:
    """Series of every house, its size in pixels, and whether it fell."""
    labels = world.houses()
    size = np.bincount(labels.ravel())[1:]
    found: dict[str, list[tuple]] = {}
    reference: dict[str, np.ndarray] = {}
    for orbit, pol, at, power in pictures(world):
        sums = np.bincount(labels.ravel(), power.ravel())[1:]
        name = f"{orbit}/{pol}"
        level = level_db(power, reference.setdefault(name, power))
        series = 10 * np.log10(sums / size) - level
        found.setdefault(name, []).append((at, series))
    bands = tuple(
        Band(name, tuple(at for at, _ in rows), np.stack([x for _, x in rows], axis=1))
        for name, rows in sorted(found.items())
    )
    return bands, size, damaged(world)


def auc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a fallen house scores above a standing one."""
    order = np.argsort(np.argsort(scores))
    fallen, standing = int(truth.sum()), int((~truth).sum())
    return float((order[truth].sum() - fallen * (fallen - 1) / 2) / (fallen * standing))


def judged(world: World, settings: ChangeSettings) -> tuple[Assessment, np.ndarray]:
    bands, _, truth = district(world)
    return assess(bands, SINCE, settings), truth


def speed() -> None:
    from trucewatch.detect.change.moments import Moments
    from trucewatch.detect.change.speckle import fold

    rng = np.random.default_rng(0)
    for side in (256, 512, 1024):
        some = [
            rng.gamma(4.4, 1 / 4.4, (side + 6, side + 6)).astype(np.float32)
            for _ in range(4)
        ]
        state = Moments.none(side, side).state
        fold(some[0], 3, 4.4, 0.0, state)
        dates = 40
        began = time.process_time()
        for k in range(dates):
            fold(some[k % 4], 3, 4.4, 0.0, state)
        spent = time.process_time() - began
        rate = dates * side * side / spent / 1e6
        print(f"tile {side}: {rate:.0f} million pixel-dates/s")


def curve() -> None:
    base = World(labels=outlines())
    print("AUC over houses; effect 3 dB (sd 1, and 1 between bands), either way")
    print("pictures before, after | 2 orbits VV+VH | the same, max | 1 orbit, VV only")
    for before, after in ((8, 1), (8, 2), (8, 4), (12, 1), (12, 4), (30, 4)):
        world = replace(base, before=before, after=after)
        cells = []
        for settings in (DEFAULT, replace(DEFAULT, combination=Combination.MAX)):
            cells.append(auc(*_scored(world, settings)))
        alone = replace(world, orbits=(14,), polarisations=("vv",))
        cells.append(auc(*_scored(alone, DEFAULT)))
        print(f"{before:3d}, {after} | " + " | ".join(f"{one:.3f}" for one in cells))
    world = replace(base, before=8, after=4)
    welch = replace(DEFAULT, scatter=Scatter.OWN)
    print(f"8, 4 with Welch's t: {auc(*_scored(world, welch)):.3f}")
    print("by size of the change, 8 before, 4 after, 2 orbits")
    for effect in (1.0, 1.5, 2.0, 3.0, 4.0):
        world = replace(base, before=8, after=4, effect_db=effect)
        print(f"{effect} dB: {auc(*_scored(world, DEFAULT)):.3f}")


def _scored(world: World, settings: ChangeSettings) -> tuple[np.ndarray, np.ndarray]:
    found, truth = judged(world, settings)
    return found.score, truth


def fdr(repeats: int = 40) -> None:
    labels = outlines()
    worlds = {
        "30 % fell": World(labels=labels, before=12, after=4),
        "5 % fell": World(labels=labels, before=12, after=4, damaged_ratio=0.05),
        "30 %, strong patches (1.5 dB)": World(
            labels=labels, before=12, after=4, patches_db=1.5
        ),
        "30 %, one picture after": World(labels=labels, before=12, after=1),
        "30 %, change of 1.5 dB": World(
            labels=labels, before=12, after=4, effect_db=1.5
        ),
    }
    print("mean share of false ones among those called (standard error), mean recall")
    for name, world in worlds.items():
        rows: dict[float, list[tuple[float, float]]] = {0.05: [], 0.1: [], 0.2: []}
        for seed in range(repeats):
            found, truth = judged(replace(world, seed=7 * seed + 3), DEFAULT)
            for nominal, kept in rows.items():
                called = found.q <= nominal
                false = (called & ~truth).sum() / max(called.sum(), 1)
                kept.append((false, (called & truth).sum() / max(truth.sum(), 1)))
        told = []
        for nominal, kept in rows.items():
            shares = np.array(kept)
            error = shares[:, 0].std(ddof=1) / len(kept) ** 0.5
            told.append(
                f"{nominal:.2f}: {shares[:, 0].mean():.3f} ({error:.3f}), "
                f"recall {shares[:, 1].mean():.2f}"
            )
        print(f"{name} | " + " | ".join(told), flush=True)


def size() -> None:
    print("recall at q <= 0.1, likelihood ratio of 10, and houses, by area")
    rows = []
    for seed in range(6):
        bands, pixels, truth = district(World(labels=outlines(), before=12, seed=seed))
        found = assess(bands, SINCE, DEFAULT)
        rows.append((pixels, truth, found.q <= 0.1, found.log10_ratios >= 1))
    pixels, truth, called, strong = (
        np.concatenate(one) for one in zip(*rows, strict=True)
    )
    for low, high in ((1, 2), (2, 4), (4, 8), (8, 16), (16, 64), (64, 10**6)):
        some = truth & (pixels >= low) & (pixels < high)
        area = f"{low * PIXEL_M**2:.0f} m2 and more"
        if some.any():
            print(
                f"{area}: {called[some].mean():.2f} {strong[some].mean():.2f} "
                f"({some.sum()})"
            )


def memory() -> None:
    print("peak of one process, 8 pictures of one band, tiles of 512, squares of 20")
    for side in (1024, 2048, 4096):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name)
            world = World(
                size=side,
                orbits=(14,),
                polarisations=("vv",),
                labels=np.zeros((side, side), np.int32),
                before=6,
                after=2,
            )
            rng = np.random.default_rng(side)
            some = rng.gamma(4.0, 0.25, (side, side)).astype(np.float32)
            times_of = times(world, 0)
            geotiffs(
                world,
                path,
                (
                    (14, "vv", at, np.roll(some, 7919 * k))
                    for k, at in enumerate(times_of)
                ),
            )
            command = [sys.executable, "-c", _RUN, str(path)]
            subprocess.run(command, check=True)


_RUN = """
import resource, sys, time
from pathlib import Path
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.watch.change_run import Asked, run
from datetime import UTC, datetime
path = Path(sys.argv[1])
began = time.process_time()
at = datetime(2031, 5, 1, tzinfo=UTC)
asked = Asked(str(path / "scenes.csv"), at, path / "out", square=20)
told = run(asked, ChangeSettings())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
spent = time.process_time() - began
print(told["places"], "places:", peak, "MB,", round(spent, 1), "s", flush=True)
"""
TASKS = {"speed": speed, "curve": curve, "fdr": fdr, "size": size, "memory": memory}

if __name__ == "__main__":
    for task in sys.argv[1:] or list(TASKS):
        TASKS[task]()

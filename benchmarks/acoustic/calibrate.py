"""Fit the engine's calibration on simulated sets, and write the table that ships.

Run: ``python benchmarks/acoustic/calibrate.py WORK [SCENE:FIRST-LAST ...]``. Seeds from
1001 on belong to training and are never scored; ``bench.py`` scores seeds below.

Probability: monotone regression of "this incident is in the truth" on the score, by
crowding and arrivals; a small group is drawn towards its crowding, that towards all.
The curves of one crowding are then made to rise with the arrivals as well.
Ellipses: the factor of the variance at which 90 % of the matched truths of a group lie
inside (split conformal scaling), shrunk the same way in its logarithm.

Source: R. E. Barlow et al. (1972), Statistical Inference under Order Restrictions
(pool adjacent violators); R. L. Dykstra (1983), An Algorithm for Restricted Least
Squares Regression (both orders at once); V. Vovk (2012), Conditional validity of
inductive conformal predictors (group-conditional quantiles).
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from bench import found_by, given, prepared
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from score import CHI2_90, LEAST_PICKS, distances2, matched, read_truth

from trucewatch.fuse.acoustic import calibrated
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.settings import EngineSettings

CROWDING = (0, 1, 3, 6)
ARRIVALS = (0, 5, 6, 8, 10, 13, 17, 22)
KNOTS = (-6, -3, -1, 0, 1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 26, 34, 45, 60, 80)
SHRINK_ROWS = 60.0
SHRINK_ELLIPSES = 40.0
P_LIMITS = (0.002, 0.9985)
DYKSTRA_ROUNDS = 200
FIRST_SEED = 1_001
TRAINING = [
    "quiet:1001-1006",
    "light:1001-1008",
    "busy:1001-1006",
    "dense:1001-1002",
    "one-sided:1001-1006",
    "clutter:1001-1003",
    "barrage:1001-1002",
]
TABLE = Path(calibrated.__file__).with_name(calibrated.TABLE)

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Incidents found on training sets, arrays of shape (n,).

    Attributes:
        crowding: group of crowding.
        arrivals: group of arrivals.
        score: as the engine states it.
        real: whether a truth was matched.
        distance2: of that truth in sigmas squared of the raw covariance; NaN if none
            that counts.
        weight: sets of many incidents count as sets of few.
    """

    crowding: Whole
    arrivals: Whole
    score: Floats
    real: NDArray[np.bool_]
    distance2: Floats
    weight: Floats


def sample(folder: Path) -> Sample:
    """What the engine finds on one set, before calibration, held against the truth."""
    heard = given(folder)
    everything = replace(EngineSettings(), p_least=0.0)
    solution = solve(
        heard.network, heard.picks, heard.weather, heard.outages, everything
    )
    truth, found = read_truth(folder), found_by(heard, solution)
    match = matched(truth, found)
    hit = match >= 0
    real = np.zeros(len(found.time_s), bool)
    real[match[hit]] = True
    k = np.flatnonzero(hit & (truth.picks >= LEAST_PICKS))
    distance2 = np.full(len(real), np.nan)
    distance2[match[k]] = distances2(truth, found, k, match[k])
    i = np.searchsorted(CROWDING, solution.crowding, side="right") - 1
    j = np.searchsorted(ARRIVALS, solution.n_arrivals, side="right") - 1
    weight = np.full(len(real), 1 / np.sqrt(max(len(real), 1)))
    return Sample(i, j, solution.score, real, distance2, weight)


def joined(samples: list[Sample]) -> Sample:
    """All samples as one."""
    names = Sample.__slots__
    columns = {
        name: np.concatenate([getattr(one, name) for one in samples]) for name in names
    }
    return Sample(**columns)


def fitted(of: Sample) -> dict[str, object]:
    """The table: probabilities at the knots and factors of variance by group."""
    model = 1 / (1 + np.exp(-np.array(KNOTS, np.float64)))
    usual_p = shrunk_p(of, np.ones(len(of.score), bool), model)
    usual_factor = log_factor(of.distance2)
    p, factor = [], []
    for i in range(len(CROWDING)):
        like = of.crowding == i
        level_p = shrunk_p(of, like, usual_p)
        level_factor = shrunk_factor(of, like, usual_factor)
        cells = [like & (of.arrivals == j) for j in range(len(ARRIVALS))]
        curves = np.array([shrunk_p(of, at, level_p) for at in cells])
        known = np.array([known_at_knots(of, at) for at in cells])
        rising = np.clip(rising_both(curves, known), *P_LIMITS)
        p.append(np.round(rising, 4).tolist())
        logs = [shrunk_factor(of, at, level_factor) for at in cells]
        factor.append(np.round(np.exp(logs), 3).tolist())
    return {"p": p, "factor": factor}


def shrunk_p(of: Sample, at: NDArray[np.bool_], towards: Floats) -> Floats:
    """The curve of some incidents together with made-up ones that follow another."""
    if not at.any():
        return towards
    made_up = np.full(len(KNOTS), SHRINK_ROWS / len(KNOTS)) * of.weight[at].mean()
    return monotone(
        np.concatenate([of.score[at], KNOTS]),
        np.concatenate([of.real[at], towards]),
        np.concatenate([of.weight[at], made_up]),
    )


def known_at_knots(of: Sample, at: NDArray[np.bool_]) -> Floats:
    """Incidents of a group nearest to each knot, with the made-up ones, (knots,)."""
    middle = (np.array(KNOTS[1:]) + np.array(KNOTS[:-1])) / 2
    nearest = np.searchsorted(middle, of.score[at])
    counted = np.bincount(nearest, minlength=len(KNOTS)).astype(np.float64)
    return counted + SHRINK_ROWS / len(KNOTS)


def rising_both(p: Floats, weight: Floats) -> Floats:
    """The nearest table that falls neither along rows nor along columns."""
    out, left, up = p.copy(), np.zeros_like(p), np.zeros_like(p)
    for _ in range(DYKSTRA_ROUNDS):
        row = rising(out + left, weight)
        left += out - row
        column = rising((row + up).T, weight.T).T
        up += row - column
        out = column
    return np.maximum.accumulate(np.maximum.accumulate(out, axis=0), axis=1)


def rising(p: Floats, weight: Floats) -> Floats:
    """Each row made non-decreasing by least squares."""
    return np.array([
        isotonic_regression(row, weights=heavy).x
        for row, heavy in zip(p, weight, strict=True)
    ])


def shrunk_factor(of: Sample, at: NDArray[np.bool_], towards: float) -> float:
    """The logarithm of their factor, drawn the same way."""
    inside = int(np.isfinite(of.distance2[at]).sum())
    if inside == 0:
        return towards
    share = inside / (inside + SHRINK_ELLIPSES)
    return share * log_factor(of.distance2[at]) + (1 - share) * towards


def monotone(score: Floats, real: Floats, weight: Floats) -> Floats:
    """Non-decreasing probabilities at the knots, (knots,): pool adjacent violators."""
    order = np.argsort(score, kind="stable")
    blocks: list[list[float]] = []  # weight, weighted sum, weighted sum of scores
    for k in order:
        w = float(weight[k])
        blocks.append([w, w * float(real[k]), w * float(score[k])])
        while len(blocks) > 1 and _mean(blocks[-2]) >= _mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    places = [block[2] / block[0] for block in blocks]
    return np.interp(KNOTS, places, [_mean(block) for block in blocks])


def _mean(block: list[float]) -> float:
    return block[1] / block[0]


def log_factor(distance2: Floats) -> float:
    """Logarithm of the factor of variance that lets 90 % be inside."""
    known = np.sort(distance2[np.isfinite(distance2)])
    rank = min(int(np.ceil(0.9 * (len(known) + 1))), len(known)) - 1
    return float(np.log(max(known[rank], 1e-3) / CHI2_90))


def training(scenes: list[str], work: Path) -> list[Path]:
    """The folders of the training sets, simulated where they are missing."""
    folders = []
    for one in scenes:
        scene, _, seeds = one.partition(":")
        first, _, last = seeds.partition("-")
        if int(first) < FIRST_SEED:
            sys.exit(f"{one}: seeds of training begin at {FIRST_SEED}")
        span = range(int(first), int(last or first) + 1)
        folders += [prepared(scene, seed, work) for seed in span]
    return folders


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: calibrate.py WORK [SCENE:FIRST-LAST ...]")
    scenes = sys.argv[2:] or TRAINING
    folders = training(scenes, Path(sys.argv[1]))
    TABLE.unlink(missing_ok=True)
    calibrated.shipped.cache_clear()
    samples = []
    for folder in folders:
        samples.append(sample(folder))
        print(f"{folder.name}: {len(samples[-1].score)} incidents", file=sys.stderr)
    whole = joined(samples)
    digest = sha256()
    for folder in folders:
        for name in ("picks.csv", "truth_events.csv"):
            digest.update((folder / name).read_bytes())
    table = {
        "trained_on": scenes,
        "training_sha256": digest.hexdigest(),
        "incidents": len(whole.score),
        "crowding": CROWDING,
        "arrivals": ARRIVALS,
        "score": KNOTS,
        **fitted(whole),
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()

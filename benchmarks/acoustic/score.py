"""Score incidents against the truth of a simulated set.

Run: ``python benchmarks/acoustic/score.py SET INCIDENTS.csv`` with the incidents of
``trucewatch associate`` in the local frame of the set (``sets.py`` writes its input).

An incident and a truth match within 500 m and 1.5 s, one to one: as many pairs as
can be, truths that count before others, then the least (d / 500 m)^2 + (t / 1.5 s)^2.
Truths heard by four sensors or more count for recall; a match with a weaker truth is
neither right nor wrong. A strict match is within the larger of 100 m and four times
the Cramer-Rao bound. Error over bound is the median of their ratio over 0.8326 (the
median of a circular Gaussian whose rms is one). ECE has ten bins of equal size.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
GATE_M, GATE_S = 500.0, 1.5
LEAST_PICKS = 4
CHI2_90 = 4.605170185988092
CIRCULAR_MEDIAN = 0.8326
BINS = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened; arrays of shape (n,)."""

    time_s: Floats
    x_m: Floats
    y_m: Floats
    picks: NDArray[np.int64]
    bound_m: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What was said to have happened; covariance of place in m^2, (n, 2, 2)."""

    time_s: Floats
    x_m: Floats
    y_m: Floats
    cov_m2: Floats | None = None
    probability: Floats | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One set's figures; NaN where there is nothing to take them from."""

    truths: int
    found: int
    recall: float
    precision: float
    f1: float
    strict_f1: float
    recall_5: float
    false_at_90: int
    error_m: float
    over_bound: float
    inside_90: float
    ece: float


def read_truth(folder: Path) -> Truth:
    """The incidents of a set."""
    with (folder / "truth_events.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return Truth(
        time_s=np.array([float(row["time"]) for row in rows]),
        x_m=np.array([float(row["x"]) for row in rows]),
        y_m=np.array([float(row["y"]) for row in rows]),
        picks=np.array([int(row["n_picks"]) for row in rows]),
        bound_m=np.array([float(row["crlb_m"]) for row in rows]),
    )


def matched(truth: Truth, found: Found) -> NDArray[np.int64]:
    """For each truth the row of what was found of it, or -1."""
    pair, cost = _pairs(truth, found)
    match = np.full(len(truth.time_s), -1)
    if len(cost) == 0:
        return match
    weak = truth.picks < LEAST_PICKS
    n, offset = len(match) + len(found.time_s), len(match)
    graph = coo_matrix((np.ones(len(cost)), (pair[0], pair[1] + offset)), (n, n))
    group = connected_components(graph, directed=False)[1][pair[0]]
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    for part in np.split(order, cuts):
        left, right = np.unique(pair[0][part]), np.unique(pair[1][part])
        table = np.full((len(left), len(right)), 1e3)
        row = np.searchsorted(left, pair[0][part])
        column = np.searchsorted(right, pair[1][part])
        table[row, column] = cost[part] + np.where(weak[pair[0][part]], 5.0, 0.0)
        for i, j in zip(*linear_sum_assignment(table), strict=True):
            if table[i, j] < 500:
                match[left[i]] = right[j]
    return match


def _pairs(truth: Truth, found: Found) -> tuple[NDArray[np.int64], Floats]:
    """All pairs within the gates, (2, k), and the cost of each, (k,)."""
    order = np.argsort(found.time_s, kind="stable")
    sorted_s = found.time_s[order]
    pairs, costs = [np.empty((2, 0), np.int64)], [np.empty(0)]
    for i, time in enumerate(truth.time_s):
        first, last = np.searchsorted(sorted_s, [time - GATE_S, time + GATE_S])
        j = order[first:last]
        d = np.hypot(found.x_m[j] - truth.x_m[i], found.y_m[j] - truth.y_m[i])
        j, d = j[d <= GATE_M], d[d <= GATE_M]
        pairs.append(np.vstack([np.full(len(j), i), j]))
        costs.append((d / GATE_M) ** 2 + ((found.time_s[j] - time) / GATE_S) ** 2)
    return np.concatenate(pairs, axis=1), np.concatenate(costs)


def score(truth: Truth, found: Found) -> Score:
    """All figures of one set."""
    match = matched(truth, found)
    counts, hit = truth.picks >= LEAST_PICKS, match >= 0
    right, indifferent = int((hit & counts).sum()), int((hit & ~counts).sum())
    said = len(found.time_s) - indifferent
    recall, precision = _share(right, counts.sum()), _share(right, said)
    k = np.flatnonzero(hit & counts)
    j, bound = match[k], truth.bound_m[k]
    error = np.hypot(found.x_m[j] - truth.x_m[k], found.y_m[j] - truth.y_m[k])
    strict = int((error <= np.maximum(100.0, 4 * bound)).sum())
    known = np.isfinite(bound)
    ratio = error[known] / bound[known]
    five = truth.picks >= 5
    real = np.zeros(len(found.time_s), bool)
    real[match[hit]] = True
    odds = found.probability
    return Score(
        truths=int(counts.sum()),
        found=len(found.time_s),
        recall=recall,
        precision=precision,
        f1=_f1(recall, precision),
        strict_f1=_f1(_share(strict, counts.sum()), _share(strict, said)),
        recall_5=_share((hit & five).sum(), five.sum()),
        false_at_90=0 if odds is None else int((~real & (odds >= 0.9)).sum()),
        error_m=_median(error),
        over_bound=_median(ratio) / CIRCULAR_MEDIAN,
        inside_90=np.nan if found.cov_m2 is None else _inside(truth, found, k, j),
        ece=np.nan if odds is None else expected_error(odds, real),
    )


def _inside(
    truth: Truth, found: Found, k: NDArray[np.int64], j: NDArray[np.int64]
) -> float:
    if len(k) == 0 or found.cov_m2 is None:
        return np.nan
    return float((distances2(truth, found, k, j) <= CHI2_90).mean())


def distances2(
    truth: Truth, found: Found, k: NDArray[np.int64], j: NDArray[np.int64]
) -> Floats:
    """Squared distances of truths ``k`` from incidents ``j``, in sigmas of these."""
    cov = found.cov_m2
    xx, xy, yy = cov[j, 0, 0], cov[j, 0, 1], cov[j, 1, 1]
    dx, dy = truth.x_m[k] - found.x_m[j], truth.y_m[k] - found.y_m[j]
    return (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy)


def expected_error(p: Floats, real: NDArray[np.bool_]) -> float:
    """Expected calibration error: ten bins of equal size."""
    if len(p) == 0:
        return np.nan
    order = np.argsort(p, kind="stable")
    bins = [one for one in np.array_split(order, BINS) if len(one)]
    gaps = [len(one) * abs(p[one].mean() - real[one].mean()) for one in bins]
    return float(sum(gaps) / len(p))


def _share(part: int, whole: int) -> float:
    return float(part) / max(1, int(whole))


def _f1(recall: float, precision: float) -> float:
    return 2 * recall * precision / max(1e-9, recall + precision)


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else np.nan


def read_found(path: Path) -> Found:
    """The incidents a command wrote, in a local frame."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    column = {
        name: np.array([float(row[name]) for row in rows])
        for name in (rows[0] if rows else {})
        if name not in {"incident_id", "time"}
    }
    if not rows:
        return Found(np.empty(0), np.empty(0), np.empty(0))
    turn = np.radians(90.0 - column["azimuth_deg"])
    axis = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    side = np.stack([-axis[:, 1], axis[:, 0]], axis=1)
    major = (column["semi_major_m"] ** 2 / CHI2_90)[:, None, None]
    minor = (column["semi_minor_m"] ** 2 / CHI2_90)[:, None, None]
    cov = major * axis[:, :, None] * axis[:, None, :]
    cov = cov + minor * side[:, :, None] * side[:, None, :]
    return Found(
        time_s=column["time_s"],
        x_m=column["x_m"],
        y_m=column["y_m"],
        cov_m2=cov,
        probability=column["probability"],
    )


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: score.py SET INCIDENTS.csv")
    result = score(read_truth(Path(sys.argv[1])), read_found(Path(sys.argv[2])))
    print(json.dumps(asdict(result), indent=1))


if __name__ == "__main__":
    main()

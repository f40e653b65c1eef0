"""How near the choice of looks comes to the best there is, and how long it takes.

    python -m benchmarks.cueing --instances 200

Small instances against all sets of looks (knapsack and limits per asset), large ones by
processor time.
"""

import argparse
from itertools import combinations
from time import process_time

import numpy as np

from trucewatch.review.choice import Looks, chosen


def instance(rng, looks, cells, shown, assets):
    rows = [np.sort(rng.choice(cells, shown, replace=False)) for _ in range(looks)]
    return rng.exponential(1.0, cells), Looks(
        first=np.arange(looks + 1) * shown,
        cell=np.concatenate(rows),
        p=rng.uniform(0.1, 0.95, looks * shown),
        cost_h=rng.uniform(0.5, 4.0, looks),
        asset=rng.integers(0, assets, looks),
        limit=rng.integers(1, 4, assets),
    )


def best(weight, looks, budget_h):
    """What the best of all sets is worth."""
    most = 0.0
    for n in range(1, len(looks) + 1):
        for some in combinations(range(len(looks)), n):
            which = list(some)
            used = np.bincount(looks.asset[which], minlength=len(looks.limit))
            if looks.cost_h[which].sum() > budget_h or (used > looks.limit).any():
                continue
            missed = np.ones_like(weight)
            for one in which:
                part = looks.entries(one)
                missed[looks.cell[part]] *= 1 - looks.p[part]
            most = max(most, float((weight * (1 - missed)).sum()))
    return most


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--instances", type=int, default=200)
    given = arguments.parse_args()
    ratios = []
    for seed in range(given.instances):
        rng = np.random.default_rng(seed)
        weight, looks = instance(rng, 12, 30, 8, 3)
        budget_h = float(rng.uniform(3.0, 12.0))
        most = best(weight, looks, budget_h)
        ratios.append(chosen(weight, looks, budget_h).worth / most if most else 1.0)
    low = np.array(ratios)
    print(f"{len(low)} small: mean {low.mean():.4f}, least {low.min():.4f} of the best")
    print(f"share at 0.95 and above {np.mean(low >= 0.95):.3f}")
    weight, looks = instance(np.random.default_rng(1), 2_000, 16_000, 60, 40)
    begin = process_time()
    plan = chosen(weight, looks, 100.0)
    spent_s = process_time() - begin
    print(f"{len(plan.taken)} of 2,000 looks at 16,000 cells: {spent_s:.2f} s")


if __name__ == "__main__":
    main()

"""How often the 95 % bound on a rate holds, over rate x coverage x false alarms.

    python -m benchmarks.rate_bound --trials 20000

The chance of noticing is drawn anew in each trial from the Beta law that is stated
(worth 20); the share of bounds at or above the true rate is printed per cell.
"""

import argparse
from itertools import product

import numpy as np

from trucewatch.completeness.rate import Watched, rate_bound_per_day

RATES = (0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 20.0)
CHANCES = (0.95, 0.9, 0.7, 0.5, 0.2, 0.05)
FALSE_ALARMS = (0.0, 0.5, 2.0, 8.0)
DAYS = 7.0
TRIALS = 20


def held(rng, rate, p, false_alarms, trials):
    """Share of bounds that hold, and the mean count, for one cell."""
    truth = rng.beta(TRIALS * p, TRIALS * (1 - p), trials)
    seen = rng.poisson(rate * DAYS * truth + false_alarms)
    watch = Watched(
        exposure_days=DAYS,
        p_detect=p,
        trials=TRIALS,
        false_per_day=false_alarms / DAYS,
    )
    counts, where = np.unique(seen, return_inverse=True)
    bounds = np.array([rate_bound_per_day(int(n), watch) for n in counts])
    return float(np.mean(bounds[where] >= rate)), float(seen.mean())


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--trials", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    rng = np.random.default_rng(given.seed)
    worst = (2.0, ())
    for cell in product(RATES, CHANCES, FALSE_ALARMS):
        share, mean = held(rng, *cell, given.trials)
        worst = min(worst, (share, cell))
        print("rate {:<5} p {:<5} false {:<4}".format(*cell), f"{share:.4f} {mean:.1f}")
    error = (0.05 * 0.95 / given.trials) ** 0.5
    print(f"least {worst[0]:.4f} at {worst[1]}; sampling error {error:.4f} a cell")


if __name__ == "__main__":
    main()

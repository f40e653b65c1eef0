"""Corroboration by origin: how true the odds are, counted by origin and by report.

    python -m benchmarks.origins [--worlds 40000] [--seed 6]

Source: MODEL 6.2. Each world has six origins. An origin reports something that was with
a chance of its own, and something that was not with another; every report is copied
Poisson(2) times. What origins report is made into cells and weighed by ``fuse``, once
with every report a key of its own, once with one key for each origin, and once with one
copy in ten unrecognised: there the report and its copies stand side by side, discounted
as ``lineage`` discounts what it cannot tell from a copy, or not. Printed: expected
calibration error in ten bins, and log loss.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from tests.detect.build import detection

from trucewatch.exercise.calibration import calibration
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.weigh import p_of, weigh

ORIGINS = 6
P_PRIOR = 0.3
P_SAYS = (0.35, 0.75)  # of what was, from origin to origin
P_INVENTS = (0.03, 0.20)  # of what was not
COPIES = 2.0
P_UNRECOGNISED = 0.1


def world(rng: np.random.Generator) -> tuple[bool, list[tuple[float, int]]]:
    """Whether it was, and for each origin that reports its log10 ratio and copies.

    What an origin does not report counts as well: that ratio comes with no copies.
    """
    was = rng.random() < P_PRIOR
    told = []
    for _ in range(ORIGINS):
        says, invents = rng.uniform(*P_SAYS), rng.uniform(*P_INVENTS)
        if rng.random() < (says if was else invents):
            told.append((float(np.log10(says / invents)), 1 + int(rng.poisson(COPIES))))
        else:
            told.append((float(np.log10((1 - says) / (1 - invents))), 0))
    return was, told


def odds(told: Sequence[tuple[float, int]], keys: Sequence[Sequence[str]]) -> float:
    """Log10 odds as fusion adds what each key says, and what silent origins take."""
    silent = sum(ratio for ratio, copies in told if not copies)
    prior = float(np.log10(P_PRIOR / (1 - P_PRIOR)))
    said = [
        detection(key=key, ratio=ratio)
        for (ratio, copies), names in zip(told, keys, strict=True)
        if copies
        for key in names
    ]
    if not said:
        return prior + silent
    added = weigh(collapse(said), default_fusion_settings()).contributions
    return prior + silent + sum(one.log10_likelihood_ratio for one in added)


def keyed(
    told: Sequence[tuple[float, int]], p_lost: float, rng: np.random.Generator
) -> list[list[str]]:
    """A key for every report: its origin's, or one of its own where that is lost."""
    return [
        [
            f"origin:{n}" if k == 0 or rng.random() >= p_lost else f"lost:{n}-{k}"
            for k in range(copies)
        ]
        for n, (_, copies) in enumerate(told)
    ]


def main() -> None:
    """Print the errors of each way to count."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--worlds", type=int, default=40_000)
    asked.add_argument("--seed", type=int, default=6)
    given = asked.parse_args()
    rng = np.random.default_rng(given.seed)
    ways = (
        ("every report", 1.0),
        ("known origins", 0.0),
        ("one copy in ten unrecognised", P_UNRECOGNISED),
    )
    was, stated = [], {name: [] for name, _ in ways}
    for _ in range(given.worlds):
        true, told = world(rng)
        was.append(true)
        for name, p_lost in ways:
            stated[name].append(p_of(odds(told, keyed(told, p_lost, rng))))
    outcome = np.array(was, np.float64)
    for name, _ in ways:
        p = np.array(stated[name])
        kept = np.clip(p, 1e-9, 1 - 1e-9)
        loss = -np.mean(np.where(outcome > 0, np.log(kept), np.log(1 - kept)))
        ece = calibration(p, outcome).ece_ratio
        print(f"{name:<30} ECE {ece:.4f}   log loss {loss:.3f}")


if __name__ == "__main__":
    main()

"""Whether the odds of nodes and reports together hold, in a world made by the model.

Run: ``python -m benchmarks.joint [days] [rate]``. Acts are born at ``rate`` times the
density fusion takes for granted. Of each, nodes make a hypothesis 7 times in 10 and an
outlet prints it 3 times in 10; hypotheses and reports of nothing are added at the rates
the odds claim. Printed: what was said, what was true and the expected calibration error
in ten bins; without proven looks, and with the misses that proven looks would count.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import numpy as np
from tests.detect.build import DAY0, detection
from tests.fuse.bangs import SETTINGS, bang

from trucewatch.detect.detectors.reports import LOG10_FALSE_PER_KM2_DAY, P_PRINTED
from trucewatch.detect.strength import log10_ratio, spread_km2
from trucewatch.fuse.agglomerate import agglomerate
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.shared import shared, with_shares
from trucewatch.fuse.weigh import p_of
from trucewatch.period import Period
from trucewatch.place import Place

SIDE_M = 60_000.0
REPORT_M = 1_000.0
P_HEARD = 0.7


def world(days: int, rate: float, seed: int = 3):
    """Cells, and for each what it is of: the number of a true act, or -1."""
    rng = np.random.default_rng(seed)
    area_km2 = SIDE_M**2 / 1e6
    births = 10**SETTINGS.log10_attacks_per_km2_day * rate * area_km2 * days
    spot = Place.circle(48.5, 37.5, REPORT_M)
    ratio = log10_ratio(P_PRINTED, LOG10_FALSE_PER_KM2_DAY, spread_km2(spot))
    cells, truth = [], []

    def report(east_m, north_m, at_s, act):
        day = int((at_s - DAY0.timestamp()) // 86_400)
        place = bang(east_m, north_m).moment.state
        begin = DAY0 + timedelta(days=day)
        found = detection(
            Place.circle(place.lat_deg, place.lon_deg, REPORT_M),
            Period(begin, begin + timedelta(days=1)),
            f"press:{len(cells)}",
            ratio,
            detector="reports",
        )
        cells.append(collapse([found])[0])
        truth.append(act)

    def anywhere(count):
        places = rng.uniform(-SIDE_M / 2, SIDE_M / 2, (count, 2))
        return np.column_stack((places, rng.uniform(0, 86_400 * days, count)))

    sd_m = REPORT_M / np.sqrt(-2 * np.log(0.1))
    for act, (x, y, t) in enumerate(anywhere(rng.poisson(births)).tolist()):
        if rng.random() < P_HEARD:
            # Odds such that, with as many false ones beside, they hold.
            log10_odds = float(rng.choice([-0.5, 0.0, 0.5, 1.0, 2.0]))
            cells.append(bang(x, y, t - 43_200.0, log10_odds))
            truth.append(act)
            for fx, fy, ft in anywhere(rng.poisson(10**-log10_odds)).tolist():
                cells.append(bang(fx, fy, ft - 43_200.0, log10_odds))
                truth.append(-1)
        if rng.random() < P_PRINTED:
            off = rng.normal(0, sd_m, 2)
            report(x + off[0], y + off[1], DAY0.timestamp() + t, act)
    false = 10**LOG10_FALSE_PER_KM2_DAY * area_km2 * days
    for x, y, t in anywhere(rng.poisson(false)).tolist():
        report(x, y, DAY0.timestamp() + t, -1)
    return cells, truth


def main() -> None:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    cells, truth = world(days, rate)
    of = {cell.content: act for cell, act in zip(cells, truth, strict=True)}
    groups = agglomerate(cells, SETTINGS).groups
    given = shared(groups, SETTINGS)
    told = [with_shares(one, given.get(n, ())) for n, one in enumerate(groups)]
    heard = np.array([one.weighed.moment is not None for one in told])
    both = np.array([len(one.cells) > 1 for one in told])
    true = np.array([any(of[c.content] >= 0 for c in one.cells) for one in told])
    odds = np.array([one.weighed.log10_odds for one in told])
    missed = np.where(both, 0.0, np.log10(1 - np.where(heard, P_PRINTED, P_HEARD)))
    print(f"{len(cells)} cells, {len(told)} incidents")
    for how, log10_odds in (("no looks proven", odds), ("all proven", odds + missed)):
        p = np.array([p_of(one) for one in log10_odds.tolist()])
        for name, rows in (
            ("nodes and outlet", both),
            ("nodes alone", heard & ~both),
            ("outlet alone", ~heard),
        ):
            print(
                f"{how}, {name}: {int(rows.sum())}, said {p[rows].mean():.3f}, "
                f"true {true[rows].mean():.3f}, "
                f"ECE {calibration_error(p[rows], true[rows]):.3f}"
            )


def calibration_error(p, true) -> float:
    """Mean distance of said and true shares over ten bins, weighed by their size."""
    bins = np.minimum((p * 10).astype(int), 9)
    return sum(
        abs(p[bins == n].mean() - true[bins == n].mean()) * (bins == n).mean()
        for n in range(10)
        if (bins == n).any()
    )


if __name__ == "__main__":
    main()

"""What the engine gets wrong on simulated sets, by cause.

Run: ``python benchmarks/acoustic/errors.py --out WORK [--scenes light]
[--seeds 101,102] [--each]``. Sets are simulated into WORK as by ``bench.py``;
``--each`` lists the false incidents one by one.

missed: a truth with four picks that nothing was matched to; "taken" if more than two
in five of its direct picks belong to other incidents, else "free". loose: matched, but
not strictly (see ``score.py``); "mixed" if three in ten of the picks are not its own.
Either by how many truths lie within 700 m and 2.5 s: alone, pair (1 or 2), salvo.
false: matched to no truth. "twin" if three in five of its picks are the direct sound of
one truth, "displaced" if that truth was missed; "clutter" if three in five are that,
"echo" if two in five are echoes or shocks; "mix" if three in five are direct sounds of
several truths; "extra" for the rest.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench import found_by, given, prepared
from numpy.typing import NDArray
from score import LEAST_PICKS, Found, Truth, matched, read_truth

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution

Whole = NDArray[np.int64]
NEAR_M, NEAR_S = 700.0, 2.5
MOSTLY, MIXED = 0.6, 0.7
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found on one set, with the truth of it.

    Attributes:
        match: for each truth the row of what was found of it, or -1.
        event: the truth each pick came from, or -1; with its label beside it.
    """

    truth: Truth
    found: Found
    solution: Solution
    match: Whole
    event: Whole
    label: NDArray[np.str_]


def judged(folder: Path) -> Judged:
    """The engine's answer to a set."""
    heard, settings = given(folder), EngineSettings()
    solution = solve(heard.network, heard.picks, heard.weather, heard.outages, settings)
    truth, found = read_truth(folder), found_by(heard, solution)
    with (folder / "truth_picks.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    event = np.array([int(row["event_id"]) for row in rows])
    label = np.array([row["label"] for row in rows])
    return Judged(truth, found, solution, matched(truth, found), event, label)


def company(truth: Truth, k: int) -> str:
    """How many others are near a truth."""
    away = np.hypot(truth.x_m - truth.x_m[k], truth.y_m - truth.y_m[k])
    near = (away < NEAR_M) & (np.abs(truth.time_s - truth.time_s[k]) < NEAR_S)
    return ("alone", "pair", "pair", "salvo")[min(int(near.sum()) - 1, 3)]


def missed(of: Judged) -> Counter[str]:
    """Truths that were not found."""
    owned = np.zeros(len(of.event), bool)
    owned[of.solution.pick] = True
    out: Counter[str] = Counter()
    for k in np.flatnonzero((of.truth.picks >= LEAST_PICKS) & (of.match < 0)):
        taken = owned[(of.event == k) & (of.label == "direct")].mean() > 1 - MOSTLY
        out[f"{company(of.truth, k)} {'taken' if taken else 'free'}"] += 1
    return out


def loose(of: Judged) -> Counter[str]:
    """Truths that were found too far from where they were."""
    out: Counter[str] = Counter()
    for k in np.flatnonzero((of.truth.picks >= LEAST_PICKS) & (of.match >= 0)):
        j = of.match[k]
        off = (of.found.x_m[j] - of.truth.x_m[k], of.found.y_m[j] - of.truth.y_m[k])
        if np.hypot(*off) > max(100.0, 4 * of.truth.bound_m[k]):
            pick = of.solution.pick[of.solution.incident == j]
            own = ((of.event[pick] == k) & (of.label[pick] == "direct")).mean() > MIXED
            out[f"{company(of.truth, k)} {'own' if own else 'mixed'}"] += 1
    return out


def kind_of(of: Judged, pick: Whole) -> str:
    """What the picks of a false incident are."""
    label = of.label[pick]
    direct = label == "direct"
    whose = Counter(of.event[pick[direct]].tolist()).most_common(1)
    if whose and whose[0][1] >= MOSTLY * len(pick):
        return "displaced" if of.match[whose[0][0]] < 0 else "twin"
    if (label == "clutter").mean() >= MOSTLY:
        return "clutter"
    if np.isin(label, ("echo", "shock")).mean() >= 1 - MOSTLY:
        return "echo"
    return "mix" if direct.mean() >= MOSTLY else "extra"


def false(of: Judged, name: str, each: bool) -> Counter[str]:
    """What was found and did not happen."""
    real, one = np.zeros(len(of.found.time_s), bool), of.solution
    real[of.match[of.match >= 0]] = True
    out: Counter[str] = Counter()
    for j in np.flatnonzero(~real):
        pick = one.pick[one.incident == j]
        kind, p = kind_of(of, pick), one.probability[j]
        out[f"{kind} p{'≥' if p >= SURE else '<'}{SURE}"] += 1
        if each:
            labels = dict(Counter(of.label[pick].tolist()))
            print(
                f"{name}: {kind} p {p:.2f} score {one.score[j]:.1f} crowding "
                f"{one.crowding[j]} x {one.x_m[j]:.0f} y {one.y_m[j]:.0f} {labels}"
            )
    return out


def main() -> None:
    ask = argparse.ArgumentParser(description="Errors of the engine by cause.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--scenes", default="light")
    ask.add_argument("--seeds", default="101,102,103")
    ask.add_argument("--each", action="store_true", help="list false incidents")
    chosen = ask.parse_args()
    for scene in chosen.scenes.split(","):
        sums: dict[str, Counter[str]] = {
            "missed": Counter(),
            "loose": Counter(),
            "false": Counter(),
        }
        for seed in chosen.seeds.split(","):
            folder = prepared(scene, int(seed), chosen.out)
            of = judged(folder)
            sums["missed"] += missed(of)
            sums["loose"] += loose(of)
            sums["false"] += false(of, folder.name, chosen.each)
        for what, counted in sums.items():
            parts = ", ".join(f"{n} {cause}" for cause, n in counted.most_common())
            print(f"{scene}: {counted.total()} {what}: {parts}")


if __name__ == "__main__":
    main()

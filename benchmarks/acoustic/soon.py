"""How soon incidents are told, apart for want of speed and for want of evidence.

Run: ``python benchmarks/acoustic/soon.py --out WORK [--seeds 201,202] [--sure 1]
[--short]``. 500 nodes, 2,000 incidents a day, two picks in three clutter; picks come
in time. Once the first block of three hours is closed, the clock goes second by second
for an hour. `--sure` are the log odds from
which an incident is told. Of final incidents of p ≥ 0.9, by their own picks: within
2 s of the fifth pick (evidence and speed), and within 2 s of the pick after which
they were told (speed alone: a step of a second and its processor time). First
versions are true if an incident of the truth lies within 500 m and 1.5 s.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from bench import given
from score import GATE_M, GATE_S, Truth, read_truth
from simulate import simulate
from stopwatch import quantiles
from world import Scene

from trucewatch.fuse.acoustic import live
from trucewatch.fuse.acoustic.course import Around
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.version import Status, Version
from trucewatch.watch.acoustic_files import Heard
from trucewatch.watch.associate import warm_up

LEAD_S, LEAD_STEP_S = 11_400.0, 30.0  # until the first block taught what the air is
SPAN_S, SHORT_S = 3_600.0, 900.0
SOON_S, SURE_P, FIFTH = 2.0, 0.9, 4
LAST_S = 60.0  # what is first heard later may be told after the end


@dataclass(slots=True)
class Told:
    """All that was said of some hours.

    Attributes:
        p: as first told, with whether it was `true` and whether it was `kept`.
        fifth_s: from the fifth pick to the first telling, of final incidents of
            p ≥ 0.9 that had been told before.
        ready_s: from the last pick of the first version to its telling, of the same.
        sure: how many final incidents of p ≥ 0.9 and five picks there are.
    """

    p: list[float] = field(default_factory=list)
    true: list[bool] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)
    fifth_s: list[float] = field(default_factory=list)
    ready_s: list[float] = field(default_factory=list)
    sure: int = 0


def followed(heard: Heard, span_s: float) -> list[tuple[float, Version]]:
    """Each version with when it was told, processor time of its step included."""
    stream = Stream(heard.network, EngineSettings())
    stream.tell(Around(weather=heard.weather, outages=heard.outages))
    order = np.argsort(heard.picks.time_s, kind="stable")
    at_s, said = heard.picks.time_s[order], list[tuple[float, Version]]()
    lead, fine = np.arange(0.0, LEAD_S, LEAD_STEP_S), np.arange(0.0, span_s + 1.0)
    steps = np.concatenate([lead, LEAD_S + fine])
    for before_s, now_s in pairwise(steps):
        rows = order[slice(*np.searchsorted(at_s, (before_s, now_s)))]
        part = {name: getattr(heard.picks, name)[rows] for name in Picks.__slots__}
        began = time.thread_time()
        stream.feed(Picks(**part), [str(row) for row in rows.tolist()])
        told = stream.advance(float(now_s))
        cost_s = time.thread_time() - began
        said += [(float(now_s) + cost_s, one) for one in told]
    return said + [(np.inf, one) for one in stream.finish()]


def firsts(said: list[tuple[float, Version]]) -> dict[str, tuple[float, Version]]:
    """The first provisional version of each name, with when it was told."""
    first: dict[str, tuple[float, Version]] = {}
    for now_s, one in said:
        if one.status == Status.PROVISIONAL and one.name not in first:
            first[one.name] = now_s, one
    return first


def weigh_first(said: list[tuple[float, Version]], truth: Truth, into: Told) -> None:
    """First versions, held against the truth and against their own end."""
    last = {one.name: one for _, one in said}
    for now_s, one in firsts(said).values():
        if now_s <= LEAD_S:
            continue
        away_m = np.hypot(truth.x_m - one.x_m, truth.y_m - one.y_m)
        near = (away_m < GATE_M) & (np.abs(truth.time_s - one.time_s) < GATE_S)
        into.p.append(one.probability)
        into.true.append(bool(near.any()))
        into.kept.append(last[one.name].status == Status.FINAL)


def weigh_last(
    said: list[tuple[float, Version]], pick_s: np.ndarray, until_s: float, into: Told
) -> None:
    """Final incidents first heard before `until_s`, held against what came first."""
    first = firsts(said)
    for _, one in said:
        if one.status != Status.FINAL or one.probability < SURE_P:
            continue
        came_s = np.sort(pick_s[[int(pick) for pick in one.pick_id]])
        if came_s.size <= FIFTH or not LEAD_S < came_s[0] < until_s:
            continue
        into.sure += 1
        if one.name in first:
            now_s, version = first[one.name]
            ready_s = max(pick_s[int(pick)] for pick in version.pick_id)
            into.fifth_s.append(now_s - float(came_s[FIFTH]))
            into.ready_s.append(now_s - float(ready_s))


def report_of(told: Told) -> dict[str, object]:
    """What is printed."""

    def within(values: list[float]) -> float:
        return round(sum(one <= SOON_S for one in values) / max(told.sure, 1), 3)

    true = np.array(told.true)
    return {
        "first_versions": len(told.p),
        "true": round(float(true.mean()), 3),
        "p_as_told": round(float(np.mean(told.p)), 3),
        "withdrawn": round(1.0 - float(np.mean(told.kept)), 3),
        "sure_in_the_end": told.sure,
        "told_before": round(len(told.fifth_s) / max(told.sure, 1), 3),
        "within_2_s_of_fifth": within(told.fifth_s),
        "within_2_s_of_evidence": within(told.ready_s),
        "after_fifth_s": quantiles(told.fifth_s),
        "after_evidence_s": quantiles(told.ready_s),
    }


def main() -> None:
    ask = argparse.ArgumentParser(description="How soon incidents are told.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--seeds", default="201,202")
    ask.add_argument("--sure", type=float, default=live.SURE)
    ask.add_argument("--short", action="store_true", help="a quarter of an hour")
    chosen = ask.parse_args()
    span_s = SHORT_S if chosen.short else SPAN_S
    live.SURE, told = chosen.sure, Told()
    warm_up(solve, EngineSettings())
    for seed in map(int, chosen.seeds.split(",")):
        folder = chosen.out / f"soon-{LEAD_S + span_s:g}-{seed}"
        if not (folder / "truth_met.csv").is_file():
            scene = Scene(per_day=2_000, clutter_ratio=0.67, span_s=LEAD_S + span_s)
            simulate(scene, seed, folder)
        heard = given(folder)
        said, until_s = followed(heard, span_s), LEAD_S + span_s - LAST_S
        weigh_first(said, read_truth(folder), told)
        weigh_last(said, heard.picks.time_s, until_s, told)
    print(json.dumps(report_of(told), indent=1))


if __name__ == "__main__":
    main()

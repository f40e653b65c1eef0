"""Whether the stated chance of being noticed by a network of nodes is true.

    python -m benchmarks.noticed --seeds 1,2 --nodes 40,80,160

Exercises of one day with many attacks: for each, what `p_detect` says from the
heartbeats alone (with the charge that its level stands for, and with the usual one of
its act), and whether the network's picks gave a series more likely than not within
500 m and two minutes. Prints the two side by side by class of stated chance, by act and
by number of nodes.
"""

import argparse
from datetime import timedelta

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.sources import acoustic_nodes
from trucewatch.completeness.cover import p_detect
from trucewatch.completeness.response import network_of
from trucewatch.exercise.channels import nodes
from trucewatch.exercise.happenings import happenings
from trucewatch.exercise.scenario import Decoys, Doing, Scenario
from trucewatch.exercise.truth import stage_of
from trucewatch.fuse.channels.acoustic import propose
from trucewatch.fuse.law import Heard
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.period import Period
from trucewatch.place import Place

NAME = "acoustic_nodes"
NEAR_M, NEAR_S = 500.0, 120.0
EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)


def scenario_of(count, per_day):
    doing = Doing(breaches_per_day=per_day / 2)
    return Scenario(
        scenario=f"noticed-{count}",
        title="Whether the stated chance is true",
        first="2031-05-01",
        days=1,
        parties={"NOR": doing, "SUD": doing},
        decoys=Decoys(),
        nodes={"count": count, "outage_ratio": 0.2},
    )


def delivered(stage, truth, seed):
    """Looks of the nodes, and tables of their picks."""
    looks, tables = [], []
    for one in nodes.deliver(stage, truth, seed).intakes:
        raw = one.body
        told = {"sha256": "0" * 64, "size_bytes": len(raw)}
        batch = acoustic_nodes.read(raw, Delivery(source=NAME, name=one.name, **told))
        looks += batch.acquisitions
        tables += batch.tables
    return looks, tuple(tables)


def charge_of(level_db):
    """The charge whose level at 1 km this is, kg of TNT."""
    one_kg = network_of("acoustic").level_db(Act.EXPLOSION, 1.0)
    return float(10 ** ((level_db - one_kg) * 3.0 / 20.0))


def rows(count, per_day, seed):
    """Per attack: act, stated chance by charge and by act, and whether it was told."""
    stage = stage_of(scenario_of(count, per_day), seed)
    truth = happenings(stage, seed)
    looks, tables = delivered(stage, truth, seed)
    day = Period(stage.begin, stage.end)
    cells = propose(Heard(tables, day), default_fusion_settings())
    states = [one.moment.state for one in cells if one.moment and likely(one)]
    spots = stage.plane.project(np.array([(s.lon_deg, s.lat_deg) for s in states]))
    times_s = np.array([s.time_s for s in states])
    made = []
    for one in truth:
        if not one.level_db or one.words_of:
            continue
        place = Place.circle(one.lat_deg, one.lon_deg, 20.0)
        time = Period(one.time, one.time + timedelta(seconds=max(one.length_s, 1.0)))
        act, charge_kg = Act(one.what), charge_of(one.level_db)
        made.append((
            one.what,
            p_detect(looks, place, time, act, charge_kg),
            p_detect(looks, place, time, act),
            told(one, spots, times_s),
        ))
    return made


def likely(cell):
    """Whether any of the rounds of a series is more likely than not."""
    return cell.rounds is None or cell.rounds.high >= 1


def told(one, spots, times_s):
    """Whether a series stands where and when an attack was."""
    first_s = one.time.timestamp()
    away = np.hypot(spots[:, 0] - one.x_m, spots[:, 1] - one.y_m)
    late = times_s - first_s
    near = (away < NEAR_M) & (late > -NEAR_S) & (late < one.length_s + NEAR_S)
    return bool(near.any())


def show(name, stated, found):
    """One line a class: how many, what was said, what was."""
    error = np.sqrt(max(stated.mean() * (1 - stated.mean()), 1e-4) / len(stated))
    print(
        f"{name:<22}{len(stated):>6}{stated.mean():>9.3f}{found.mean():>9.3f}"
        f"{found.mean() - stated.mean():>+9.3f}{error:>9.3f}"
    )


def table(title, made, column):
    print(f"\n{title:<22}{'n':>6}{'stated':>9}{'told':>9}{'off':>9}{'sd':>9}")
    stated = np.array([one[column] for one in made])
    found = np.array([one[3] for one in made], float)
    acts = np.array([one[0] for one in made])
    for low, high in zip(EDGES, EDGES[1:], strict=False):
        here = (stated >= low) & ((stated < high) | (high == 1.0))
        if here.any():
            show(f"{low:.2f} to {high:.2f}", stated[here], found[here])
    for act in sorted(set(acts)):
        show(act, stated[acts == act], found[acts == act])
    show("all", stated, found)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seeds", default="1,2")
    arguments.add_argument("--nodes", default="40,80,160")
    arguments.add_argument("--per-day", type=float, default=200.0)
    given = arguments.parse_args()
    made = []
    for count in map(int, given.nodes.split(",")):
        for seed in map(int, given.seeds.split(",")):
            some = rows(count, given.per_day, seed)
            ratio = np.mean([one[3] for one in some])
            print(f"{count} nodes, seed {seed}: {len(some)} attacks, told {ratio:.3f}")
            made += some
    table("by charge", made, 1)
    table("by act", made, 2)


if __name__ == "__main__":
    main()

"""Acoustic nodes: their places, picks and heartbeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trucewatch.exercise.air import Air, air_over
from trucewatch.exercise.decoys import BOOM_HEIGHT_M
from trucewatch.exercise.delivered import (
    Delivered,
    Intake,
    dark,
    dark_each,
    seconds,
    stamp,
    table,
)
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.sound import (
    Network,
    Picks,
    awake,
    boomed,
    clutter,
    heard,
    network_of,
    rounds_of,
)
from trucewatch.exercise.truth import DAY_S, Happening, Stage

BEAT_S = 3600.0
BOOM_REACH_M = 25_000.0  # beyond, it is bent up before it reaches the ground
NAME = "nodes"


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """Tables of nodes, of picks, and a day of heartbeats each."""
    if not stage.scenario.nodes.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    net, air = network_of(stage, rng), air_over(stage, seed)
    parts = [clutter(net, stage.span_s, rng)]
    for one in truth:
        if one.level_db and not one.words_of:
            parts.append(_sounds(_World(stage, net, air), one, rng))
    picks = awake(net, Picks.joined(parts))
    lit = ~np.asarray(dark_each(stage, NAME, picks.time_s))
    files = (
        Intake("acoustic_nodes", "nodes.csv", _nodes(stage, net)),
        Intake("acoustic_nodes", "picks.csv", _picks(stage, picks.only(lit))),
        *_beats(stage, net),
    )
    return Delivered(files, (), ("acoustic",))


@dataclass(frozen=True, slots=True)
class _World:
    stage: Stage
    net: Network
    air: Air


def _sounds(world: _World, one: Happening, rng: Dice) -> Picks:
    """What nodes pick of one happening."""
    begin = seconds(world.stage, one.time)
    if one.path:
        ends = np.array([(begin + s.after_s, s.x_m, s.y_m) for s in one.path])
        way = (ends, BOOM_HEIGHT_M, BOOM_REACH_M)
        return boomed(world.net, world.air, way, one.level_db, rng)
    return heard(world.net, world.air, *rounds_of(one, begin, rng), rng)


def _name(k: int) -> str:
    return f"n{k:05d}"


def _nodes(stage: Stage, net: Network) -> bytes:
    lonlat = stage.lonlat(net.x_m, net.y_m)
    return table(
        ["sensor_id", "lat", "lon", "elevation_m", "clock_sigma_s", "noise_db"],
        [
            (_name(k), f"{lat:.6f}", f"{lon:.6f}", 0, f"{sigma:.3f}", f"{noise:.1f}")
            for k, ((lon, lat), sigma, noise) in enumerate(
                zip(lonlat.tolist(), net.declared_s, net.noise_db, strict=True)
            )
        ],
    )


def _picks(stage: Stage, picks: Picks) -> bytes:
    rows = zip(
        picks.time_s.tolist(),
        picks.node.tolist(),
        picks.level_db.tolist(),
        picks.snr_db.tolist(),
        strict=True,
    )
    return table(
        ["pick_id", "sensor_id", "time", "level_db", "snr_db"],
        [
            (f"p{k}", _name(node), stamp(stage, t), f"{level:.1f}", f"{snr:.1f}")
            for k, (t, node, level, snr) in enumerate(rows)
        ],
    )


def _beats(stage: Stage, net: Network) -> list[Intake]:
    """One heartbeat an hour, with the share of it that the node listened; by day.

    It says where the node stands: without a place a heartbeat proves no look. A look is
    known when it has ended, so heartbeats of a later day must not prolong it.
    """
    spots = stage.lonlat(net.x_m, net.y_m).tolist()
    days: list[list[tuple[object, ...]]] = [[] for _ in range(stage.scenario.days)]
    for k, (down, up) in enumerate(net.down_s.tolist()):
        lon, lat = (f"{one:.6f}" for one in spots[k])
        for at in np.arange(BEAT_S, stage.span_s + 1, BEAT_S).tolist():
            lost = max(0.0, min(up, at) - max(down, at - BEAT_S)) if down == down else 0
            share = 0.0 if dark(stage, NAME, at - 1.0) else 1.0 - lost / BEAT_S
            if share > 0:
                told = (_name(k), stamp(stage, at), BEAT_S, f"{share:.3f}", lat, lon)
                days[int((at - 1.0) // DAY_S)].append(told)
    head = ["sensor_id", "time", "interval_s", "listening_ratio", "lat", "lon"]
    return [
        Intake("acoustic_nodes", f"beats-{day}.csv", table(head, rows))
        for day, rows in enumerate(days, 1)
        if rows
    ]

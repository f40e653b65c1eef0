"""Remote ID of small drones, as sniffers along the line capture it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trucewatch.exercise.broadcasts import (
    beacon,
    capture,
    drone_at,
    told_in_beacon,
)
from trucewatch.exercise.delivered import Delivered, Intake, dark_each
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.routes import DRONE_MPS, Route, routes_of
from trucewatch.exercise.truth import Happening, Stage

NAME = "crossings"
EVERY_S = 3.0
PLACED_M = 2.0
P_CAUGHT = 0.7


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One capture of all beacons that were caught."""
    del truth
    reach_m = stage.scenario.traffic.crossings_heard_m
    flown = [one for one in routes_of(stage, seed) if one.kind == "drone"]
    if not (flown and reach_m):
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    frames = sorted(row for one in flown for row in _sent(stage, one, rng))
    files = (Intake("remote_id", "crossings.pcapng", capture(frames)),)
    return Delivered(files if frames else (), ("spoofing", "tracks"))


def _sent(stage: Stage, route: Route, rng: Dice) -> Iterator[tuple[float, bytes]]:
    clock = np.arange(route.points[0, 0], route.points[-1, 0], EVERY_S)
    clock = clock[(clock < stage.span_s) & ~dark_each(stage, NAME, clock)]
    places = route.at(clock)
    line = np.interp(places[:, 0], stage.line_x_m, stage.line_y_m)
    near = np.abs(places[:, 1] - line) <= stage.scenario.traffic.crossings_heard_m
    got = np.flatnonzero(near & (rng.random(clock.size) < P_CAUGHT))
    spots = places[:, :2] + rng.normal(0.0, PLACED_M, (clock.size, 2))
    lonlat = stage.lonlat(*spots.T)
    sender = bytes([2, 0, 0]) + route.number.to_bytes(3, "big")
    serial, unix = f"EXERCISE{route.number:05d}", stage.begin.timestamp()
    first = int(rng.index(4096))
    for k in got.tolist():
        lon, lat = lonlat[k].tolist()
        at = unix + float(clock[k])
        move = (float(places[k, 2]), DRONE_MPS)
        pack = drone_at(serial, (lat, lon), move, at)
        element = told_in_beacon(first + 29 * k, pack)
        ticks = round((float(clock[k]) - float(clock[0])) * 1e6)
        yield at, beacon(sender, first + 29 * k, ticks, element)

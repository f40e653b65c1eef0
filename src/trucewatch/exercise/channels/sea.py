"""AIS as shore stations receive it: lawful traffic, entries, silences, false tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import atan2, degrees

import numpy as np

from trucewatch.exercise.broadcasts import ais, sentences, vessel_at
from trucewatch.exercise.delivered import Delivered, Intake, dark_each
from trucewatch.exercise.dice import Dice, away, dice
from trucewatch.exercise.receivers import DECK_M, heard
from trucewatch.exercise.routes import FIRST_MMSI, Route, routes_of
from trucewatch.exercise.truth import Happening, Stage

NAME = "sea"
EVERY_S = 60.0  # of the reports that a receiver passes on
PLACED_M = 8.0  # error of a ship's own receiver, one standard deviation
AHEAD_S = 10.0


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One file of NMEA lines a day, in order of time."""
    del truth
    vessels = [one for one in routes_of(stage, seed) if one.kind == "vessel"]
    if not vessels:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    lines = sorted(row for one in vessels for row in _sent(stage, one, rng))
    body = sentences(line for _, line in lines)
    files = (Intake("ais", "sea.nmea", body),) if lines else ()
    return Delivered(files, ("spoofing", "tracks"))


def _sent(stage: Stage, route: Route, rng: Dice) -> Iterator[tuple[int, str]]:
    """Every report somebody received, with its whole second."""
    begin = max(0.0, float(route.points[0, 0]))
    end = min(stage.span_s, float(route.points[-1, 0]))
    clock = np.floor(np.arange(begin + EVERY_S * float(rng.random()), end, EVERY_S))
    clock = clock[route.sends(clock) & ~dark_each(stage, NAME, clock)]
    if not clock.size:
        return
    places, ahead = route.at(clock), route.at(clock + AHEAD_S)
    got = heard(stage, places, DECK_M, rng)
    spots = places[:, :2] + rng.normal(0.0, PLACED_M, (clock.size, 2))
    lonlat = stage.lonlat(*spots.T)
    step = ahead[:, :2] - places[:, :2]
    speed = np.minimum(away(*step.T) / AHEAD_S, 50.0)
    unix = stage.begin.timestamp()
    for k in np.flatnonzero(got).tolist():
        course = degrees(atan2(*step[k].tolist())) % 360
        lon, lat = lonlat[k].tolist()
        at = round(unix + float(clock[k]))
        bits = vessel_at(
            FIRST_MMSI + route.number, (lat, lon), (float(speed[k]), course)
        )
        yield at, ais(bits, at)

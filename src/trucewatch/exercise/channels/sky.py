"""ADS-B as receivers hear it: airways, overflights, lost transponders, jamming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.broadcasts import (
    ACCURATE,
    UNKNOWN,
    aircraft_at,
    aircraft_lost,
    sentences,
)
from trucewatch.exercise.delivered import Delivered, Intake, dark_each, seconds
from trucewatch.exercise.dice import Dice, away, dice
from trucewatch.exercise.receivers import heard
from trucewatch.exercise.routes import FIRST_ICAO, Route, routes_of
from trucewatch.exercise.truth import Happening, Reals, Stage

NAME = "sky"
EVERY_S = 60.0  # of the pairs of frames that a receiver passes on, in an airway
OFTEN_S = 15.0  # over the strip
PLACED_M, DRIFTED_M = 15.0, 900.0  # errors with satellites and without
P_LOST = 0.5  # that an aircraft without satellites tells no place at all
M_PER_FT = 0.3048


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One file of frames, in order of time."""
    flown = [one for one in routes_of(stage, seed) if one.kind == "aircraft"]
    if not flown:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    jams = [one for one in truth if one.what == Act.JAMMING.value]
    lines = sorted(row for one in flown for row in _sent(stage, one, jams, rng))
    body = sentences(["timestamp,frame", *(f"{at:.2f},{one}" for at, one in lines)])
    files = (Intake("adsb", "sky.csv", body),) if lines else ()
    return Delivered(files, ("jamming", "spoofing", "tracks"))


def _sent(
    stage: Stage, route: Route, jams: Sequence[Happening], rng: Dice
) -> Iterator[tuple[float, str]]:
    """Every frame somebody heard: pairs of even and odd, half a second apart."""
    begin = max(0.0, float(route.points[0, 0]))
    end = min(stage.span_s, float(route.points[-1, 0])) - 1.0
    step = OFTEN_S if route.what else EVERY_S
    clock = np.arange(begin + step * float(rng.random()), end, step).round(1)
    clock = clock[route.sends(clock) & ~dark_each(stage, NAME, clock)]
    if not clock.size:
        return
    places = route.at(clock)
    clock, places = _only(heard(stage, places, 0.0, rng), clock, places)
    jammed = _jammed(stage, clock, places, jams)
    error = np.where(jammed, DRIFTED_M, PLACED_M)[:, None]
    silent = jammed & (rng.random(clock.size) < P_LOST)
    off = rng.normal(0.0, 1.0, (clock.size, 2)) * error
    after = route.at(clock + 0.5)
    first = stage.lonlat(*(places[:, :2] + off).T).tolist()
    second = stage.lonlat(*(after[:, :2] + off).T).tolist()
    unix, icao = stage.begin.timestamp(), FIRST_ICAO + route.number
    for k, at in enumerate((unix + clock).tolist()):
        if silent[k]:
            yield at, aircraft_lost(icao)
            continue
        kind = UNKNOWN if jammed[k] else ACCURATE
        height = int(float(places[k, 2]) / M_PER_FT)
        for odd, (lon, lat) in enumerate((first[k], second[k])):
            frame = aircraft_at(icao, (lat, lon), odd, height, kind)
            yield at + 0.5 * odd, frame


def _only(kept: np.ndarray, clock: Reals, places: Reals) -> tuple[Reals, Reals]:
    return clock[kept], places[kept]


def _jammed(
    stage: Stage, clock: Reals, places: Reals, jams: Sequence[Happening]
) -> np.ndarray:
    """Whether an aircraft had no use of satellites at each time."""
    found = np.zeros(clock.size, np.bool_)
    for one in jams:
        begin = seconds(stage, one.time)
        during = (clock >= begin) & (clock < begin + one.length_s)
        near = away(places[:, 0] - one.x_m, places[:, 1] - one.y_m) <= one.reach_m
        found |= during & near
    return found

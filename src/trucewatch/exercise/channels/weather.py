"""A weather station in the middle of the sector: a METAR report every half hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trucewatch.exercise.air import STEP_S, Air, air_over
from trucewatch.exercise.delivered import Delivered, Intake, dark, stamp, table
from trucewatch.exercise.dice import Dice, away, dice, turned
from trucewatch.exercise.truth import Happening, Stage

NAME = "weather"
STATION = "XEXR"
EVERY_S = 1_800.0
# What a station gets wrong of the air over a sector: judgement. Rounding to whole
# degrees, metres per second and tens of degrees of direction comes on top.
TEMP_SD_K, WIND_SD_MPS = 0.7, 0.7
STATED = (("temp_sd_k", "0.8"), ("wind_sd_mps", "0.9"))

Row = tuple[object, ...]


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """An archive of reports, where anybody listens for sound."""
    if not stage.scenario.nodes.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    rows = list(_reports(stage, air_over(stage, seed), rng))
    if not rows:
        return Delivered()
    body = table(("station", "valid", "lat", "lon", "metar"), rows)
    return Delivered((Intake(NAME, "metar.csv", body, STATED),))


def _reports(stage: Stage, air: Air, rng: Dice) -> Iterator[Row]:
    lon, lat = stage.lonlat(np.zeros(1), np.zeros(1))[0].tolist()
    at = np.arange(0.0, stage.span_s + 1.0, EVERY_S)
    steps = np.arange(air.temp_c.size) * STEP_S
    truth = [
        np.interp(at, steps, one)
        for one in (air.temp_c, air.wind_u_mps, air.wind_v_mps)
    ]
    errors = rng.normal(0.0, 1.0, (3, at.size))
    sds = (TEMP_SD_K, WIND_SD_MPS, WIND_SD_MPS)
    told = [one + sd * off for one, sd, off in zip(truth, sds, errors, strict=True)]
    for at_s, temp, u, v in zip(at.tolist(), *told, strict=True):
        if dark(stage, NAME, at_s):
            continue
        when = stamp(stage, at_s)
        day = f"{when[8:10]}{when[11:13]}{when[14:16]}Z"
        report = f"{STATION} {day} {_wind(u, v)} 9999 {_warm(temp)}/// Q1015"
        yield STATION, f"{when[:10]} {when[11:16]}", f"{lat:.4f}", f"{lon:.4f}", report


def _wind(u_mps: float, v_mps: float) -> str:
    """Where it comes from in tens of degrees, and how fast; calm without direction."""
    fast = round(float(away(u_mps, v_mps)))
    if fast == 0:
        return "00000MPS"
    north, east = turned(np.arange(36) / 36.0)
    tens = int(np.argmax(-u_mps * east - v_mps * north)) or 36
    return f"{tens * 10:03d}{fast:02d}MPS"


def _warm(temp_c: float) -> str:
    whole = round(temp_c)
    return f"M{-whole:02d}" if whole < 0 else f"{whole:02d}"

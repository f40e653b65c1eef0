"""The parties' words: what they allege, true, exaggerated or invented."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import Happening, Reals, Sort, Stage

NAME = "words"
PLACED_M = 1_200.0
DELAY_S = 4 * 3600.0
LONG_S = 1800.0  # what took no longer is alleged where and when it came


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One list of allegations by form."""
    rng = dice(seed, stage.scenario.scenario, NAME)
    said = []
    for one in truth:
        speaker = _speaker(one)
        dumb = not speaker or dark(stage, NAME, seconds(stage, one.time))
        if dumb or not (one.level_db or one.path):
            continue
        doing = stage.scenario.doing(speaker)
        if one.words_of or rng.random() < doing.p_alleges:
            said.append(_form(stage, one, speaker, rng))
    if not said:
        return Delivered()
    said.sort(key=lambda form: (form["made"], form["begin"]))
    text = (json.dumps(said, indent=1) + "\n").encode()
    return Delivered((Intake("allegations", "words.json", text),), ("allegations",))


def _speaker(one: Happening) -> str:
    """Who would allege it: who invented it, or whose ground was hit."""
    if one.words_of:
        return one.words_of
    if one.sort is not Sort.BREACH:
        return ""
    return PARTIES[1 - PARTIES.index(one.by)]


def _seen(one: Happening) -> tuple[float, Reals]:
    """When and where it was; of what stayed long, half way through closed ground."""
    if not one.path or one.length_s < LONG_S:
        return 0.0, np.array([one.x_m, one.y_m])
    half_s = one.length_s / 2
    way = np.array([(step.after_s, step.x_m, step.y_m) for step in one.path])
    return half_s, np.array([np.interp(half_s, way[:, 0], way[:, k]) for k in (1, 2)])


def _form(stage: Stage, one: Happening, speaker: str, rng: Dice) -> dict[str, object]:
    after_s, spot = _seen(one)
    x, y = spot + rng.normal(0, PLACED_M / 2, 2)
    (lonlat,) = stage.lonlat(np.array([x]), np.array([y]))
    at = seconds(stage, one.time) + after_s
    more = stage.scenario.doing(speaker).exaggerates_ratio
    return {
        "speaker": speaker,
        "against": one.by,
        "act": one.what.replace("_", " "),
        "count": max(1, round(one.rounds * more)),
        "begin": stamp(stage, max(0.0, at - 900)),
        "end": stamp(stage, at + 900),
        "lat": round(float(lonlat[1]), 5),
        "lon": round(float(lonlat[0]), 5),
        "radius_m": PLACED_M * 1.5,
        "made": stamp(stage, at + float(rng.exponential(DELAY_S)) + 900),
    }

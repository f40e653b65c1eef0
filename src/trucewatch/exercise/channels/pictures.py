"""Radar pictures compared, and analysts' maps: what was damaged between two dates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.truth import DAY_S, Happening, Stage

NAME = "pictures"
# That an act brings down a house or burns it; judgement, not fitted.
P_DAMAGES = {Act.STRIKE: 0.6, Act.DRONE_IMPACT: 0.25, Act.SHELLING: 0.3}
P_RADAR, P_MAPPED = 0.7, 0.8  # that the change is seen at all
# Of log10 likelihood ratios of places that were damaged and of others that changed:
# mean and standard deviation (docs/change.md: most of the first lie above 1).
DAMAGED, OTHERWISE = (1.6, 0.7), (0.2, 0.5)
PASSES_AT_S = 5 * 3_600.0
HOUSE_M, PLACED_M = 14.0, 8.0
GRADES = ("Destroyed", "Severe Damage", "Moderate Damage")

Feature = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Hit:
    at_s: float
    x_m: float
    y_m: float


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One collection of radar change, and two layers of the map at the end."""
    asked = stage.scenario.pictures
    rng = dice(seed, stage.scenario.scenario, NAME)
    hits = list(_hits(stage, truth, rng))
    files: list[Intake] = []
    families = []
    if asked.radar_days:
        body = _collection(_radar(stage, hits, rng))
        files.append(Intake("sar_changes", "radar.geojson", body))
        families.append("sar")
    if asked.maps:
        files += _maps(stage, hits, rng)
        families.append("damage")
    detectors = ("sar_change",) if files else ()
    return Delivered(tuple(files), detectors, tuple(families))


def _hits(stage: Stage, truth: Sequence[Happening], rng: Dice) -> Iterator[_Hit]:
    for one in truth:
        p = P_DAMAGES.get(Act(one.what), 0.0) if one.what in set(Act) else 0.0
        if p and not one.words_of and rng.random() < p:
            yield _Hit(seconds(stage, one.time), one.x_m, one.y_m)


def _radar(stage: Stage, hits: Sequence[_Hit], rng: Dice) -> Iterator[Feature]:
    """A look and its changes for every two pictures in a row."""
    asked, ground = stage.scenario.pictures, stage.scenario.sector
    gap = asked.radar_days * DAY_S
    dates = np.arange(PASSES_AT_S - gap, stage.span_s, gap).tolist()
    reach = np.array([0.55 * ground.length_m, 1.2 * ground.depth_m])
    for before, since in zip(dates, dates[1:], strict=False):
        if dark(stage, NAME, since):
            continue
        when = {"begin": stamp(stage, before), "end": stamp(stage, since)}
        box = _box(stage, 0.0, 0.0, reach)
        yield _feature({"record": "look", **when, "clear_ratio": 0.95}, box)
        during = [one for one in hits if before <= one.at_s < since]
        seen = [one for one in during if rng.random() < P_RADAR]
        quiet = int(rng.poisson(asked.changes_per_day * asked.radar_days))
        x, y = (rng.uniform(-0.9, 0.9, (quiet, 2)) * reach).T
        others = [_Hit(before, a, b) for a, b in zip(x, y, strict=True)]
        for law, some in ((DAMAGED, seen), (OTHERWISE, others)):
            for one in some:
                log10 = round(float(rng.normal(*law)), 3)
                told = {"record": "change", **when, "log10_likelihood_ratio": log10}
                yield _feature(told, _house(stage, one, rng))


def _maps(stage: Stage, hits: Sequence[_Hit], rng: Dice) -> Iterator[Intake]:
    """Damage graded from pictures of the eve and of the last day, and where."""
    ground = stage.scenario.sector
    eve, last = stamp(stage, -DAY_S / 2), stamp(stage, stage.span_s - DAY_S / 2)
    shared = (("after", last), ("before", eve), ("system", "mappers"))
    mapped = [
        _feature({"grade": rng.one_of(GRADES)}, _house(stage, one, rng))
        for one in hits
        if one.at_s < stage.span_s - DAY_S / 2 and rng.random() < P_MAPPED
    ]
    if mapped:
        options = (*shared, ("column.grade", "grade"))
        body = _collection(mapped)
        yield Intake("damage_layers", "damage.geojson", body, options)
    reach = np.array([0.5 * ground.length_m, ground.depth_m])
    area = _feature({"area": "all"}, _box(stage, 0.0, 0.0, reach))
    options = (*shared, ("what", "areas"))
    yield Intake("damage_layers", "mapped.geojson", _collection([area]), options)


def _house(stage: Stage, one: _Hit, rng: Dice) -> Feature:
    x, y = np.array([one.x_m, one.y_m]) + rng.normal(0.0, PLACED_M, 2)
    return _box(stage, float(x), float(y), np.array([HOUSE_M / 2, HOUSE_M / 2]))


def _box(stage: Stage, x_m: float, y_m: float, half_m: np.ndarray) -> Feature:
    turns = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    corners = np.array([x_m, y_m]) + turns * half_m
    ring = stage.lonlat(*corners.T).round(7).tolist()
    return {"type": "Polygon", "coordinates": [ring]}


def _feature(told: Feature, shape: Feature) -> Feature:
    return {"type": "Feature", "properties": told, "geometry": shape}


def _collection(features: Iterator[Feature] | Sequence[Feature]) -> bytes:
    body = {"type": "FeatureCollection", "features": list(features)}
    return (json.dumps(body, indent=1) + "\n").encode()

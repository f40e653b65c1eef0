"""Drones of the mission: the film's metadata, and what whoever watched it noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from trucewatch.collect.frames import Camera, footprint, turn
from trucewatch.exercise.broadcasts import film
from trucewatch.exercise.delivered import Delivered, Intake, dark, seconds, stamp, table
from trucewatch.exercise.dice import Dice, dice
from trucewatch.exercise.truth import DAY_S, Happening, Stage

NAME = "drones"
HEIGHT_M = 900.0
PITCH_DEG, ACROSS_DEG, ALONG_DEG = -35.0, 50.0, 35.0
RANGE_M = 6_000.0
FLIES_MPS = 20.0
SWEEPS_DEG = 60.0  # to either side of where it flies, from frame to frame
LINGERS_S = 90.0  # of smoke and dust after a burst, in which a frame still shows it
NOTED_M = 60.0
HEAD = (
    *("record", "observer", "event_lat", "event_lon", "radius_m", "means"),
    *("number", "observation", "begin", "end", "reported"),
)

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    at_s: float
    told: dict[str, float]
    ground: shapely.Polygon


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One metadata stream a sortie, and one table of what was noted in all."""
    asked = stage.scenario.drones
    if not asked.sorties_per_day:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, NAME)
    files: list[Intake] = []
    noted: list[Row] = []
    count = max(1, round(asked.sorties_per_day * stage.scenario.days))
    slot = stage.span_s / count
    for k in range(count):
        spare = max(0.0, slot - asked.hours * 3_600.0)
        begin = float(np.floor(k * slot + spare * rng.random()))
        if dark(stage, NAME, begin):
            continue
        frames = list(_flown(stage, begin, rng))
        rows = list(_noted(stage, truth, f"uav-{k + 1}", frames, rng))
        noted += rows
        files.append(_filmed(stage, k, frames, "hit" if rows else "miss"))
    options = (("procedure", "drone"), ("zone", "UTC"))
    if noted:
        log = table(HEAD, noted)
        files.append(Intake("patrol_forms", "drones.csv", log, options))
    return Delivered(tuple(files), ("sightings",), ("drone",))


def _flown(stage: Stage, begin_s: float, rng: Dice) -> Iterator[_Frame]:
    """Frames along the line, there and back, the camera sweeping from side to side."""
    asked, half = stage.scenario.drones, 0.45 * stage.scenario.sector.length_m
    start = float(rng.uniform(-half, half))
    beside = float(rng.uniform(-2_000.0, 2_000.0))
    end = min(begin_s + asked.hours * 3_600.0, stage.span_s)
    for k, at in enumerate(np.arange(begin_s, end, asked.frame_s).tolist()):
        x = _reflected(start + FLIES_MPS * (at - begin_s), half)
        ((lon, lat),) = stage.lonlat(
            np.array([x]), np.array([stage.line_at(x) + beside])
        ).tolist()
        heading = (90.0 + SWEEPS_DEG * (1, 0, -1, 0)[k % 4]) % 360
        told = {
            "lat": round(lat, 6),
            "lon": round(lon, 6),
            "heading": heading,
            "pitch": PITCH_DEG,
            "across": ACROSS_DEG,
            "along": ALONG_DEG,
            "height": HEIGHT_M,
            "ground": 0.0,
        }
        yield _Frame(at, told, _ground(told))


def _reflected(x_m: float, half_m: float) -> float:
    """A way to and fro between two ends."""
    lap = (x_m + half_m) % (4 * half_m)
    return lap - half_m if lap <= 2 * half_m else 3 * half_m - lap


def _ground(told: dict[str, float]) -> shapely.Polygon:
    camera = Camera(
        lat_deg=told["lat"],
        lon_deg=told["lon"],
        height_m=told["height"],
        ground_m=told["ground"],
        turned=turn(told["heading"], 0.0, 0.0) @ turn(0.0, told["pitch"], 0.0),
        across_deg=told["across"],
        along_deg=told["along"],
    )
    return shapely.Polygon(footprint(camera, RANGE_M).outer)


def _filmed(stage: Stage, k: int, frames: Sequence[_Frame], outcome: str) -> Intake:
    packets = [
        film(round(stage.begin.timestamp() * 1e6) + round(one.at_s * 1e6), one.told)
        for one in frames
    ]
    options = (
        ("clear_ratio", "0.9"),
        ("feed", f"uav-{k + 1}"),
        ("outcome", outcome),
        ("range_m", f"{RANGE_M:.0f}"),
    )
    return Intake("klv", f"uav-{k + 1}.klv", b"".join(packets), options)


def _noted(
    stage: Stage,
    truth: Sequence[Happening],
    name: str,
    frames: Sequence[_Frame],
    rng: Dice,
) -> Iterator[Row]:
    """Bursts whose smoke stood in some frame, as a reviewer noted them."""
    for one in truth:
        at = seconds(stage, one.time)
        if one.words_of or one.path or one.spots or not one.level_db:
            continue
        spot = shapely.Point(one.lon_deg, one.lat_deg)
        over = at + one.length_s + LINGERS_S
        during = [f for f in frames if at <= f.at_s < over]
        shown = any(f.ground.contains(spot) for f in during)
        if not shown or rng.random() >= stage.scenario.drones.p_spots:
            continue
        x, y = np.array([one.x_m, one.y_m]) + rng.normal(0.0, NOTED_M / 2, 2)
        ((lon, lat),) = stage.lonlat(np.array([x]), np.array([y])).tolist()
        where = (f"{lat:.6f}", f"{lon:.6f}", f"{NOTED_M:.0f}")
        what = ("saw", one.rounds, "explosion")
        when = (at - 30.0, at + one.length_s + 60.0, at + DAY_S / 6)
        stamps = (stamp(stage, max(0.0, one_s)) for one_s in when)
        yield ("event", name, *where, *what, *stamps)

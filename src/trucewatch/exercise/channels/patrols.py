"""Mobile observers: where they looked, what they saw or heard, who let them not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import atan2, degrees

import numpy as np

from trucewatch.exercise.delivered import Delivered, Intake, seconds, stamp, table
from trucewatch.exercise.dice import Dice, away, dice
from trucewatch.exercise.patrols import BARRIER_M, Shift, shifts
from trucewatch.exercise.truth import Happening, Stage, nearest

HEAD = (
    *("record", "observer", "observer_lat", "observer_lon", "range_km", "bearing_deg"),
    *("means", "number", "observation", "begin", "end"),
    *("track", "sight_m", "outcome", "clear_ratio", "reported"),
)
# One standard deviation of a range as a share of it, and of a bearing in degrees.
BY_EAR, BY_EYE = (0.30, 10.0), (0.15, 3.0)
P_SEEN = 0.3  # of what is noticed, the rest is heard

Row = tuple[object, ...]


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of tracks and events."""
    if not stage.scenario.patrols.count:
        return Delivered()
    rng = dice(seed, stage.scenario.scenario, "what patrols notice")
    rows: list[Row] = []
    for one in shifts(stage, seed):
        rows += _shift(stage, truth, one, rng)
    options = (("zone", "UTC"),)
    forms = Intake("patrol_forms", "patrols.csv", table(HEAD, rows), options)
    return Delivered((forms,), ("sightings",), ("patrol",))


def _shift(
    stage: Stage, truth: Sequence[Happening], shift: Shift, rng: Dice
) -> Iterator[Row]:
    asked = stage.scenario.patrols
    lonlat = stage.lonlat(*shift.path.T)
    track = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in lonlat.tolist())
    end = shift.begin_s + asked.hours_per_day * 3_600
    when = (stamp(stage, shift.begin_s), stamp(stage, end))
    seen = [] if shift.failed else list(_events(stage, truth, shift, rng))
    outcome = "denied" if shift.failed else "hit" if seen else "miss"
    line = f"LINESTRING ({track})"
    look = ("track", shift.name, *[""] * 7, *when, line, asked.sight_m)
    yield (*look, outcome, "" if shift.failed else 1.0, "")
    if shift.by:
        (lon, lat), _ = lonlat.tolist()
        km = BARRIER_M / 1_000 * (1 + float(rng.normal(0, BY_EYE[0])))
        bearing = (90.0 + float(rng.normal(0, BY_EYE[1]))) % 360
        where = (f"{lat:.6f}", f"{lon:.6f}", f"{max(km, 0.01):.3f}", f"{bearing:.0f}")
        stood = (stamp(stage, shift.begin_s), stamp(stage, shift.begin_s + 600))
        what = ("saw", 1, "access denial", *stood)
        later = stamp(stage, shift.begin_s + 3_600)
        yield ("event", shift.name, *where, *what, "", "", "", "", later)
    yield from seen


def _events(
    stage: Stage, truth: Sequence[Happening], shift: Shift, rng: Dice
) -> Iterator[Row]:
    asked = stage.scenario.patrols
    for one in truth:
        gone = (seconds(stage, one.time) - shift.begin_s) / 3_600 / asked.hours_per_day
        if one.words_of or one.path or not one.level_db or not 0 <= gone < 1:
            continue
        own = shift.path[0] + gone * (shift.path[1] - shift.path[0])
        off = np.array(nearest(one, *own.tolist())) - own
        far = float(away(*off))
        if far <= asked.sight_m and rng.random() <= asked.p_notices:
            (lonlat,) = stage.lonlat(*own.reshape(2, 1))
            yield _event(stage, one, (shift.name, lonlat), (off, far), rng)


def _event(
    stage: Stage,
    one: Happening,
    observer: tuple[str, np.ndarray],
    off: tuple[np.ndarray, float],
    rng: Dice,
) -> Row:
    """What an observer says of a bang so far off."""
    (dx, dy), far = off
    name, lonlat = observer
    saw = rng.random() < P_SEEN
    spread, turn = BY_EYE if saw else BY_EAR
    km = max(0.1, far * (1 + float(rng.normal(0, spread))) / 1000)
    bearing = (degrees(atan2(dx, dy)) + float(rng.normal(0, turn))) % 360
    counted = max(1, one.rounds + (int(rng.index(3)) - 1) * (one.rounds > 2))
    at = seconds(stage, one.time)
    return (
        *("event", name, f"{lonlat[1]:.6f}", f"{lonlat[0]:.6f}", f"{km:.2f}"),
        *(f"{bearing:.0f}", "saw" if saw else "heard", counted, "explosion"),
        *(stamp(stage, at), stamp(stage, at + one.length_s + 60)),
        *("", "", "", "", stamp(stage, at + 7200)),
    )

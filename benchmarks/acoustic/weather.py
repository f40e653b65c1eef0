"""What weather reports are worth to the acoustic channel of a mission.

Run: ``python benchmarks/acoustic/weather.py [--scenarios rehearsal,quiet-front]
[--seeds 1,2]``. Nodes and a weather station of a shipped exercise deliver as to a
mission; the channel hears them with and without the reports. Truth is every round that
was fired, where it fell. An incident is matched with the nearest round within 2 s and
3 km. Rows are means over all matched incidents of all seeds.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.source import Columns
from trucewatch.collect.weather import WEATHER
from trucewatch.exercise.delivered import Intake
from trucewatch.exercise.happenings import happenings
from trucewatch.exercise.make import CHANNELS
from trucewatch.exercise.scenario import read_scenario
from trucewatch.exercise.truth import Stage, stage_of
from trucewatch.fuse.moment import EPOCH
from trucewatch.fuse.network_picks import listening
from trucewatch.plugin import load

NEAR_S, NEAR_M = 2.0, 3_000.0
CHI2_90 = 4.605170185988092  # of two degrees of freedom
HEADER = (
    "| exercise | weather | incidents | error m, median | 90th percentile | in 90 % | "
    "ellipse m, median |"
)
FIRM = 0.5  # incidents less probable than this are left out


@dataclass(frozen=True, slots=True)
class Heard:
    """An exercise as the channel hears it.

    Attributes:
        rounds: truth: seconds since 1970, east and north in m, shape (n, 3).
    """

    stage: Stage
    columns: tuple[Columns, ...]
    rounds: np.ndarray
    stretch_ns: tuple[int, int]


def heard(scenario: str, seed: int) -> Heard:
    """What nodes and the station deliver, read as a mission reads it."""
    stage = stage_of(read_scenario(scenario), seed)
    truth, rounds = happenings(stage, seed), []
    nodes = load(CHANNELS, "nodes")
    fired = nodes.rounds_of

    def noting(*given: object) -> object:
        made = fired(*given)
        rounds.append(made[0])
        return made

    nodes.rounds_of = noting
    try:
        given = nodes.deliver(stage, truth, seed).intakes
    finally:
        nodes.rounds_of = fired
    given += load(CHANNELS, "weather").deliver(stage, truth, seed).intakes
    columns = tuple(one for intake in given for one in read(intake))
    begin_s = (stage.begin - EPOCH).total_seconds()
    every = np.concatenate(rounds) + np.array([begin_s, 0.0, 0.0])
    ends = (round(begin_s * 1e9), round((begin_s + stage.span_s) * 1e9))
    return Heard(stage, columns, every, ends)


def read(one: Intake) -> tuple[Columns, ...]:
    """The tables of a delivery.

    Raises:
        ValueError: if a row of it was refused.
    """
    delivery = Delivery(
        source=one.source,
        name=one.name,
        sha256=sha256(one.body).hexdigest(),
        size_bytes=len(one.body),
        options=tuple(Option(name=k, value=v) for k, v in one.options),
    )
    batch = load("trucewatch.collect.sources", one.source).read(one.body, delivery)
    if batch.rejections:
        msg = f"{one.name}: {batch.rejections[0].why}"
        raise ValueError(msg)
    return batch.tables


def located(given: Heard, *, weather: bool) -> np.ndarray:
    """Error (m), whether the 90 % ellipse holds, its longer half axis (m), by incident.

    Shape (n, 3); an incident with no round near it is none of them.
    """
    columns = [one for one in given.columns if weather or one.table.schema != WEATHER]
    acoustic, plane = load("trucewatch.fuse.channels", "acoustic"), given.stage.plane
    free = np.ones(len(given.rounds), bool)
    rows = []
    for network in listening(columns, *given.stretch_ns):
        for one in acoustic.told_apart(network)[0]:
            if one.p < FIRM:
                continue
            state = one.moment.state
            x, y = plane.project(np.array([[state.lon_deg, state.lat_deg]]))[0]
            off = given.rounds - np.array([state.time_s, x, y])
            far = np.hypot(off[:, 1] / NEAR_M, off[:, 2] / NEAR_M)
            near = free & (np.abs(off[:, 0]) < NEAR_S) & (far < 1.0)
            if not near.any():
                continue
            k = int(np.argmin(np.where(near, far, np.inf)))
            free[k] = False
            xx, xy, yy = one.moment.spread[:3]
            cov = np.array([[xx, xy], [xy, yy]])
            inside = off[k, 1:] @ np.linalg.solve(cov, off[k, 1:]) <= CHI2_90
            long_m = float(np.sqrt(CHI2_90 * np.linalg.eigvalsh(cov)[-1]))
            rows.append((float(np.hypot(*off[k, 1:])), float(inside), long_m))
    return np.array(rows).reshape(-1, 3)


def main() -> None:
    ask = argparse.ArgumentParser(description="Weather in missions.")
    ask.add_argument("--scenarios", default="rehearsal,quiet-front")
    ask.add_argument("--seeds", default="1,2")
    chosen = ask.parse_args()
    print(HEADER)
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for scenario in chosen.scenarios.split(","):
        sets = [heard(scenario, int(seed)) for seed in chosen.seeds.split(",")]
        for weather in (False, True):
            rows = np.concatenate([located(one, weather=weather) for one in sets])
            middle, high = np.quantile(rows[:, 0], (0.5, 0.9))
            word = "METAR" if weather else "none"
            print(
                f"| {scenario} | {word} | {len(rows)} | {middle:.1f} | {high:.1f} | "
                f"{rows[:, 1].mean():.3f} | {np.median(rows[:, 2]):.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

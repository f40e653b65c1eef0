"""What receivers are said to hear, and do: `python -m benchmarks.reception`.

A simulated station hears vessels on straight ways out and home. The chance of a message
falls with range, a headland shadows a quarter of the circle, fading of each vessel
lasts for an hour or so. The receiver fails at times; some vessels fall silent on
purpose. Nothing of that is told to the code.

quality  stated chance of classes of reception beside the true one; outages found
ratios   silences told, by their ratio, and how many were meant
speed    CPU time of learning from some 350,000 messages
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from tests.collect.deliveries import delivered

from trucewatch.collect.reception import PACES, SECOND_NS, Pace, reception
from trucewatch.collect.shapes import WGS84
from trucewatch.collect.tracks import TrackPoints
from trucewatch.detect.detection import Evidence
from trucewatch.detect.passes import SILENT_S, dark
from trucewatch.detect.trajectory import families
from trucewatch.period import Period

LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
STATION = (46.3, 30.8)
BEGIN = datetime(2031, 3, 1, tzinfo=UTC)
BEGIN_S = int(BEGIN.timestamp())


@dataclass(frozen=True)
class World:
    seed: int
    vessels: int = 60
    days: int = 3
    reach_m: float = 60_000.0  # half of the messages of an average vessel come through
    outages: int = 4
    dark_ratio: float = 0.3  # of vessels, once each
    fade: float = 1.0  # of the logit, lasting about an hour


@dataclass(frozen=True)
class Sea:
    """One row per vessel and minute: where it was, and whether it was heard."""

    world: World
    lat: np.ndarray
    lon: np.ndarray
    speed: np.ndarray
    course: np.ndarray
    q: np.ndarray  # chance that a minute's messages come through, receiver working
    working: np.ndarray  # per minute
    transmits: np.ndarray
    heard: np.ndarray


def faded(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Standard normal numbers that last for an hour or so along each row."""
    noise, keep = rng.standard_normal(shape), np.exp(-1 / 60)
    fade = noise.copy()
    for k in range(1, shape[1]):
        fade[:, k] = keep * fade[:, k - 1] + np.sqrt(1 - keep**2) * noise[:, k]
    return fade


def sea(world: World) -> Sea:
    rng = np.random.default_rng(world.seed)
    minutes = world.days * 1440
    at = np.arange(minutes)
    start_r = rng.uniform(2e3, 150e3, world.vessels)
    start_az = rng.uniform(0, 360, world.vessels)
    lon0, lat0, _ = WGS84.fwd(
        *(np.full(world.vessels, STATION[k]) for k in (1, 0)), start_az, start_r
    )
    course = rng.uniform(0, 360, world.vessels)
    speed = rng.choice([0.0, 4.0, 7.0, 10.0], world.vessels, p=[0.25, 0.25, 0.3, 0.2])
    turn = rng.uniform(4, 16, world.vessels) * 60  # minutes out, then home again
    way = np.abs((at[None] + turn[:, None]) % (2 * turn[:, None]) - turn[:, None])
    shape = way.shape
    lon, lat, _ = WGS84.fwd(
        np.broadcast_to(np.array(lon0)[:, None], shape).ravel(),
        np.broadcast_to(np.array(lat0)[:, None], shape).ravel(),
        np.broadcast_to(course[:, None], shape).ravel(),
        (way * 60 * speed[:, None]).ravel(),
    )
    lon, lat = np.array(lon).reshape(shape), np.array(lat).reshape(shape)
    here = np.full(lon.size, STATION[1]), np.full(lon.size, STATION[0])
    az, _, away = WGS84.inv(*here, lon.ravel(), lat.ravel())
    away, az = np.array(away).reshape(shape), np.array(az).reshape(shape) % 360
    reach = np.where((az > 200) & (az < 290), 0.4, 1.0) * world.reach_m
    fade = faded(rng, shape)
    q = 1 / (1 + np.exp(-((reach - away) / 8e3 + world.fade * fade)))
    working = np.ones(minutes, dtype=bool)
    for _ in range(world.outages):
        first = int(rng.uniform(0, minutes - 300))
        working[first : first + int(rng.uniform(30, 300))] = False
    transmits = np.ones(shape, dtype=bool)
    for vessel in np.flatnonzero(rng.random(world.vessels) < world.dark_ratio):
        first = int(rng.uniform(60, minutes - 600))
        transmits[vessel, first : first + int(rng.uniform(90, 480))] = False
    heard = (rng.random(shape) < q) & working[None] & transmits
    out = (at[None] + turn[:, None]) % (2 * turn[:, None]) >= turn[:, None]
    bound = (course[:, None] + np.where(out, 0, 180)) % 360
    return Sea(
        world,
        lat,
        lon,
        np.broadcast_to(speed[:, None], shape),
        bound,
        q,
        working,
        transmits,
        heard,
    )


def points(one: Sea) -> TrackPoints:
    vessel, minute = np.nonzero(one.heard)
    order = np.argsort(minute, kind="stable")
    vessel, minute = vessel[order], minute[order]
    begin = (BEGIN_S + minute * 60) * SECOND_NS
    take = (vessel, minute)
    return TrackPoints.of(
        (begin, begin + SECOND_NS),
        np.arange(1, len(begin) + 1),
        np.char.add("v", vessel.astype(np.str_)),
        lat_deg=one.lat[take],
        lon_deg=one.lon[take],
        radius90_m=np.full(len(begin), 100.0),
        speed_mps=one.speed[take],
        course_deg=one.course[take],
    )


def looks(one: Sea, pace: Pace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stated chance, true chance, per vessel and step, whether it transmits or not."""
    learnt = reception(points(one), pace)
    assert learnt is not None
    stated, true = [], []
    steps = np.arange(0, one.q.shape[1] - 10, 10)
    missed = np.add.reduceat(np.log1p(-one.q * one.working), steps, axis=1)
    for vessel in range(0, one.world.vessels):
        for k, minute in enumerate(steps.tolist()):
            at_ns = (BEGIN_S + minute * 60) * SECOND_NS
            number = at_ns // (pace.step_s * SECOND_NS) - learnt.first
            if not 0 <= number < len(learnt.outage) or learnt.outage[number]:
                continue
            p = learnt.p_at(
                one.lat[vessel, minute : minute + 1],
                one.lon[vessel, minute : minute + 1],
                np.array([at_ns]),
            )
            stated.append(float(p[0]))
            true.append(-np.expm1(missed[vessel, k]))
    outage = np.array([
        learnt.outage[: len(steps)],
        ~np.array([one.working[s : s + 10].any() for s in steps])[
            learnt.first - BEGIN_S // 600 :
        ][: len(learnt.outage)][: len(steps)],
    ])
    return np.array(stated), np.array(true), outage


def silences(one: Sea) -> tuple[list[tuple[float, bool]], int, int]:
    """Ratio and truth of each silence told; dark times that could be told, and were."""
    table = points(one).to_columns(delivered("ais", b""), "ais")
    period = Period(BEGIN, BEGIN + timedelta(days=one.world.days))
    (tracks,) = families(Evidence((), (table,), period, "settings:1"))
    told, hit = [], set()
    for each in dark(tracks):
        vessel = int(str(tracks.points.identity[each.where.first])[1:])
        first, last = (
            int((tracks.points.begin_ns[at] // SECOND_NS - BEGIN_S) // 60)
            for at in (each.where.first, each.where.last)
        )
        off = ~one.transmits[vessel, first:last]
        meant = off.mean() > 0.5
        told.append((each.log10_ratio, bool(meant)))
        if meant:
            hit.add(vessel)
    able = 0
    for vessel in np.flatnonzero(~one.transmits.all(axis=1)):
        off = np.flatnonzero(~one.transmits[vessel])
        if off[-1] - off[0] < SILENT_S["ais"] / 60 + 20 or one.speed[vessel, 0] < 0.5:
            continue
        q = one.q[vessel, off]
        within = (1 - (1 - q) ** 10).mean()
        able += bool(within > 0.9 and one.working[off].mean() > 0.9)
    return told, able, len(hit)


def quality() -> None:
    for name, station in (
        ("learnt from messages alone", None),
        ("station told", STATION),
    ):
        pace = Pace(PACES["ais"].step_s, PACES["ais"].window_s, station)
        stated, true, found, lost, both = [], [], 0, 0, 0
        for seed in range(6):
            p, truth, outage = looks(sea(World(seed)), pace)
            stated.append(p)
            true.append(truth)
            found, lost = found + outage[0].sum(), lost + outage[1].sum()
            both += (outage[0] & outage[1]).sum()
        p, truth = np.concatenate(stated), np.concatenate(true)
        proven = np.isfinite(p)
        print(f"{name}: {proven.mean():.0%} of vessel-steps lie in proven cells")
        print(f"  outage steps: {lost} true, {found} told, {both} both")
        for low, high in zip(LEVELS, (*LEVELS[1:], 1.01), strict=True):
            some = proven & (p >= low) & (p < high)
            if some.any():
                print(
                    f"  stated {low:.2f} at least: true {truth[some].mean():.3f}, "
                    f"mean told {p[some].mean():.3f} ({some.sum()})"
                )
        rest = truth[~proven]
        print(f"  not proven: true {rest.mean():.3f} ({len(rest)})")


def ratios() -> None:
    every: list[tuple[float, bool]] = []
    able = hits = days = 0
    for seed in range(20):
        world = World(seed + 100)
        told, could, hit = silences(sea(world))
        every, able, hits = every + told, able + could, hits + hit
        days += world.vessels * world.days
    ratio = np.array([one for one, _ in every])
    meant = np.array([one for _, one in every])
    print(
        f"{days} vessel-days, {able} dark times in reception above 0.9; "
        f"{hits} vessels rightly told"
    )
    for low, high in ((0, 0.5), (0.5, 1), (1, 1.5), (1.5, 2), (2, 3), (3, 9)):
        some = (ratio >= low) & (ratio < high)
        if some.any():
            print(
                f"  log10 ratio {low} to {high}: {some.sum()} told, "
                f"{meant[some].sum()} meant"
            )


def speed() -> None:
    one = sea(World(1, vessels=300, days=5))
    many = points(one)
    if len(many) > 1_000_000:
        many = many.taken(np.arange(1_000_000))
    began = time.process_time()
    reception(many, PACES["ais"])
    print(f"{len(many)} messages: {time.process_time() - began:.2f} s CPU")


if __name__ == "__main__":
    tasks = {"quality": quality, "ratios": ratios, "speed": speed}
    for task in sys.argv[1:] or list(tasks):
        tasks[task]()

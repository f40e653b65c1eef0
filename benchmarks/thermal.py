"""Thermal figures: `TRUCEWATCH_DATA=… python -m benchmarks.thermal [peace|war|time]`.

peace  each peace year held out: false share, static sources, injected fires against
       the two-occasions rule at its own false rate, reliability
war    months of war beside media reports (VIINA), model learnt on peace years only
time   CPU time of learning and scoring

Injection and rule are written down in thermal_injected.py and thermal_rule.py.
"""

from __future__ import annotations

import csv
import gzip
import sys
import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from benchmarks.thermal_injected import DATA, KINDS, inject
from benchmarks.thermal_rule import two_occasions
from scipy.spatial import cKDTree

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.pixels import FirePixels
from trucewatch.detect.thermal.fires import DAY_NS, daily_fires, month, sphere
from trucewatch.detect.thermal.grid import around, small_cells
from trucewatch.detect.thermal.local import SOURCE_PER_DEG, Places
from trucewatch.detect.thermal.model import FireModel, learn
from trucewatch.detect.thermal.seasonal import ground
from trucewatch.detect.thermal.settings import DEFAULT
from trucewatch.plugin import load

PEACE = (2012, 2013, 2016, 2018, 2019, 2020, 2021)
# Of the rule: its own 5 % as the README has it, then with the offset of its code (2),
# then stricter ones.
LEVELS = ((0.05, 0), (0.05, 2), (0.01, 0), (0.01, 2), (0.001, 0), (0.001, 2), (1e-4, 4))
CUTS = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)
KINETIC = {
    "artillery",
    "airstrike",
    "raid",
    "firefight",
    "uav",
    "ied",
    "airdef",
    "armor",
}
NEAR_M, NEAR_DAYS = 5_000.0, 1


def pixels_of(file) -> FirePixels:
    raw = file.read_bytes()
    delivery = Delivery(
        source="firms", name=file.name, sha256="0" * 64, size_bytes=len(raw)
    )
    source = load("trucewatch.collect.sources", "firms")
    return FirePixels.from_columns(source.read(raw, delivery).tables[0])


def year_of(number: int) -> FirePixels:
    return pixels_of(next((DATA / "firms_history").glob(f"ukr_fire_data_{number}*")))


def plain(lat, lon, day) -> FirePixels:
    n = len(lat)
    return FirePixels(
        lat_deg=lat,
        lon_deg=lon,
        radius90_m=np.full(n, 600.0),
        begin_ns=day * DAY_NS,
        end_ns=(day + 1) * DAY_NS,
        frp_mw=np.full(n, np.nan),
        satellite=np.full(n, ""),
        row=np.arange(n),
    )


def p_of(model: FireModel, tables: list[FirePixels], p_war=DEFAULT.p_war):
    """Probability of every pixel of some tables, in their order."""
    fires, which = daily_fires(tables, DEFAULT.link_m)
    return model.probability(model.log10_ratio(fires, fires), p_war)[which]


@dataclass
class Held:
    """A peace year held out: probabilities alone, and with fires injected."""

    year: int
    alone: np.ndarray
    static: np.ndarray
    mixed: np.ndarray
    kind: np.ndarray  # of each pixel of mixed; -1 background
    ruled: dict[tuple[float, int], np.ndarray]


def held_out(number: int, tables: dict[int, FirePixels]) -> Held:
    history = [one for key, one in tables.items() if key != number]
    model = learn(history)
    assert model is not None
    truth = tables[number]
    day = truth.begin_ns // DAY_NS
    fires, _ = daily_fires(history, DEFAULT.link_m)
    grid = model.background.grid
    days = np.arange(day.min(), day.max() + 1)
    put = inject(number, grid, ground(fires, grid), days)
    lat = np.concatenate((truth.lat_deg, put.lat_deg))
    lon = np.concatenate((truth.lon_deg, put.lon_deg))
    when = np.concatenate((day, put.day))
    per_fire = sum(len(one) for one in history) / len(fires)
    return Held(
        number,
        p_of(model, [truth]),
        static_pixels(truth),
        p_of(model, [plain(lat, lon, when)]),
        np.concatenate((np.full(len(day), -1), put.kind)),
        {
            level: two_occasions(model.background, per_fire, (lat, lon, when), *level)
            for level in LEVELS
        },
    )


def static_pixels(table: FirePixels):
    """Pixels where something burned on >= 20 days in >= 6 months of the year itself.

    Counted on the 0.004 deg cell and the eight around it; not what the model learnt.
    """
    day = table.begin_ns // DAY_NS
    cell = small_cells(table.lat_deg, table.lon_deg, SOURCE_PER_DEG)
    near = around(cell, SOURCE_PER_DEG)
    days = np.unique(np.column_stack((near.ravel(), np.repeat(day, 9))), axis=0)
    months = np.unique(np.column_stack((days[:, 0], month(days[:, 1]))), axis=0)
    counts = []
    for pairs in (days, months):
        cells, n = np.unique(pairs[:, 0], return_counts=True)
        counts.append(Places(cells, n.astype(float)).at(cell))
    return (counts[0] >= 20) & (counts[1] >= 6)


def peace() -> None:
    tables = {number: year_of(number) for number in PEACE}
    held = [held_out(number, tables) for number in PEACE]
    print("| held out | pixels | at >= 0.8 | at >= 0.5 | static pixels | below 0.5 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for one in held:
        print(
            f"| {one.year} | {len(one.alone)} | {np.mean(one.alone >= 0.8):.2%} "
            f"| {np.mean(one.alone >= 0.5):.2%} | {one.static.sum()} "
            f"| {np.mean(one.alone[one.static] < 0.5):.2%} |"
        )
    every = np.concatenate([one.alone for one in held])
    static = np.concatenate([one.alone[one.static] for one in held])
    print(
        f"all: {np.mean(every >= 0.8):.2%} at >= 0.8; of {len(static)} static pixels "
        f"{np.mean(static < 0.5):.2%} below 0.5, {np.mean(static < 0.8):.2%} below 0.8"
    )
    against_rule(held)
    reliability(held)


def against_rule(held: list[Held]) -> None:
    print("\n| level, offset | false | rule: recall | ours | lone | settled | front |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for level in LEVELS:
        rows = [rates_at(one, one.ruled[level]) for one in held]
        false, rule, ours, *kinds = np.mean(rows, axis=0)
        told = " | ".join(
            f"{a:.0%} v {b:.0%}" for a, b in zip(kinds[:3], kinds[3:], strict=True)
        )
        print(f"| {level} | {false:.1%} | {rule:.1%} | {ours:.1%} | {told} |")
    recall = [np.mean(one.mixed[one.kind >= 0] >= 0.8) for one in held]
    false = [np.mean(one.mixed[one.kind < 0] >= 0.8) for one in held]
    print(f"at >= 0.8: recall {np.mean(recall):.1%}, false {np.mean(false):.2%}")
    for number, name in enumerate(KINDS):
        each = [np.mean(one.mixed[one.kind == number] >= 0.8) for one in held]
        print(f"  {name}: {np.mean(each):.1%}")


def rates_at(one: Held, ruled):
    """False rate, rule's recall, ours at that rate; then by kind, rule and ours."""
    injected = one.kind >= 0
    false = ruled[~injected].mean()
    bar = np.quantile(one.mixed[~injected], 1 - false)
    ours = one.mixed > bar
    kinds = [one.kind == number for number in range(3)]
    return (
        false,
        ruled[injected].mean(),
        ours[injected].mean(),
        *(ruled[k].mean() for k in kinds),
        *(ours[k].mean() for k in kinds),
    )


def reliability(held: list[Held]) -> None:
    """Injected pixels weighed so that p_war of all are; every year the same."""
    p = np.concatenate([one.mixed for one in held])
    war = np.concatenate([one.kind >= 0 for one in held])
    weight = np.concatenate([
        np.where(
            one.kind >= 0,
            DEFAULT.p_war / np.sum(one.kind >= 0),
            (1 - DEFAULT.p_war) / np.sum(one.kind < 0),
        )
        for one in held
    ])
    print("\n| stated | pixels | mean stated | injected share |")
    print("| --- | --- | --- | --- |")
    error = 0.0
    for low, high in pairwise(CUTS):
        here = (p >= low) & (p < high)
        mass = weight[here].sum()
        stated, found = (np.sum(weight[here] * x[here]) / mass for x in (p, war))
        error += mass / weight.sum() * abs(stated - found)
        print(
            f"| {low:.2f}-{min(high, 1):.2f} | {here.sum()} "
            f"| {stated:.3f} | {found:.3f} |"
        )
    brier = np.sum(weight * (p - war) ** 2) / weight.sum()
    print(f"expected calibration error {error:.4f}, Brier {brier:.4f}")


def war() -> None:
    model = learn([year_of(number) for number in PEACE])
    assert model is not None
    print("| month | pixels | at >= 0.8 | at >= 0.5 | expected in peace |")
    print("| --- | --- | --- | --- | --- |")
    for number in (2022, 2023):
        table = year_of(number)
        p = p_of(model, [table])
        months = month(table.begin_ns // DAY_NS)
        for one in np.unique(months).tolist():
            here = months == one
            name = np.datetime64(one, "M")
            usual = np.mean([
                np.sum(month(year_of(y).begin_ns // DAY_NS) % 12 == one % 12)
                for y in (2018, 2019, 2020, 2021)
            ])
            print(
                f"| {name} | {here.sum()} | {np.mean(p[here] >= 0.8):.1%} "
                f"| {np.mean(p[here] >= 0.5):.1%} | {usual:.0f} |"
            )
    beside_media(model)


def beside_media(model: FireModel) -> None:
    table = year_of(2023)
    fires, _ = daily_fires([table], DEFAULT.link_m)
    p = model.probability(model.log10_ratio(fires, fires), DEFAULT.p_war)
    print(
        "\n| month | reports | fires | called | near one | all near | recall | by all |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in ("2023-04", "2023-07", "2023-08"):
        lat, lon, day = reports(name)
        which = month(fires.day) == np.datetime64(name, "M").astype(int)
        here = fires.only(which)
        for least in (0.5, 0.8):
            called = p[which] >= least
            near = beside((here.lat_deg, here.lon_deg, here.day), (lat, lon, day))
            chosen = here.only(called)
            found = beside(
                (lat, lon, day), (chosen.lat_deg, chosen.lon_deg, chosen.day)
            )
            by_all = beside((lat, lon, day), (here.lat_deg, here.lon_deg, here.day))
            print(
                f"| {name}, p >= {least} | {len(lat)} | {len(here)} | {called.sum()} "
                f"| {near[called].mean():.1%} | {near.mean():.1%} "
                f"| {found.mean():.1%} | {by_all.mean():.1%} |"
            )


def beside(ones, others):
    """Which of ``ones`` have another within 5 km and a day."""
    far = 1e7
    points = [
        np.column_stack((sphere(lat, lon), day * 0.0))
        for lat, lon, day in (ones, others)
    ]
    found = np.zeros(len(ones[0]), dtype=bool)
    for shift in range(-NEAR_DAYS, NEAR_DAYS + 1):
        for one, days, move in zip(
            points, (ones[2], others[2]), (0, shift), strict=True
        ):
            one[:, 3] = (days + move) * far
        gap, _ = cKDTree(points[1]).query(points[0], distance_upper_bound=NEAR_M)
        found |= np.isfinite(gap)
    return found


def reports(name: str):
    """Kinetic, located media reports of a month, one per place and day."""
    file = DATA / f"viina_media_reports/viina_incidents_{name.replace('-', '')}.csv.gz"
    kept = set()
    with gzip.open(file, "rt", encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            if KINETIC & set(
                row["event_type"].replace("firefighb", "firefight").split("|")
            ):
                day = int(np.datetime64(row["datetime"][:10]).astype(int))
                kept.add((float(row["lat"]), float(row["lon"]), day))
    lat, lon, day = np.array(sorted(kept)).T
    return lat, lon, day.astype(np.int64)


def timing() -> None:
    tables = [year_of(number) for number in PEACE]
    began = time.process_time()
    model = learn(tables)
    learnt = time.process_time()
    assert model is not None
    scored = year_of(2022)
    again = time.process_time()
    p_of(model, [scored])
    done = time.process_time()
    print(
        f"learn {sum(map(len, tables))} pixels of {len(tables)} years: "
        f"{learnt - began:.1f} s CPU"
    )
    print(f"score {len(scored)} pixels of 2022: {done - again:.1f} s CPU")


if __name__ == "__main__":
    asked = sys.argv[1:] or ["peace", "war", "time"]
    for name in asked:
        {"peace": peace, "war": war, "time": timing}[name]()

"""How long after it happened something is made known, learnt from lent data.

    TRUCEWATCH_DATA=... python -m benchmarks.delays

*Party*: posts of a ministry that name the hour of what they tell, to an hour or better;
the delay is from the middle of the hours they name to the post. *Media*: reports of
drones, air strikes and explosions with a time of the clock, beside the sirens of their
province: what is told fell in while a siren was open (rate one) or not (rate ``calm``),
and is printed a log-normal delay later; median, spread and ``calm`` by maximum
likelihood over the hours in which anything could have been printed.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import os
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.observation import Observation, Statement
from trucewatch.collect.source import Source
from trucewatch.plugin import load

Reals = NDArray[np.float64]
STEP_S = 300  # of the grid of time
LONGEST_H = 24
CALM = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
MEDIAN_H = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.5)
SIGMA = (0.5, 0.75, 1.0, 1.25, 1.5)
TAGS = {"uav", "airstrike", "missile"}
HEARD = ("вибух", "взрыв", "explosion")
GONE = ("вчора", "вчера", "минулої", "за добу", "за сутки", "вночі", "ночью", "ранку")


def posts(path: Path) -> tuple[Observation, ...]:
    """The statements of a table of a ministry's posts."""
    raw = path.read_bytes()
    told = {
        "voice": "RU",
        "column.time": "datetime",
        "column.text": "text_snippet",
        "zone": "UTC",
    }
    delivery = Delivery(
        source="posts",
        name=path.name,
        sha256=sha256(raw).hexdigest(),
        size_bytes=len(raw),
        options=tuple(Option(k, v) for k, v in told.items()),
    )
    source: Source = load("trucewatch.collect.sources", "posts")
    return source.read(raw, delivery).observations


def party_delays_h(data: Path) -> list[float]:
    """Hours from the middle of the time a post names to the post, each text once."""
    told = [
        one
        for path in sorted((data / "mod_russia_claims").glob("*.csv"))
        for one in posts(path)
    ]
    found: dict[object, float] = {}
    for one in told:
        said = one.result
        claims = said.claims if isinstance(said, Statement) else ()
        for time in [c.time for c in claims if c.acts and c.time]:
            if time.duration_s <= 3600:
                middle = time.begin + (time.end - time.begin) / 2
                late = (one.result_time.begin - middle).total_seconds() / 3600
                found[time, one.result_time.begin] = late
    return [one for one in found.values() if 0 < one <= LONGEST_H]


def printed(data: Path) -> list[tuple[str, float]]:
    """Province and second of every report with a clock that tells of an attack."""
    outlines = json.loads(
        (data / "basemap/ukraine_adm1_geoboundaries.geojson").read_text("utf-8")
    )["features"]
    shapes = [shapely.geometry.shape(one["geometry"]) for one in outlines]
    names = [one["properties"]["shapeName"].lower() for one in outlines]
    zone = ZoneInfo("Europe/Kyiv")
    path = data / "viina_media_reports/viina_media_reports_energy_easter2025.csv"
    found = set()
    with path.open(encoding="utf-8-sig") as opened:
        for row in csv.DictReader(opened):
            text = row["headline"].lower()
            tagged = TAGS & set(row["event_type"].split("|"))
            heard = any(word in text for word in HEARD)
            if row["datetime"][11:16] in ("", "00:00") or not (tagged or heard):
                continue
            if any(word in text for word in GONE):
                continue  # it says itself that it tells of hours long past
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            holds = [n for n, s in zip(names, shapes, strict=True) if s.covers(point)]
            if not holds:
                continue
            when = datetime.fromisoformat(row["datetime"]).replace(tzinfo=zone)
            found.add((holds[0].split()[0], when.timestamp(), text))
    return [(where, when) for where, when, _ in sorted(found)]


def sirens(data: Path, begin_s: float, steps: int) -> dict[str, Reals]:
    """Per province, whether a siren was open at each step; merged months left out."""
    path = data / "air_raid_alerts_oblast/air_raid_alerts_oblast_energy_easter2025.csv"
    found: dict[str, Reals] = {}
    with path.open(encoding="utf-8-sig") as opened:
        for row in csv.DictReader(opened):
            first = datetime.fromisoformat(row["started_at"]).timestamp()
            last = datetime.fromisoformat(row["finished_at"]).timestamp()
            name = row["region"].split()[0].lower().removesuffix("ska")
            open_ = found.setdefault(name, np.zeros(steps))
            a, b = ((int(t - begin_s) // STEP_S) for t in (first, last))
            value = np.nan if last - first > 86_400 else 1.0
            open_[max(a, 0) : max(b + 1, 0)] = value
    return {k: v for k, v in found.items() if not np.isnan(v).any()}


def media_law(data: Path) -> tuple[int, float, float, float, float]:
    """Reports used, median (h), spread of its log, rate without siren, gain in nats."""
    rows = printed(data)
    begin_s = datetime(2025, 3, 9, tzinfo=UTC).timestamp()
    steps = int(55 * 86_400 / STEP_S)
    opened = sirens(data, begin_s, steps)
    at: dict[str, list[int]] = {}
    for where, when in rows:
        key = next((k for k in opened if where and k[:5] == where[:5]), None)
        k = int(when - begin_s) // STEP_S
        if key and LONGEST_H * 3600 // STEP_S <= k < steps:
            at.setdefault(key, []).append(k)
    used = sum(len(v) for v in at.values())
    laws = itertools.product(CALM, MEDIAN_H, SIGMA)
    total, calm, median, sigma = max(
        (_log_likelihood(at, opened, law), *law) for law in laws
    )
    return used, median, sigma, calm, total  # an even rate has 0


def _log_likelihood(
    at: dict[str, list[int]],
    opened: dict[str, Reals],
    law: tuple[float, float, float],
) -> float:
    """Of the steps at which reports were printed, given that they were, in nats."""
    calm, median, sigma = law
    f = _law(median, sigma)
    total = 0.0
    for key, those in at.items():
        rate = np.convolve(opened[key] + calm, f)[: len(opened[key])]
        first, last = min(those), max(those) + 1
        total += float(np.log(rate[those]).sum())
        total -= len(those) * math.log(rate[first:last].mean())
    return total


def _law(median_h: float, sigma: float) -> Reals:
    hours = (np.arange(LONGEST_H * 3600 // STEP_S) + 0.5) * STEP_S / 3600
    f = np.exp(-((np.log(hours / median_h) / sigma) ** 2) / 2) / hours
    return np.asarray(f / f.sum())


def main() -> None:
    """Print both laws."""
    data = Path(os.environ["TRUCEWATCH_DATA"])
    late = np.array(party_delays_h(data))
    logs = np.log(late)
    tail = np.percentile(late, [5, 50, 95])
    sys.stdout.write(
        f"party: {late.size} posts, median {np.exp(logs.mean()):.2f} h, spread of its "
        f"log {logs.std():.2f}; 5, 50, 95 %: {', '.join(f'{x:.2f}' for x in tail)} h\n"
    )
    used, median, sigma, calm, gain = media_law(data)
    sys.stdout.write(
        f"media: {used} reports, median {median:g} h, spread of its log {sigma:g}, "
        f"rate without siren {calm:g}; {gain:.1f} nats over no relation to sirens\n"
    )


if __name__ == "__main__":
    main()

"""Seconds and memory to fold many allegations into incidents; one machine, one core.

    python -m benchmarks.allegations --count 10000

Invented acts along a line of 300 km over ten days; each is alleged by form, as rows of
one CSV, once to twelve times by one of two parties, with scattered places and hours.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Observation
from trucewatch.collect.source import Source
from trucewatch.detect.detection import Detector, Evidence
from trucewatch.fuse.associate import associate
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.credit import credited
from trucewatch.fuse.lineage.trace import lineages
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.grade.dispute import Told, disputes
from trucewatch.grade.settings import default_grade_settings
from trucewatch.period import Period
from trucewatch.plugin import load
from trucewatch.record import RecordId

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
ACTS = ("shelling", "drone_impact", "strike", "explosion")
HEAD = [
    "speaker",
    "against",
    "act",
    "count",
    "time",
    "end",
    "lat",
    "lon",
    "radius_m",
    "words",
    "url",
]


def form(count: int, seed: int) -> bytes:
    """A CSV of so many allegations."""
    dice = random.Random(seed)
    rows: list[list[object]] = []
    while len(rows) < count:
        lat, lon = 47.5 + dice.random() * 2.7, 36.0 + dice.random() * 2
        at = DAY0 + timedelta(minutes=dice.randrange(10 * 1440))
        speaker, against = dice.sample(("UA", "RU"), 2)
        act, village = dice.choice(ACTS), dice.randrange(4000)
        for _ in range(dice.randrange(1, 13)):
            begin = at - timedelta(minutes=dice.randrange(10, 60))
            end = at + timedelta(minutes=dice.randrange(10, 60))
            spot = (dice.gauss(lat, 0.008), dice.gauss(lon, 0.01))
            words = f"Village {village} was hit at {at:%H:%M}."
            url = f"https://outlet{dice.randrange(40)}.example/{len(rows)}"
            told = [f"{spot[0]:.5f}", f"{spot[1]:.5f}", 2000, words, url]
            times = [f"{begin:%Y-%m-%dT%H:%MZ}", f"{end:%Y-%m-%dT%H:%MZ}"]
            rows.append([speaker, against, act, dice.randrange(1, 9), *times, *told])
    made = io.StringIO()
    csv.writer(made).writerows([HEAD, *rows[:count]])
    return made.getvalue().encode()


def read(raw: bytes) -> tuple[Observation, ...]:
    """The observations of such a form."""
    digest = sha256(raw).hexdigest()
    delivery = Delivery(
        source="allegations", name="f.csv", sha256=digest, size_bytes=len(raw)
    )
    source: Source = load("trucewatch.collect.sources", "allegations")
    return source.read(raw, delivery).observations


def folded(observations: tuple[Observation, ...]) -> tuple[Incident, ...]:
    """From observations to incidents and disputes, as a mission does it."""
    settings = default_fusion_settings()
    watched = Period(DAY0 - timedelta(days=1), DAY0 + timedelta(days=11))
    detector: Detector = load("trucewatch.detect.detectors", "allegations")
    seen = detector.detect(Evidence(observations, (), watched, RecordId("settings:1")))
    origins = lineages(observations)
    detections = credited(seen, origins, settings.copied_ratio)
    incidents = associate(detections, (), settings)
    told = Told(observations, incidents, detections, ())
    disputes(told, default_grade_settings())
    return incidents


def main() -> None:
    """Print what was measured, and whether another order gives the same."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--shuffled", action="store_true", help="fold twice, compare")
    given = asked.parse_args()
    raw = form(given.count, given.seed)
    begin = time.process_time()
    observations = read(raw)
    incidents = folded(observations)
    took = time.process_time() - begin
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{len(observations)} allegations, {len(incidents)} incidents: "
        f"{took:.1f} s CPU, {most:.0f} MB\n"
    )
    if given.shuffled:
        mixed = random.Random(0).sample(observations, len(observations))
        same = [i.id for i in folded(tuple(mixed))] == [i.id for i in incidents]
        sys.stdout.write(f"another order gives the same incidents: {same}\n")


if __name__ == "__main__":
    main()

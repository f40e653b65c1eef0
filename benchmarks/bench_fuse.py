"""How the cost of fusion grows: the same week, copied one to ten times.

Run: ``python benchmarks/bench_fuse.py [detections]``. Prints seconds per size and the
exponent of a straight line through the logarithms. Copies follow each other in time
(``weeks``) or lie beside each other (``sectors``): their density stays the same. Last
comes one day: 10,000 detections, alone and with 2,000 hypotheses of acoustic nodes.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import ActShare, Channel, Detection
from trucewatch.fuse.agglomerate import agglomerate
from trucewatch.fuse.associate import associate
from trucewatch.fuse.cell import Cell, collapse
from trucewatch.fuse.moment import Moment
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.shared import shared
from trucewatch.fuse.state import State
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.record import RecordId

START = datetime(2026, 2, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
COPIES = (1, 2, 5, 10)


def week(count: int, seed: int = 1) -> list[Detection]:
    """Invented detections over a front of 400 by 60 km, a third of them doubled."""
    rng = np.random.default_rng(seed)
    found = []
    for n in range(count):
        lat, lon = 47 + 0.54 * rng.random(), 35 + 5 * rng.random()
        begin = START + timedelta(seconds=float(rng.integers(0, 7 * 86_400)))
        for key in ("media", "patrol") if n % 3 == 0 else ("media",):
            lasting = timedelta(hours=24 if key == "media" else 1)
            found.append(
                Detection(
                    detector="bench",
                    channel=Channel.MEDIA,
                    acts=(ActShare(Act.SHELLING, 1.0),),
                    units=None,
                    place=Place.circle(lat + rng.normal() * 0.003, lon, 1_500.0),
                    time=Period(begin, begin + lasting),
                    log10_likelihood_ratio=3.0,
                    independence=key,
                    place_prec=2,
                )
            )
    return found


def copied(found: list[Detection], copies: int, how: str) -> list[Detection]:
    """The detections and their copies, moved in time or in place."""
    return [
        _later(one, n) if how == "weeks" else _beside(one, n)
        for n in range(copies)
        for one in found
    ]


def _later(one: Detection, n: int) -> Detection:
    time = Period(one.time.begin + n * WEEK, one.time.end + n * WEEK)
    return replace(one, time=time)


def _beside(one: Detection, n: int) -> Detection:
    return replace(one, place=replace(one.place, lat_deg=one.place.lat_deg - 2 * n))


def one_day(count: int) -> list[Detection]:
    """The detections of a week within one day."""
    found = []
    for one in week(count):
        begin = START + (one.time.begin - START) / 7
        lasting = one.time.end - one.time.begin
        found.append(replace(one, time=Period(begin, begin + lasting)))
    return found


def bangs(count: int, seed: int = 2) -> list[Cell]:
    """Hypotheses over the same front and day, as a network of nodes makes them."""
    rng = np.random.default_rng(seed)
    made = []
    for n in range(count):
        lat, lon = 47 + 0.54 * rng.random(), 35 + 5 * rng.random()
        at_s = START.timestamp() + 86_400 * rng.random()
        moment = Moment(State(lat, lon, at_s, 0.02), (100.0, 0.0, 80.0, 0.0, 0.0, 4e-4))
        best = Detection(
            detector="acoustic",
            channel=Channel.INSTRUMENT,
            acts=(ActShare(Act.EXPLOSION, 1.0),),
            units=None,
            place=moment.place,
            time=moment.time,
            log10_likelihood_ratio=14.0,
            independence="acoustic:bench",
            place_prec=1,
        )
        name = f"acoustic|{n}"
        made.append(Cell(best, Act.ATTACK, (RecordId(name),), name, moment))
    return made


def fused_day(count: int, heard: int) -> None:
    """Print what one day costs from collapse to shares."""
    settings = default_fusion_settings()
    found, hypotheses = one_day(count), bangs(heard)
    begin = time.process_time()
    groups = agglomerate([*collapse(found), *hypotheses], settings).groups
    given = shared(groups, settings)
    seconds = time.process_time() - begin
    print(
        f"day {len(found):7d} detections {heard:5d} hypotheses {len(groups):7d} "
        f"incidents {len(given):5d} with shares {seconds:7.2f} s"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    found, settings = week(count), default_fusion_settings()
    for how in ("weeks", "sectors"):
        seconds = []
        for copies in COPIES:
            many = copied(found, copies, how)
            begin = time.process_time()
            incidents = associate(many, (), settings)
            seconds.append(time.process_time() - begin)
            print(
                f"{how} {len(many):7d} detections {len(incidents):7d} incidents", end=""
            )
            print(f" {seconds[-1]:7.2f} s")
        slope = np.polyfit(np.log(COPIES), np.log(seconds), 1)[0]
        print(f"{how} exponent {slope:.2f}")
    for heard in (0, 2_000):
        fused_day(7_500, heard)


if __name__ == "__main__":
    main()

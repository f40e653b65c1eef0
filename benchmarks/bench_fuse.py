"""How the cost of fusion grows: the same week, copied one to ten times.

Run: ``python benchmarks/bench_fuse.py [detections]``. Prints seconds per size and the
exponent of a straight line through the logarithms. Copies follow each other in time
(``weeks``) or lie beside each other (``sectors``): their density stays the same.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import ActShare, Channel, Detection
from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.period import Period
from trucewatch.place import Place

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


if __name__ == "__main__":
    main()

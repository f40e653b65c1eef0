"""A million messages of vessels and of aircraft: `python -m benchmarks.tracks`.

Processor time and peak memory of one process each, reading included. The messages are
the lent recordings where TRUCEWATCH_DATA is set, else the samples of the tests, over
and over; they are made before the clock starts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from tests.collect.deliveries import read, sample

MESSAGES = 1_000_000
_SPACING_S = 0.1


def ais() -> bytes:
    """Sentences that are messages of their own, over and over."""
    lent = os.environ.get("TRUCEWATCH_DATA")
    raw = (
        (Path(lent) / "ais/pyais_nmea_data_sample.txt").read_bytes()
        if lent
        else sample("ais")[0]
    )
    lines = [one for one in raw.splitlines() if one.startswith(b"!AIVDM,1,1,")]
    return b"\n".join((lines * (MESSAGES // len(lines) + 1))[:MESSAGES])


def adsb() -> bytes:
    """Frames over and over, each later than the one before."""
    lent = os.environ.get("TRUCEWATCH_DATA")
    raw = (
        (Path(lent) / "adsb/pymodes_sample_data_adsb.csv").read_bytes()
        if lent
        else sample("adsb")[0]
    )
    found = [one.split(b",")[:2] for one in raw.splitlines()]
    frames = [one[1].strip(b'" ') for one in found if len(one) > 1]
    frames = [one for one in frames if len(one) in (14, 28)]
    began = 1_900_000_000.0
    return b"\n".join(
        b"%.3f,%s" % (began + n * _SPACING_S / 10, frames[n % len(frames)])
        for n in range(MESSAGES)
    )


def one(name: str) -> None:
    raw = {"ais": ais, "adsb": adsb}[name]()
    times = {"begin": "2031-01-01T00:00Z", "end": "2031-01-02T00:00Z"}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.process_time()
    batch = read(name, raw, times if name == "ais" else {})
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = sum(table.table.rows for table in batch.tables)
    print(
        f"{name}: {MESSAGES} messages, {len(raw) // 10**6} MB, {rows} rows, "
        f"{len(batch.rejections)} rejected; {spent:.1f} s, "
        f"peak {peak} MB ({before} MB before)"
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        one(sys.argv[1])
    else:
        for name in ("ais", "adsb"):
            command = [sys.executable, "-m", "benchmarks.tracks", name]
            subprocess.run(command, check=True)

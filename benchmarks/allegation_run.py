"""Seconds and memory of a whole run over many allegations; one machine, one core.

    python -m benchmarks.allegation_run --counts 1000,3000,10000

The form of ``benchmarks.allegations`` through ``trucewatch run``, from the file to a
sealed bulletin; each size in a process of its own. The exponent is the slope of log
time over log rows. ``--shuffled`` runs the largest size again with its rows in another
order and compares what it says of every incident.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.allegations import form

from trucewatch.watch.start import bundled

MISSION = """\
mission: volume
title: Allegations by the thousand
agreement: {agreement}
days: {{first: 2026-03-10, last: 2026-03-10}}
zone: Europe/Kyiv
detectors: [allegations]
deliveries:
  - {{source: allegations, files: form.csv, options: {{zone: UTC}}}}
bulletins:
  - {{stage: R, releases: [cell], days: all, formats: [json, html, csv]}}
"""
PROBE = (
    "import json, resource, sys; from trucewatch.watch.cli import code; "
    "left = code(sys.argv[1:]); "
    "u = resource.getrusage(resource.RUSAGE_SELF); "
    "print(json.dumps([left, u.ru_utime + u.ru_stime, u.ru_maxrss]), file=sys.stderr)"
)


def run(raw: bytes) -> tuple[dict[str, object], list[object]]:
    """What one run cost, and what it says of every incident."""
    from trucewatch.fuse.incident import Incident
    from trucewatch.grade.finding import Finding
    from trucewatch.store.reader import view
    from trucewatch.watch.run import KINDS

    agreements = bundled("easter2025").parents[1] / "agreements"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "form.csv").write_bytes(raw)
        mission = folder / "mission.yaml"
        mission.write_text(MISSION.format(agreement=agreements / "easter2025.yaml"))
        command = [sys.executable, "-c", PROBE, "run", str(mission), "--json"]
        command += ["--out", str(folder / "out")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        left, cpu_s, peak_kb = json.loads(done.stderr.splitlines()[-1])
        assert left == 0, done.stderr[-2000:]
        told = json.loads(done.stdout)
        with view(folder / "out" / "ledger", KINDS) as ledger:
            names = {one.id: one for one in ledger.records(Incident)}
            said = [
                (names[f.incident].name, names[f.incident].p_exists, f.reading, f.grade)
                for f in ledger.records(Finding)
            ]
    cost = {
        "rows": raw.count(b"\n") - 1,
        "incidents": told["incidents"],
        "records": told["size"],
        "cpu_s": round(cpu_s, 1),
        "peak_mb": round(peak_kb / 1024),
    }
    return cost, sorted(said)


def main() -> None:
    """Print a row per size, the exponent, and whether another order says the same."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--counts", default="1000,3000,10000")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--shuffled", action="store_true")
    given = asked.parse_args()
    counts = [int(one) for one in given.counts.split(",")]
    costs = []
    for count in counts:
        cost, said = run(form(count, given.seed))
        costs.append(cost)
        sys.stdout.write(json.dumps(cost) + "\n")
    if len(costs) > 1:
        (n, s), (m, t) = ((c["rows"], c["cpu_s"]) for c in (costs[0], costs[-1]))
        exponent = math.log(float(t) / float(s)) / math.log(float(m) / float(n))
        sys.stdout.write(f"exponent {exponent:.2f} from {n} to {m} rows\n")
    if given.shuffled:
        head, *rows = form(counts[-1], given.seed).splitlines(keepends=True)
        mixed = random.Random(0).sample(rows, len(rows))
        same = run(b"".join([head, *mixed]))[1] == said
        sys.stdout.write(f"another order says the same of every incident: {same}\n")


if __name__ == "__main__":
    main()

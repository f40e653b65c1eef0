"""How a week's cost grows with its size: copies of the lent data, moved apart.

    TRUCEWATCH_DATA=... python benchmarks/growth.py [--factors 1,2,5,10]

Every copy has the rows of the week of Easter 2025 moved by some kilometres and
minutes, so that it adds incidents and not just repetitions. Each size runs in a
process of its own; the exponent is the slope of log time over log rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

DAYS = ("2025-04-15", "2025-04-21")

MISSION = """\
mission: growth
title: A week, several times over
agreement: {agreement}
days: {{first: 2025-04-15, last: 2025-04-21}}
zone: Europe/Kyiv
procedures: [viirs, media, alerts, launch_claims]
deliveries:
  - {{source: media_reports, files: "reports-*.csv", options: {{feed: viina}}}}
  - {{source: sirens, files: "sirens-*.csv"}}
  - {{source: launch_claims, files: "claims-*.csv",
     options: {{speaker: UA, against: RU}}}}
bulletins:
  - {{stage: A3, releases: [cell], days: all}}
  - {{stage: R, releases: [public], days: [2025-04-20]}}
"""


def moved(row: dict[str, str], copy: int, names: tuple[str, ...]) -> dict[str, str]:
    """A row some kilometres and minutes away from where it was."""
    made = dict(row)
    for name in names:
        made[name] = _later(made[name], timedelta(minutes=7 * copy))
    for name, step in (("lat", 0.11), ("lon", 0.17)):
        if name in made:
            made[name] = f"{float(made[name]) + step * copy:.5f}"
    return made


def _later(text: str, by: timedelta) -> str:
    if len(text) < 16 or text[11:16] == "00:00":
        return text
    return (datetime.fromisoformat(text) + by).isoformat(sep=" ")


def copies(source: Path, target: Path, times: tuple[str, ...], factor: int) -> int:
    """Rows written: ``factor`` moved copies of the rows of the week."""
    with source.open(encoding="utf-8-sig", newline="") as opened:
        rows = [
            r for r in csv.DictReader(opened) if DAYS[0] <= r[times[0]][:10] <= DAYS[1]
        ]
    for copy in range(factor):
        path = target.with_name(f"{target.name}-{copy}.csv")
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0].keys())
            writer.writeheader()
            writer.writerows(moved(row, copy, times) for row in rows)
    return len(rows) * factor


def run(data: Path, factor: int) -> dict[str, float]:
    """What one run of the week cost."""
    from trucewatch.watch.start import bundled

    agreements = bundled("easter2025").parents[1] / "agreements"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = copies(
            data / "viina_media_reports/viina_media_reports_energy_easter2025.csv",
            folder / "reports",
            ("datetime",),
            factor,
        )
        rows += copies(
            data
            / "air_raid_alerts_oblast/air_raid_alerts_oblast_energy_easter2025.csv",
            folder / "sirens",
            ("started_at", "finished_at"),
            factor,
        )
        rows += copies(
            data
            / "air_force_claims_missile_uav"
            / "air_force_claims_missile_uav_energy_easter2025.csv",
            folder / "claims",
            ("time_start", "time_end"),
            factor,
        )
        mission = folder / "mission.yaml"
        mission.write_text(MISSION.format(agreement=agreements / "easter2025.yaml"))
        probe = (
            "import json, resource, sys; from trucewatch.watch.cli import code; "
            "left = code(sys.argv[1:]); "
            "u = resource.getrusage(resource.RUSAGE_SELF); "
            "print(json.dumps([left, u.ru_utime + u.ru_stime, u.ru_maxrss]), "
            "file=sys.stderr)"
        )
        command = [sys.executable, "-c", probe, "run", str(mission), "--json"]
        command += ["--out", str(folder / "out")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        left, cpu_s, peak_kb = json.loads(done.stderr.splitlines()[-1])
        assert left == 0, done.stderr[-2000:]
        told = json.loads(done.stdout)
        return {
            "factor": factor,
            "rows": rows,
            "incidents": told["incidents"],
            "records": told["size"],
            "cpu_s": round(cpu_s, 2),
            "peak_mb": round(peak_kb / 1024, 1),
        }


def main() -> None:
    """Print a table and the exponent of growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factors", default="1,2,5,10")
    factors = [int(one) for one in parser.parse_args().factors.split(",")]
    data = Path(os.environ["TRUCEWATCH_DATA"])
    found = [run(data, factor) for factor in factors]
    for one in found:
        print(json.dumps(one))
    first, last = found[0], found[-1]
    if last["rows"] > first["rows"]:
        slope = math.log(last["cpu_s"] / first["cpu_s"])
        slope /= math.log(last["rows"] / first["rows"])
        print(f"exponent {slope:.2f} from {first['rows']} to {last['rows']} rows")


if __name__ == "__main__":
    main()

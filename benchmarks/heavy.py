"""How a run's cost grows with the incidents of one heavy day.

    python -m benchmarks.heavy [--parts 10,4,2,1]

The scenario ``heavy-day`` with all rates divided by a number: made, run with its
ledger and its bulletin in seven formats, each in a process of its own. Exponents are
slopes of log time over log incidents, from one line to the next.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from trucewatch.exercise.make import make
from trucewatch.exercise.scenario import Scenario, read_scenario

PROBE = """\
import json, resource, sys
from trucewatch.watch.cli import code
left = code(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
told = [left, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]
print(json.dumps(told), file=sys.stderr)
"""


def part_of_a_day(part: int) -> Scenario:
    """The heavy day with this part of its attacks."""
    scenario = read_scenario("heavy-day")
    parties = {
        name: party.model_copy(
            update={"breaches_per_day": party.breaches_per_day / part}
        )
        for name, party in scenario.parties.items()
    }
    return scenario.model_copy(update={"parties": parties})


def run(part: int) -> tuple[int, float, float]:
    """Incidents told, seconds of the processor, and megabytes at most."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        make(part_of_a_day(part), 1, folder)
        command = ["run", str(folder / "mission.yaml"), "--out", str(folder / "run")]
        done = subprocess.run(
            [sys.executable, "-c", PROBE, *command, "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        left, processor_s, most_mb = json.loads(done.stderr.splitlines()[-1])
        if left:
            sys.exit(done.stderr)
        return json.loads(done.stdout)["incidents"], processor_s, most_mb


def main() -> None:
    """Print a line for each part of the day, and the exponents between them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--parts", default="10,4,2,1")
    before: tuple[int, float] | None = None
    for part in map(int, asked.parse_args().parts.split(",")):
        incidents, processor_s, most_mb = run(part)
        line = f"1/{part}  {incidents} incidents  {processor_s:.1f} s  {most_mb:.0f} MB"
        if before is not None:
            slower = math.log(processor_s / before[1])
            line += f"  exponent {slower / math.log(incidents / before[0]):.2f}"
        before = incidents, processor_s
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""How long a ledger takes to append, read, prove and verify many records.

python -m benchmarks.ledger 30000 --commits 1
"""

import argparse
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.store.sample import RAW, delivery, observations, opened

from trucewatch.collect.observation import Observation
from trucewatch.store.verify import verify_ledger


class Clock:
    """Prints what each stretch of work took: elapsed, of it on the processor."""

    def __init__(self) -> None:
        self._begin = time.perf_counter(), time.process_time()

    def lap(self, what: str) -> None:
        elapsed_s = time.perf_counter() - self._begin[0]
        busy_s = time.process_time() - self._begin[1]
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what:<18}{elapsed_s:8.3f} s {busy_s:8.3f} s busy {peak_mb:6.0f} MB")
        self._begin = time.perf_counter(), time.process_time()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("records", type=int, nargs="?", default=30_000)
    parser.add_argument("--commits", type=int, default=1)
    given = parser.parse_args()
    clock, source = Clock(), delivery()
    rows = observations(given.records, source)
    clock.lap("make the records")
    with TemporaryDirectory() as name:
        work(Path(name) / "ledger", (source, rows), given.commits, clock)


def work(folder: Path, made, commits: int, clock: Clock) -> None:
    source, rows = made
    step = -(-len(rows) // commits)
    with opened(folder) as ledger:
        ledger.append([source], [RAW], why="delivered")
        for begin in range(0, len(rows), step):
            ledger.append(rows[begin : begin + step], why="read")
        clock.lap("append")
        ledger.append(rows, why="again")
        clock.lap("append again")
        ledger.prove(rows[-1].id)
        clock.lap("prove one")
    opened(folder).close()
    clock.lap("open")
    assert all(step.ok for step in verify_ledger(folder))
    clock.lap("verify")
    with opened(folder) as ledger:
        assert len(ledger.records(Observation)) == len(rows)
    clock.lap("read as records")


if __name__ == "__main__":
    main()

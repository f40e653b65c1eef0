"""Kill a writer at random moments and see that nothing is lost.

    python -m benchmarks.kill --trials 100
    python -m benchmarks.kill --trials 9 --out out/k -- trucewatch demo --out out/k

Each trial starts the command, kills it (SIGKILL) after a random time, starts it again,
and so on; the last start is left alone. Then the ledger must verify, and its root be
that of a run nobody killed. Without a command, a small writer of this file is used.
"""

import argparse
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.store.sample import RAW, delivery, observations, opened

from trucewatch.store.reader import view
from trucewatch.store.verify import verify_ledger

ROOT = Path(__file__).resolve().parents[1]
COMMITS, RECORDS, KILLS = 12, 40, 3
KILLED = -9
SPAN_S = 0.3  # after opening, within which a writer is killed; it needs as long
DELIVERIES = [RAW + b"%d" % number for number in range(COMMITS)]


def write(folder: Path) -> None:
    """A deterministic run: deliveries, each with its rows, commit by commit."""
    with opened(folder) as ledger:
        print("open", flush=True)
        for number, raw in enumerate(DELIVERIES):
            source = delivery(raw, f"{number}.csv")
            ledger.append([source], [raw], why="delivered")
            ledger.append(observations(RECORDS, source, number), why="read")


def trial(folder: Path, seed: int, kills: int = KILLS) -> str:
    """Root of a ledger whose writer was killed at random moments, then finished."""
    folder.mkdir(parents=True)
    written = str(folder / "ledger")
    command = [sys.executable, "-m", "benchmarks.kill", "--write", written]
    killed(command, random.Random(seed), kills, span_s=SPAN_S, says_ready=True)
    write(folder / "ledger")
    with view(folder / "ledger") as ledger:
        for raw in DELIVERIES:
            assert ledger.get(delivery(raw).sha256) == raw
    return checked(folder / "ledger")


def killed(
    command: list[str],
    chance: random.Random,
    kills: int,
    span_s: float,
    *,
    says_ready: bool = False,
):
    """Start the command and kill it at a random moment, several times."""
    for _ in range(kills):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            if says_ready:
                process.stdout.readline()
            try:
                process.wait(chance.uniform(0, span_s))
            except subprocess.TimeoutExpired:
                process.kill()
        assert process.returncode in (0, KILLED), f"it failed: {process.returncode}"


def checked(folder: Path) -> str:
    """Hex root of a ledger that verifies."""
    wrong = [one for step in verify_ledger(folder) for one in step.problems]
    assert not wrong, wrong
    with view(folder) as ledger:
        return ledger.root.hex()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--out", type=Path, help="folder of the command; wiped")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*")
    given = parser.parse_args()
    if given.write:
        write(given.write)
    elif given.command:
        kill_command(given.command, given.out, given.trials)
    else:
        kill_own(Path("build/kill"), given.trials)


def kill_own(folder: Path, trials: int) -> None:
    """Trials with the writer of this file."""
    shutil.rmtree(folder, ignore_errors=True)
    roots = {trial(folder / str(seed), seed) for seed in range(trials)}
    write(folder / "alone" / "ledger")
    roots.add(checked(folder / "alone" / "ledger"))
    print(f"{trials} trials, {trials * KILLS} kills, {len(roots)} root(s): {roots}")
    sys.exit(len(roots) != 1)


def kill_command(command: list[str], out: Path, trials: int) -> None:
    """Trials with a command that writes ``out/ledger``, run at last to its end."""
    shutil.rmtree(out, ignore_errors=True)
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    span_s = time.monotonic() - begin
    expected, same = checked(out / "ledger"), 0
    for seed in range(trials):
        shutil.rmtree(out, ignore_errors=True)
        killed(command, random.Random(seed), KILLS, span_s)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        same += checked(out / "ledger") == expected
        print(f"trial {seed + 1}: {same} the same", flush=True)
    sys.exit(same != trials)


if __name__ == "__main__":
    main()

"""Change one byte, or one index row, at random and see that verification says so.

    python -m benchmarks.tamper --trials 200
    python -m benchmarks.tamper --trials 200 --ledger out/ledger --bulletin out/…/F0

Works on a copy; without folders, on a small ledger and bulletin of this file's making.
"""

import argparse
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.store.sample import filled, sealed

from trucewatch.store.manifest import verify_bulletin
from trucewatch.store.verify import verify_ledger

COLUMNS = ("seq", "id", "kind", "pack", "offset", "length")


def flipped(folder: Path, chance: random.Random) -> tuple[str, Callable[[], None]]:
    """Change one byte of one file; says which, and how to undo it."""
    files = [path for path in sorted(folder.rglob("*")) if _holds_evidence(path)]
    path = chance.choice(files)
    data = path.read_bytes()
    at = chance.randrange(len(data))
    changed = bytes([data[at] ^ chance.randrange(1, 256)])
    path.write_bytes(data[:at] + changed + data[at + 1 :])
    what = f"{path.relative_to(folder)} byte {at}: {data[at]:02x} to {changed.hex()}"
    return what, lambda: path.write_bytes(data)


def row_changed(folder: Path, chance: random.Random) -> tuple[str, Callable[[], None]]:
    """Change, remove or add one row of the index by SQL."""
    path = folder / "index.sqlite"
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as database, database:
        (size,) = database.execute("SELECT count(*) FROM records").fetchone()
        seq, deed = chance.randrange(size), chance.choice((*COLUMNS, "gone", "more"))
        if deed == "gone":
            database.execute("DELETE FROM records WHERE seq = ?", (seq,))
        elif deed == "more":
            row = (size, f"finding:{chance.randbytes(32).hex()}", "finding", 0, 0, 9)
            database.execute("INSERT INTO records VALUES (?,?,?,?,?,?)", row)
        elif deed in ("id", "kind"):
            query = f"UPDATE records SET {deed} = {deed} || 'x' WHERE seq = ?"
            database.execute(query, (seq,))
        else:
            query = f"UPDATE records SET {deed} = {deed} + ? WHERE seq = ?"
            database.execute(query, (size + chance.randrange(9), seq))
    return f"index row {seq} {deed}", lambda: restored(path, data)


def restored(path: Path, data: bytes) -> None:
    """The index as it was, without what SQLite keeps beside it."""
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(data)


def unnoticed(ledger: Path, bulletin: Path, trials: int, seed: int) -> list[str]:
    """The changes that verification did not see; three in ten go to the bulletin."""
    chance, missed = random.Random(seed), []
    for _ in range(trials):
        kind = chance.choices(("ledger", "row", "bulletin"), (5, 2, 3))[0]
        if kind == "bulletin":
            what, undo = flipped(bulletin, chance)
            steps = verify_bulletin(bulletin)
        else:
            change = flipped if kind == "ledger" else row_changed
            what, undo = change(ledger, chance)
            steps = verify_ledger(ledger)
        if all(step.ok for step in steps):
            missed.append(what)
        undo()
    return missed


def _holds_evidence(path: Path) -> bool:
    """Whether a byte of the file matters; index rows are changed by SQL instead."""
    is_index = path.name.startswith("index.sqlite")
    return path.is_file() and not is_index and path.stat().st_size > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--bulletin", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        ledger, bulletin = Path(name, "ledger"), Path(name, "bulletin")
        if given.ledger and given.bulletin:
            shutil.copytree(given.ledger, ledger)
            shutil.copytree(given.bulletin, bulletin)
        else:
            sealed(bulletin, filled(ledger))
        assert all(step.ok for step in verify_ledger(ledger))
        assert all(step.ok for step in verify_bulletin(bulletin))
        missed = unnoticed(ledger, bulletin, given.trials, given.seed)
    print(f"{given.trials - len(missed)} of {given.trials} changes noticed")
    print("\n".join(missed))
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()

"""Give a run one delivery built to exhaust it; see what it costs and what is kept.

    python -m benchmarks.bad_input                     all of them
    python -m benchmarks.bad_input line_1_gb_gzip      one of them

Each is a run of the small mission of the tests in a process of its own, with the bad
bytes as its reports. It must leave with 2 and one message, or with 0 and a rejection;
keep the bytes as they came, and still read the other delivery. Seconds are those of the
processor, memory is the peak of the resident set. The folder needs 4 GB for a moment.
"""

import argparse
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path

from tests.watch.missions import REPORTS, small_mission

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Rejection
from trucewatch.store.reader import view

ROOT = Path(__file__).resolve().parents[1]
MB, GB = 1_000_000, 1_000_000_000
BAD_INPUT = 2


def line_1_gb(path: Path) -> None:
    """A billion digits with no line end, after good rows."""
    _write(path, chain([REPORTS.encode()], _pieces(b"7", GB)))


def line_1_gb_gzip(path: Path) -> None:
    """The same, packed to a megabyte."""
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(one) for one in _pieces(b"7", GB)]
    _write(path, [*packed, packer.flush()])


def gzip_in_gzip(path: Path) -> None:
    """A bomb of 10 GB in a few kilobytes: zeros packed twice."""
    inner = zlib.compressobj(9, wbits=31)
    outer = zlib.compressobj(9, wbits=31)
    packed = [outer.compress(inner.compress(one)) for one in _pieces(b"\0", 10 * GB)]
    _write(path, [*packed, outer.compress(inner.flush()), outer.flush()])


def zip_bomb(path: Path) -> None:
    """An archive that unpacks to 10 GB."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("reports.csv", "w", force_zip64=True) as file,
    ):
        for one in _pieces(b"\0", 10 * GB):
            file.write(one)


def rows_without_end(path: Path) -> None:
    """Twenty million empty lines and a quotation that is never closed."""
    head = REPORTS.partition("\n")[0].encode()
    _write(path, [head, b"\n", b'"' + b"\n" * 20_000_000])


BAD: dict[str, Callable[[Path], None]] = {
    one.__name__: one
    for one in (line_1_gb, line_1_gb_gzip, gzip_in_gzip, zip_bomb, rows_without_end)
}


def tried(folder: Path, make: Callable[[Path], None]) -> str:
    """What one bad delivery cost, after checking what became of it."""
    shutil.rmtree(folder, ignore_errors=True)
    mission = small_mission(folder / "mission")
    bad = mission.with_name("reports.csv")
    make(bad)
    process = subprocess.Popen(
        [sys.executable, "-m", "trucewatch", "run", str(mission)]
        + ["--out", str(folder / "out")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TRUCEWATCH_KEYS": str(folder / "keys")},
        text=True,
        cwd=ROOT,
    )
    told = process.stderr.read().splitlines()[-1].strip()
    _, status, used = os.wait4(process.pid, 0)
    took_s = used.ru_utime + used.ru_stime
    left = process.returncode = os.waitstatus_to_exitcode(status)
    reason = _reason_kept(folder / "out/ledger", bad)
    assert left == 0 or (left == BAD_INPUT and reason in told), told
    size_mb, peak_mb = bad.stat().st_size / MB, used.ru_maxrss / 1000
    shutil.rmtree(folder)
    return f"{size_mb:8.2f} MB {took_s:6.1f} s {peak_mb:7.0f} MB  {left}  {reason}"


def _reason_kept(ledger: Path, bad: Path) -> str:
    """Why the ledger says the bad bytes, which it holds, could not be used."""
    with bad.open("rb") as file:
        digest = sha256()
        while piece := file.read(MB):
            digest.update(piece)
    with view(ledger) as reader:
        found = {one.sha256: one for one in reader.records(Delivery)}
        rejected = reader.records(Rejection)
    bad_id = found[digest.hexdigest()].id
    assert "claims.csv" in {one.name for one in found.values()}
    (why,) = (one.why for one in rejected if bad_id in one.derived_from)
    return why


def _pieces(byte: bytes, size_bytes: int) -> Iterator[bytes]:
    return (byte * MB for _ in range(size_bytes // MB))


def _write(path: Path, pieces: list[bytes] | Iterator[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("which", nargs="*", default=[*BAD], help=", ".join(BAD))
    parser.add_argument("--folder", type=Path, default=Path("build/bad_input"))
    given = parser.parse_args()
    print(f"{'delivery':18} {'size':>11} {'time':>8} {'peak':>10}  left with")
    for name in given.which:
        print(f"{name:18} {tried(given.folder.resolve(), BAD[name])}", flush=True)


if __name__ == "__main__":
    main()

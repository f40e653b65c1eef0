"""The same bytes on other machines, which environment switches stand for."""

import dataclasses
import hashlib
import os
import subprocess
import sys

import pytest

FOREIGN = (
    {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"},
    {"OPENBLAS_CORETYPE": "Sandybridge", "OPENBLAS_NUM_THREADS": "2"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"},
)


def rounded(network, picks):
    """As read from a file: what the simulator's own libm did is no concern here."""
    columns = ("time_s", "level_db", "snr_db")
    return (
        dataclasses.replace(
            network, x_m=network.x_m.round(2), y_m=network.y_m.round(2)
        ),
        dataclasses.replace(
            picks, **{name: getattr(picks, name).round(4) for name in columns}
        ),
    )


def digest():
    """SHA-256 of all that batch and stream say, for the process that is asked."""
    from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard, line, volleys
    from trucewatch.fuse.acoustic.engine import solve
    from trucewatch.fuse.acoustic.network import Picks
    from trucewatch.fuse.acoustic.settings import EngineSettings
    from trucewatch.fuse.acoustic.stream import Stream

    total = hashlib.sha256()
    network = grid()
    network, picks = rounded(network, heard(network, INCIDENTS, clutter=60))
    solution = solve(network, picks, None, None, EngineSettings())
    for name in sorted(solution.__slots__):
        total.update(getattr(solution, name).tobytes())
    network = line(length_m=130_000.0)
    bangs = [one for one in volleys(network) if one[2] < 1_700.0]
    network, picks = rounded(network, heard(network, bangs, clutter=300, span_s=1.7e3))
    stream = Stream(network, EngineSettings(epoch_s=900.0, tile_m=60_000.0))
    said = []
    for begin in range(0, len(picks.time_s), 40):
        rows = range(begin, min(begin + 40, len(picks.time_s)))
        part = {name: getattr(picks, name)[rows] for name in Picks.__slots__}
        stream.feed(Picks(**part), [str(row) for row in rows])
        said += stream.advance(float(part["time_s"][-1]))
    for one in said + stream.finish():
        total.update(repr(dataclasses.astuple(one)).encode() + one.cov.tobytes())
    return total.hexdigest()


DIGEST = "from tests.fuse.acoustic.test_bits import digest; print(digest())"


def run(extra, code=DIGEST):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **extra, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def here():
    return digest()


@pytest.mark.parametrize("extra", FOREIGN, ids=lambda e: next(iter(e)))
def test_a_foreign_machine_gives_the_same_bytes(here, extra):
    assert run(extra) == here


@pytest.mark.skipif("CI" not in os.environ, reason="compiles for minutes; CI runs it")
def test_compiled_anew_for_any_processor_it_gives_the_same_bytes(here, tmp_path):
    fresh = {"NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": str(tmp_path)}
    assert run(fresh) == here
    assert any(tmp_path.rglob("*.nbc"))

"""The same bytes on other machines, which environment switches stand for."""

import hashlib
import os
import subprocess
import sys

import pytest

FOREIGN = (
    {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"},
)


def digest():
    """SHA-256 of everything solved, for the process that is asked."""
    from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
    from trucewatch.fuse.acoustic.engine import solve
    from trucewatch.fuse.acoustic.settings import EngineSettings

    network = grid()
    picks = heard(network, INCIDENTS, clutter=60)
    # times as read from a file: what the simulator's own libm did is no concern here
    rounded = {
        name: getattr(picks, name).round(4) for name in ("time_s", "level_db", "snr_db")
    }
    network = type(network)(
        sensor_id=network.sensor_id,
        x_m=network.x_m.round(2),
        y_m=network.y_m.round(2),
        clock_sigma_s=network.clock_sigma_s,
        noise_db=network.noise_db,
    )
    picks = type(picks)(sensor=picks.sensor, **rounded)
    solution = solve(network, picks, None, None, EngineSettings())
    total = hashlib.sha256()
    for name in sorted(solution.__slots__):
        total.update(getattr(solution, name).tobytes())
    return total.hexdigest()


def run(extra):
    code = "from tests.fuse.acoustic.test_bits import digest; print(digest())"
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

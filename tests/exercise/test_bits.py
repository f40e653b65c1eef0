"""The same files on other machines, which environment switches stand for."""

import hashlib
import os
import subprocess
import sys

import pytest

from tests.exercise.making import scenario
from trucewatch.exercise.dice import dice, exp, log, tanh, turned
from trucewatch.exercise.make import make

FOREIGN = (
    {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"},
    {"OPENBLAS_CORETYPE": "Sandybridge", "OPENBLAS_NUM_THREADS": "2"},
    {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"},
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"},
)
DOING = {
    "breaches_per_day": 30,
    "exempt_per_day": 3,
    "invents_per_day": 5,
    "training_per_day": 2,
    "entries_per_day": 1,
    "overflights_per_day": 1,
    "crossings_per_day": 2,
    "jams_per_day": 1,
    "p_turns_back": 0.3,
}
EVERYTHING = {
    "parties": {"NOR": DOING, "SUD": DOING},
    "decoys": {
        "thunder_per_day": 5,
        "quarry_per_day": 3,
        "farm_fires_per_day": 5,
        "hot_works": 2,
        "fireworks_per_day": 1,
        "sonic_booms_per_day": 2,
        "false_tracks_per_day": 1,
    },
    "nodes": {"count": 40},
    "patrols": {"count": 3},
    "press": {"outlets": 4},
    "satellites": {"orbits": 3},
    "drones": {"sorties_per_day": 1, "frame_s": 120},
    "cameras": {"count": 4},
    "arrays": {"count": 1, "channels": 3},
    "seismometers": {"count": 1},
    "pictures": {"radar_days": 1, "maps": True},
    "traffic": {"vessels": 3, "aircraft": 3, "crossings_heard_m": 4_000},
    "blackouts": [{"channel": "arrays", "begin_h": 1, "end_h": 24}],
}


def digest(folder):
    """SHA-256 of every file of an exercise with all channels, and of raw draws."""
    make(scenario(**EVERYTHING), 11, folder)
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.name.encode() + path.read_bytes())
    drawn = dice(1, "bits", "draws").normal(0.0, 5.0, 20_000)
    for found in (exp(drawn), log(abs(drawn)), tanh(drawn), *turned(drawn)):
        total.update(found.tobytes())
    return total.hexdigest()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return digest(tmp_path_factory.mktemp("here"))


@pytest.mark.parametrize("extra", FOREIGN, ids=lambda e: "-".join(e.values()))
def test_a_foreign_machine_gives_the_same_files(here, extra, tmp_path):
    code = (
        "import pathlib; from tests.exercise.test_bits import digest; "
        f"print(digest(pathlib.Path({str(tmp_path)!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **extra, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == here

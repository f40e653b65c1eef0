"""Coverage-guided fuzz of the parsers: no crash, no hang, no unbounded memory.

    python -m benchmarks.fuzz klv --seconds 600        # one parser, in this process
    python -m benchmarks.fuzz --each --seconds 600     # every parser below, in turn

A finding is any exception but ``SourceError``, a batch that loses rows, an input that
takes over 20 s or more than 2 GB. libFuzzer keeps the input that showed it beside the
corpus. Needs atheris, which is no dependency of trucewatch (``uv pip install
atheris``); where it is absent this says so and ends with 0.

The seeds are the samples of the tests, and lent recordings where TRUCEWATCH_DATA is
set.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "tests/data/collect"
# Parsers, and the lent folder their seeds come from; empty for none.
PARSERS = {
    "ais": "ais",
    "adsb": "adsb",
    "remote_id": "remote_id",
    "mavlink": "mavlink",
    "ulog": "mavlink",
    "klv": "klv",
    "drone_photos": "drone_photos",
    "damage_layers": "sar_damage",
    "sar_changes": "",
    "optical_changes": "",
    "satellite_passes": "",
    "orbital_elements": "",
    "seismic_picks": "",
    "cloud_fields": "",
    "terrain": "",
}
# Files fuzzed inside the archive in which they are delivered: of which source.
PACKED = {
    "cloud_fields": ("satellite_passes", "clouds.geojson"),
    "terrain": ("klv", "dem.tif"),
}
# Options besides the sample's: a fuzzer cannot guess a checksum.
RELAXED = {"klv": {"checksum": "ignored"}}
QUAKEML = b"""<?xml version="1.0"?>
<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/\
quakeml/1.2"><eventParameters publicID="smi:x/p"><event publicID="smi:x/e">
<pick publicID="smi:x/1"><time><value>2031-05-01T10:00:02.4Z</value>
<uncertainty>0.1</uncertainty></time><phaseHint>Pg</phaseHint>
<waveformID networkCode="XX" stationCode="A" channelCode="HHZ"/></pick>
</event></eventParameters></q:quakeml>"""
SEED_BYTES = 20_000
SLOWEST_S = 20
MEMORY_MB = 2_048
INSTRUMENTED = ["trucewatch.collect", "stanag4609", "pymavlink"]


def seeds(parser: str, folder: Path) -> None:
    """Fill a folder with the sample of a parser and beginnings of lent recordings."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted((SAMPLES / parser).glob("sample*"))
    for number, raw in enumerate(packed_seeds(parser)):
        (folder / f"packed-{number}").write_bytes(raw)
    lent = os.environ.get("TRUCEWATCH_DATA")
    if lent and PARSERS[parser]:
        found += sorted(p for p in (Path(lent) / PARSERS[parser]).iterdir())[:12]
    for path in found:
        raw = path.read_bytes()[:SEED_BYTES]
        (folder / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)


def packed_seeds(parser: str) -> list[bytes]:
    """What a file fuzzed inside an archive may hold, and forms no sample has."""
    if parser == "terrain":
        from tests.collect.relief import geotiff, hills

        return [geotiff(hills, (20, 20))]
    if parser == "cloud_fields":
        area = {"type": "Polygon", "coordinates": [[[20, 10], [24, 10], [24, 14]]]}
        area["coordinates"][0].append([20, 10])
        told = {"time": "2031-05-01T23:45Z", "cloud_ratio": 0.9}
        feature = {"type": "Feature", "properties": told, "geometry": area}
        whole = {"type": "FeatureCollection", "features": [feature]}
        return [json.dumps(whole).encode()]
    if parser == "seismic_picks":
        return [
            QUAKEML,
            b"station_id,lat,lon,begin,end\nXX.A,48,37,2031-05-01T00Z,2031-05-02T00Z\n",
        ]
    return []


def wrapped(parser: str, sample: bytes, raw: bytes) -> bytes:
    """The delivery that holds a fuzzed file, which may be all of it."""
    if parser not in PACKED:
        return raw
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("main", sample)
        archive.writestr(PACKED[parser][1], raw)
    return out.getvalue()


def one(parser: str, corpus: Path, seconds: int) -> None:
    """Fuzz one parser; libFuzzer ends the process."""
    import atheris  # ty: ignore

    with atheris.instrument_imports(include=INSTRUMENTED):
        from trucewatch.collect.delivery import Delivery, Option
        from trucewatch.errors import SourceError
        from trucewatch.plugin import load

        name = PACKED.get(parser, (parser, ""))[0]
        source = load("trucewatch.collect.sources", name)
        # What is imported late is instrumented too only if it is imported here.
        sample = next((SAMPLES / name).glob("sample*")).read_bytes()
        told = json.loads((SAMPLES / name / "expected.json").read_text())
        given = {**told["options"], **RELAXED.get(name, {})}
        delivery = Delivery(
            source=name,
            name="delivery",
            sha256=hashlib.sha256(sample).hexdigest(),
            size_bytes=len(sample),
            options=tuple(Option(k, v) for k, v in given.items()),
        )
        source.read(sample, delivery)
        for raw in packed_seeds(parser):
            source.read(wrapped(parser, sample, raw), delivery)

    def once(raw: bytes) -> None:
        try:
            batch = source.read(wrapped(parser, sample, raw), delivery)
        except SourceError:
            return
        rows = sum(t.table.rows for t in batch.tables)
        counted = len(batch.observations) + len(batch.acquisitions) - batch.drawn
        if batch.rows_read != rows + counted + len(batch.rejections):
            msg = f"{batch.rows_read} rows read, {rows + counted} kept"
            raise AssertionError(msg)

    flags = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={SEED_BYTES}",
        f"-artifact_prefix={corpus.parent}/{parser}-",
        "-print_final_stats=1",
        "-close_fd_mask=1",
    ]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], once)
    atheris.Fuzz()


def each(folder: Path, seconds: int) -> int:
    """Fuzz every parser in a process of its own; how many showed a finding."""
    findings = 0
    for parser in PARSERS:
        if not (SAMPLES / PACKED.get(parser, (parser, ""))[0]).is_dir():
            continue
        began = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.fuzz", parser]
        command += ["--seconds", str(seconds), "--folder", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        told = done.stderr.decode("utf-8", "replace")
        (folder / f"{parser}.log").write_text(told[-200_000:])
        runs = re.search(r"number_of_executed_units:\s+(\d+)", told)
        peak = re.search(r"peak_rss_mb:\s+(\d+)", told)
        slow = re.search(r"slowest_unit_time_sec:\s+(\d+)", told)
        row = {
            "parser": parser,
            "runs": int(runs[1]) if runs else None,
            "peak_mb": int(peak[1]) if peak else None,
            "slowest_s": int(slow[1]) if slow else None,
            "wall_s": round(time.monotonic() - began),
            "exit": done.returncode,
        }
        print(json.dumps(row), flush=True)
        findings += done.returncode != 0
    return findings


def main() -> int:
    """Run what the command line asks for."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("parser", nargs="?", choices=sorted(PARSERS))
    words.add_argument("--each", action="store_true")
    words.add_argument("--seconds", type=int, default=600)
    words.add_argument("--folder", type=Path, default=None)
    chosen = words.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("atheris is not installed: nothing was fuzzed")
        return 0
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.each:
        return 1 if each(folder, chosen.seconds) else 0
    if not chosen.parser:
        words.error("name a parser, or give --each")
    corpus = folder / f"corpus-{chosen.parser}"
    seeds(chosen.parser, corpus)
    one(chosen.parser, corpus, chosen.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

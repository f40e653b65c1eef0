"""The array commands: waveforms to detections, detections to incidents."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.source import Batch, Columns, Source
from trucewatch.collect.waveforms import CHANNELS, SEGMENTS, Channels, Segments
from trucewatch.detect.arrays.assemble import assemble
from trucewatch.detect.arrays.process import Arrival, arrivals, unusable
from trucewatch.detect.arrays.recording import Recording
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.errors import SourceError
from trucewatch.fuse.arrays.heard import Heard, LocationSettings
from trucewatch.fuse.arrays.listing import listed
from trucewatch.fuse.arrays.locate import Located, locate
from trucewatch.plugin import load
from trucewatch.watch.mission import SOURCES

_COLUMNS = (
    *("array_id", "time", "duration_s", "back_azimuth_deg", "back_azimuth_sd_deg"),
    *("trace_velocity_mps", "trace_velocity_sd_mps", "f_statistic", "probability"),
)

Cell = str | float | int


def detect_waves(
    stations: Path | None, waveforms: Sequence[Path], settings: ArraySettings
) -> tuple[list[dict[str, Cell]], list[str]]:
    """Detections of all arrays in order of time, and what could not be used and why.

    Raises:
        SourceError: if a file cannot be read or no array can tell a direction.
    """
    problems: list[str] = []
    found: list[Columns] = []
    named = [("waveforms", path) for path in waveforms]
    for source, path in [*([("array_stations", stations)] if stations else []), *named]:
        batch = _read(source, Path(path))
        found += batch.tables
        problems += [f"{Path(path).name}: {r.where}: {r.why}" for r in batch.rejections]
    recordings, unused = assemble(
        [Segments.from_columns(c) for c in found if c.table.schema == SEGMENTS],
        [Channels.from_columns(c) for c in found if c.table.schema == CHANNELS],
    )
    problems += unused
    if not recordings:
        msg = "no array can be processed: " + "; ".join(
            problems[:5] or ["no waveforms"]
        )
        raise SourceError(msg)
    whys = [unusable(one, settings) for one in recordings]
    problems += [why for why in whys if why]
    if all(whys):
        raise SourceError(whys[0])
    rows = [
        _row(one, recording)
        for recording, why in zip(recordings, whys, strict=True)
        if not why
        for one in arrivals(recording, settings)
    ]
    return sorted(rows, key=lambda one: (one["time"], one["array_id"])), problems


def write_detections(rows: Iterable[dict[str, Cell]], out: Path) -> None:
    """Write detections as CSV, or as JSON where the name ends so.

    JSON has the arrays' coordinates too and is what ``locate`` reads.
    """
    if out.suffix == ".json":
        out.write_text(json.dumps(list(rows), indent=1) + "\n", encoding="utf-8")
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    out.write_text(text.getvalue(), encoding="utf-8")


def locate_detections(
    files: Sequence[Path], settings: LocationSettings
) -> dict[str, object]:
    """Incidents of the detections in some files, as the command writes them.

    Raises:
        SourceError: if a file is no list of detections.
    """
    heard: list[Heard] = []
    for path in files:
        heard += listed(path.read_bytes(), path.name if len(files) > 1 else "")
    found, left = locate(heard, settings)
    return {
        "incidents": [_incident(n, one) for n, one in enumerate(found, 1)],
        "unassociated": [one.name for one in left],
        "detections": len(heard),
    }


def _read(source: str, path: Path) -> Batch:
    """What one file contained.

    Raises:
        SourceError: if it is not of the form; the message names the file.
    """
    raw = path.read_bytes()
    reader: Source = load(SOURCES, source)
    delivery = Delivery(
        source=source,
        name=path.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        options=(Option("encoding", "utf-8"),),
    )
    try:
        return reader.read(raw, delivery)
    except SourceError as error:
        msg = f"{path.name}: {error}"
        raise SourceError(msg) from error


def _row(one: Arrival, recording: Recording) -> dict[str, Cell]:
    lat, lon = recording.centre_deg
    clock, sigma_s = recording.clock_at(one.time_ns)
    return {
        "array_id": one.array_id,
        "time": _iso(one.time_ns / 1e9),
        "duration_s": round(one.duration_s, 2),
        "back_azimuth_deg": round(one.back_azimuth_deg, 2) % 360,
        "back_azimuth_sd_deg": round(one.back_azimuth_sd_deg, 2),
        "trace_velocity_mps": round(one.trace_velocity_mps, 1),
        "trace_velocity_sd_mps": round(one.trace_velocity_sd_mps, 1),
        "f_statistic": round(one.f_ratio, 2),
        "probability": round(one.p, 4),
        "clock": clock.value,
        "clock_sigma_s": round(sigma_s, 4) if isfinite(sigma_s) else "",
        "lat": round(lat, 6),
        "lon": round(lon, 6),
        "channels": one.channels,
        "left_out": " ".join(one.left_out),
    }


def _incident(number: int, one: Located) -> dict[str, object]:
    return {
        "incident_id": number,
        "time": _iso(one.time_s),
        "time_sd_s": round(one.time_sd_s, 1),
        "lat": round(one.place.lat_deg, 5),
        "lon": round(one.place.lon_deg, 5),
        "semi_major_m": round(one.place.semi_major_m),
        "semi_minor_m": round(one.place.semi_minor_m),
        "azimuth_deg": round(one.place.azimuth_deg, 1),
        "probability": round(one.p, 4),
        "n_arrivals": len(one.matches),
        "arrivals": [
            {
                "detection": match.name,
                "p": round(match.p, 4),
                "bearing_off_deg": round(match.bearing_off_deg, 2),
                "celerity_mps": round(match.celerity_mps, 1),
            }
            for match in one.matches
        ],
    }


def _iso(time_s: float) -> str:
    instant = datetime.fromtimestamp(round(time_s, 3), UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")

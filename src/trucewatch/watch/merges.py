"""The merge queue: what the latest picture tells as one incident, and why."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Detection
from trucewatch.errors import MissionError
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.fuse.merged import Merge, Part, merges
from trucewatch.record import RecordId
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import on_one_line, write

Rows = dict[RecordId, str]


def merge_queue(ledger: Reader) -> tuple[Merge, ...]:
    """The merges of the latest picture, the least certain first.

    Raises:
        MissionError: if no picture has been drawn yet.
    """
    pictures = ledger.records(Picture)
    if not pictures:
        msg = "there are no incidents: no mission has been run with this ledger"
        raise MissionError(msg)
    latest = max(pictures, key=lambda one: (one.cutoff, one.day.begin))
    known = set(latest.incidents)
    return merges(
        [one for one in ledger.records(Incident) if one.id in known],
        {one.id: one for one in ledger.records(Detection)},
        {one.id: one for one in ledger.records(Lineage)},
    )


def show_merges(what: Path, *, as_json: bool) -> None:
    """Print every merge with the parts it was made of.

    Raises:
        MissionError: if there is no ledger or nothing in it.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        found = merge_queue(ledger)
        rows = {one.id: one.row for one in ledger.records(Observation)}
    if as_json:
        write(sys.stdout, json.dumps([_body(one, rows) for one in found], indent=2))
        return
    for one in found:
        write(sys.stdout, on_one_line(_headline(one)))
        for part in one.parts:
            write(sys.stdout, "  " + on_one_line(_told(part, rows)))
    write(sys.stdout, f"{len(found)} incidents of several detections")


def _headline(one: Merge) -> str:
    incident = one.incident
    act = incident.acts[0].act
    return f"{incident.name}  {act}  {incident.time}  p {incident.p_exists:.2f}"


def _told(part: Part, rows: Rows) -> str:
    said = [f"{part.independence} ({', '.join(_rows(part, rows))})"]
    if part.away_m is not None and part.away_ratio is not None:
        said.append(f"{part.away_m / 1000:.1f} km off, {part.away_ratio:.1f} sigmas")
    said.append(f"{part.shared_s / 3600:.1f} h shared")
    said.append(f"origin adds 10^{part.log10_added:.2f}")
    if part.why_one_origin:
        said.append(f"origin: {', '.join(part.why_one_origin)}")
    return "; ".join(said)


def _rows(part: Part, rows: Rows) -> list[str]:
    return [rows[name] for name in part.observations if name in rows]


def _body(one: Merge, rows: Rows) -> dict[str, object]:
    return {
        "incident": one.incident.id,
        "name": one.incident.name,
        "act": one.incident.acts[0].act.value,
        "time": str(one.incident.time),
        "p_exists": one.incident.p_exists,
        "parts": [{**asdict(part), "rows": _rows(part, rows)} for part in one.parts],
    }

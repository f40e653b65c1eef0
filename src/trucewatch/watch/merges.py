"""The merge queue: what the latest picture tells as one incident, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Detection
from trucewatch.errors import MissionError
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.fuse.merged import Merge, Part, merges
from trucewatch.fuse.near import NearMiss
from trucewatch.record import RecordId, written_out
from trucewatch.review.joining import JoinDecision
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import on_one_line, write

Rows = dict[RecordId, str]
P_EVEN = 0.5


def merge_queue(ledger: Reader) -> tuple[Merge, ...]:
    """The merges of the latest picture, the least certain first.

    Raises:
        MissionError: if no picture has been drawn yet.
    """
    known = set(_latest(ledger).incidents)
    return merges(
        [one for one in ledger.records(Incident) if one.id in known],
        {one.id: one for one in ledger.records(Detection)},
        {one.id: one for one in ledger.records(Lineage)},
    )


def _latest(ledger: Reader) -> Picture:
    """The picture with the latest cut-off.

    Raises:
        MissionError: if no picture has been drawn yet.
    """
    pictures = ledger.records(Picture)
    if not pictures:
        msg = "there are no incidents: no mission has been run with this ledger"
        raise MissionError(msg)
    return max(pictures, key=lambda one: (one.cutoff, one.day.begin))


def near_queue(ledger: Reader) -> tuple[NearMiss, ...]:
    """The near misses of the latest picture, the likeliest to be one first.

    Raises:
        MissionError: if no picture has been drawn yet.
    """
    known = set(_latest(ledger).near)
    found = [one for one in ledger.records(NearMiss) if one.id in known]
    return tuple(sorted(found, key=lambda one: (-one.p_same, one.id)))


def show_near(what: Path, *, as_json: bool) -> None:
    """Print every pair of incidents that is nearly one, and what joining changes.

    Raises:
        MissionError: if there is no ledger or nothing in it.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        found = near_queue(ledger)
        decided = ledger.records(JoinDecision)
    if as_json:
        bodies = [json.loads(written_out(one)) for one in found]
        write(sys.stdout, json.dumps(bodies, indent=2))
        return
    for one in found:
        for line in _near_lines(one, decided):
            write(sys.stdout, on_one_line(line))
    write(sys.stdout, f"{len(found)} pairs that are nearly one; decide with `joins`")


def _near_lines(one: NearMiss, decided: Sequence[JoinDecision]) -> list[str]:
    why = [
        f"{one.away_m / 1000:.1f} km apart, {one.away_ratio:.1f} sigmas",
        f"{one.shared_s / 3600:.1f} h shared",
    ]
    if one.same_origins:
        origins = ", ".join(one.same_origins)
        why.append(f"one origin tells both ({origins}), which it seldom does")
    if one.p_same >= P_EVEN:
        why.append("kept apart: joined, one would be less probable than alone")
    asked = {one.first_name, one.second_name}
    said = [d for d in decided if {d.first, d.second} == asked]
    why.extend(f"ruled {d.joining} by {d.reviewer}: {d.reason}" for d in said)
    p = f"p {one.p_first:.2f} and {one.p_second:.2f}; joined {one.p_joined:.2f}"
    return [
        f"{one.first_name} and {one.second_name}  one with p {one.p_same:.2f}",
        f"  {'; '.join(why)}",
        f"  as two {p}",
    ]


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
    said = [f"{part.name}  {part.independence} ({', '.join(_rows(part, rows))})"]
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

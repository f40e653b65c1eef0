"""The review queue: findings of the latest picture, and decisions taken on them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trucewatch.errors import MissionError
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.track import TrackRecord
from trucewatch.grade.explain import account, further, without_each
from trucewatch.grade.finding import Finding, Severity, Standing
from trucewatch.grade.settings import GradeSettings
from trucewatch.period import iso
from trucewatch.record import RecordId, written_out
from trucewatch.review.decide import decide
from trucewatch.review.decision import Decision
from trucewatch.share.text import catalogue
from trucewatch.store.ledger import Ledger
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.decisions import read_decisions
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import visible


@dataclass(frozen=True, slots=True)
class Queue:
    """The findings of a ledger's latest picture and what was decided on them.

    Attributes:
        cutoff: of the latest picture.
        findings: gravest and most probable first; those outside the terms last,
            because there is no breach in them to review.
        verdicts: the latest verdict by finding; absent where nobody has decided.
    """

    cutoff: datetime
    findings: tuple[Finding, ...]
    incidents: dict[RecordId, Incident]
    verdicts: dict[RecordId, str]


def queue(ledger: Reader) -> Queue:
    """What there is to review, as of the latest information cut-off.

    Raises:
        MissionError: if no picture has been drawn yet.
    """
    pictures = ledger.records(Picture)
    if not pictures:
        msg = "there is nothing to review: no mission has been run with this ledger"
        raise MissionError(msg)
    latest = max(pictures, key=lambda one: (one.cutoff, one.day.begin))
    wanted = set(latest.findings)
    findings = [one for one in ledger.records(Finding) if one.id in wanted]
    known = set(latest.incidents)
    incidents = {i.id: i for i in ledger.records(Incident) if i.id in known}
    decided = sorted(ledger.records(Decision), key=lambda one: one.decided)
    verdicts = {one.finding: str(one.verdict) for one in decided}
    findings.sort(key=_urgency, reverse=True)
    return Queue(latest.cutoff, tuple(findings), incidents, verdicts)


def _urgency(one: Finding) -> tuple[bool, Severity, float, RecordId]:
    bears = one.standing is not Standing.OUTSIDE
    return bears, one.severity, one.p_breach, one.id


def show_queue(what: Path, *, undecided: bool, as_json: bool) -> None:
    """Print the findings to review, gravest first, those outside the terms last.

    Raises:
        MissionError: if there is no ledger or nothing in it.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        found = queue(ledger)
        settings = {one.id: one for one in ledger.records(GradeSettings)}
    rows: list[dict[str, object]] = [
        {
            "finding": one.id,
            "incident": one.incident_name,
            "clause": one.clause,
            "reading": one.reading,
            "standing": str(one.standing),
            "p_breach": one.p_breach,
            "grade": str(one.grade),
            "severity": str(one.severity),
            "verdict": found.verdicts.get(one.id, ""),
            **(_explained(one, found, settings) if as_json else {}),
        }
        for one in found.findings
        if not (undecided and one.id in found.verdicts)
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    _table(rows)


def _explained(
    finding: Finding, found: Queue, settings: Mapping[RecordId, GradeSettings]
) -> dict[str, object]:
    """Why the odds are what they are, what would move them, and which side it may be.

    For the reviewer alone: a side is no party, and nothing is stated by it.
    """
    incident = found.incidents[finding.incident]
    used = [settings[name] for name in finding.derived_from if name in settings]
    made: dict[str, object] = {
        "p_breach_low": finding.p_breach_low,
        "p_breach_high": finding.p_breach_high,
        "moved": [
            {"what": one.origin or one.what, "log10_odds": one.log10_odds}
            for one in account(incident, finding)
        ],
        "lies": [
            {"line": one.line, "held": one.held, "p": one.p}
            for one in finding.attribution.shares
        ],
        "came_from": [
            {"line": one.line, "held": one.held, "p": one.p}
            for one in finding.attribution.came_from
        ],
        "assessed": str(finding.attribution.assessed),
        "because": [
            catalogue("en").code("because", one) for one in finding.attribution.because
        ],
    }
    for one in used:
        more = further(incident, finding, one)
        made["without"] = {
            str(left.channel): left.p_breach
            for left in without_each(incident, finding, one)
        }
        made["with_one_more_origin"] = more.p_breach
        made["decades_to_next_grade"] = more.log10_to_next
        made["next_grade"] = more.next_grade
    return made


def show_track(what: Path, *, as_json: bool) -> None:
    """Print how far the words of parties held, as of the latest picture.

    Raises:
        MissionError: if there is no ledger.
    """
    with view(ledger_folder(what), KINDS) as ledger:
        records = ledger.records(TrackRecord)
    latest = max(records, key=lambda one: (one.cutoff, one.id), default=None)
    tracks = latest.tracks if latest else ()
    if as_json:
        rows = [json.loads(written_out(one)) for one in tracks]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for one in tracks:
        whom = "its own side" if one.admits else one.against or "nobody named"
        alone = 1 / (1 + 10 ** -(one.log10_alone + one.log10_ratio))
        sys.stdout.write(
            f"{visible(one.speaker)} of {visible(whom)}: {one.held} held, {one.failed} "
            f"failed; one more holds with p {one.p_holds:.2f}, counts alone as "
            f"{alone:.2f}, beside others 10^{one.log10_ratio:.2f}\n"
        )
    sys.stdout.write(f"{len(tracks)} kinds of claim of which any was decided\n")


def record_decisions(what: Path, decisions: Path) -> tuple[int, str]:
    """How many decisions of a reviewer's file are new, and what to know of them.

    Raises:
        MissionError: if there is no ledger, or the file is no decisions file.
    """
    reviewed = read_decisions(decisions)
    with Ledger.open(
        ledger_folder(what), now=datetime.now(UTC), who=reviewed.reviewer, kinds=KINDS
    ) as ledger:
        found = queue(ledger)
        made = decide(
            reviewed.orders,
            found.findings,
            found.incidents,
            reviewed.reviewer,
            reviewed.decided,
        )
        every = (*made, *reviewed.joins)
        count = ledger.append(every, why=f"review {decisions.name}")
    if reviewed.decided <= found.cutoff:
        return count, ""
    return count, (
        f"decided {iso(reviewed.decided)}, after the cut-off {iso(found.cutoff)}: "
        "only a bulletin with a later cut-off, such as Final, carries these decisions"
    )


def _table(rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "incident", "p", "clause", "reading", "standing", "grade", "said"):
        table.add_column(name, no_wrap=name in ("", "incident", "p"))
    shown = ("clause", "reading", "standing", "grade")
    for row in rows:
        table.add_row(
            str(row["severity"]),
            escape(visible(str(row["incident"]))),
            f"{row['p_breach']:.2f}",
            *(escape(str(row[name])) for name in shown),
            str(row["verdict"]) or "-",
        )
    console = Console()
    console.print(table)
    console.print(f"{len(rows)} findings; decide with --decisions FILE")

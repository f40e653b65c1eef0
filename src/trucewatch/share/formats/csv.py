"""Annex tables, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from datetime import datetime

from trucewatch.period import iso
from trucewatch.record import Value
from trucewatch.share.bulletin import (
    Bulletin,
    ComplianceRow,
    CountRow,
    CoverageRow,
    DeliveryRow,
    File,
    FindingRow,
    FiringRow,
    IncidentRow,
)
from trucewatch.share.said import (
    ContradictionRow,
    DifferenceRow,
    RegisterRow,
    ReportRow,
    SharedRow,
    StatementRow,
)

Scalar = str | int | float | datetime | None | tuple[object, ...]

# A spreadsheet reads a cell that begins so as a formula. Source: OWASP, "CSV
# Injection"; full-width forms are read likewise.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """One file per table, UTF-8, RFC 4180; an empty table has its head alone."""
    return (
        _file("incidents", IncidentRow, bulletin.incidents, ("origins", "findings")),
        _findings(bulletin.incidents),
        _file("statements", StatementRow, bulletin.statements),
        _file("coverage", CoverageRow, bulletin.coverage),
        _file("compliance", ComplianceRow, bulletin.compliance),
        _file("counts", CountRow, bulletin.counts),
        _file("deliveries", DeliveryRow, bulletin.deliveries),
        _file("firing", FiringRow, bulletin.firing),
        _pairs("contradictions", ContradictionRow, bulletin.contradictions, bulletin),
        _pairs("differences", DifferenceRow, bulletin.differences, bulletin),
        _file("shared", SharedRow, bulletin.shared),
        _register(bulletin.register),
    )


def _file(
    name: str, kind: type[Value], rows: Sequence[Value], without: tuple[str, ...] = ()
) -> File:
    """A table with one column for each field of its kind of row."""
    names = [one.name for one in fields(kind) if one.name not in without]
    lines = [[getattr(row, one) for one in names] for row in rows]
    return File(f"{name}.csv", _written(names, lines))


def _findings(incidents: Sequence[IncidentRow]) -> File:
    names = [one.name for one in fields(FindingRow)]
    lines = [
        [incident.name, *astuple(finding)]
        for incident in incidents
        for finding in incident.findings
    ]
    return File("findings.csv", _written(["incident", *names], lines))


def _pairs(
    name: str,
    kind: type[Value],
    rows: Sequence[ContradictionRow | DifferenceRow],
    bulletin: Bulletin,
) -> File:
    """A table of two statements each, with who spoke and who printed them.

    Both are empty where the other side is no statement that the bulletin prints.
    """
    who = {one.id: (one.speaker, one.outlet) for one in bulletin.statements}
    names = [one.name for one in fields(kind)]
    lines = [
        [
            *(getattr(row, one) for one in names),
            *who.get(row.first, ("", "")),
            *who.get(row.second, ("", "")),
        ]
        for row in rows
    ]
    sides = [f"{a}_{b}" for a in ("first", "second") for b in ("speaker", "outlet")]
    return File(f"{name}.csv", _written([*names, *sides], lines))


def _register(entries: Sequence[RegisterRow]) -> File:
    """A row per report of a subject; those against it as ``in what=statement``."""
    head = ["topic", "promised_by", "domains", *(one.name for one in fields(ReportRow))]
    lines: list[list[Scalar]] = []
    for entry in entries:
        for at, report in enumerate(entry.reports):
            against = tuple(
                (about, entry.reports[second if at == first else first].statement)
                for about, first, second in entry.conflicts
                if at in (first, second)
            )
            values = astuple(report)
            lines.append([entry.topic, entry.by, entry.domains, *values, against])
    return File("register.csv", _written([*head, "against"], lines))


def _written(head: list[str], lines: Iterable[Sequence[Scalar]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[_shown(value) for value in line] for line in lines])
    return text.getvalue().encode()


def _shown(value: Scalar) -> str:
    """A value as text; text that could run as a formula begins with an apostrophe."""
    match value:
        case None:
            return ""
        case datetime():
            return iso(value)
        case tuple():
            return _safe("; ".join(_item(one) for one in value))
        case str():
            return _safe(value)
        case _:
            return str(value)


def _item(value: object) -> str:
    return "=".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

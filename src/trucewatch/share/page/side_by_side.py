"""What statements are one, where prints differ, and what they hold of the terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trucewatch.share.page.model import Cell, Table
from trucewatch.share.page.voice import Voice
from trucewatch.share.said import DifferenceRow, RegisterRow, ReportRow, SharedRow

Labels = Mapping[str, str]


def side_by_side(voice: Voice, label: Labels) -> tuple[Table, ...]:
    """The tables that have any row; statements by their labels."""
    bulletin = voice.bulletin
    subjects = bulletin.register
    shared = [_shared(voice, one, label) for one in bulletin.shared]
    differ = [_difference(voice, one, label) for one in bulletin.differences]
    entries = [row for one in subjects for row in _entry(voice, one, label)]
    against = [row for one in subjects for row in _conflicts(voice, one, label)]
    heads = "kind in first says second says"
    told = "subject kind speaker said outlet span condition"
    tables = (
        voice.table("shared", "kind statements outlet why", shared),
        voice.table("differences", heads, differ),
        voice.table("register", told, entries),
        voice.table("conflicts", "subject kind first span second span", against),
    )
    return tuple(one for one in tables if one.rows)


def _shared(voice: Voice, row: SharedRow, label: Labels) -> tuple[Cell, ...]:
    ties = [voice.text.code("tie", one) for one in row.ties]
    return (
        voice.code("shared", row.why),
        Cell(_labels(row.statements, label), tone="strong"),
        Cell(", ".join(row.outlets) or "–", quoted=True),
        Cell(", ".join(ties) or "–"),
    )


def _labels(names: tuple[str, ...], label: Labels) -> str:
    return ", ".join(label[name] for name in names if name in label) or "–"


def _difference(voice: Voice, row: DifferenceRow, label: Labels) -> tuple[Cell, ...]:
    return (
        voice.code("nature", row.nature),
        voice.code("aspect", row.aspect),
        Cell(label[row.first], tone="strong"),
        _says(voice, row, row.first_says),
        Cell(label[row.second], tone="strong"),
        _says(voice, row, row.second_says),
    )


def _says(voice: Voice, row: DifferenceRow, text: str) -> Cell:
    """The words; why there are none where a person would be named, or it is silent."""
    if row.aspect == "speaker":
        return voice.cell("difference.speaker")
    if not text:
        return voice.cell("difference.silent")
    return Cell(text.replace("_", " "), quoted=True)


def _entry(voice: Voice, row: RegisterRow, label: Labels) -> Iterator[tuple[Cell, ...]]:
    for one in row.reports:
        yield (
            Cell(row.topic.replace("_", " ")),
            voice.code("statement", one.what),
            voice.party(one.by) if one.by else voice.cell("party.other"),
            Cell(label[one.statement], tone="strong"),
            Cell(one.outlet or "–", quoted=True),
            _span(one),
            Cell(one.condition or "–", quoted=True),
        )


def _span(one: ReportRow) -> Cell:
    return Cell(f"{one.begin}–{one.end}", number=True)


def _conflicts(
    voice: Voice, row: RegisterRow, label: Labels
) -> Iterator[tuple[Cell, ...]]:
    for about, first, second in row.conflicts:
        a, b = row.reports[first], row.reports[second]
        yield (
            Cell(row.topic.replace("_", " ")),
            voice.code("conflict", about),
            Cell(label[a.statement], tone="strong"),
            _span(a),
            Cell(label[b.statement], tone="strong"),
            _span(b),
        )

"""The terms, reading beside reading, and the counts."""

from __future__ import annotations

import re

from trucewatch.share.bulletin import CountRow, IncidentRow, ReadingRow
from trucewatch.share.page.incidents import only_claimed
from trucewatch.share.page.model import Cell, Section, Table
from trucewatch.share.page.voice import Voice

# How an incident stands under a reading is how its findings stand on the clauses,
# the first of these that any of them has.
STANDINGS = ("inside", "undecided", "untestable", "outside")


def readings(voice: Voice) -> Section:
    """What each party takes the terms to be, and what follows from each reading."""
    bulletin = voice.bulletin
    head = (
        "reading held_by stance windows #in_force"
        " #inside #undecided #untestable #outside"
    )
    rows = [_reading(voice, one) for one in bulletin.readings]
    tables = [voice.table("readings", head, rows), _clauses(voice)]
    notes = (
        Cell(f"{one.title}: {one.note}", quoted=True)
        for one in bulletin.readings
        if one.note
    )
    return Section(
        anchor="readings",
        title=voice.say("section.readings"),
        paragraphs=(voice.cell("readings.intro"), *notes),
        tables=tuple(tables),
    )


def counts(voice: Voice) -> Section:
    """Counts by sector against the period before."""
    rows = [_count(voice, one) for one in voice.bulletin.counts]
    head = (
        "sector #incidents #before #units #before #explosions #exempt"
        " #claimed_incidents #claimed_units"
    )
    return Section(
        anchor="counts",
        title=voice.say("section.counts"),
        paragraphs=(voice.cell("counts.intro"), voice.cell("counts.coverage")),
        tables=(voice.table("counts", head, rows),),
    )


def standing(incident: IncidentRow, reading: str) -> str:
    """How an incident stands under a reading; ``outside`` where no clause tests it."""
    found = {one.standing for one in incident.findings if one.reading == reading}
    return next((one for one in STANDINGS if one in found), "outside")


def _reading(voice: Voice, row: ReadingRow) -> tuple[Cell, ...]:
    held_by = ", ".join(voice.party(one).text for one in row.held_by)
    cells = [
        Cell(row.title, quoted=True, tone="strong"),
        Cell(held_by, quoted=True),
        voice.code("stance", row.stance),
        _windows(voice, row),
        voice.percent(row.in_force_ratio),
    ]
    for one in STANDINGS:
        rows = [i for i in voice.bulletin.incidents if standing(i, row.id) == one]
        tone = one if rows else "muted"
        cells.append(Cell(_tally(voice, rows), number=True, tone=tone))
    return tuple(cells)


def _tally(voice: Voice, rows: list[IncidentRow]) -> str:
    """Incidents and their units, those that only parties claim apart."""
    claimed = [one for one in rows if only_claimed(one)]
    recorded = _number(voice, [one for one in rows if not only_claimed(one)])
    if not claimed:
        return recorded
    said = _number(voice, claimed)
    return voice.say("readings.claimed", recorded=recorded, claimed=said)


def _number(voice: Voice, rows: list[IncidentRow]) -> str:
    units = sum(one.units_best for one in rows)
    n, shown = voice.text.number(len(rows)), voice.text.number(units)
    return voice.say("readings.tally", all=n, units=shown) if units else n


def _windows(voice: Voice, row: ReadingRow) -> Cell:
    """Windows in words; an edge known to a period stands in brackets."""
    shown = "; ".join(
        voice.say("windows.until", begin=_edge(voice, begin), end=_edge(voice, end))
        for begin, _, end in (one.partition("/") for one in row.windows)
    )
    plain = re.sub(r"(\d{4}-\d\d-\d\d)T([\d:]+)Z", r"\1 \2", shown)
    return Cell(plain or voice.say("windows.never"))


def _edge(voice: Voice, edge: str) -> str:
    first, between, last = edge.partition("~")
    if between:
        return voice.say("windows.between", first=first, last=last)
    return voice.say("windows.open") if edge == ".." else edge


def _clauses(voice: Voice) -> Table:
    rows = []
    for clause, text in voice.bulletin.clauses:
        differs = [
            f"{one.id}: {voice.text.code('change', how)}"
            for one in voice.bulletin.readings
            for changed, how in one.changes
            if changed == clause
        ]
        said = Cell("; ".join(differs) or voice.say("clauses.same"), quoted=True)
        rows.append((Cell(clause, quoted=True), Cell(text, quoted=True), said))
    return voice.table("clauses", "clause text differs", rows)


def _count(voice: Voice, row: CountRow) -> tuple[Cell, ...]:
    numbers = (
        row.incidents,
        row.incidents_before,
        row.units,
        row.units_before,
        row.explosions,
        row.exempt_units,
        row.claimed_incidents,
        row.claimed_units,
    )
    return (voice.sector(row.sector), *(voice.number(n) for n in numbers))

"""The terms, reading beside reading, and the counts."""

from __future__ import annotations

from trucewatch.share.bulletin import CountRow, IncidentRow, ReadingRow
from trucewatch.share.page.model import Cell, Section, Table
from trucewatch.share.page.voice import Voice

# How an incident stands under a reading is how its findings stand on the clauses,
# the first of these that any of them has.
STANDINGS = ("inside", "undecided", "untestable", "outside")


def readings(voice: Voice) -> Section:
    """What each party takes the terms to be, and what follows from each reading."""
    bulletin = voice.bulletin
    head = "reading held_by stance windows #in_force #inside #undecided #untestable"
    rows = [_reading(voice, one) for one in bulletin.readings]
    tables = [voice.table("readings", f"{head} #outside", rows), _clauses(voice)]
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
        units = sum(i.units_best for i in rows)
        n, shown = voice.text.number(len(rows)), voice.text.number(units)
        said = voice.say("readings.tally", all=n, units=shown) if units else n
        cells.append(Cell(said, number=True, tone=one if rows else "muted"))
    return tuple(cells)


def _windows(voice: Voice, row: ReadingRow) -> Cell:
    shown = [
        one.replace("..", "…").replace("/", " – ").replace("~", voice.say("windows.to"))
        for one in row.windows
    ]
    return Cell("; ".join(shown) or voice.say("windows.never"))


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

"""Counts by sector, this period beside the one before; clauses kept or not."""

from __future__ import annotations

from trucewatch.share.bulletin import ComplianceRow, CountRow
from trucewatch.share.page.model import Cell, Section
from trucewatch.share.page.voice import Voice


def counts(voice: Voice) -> Section:
    """Counts by sector against the period before."""
    rows = [_count(voice, one) for one in voice.bulletin.counts]
    head = (
        "sector #incidents #before #units #before #explosions #exempt"
        " #claimed_incidents #claimed_units"
    )
    beside = "counts.coverage" if voice.watched else "counts.unwatched"
    return Section(
        anchor="counts",
        title=voice.say("section.counts"),
        paragraphs=(voice.cell("counts.intro"), voice.cell(beside)),
        tables=(voice.table("counts", head, rows),),
    )


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


def compliance(voice: Voice) -> Section:
    """Clause by clause: breaches seen, or silence and what it is worth.

    Readings that come to the same stand in one row.
    """
    under: dict[tuple[Cell, ...], list[str]] = {}
    for one in voice.bulletin.compliance:
        under.setdefault(_kept(voice, one), []).append(one.reading)
    rows = [
        (*cells[:2], Cell(", ".join(readings), quoted=True), *cells[2:])
        for cells, readings in under.items()
    ]
    head = "sector clause reading kept #seen #in_force #p_detect #bound"
    tables = (voice.table("compliance", head, rows),) if rows else ()
    said = voice.cell("compliance.intro" if rows else "compliance.none")
    return Section("compliance", voice.say("section.compliance"), (said,), tables)


def _kept(voice: Voice, row: ComplianceRow) -> tuple[Cell, ...]:
    everywhere = voice.cell("sector.everywhere")
    bound = voice.cell("compliance.unbounded")
    if row.bound_per_day is not None:
        bound = Cell(f"< {row.bound_per_day:g}", number=True)
    return (
        voice.sector(row.sector) if row.sector else everywhere,
        Cell(row.clause, quoted=True),
        voice.code("kept", row.kept),
        voice.number(row.seen),
        Cell(voice.say("compliance.days", days=f"{row.in_force_days:g}"), number=True),
        voice.percent(row.p_detect),
        bound,
    )

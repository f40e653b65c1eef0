"""Counts by sector, this period beside the one before."""

from __future__ import annotations

from trucewatch.share.bulletin import CountRow
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

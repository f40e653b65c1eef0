"""How each reading of the terms stands to a bulletin's period."""

from __future__ import annotations

from datetime import timedelta

from trucewatch.agreement.terms import Agreement, ReadClause, Reading, Window
from trucewatch.agreement.within import share_in_force
from trucewatch.period import Period, iso
from trucewatch.share.bulletin import Order, ReadingRow
from trucewatch.share.clean import clean


def reading_rows(agreement: Agreement, order: Order) -> tuple[ReadingRow, ...]:
    """Readings in the agreement's order, each with the share of the period in force.

    Notes are left out before review: they may quote one party about another.
    """
    return tuple(_row(one, order) for one in agreement.readings)


def _row(reading: Reading, order: Order) -> ReadingRow:
    return ReadingRow(
        id=reading.id,
        title=clean(reading.title),
        held_by=reading.held_by,
        stance=reading.stance,
        windows=tuple(_window(one) for one in reading.windows),
        in_force_ratio=round(share_in_force(reading.windows, order.period), 3),
        note="" if order.stage.automatic else clean(reading.note),
        changes=tuple((one.clause, _change(one)) for one in reading.changes),
    )


def _window(window: Window) -> str:
    """``begin/end``, ``..`` where open; an edge known to a period is ``from~to``."""
    return f"{_edge(window.begin)}/{_edge(window.end)}"


def _edge(edge: Period | None) -> str:
    if edge is None:
        return ".."
    if edge.end - edge.begin <= timedelta(minutes=1):
        return iso(edge.begin)
    return f"{iso(edge.begin)}~{iso(edge.end)}"


def _change(change: ReadClause) -> str:
    return "changed" if change.applies else "not_applied"

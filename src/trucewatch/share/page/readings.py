"""The terms as each party reads them, side by side, and what follows from each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from trucewatch.share.bulletin import Bulletin, IncidentRow, ReadingRow
from trucewatch.share.page.incidents import only_claimed
from trucewatch.share.page.model import Cell, Section, Table
from trucewatch.share.page.standing import STANDINGS, standing
from trucewatch.share.page.voice import Voice

_EDGES = re.compile(r"[/~]")


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents that stand alike under every reading, what is only claimed apart.

    Attributes:
        standings: one for each reading, in the bulletin's order.
    """

    claimed: bool
    standings: tuple[str, ...]
    incidents: int
    units: int

    @property
    def differs(self) -> bool:
        """Whether it depends on the reading how they stand."""
        return len(set(self.standings)) > 1


def readings(voice: Voice) -> Section:
    """What each party takes the terms to be, and what follows from each reading."""
    bulletin = voice.bulletin
    notes = (
        Cell(f"{one.id}: {one.note}", quoted=True)
        for one in bulletin.readings
        if one.note
    )
    return Section(
        anchor="readings",
        title=voice.say("section.readings"),
        paragraphs=(voice.cell("readings.intro"),),
        tables=(_side_by_side(voice), _clauses(voice)),
        notes=tuple(notes),
    )


def groups(bulletin: Bulletin) -> tuple[Group, ...]:
    """Incidents by how they stand, first those that stand differently by reading."""
    found: dict[tuple[bool, tuple[str, ...]], list[IncidentRow]] = {}
    for row in bulletin.incidents:
        standings = tuple(standing(row, one.id) for one in bulletin.readings)
        found.setdefault((only_claimed(row), standings), []).append(row)
    made = (
        Group(claimed, standings, len(rows), sum(one.units_best for one in rows))
        for (claimed, standings), rows in found.items()
    )
    return tuple(sorted(made, key=_place_in_table))


def amount(voice: Voice, group: Group) -> str:
    """How many incidents of which kind, and their units where somebody counted."""
    said = voice.say(
        f"sides.{'claimed' if group.claimed else 'recorded'}", group.incidents
    )
    if not group.units:
        return said
    units = voice.say("sides.units", group.units)
    return voice.say("sides.with_units", incidents=said, units=units)


def parted(voice: Voice) -> tuple[Cell, ...]:
    """One sentence for each group of incidents that the readings part."""
    ids = [one.id for one in voice.bulletin.readings]
    return tuple(
        Cell(
            voice.say(
                "glance.parted",
                what=amount(voice, group),
                how="; ".join(_under(voice, group, ids)),
            ),
            tone="strong",
        )
        for group in groups(voice.bulletin)
        if group.differs
    )


def _place_in_table(group: Group) -> tuple[bool, list[int], bool]:
    ranks = [STANDINGS.index(one) for one in group.standings]
    return not group.differs, sorted(ranks), not group.claimed


def _under(voice: Voice, group: Group, ids: list[str]) -> list[str]:
    """How a group stands, with the readings it stands so under."""
    return [
        voice.say(
            "glance.under",
            standing=voice.text.code("standing", one),
            readings=", ".join(
                i for i, s in zip(ids, group.standings, strict=True) if s == one
            ),
        )
        for one in STANDINGS
        if one in group.standings
    ]


def _side_by_side(voice: Voice) -> Table:
    """A column for each reading, a row for each thing they may differ in."""
    rows = voice.bulletin.readings
    head = (voice.cell("head.compared"), *(_title(one) for one in rows))
    lines = [
        (voice.cell("head.held_by"), *(_holders(voice, one) for one in rows)),
        (
            voice.cell("head.stance"),
            *(voice.code("stance", one.stance) for one in rows),
        ),
        (voice.cell("head.windows"), *(_windows(voice, one) for one in rows)),
        (voice.cell("head.in_force"), *(_in_force(voice, one) for one in rows)),
    ]
    for group in groups(voice.bulletin):
        cells = (voice.standing(one) for one in group.standings)
        lines.append((Cell(amount(voice, group), tone="strong"), *cells))
    return Table(voice.say("table.readings"), head, tuple(lines))


def _title(row: ReadingRow) -> Cell:
    return Cell(f"{row.id}: {row.title}", quoted=True)


def _holders(voice: Voice, row: ReadingRow) -> Cell:
    names = ", ".join(voice.party(one).text for one in row.held_by)
    return Cell(names or "–", quoted=True)


def _in_force(voice: Voice, row: ReadingRow) -> Cell:
    """Whether the terms were in force in this period, and if not, why not."""
    if not row.windows:
        return voice.cell("in_force.never")
    if row.in_force_ratio >= 1:
        return Cell(voice.say("in_force.all"), tone="strong")
    if row.in_force_ratio > 0:
        share = voice.text.percent(row.in_force_ratio)
        return Cell(voice.say("in_force.part", share=share), tone="strong")
    period = voice.bulletin.order.period
    edges = [_EDGES.split(one) for one in row.windows]
    if all(one[-1] != ".." and _time(one[-1]) <= period.begin for one in edges):
        return voice.cell("in_force.over")
    if all(one[0] != ".." and _time(one[0]) >= period.end for one in edges):
        return voice.cell("in_force.not_yet")
    return voice.cell("in_force.between")


def _time(edge: str) -> datetime:
    return datetime.fromisoformat(edge)


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

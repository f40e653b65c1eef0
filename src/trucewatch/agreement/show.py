"""An agreement as text for a terminal, in the order a reader asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from trucewatch.agreement import words
from trucewatch.agreement.terms import Agreement, Clause, Reading, Versions

Said = Iterator[RenderableType]


def show(versions: Versions) -> Said:
    """What to print, the latest version first."""
    for number, agreement in enumerate(reversed(versions)):
        yield from _heading(agreement, superseded=number > 0)
        yield from _readings(agreement)
        yield from _clauses(agreement)
        yield from _places(agreement)
        yield from _procedure(agreement)
        yield from _rest(agreement)


def _heading(agreement: Agreement, *, superseded: bool) -> Said:
    yield Rule(Text(agreement.title, style="bold"))
    facts = [
        agreement.slug,
        f"version {agreement.version}",
        agreement.status.replace("_", " "),
        f"local time {agreement.local_zone}",
    ]
    if agreement.effective:
        facts.append(f"takes effect {words.instant_words(agreement.effective)}")
    if superseded:
        facts.append("superseded")
    yield Text("; ".join(facts), style="dim")
    rows = [(party.id, party.name, party.role) for party in agreement.parties]
    yield _table("Parties", rows)


def _readings(agreement: Agreement) -> Said:
    yield _title("Readings: when the terms are in force, and for whom")
    for reading in agreement.readings:
        yield Text.assemble((reading.id, "bold cyan"), f"  {reading.title}")
        for line in _reading_lines(reading, agreement):
            yield _line(line)


def _reading_lines(reading: Reading, agreement: Agreement) -> Iterator[str]:
    yield f"held by {words.plain(reading.held_by)}; {reading.stance}"
    if not reading.windows:
        yield "never in force"
    for window in reading.windows:
        yield words.window_words(window, agreement.local_zone)
        yield f"as stated: {window.stated}"
    for change in reading.changes:
        yield f"changes {words.change_words(change, agreement)}"
    if reading.note:
        yield f"note: {reading.note}"
    yield from (f"source: {source}" for source in reading.sources)


def _clauses(agreement: Agreement) -> Said:
    yield _title("Clauses")
    for clause in agreement.clauses:
        yield Text.assemble((clause.id, "bold cyan"), f"  ({clause.domain})")
        for line in _clause_lines(clause):
            yield _line(line)


def _clause_lines(clause: Clause) -> Iterator[str]:
    yield clause.text
    yield f"prohibits {words.plain(clause.prohibits)}, with all their cases"
    sites = f", at the sites on the list {clause.sites}" if clause.sites else ""
    yield f"holds {words.where_words(clause.where)}{sites}"
    only = f"; only {words.plain(clause.weapons)}" if clause.weapons else ""
    yield f"binds {words.plain(clause.binds)}{only}"
    yield f"source: {clause.source}"


def _places(agreement: Agreement) -> Said:
    lines = [(one.id, one.title, words.line_words(one)) for one in agreement.lines]
    zones = [
        (zone.id, zone.title, words.shape_words(zone.shape), words.height_words(zone))
        for zone in agreement.zones
    ]
    sites = [
        (site.id, site.name, site.kind, words.plain(site.lists))
        for site in agreement.sites
    ]
    for title, rows in (("Lines", lines), ("Zones", zones), ("Declared sites", sites)):
        if rows:
            yield _table(title, rows)


def _procedure(agreement: Agreement) -> Said:
    exemptions = [
        (
            one.id,
            one.text,
            f"needs {one.needs}",
            f"within {words.distance_words(one.within_m)}"
            f" and {words.duration_words(one.within_s)}",
        )
        for one in agreement.exemptions
    ]
    rungs = [
        (
            rung.id,
            f"from {rung.severity} and {rung.grade}",
            f"notify {words.plain(rung.notify)}",
            f"within {words.duration_words(rung.within_s)}",
            words.plain((rung.needs,)),
        )
        for rung in agreement.consultation
    ]
    for title, rows in (("Exemptions", exemptions), ("Consultation", rungs)):
        if rows:
            yield _table(title, rows)


def _rest(agreement: Agreement) -> Said:
    commitments = [
        (
            one.id,
            words.plain(one.by),
            one.text,
            f"condition: {one.condition}",
            one.status,
        )
        for one in agreement.commitments
    ]
    glossary = [(term.word, term.meaning) for term in agreement.glossary]
    for title, rows in (("Commitments", commitments), ("Glossary", glossary)):
        if rows:
            yield _table(title, rows)
    yield _title("Sources")
    yield from (_line(f"source: {source}") for source in agreement.sources)


def _line(line: str) -> RenderableType:
    """An indented line; an address is plain text, which the terminal may not break."""
    if line.startswith("source: "):
        return Text(f"    {line}")
    return Padding(Text(line), (0, 0, 0, 4), expand=False)


def _title(words_of_it: str) -> Text:
    return Text(f"\n{words_of_it}", style="bold underline")


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(
        title=Text(f"\n{title}", style="bold underline"),
        title_justify="left",
        show_header=False,
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for row in rows:
        table.add_row(
            Text(row[0], style="bold cyan"), *(Text(cell) for cell in row[1:])
        )
    return table

"""Statements, coverage, interference, changes, deliveries, method."""

from __future__ import annotations

from dataclasses import replace

from trucewatch.share.bulletin import CoverageRow, InterferenceRow
from trucewatch.share.page.model import Cell, Section
from trucewatch.share.page.side_by_side import side_by_side
from trucewatch.share.page.voice import Voice
from trucewatch.share.said import ContradictionRow, StatementRow
from trucewatch.share.words import BANDS


def statements(voice: Voice) -> Section:
    """What parties said and what contradicts what; a sentence before review."""
    bulletin = voice.bulletin
    title = voice.say("section.statements")
    if bulletin.order.stage.automatic:
        return Section("statements", title, (voice.cell("statements.withheld"),))
    if not bulletin.statements:
        return Section("statements", title, (voice.cell("statements.none"),))
    label = {one.id: f"S{n}" for n, one in enumerate(bulletin.statements, start=1)}
    rows = [_statement(voice, one, label) for one in bulletin.statements]
    head = "no said speaker against kind figures words outlet contradicted"
    tables = [voice.table("statements", head, rows)]
    if bulletin.contradictions:
        found = [_contradiction(voice, one, label) for one in bulletin.contradictions]
        tables.append(voice.table("contradictions", "kind first second about", found))
    beside = side_by_side(voice, label)
    said = [voice.cell("statements.intro")]
    if beside:
        said.append(voice.cell("statements.side_by_side"))
    return Section("statements", title, tuple(said), (*tables, *beside))


def coverage(voice: Voice) -> Section:
    """What every procedure could have noticed, acts it watched alike together."""
    acts: dict[CoverageRow, list[str]] = {}
    for one in voice.bulletin.coverage:
        acts.setdefault(replace(one, act=""), []).append(one.act)
    rows = [_coverage(voice, one, those) for one, those in acts.items()]
    head = "procedure sector what watch #p_detect #watched #looks #observations"
    tables = (voice.table("coverage", head, rows),) if rows else ()
    said = voice.cell("coverage.intro" if rows else "coverage.none")
    return Section("coverage", voice.say("section.coverage"), (said,), tables)


def interference(voice: Voice) -> Section:
    """What kept the mission from seeing."""
    rows = [
        (
            voice.code("lost" if one.procedure else "act", one.what),
            Cell(voice.text.code("procedure", one.procedure) if one.procedure else "–"),
            _holder(voice, one),
            voice.number(one.occasions),
            voice.number(one.hours_lost) if one.procedure else Cell("–", number=True),
        )
        for one in voice.bulletin.interference
    ]
    head = "kind procedure ground_of #occasions #hours_lost"
    tables = (voice.table("interference", head, rows),) if rows else ()
    said = () if rows else (voice.cell("interference.none"),)
    return Section("interference", voice.say("section.interference"), said, tables)


def _holder(voice: Voice, row: InterferenceRow) -> Cell:
    """Whose ground it was, and why the terms do not bear that out."""
    if not row.held_by:
        return Cell("–")
    party = voice.party(row.held_by).text
    if not row.doubt:
        return Cell(party, quoted=True)
    return Cell(voice.say(f"held_by.{row.doubt}", party=party), quoted=True)


def changes(voice: Voice) -> Section:
    """What is new of earlier days, and against the bulletin this one supersedes."""
    bulletin = voice.bulletin
    said = [voice.cell(f"late.{code}", n) for code, n in bulletin.late]
    if not said:
        said = [voice.cell("late.none")]
    if not bulletin.supersedes:
        said.append(voice.cell("changed.first"))
    elif not bulletin.changed:
        said.append(voice.cell("changed.nothing"))
    said += [voice.cell(f"changed.{code}", n) for code, n in bulletin.changed]
    return Section("changes", voice.say("section.changes"), tuple(said))


def deliveries(voice: Voice) -> Section:
    """What the bulletin rests on, by hash."""
    named = any(one.name for one in voice.bulletin.deliveries)
    rows = [
        (
            Cell(one.source, tone="code"),
            *((Cell(one.name, quoted=True),) if named else ()),
            Cell(one.sha256, tone="code"),
            voice.number(one.rejected),
            Cell(one.licence or "–", quoted=True),
        )
        for one in voice.bulletin.deliveries
    ]
    short, full = (
        "source sha256 #rejected licence",
        "source name sha256 #rejected licence",
    )
    head = full if named else short
    said = [voice.cell("deliveries.intro" if rows else "deliveries.none")]
    if rows and not named:
        said.append(voice.cell("deliveries.unnamed"))
    tables = (voice.table("deliveries", head, rows),) if rows else ()
    title = voice.say("section.deliveries")
    return Section("deliveries", title, tuple(said), tables)


def method(voice: Voice) -> Section:
    """How the words and grades come about, and how to check all of it."""
    scale = [
        (
            Cell(voice.say(f"word.{band.code}")),
            Cell(f"{band.p_low * 100:.0f} – {band.p_high * 100:.0f} %", number=True),
        )
        for band in BANDS
    ]
    tables = [voice.table("scale", "word #range", scale)]
    if voice.bulletin.thresholds:
        pairs = (one.partition("=") for one in voice.bulletin.thresholds)
        rows = [
            (Cell(name, tone="code"), Cell(value, number=True))
            for name, _, value in pairs
        ]
        tables.append(voice.table("thresholds", "setting #value", rows))
    keys = ("scale", "grades", "units", "odds", "limits", "attribution", "verify")
    said = tuple(voice.cell(f"method.{key}") for key in keys)
    command = Cell("trucewatch verify .", tone="code", quoted=True)
    title = voice.say("section.method")
    return Section("method", title, (*said, command), tuple(tables))


def _statement(
    voice: Voice, row: StatementRow, label: dict[str, str]
) -> tuple[Cell, ...]:
    figures = [
        f"{name.replace('_', ' ')} {voice.text.number(n)}" for name, n in row.figures
    ]
    if row.total is not None:
        total = voice.text.number(row.total)
        key = "statements.open_total" if row.total_at_least else "statements.total"
        figures.append(voice.say(key, total=total))
    against = [label[one] for one in row.contradicted_by if one in label]
    nobody = voice.cell("party.other")
    address = row.address if row.address.startswith(("https://", "http://")) else ""
    return (
        Cell(label[row.id], tone="strong"),
        voice.when(row.said, row.said_end),
        voice.party(row.speaker) if row.speaker else nobody,
        voice.party(row.against) if row.against else Cell("–"),
        voice.code("statement", row.what),
        Cell(", ".join(figures) or "–", quoted=True),
        Cell(row.words or "–", quoted=True),
        Cell(row.outlet or "–", quoted=True, href=address),
        Cell(", ".join(against) or "–"),
    )


def _contradiction(
    voice: Voice, row: ContradictionRow, label: dict[str, str]
) -> tuple[Cell, ...]:
    return (
        voice.code("contradiction", row.disagreement),
        Cell(label[row.first], tone="strong"),
        _other_side(voice, row.second, label),
        Cell(row.about.replace("=", " ").replace("_", " "), quoted=True),
    )


def _other_side(voice: Voice, name: str, label: dict[str, str]) -> Cell:
    """A statement by its label; the terms or the sensors by what they are."""
    if name in label:
        return Cell(label[name], tone="strong")
    return voice.cell(f"other_side.{name.partition(':')[0]}")


def _coverage(voice: Voice, row: CoverageRow, acts: list[str]) -> tuple[Cell, ...]:
    """A row for all acts that were watched alike; no number where nobody looked."""
    where = voice.sector(row.sector) if row.sector else voice.cell("sector.everywhere")
    looked = row.watched_ratio > 0
    chance = voice.percent(row.p_detect) if looked else voice.cell("coverage.unwatched")
    return (
        Cell(voice.text.code("procedure", row.procedure)),
        where,
        Cell(", ".join(voice.text.code("act", one) for one in acts)),
        voice.code("watch", row.watch),
        chance,
        voice.percent(row.watched_ratio),
        voice.number(row.acquisitions),
        voice.number(row.observations),
    )

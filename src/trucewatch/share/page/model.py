"""What a page is made of; formats give it a shape and add no word of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One piece of text.

    Attributes:
        quoted: words of others (agreement, parties, outlets), which no lint judges.
        number: to be set flush right with even figures.
        tone: ``""``, ``code``, ``strong``, ``muted``, or a grade or standing code.
        href: an address the reader may follow; never loaded by the page itself.
    """

    text: str
    quoted: bool = False
    number: bool = False
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head row; the first column names the row."""

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value."""

    label: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Card:
    """One incident.

    Attributes:
        anchor: unique in the page.
        marks: short labels beside the title.
        more: tables a screen may fold away; paper shows them.
    """

    anchor: str
    title: str
    marks: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    paragraphs: tuple[Cell, ...]
    tables: tuple[Table, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page.

    Attributes:
        notes: words to be read after the tables.
        tone: ``warning`` where it limits the rest.
    """

    anchor: str
    title: str
    paragraphs: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    cards: tuple[Card, ...] = ()
    tone: str = ""
    notes: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number set large, with what it counts."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole bulletin, ready to be set.

    Attributes:
        direction: ``ltr`` or ``rtl``.
        subtitle: the local day.
        time: the same period in UTC.
        banner: what a reader must know of the stage before reading on.
    """

    language: str
    direction: str
    kind: str
    title: str
    subtitle: str
    time: str
    banner: Cell
    marks: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    signature: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    map_caption: str
    map_label: str
    map_link: Cell
    windows_caption: str
    windows_label: str
    windows_never: str
    skip: str
    contents: str
    sections: tuple[Section, ...]
    foot: tuple[Cell, ...]


def pieces(page: Page) -> tuple[Cell, ...]:
    """Every piece of text of a page, in reading order."""
    found = [Cell(page.kind), Cell(page.title, quoted=True), Cell(page.subtitle)]
    found += [Cell(page.time), Cell(page.skip)]
    found += [page.banner, *page.marks, *_facts(page.facts), *_facts(page.signature)]
    found += [Cell(text) for one in page.figures for text in (one.value, one.label)]
    found += [
        Cell(page.map_caption),
        Cell(page.map_label),
        page.map_link,
        Cell(page.contents),
    ]
    found += [Cell(page.windows_caption), Cell(page.windows_label)]
    found += [Cell(page.windows_never)]
    for section in page.sections:
        found += [Cell(section.title), *section.paragraphs, *_tables(section.tables)]
        for card in section.cards:
            found += [Cell(card.title, quoted=True), *card.marks, *_facts(card.facts)]
            found += [*card.paragraphs, Cell(card.more), *_tables(card.tables)]
        found += section.notes
    return (*found, *page.foot)


def _facts(facts: tuple[Fact, ...]) -> list[Cell]:
    return [cell for one in facts for cell in (Cell(one.label), one.value)]


def _tables(tables: tuple[Table, ...]) -> list[Cell]:
    found = []
    for table in tables:
        found += [Cell(table.caption), *table.head]
        found += [cell for row in table.rows for cell in row]
    return found

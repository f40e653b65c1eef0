"""Posts or headlines in bulk, one document per row of a table, as scrapers write them.

Needs ``trucewatch[prose]``. Columns ``time`` and ``text``, or others that options name;
``url`` and ``outlet`` where known. Option ``voice`` says for which party the channel
speaks; without it a row's own words are those of its outlet. Spans count characters of
the cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from trucewatch.collect.claim import Rounding
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import (
    OPTIONS as SHARED,
)
from trucewatch.collect.prose.accounting import Parts, prose_batch
from trucewatch.collect.prose.document import Article, Document, Fault, parts_of_post
from trucewatch.collect.rows import Row, csv_rows
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import printed_at
from trucewatch.collect.words import outlet
from trucewatch.period import Period

OPTIONS = {
    **SHARED,
    "column.time": "time",
    "column.text": "text",
    "column.url": "url",
    "channel": "",
    "feed": "posts",
}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; rows and paragraphs without one are rejected.

    Raises:
        SourceError: if the delivery is not such a table or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The rows of the table.

    Raises:
        SourceError: if the delivery is not such a table or an option is wrong.
    """
    needed = (chosen.text("column.time").lower(), chosen.text("column.text").lower())
    return tuple(_rows(csv_rows(raw, chosen, needed), chosen))


def _rows(rows: Iterator[Row], chosen: Options) -> Iterator[Article | Fault]:
    for row in rows:
        if row.fault:
            yield Fault(row.where, row.fault)
            continue
        try:
            yield _post(row, chosen)
        except (ValueError, OverflowError) as error:
            yield Fault(row.where, str(error))


def _post(row: Row, chosen: Options) -> Article:
    text = row.cells.get(chosen.text("column.text").lower(), "")
    if not text.strip():
        msg = "it holds no text"
        raise ValueError(msg)
    when, rounding = _published(row, chosen)
    address = row.get(chosen.text("column.url").lower())
    document = Document(
        text=text,
        where=row.where,
        published=when,
        rounding=rounding,
        outlet=_outlet(row, address, chosen),
        address=address,
        voice=chosen.text("voice"),
        channel=chosen.text("channel"),
    )
    return Article(document, tuple(parts_of_post(text)))


def _published(row: Row, chosen: Options) -> tuple[Period, Rounding]:
    """When the row says it was made known, else the option ``published``."""
    written = row.get(chosen.text("column.time").lower())
    return printed_at(written or chosen.text("published"), chosen.zone())


def _outlet(row: Row, address: str, chosen: Options) -> str:
    named = chosen.text("outlet") or row.get("outlet")
    return named or (outlet(address) if address else chosen.slug("feed"))

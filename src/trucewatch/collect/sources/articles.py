"""One article: plain text, a web page or a PDF, told from the bytes.

Needs ``trucewatch[prose]``. Of a page the article alone is read (trafilatura), of a PDF
the text of its pages (pypdf). Spans count characters of the page's source, or of the
text of the PDF's page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from trucewatch.collect.claim import Rounding
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import (
    MAX_CHARS,
    Parts,
    decoded,
    prose_batch,
    published_of,
)
from trucewatch.collect.prose.accounting import (
    OPTIONS as SHARED,
)
from trucewatch.collect.prose.dateline import dateline
from trucewatch.collect.prose.document import (
    Article,
    Document,
    Fault,
    Passage,
    lines_of,
)
from trucewatch.collect.prose.language import language_of
from trucewatch.collect.prose.page import day_of_address, page
from trucewatch.collect.prose.plain import plain_text
from trucewatch.collect.prose.rules import rules
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = {**SHARED, "address": ""}
MAX_PAGES = 500

_HTML = re.compile(rb"<(?:!doctype html|html|head|body|article|div|p)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n|(?<=[.!?”»])\n(?=[\"“«A-ZА-ЯІЇЄҐ•–-])")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; paragraphs without one are rejected as such.

    Raises:
        SourceError: if the delivery holds no text or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The article, or the pages of it.

    Raises:
        SourceError: if the delivery holds no text.
    """
    data = plain(raw)
    if data.startswith(b"%PDF-"):
        return tuple(_pdf(data, delivery, chosen))
    text = decoded(data, chosen)
    if not text.strip() or "\0" in text[:4096]:
        msg = f"delivery of {delivery.source} holds no text"
        raise SourceError(msg)
    if len(text) > MAX_CHARS:
        msg = f"{len(text)} characters are more than the {MAX_CHARS} of any article"
        raise SourceError(msg)
    if _HTML.search(data[:4096]):
        return (_page(text, delivery, chosen),)
    passages = tuple(lines_of(text))
    stated = _stated(passages, chosen)
    when, rounding = published_of(delivery, chosen, stated)
    document = Document(
        text=text,
        published=when,
        rounding=rounding,
        outlet=chosen.text("outlet"),
        address=chosen.text("address"),
        voice=chosen.text("voice"),
    )
    return (Article(document, passages),)


def _stated(passages: tuple[Passage, ...], chosen: Options) -> str:
    """The day in a dateline, else in the address; empty where neither holds one."""
    told = chosen.text("language") or language_of(
        "\n".join(p.text for p in passages[:50])
    )
    return dateline(passages, rules(told)) or day_of_address(chosen.text("address"))


def _page(text: str, delivery: Delivery, chosen: Options) -> Article:
    found = page(text)
    if found is None:
        msg = f"no article was found on the page {delivery.name!r}"
        raise SourceError(msg)
    when, rounding = published_of(delivery, chosen, found.date)
    document = Document(
        text=text,
        published=when,
        rounding=rounding,
        outlet=chosen.text("outlet") or found.site,
        address=chosen.text("address") or found.address,
        voice=chosen.text("voice"),
        title=found.title,
    )
    return Article(document, found.paragraphs)


def _pdf(data: bytes, delivery: Delivery, chosen: Options) -> Iterator[Article | Fault]:
    """The pages of a PDF.

    Raises:
        SourceError: if it cannot be read, or has more pages than ``MAX_PAGES``.
    """
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        pages = len(reader.pages)
        stated = reader.metadata.creation_date if reader.metadata else None
    except _damage() as error:
        msg = f"the PDF cannot be read: {type(error).__name__}: {error}"
        raise SourceError(msg) from error
    if pages > MAX_PAGES:
        msg = f"the PDF has {pages} pages; at most {MAX_PAGES} are read"
        raise SourceError(msg)
    known = published_of(delivery, chosen, stated.date().isoformat() if stated else "")
    for number in range(pages):
        where = f"page {number + 1}"
        try:
            text = reader.pages[number].extract_text()
        except _damage() as error:
            yield Fault(where, f"it cannot be read: {type(error).__name__}")
            continue
        if text.strip():
            yield _printed(where, text, known, chosen)
        else:
            yield Fault(where, "it holds no text; a picture of text is not read")


def _printed(
    where: str, text: str, known: tuple[Period | None, Rounding], chosen: Options
) -> Article:
    document = Document(
        text=text,
        where=where,
        published=known[0],
        rounding=known[1],
        outlet=chosen.text("outlet"),
        address=chosen.text("address"),
        voice=chosen.text("voice"),
    )
    return Article(document, tuple(_joined(text)))


def _damage() -> tuple[type[Exception], ...]:
    """What the library raises on damaged files, its own errors and others'."""
    from pypdf.errors import PyPdfError

    plain_ones = (ValueError, KeyError, TypeError, AttributeError, IndexError)
    return (PyPdfError, *plain_ones, RecursionError, AssertionError, OSError)


def _joined(text: str) -> Iterator[Passage]:
    """Paragraphs of a page whose lines were broken for print."""
    begin = 0
    number = 0
    ends = [*(m.span() for m in _PARAGRAPH.finditer(text)), (len(text), len(text))]
    for end, following in ends:
        flat = text[begin:end].replace("\r", " ").replace("\n", " ")
        part = plain_text(flat, begin).stripped()
        if part.text:
            number += 1
            yield Passage(part, number)
        begin = following

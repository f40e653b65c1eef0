"""RSS and Atom: every entry is one document, its title the first paragraph.

Needs ``trucewatch[prose]`` (feedparser). Spans count characters of the title, a line
break, and the entry's content as the feed gives it, mark-up included.
"""

from __future__ import annotations

import io
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from trucewatch.collect.claim import Rounding
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import (
    OPTIONS as SHARED,
)
from trucewatch.collect.prose.accounting import (
    Parts,
    instant,
    prose_batch,
    published_of,
)
from trucewatch.collect.prose.document import Article, Document, Fault
from trucewatch.collect.prose.page import paragraphs_of_markup
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.words import outlet
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = dict(SHARED)


class _Entry(Protocol):
    """What feedparser gives for one entry: a mapping."""

    def get(self, name: str, otherwise: object = ...) -> object: ...


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; entries and paragraphs without one are rejected.

    Raises:
        SourceError: if the delivery is no feed or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The entries of a feed.

    Raises:
        SourceError: if the delivery is no feed.
    """
    import feedparser

    data = plain(raw)
    # As a stream: bare bytes are taken for the name of a file or an address first.
    stream = io.BytesIO(data)
    found = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    if not found.get("version") or not (found.entries or found.feed):
        msg = f"delivery of {delivery.source} is no RSS or Atom feed"
        raise SourceError(msg)
    site = str(found.feed.get("link", ""))
    return tuple(_entries(found.entries, site, delivery, chosen))


def _entries(
    entries: list[_Entry], site: str, delivery: Delivery, chosen: Options
) -> Iterator[Article | Fault]:
    for number, entry in enumerate(entries, 1):
        where = f"entry {number}"
        text = f"{entry.get('title', '')}\n{_content(entry)}"
        if not text.strip():
            yield Fault(where, "it holds no text")
            continue
        address = str(entry.get("link", "") or "")
        when, rounding = _published(entry, delivery, chosen)
        document = Document(
            text=text,
            where=where,
            published=when,
            rounding=rounding,
            outlet=chosen.text("outlet") or _host(address) or _host(site),
            address=address,
            voice=chosen.text("voice"),
            title=str(entry.get("title", "")),
        )
        yield Article(document, paragraphs_of_markup(text))


def _content(entry: _Entry) -> str:
    contents = entry.get("content", [])
    if isinstance(contents, list) and contents:
        return str(contents[0].get("value", ""))
    return str(entry.get("summary", "") or "")


def _published(
    entry: _Entry, delivery: Delivery, chosen: Options
) -> tuple[Period | None, Rounding]:
    parsed = entry.get("published_parsed") or _updated(entry)
    if isinstance(parsed, tuple) and not chosen.text("published"):
        try:
            when = datetime.fromtimestamp(timegm(parsed), UTC)
        except (ValueError, OverflowError):
            return published_of(delivery, chosen)
        return instant(when), Rounding.SECOND
    return published_of(delivery, chosen)


def _updated(entry: _Entry) -> object:
    """The time of change; asked without the library's fallback, which only warns."""
    return dict.get(entry, "updated_parsed") if isinstance(entry, dict) else None


def _host(address: str) -> str:
    try:
        return outlet(address)
    except ValueError:
        return ""

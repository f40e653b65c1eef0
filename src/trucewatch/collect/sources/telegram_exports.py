"""A channel's export in JSON, as Telegram Desktop writes it: one document per message.

Option ``voice`` says for which party the channel speaks; without it the channel's own
words are those of an outlet of its name. A forwarded message has the outlet it was
forwarded from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from trucewatch.collect.claim import Rounding
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import (
    OPTIONS as SHARED,
)
from trucewatch.collect.prose.accounting import (
    Parts,
    decoded,
    instant,
    prose_batch,
    published_of,
)
from trucewatch.collect.prose.document import Article, Document, Fault, parts_of_post
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = dict(SHARED)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; messages and paragraphs without one are rejected.

    Raises:
        SourceError: if the delivery is no such export or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The messages of an export.

    Raises:
        SourceError: if the delivery is no such export.
    """
    try:
        whole: object = json.loads(decoded(plain(raw), chosen))
    except (ValueError, RecursionError) as error:
        msg = f"delivery of {delivery.source} is not JSON: {error}"
        raise SourceError(msg) from error
    messages = whole.get("messages") if isinstance(whole, dict) else None
    if not isinstance(whole, dict) or not isinstance(messages, list):
        msg = f"delivery of {delivery.source} is no export: it has no list messages"
        raise SourceError(msg)
    channel = _text(whole.get("name"))
    return tuple(_messages(messages, channel, delivery, chosen))


def _messages(
    messages: list[object], channel: str, delivery: Delivery, chosen: Options
) -> Iterator[Article | Fault]:
    for number, one in enumerate(messages, 1):
        if not isinstance(one, dict):
            yield Fault(f"message {number}", "it is not a JSON object")
            continue
        where = f"message {_text(one.get('id')) or number}, {number} of the export"
        text = _words(one.get("text"))
        if not text.strip():
            yield Fault(where, "it holds no text")
            continue
        origin = _text(one.get("forwarded_from"))
        when, rounding = _published(one, delivery, chosen)
        document = Document(
            text=text,
            where=where,
            published=when,
            rounding=rounding,
            outlet=origin or chosen.text("outlet") or channel,
            voice="" if origin else chosen.text("voice"),
            channel="telegram",
        )
        yield Article(document, tuple(parts_of_post(text)))


def _words(text: object) -> str:
    """A message is one string, or a list of strings and marked pieces."""
    if isinstance(text, list):
        return "".join(_text(p.get("text") if isinstance(p, dict) else p) for p in text)
    return _text(text)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:1_000_000] if isinstance(value, str) else str(value)[:20]


def _published(
    message: dict[str, object], delivery: Delivery, chosen: Options
) -> tuple[Period | None, Rounding]:
    seconds = _text(message.get("date_unixtime"))
    if seconds.isdigit() and len(seconds) <= 11 and not chosen.text("published"):
        try:
            return instant(datetime.fromtimestamp(int(seconds), UTC)), Rounding.SECOND
        except (ValueError, OverflowError, OSError):
            pass
    return published_of(delivery, chosen, _text(message.get("date")))

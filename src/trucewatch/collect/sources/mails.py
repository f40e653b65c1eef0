"""E-mail: one message, or several in an mbox; every message is one document.

The plain text is read, else the article of its HTML. Lines quoted from another message
are rejected as such. Spans count characters of the text part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

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
from trucewatch.collect.prose.document import (
    Article,
    Document,
    Fault,
    Passage,
    Role,
    lines_of,
)
from trucewatch.collect.prose.page import paragraphs_of_markup
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = dict(SHARED)

_MBOX = re.compile(rb"(?:^|\n\n)From [^\n]{1,200}\n")
_HEADER = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; messages and paragraphs without one are rejected.

    Raises:
        SourceError: if the delivery is no e-mail or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The messages of a delivery.

    Raises:
        SourceError: if the delivery is no e-mail.
    """
    data = plain(raw)
    found = [m.end() for m in _MBOX.finditer(data)] if data.startswith(b"From ") else []
    starts = found or [0]
    stops = (
        [*(m.start() for m in list(_MBOX.finditer(data))[1:]), len(data)]
        if found
        else [len(data)]
    )
    bodies = [data[a:b] for a, b in zip(starts, stops, strict=True)]
    if not any(_HEADER.match(body.lstrip()) for body in bodies):
        msg = f"delivery of {delivery.source} is no e-mail: it has no headers"
        raise SourceError(msg)
    return tuple(_messages(bodies, delivery, chosen))


def _messages(
    bodies: list[bytes], delivery: Delivery, chosen: Options
) -> Iterator[Article | Fault]:
    for number, body in enumerate(bodies, 1):
        where = f"message {number}"
        try:
            message = message_from_bytes(body.lstrip(), policy=policy.default)
            text, marked = _text(message)
            sender = parseaddr(str(message.get("From", "")))[1]
            when, rounding = _published(message, delivery, chosen)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            yield Fault(where, f"it is damaged: {error}")
            continue
        if not text.strip():
            yield Fault(where, "it holds no text")
            continue
        document = Document(
            text=text,
            where=where,
            published=when,
            rounding=rounding,
            outlet=chosen.text("outlet") or sender.rpartition("@")[2].lower(),
            voice=chosen.text("voice"),
            channel="e-mail",
        )
        found = paragraphs_of_markup(text) if marked else tuple(lines_of(text))
        yield Article(document, tuple(_own(one) for one in found))


def _own(one: Passage) -> Passage:
    if not one.text.lstrip().startswith(">"):
        return one
    return replace(one, role=Role.BOILERPLATE, reason="quoted from another message")


def _text(message: EmailMessage) -> tuple[str, bool]:
    """The text of a message, and whether it is HTML."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", False
    content = part.get_content()
    return (
        content if isinstance(content, str) else ""
    ), part.get_content_subtype() == "html"


def _published(
    message: EmailMessage, delivery: Delivery, chosen: Options
) -> tuple[Period | None, Rounding]:
    stated = message.get("Date")
    if stated and not chosen.text("published"):
        try:
            when = parsedate_to_datetime(str(stated))
        except (ValueError, TypeError, OverflowError):
            return published_of(delivery, chosen)
        if when.tzinfo is not None:
            return instant(when), Rounding.SECOND
    return published_of(delivery, chosen)

"""What sources of prose share: their options, and the account of every paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from trucewatch.collect.claim import Rounding
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Observation
from trucewatch.collect.prose.document import Article, Fault
from trucewatch.collect.prose.gazetteer import Gazetteer
from trucewatch.collect.prose.rules import LANGUAGES
from trucewatch.collect.prose.statements import Silent, Terms, statements
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.period import Period

# Judged as of the press at large; a mission that knows its outlets says better.
OPTIONS = known(
    "F",
    "6",
    zone="UTC",
    language="",
    outlet="",
    voice="",
    published="",
    found="",
)

MAX_CHARS = 20_000_000  # a text of more is no article, and is read line by line or not
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)

Parts = Iterable[Article | Fault]


def prose_batch(parts: Parts, delivery: Delivery, chosen: Options) -> Batch:
    """One observation per statement, one rejection per paragraph without any."""
    kept = Account(delivery)
    for one in said_in(parts, delivery, chosen, Gazetteer()):
        if isinstance(one, Observation):
            kept.made.append(one)
        else:
            kept.reject(one.where, one.why)
    return kept.batch()


def said_in(
    parts: Parts, delivery: Delivery, chosen: Options, gazetteer: Gazetteer
) -> Iterator[Observation | Silent]:
    """Every statement of every part, and why a part or paragraph holds none.

    Raises:
        SourceError: if an option is not usable.
    """
    if chosen.text("language") not in ("", *LANGUAGES):
        instead = f"one of {', '.join(LANGUAGES)}, or empty"
        raise chosen.refused(name="language", instead=instead)
    terms = Terms(
        delivery=delivery,
        zone=chosen.zone() or ZoneInfo("UTC"),
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        gazetteer=gazetteer,
        language=chosen.text("language"),
    )
    for part in parts:
        if isinstance(part, Fault):
            yield Silent(part.where, part.why)
            continue
        try:
            yield from statements(part.document, list(part.passages), terms)
        except (ValueError, OverflowError) as error:
            yield Silent(part.document.where or "document", str(error))


def published_of(
    delivery: Delivery, chosen: Options, stated: str = ""
) -> tuple[Period | None, Rounding]:
    """When a document was made known: option, then document, then arrival.

    Where nobody says it, it stands at option ``found``, to no depth (``UNKNOWN``); then
    days of the week and dates without a year are left open.

    Args:
        delivery: says when it arrived, if anybody knows.
        chosen: its options.
        stated: as the document gives it, ISO 8601; empty where it does not.

    Raises:
        SourceError: if option ``published`` or ``found`` is not a time.
    """
    zone = chosen.zone() or UTC
    if chosen.text("published"):
        return _asked(chosen, "published", zone)
    if stated:
        try:
            return moment(stated, zone)
        except (ValueError, OverflowError):
            pass  # what a page says of its date may be anything
    if delivery.received is not None:
        return instant(delivery.received), Rounding.SECOND
    if chosen.text("found"):
        return _asked(chosen, "found", zone)[0], Rounding.UNKNOWN
    return None, Rounding.UNKNOWN


def _asked(chosen: Options, name: str, zone: tzinfo) -> tuple[Period, Rounding]:
    """The time an option names.

    Raises:
        SourceError: if it is not a time.
    """
    try:
        return moment(chosen.text(name), zone)
    except (ValueError, OverflowError) as error:
        instead = "a time such as 2026-01-08"
        raise chosen.refused(name=name, instead=instead) from error


def instant(when: datetime) -> Period:
    """The second that begins at a time with a zone."""
    begin = when.astimezone(UTC).replace(microsecond=0)
    return Period(begin, begin + timedelta(seconds=1))


def decoded(raw: bytes, chosen: Options) -> str:
    """Text of bytes: by their mark, by what a page says of itself, by the option.

    Bytes that are no characters stay as lone surrogates, so that the paragraph they
    stand in can be refused and the others read.
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    name = chosen.encoding()
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        pass
    said = _META.search(raw[:4096])
    if said:
        try:
            return raw.decode(said[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode(name, "surrogateescape" if name != "utf-16" else "replace")

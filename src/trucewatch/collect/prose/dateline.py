"""The day a plain text states for itself, in a line or as "PARIS, 6 January 2026 –".

A day without a year is none, and a day within a sentence may be of anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from trucewatch.collect.claim import Rounding
from trucewatch.collect.prose.dates import When, times
from trucewatch.collect.prose.document import Passage
from trucewatch.collect.prose.reckoning import Clock
from trucewatch.collect.prose.rules import Rules
from trucewatch.period import Period

FIRST, LAST = 8, 3  # paragraphs in which an article states its day
LINE_WORDS = 12  # more is a sentence
_OPENS = re.compile(
    r"[(\[]?(?:[A-ZÀ-ÝА-ЯІЇЄҐ][\w.'’-]*[,\s]+){0,5}(?:[(\[]\w+[)\]][,\s]+)?[(\[]?$"
)
_DASH = re.compile(r"[)\]]?\s*(?:\([^()]{1,30}\)\s*)?[–—:-]")
_SAYS = re.compile(
    r"(?:published|updated|posted|date|опубліковано|оновлено|опубликовано|обновлено|дата|"
    r"publié|mis à jour)\w*\b",
    re.IGNORECASE,
)
_DAILY = (Rounding.MINUTE, Rounding.HOUR, Rounding.DAY)
_ENDS_SENTENCE = re.compile(r"[.!?…]$")
_ANY = datetime(2000, 1, 1, tzinfo=UTC)  # nothing is reckoned from it


def dateline(passages: Sequence[Passage], rules: Rules) -> str:
    """The day an article states for itself, ISO 8601; empty where it states none."""
    ends = [*passages[:FIRST], *passages[FIRST:][-LAST:]]
    stated = (_stated(one.text, rules) for one in ends)
    return next(filter(None, stated), "")


def _stated(text: str, rules: Rules) -> str:
    head = text[:200]
    clock = Clock(Period(_ANY, _ANY + timedelta(days=1)), ZoneInfo("UTC"), stated=False)
    for when in times(head, 0, len(head), clock, rules):
        if when.rounding in _DAILY and _is_own(text, when):
            return when.period.begin.date().isoformat()
    return ""


def _is_own(text: str, when: When) -> bool:
    """Whether the day stands for the article and not within one of its sentences."""
    before, behind = text[: when.begin], text[when.end :]
    if _OPENS.fullmatch(before) and _DASH.match(behind):
        return True
    short = len(text.split()) <= LINE_WORDS and not _ENDS_SENTENCE.search(text.strip())
    return short and bool(_SAYS.search(before) or _OPENS.fullmatch(before))

"""Paragraphs that no author wrote: advertisements, invitations, policies, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from trucewatch.collect.prose.document import Passage, Role
from trucewatch.collect.prose.rules import FOLDER

HEADING_WORDS = 10  # a line of so few words, all large, without a stop, is a heading
REPEATED_CHARS = 400  # a longer paragraph that stands twice was quoted twice
_UNDECODED = re.compile("[\ud800-\udfff]")  # bytes that are no characters
_BULLET = re.compile(r"^\s*[-–—•*▪▫◽]\s+")
_STOP = re.compile(r"[.!?…:;,»”\"]\s*$")


def without_boilerplate(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The same paragraphs in order, each with its role and the reason for it."""
    times = Counter(one.text.strip() for one in passages)
    for one in passages:
        if one.role is not Role.PROSE:
            yield one
            continue
        text = one.text.strip()
        reason = _reason(text)
        if not reason and times[text] > 1 and len(text) <= REPEATED_CHARS:
            reason = "boilerplate: it stands several times on the page"
        if _UNDECODED.search(text):
            why = "it is not valid in the encoding of the delivery"
            yield replace(one, role=Role.UNREADABLE, reason=why)
        elif reason:
            yield replace(one, role=Role.BOILERPLATE, reason=reason)
        elif _BULLET.match(text):
            yield replace(one, role=Role.BULLET)
        elif _is_heading(text):
            yield replace(one, role=Role.HEADING)
        else:
            yield one


def _reason(text: str) -> str:
    found = (kind for kind, form in _patterns() if form.search(text))
    kind = next(found, "")
    return f"boilerplate: {kind.replace('_', ' ')}" if kind else ""


def _is_heading(text: str) -> bool:
    words = text.split()
    if len(words) > HEADING_WORDS or _STOP.search(text) or not text.isascii():
        return False
    large = sum(word[0].isupper() for word in words if word[0].isalpha())
    return len(words) >= 2 and large >= 0.6 * len(words)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (files(FOLDER) / "boilerplate.yaml").read_text("utf-8")
    loaded: dict[str, list[str]] = YAML(typ="safe", pure=True).load(text)
    return tuple(
        (kind, re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE))
        for kind, forms in loaded.items()
    )

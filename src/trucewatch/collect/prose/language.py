"""Which of the languages that have rules a text is written in."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from trucewatch.collect.prose.rules import LANGUAGES

SAMPLE_CHARS = 4_000
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def language_of(text: str) -> str:
    """ISO 639-1 of the language a text is most probably in, among ``LANGUAGES``.

    Russian and Ukrainian are told by letters that only one of them has: a headline of
    eight words nearly always holds one, and statistics of short texts err more often.
    All else is told by py3langid.
    """
    sample = text[:SAMPLE_CHARS]
    if len(_CYRILLIC.findall(sample)) * 2 > sum(c.isalpha() for c in sample):
        ukrainian, russian = (
            len(_UKRAINIAN.findall(sample)),
            len(_RUSSIAN.findall(sample)),
        )
        if ukrainian != russian:
            return "uk" if ukrainian > russian else "ru"
    return _told(sample)


def _told(sample: str) -> str:
    if not sample.strip():
        return "en"
    return _identifier().classify(sample)[0]


class _Identifier(Protocol):
    """What py3langid offers."""

    def classify(self, text: str) -> tuple[str, float]: ...

    def set_languages(self, langs: list[str]) -> None: ...


@cache
def _identifier() -> _Identifier:
    """The classifier, loaded once (py3langid, extra ``prose``)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    made.set_languages(list(LANGUAGES))
    return made

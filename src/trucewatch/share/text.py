"""Every sentence of a bulletin, by key and language.

A language is one JSON file in ``catalogue/``: a key holds a string with named
parameters, or one string for each plural form that the language has.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

Entry = str | dict[str, str]


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
    return "few" if few else "many"


# Plural forms of whole numbers. Source: Unicode CLDR 46, supplemental/plurals.
PLURALS: dict[str, Callable[[int], str]] = {
    "en": _english,
    "fr": _french,
    "ru": _slavic,
    "uk": _slavic,
}


@dataclass(frozen=True, slots=True)
class Text:
    """The catalogue of one language."""

    language: str
    entries: dict[str, Entry]

    def say(self, key: str, n: int | None = None, **named: str | int) -> str:
        """The sentence of a key, with its parameters; ``n`` picks the plural form.

        Raises:
            LookupError: if the language has no such key or lacks a parameter.
        """
        if key not in self.entries:
            msg = f"the catalogue {self.language!r} has no {key!r}"
            raise LookupError(msg)
        entry = self.entries[key]
        if isinstance(entry, dict):
            if n is None:
                msg = f"{key!r} has plural forms and needs a number"
                raise LookupError(msg)
            entry = entry[PLURALS[self.language](n)]
        if n is not None:
            named = {"n": n, **named}
        return entry.format_map({k: self._shown(v) for k, v in named.items()})

    def code(self, group: str, code: str) -> str:
        """The words for a code; a code of a rule this catalogue does not know, bare."""
        key = f"{group}.{code}"
        return self.say(key) if key in self.entries else code.replace("_", " ")

    def number(self, n: int) -> str:
        """A whole number, its thousands separated as the language does."""
        return f"{n:,}".replace(",", self.say("number.thousands"))

    def percent(self, p: float) -> str:
        """A probability or share in per cent; never 0 or 100 unless exact."""
        percent = round(p * 100)
        if p > 0 and percent == 0:
            return self.say("number.below_1_percent")
        if p < 1 and percent == 100:
            return self.say("number.above_99_percent")
        return self.say("number.percent", value=str(percent))

    def _shown(self, value: str | int) -> str:
        return self.number(value) if isinstance(value, int) else value


@cache
def catalogue(language: str) -> Text:
    """The shipped catalogue of a language.

    Raises:
        LookupError: if none is shipped, naming those that are.
    """
    known = languages()
    if language not in known:
        msg = f"there is no catalogue {language!r}; known: {', '.join(known)}"
        raise LookupError(msg)
    path = files("trucewatch.share") / "catalogue" / f"{language}.json"
    entries: dict[str, Entry] = json.loads(path.read_text("utf-8"))
    return Text(language, entries)


def languages() -> tuple[str, ...]:
    """Languages shipped, by their ISO 639-1 codes."""
    folder = files("trucewatch.share") / "catalogue"
    names = (one.name for one in folder.iterdir() if one.name.endswith(".json"))
    return tuple(sorted(name.removesuffix(".json") for name in names))


def parameters(entry: Entry) -> frozenset[str]:
    """Names of the parameters an entry uses, over all its plural forms."""
    forms = entry.values() if isinstance(entry, dict) else (entry,)
    parsed = (part for form in forms for part in Formatter().parse(form))
    return frozenset(name for _, name, _, _ in parsed if name)

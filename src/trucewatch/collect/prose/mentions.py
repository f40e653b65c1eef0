"""Who is named in a sentence: persons with their offices, bodies, groups, pronouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from trucewatch.collect.prose.rules import Rules, side_patterns

TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|M|MM|Gen|Sen|Rep|Gov|Lt|Col|Prof|Gén)\.(?=\s)|[^\W_]+(?:['.-][^\W\d_]+)*(?:'(?!\w))?|[^\w\s]",
    re.UNICODE,
)
_AFTER_NAME = re.compile(r"\s*\([A-Z]-[A-Z]{2}\)")


class Sort(StrEnum):
    """What kind of speaker a mention is."""

    PERSON = "person"
    BODY = "body"
    GROUP = "group"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named at characters ``[begin, end)`` of a passage.

    Attributes:
        name: of the person or body as printed; of a group, all its words.
        office: as printed before the name, or standing for it; empty for none.
        side: id of the party or body whose word stands in it; empty for none.
        possessive: it owns what follows ("Moscow's statement").
    """

    begin: int
    end: int
    sort: Sort
    name: str
    office: str = ""
    side: str = ""
    anonymous: bool = False
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark at characters ``[begin, end)``."""

    text: str
    begin: int
    end: int

    @property
    def low(self) -> str:
        """In lower case, without the ending of possession and final points."""
        return self.text.lower().removesuffix("'s").rstrip("'.")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def tokens(text: str, begin: int = 0, end: int | None = None) -> list[Token]:
    """Words and marks of a part of a text, with where they stand in the whole."""
    stop = len(text) if end is None else end
    return [Token(m[0], m.start(), m.end()) for m in TOKEN.finditer(text, begin, stop)]


def side_of(text: str, rules: Rules) -> str:
    """The party or body whose word occurs first in some words; empty for none."""
    found = [
        (match.start(), -match.end(), side)
        for side, pattern in side_patterns(rules.language)
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else ""


def mentions(text: str, begin: int, end: int, rules: Rules) -> list[Mention]:
    """Everybody named in ``[begin, end)``, in order."""
    found: list[Mention] = []
    run: list[Token] = []
    for token in (*tokens(text, begin, end), None):
        if token and run and not _glued(text, run[-1], token):
            found.extend(_read(run, text, rules))
            run = []
        if token and token.low in rules.pronouns and not run:
            found.append(Mention(token.begin, token.end, Sort.PRONOUN, token.low))
        elif token and _belongs(token, bool(run), rules):
            run.append(token)
            if token.text.endswith(("'s", "'")):
                found.extend(_read(run, text, rules))
                run = []
        else:
            found.extend(_read(run, text, rules))
            run = []
    return found


def _glued(text: str, one: Token, other: Token) -> bool:
    return not text[one.end : other.begin].strip()


def _belongs(token: Token, inside: bool, rules: Rules) -> bool:
    low = token.low
    if not token.text[0].isalpha():
        return inside and token.text.isdigit()
    if low in rules.connectors:
        return inside
    if low in rules.titles or low in rules.groups or low in rules.modifiers:
        return True
    if low in rules.stop:
        return False
    return token.capital


def _read(run: list[Token], text: str, rules: Rules) -> list[Mention]:
    while run and (run[-1].low in rules.connectors or run[-1].low in rules.modifiers):
        run = run[:-1]
    while run and run[0].low in rules.connectors:
        run = run[1:]
    if not run:
        return []
    words = text[run[0].begin : run[-1].end]
    bare = words.removesuffix("'s").rstrip("'")
    side = side_of(bare, rules)
    owns = run[-1].text.endswith(("'s", "'"))
    sort, name, office = _told_apart(run, text, rules)
    if not name:
        return []
    low = run[-1].low
    hidden = sort is Sort.GROUP and bool({t.low for t in run} & rules.anonymous)
    end = run[-1].end
    if after := _AFTER_NAME.match(text, end):
        end = after.end()
    if sort is Sort.GROUP and low not in rules.groups and low not in rules.titles:
        return []
    clean = name.removesuffix("'s").rstrip("'")
    return [Mention(run[0].begin, end, sort, clean, office, side, hidden, owns)]


def _told_apart(run: list[Token], text: str, rules: Rules) -> tuple[Sort, str, str]:
    """Whether a run of words names a person, a body or a group; its name and office."""
    titled = [n for n, t in enumerate(run) if t.low in rules.titles]
    after = run[titled[-1] + 1 :] if titled else []
    named = [t for t in after if t.capital and t.low not in rules.institutions]
    if named and not any(side_of(t.text, rules) and len(named) > 1 for t in named):
        first = named[0]
        name = text[first.begin : named[-1].end]
        return Sort.PERSON, name, text[run[0].begin : first.begin].strip()
    words = text[run[0].begin : run[-1].end]
    if any(t.low in rules.institutions and t.capital for t in run):
        return Sort.BODY, words, ""
    if titled and run[-1].low in rules.titles:
        return Sort.GROUP, words, words
    capitals = [t for t in run if t.capital]
    if not capitals or any(t.low in rules.groups for t in run):
        return Sort.GROUP, words, ""
    if side_of(run[0].text, rules) or all(side_of(t.text, rules) for t in capitals):
        return Sort.BODY, words, ""
    return Sort.PERSON, text[capitals[0].begin : capitals[-1].end], ""

"""Whom a run of Russian or Ukrainian words names: person, office, body or trade."""

from __future__ import annotations

import re

from trucewatch.collect.prose.mentions import Mention, Sort, Token, side_of, tokens
from trucewatch.collect.prose.rules import (
    Rules,
    act_patterns,
    agent_pattern,
    side_patterns,
)

MAX_SPEAKER_WORDS = 9
MAX_TRADE_WORDS = 3  # "Galician paratroopers"
_CALLSIGN = re.compile(r"\s(?:с|з|із)\s\W*позывн\w+\s[«\"][^«»\"]{2,30}[»\"]")
_PAIR = re.compile(r"\s[–—-]\s")  # two teams of a match, two ends of a road
_COMPLEMENT = re.compile(r"(?:ого|его|ої|ой)$")
LATIN_NAME = re.compile(r"[A-Z][\w]+$")
ACRONYM = re.compile(r"[А-ЯІЇЄҐA-Z]{2,}\w*$")
_SURNAME = re.compile(r"[А-ЯІЇЄҐ][а-яіїєґё'’-]+$")
_FINITE = re.compile(
    r"[а-яіїєґё']{3,}(?:л[аио]|ил|ал|ыл|ет|ют|ають|уть|є)|[а-яіїєґ']{4,}[иау]в"
)


def mention_in(
    text: str,
    begin: int,
    end: int,
    rules: Rules,
    *,
    strict: bool = False,
    first_capital: bool = False,
) -> Mention | None:
    """The speaker that fills ``[begin, end)``, if the words name one.

    Args:
        text: of the paragraph.
        begin: of the words in it.
        end: of them.
        rules: of the language.
        strict: every word must belong to a name, an office or a body.
        first_capital: what follows the name (an adverb, a place) is left out.
    """
    found = [
        t for t in tokens(text, begin, end) if t.text[0].isalnum() or t.text in '"«»“”'
    ]
    while found and found[0].low in rules.stop and not found[0].text.isupper():
        found = found[1:]
    words = _before_verb([t for t in found if t.text[0].isalnum()], rules)
    if not words or len(words) > MAX_SPEAKER_WORDS or words[0].low in rules.not_speaker:
        return None
    heads = [t for t in words if _is_head(t, t is words[0], rules)]
    if not heads:
        return None
    titled = any(t.low in rules.titles for t in words)
    if (strict or not titled) and _is_event(text[begin:end], rules):
        return None
    if strict and not _all_named(words, rules):
        return None
    while len(words) > 1 and _trails(words[-1], rules):
        words = words[:-1]
    if first_capital:
        words = words[: words.index(heads[-1]) + 1]
    return _made(text, words, rules)


def _before_verb(words: list[Token], rules: Rules) -> list[Token]:
    """Words up to the first verb among them; no name goes on behind one."""
    known = rules.titles | rules.groups
    verbs = (
        n
        for n, t in enumerate(words)
        if n and not t.capital and t.low not in known and _FINITE.fullmatch(t.text)
    )
    return words[: next(verbs, len(words))]


def _is_event(words: str, rules: Rules) -> bool:
    """Whether words name two ends of something, or an act: nobody who speaks."""
    acts = act_patterns(rules.language)
    return bool(_PAIR.search(words)) or any(p.search(words) for _, p in acts)


def _trails(token: Token, rules: Rules) -> bool:
    """Whether a word behind a name is an adverb or a pronoun."""
    known = token.low in rules.titles or token.low in rules.groups
    return not (known or token.capital) and (
        token.low in rules.stop or token.low.endswith("о")
    )


def _is_head(token: Token, first: bool, rules: Rules) -> bool:
    if token.low in rules.titles or token.low in rules.groups:
        return True
    if token.low in rules.stop or token.low in rules.not_speaker:
        return False
    if ACRONYM.match(token.text) or LATIN_NAME.match(token.text):
        return True
    return bool(_SURNAME.match(token.text))


def _all_named(words: list[Token], rules: Rules) -> bool:
    known = rules.titles | rules.groups
    if words[0].low in known or _is_side(words, rules):
        return True
    if words[-1].low in known and len(words) <= 3:  # "British intelligence"
        return True
    if any(t.low in known for t in words):
        return all(t.capital or t.low in known for t in words)
    named = [t for t in words if t.capital or t.low in rules.connectors]
    return len(named) == len(words) <= 4


def _is_side(words: list[Token], rules: Rules) -> bool:
    """Whether all words together are the name of a party or body."""
    printed = " ".join(t.text for t in words)
    return any(p.fullmatch(printed) for _, p in side_patterns(rules.language))


def _opens_mark(words: str) -> bool:
    """Whether a quotation mark opens in some words and does not close in them."""
    opened = sum(words.count(mark) for mark in "«“„")
    return opened > words.count("»") + words.count("”") or words.count('"') % 2 == 1


def _made(text: str, words: list[Token], rules: Rules) -> Mention:
    begin, end = words[0].begin, words[-1].end
    if end < len(text) and text[end] in '"»”' and _opens_mark(text[begin:end]):
        end += 1
    if called := _CALLSIGN.match(text, end):
        end = called.end()
    printed = text[begin:end]
    titled = [n for n, t in enumerate(words) if t.low in rules.titles]
    named = words[titled[-1] + 1 :] if titled else []
    people = [t for t in named if _SURNAME.match(t.text) and not side_of(t.text, rules)]
    if people and _COMPLEMENT.search(people[-2:][0].text):
        people = []  # "representative of the European Union"
    side = side_of(printed, rules)
    hidden = any(t.low in rules.anonymous for t in words) and not people
    if titled and len(people) > 1:
        name = text[people[-2].begin : people[-1].end]
        return Mention(begin, end, Sort.PERSON, name, printed, side)
    if titled:  # "mayor of X" and "minister X" look alike: both stay whole
        sort = Sort.PERSON if people else Sort.GROUP
        return Mention(begin, end, sort, printed, printed, side, hidden)
    if any(t.low in rules.groups or ACRONYM.match(t.text) for t in words) or side:
        sort = Sort.GROUP if hidden else Sort.BODY
        return Mention(begin, end, sort, printed, "", side, hidden)
    return Mention(begin, end, Sort.PERSON, printed, "", side, hidden)


def trade_in(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """Unnamed people by trade or home, alone or with an adjective: "paratroopers"."""
    found = [t for t in tokens(text, begin, end) if t.low not in rules.stop]
    found = [t for t in found if t.text[0].isalpha()]
    if not found or len(found) > MAX_TRADE_WORDS or found[-1].low in rules.not_speaker:
        return None
    if not agent_pattern(rules.language).fullmatch(found[-1].low):
        return None
    called = _CALLSIGN.match(text, found[-1].end)
    first, last = found[0].begin, called.end() if called else found[-1].end
    side = side_of(text[first:last], rules)
    return Mention(first, last, Sort.GROUP, text[first:last], "", side, True)

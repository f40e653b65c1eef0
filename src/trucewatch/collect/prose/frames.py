"""Who speaks in a sentence whose subject stands by its verb (English, French)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trucewatch.collect.prose.mentions import Mention, Sort, mentions, tokens
from trucewatch.collect.prose.quotations import Quotation
from trucewatch.collect.prose.rules import Rules, verb_pattern

MAX_GAP_TOKENS = 7  # "has, on Thursday, once again" may stand before the verb
_APPOSITION = re.compile(r"\s*,[^,]{1,160},\s*(?:\w+\s+){0,2}")
_INVERTED = re.compile(r"[,”\"»'?!]\s*$")
# "the mayor of the town said"
_COMPLEMENT = re.compile(r"^\s+(?:of|for|de|du|des)\s+(?:the\s+|la\s+|le\s+)?[\w'-]+")
_HEADED = re.compile(r"\s*(?:the\s+)?([^:.,;!?]{2,60}):\s", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|and|et|,\s*and|as well as|ainsi que)\s*(?:the\s+)?$")
_ADJECTIVE = re.compile(r"(?:an|ian|ish|ese|French|Greek|Czech)$")
_THAT = re.compile(r"[^,;.]{0,40}\b(?:that|que)\b", re.IGNORECASE)
_NEW_CLAUSE = re.compile(r"[,;]\s*(?:and|while|but|et|mais|tandis que)\s+[^,;]*$|;")
_CARRIED = re.compile(r"(?:,|\b(?:and|but|while|et|mais|tout en))\s*(?:\w+ly\s+)?$")


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb of speaking (or what stands for one) and whose it is.

    Attributes:
        deed: what the speaker does (``say``, ``deny``, ``warn`` …).
        verb: as printed.
        begin: of the verb or the words that stand for it.
        speakers: whoever speaks; empty where the sentence does not tell.
    """

    deed: str
    verb: str
    begin: int
    end: int
    speakers: tuple[Mention, ...]


def frames(
    text: str, begin: int, end: int, quoted: tuple[Quotation, ...], rules: Rules
) -> list[Frame]:
    """Everything said in ``[begin, end)`` outside quotations, in order."""
    named = [
        one
        for one in mentions(text, begin, end, rules)
        if not any(q.begin <= one.begin < q.end for q in quoted)
    ]
    found: list[Frame] = list(_according(text, begin, end, named, rules))
    found.extend(_headed(text, begin, end, named))
    for match in verb_pattern(rules.language).finditer(text, begin, end):
        if any(q.begin <= match.start() < q.end for q in quoted):
            continue
        if any(one.begin <= match.start() < one.end for one in named):
            continue  # a "Call" or "Post" within a name
        speakers = _subject(text, match, named, found, rules)
        if speakers:
            deed = str(match.lastgroup)
            found.append(Frame(deed, match[0], match.start(), match.end(), speakers))
    found.extend(_nominal(text, begin, end, named, rules))
    return _outermost(text, sorted(found, key=lambda f: (f.begin, f.end)), rules)


def _outermost(text: str, found: list[Frame], rules: Rules) -> list[Frame]:
    """Without frames that are themselves what somebody said."""
    if any(one.verb in rules.according for one in found):
        return [one for one in found if one.verb in rules.according]
    kept: list[Frame] = []
    for one in found:
        outer = [k for k in kept if _THAT.match(text, k.end, one.begin)]
        inside = any(
            k.speakers != one.speakers
            and not _NEW_CLAUSE.search(text[k.end : one.speakers[0].begin])
            for k in outer
        )
        if not inside:
            kept.append(one)
    return kept


def _subject(
    text: str,
    verb: re.Match[str],
    named: list[Mention],
    so_far: list[Frame],
    rules: Rules,
) -> tuple[Mention, ...]:
    participle = re.fullmatch(rules.participle, verb[0].split()[0], re.IGNORECASE)
    for one in reversed([m for m in named if m.end <= verb.start()]):
        gap = text[one.end : verb.start()]
        if participle or (_ADJECTIVE.search(one.name) and verb[0].endswith("s")):
            break  # "warning that …" is said by who spoke before; "Russian demands"
        if not one.possessive and (_near(gap, rules) or _APPOSITION.fullmatch(gap)):
            return _with_others(text, one, named)
        if len(gap) > 200:
            break
    carried: tuple[Mention, ...] = ()
    if participle or _CARRIED.search(text[: verb.start()]):
        if so_far and not _clause_between(text, so_far[-1], verb.start()):
            carried = so_far[-1].speakers
        elif participle and named and named[0].sort in (Sort.PERSON, Sort.BODY):
            carried = (named[0],) if named[0].end <= verb.start() else ()
    return carried or (() if participle else _inverted(text, verb, named))


def _clause_between(text: str, frame: Frame, until: int) -> bool:
    return text[frame.end : until].count(";") > 0


def _inverted(
    text: str, verb: re.Match[str], named: list[Mention]
) -> tuple[Mention, ...]:
    if not _INVERTED.search(text[: verb.start()]):
        return ()
    for one in named:
        if one.begin >= verb.end():
            gap = text[verb.end() : one.begin].strip().lower()
            return (one,) if gap in ("", "the", "a", "an", "le", "la", "un") else ()
    return ()


def _near(gap: str, rules: Rules) -> bool:
    found = tokens(_COMPLEMENT.sub("", gap))
    if len(found) > MAX_GAP_TOKENS:
        return False
    return all(
        t.low in rules.between or t.low.endswith("ly") or t.text.isdigit()
        for t in found
        if t.text[0].isalnum()
    ) and all(t.text[0].isalnum() or t.text == "," for t in found)


def _with_others(text: str, one: Mention, named: list[Mention]) -> tuple[Mention, ...]:
    """The mention and those joined to it by commas and "and", in order."""
    joined = [one]
    for other in reversed([m for m in named if m.end <= one.begin]):
        gap = text[other.end : joined[0].begin]
        if not _JOINED.fullmatch(gap):
            break
        if other.office == other.name and one.sort is Sort.PERSON and gap == ", ":
            return (replace(one, office=other.name, side=one.side or other.side),)
        if other.possessive or other.sort is Sort.PRONOUN:
            break
        joined.insert(0, other)
    return tuple(joined)


def _according(
    text: str, begin: int, end: int, named: list[Mention], rules: Rules
) -> Iterator[Frame]:
    for words in rules.according:
        pattern = re.compile(
            rf"(?<!\w){words}\s+(?:the\s+|a\s+|an\s+|la\s+|le\s+)?", re.I
        )
        for match in pattern.finditer(text, begin, end):
            near = [m for m in named if m.begin == match.end()]
            if near:
                yield Frame("say", words, match.start(), match.end(), (near[0],))


def _headed(text: str, begin: int, end: int, named: list[Mention]) -> Iterator[Frame]:
    """``X: words`` at the beginning of a headline."""
    match = _HEADED.match(text, begin, end)
    for one in named[:1] if match else ():
        if match and (one.begin, one.end) == match.span(1) and not one.possessive:
            yield Frame("say", ":", match.end(1), match.end(), (one,))


def _nominal(
    text: str, begin: int, end: int, named: list[Mention], rules: Rules
) -> Iterator[Frame]:
    """Somebody's statement: "Moscow's Thursday statement"."""
    pattern = re.compile(
        rf"\s*(?:\w+\s+){{0,2}}(?:{rules.nominal})(?!\w)", re.IGNORECASE
    )
    for one in named:
        match = pattern.match(text, one.end, end) if one.possessive else None
        if match:
            word = match[0].split()[-1]
            yield Frame("say", word, match.start(), match.end(), (one,))

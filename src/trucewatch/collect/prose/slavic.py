"""Who speaks in a sentence or headline of Russian or Ukrainian.

Word order is free there and headlines have forms of their own: ``X: words``,
``words – X``, ``words, said X``, ``In A they said``. Each clause between marks is
tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trucewatch.collect.prose.frames import Frame
from trucewatch.collect.prose.mentions import Mention, Sort, Token, side_of, tokens
from trucewatch.collect.prose.quotations import Quotation
from trucewatch.collect.prose.rules import Rules, act_patterns, verb_pattern

MAX_SPEAKER_WORDS = 9
LEAST_QUOTED_WORDS = 3  # fewer are a name in quotation marks
_CLAUSE = re.compile(
    r"[,;:!?…()«»“”„\"]|\.(?=\s|$)|\s[–—-]+\s|\b(?:що|что|щоб|чтобы|який|которы\w*)\b"
)
_PLACE_FIRST = re.compile(r"^(?:в|у|во|на)\s+", re.IGNORECASE)
_ABOUT = re.compile(r"\s(?:об?|обо|про)\s")
_TAIL = re.compile(
    r"\s(?:в|у|во|на|по|из|із|з|с|со|до|о|об|про|за|під|под|после|після|для|від|от|"
    r"под|над|через|во время|під час)\s.*$"
)
_SIGNS = re.compile(r"[^\w«“\"]*")
_PAIR = re.compile(r"\s[–—-]\s")  # two teams of a match, two ends of a road
_DATIVE = re.compile(r"^[А-ЯІЇЄҐ]\w+(?:ому|ему)$")
_NOTE = re.compile(r"\s\((?:відео|видео|фото|інфографіка)[^()]*\)")
_NOT_GENITIVE = re.compile(r"(?:[ую]|[оеыи]м)$")
_LATIN_NAME = re.compile(r"[A-Z][\w]+$")
_ACRONYM = re.compile(r"[А-ЯІЇЄҐA-Z]{2,}\w*$")
_SURNAME = re.compile(r"[А-ЯІЇЄҐ][а-яіїєґё'’-]+$")


def frames_of_clauses(
    text: str, begin: int, end: int, quoted: tuple[Quotation, ...], rules: Rules
) -> list[Frame]:
    """Everything said in ``[begin, end)`` outside long quotations, in order."""
    clauses = list(_clauses(text, begin, end, quoted))
    found = [
        *_headed(text, begin, end, quoted, rules),
        *_tailed(text, begin, end, rules),
        *_by_phrase(text, begin, end, rules),
        *_by_verb(text, clauses, quoted, rules),
    ]
    found.sort(key=lambda f: (f.begin, f.end))
    once: list[Frame] = []
    for one in found:
        heads = {(m.begin, m.end) for f in once for m in f.speakers}
        if not any((m.begin, m.end) in heads for m in one.speakers):
            once.append(one)
    return once


def _short_quote(quoted: tuple[Quotation, ...], where: int) -> bool:
    return any(q.begin - 1 <= where <= q.end and q.end - q.begin <= 25 for q in quoted)


def _clauses(
    text: str, begin: int, end: int, quoted: tuple[Quotation, ...]
) -> Iterator[tuple[int, int]]:
    start = begin
    for mark in _CLAUSE.finditer(text, begin, end):
        if mark[0] in '«»“”„"' and _short_quote(quoted, mark.start()):
            continue
        if mark.start() > start:
            yield start, mark.start()
        start = mark.end()
    if start < end:
        yield start, end


def _by_verb(
    text: str,
    clauses: list[tuple[int, int]],
    quoted: tuple[Quotation, ...],
    rules: Rules,
) -> Iterator[Frame]:
    for begin, end in clauses:
        for verb in verb_pattern(rules.language).finditer(text, begin, end):
            if any(q.begin <= verb.start() < q.end for q in quoted):
                continue
            who = _before(text, begin, verb.start(), rules) or _after(
                text, verb.end(), end, rules
            )
            if who:
                yield Frame(str(verb.lastgroup), verb[0], *verb.span(), (who,))


def _before(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """The subject in front of a verb; "In Kyiv they said" speaks for Kyiv."""
    words = text[begin:end]
    lead = _SIGNS.match(words)
    begin += lead.end() if lead else 0
    words = text[begin:end]
    if (where := _PLACE_FIRST.match(words)) and begin + where.end() < end:
        inner = text[begin + where.end() : end].strip()
        if len(inner.split()) > 4 or not inner:
            return None
        return _mention(
            text, _group_in(text, begin + where.end(), end, rules), end, rules
        )
    cut = _TAIL.search(words)
    stop = begin + cut.start() if cut else end
    if _DATIVE.search(text[begin:stop].rstrip()):
        return None  # to whom it was said, not who said it
    return _mention(text, begin, stop, rules)


def _group_in(text: str, begin: int, end: int, rules: Rules) -> int:
    """Where the second noun begins: "In Kherson province occupiers say"."""
    found = tokens(text, begin, end)
    known = rules.titles | rules.groups
    later = [t for t in found[1:] if t.low in known and not t.capital]
    return later[0].begin if later and found[0].low not in known else begin


def _after(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """The subject behind a verb: "…, said the head of the region X"."""
    words = text[begin:end]
    if match := re.match(r"\s+(?:в|у)\s+", words):
        return _mention(text, begin + match.end(), end, rules)
    if re.match(r"\s*(?:об?|обо|про|на|з|с|по|за|до|от|від|не)\s", words):
        return None
    cut = _TAIL.search(words)
    stop = begin + cut.start() if cut else end
    return _mention(text, begin, stop, rules, first_capital=True)


def _headed(
    text: str, begin: int, end: int, quoted: tuple[Quotation, ...], rules: Rules
) -> Iterator[Frame]:
    """``X: words``, ``words: X about …``, and ``"words": X …`` of a headline."""
    colon = re.compile(r":(?=\s)").search(text, begin, end)
    if colon is None or any(q.begin <= colon.start() < q.end for q in quoted):
        return
    ended = [q for q in quoted if colon.start() - 2 <= q.end <= colon.start()]
    if ended and ended[-1].begin - 1 <= begin + 1:
        who = _behind_quotation(text, ended[-1], (colon.end(), end), rules)
    else:
        who = _on_subject(text, colon.end(), end, rules)
        who = who or _before_colon(text, begin, colon.start(), rules)
    if who:
        yield Frame("say", ":", colon.start(), colon.end(), (who,))


def _behind_quotation(
    text: str, quote: Quotation, rest: tuple[int, int], rules: Rules
) -> Mention | None:
    begin, end = rest
    if _PLACE_FIRST.match(text[begin:end].lstrip()):
        return None
    if len(text[quote.begin : quote.end].split()) < LEAST_QUOTED_WORDS:
        return None
    stop = _first_verb_or_end(text, begin, end, rules)
    return _mention(text, begin, stop, rules, strict=True)


def _before_colon(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    about = _ABOUT.search(text, begin, end)
    stop = about.start() if about else end
    if _has_finite_verb(text[begin:stop]):
        return None
    return _mention(text, begin, stop, rules, strict=True)


def _on_subject(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """``words: X about …``: who speaks of something behind the colon."""
    about = _ABOUT.search(text, begin, end)
    if about is None or verb_pattern(rules.language).search(text, begin, about.start()):
        return None
    if _has_finite_verb(text[begin : about.start()]):
        return None
    return _mention(text, begin, about.start(), rules, strict=True)


def _first_verb_or_end(text: str, begin: int, end: int, rules: Rules) -> int:
    words = tokens(text, begin, end)
    for n, token in enumerate(words):
        if n and not (token.capital or token.low in rules.titles):
            return token.begin
    return end


def _tailed(text: str, begin: int, end: int, rules: Rules) -> Iterator[Frame]:
    """``words – X`` at the end of a headline."""
    dashes = list(re.compile(r"\s[–—-]\s+").finditer(text, begin, end))
    if not dashes:
        return
    dash = dashes[-1]
    note = _NOTE.search(text, dash.end(), end)
    end = note.start() if note else end
    rest = text[dash.end() : end]
    if verb_pattern(rules.language).search(rest) or _has_finite_verb(rest):
        return
    who = _mention(text, dash.end(), end, rules, strict=True)
    if who:
        yield Frame("say", "–", dash.start(), dash.end(), (who,))


def _by_phrase(text: str, begin: int, end: int, rules: Rules) -> Iterator[Frame]:
    for phrase in rules.according:
        pattern = re.compile(rf"(?<!\w){phrase}\s+", re.IGNORECASE)
        for match in pattern.finditer(text, begin, end):
            cut = _CLAUSE.search(text, match.end(), end)
            stop = cut.start() if cut else end
            who = _mention(text, match.end(), stop, rules)
            if who:
                yield Frame("say", phrase, *match.span(), (who,))
    for form in (rules.report_in, rules.nominal):
        pattern = re.compile(rf"(?<!\w)(?:{form})\s+", re.IGNORECASE)
        for match in pattern.finditer(text, begin, end):
            cut = _CLAUSE.search(text, match.end(), end)
            stop = cut.start() if cut else end
            tail = _TAIL.search(text[match.end() : stop])
            stop = match.end() + tail.start() if tail else stop
            who = _mention(text, match.end(), stop, rules, first_capital=True)
            if who and not _NOT_GENITIVE.search(who.name):
                yield Frame("say", match[0].strip(), *match.span(), (who,))


def _has_finite_verb(words: str) -> bool:
    """Whether some word has the ending of a verb that no name and title has."""
    return bool(
        re.search(
            r"(?<![А-ЯІЇЄҐ])\b[а-яіїєґё']{3,}(?:л[аио]?|ли|ла|в|вся|ся|сь|ет|ут|ют|ит|ят|ють|уть|є|ють|ить|ать|ти|ено|ано)\b",
            re.sub(
                r"\b(?:глава|мэр|мер|посол|канал|генерал|адмирал|журнал|портал)\b",
                "",
                words,
            ),
        )
    )


def _mention(
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
    words = [t for t in found if t.text[0].isalnum()]
    if not words or len(words) > MAX_SPEAKER_WORDS or words[0].low in rules.not_speaker:
        return None
    heads = [t for t in words if _is_head(t, t is words[0], rules)]
    if not heads:
        return None
    if strict and (_is_event(text[begin:end], rules) or not _all_named(words, rules)):
        return None
    while len(words) > 1 and _trails(words[-1], rules):
        words = words[:-1]
    if first_capital:
        words = words[: words.index(heads[-1]) + 1]
    return _made(text, words, rules)


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
    if _ACRONYM.match(token.text) or _LATIN_NAME.match(token.text):
        return True
    return bool(_SURNAME.match(token.text))


def _all_named(words: list[Token], rules: Rules) -> bool:
    known = rules.titles | rules.groups
    if words[0].low in known:
        return True
    if words[-1].low in known and len(words) <= 3:  # "British intelligence"
        return True
    if any(t.low in known for t in words):
        return all(t.capital or t.low in known for t in words)
    named = [t for t in words if t.capital or t.low in rules.connectors]
    return len(named) == len(words) <= 4


def _made(text: str, words: list[Token], rules: Rules) -> Mention:
    begin, end = words[0].begin, words[-1].end
    if end < len(text) and text[end] in '"»”':
        end += 1
    printed = text[begin:end]
    titled = [n for n, t in enumerate(words) if t.low in rules.titles]
    named = words[titled[-1] + 1 :] if titled else []
    people = [t for t in named if _SURNAME.match(t.text)]
    side = side_of(printed, rules)
    hidden = any(t.low in rules.anonymous for t in words) and not people
    if titled and len(people) > 1:
        name = text[people[-2].begin : people[-1].end]
        return Mention(begin, end, Sort.PERSON, name, printed, side)
    if titled:  # "mayor of X" and "minister X" look alike: both stay whole
        sort = Sort.PERSON if people else Sort.GROUP
        return Mention(begin, end, sort, printed, printed, side, hidden)
    if any(t.low in rules.groups or _ACRONYM.match(t.text) for t in words) or side:
        sort = Sort.GROUP if hidden else Sort.BODY
        return Mention(begin, end, sort, printed, "", side, hidden)
    return Mention(begin, end, Sort.PERSON, printed, "", side, hidden)

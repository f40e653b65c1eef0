"""Who speaks in a sentence or headline of Russian or Ukrainian.

Word order is free there and headlines have forms of their own: ``X: words``,
``words – X``, ``words, said X``, ``In A they said``. Each clause between marks is
tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trucewatch.collect.prose.frames import Frame
from trucewatch.collect.prose.mentions import Mention, Sort, tokens
from trucewatch.collect.prose.quotations import Quotation
from trucewatch.collect.prose.rules import (
    Rules,
    agent_pattern,
    people_patterns,
    verb_pattern,
    words,
)
from trucewatch.collect.prose.slavic_names import (
    ACRONYM,
    LATIN_NAME,
    mention_in,
    trade_in,
)

LEAST_QUOTED_WORDS = 3  # fewer are a name in quotation marks
_CLAUSE = re.compile(
    r"[,;:!?…()«»“”„\"]|\.(?=\s|$)|\s[–—-]+\s|\b(?:що|что|щоб|чтобы|який|которы\w*)\b"
)
_PLACE_FIRST = re.compile(r"^(?:в|у|во|на)\s+", re.IGNORECASE)
_ABOUT = re.compile(r"\s(?:об?|обо|про|щодо|относительно|по поводу)\s")
_TAIL = re.compile(
    r"\s(?:в|у|во|на|по|из|із|з|с|со|до|о|об|про|за|під|под|после|після|для|від|от|"
    r"под|над|через|во время|під час)\s.*$"
)
# A road, train or power line runs between the ends of "A – B"; nobody speaks.
_ROUTE = re.compile(
    r"(?:(?:дорог|трас|поезд|поїзд|потяг|маршрут|рейс|канал|шосе|шоссе|переправ|сообщени|"
    r"сполучен|направлени|напрям)\w*\s(?:\S+\s)?|лини\w+\s\d+\sкВ\s)[А-ЯІЇЄҐ]\S*$"
)
_SIGNS = re.compile(r"[^\w«“\"]*")
_NOTE = re.compile(r"\s\((?:відео|видео|фото|інфографіка)[^()]*\)")
_MEANS = re.compile(r"[ая]ми$")  # "by missiles" speaks for nobody
_NOT_GENITIVE = re.compile(r"(?:[ую]|[оеыи]м)$")
_VERB_ENDS = re.compile(
    r"[а-яіїєґё']{2,}[юу]ть|[а-яіїєґё']{3,}(?:л[аио]?|в|вся|ся|сь|ет|ут|ют|ит|ят|є|ить|ать|ти|"
    r"ено|ано)|[а-яіїєґё']{2}ли"
)
_VERB_FIRST = re.compile(r"[А-ЯІЇЄҐ][а-яіїєґё']+[аеиіїоу]ли")
# Cases in which nobody speaks: of whom or to whom it is said.
_OBLIQUE = re.compile(r"(?:[оеь]го|[оеь]му)$")
_OF_MANY = re.compile(r"(?:ов|ев|ей|ів|їв|ян)$")
_PLURAL = re.compile(r"(?:ли|лись|лися|[юу]т|[юу]ть|[ая]т|[ая]ть)(?:ся)?$")
_NESTED = re.compile(
    r"(?:^|\s)(?:что|чтобы|почему|зачем|как|когда|сколько|куда|кто|"
    r"що|щоб|чому|навіщо|як|коли|скільки|куди|хто|чи)\s*$",
    re.IGNORECASE,
)


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
    found = _of_one_voice(found, rules)
    found.sort(key=lambda f: (f.begin, f.end))
    once: list[Frame] = []
    for one in found:
        same = next((f for f in once if _one_head(f, one)), None)
        if same is None:
            once.append(one)
        elif _words_of(one) > _words_of(same):
            once[once.index(same)] = one
    return once


def _of_one_voice(found: list[Frame], rules: Rules) -> list[Frame]:
    """What stands behind "X:" is what X says, unless X is only what it is about."""
    head = next(
        (f for f in found if f.verb == ":" and f.speakers[0].end <= f.begin), None
    )
    behind = [f for f in found if head and f.begin > head.begin]
    if head is None or not behind:
        return found
    if _speaks(head.speakers[0], rules):
        return [f for f in found if f not in behind]
    return [f for f in found if f is not head]


def _speaks(who: Mention, rules: Rules) -> bool:
    """Whether a heading names somebody who speaks and not a subject or a place."""
    printed = f"{who.office} {who.name}".split()
    known = printed[0].lower() in rules.titles | rules.groups
    named = all(LATIN_NAME.match(w) or ACRONYM.match(w) for w in printed)
    office = any(p.search(who.name) for _, p in people_patterns(rules.language))
    full = who.sort is Sort.PERSON and len(who.name.split()) > 1
    return known or named or office or full


def _one_head(one: Frame, other: Frame) -> bool:
    """Whether the speakers of two frames are the same words, or share some."""
    pairs = ((m, o) for m in one.speakers for o in other.speakers)
    return any(m.begin < o.end and o.begin < m.end for m, o in pairs)


def _words_of(one: Frame) -> int:
    return sum(m.end - m.begin for m in one.speakers)


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
    spoken = False
    for begin, end in clauses:
        if spoken and _is_nested(text, begin, end):
            continue
        verbs = verb_pattern(rules.language).finditer(text, begin, end)
        free = (
            v for v in verbs if not any(q.begin <= v.start() < q.end for q in quoted)
        )
        said = (_said(text, (begin, end), verb, rules, spoken=spoken) for verb in free)
        first = next(filter(None, said), None)
        if first:
            spoken = True
            yield first


def _said(
    text: str,
    clause: tuple[int, int],
    verb: re.Match[str],
    rules: Rules,
    *,
    spoken: bool,
) -> Frame | None:
    """A verb with its subject, before or behind it; ``spoken``: somebody did before."""
    begin, end = clause
    who = _before(text, begin, verb.start(), rules)
    if not who and _leads(text[begin : verb.start()], rules):
        who = _after(text, verb.end(), end, rules)
        if who and spoken and not _named_first(who, rules):
            return None  # "…, mentioned plans of X": who spoke before goes on
    return Frame(str(verb.lastgroup), verb[0], *verb.span(), (who,)) if who else None


def _is_nested(text: str, begin: int, end: int) -> bool:
    """Whether a clause is itself what somebody said: "they told why X said …"."""
    first = text[begin:end].split()[:1]
    return bool(_NESTED.search(text[:begin]) or (first and _NESTED.search(first[0])))


def _named_first(who: Mention, rules: Rules) -> bool:
    first = who.office.split() or who.name.split()
    return who.name[0].isupper() or first[0].lower() in rules.titles | rules.groups


def _leads(words: str, rules: Rules) -> bool:
    """Whether the subject may stand behind a verb that these words stand before."""
    found = [t for t in tokens(words) if t.text[0].isalnum()]
    if found and found[-1].low in ("не", "ні"):
        return False
    if not found or found[0].low in rules.stop or found[0].text.isdigit():
        return True
    return len(found) == 1 and found[0].low.endswith(("у", "ю"))  # its object


def _before(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """The subject in front of a verb; "In Kyiv they said" speaks for Kyiv."""
    words = text[begin:end]
    lead = _SIGNS.match(words)
    begin += lead.end() if lead else 0
    words = text[begin:end]
    if (where := _PLACE_FIRST.match(words)) and begin + where.end() < end:
        if (dated := _time_first(text, begin + where.end(), end, rules)) > begin:
            return _before(text, dated, end, rules)
        inner = text[begin + where.end() : end].strip()
        if len(inner.split()) > 4 or not inner:
            return None
        return mention_in(
            text, _group_in(text, begin + where.end(), end, rules), end, rules
        )
    cut = _TAIL.search(words)
    stop = begin + cut.start() if cut else end
    if _is_object(text[begin:stop], text[end : end + 30]):
        return None
    return mention_in(text, begin, stop, rules) or trade_in(text, begin, stop, rules)


def _is_object(words: str, verb: str) -> bool:
    """Whether words before a verb are of or to whom it is said, not who says it."""
    found = [t.text for t in tokens(words) if t.text[0].isalpha()]
    if not found or _OBLIQUE.search(found[0]):
        return bool(found)
    many = _PLURAL.search(verb.split()[0]) and not re.search(r"\s[иіт]а?\s", words)
    return bool(many and len(found[0]) > 4 and _OF_MANY.search(found[0]))


def _time_first(text: str, begin: int, end: int, rules: Rules) -> int:
    """Where the words behind "in April" or "on Monday 4" begin; 0 where none lead."""
    found = tokens(text, begin, end)
    dated = words((*rules.months, *rules.weekdays))
    if not found or not dated.fullmatch(found[0].text):
        return 0
    rest = [t for t in found[1:] if not t.text.isdigit()]
    return rest[0].begin if rest else 0


def _group_in(text: str, begin: int, end: int, rules: Rules) -> int:
    """Where the second noun begins: "In Kherson province occupiers say"."""
    found = tokens(text, begin, end)
    known = rules.titles | rules.groups
    trade = agent_pattern(rules.language)
    later = [
        t
        for t in found[1:]
        if not t.capital and (t.low in known or trade.fullmatch(t.low))
    ]
    return later[0].begin if later and found[0].low not in known else begin


def _after(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """The subject behind a verb: "…, said the head of the region X"."""
    words = text[begin:end]
    if match := re.match(r"\s+(?:в|у)\s+", words):
        return mention_in(text, begin + match.end(), end, rules)
    if re.match(r"\s*(?:об?|обо|про|проти|против|на|з|с|по|за|до|от|від|не)\s", words):
        return None
    cut = _TAIL.search(words)
    stop = begin + cut.start() if cut else end
    who = mention_in(text, begin, stop, rules, first_capital=True)
    return who or trade_in(text, begin, stop, rules)


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
        who = who or _on_subject(text, colon.end(), end, rules)
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
    return mention_in(text, begin, stop, rules, strict=True)


def _before_colon(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    about = _ABOUT.search(text, begin, end)
    stop = about.start() if about else end
    if _has_finite_verb(text[begin:stop], rules):
        return None
    return mention_in(text, begin, stop, rules, strict=True)


def _on_subject(text: str, begin: int, end: int, rules: Rules) -> Mention | None:
    """``words: X about …``: who speaks of something behind the colon."""
    about = _ABOUT.search(text, begin, end)
    if about is None or verb_pattern(rules.language).search(text, begin, about.start()):
        return None
    if _has_finite_verb(text[begin : about.start()], rules):
        return None
    return mention_in(text, begin, about.start(), rules, strict=True)


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
    if _ROUTE.search(text, begin, dash.start()):
        return
    if verb_pattern(rules.language).search(rest) or _has_finite_verb(rest, rules):
        return
    who = mention_in(text, dash.end(), end, rules, strict=True)
    if who and not _MEANS.search(who.name):
        yield Frame("say", "–", dash.start(), dash.end(), (who,))


def _by_phrase(text: str, begin: int, end: int, rules: Rules) -> Iterator[Frame]:
    for phrase in rules.according:
        pattern = re.compile(rf"(?<!\w){phrase}\s+", re.IGNORECASE)
        for match in pattern.finditer(text, begin, end):
            cut = _CLAUSE.search(text, match.end(), end)
            stop = cut.start() if cut else end
            who = mention_in(text, match.end(), stop, rules)
            if who:
                yield Frame("say", phrase, *match.span(), (who,))
    for form in (rules.report_in, rules.nominal):
        pattern = re.compile(rf"(?<!\w)(?:{form})\s+", re.IGNORECASE)
        for match in pattern.finditer(text, begin, end):
            if _ABOUT.match(text, match.end() - 1):
                continue
            cut = _CLAUSE.search(text, match.end(), end)
            stop = cut.start() if cut else end
            tail = _TAIL.search(text[match.end() : stop])
            stop = match.end() + tail.start() if tail else stop
            who = mention_in(text, match.end(), stop, rules, first_capital=True)
            if who and not _NOT_GENITIVE.search(who.name):
                yield Frame("say", match[0].strip(), *match.span(), (who,))


def _has_finite_verb(words: str, rules: Rules) -> bool:
    """Whether some word has the ending of a verb that no name and title has."""
    known = rules.titles | rules.groups
    found = [t for t in tokens(words) if t.low not in known]
    return any(
        (_VERB_FIRST if t.capital else _VERB_ENDS).fullmatch(t.text) for t in found
    )

"""What in an utterance can be checked: one claim for each sentence and subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trucewatch.agreement.taxonomy import Act, Domain
from trucewatch.collect.claim import (
    Claim,
    Quantity,
    Rounding,
    Span,
    StatementKind,
    Toponym,
)
from trucewatch.collect.prose.areas import Named
from trucewatch.collect.prose.attribute import Utterance
from trucewatch.collect.prose.dates import Open, When, open_times, times
from trucewatch.collect.prose.document import Passage
from trucewatch.collect.prose.frames import Frame
from trucewatch.collect.prose.gazetteer import Gazetteer
from trucewatch.collect.prose.mentions import side_of
from trucewatch.collect.prose.numbers import Number, numbers
from trucewatch.collect.prose.plain import Plain
from trucewatch.collect.prose.quotations import sentences
from trucewatch.collect.prose.reckoning import Clock
from trucewatch.collect.prose.rules import (
    Rules,
    act_patterns,
    cue,
    domain_patterns,
    side_patterns,
    topic_patterns,
)
from trucewatch.collect.prose.toponyms import toponyms

ACTOR_CHARS = 20
# "to resume the invasion": a noun, of which nobody near need be the subject …
_NOUN_BEFORE = re.compile(
    r"\b(?:the|an?|any|this|future|further|new|resume\w*)\s+(?:[\w’'-]+\s+){0,2}$", re.I
)
# … unless "X launched an invasion"
_UNDERTAKEN = re.compile(
    r"\b(?:launch|began|begin|start|carr|stag|mount|conduct)\w*\s+(?:out\s+)?"
    r"(?:(?:an?|the|its|their|new)\s+)*(?:[\w’'-]+\s+){0,2}$",
    re.I,
)
_OWNER = re.compile(r"(\S+(?:['’]s|an|ian|ish))\s+(?:[\w-]+\s+){0,2}$")
_BY = re.compile(r"\s*by\s+([^.,;]{2,40})")
SAID_AT_ONCE_CHARS = 6  # "said on Monday", but "said shells fell on Monday"
SAID_CHARS = 60  # so near its verb stands the day on which something was said
_SAID_BEFORE = 12
_SAID_ENDS = re.compile(r"\b(?:that|que|що|что)\b|[,:“«\"]")
_ABOUT_ACTS = (
    StatementKind.ALLEGATION,
    StatementKind.ADMISSION,
    StatementKind.DENIAL,
    StatementKind.WARNING,
    StatementKind.FIGURE,
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|I|nous|мы|наш\w*|ми)\b", re.IGNORECASE)
_DEEDS = {
    "deny": StatementKind.DENIAL,
    "warn": StatementKind.WARNING,
    "admit": StatementKind.ADMISSION,
    "commit": StatementKind.COMMITMENT,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read the claims of one document."""

    rules: Rules
    clock: Clock
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True)
class Found:
    """The claims of an utterance, and when it was said as far as it tells.

    Attributes:
        said_open: the words for when it was said that cannot be placed; else empty.
    """

    claims: tuple[Claim, ...]
    said: When | Open | None
    said_open: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one sentence names."""

    plain: Plain
    begin: int
    end: int
    times: tuple[When, ...]
    numbers: tuple[Number, ...]
    places: tuple[Named, ...]

    @property
    def text(self) -> str:
        return self.plain.text[self.begin : self.end]


def claims_of(utterance: Utterance, reading: Reading) -> Found:
    """Every claim of an utterance, in the order of its words."""
    found: list[Claim] = []
    said: When | Open | None = None
    text = utterance.passage.text
    if utterance.attribution:
        said = _said_in(utterance.attribution, reading)
        text = utterance.attribution.text if said else text
    for begin, end in _parts(utterance, reading.rules):
        facts, spoken = _facts(utterance, begin, end, reading)
        said = said or spoken
        found.extend(_claims(utterance, facts, reading.rules))
    unplaced = text[said.begin : said.end] if isinstance(said, Open) else ""
    return Found(tuple(found), said, unplaced)


def _parts(utterance: Utterance, rules: Rules) -> Iterator[tuple[int, int]]:
    """The sentences, those within one quotation apart."""
    for begin, end in utterance.sentences:
        text = utterance.passage.text[begin:end]
        for first, last in sentences(text, (), rules.abbreviations):
            yield begin + first, begin + last


def _facts(
    utterance: Utterance, begin: int, end: int, reading: Reading
) -> tuple[_Facts, When | Open | None]:
    plain = utterance.passage.plain
    rules = reading.rules
    named = times(plain.text, begin, end, reading.clock, rules)
    unplaced = open_times(plain.text, begin, end, reading.clock, rules)
    said = _when_said(utterance, [*named, *unplaced])
    heads = [(m.begin, m.end) for f in utterance.frames for m in f.speakers]
    both: list[When | Open] = [*named, *unplaced]
    dated = [(w.begin, w.end) for w in both]
    return (
        _Facts(
            plain=plain,
            begin=begin,
            end=end,
            times=tuple(w for w in named if w is not said),
            numbers=tuple(numbers(plain.text, begin, end, rules, dated)),
            places=tuple(toponyms(plain.text, begin, end, reading.gazetteer, heads)),
        ),
        said,
    )


def _said_in(attribution: Passage, reading: Reading) -> When | Open | None:
    """The day named in a line that only attributes ("X said at the Tuesday summit")."""
    text = attribution.text
    asked = (text, 0, len(text), reading.clock, reading.rules)
    named: list[When | Open] = [*times(*asked), *open_times(*asked)]
    return next((one for one in named if one.rounding is Rounding.DAY), None)


def _when_said(
    utterance: Utterance, named: Sequence[When | Open]
) -> When | Open | None:
    """The day that stands right behind a verb of speaking, or just before it."""
    text = utterance.passage.text
    pairs = (
        when
        for frame in utterance.frames
        for when in named
        if when.rounding is Rounding.DAY
        and -_SAID_BEFORE <= when.begin - frame.end <= _reach(frame)
        and not _SAID_ENDS.search(text, frame.end, max(frame.end, when.begin))
    )
    return next(pairs, None)


def _reach(frame: Frame) -> int:
    """How far behind its verb a day is still that of speaking and not of the event."""
    return SAID_AT_ONCE_CHARS if frame.deed in ("say", "allege") else SAID_CHARS


def _claims(utterance: Utterance, facts: _Facts, rules: Rules) -> Iterator[Claim]:
    topics = [t for t, p in topic_patterns(rules.language) if p.search(facts.text)]
    acts = _acts(facts.text, rules)
    who, whom = _parties(facts.text, acts, rules)
    kind = _kind(utterance, facts, acts, bool(topics), who or "", rules)
    condition = re.search(rules.condition, facts.text, re.IGNORECASE)
    when = facts.times[0] if facts.times else None
    own = utterance.speaker.side or utterance.speaker.name
    if kind not in _ABOUT_ACTS:
        who, whom, acts = own, "", ()
    for topic in topics or [""]:
        yield Claim(
            kind=kind,
            span=facts.plain.origin(*_trimmed(facts)),
            who=who,
            whom=whom if whom != who else "",
            acts=acts,
            topic=topic,
            domains=_domains(facts.text, rules) if topics else (),
            condition=condition[0].strip() if condition and topics else "",
            time=when.period if when else None,
            rounding=when.rounding if when else Rounding.UNKNOWN,
            toponyms=tuple(_toponym(one, facts.plain) for one in facts.places),
            quantities=tuple(
                _quantity(one, facts, acts, rules) for one in facts.numbers
            ),
        )


def _domains(text: str, rules: Rules) -> tuple[Domain, ...]:
    found = domain_patterns(rules.language)
    return tuple(domain for domain, pattern in found if pattern.search(text))


def _trimmed(facts: _Facts) -> tuple[int, int]:
    lead = len(facts.text) - len(facts.text.lstrip())
    return facts.begin + lead, facts.begin + len(facts.text.rstrip())


def _acts(text: str, rules: Rules) -> tuple[Act, ...]:
    """The acts named, the first named first; a drone shot down is no drone impact."""
    found: list[tuple[int, Act]] = []
    taken: list[tuple[int, int]] = []
    for act, pattern in act_patterns(rules.language):
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                found.append((match.start(), act))
    named = tuple(dict.fromkeys(a for _, a in sorted(found, key=lambda f: f[0])))
    if Act.DRONE_CROSSING in named:  # the drones of a list are those shot down
        return tuple(act for act in named if act is not Act.DRONE_IMPACT)
    return named


def _parties(text: str, acts: tuple[Act, ...], rules: Rules) -> tuple[str, str]:
    """Who is said to have acted, and upon whom: sides before and behind the act."""
    if not acts:
        return "", ""
    pattern = dict(act_patterns(rules.language))[acts[0]]
    match = pattern.search(text)
    if match is None:
        return "", ""
    if acts[0] is Act.DRONE_CROSSING:  # whose drones, not who shot them down
        return side_of(text[match.start() : match.end() + 60], rules), ""
    before, after = text[: match.start()], text[match.end() :]
    if rules.order == "slavic":  # "attacks of the …": who acted stands right behind
        near = side_of(after[:ACTOR_CHARS], rules)
        if near and not re.match(r"\s*(?:по|на|в|у|о|об)\s", after):
            return near, side_of(before, rules)
    if _NOUN_BEFORE.search(before) and not _UNDERTAKEN.search(before):
        return _of_noun(before, after, rules)
    return side_of(before, rules), side_of(after, rules)


def _of_noun(before: str, after: str, rules: Rules) -> tuple[str, str]:
    """Parties to an act that is a noun: "a Russian attack on …", "an attack by …"."""
    owner = _OWNER.search(before)
    by = _BY.match(after)
    who = side_of(owner[1], rules) if owner else side_of(by[1], rules) if by else ""
    return who, "" if by else side_of(after[:ACTOR_CHARS], rules) if who else ""


def _kind(
    utterance: Utterance,
    facts: _Facts,
    acts: tuple[Act, ...],
    topical: bool,
    who: str,
    rules: Rules,
) -> StatementKind:
    language = rules.language
    if utterance.deed in _DEEDS:
        return _DEEDS[utterance.deed]
    if utterance.deed == "reject" and acts and not topical:
        return StatementKind.DENIAL
    if utterance.deed in ("reject", "demand"):
        return StatementKind.POSITION
    if topical:
        kind = _kind_of_topic(facts.text, language)
        told = _told(utterance, facts, language)
        own = kind is not StatementKind.COMMITMENT or _speaks_for_itself(
            utterance, told, rules
        )
        return kind if own else StatementKind.AGREEMENT_FACT
    if acts:
        # Who tells of acts of its own side admits nothing by that.
        own = bool(who) and who == utterance.speaker.side
        return StatementKind.POSITION if own else StatementKind.ALLEGATION
    planned = bool(cue(language, "schedules").search(facts.text))
    otherwise = StatementKind.FIGURE if facts.numbers else StatementKind.POSITION
    return StatementKind.SCHEDULE if planned else otherwise


def _told(utterance: Utterance, facts: _Facts, language: str) -> str:
    """What a sentence tells behind its verb of speaking; all, if the verb is last."""
    ends = [
        frame.end - facts.begin
        for frame in utterance.frames
        if frame.deed == "say" and facts.begin <= frame.begin < facts.end
    ]
    told = facts.text[min(ends, default=0) :]
    return told if cue(language, "commits").search(told) else facts.text


def _speaks_for_itself(utterance: Utterance, text: str, rules: Rules) -> bool:
    """Whether what is promised is promised by the speaker, not told of others."""
    speaker = utterance.speaker
    if not speaker.person:
        return not speaker.narrator
    cue_at = cue(rules.language, "commits").search(text)
    before = text[: cue_at.start()] if cue_at else text
    named = [
        side for side, form in side_patterns(rules.language) if form.search(before)
    ]
    return bool(_FIRST_PERSON.search(before)) or speaker.side in named


def _kind_of_topic(text: str, language: str) -> StatementKind:
    """What is done by speaking of a subject of the agreement."""
    cues = (
        ("threats", StatementKind.WARNING),
        ("refuses", StatementKind.POSITION),
        ("commits", StatementKind.COMMITMENT),
        ("agrees", StatementKind.AGREEMENT_FACT),
    )
    found = (kind for name, kind in cues if cue(language, name).search(text))
    return next(found, StatementKind.POSITION)


def _toponym(one: Named, plain: Plain) -> Toponym:
    return Toponym(
        printed=plain.text[one.begin : one.end],
        span=plain.origin(one.begin, one.end),
        name=one.key,
        place=one.place,
        candidates=one.candidates,
    )


def _quantity(
    one: Number, facts: _Facts, acts: tuple[Act, ...], rules: Rules
) -> Quantity:
    near = () if Act.DRONE_CROSSING in acts else _acts(one.what, rules)
    act = near[0] if near else acts[0] if len(acts) == 1 else Act.UNDETERMINED
    return Quantity(
        numeral=one.numeral,
        span=facts.plain.origin(one.begin, one.end),
        numeral_to=one.numeral_to,
        unit=one.unit,
        counted=one.what,
        act=Act.UNDETERMINED if one.unit else act,
        bound=one.bound,
        tally=one.tally,
    )


def where_from(claims: tuple[Claim, ...]) -> Span | None:
    """The span over all claims; ``None`` where there is none."""
    if not claims:
        return None
    begins, ends = [c.span.begin for c in claims], [c.span.end for c in claims]
    return Span(min(begins), max(ends))

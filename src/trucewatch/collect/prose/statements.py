"""From a document to observations: one for each speaker of each paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.claim import Bound, Claim, Rounding, StatementKind
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Credibility,
    Figure,
    Observation,
    Reliability,
    Statement,
)
from trucewatch.collect.prose.attribute import UNREAD, Utterance, utterances
from trucewatch.collect.prose.boilerplate import without_boilerplate
from trucewatch.collect.prose.claims import Found, Reading, claims_of, where_from
from trucewatch.collect.prose.dates import When
from trucewatch.collect.prose.document import Document, Passage, Role
from trucewatch.collect.prose.gazetteer import Gazetteer
from trucewatch.collect.prose.language import language_of
from trucewatch.collect.prose.mentions import side_of
from trucewatch.collect.prose.reckoning import Clock
from trucewatch.collect.prose.rules import Rules, channel_patterns, rules
from trucewatch.collect.prose.speakers import Profile
from trucewatch.collect.words import nameless
from trucewatch.period import Period
from trucewatch.place import Area, Place, Unlocated, Whereabouts

LEAST_PARTS = 2
SIGNATURE_CHARS = 600
MAX_COUNT = 10**9
_LINK = re.compile(r"\[([^\[\]\n]{1,80})\]\(https?://[^)\s]{0,200}\)?")
_SIGNS = re.compile(r"[\W_]*$")
# What an observation is said to be where its statement makes several claims.
_WEIGHT = {kind: n for n, kind in enumerate(StatementKind)}
_PLACED = (
    StatementKind.ALLEGATION,
    StatementKind.ADMISSION,
    StatementKind.DENIAL,
    StatementKind.FIGURE,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How the documents of one delivery are to be read.

    Attributes:
        zone: of days and hours whose speaker's zone is not known.
        language: ISO 639-1; empty to tell it from the text.
        feed: stands for the outlet where a document names none.
    """

    delivery: Delivery
    zone: ZoneInfo
    reliability: Reliability
    credibility: Credibility
    gazetteer: Gazetteer
    language: str = ""
    feed: str = "prose"


@dataclass(frozen=True, slots=True)
class Silent:
    """A paragraph in which nobody says anything, and why it is left."""

    where: str
    why: str


_ZONES = {"RU": ZoneInfo("Europe/Moscow"), "UA": ZoneInfo("Europe/Kyiv")}


def statements(
    document: Document, passages: list[Passage], terms: Terms
) -> Iterator[Observation | Silent]:
    """Every statement of a document, and every paragraph that holds none.

    Raises:
        ValueError: if it is not known when the document was published.
    """
    published = document.published
    if published is None:
        msg = "nobody says when it was published; name it in option published"
        raise ValueError(msg)
    kept = list(without_boilerplate(passages))
    told = terms.language or language_of("\n".join(p.text for p in kept[:50]))
    r = rules(told)
    spoken = utterances(kept, r, _voice(document, r, terms))
    clock = Clock(published, terms.zone, stated=not document.assumed)
    read = [(one, _found(one, r, clock, terms)) for one in spoken]
    read = [(one, found) for one, found in read if _checkable(one, found)]
    speaking = {one.passage.number for one, _ in read}
    naming = {one.attribution.number for one, _ in read if one.attribution}
    for passage in kept:
        where = _row(document, passage)
        if passage.number in speaking:
            continue
        if passage.role in UNREAD:
            yield Silent(where, passage.reason)
        elif passage.number in naming:
            yield Silent(where, "it only names the speaker of another paragraph")
        else:
            yield Silent(where, "nobody is said to have said anything in it")
    for number, (one, found) in enumerate(read, 1):
        yield _observation(document, one, found, terms, (r, published, number))


def _voice(document: Document, r: Rules, terms: Terms) -> Profile:
    """Whose words are those of nobody named: the channel's owner, else the outlet.

    The owner is as the option says, else the party whose body signs with a link.
    """
    if document.voice:
        return Profile(document.voice, "", document.voice, narrator=True)
    for name in _signed(document.text[-SIGNATURE_CHARS:]):
        if side := side_of(name, r):
            return Profile(name, "", side, narrator=True)
    return Profile(document.outlet or terms.feed, narrator=True)


def _signed(tail: str) -> Iterator[str]:
    """Links alone at the end of a post, the last first: "🔹 [Ministry](https://…)"."""
    end = len(tail)
    names = []
    for link in reversed(list(_LINK.finditer(tail))):
        if any(c.isalnum() for c in tail[link.end() : end]):
            break
        names.append(link[1])
        end = link.start()
    lead = _SIGNS.search(tail, max(0, end - 40), end)
    if lead and ("\n" in lead[0] or "  " in lead[0]):
        yield from names


def _found(one: Utterance, r: Rules, clock: Clock, terms: Terms) -> Found:
    own = replace(clock, zone=_ZONES.get(one.speaker.side, clock.zone))
    return claims_of(one, Reading(r, own, terms.gazetteer))


def _checkable(one: Utterance, found: Found) -> bool:
    """Somebody named speaks, or the outlet itself says what can be checked."""
    if not one.speaker.narrator:
        return True
    if one.passage.role is Role.HEADING:
        return False
    return any(c.acts or c.topic or c.quantities for c in found.claims)


def _row(document: Document, passage: Passage) -> str:
    lead = f"{document.where}, " if document.where else ""
    return f"{lead}paragraph {passage.number}"


def _observation(
    document: Document,
    one: Utterance,
    found: Found,
    terms: Terms,
    known: tuple[Rules, Period, int],
) -> Observation:
    r, published, number = known
    speaker = one.speaker.side or one.speaker.name
    outlet = document.outlet or terms.feed
    main = _main(found.claims)
    dated = next((c for c in found.claims if c.time), None)
    party = bool(one.speaker.side)
    row = _row(document, one.passage)
    return Observation(
        procedure=f"statements/{speaker}",
        result=_statement(document, one, found, r),
        place=_place(found.claims) if main in _PLACED else Unlocated(),
        phenomenon_time=dated.time if dated and dated.time else published,
        result_time=published,
        independence=f"party:{speaker}" if party else f"media:{outlet}",
        reliability=terms.reliability,
        credibility=terms.credibility,
        rounding=dated.rounding if dated else document.rounding,
        row=f"{row}, statement {number}",
        derived_from=(terms.delivery.id,),
    )


def _statement(document: Document, one: Utterance, found: Found, r: Rules) -> Statement:
    plain = one.passage.plain
    total, figures = _totalled(tuple(_figures(found.claims)))
    quoted = [plain.text[q.begin : q.end] for q in one.quotations]
    printed = " … ".join(quoted) if quoted else one.text
    speaker = one.speaker.side or one.speaker.name
    begin, end = one.sentences[0][0], one.sentences[-1][1]
    return Statement(
        kind=_main(found.claims),
        speaker=speaker,
        against=_against(found.claims, speaker),
        figures=figures,
        total=total,
        words=nameless(printed),
        outlet=document.outlet,
        address=document.address,
        speaker_printed=one.speaker.name if one.speaker.name != speaker else "",
        office=one.speaker.office,
        anonymous=one.speaker.anonymous,
        verb=one.verb,
        said=found.said.period if isinstance(found.said, When) else None,
        said_rounding=(
            found.said.rounding if isinstance(found.said, When) else Rounding.UNKNOWN
        ),
        said_open=found.said_open,
        channel=_channel(_around(one), r) or document.channel,
        language=r.language,
        text=one.text,
        span=where_from(found.claims) or plain.origin(begin, end),
        quotations=tuple(plain.origin(q.begin, q.end) for q in one.quotations),
        claims=found.claims,
    )


def _main(claims: tuple[Claim, ...]) -> StatementKind:
    """The kind of a statement: of its most telling claim."""
    kinds = [claim.kind for claim in claims]
    return min(kinds, key=_WEIGHT.__getitem__, default=StatementKind.POSITION)


def _against(claims: tuple[Claim, ...], speaker: str) -> str:
    """Whom the allegations of a statement are about; empty for nobody."""
    accused = (c.who for c in claims if c.kind is StatementKind.ALLEGATION and c.acts)
    return next((who for who in accused if who and who != speaker), "")


def _figures(claims: tuple[Claim, ...]) -> Iterator[Figure]:
    seen = set()
    for claim in claims:
        for one in claim.quantities:
            if one.unit or one.span in seen or not one.numeral.isdigit():
                continue
            seen.add(one.span)
            if one.act is not Act.UNDETERMINED and int(one.numeral) <= MAX_COUNT:
                open_ended = one.bound in (Bound.AT_LEAST, Bound.ABOUT)
                yield Figure(one.counted, one.act, int(one.numeral), open_ended)


def _totalled(figures: tuple[Figure, ...]) -> tuple[int | None, tuple[Figure, ...]]:
    """A first count that is the sum of the others is their total, and no part."""
    if len(figures) >= LEAST_PARTS + 1 and not figures[0].at_least:
        parts = figures[1:]
        if figures[0].units == sum(part.units for part in parts):
            return figures[0].units, parts
    return None, figures


def _place(claims: tuple[Claim, ...]) -> Whereabouts:
    """Where the first claim with a place says it was; a point before an area."""
    named = [t.place for c in claims if c.kind in _PLACED for t in c.toponyms]
    points = (one for one in named if isinstance(one, Place))
    areas = (one for one in named if isinstance(one, Area))
    return next(points, None) or next(areas, Unlocated())


def _around(one: Utterance) -> str:
    return f"{one.attribution.text} {one.text}" if one.attribution else one.text


def _channel(text: str, r: Rules) -> str:
    found = (name for name, form in channel_patterns(r.language) if form.search(text))
    return next(found, "")

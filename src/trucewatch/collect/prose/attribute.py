"""Who said what in one document: sentences, quotations, and whose they are.

Order of trust: a verb of speaking in the same sentence; a line that only attributes,
after a paragraph that is only a quotation; whoever spoke last before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trucewatch.collect.prose.document import Passage, Role
from trucewatch.collect.prose.frames import Frame, frames
from trucewatch.collect.prose.mentions import mentions
from trucewatch.collect.prose.quotations import Quotation, quotations, sentences
from trucewatch.collect.prose.rules import Rules
from trucewatch.collect.prose.slavic import frames_of_clauses
from trucewatch.collect.prose.speakers import Profile, Roster

UNREAD = (Role.BOILERPLATE, Role.TOO_LONG, Role.UNREADABLE)
ATTRIBUTION_WORDS = 12  # "Starmer said at the Tuesday summit."
MOSTLY_QUOTED_RATIO = 0.8


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says in one paragraph.

    Attributes:
        sentences: ``[begin, end)`` in the paragraph's readable text, in order.
        quotations: those of the speaker's own words.
        attribution: another paragraph that only names the speaker; else ``None``.
        frames: the verbs that attribute it; empty where it was inherited.
    """

    passage: Passage
    speaker: Profile
    deed: str
    verb: str
    sentences: tuple[tuple[int, int], ...]
    quotations: tuple[Quotation, ...]
    attribution: Passage | None = None
    frames: tuple[Frame, ...] = ()

    @property
    def text(self) -> str:
        """The sentences, as one string of readable text."""
        return self.passage.text[self.sentences[0][0] : self.sentences[-1][1]].strip()


@dataclass(slots=True)
class _Sentence:
    begin: int
    end: int
    frames: list[Frame]
    quotations: list[Quotation]
    speakers: list[tuple[Profile, Frame | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Paragraph:
    passage: Passage
    sentences: list[_Sentence]
    quoted: tuple[Quotation, ...]
    attribution: Passage | None = None

    @property
    def has_frames(self) -> bool:
        return any(one.frames for one in self.sentences)

    @property
    def only_quoted(self) -> bool:
        marked = sum(q.end - q.begin for q in self.quoted)
        return marked >= MOSTLY_QUOTED_RATIO * len(self.passage.text.strip())


def utterances(
    passages: Sequence[Passage], rules: Rules, voice: Profile | None = None
) -> list[Utterance]:
    """Everything somebody says in a document, in order.

    Args:
        passages: of one document, in order.
        rules: of its language.
        voice: whose words sentences are that name no speaker: the owner of a channel,
            or the outlet; ``None`` leaves them out.
    """
    read = [_read(one, rules) for one in passages if one.role not in UNREAD]
    roster = Roster(rules)
    found: list[Utterance] = []
    latest: Profile | None = None
    for at, paragraph in enumerate(read):
        following = read[at + 1] if at + 1 < len(read) else None
        latest = _attribute(paragraph, following, roster, latest)
        found.extend(_collected(paragraph, voice))
    return _without_attribution_lines(found)


def _read(passage: Passage, rules: Rules) -> _Paragraph:
    text = passage.text
    quoted = quotations(text)
    found = []
    for begin, end in sentences(text, quoted, rules.abbreviations):
        if rules.order == "slavic":
            said = frames_of_clauses(text, begin, end, quoted, rules)
        else:
            said = frames(text, begin, end, quoted, rules)
        inside = [q for q in quoted if begin <= q.begin < end]
        found.append(_Sentence(begin, end, said, inside))
    return _Paragraph(passage, found, quoted)


def _attribute(
    paragraph: _Paragraph,
    following: _Paragraph | None,
    roster: Roster,
    latest: Profile | None,
) -> Profile | None:
    """Give every sentence its speakers; whoever spoke last, for what follows."""
    text = paragraph.passage.text
    if paragraph.only_quoted and not paragraph.has_frames:
        return _inherited(paragraph, following, roster, latest)
    for one in paragraph.sentences:
        if roster.rules.order == "western":
            for named in mentions(text, one.begin, one.end, roster.rules):
                roster.meet(named)
        one.speakers = _speakers(text, one, roster)
    spoke = _carried(paragraph)
    persons = [who for who in spoke if who.person]
    return persons[-1] if persons else (spoke[-1] if spoke else latest)


def _inherited(
    paragraph: _Paragraph,
    following: _Paragraph | None,
    roster: Roster,
    latest: Profile | None,
) -> Profile | None:
    """A paragraph that is only a quotation: the line behind it, else who spoke last."""
    owner = _named_after(following, roster) or latest
    if following and owner and _is_attribution(following):
        paragraph.attribution = following.passage
    for one in paragraph.sentences:
        one.speakers = [(owner, None)] if owner else []
    return owner


def _speakers(
    text: str, sentence: _Sentence, roster: Roster
) -> list[tuple[Profile, Frame | None]]:
    found: list[tuple[Profile, Frame | None]] = []
    for frame in sentence.frames:
        for mention in frame.speakers:
            who = roster.speaker(mention, text[sentence.begin : mention.begin])
            if who:
                found.append((who, frame))
    return found


def _carried(paragraph: _Paragraph) -> list[Profile]:
    """A quotation without a verb belongs to who speaks beside it in the paragraph."""
    spoke = [who for one in paragraph.sentences for who, _ in one.speakers]
    nearest: Profile | None = None
    for one in paragraph.sentences:
        if one.speakers:
            nearest = one.speakers[-1][0]
        elif one.quotations and (nearest or spoke):
            owner = nearest or spoke[0]
            marked = sum(q.end - q.begin for q in one.quotations)
            if marked >= MOSTLY_QUOTED_RATIO * (one.end - one.begin):
                one.speakers = [(owner, None)]
    return spoke


def _is_attribution(paragraph: _Paragraph) -> bool:
    words = len(paragraph.passage.text.split())
    return (
        words <= ATTRIBUTION_WORDS
        and not paragraph.quoted
        and len(paragraph.sentences) == 1
        and len(paragraph.sentences[0].frames) == 1
        and paragraph.sentences[0].frames[0].deed in ("say", "affirm", "warn")
    )


def _named_after(following: _Paragraph | None, roster: Roster) -> Profile | None:
    if following is None or not _is_attribution(following):
        return None
    (mention, *_) = following.sentences[0].frames[0].speakers
    return roster.speaker(mention, following.passage.text[: mention.begin])


def _collected(paragraph: _Paragraph, voice: Profile | None) -> list[Utterance]:
    """One utterance for each speaker of a paragraph, in order of appearance."""
    parts: dict[Profile, list[tuple[_Sentence, Frame | None]]] = {}
    for one in paragraph.sentences:
        speakers = one.speakers or ([(voice, None)] if voice and not one.frames else [])
        for who, frame in speakers:
            parts.setdefault(who, []).append((one, frame))
    return [_utterance(paragraph, who, said) for who, said in parts.items()]


def _utterance(
    paragraph: _Paragraph, who: Profile, said: list[tuple[_Sentence, Frame | None]]
) -> Utterance:
    spans = tuple(dict.fromkeys(_own_part(one, frame) for one, frame in said))
    found = tuple(frame for _, frame in said if frame)
    own: list[Quotation] = []
    for one, frame in said:
        others = [f for f in one.frames if f is not frame]
        for q in one.quotations:
            if q not in own and _owns(q, frame, others):
                own.append(q)
    first = found[0] if found else None
    return Utterance(
        passage=paragraph.passage,
        speaker=who,
        deed=first.deed if first else "say",
        verb=first.verb.lower() if first else "",
        sentences=spans,
        quotations=tuple(own),
        attribution=paragraph.attribution,
        frames=found,
    )


def _own_part(sentence: _Sentence, frame: Frame | None) -> tuple[int, int]:
    """The part of a sentence that is one speaker's, where others speak in it too."""
    begin, end = sentence.begin, sentence.end
    if frame is None:
        return begin, end
    for other in sentence.frames:
        if {m.name for m in other.speakers} == {m.name for m in frame.speakers}:
            continue
        if other.begin > frame.begin:
            end = min(end, max(frame.end, other.speakers[0].begin))
        else:
            begin = max(begin, min(frame.begin, frame.speakers[0].begin))
    return begin, end


def _owns(quote: Quotation, frame: Frame | None, others: list[Frame]) -> bool:
    """Whether the quotation is nearer to this verb than to one of somebody else."""
    if frame is None or not others:
        return True
    return _distance(quote, frame) <= min(_distance(quote, one) for one in others)


def _distance(quote: Quotation, frame: Frame) -> int:
    behind = quote.begin - frame.end
    return behind if behind >= 0 else 2 * (frame.begin - quote.end)


def _without_attribution_lines(found: list[Utterance]) -> list[Utterance]:
    lines = {one.attribution.number for one in found if one.attribution}
    kept = []
    for one in found:
        if one.passage.number in lines and not one.quotations:
            continue
        kept.append(one)
    return kept

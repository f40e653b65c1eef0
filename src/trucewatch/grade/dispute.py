"""Words that stand against other words, against the terms, or against what was seen.

*Parties*: one alleges what the other denies, or both say of one incident (one act,
place and time, as fusion has it) that the other did it. *Terms*: a breach of a truce is
alleged at a time at which no reading has any clause in force. *Sensors*: something is
alleged where and when sensors looked, would very probably have noticed, and did not.

Nobody is said to be right. A record cites both sides; a person reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from trucewatch.agreement.terms import Agreement, Versions, version_at
from trucewatch.agreement.within import p_in_windows
from trucewatch.collect.observation import Observation, Statement, StatementKind
from trucewatch.detect.detection import Channel, Detection
from trucewatch.fuse.incident import Incident
from trucewatch.grade.denial import denials
from trucewatch.grade.finding import Contradiction, ContradictionKind
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import RecordId

P_NOTICED = 0.8  # from here on silence of sensors speaks against a claim
# A truce in the languages that are read; "тиша" is what Ukrainian says of one.
_TRUCE = re.compile(
    r"\b(?:truces?|cease-?fires?|trêves?|cessez-le-feu|перемири\w+|прекращени\w+ огня"
    r"|перемир.?я\w*|припиненн\w+ вогню|режим\w* тиш\w+|режим\w* тишин\w+)\b",
    re.IGNORECASE,
)

Said = tuple[Observation, Statement]


@dataclass(frozen=True, slots=True)
class Told:
    """What words can be set beside.

    Attributes:
        detections: what the incidents rest on; they lead back to observations.
    """

    observations: Sequence[Observation]
    incidents: Sequence[Incident]
    detections: Sequence[Detection]
    versions: Versions


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one party says of one incident, and its earliest print."""

    speaker: str
    against: str
    observation: RecordId


def disputes(told: Told, settings: GradeSettings) -> tuple[Contradiction, ...]:
    """All of them, sorted by kind and ids; the order of input never matters.

    What many outlets printed of one party about one incident is cited once, by its
    earliest print: repeating a claim makes no second contradiction.
    """
    once = {one.id: one for one in told.observations}
    said = [
        (once[name], result)
        for name in sorted(once)
        if isinstance(result := once[name].result, Statement)
    ]
    detections = {one.id: one for one in told.detections}
    denials_said = [one for one, s in said if s.kind is StatementKind.DENIAL]
    found = list(_with_terms(said, told.versions, settings))
    for incident in told.incidents:
        claims = _claims(incident, detections, once)
        found += _between_parties(incident, claims, denials_said)
        found += _with_sensors(incident, claims)
    unique = {one.id: one for one in found}.values()
    return tuple(sorted(unique, key=lambda c: (c.disagreement, c.first, c.second)))


def _claims(
    incident: Incident,
    detections: Mapping[RecordId, Detection],
    once: Mapping[RecordId, Observation],
) -> list[Claimed]:
    """What each party says of an incident, by its earliest print."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for one in incident.contributions:
        if one.channel is not Channel.PARTY:
            continue
        rests = [detections[d] for d in one.detections if d in detections]
        prints = [once[n] for d in rests for n in d.derived_from if n in once]
        found.setdefault((one.claimed_by, one.against), []).extend(prints)
    return [
        Claimed(speaker, against, min(prints, key=_printed).id)
        for (speaker, against), prints in sorted(found.items())
        if prints
    ]


def _printed(one: Observation) -> tuple[object, ...]:
    return one.result_time.begin, one.id


def _between_parties(
    incident: Incident, claims: Sequence[Claimed], denied: Sequence[Observation]
) -> Iterator[Contradiction]:
    kind = ContradictionKind.PARTIES
    for one, other in combinations(claims, 2):
        if (one.speaker, one.against) == (other.against, other.speaker):
            sides = (one.observation, other.observation)
            yield _record(kind, sides, "accused=both")
    for claim in claims:
        own = [d for d in denied if _speaker(d) == claim.against]
        for denial in denials(incident, (claim.against,), own):
            yield _record(kind, (claim.observation, denial), "denied=yes")


def _speaker(one: Observation) -> str:
    return one.result.speaker if isinstance(one.result, Statement) else ""


def _with_terms(
    said: Sequence[Said], versions: Versions, settings: GradeSettings
) -> Iterator[Contradiction]:
    for one, statement in said if versions else ():
        if statement.kind is not StatementKind.ALLEGATION:
            continue
        if not _TRUCE.search(f"{statement.words} {statement.text}"):
            continue
        terms = version_at(versions, one.phenomenon_time.begin)
        bound = any(statement.against in c.binds for c in terms.clauses)
        p = _p_in_force(terms, one)
        if bound and terms.readings and p <= settings.p_outside:
            about = f"in_force=never, readings={len(terms.readings)}"
            yield _record(ContradictionKind.TERMS, (one.id, terms.id), about)


def _p_in_force(terms: Agreement, one: Observation) -> float:
    """Best chance over readings and clauses that terms are in force then."""
    windows = [
        change.windows if change.windows is not None else reading.windows
        for reading in terms.readings
        for change in reading.changes
        if change.applies
    ]
    windows += [reading.windows for reading in terms.readings]
    return max((p_in_windows(w, one.phenomenon_time) for w in windows), default=0.0)


def _with_sensors(
    incident: Incident, claims: Sequence[Claimed]
) -> Iterator[Contradiction]:
    p_noticed = 1 - 10**incident.log10_miss_ratio
    words = all(one.channel is Channel.PARTY for one in incident.contributions)
    if not words or p_noticed < P_NOTICED:
        return
    about = f"act={incident.acts[0].act}, noticed=no, p_noticed={p_noticed:.2f}"
    for one in claims:
        sides = (one.observation, incident.id)
        yield _record(ContradictionKind.SENSORS, sides, about)


def _record(
    kind: ContradictionKind, sides: tuple[RecordId, RecordId], about: str
) -> Contradiction:
    return Contradiction(
        disagreement=kind,
        first=sides[0],
        second=sides[1],
        about=about,
        derived_from=tuple(sorted(sides)),
    )

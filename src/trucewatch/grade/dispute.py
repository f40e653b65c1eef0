"""Words that stand against other words, against the terms, or against what was seen.

*Parties*: one alleges what the other denies, or both say of one act, place and time
that the other did it. *Terms*: a breach of a truce is alleged at a time at which no
reading has any clause in force. *Sensors*: something is alleged where and when sensors
looked, would very probably have noticed, and did not.

Nobody is said to be right. A record cites both sides; a person reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trucewatch.agreement.taxonomy import is_a
from trucewatch.agreement.terms import Agreement, Versions, version_at
from trucewatch.agreement.within import p_in_windows
from trucewatch.collect.observation import Observation, Statement, StatementKind
from trucewatch.detect.detection import Channel, Detection
from trucewatch.detect.ellipse import offset_m
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Contradiction, ContradictionKind
from trucewatch.grade.settings import GradeSettings
from trucewatch.place import Place
from trucewatch.record import RecordId

LONGEST_S = 36 * 3600.0  # a tally over more names no act that could be denied
P_NOTICED = 0.8  # from here on silence of sensors speaks against a claim
CELL_DEG = 0.5
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


def disputes(told: Told, settings: GradeSettings) -> tuple[Contradiction, ...]:
    """All of them, sorted by kind and ids; the order of input never matters."""
    once = {one.id: one for one in told.observations}
    said = [
        (once[name], result)
        for name in sorted(once)
        if isinstance(result := once[name].result, Statement)
    ]
    found = {
        one.id: one
        for one in (
            *_between_parties(said),
            *_with_terms(said, told.versions, settings),
            *_with_sensors(told, dict(once)),
        )
    }
    return tuple(
        sorted(found.values(), key=lambda c: (c.disagreement, c.first, c.second))
    )


def _between_parties(said: Sequence[Said]) -> Iterator[Contradiction]:
    acts = [one for one in said if _is_act(one)]
    kinds = StatementKind.ALLEGATION, StatementKind.DENIAL
    alleged, denied = ([s for s in acts if s[1].kind is kind] for kind in kinds)
    near: dict[tuple[int, int], list[Said]] = {}
    for one in alleged:
        near.setdefault(_cell(one[0]), []).append(one)
    for denial in denied:
        for one in _around(denial[0], near):
            accused = one[1].against and one[1].against == denial[1].speaker
            if accused and _one_act(one, denial):
                yield _made(one, denial, "denied=yes")
    for one in alleged:
        for other in _around(one[0], near):
            mutual = (other[1].speaker, other[1].against) == (
                one[1].against,
                one[1].speaker,
            )
            if mutual and one[0].id < other[0].id and _one_act(one, other):
                yield _made(one, other, "accused=both")


def _is_act(one: Said) -> bool:
    placed = isinstance(one[0].place, Place)
    return placed and one[0].phenomenon_time.duration_s <= LONGEST_S


def _cell(one: Observation) -> tuple[int, int]:
    place = one.place
    if not isinstance(place, Place):
        return 0, 0
    return int(place.lat_deg // CELL_DEG), int(place.lon_deg // CELL_DEG)


def _around(
    one: Observation, near: dict[tuple[int, int], list[Said]]
) -> Iterator[Said]:
    row, column = _cell(one)
    for y in (-1, 0, 1):
        for x in (-1, 0, 1):
            yield from near.get((row + y, column + x), ())


def _one_act(one: Said, other: Said) -> bool:
    """Whether both may speak of one act: same hours, places that meet, acts that agree.

    Figures without an act, and words without figures, speak of any.
    """
    a, b = one[0], other[0]
    if not a.phenomenon_time.overlaps(b.phenomenon_time):
        return False
    if not (isinstance(a.place, Place) and isinstance(b.place, Place)):
        return False
    east_m, north_m = offset_m(a.place, b.place)
    reach_m = a.place.semi_major_m + b.place.semi_major_m
    if east_m**2 + north_m**2 > reach_m**2:
        return False
    acts, others = ({f.act for f in s[1].figures} for s in (one, other))
    agree = any(is_a(x, y) or is_a(y, x) for x in acts for y in others)
    return agree or not (acts and others)


def _with_terms(
    said: Sequence[Said], versions: Versions, settings: GradeSettings
) -> Iterator[Contradiction]:
    for one, statement in said:
        if statement.kind is not StatementKind.ALLEGATION:
            continue
        if not _TRUCE.search(f"{statement.words} {statement.text}"):
            continue
        terms = version_at(versions, one.phenomenon_time.begin)
        bound = any(statement.against in c.binds for c in terms.clauses)
        p = _p_in_force(terms, one)
        if bound and p <= settings.p_outside:
            about = f"in_force=never, readings={len(terms.readings)}"
            kind = ContradictionKind.TERMS
            yield _record(kind, (one.id, terms.id), about, (one.id, terms.id))


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
    told: Told, once: dict[RecordId, Observation]
) -> Iterator[Contradiction]:
    detections = {one.id: one for one in told.detections}
    for incident in told.incidents:
        p_noticed = 1 - 10**incident.log10_miss_ratio
        words = all(c.channel is Channel.PARTY for c in incident.contributions)
        if not words or p_noticed < P_NOTICED:
            continue
        rests = [detections[d] for c in incident.contributions for d in c.detections]
        names = sorted({n for one in rests for n in one.derived_from if n in once})
        act = incident.acts[0].act.value
        for name in names:
            about = f"act={act}, noticed=no, p_noticed={p_noticed:.2f}"
            kind = ContradictionKind.SENSORS
            yield _record(kind, (name, incident.id), about, (name, incident.id))


def _made(one: Said, other: Said, about: str) -> Contradiction:
    names = (one[0].id, other[0].id)
    return _record(ContradictionKind.PARTIES, names, about, tuple(sorted(names)))


def _record(
    kind: ContradictionKind,
    sides: tuple[RecordId, RecordId],
    about: str,
    sources: tuple[RecordId, ...],
) -> Contradiction:
    return Contradiction(
        disagreement=kind,
        first=sides[0],
        second=sides[1],
        about=about,
        derived_from=sources,
    )

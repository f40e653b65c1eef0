"""The register of the agreement as statements give it: subjects, who promised, when.

Nothing here becomes a term by itself: an entry is what was said, with its sources, for
a person to enter into the agreement file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from trucewatch.agreement.taxonomy import Domain
from trucewatch.collect.claim import Claim, Rounding, Span, StatementKind
from trucewatch.collect.observation import Observation, Statement
from trucewatch.period import Period
from trucewatch.record import Record, RecordId, Value

PROMISED = (StatementKind.COMMITMENT,)
TOLD = (StatementKind.AGREEMENT_FACT, StatementKind.SCHEDULE)
REFUSED = (StatementKind.DENIAL, StatementKind.WARNING)


@dataclass(frozen=True, slots=True)
class Report(Value):
    """One place where one subject is spoken of.

    Attributes:
        statement: id of the observation it stands in.
        by: id of the party that speaks, or its name as printed.
        speaker: as printed.
        outlet: who printed it.
        span: of the words in the text as delivered.
        said: when it was said, else when it was published; with rounding
            ``unknown`` nobody says when, and it is the day of the file.
    """

    statement: RecordId
    kind: StatementKind
    by: str
    speaker: str
    outlet: str
    span: Span
    said: Period
    rounding: Rounding
    domains: tuple[Domain, ...] = ()
    condition: str = ""


class ConflictKind(StrEnum):
    """What two reports of one subject cannot both have."""

    STANCE = "stance"  # promised or told by one, refused or threatened by another
    CONDITION = "condition"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Conflict(Value):
    """Two reports of one subject that stand against each other; nobody is right."""

    about: ConflictKind
    first: Report
    second: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry(Record):
    """One subject of the agreement with everything that was said of it.

    Attributes:
        topic: from the rules' list of topics.
        by: who committed themselves, sorted; empty where nobody is said to have.
        domains: that any report names.
        conditions: as printed, each once.
        promises: reports of commitments.
        facts: reports of what the agreement holds.
        positions: what parties and others hold of it, warnings included.
        conflicts: reports that stand against each other, side by side.
    """

    topic: str
    by: tuple[str, ...]
    domains: tuple[Domain, ...]
    conditions: tuple[str, ...]
    promises: tuple[Report, ...]
    facts: tuple[Report, ...]
    positions: tuple[Report, ...]
    conflicts: tuple[Conflict, ...] = ()


def register(observations: Sequence[Observation]) -> tuple[RegisterEntry, ...]:
    """One entry per subject, by name; order of the observations never matters."""
    reports: dict[str, set[Report]] = {}
    said = ((one, one.result) for one in observations)
    spoken = ((one, s) for one, s in said if isinstance(s, Statement))
    for one, statement in spoken:
        for claim in (c for c in statement.claims if c.topic):
            made = _report(one, statement, claim)
            reports.setdefault(claim.topic, set()).add(made)
    return tuple(_entry(topic, reports[topic]) for topic in sorted(reports))


def _report(one: Observation, said: Statement, claim: Claim) -> Report:
    return Report(
        statement=one.id,
        kind=claim.kind,
        by=said.speaker,
        speaker=said.speaker_printed or said.speaker,
        outlet=said.outlet,
        span=claim.span,
        said=said.said or one.result_time,
        rounding=said.said_rounding if said.said else one.rounding,
        domains=claim.domains,
        condition=claim.condition,
    )


def _entry(topic: str, reports: set[Report]) -> RegisterEntry:
    ordered = sorted(reports, key=_order)
    promises = tuple(r for r in ordered if r.kind in PROMISED)
    return RegisterEntry(
        topic=topic,
        by=tuple(sorted({r.by for r in promises})),
        domains=tuple(sorted({d for r in ordered for d in r.domains})),
        conditions=tuple(dict.fromkeys(r.condition for r in ordered if r.condition)),
        promises=promises,
        facts=tuple(r for r in ordered if r.kind in TOLD),
        positions=tuple(r for r in ordered if r.kind not in (*PROMISED, *TOLD)),
        conflicts=tuple(_conflicts(ordered)),
        derived_from=tuple(sorted({r.statement for r in ordered})),
    )


def _conflicts(ordered: Sequence[Report]) -> Iterator[Conflict]:
    """Pairs of reports, the earlier first; one for each pair of speakers and outlets.

    *Stance*: what one promised or told, another speaker denied, refused to or answered
    with a threat. *Condition*, *day*: one speaker in two outlets.
    """
    seen: set[tuple[object, ...]] = set()
    for first, second in combinations(ordered, 2):
        about = _against(first, second)
        who = {(one.by, one.outlet) for one in (first, second)}
        key = (about, tuple(sorted(who)))
        if about and key not in seen:
            seen.add(key)
            yield Conflict(about, first, second)


def _against(one: Report, other: Report) -> ConflictKind | None:
    kinds = {one.kind, other.kind}
    if one.by != other.by:
        held = kinds & {*PROMISED, *TOLD}
        return ConflictKind.STANCE if held and kinds & {*REFUSED} else None
    if one.outlet == other.outlet or one.kind != other.kind:
        return None
    if one.condition and other.condition and one.condition != other.condition:
        return ConflictKind.CONDITION
    dated = Rounding.UNKNOWN not in (one.rounding, other.rounding)
    apart = dated and one.speaker == other.speaker and not one.said.overlaps(other.said)
    return ConflictKind.DAY if apart else None


def _order(one: Report) -> tuple[str, str, int, str]:
    return one.said.begin.isoformat(), one.outlet, one.span.begin, one.statement

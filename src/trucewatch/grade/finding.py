"""What this stage makes: graded statements on a clause, and contradictions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.agreement.taxonomy import ExemptKind
from trucewatch.record import Record, RecordId, Value


class Standing(StrEnum):
    """Where an incident lies against the terms of one reading."""

    INSIDE = "inside"  # p_window * p_zone * p_act >= 0.95
    OUTSIDE = "outside"  # <= 0.05
    UNDECIDED = "undecided"
    UNTESTABLE = "untestable"  # place or time too coarse for the clause


class Grade(StrEnum):
    """How far a finding can be relied on; thresholds are printed with it."""

    VERIFIED = "Verified"
    PROBABLE = "Probable"
    POSSIBLE = "Possible"
    REPORTED = "Reported"
    CONTESTED = "Contested"
    UNVERIFIABLE = "Unverifiable"
    DISCOUNTED = "Discounted"


class Severity(StrEnum):
    """How grave the incident is if it happened."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Attributed(StrEnum):
    """How far responsibility could be given to a side of the line."""

    ATTRIBUTED = "attributed"
    LARGELY = "largely_attributed"
    NOT = "not_attributable"


@dataclass(frozen=True, slots=True)
class SideShare(Value):
    """One side of a line, named by what it holds, and its share of probability.

    Attributes:
        line: id of the line.
        held: ``left``, ``right``, ``inside`` or ``rest``; never a party.
    """

    line: str
    held: str
    p: float


@dataclass(frozen=True, slots=True)
class Attribution(Value):
    """Side-level attribution, or the abstention from it.

    Attributes:
        status: what the mechanism states; an automatic stage always abstains.
        shares: where it lies: masses over the sides of each line.
        reasons: codes the catalogue turns into sentences.
        came_from: which side it came from, for a reviewer to judge; on each line the
            two sum to 1.
        assessed: what a reviewer could say of the weightiest side at most.
        because: codes of ``reasons.SideReason``: why the sides weigh as they do. Only
            review shows them.
    """

    status: Attributed
    shares: tuple[SideShare, ...]
    reasons: tuple[str, ...]
    came_from: tuple[SideShare, ...] = ()
    assessed: Attributed = Attributed.NOT
    because: tuple[str, ...] = ()


class ExemptStatus(StrEnum):
    """Whether the activity is excused."""

    NONE = "none"
    POSSIBLE = "possible"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record):
    """The mechanism's graded statement on one incident, clause and reading.

    ``p_breach = p_exists * p_deed * p_act * p_zone * p_window * (1 - p_exempt)``.

    Attributes:
        p_exists: that it was, calibrated; between ``p_exists_low`` and ``_high``.
        p_deed: that it was an attack, and not thunder, blasting or everyday work, if
            it was no announced work.
        incident: id of the incident; ``incident_name`` is its stable name.
        agreement: id of the version in force at the incident's time.
        p_act: that the incident is an act the clause prohibits.
        p_zone: that it lies where the clause holds, location error integrated; 1 for
            everywhere; meaningless where ``standing`` is untestable.
        p_window: that it lies when the reading has the terms in force.
        p_breach_low: with the low ends of both intervals, likewise ``p_breach_high``:
            how far the cases learnt from leave it open.
        p_without_strongest: ``p_breach`` without the strongest independent origin.
        independent_origins: origins with a likelihood ratio of at least 10.
        independent_channels: kinds of evidence among them.
        reasons: codes the catalogue turns into sentences.
    """

    incident: RecordId
    incident_name: str
    agreement: RecordId
    version: str
    clause: str
    reading: str
    standing: Standing
    p_exists: float
    p_act: float
    p_zone: float
    p_window: float
    p_exempt: float
    p_breach: float
    p_without_strongest: float
    independent_origins: int
    independent_channels: int
    exempt_status: ExemptStatus
    exempt_kind: ExemptKind | None
    severity: Severity
    grade: Grade
    attribution: Attribution
    reasons: tuple[str, ...]
    p_deed: float = 1.0
    p_exists_low: float | None = None
    p_exists_high: float | None = None
    p_breach_low: float | None = None
    p_breach_high: float | None = None


class ContradictionKind(StrEnum):
    """What two statements, or a statement and a record, disagree about."""

    ATTRIBUTION = "attribution"  # the same figures, printed as another speaker's
    FIGURE = "figure"
    PARTIES = "parties"  # one denies what the other alleges, or each accuses the other
    TERMS = "terms"  # a breach alleged when no reading has any term in force
    SENSORS = "sensors"  # alleged where sensors looked and noticed nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Record):
    """Two records that cannot both be right; both are cited.

    Attributes:
        first: id of the statement printed most often so, or earliest.
        second: id of the other; of the agreement or the incident where no statement
            stands on the other side.
        about: what they share, as ``label=value`` pairs joined by ``, ``.
    """

    disagreement: ContradictionKind
    first: RecordId
    second: RecordId
    about: str

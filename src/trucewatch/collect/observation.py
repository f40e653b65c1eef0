"""What this stage makes: who observed what, where, when, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act, ExemptKind, WeaponClass
from trucewatch.collect.claim import Claim, Span
from trucewatch.collect.claim import Rounding as Rounding
from trucewatch.collect.claim import StatementKind as StatementKind
from trucewatch.period import Period
from trucewatch.place import Whereabouts
from trucewatch.record import Record, Value


class Reliability(StrEnum):
    """Source reliability, judged apart from what it says (NATO AJP-2.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"  # cannot be judged


class Credibility(StrEnum):
    """Information credibility, judged apart from who says it (NATO AJP-2.1)."""

    CONFIRMED = "1"
    PROBABLE = "2"
    POSSIBLE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    CANNOT_BE_JUDGED = "6"


class Means(StrEnum):
    """How an observer came to know (OSCE SMM daily report annex)."""

    HEARD = "heard"
    SAW = "saw"
    RECORDED = "recorded"
    TOLD = "told"
    NOT_KNOWN = "not_known"


class Flow(StrEnum):
    """What an observer made of direction (OSCE SMM daily report annex)."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    IMPACT = "impact"
    AIRBURST = "airburst"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Sighting(Value):
    """An observer, patrol or camera witnessed an act.

    Attributes:
        units: kinetic units in the sense of the OSCE SMM, ``None`` where uncounted.
        direction_deg: clockwise from north, ``None`` where not given.
    """

    act: Act
    units: int | None
    means: Means
    flow: Flow
    direction_deg: float | None
    weapon: WeaponClass


@dataclass(frozen=True, slots=True)
class MediaReport(Value):
    """An outlet reported an act at a place.

    Attributes:
        acts: what the report was tagged with; empty where untagged.
        outlet: who printed it; empty where the source does not say.
        text_sha256: of the words, which stay in the delivery.
    """

    acts: tuple[Act, ...]
    outlet: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Alert(Value):
    """A warning was open over an area: a warning, not an incident."""

    merged: int  # alerts the maker merged into this interval


@dataclass(frozen=True, slots=True)
class Figure(Value):
    """A count somebody gave for one kind of act.

    Attributes:
        label: the source's own name of what was counted.
        at_least: the source said "more than" or "nearly".
    """

    label: str
    act: Act
    units: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Statement(Value):
    """Somebody said something, and somebody printed it.

    Attributes:
        speaker: id of the party that was printed as speaking, or the name as printed.
        against: id of the party the words are about; empty for none.
        figures: counts by kind of act.
        total: count over all kinds, ``None`` where not given.
        words: the quotation, never with a personal name in it.
        outlet: who printed it; host of the address.
        address: where it was printed.
        total_at_least: the source said "more than" or "nearly" of the total.
        speaker_printed: the speaker as printed, where that says more than the id.
        office: of the speaker, as printed; empty where none is.
        anonymous: the print hides who spoke ("a Ukrainian official").
        verb: of speaking, in its dictionary form; empty where none stands.
        said: when it was said, where the words tell; ``result_time`` of the
            observation is when it was published.
        said_rounding: to what depth ``said`` was given.
        said_open: words for when it was said ("on Tuesday") that cannot be placed, for
            nobody says when they were published; else empty.
        channel: on which it first appeared (``telegram``, ``press conference`` …).
        language: of the words, ISO 639-1.
        text: the words as printed, for the ledger only; no release prints them.
        span: of the sentence or paragraph, attribution included.
        quotations: of the words in quotation marks, marks excluded.
        claims: what in it can be checked.
    """

    kind: StatementKind
    speaker: str
    against: str
    figures: tuple[Figure, ...]
    total: int | None
    words: str
    outlet: str
    address: str
    total_at_least: bool = False
    speaker_printed: str = ""
    office: str = ""
    anonymous: bool = False
    verb: str = ""
    said: Period | None = None
    said_rounding: Rounding = Rounding.UNKNOWN
    said_open: str = ""
    channel: str = ""
    language: str = ""
    text: str = ""
    span: Span | None = None
    quotations: tuple[Span, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def verb_or_quoted(self) -> bool:
        """Whether words are attributed in print, and not the outlet's own."""
        return bool(self.verb or self.quotations)


@dataclass(frozen=True, slots=True)
class LaunchClaim(Value):
    """One side's claim of how many weapons the other launched in one raid.

    Attributes:
        speaker: id of the party that claims.
        against: id of the party it speaks of.
        weapon: the claimed model, as written.
        units: launched.
        units_stopped: destroyed, ``None`` where not given.
        regions: names of the regions said to be affected.
    """

    speaker: str
    against: str
    weapon: str
    units: int
    units_stopped: int | None
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloudCover(Value):
    """Share of the sky under cloud, 0 to 1."""

    cloud_ratio: float


@dataclass(frozen=True, slots=True)
class HeldAreas(Value):
    """A map of what one side is said to hold, on one day.

    Attributes:
        party: id of the side that is said to hold the areas.
    """

    party: str
    areas: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Notice(Value):
    """Somebody announced activity that the terms may excuse.

    Attributes:
        by: id of the party that announced.
        reference: the announcement's own number.
    """

    kind: ExemptKind
    by: str
    reference: str


class DamageGrade(StrEnum):
    """How badly something was hit, in the words most layers share."""

    DESTROYED = "destroyed"
    SEVERE = "severe"
    MODERATE = "moderate"
    POSSIBLE = "possible"
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class Damage(Value):
    """A place looks otherwise than before, by measurement or to an analyst's eye.

    Attributes:
        extent_m: square root of the area of the outline.
        log10_likelihood_ratio: of what was measured, change against none; ``None``
            where an analyst said so and measured nothing.
    """

    grade: DamageGrade
    extent_m: float
    log10_likelihood_ratio: float | None = None


Result = (
    Sighting
    | MediaReport
    | Alert
    | Statement
    | LaunchClaim
    | CloudCover
    | HeldAreas
    | Notice
    | Damage
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Record):
    """One act of observing, in the sense of ISO 19156:2023.

    Attributes:
        procedure: which sensor, channel or reporter produced the result.
        result: what it says; its class is the observed property.
        place: where the phenomenon is, with its uncertainty.
        phenomenon_time: when the phenomenon happened.
        result_time: when the result was made known.
        independence: key shared by observations that can err together, such as two
            channels of one satellite or two outlets quoting one agency.
        rounding: to what depth the source gave the time.
        row: where it stood in the delivery.
    """

    procedure: str
    result: Result
    place: Whereabouts
    phenomenon_time: Period
    result_time: Period
    independence: str
    reliability: Reliability
    credibility: Credibility
    rounding: Rounding
    row: str


class Outcome(StrEnum):
    """A feed that failed is not a feed that saw nothing."""

    HIT = "hit"
    MISS = "miss"
    FAILURE = "failure"


class Cause(StrEnum):
    """Why a look failed, as far as who delivered it says."""

    UNKNOWN = "unknown"
    DENIED = "denied"  # not let through, or no approval
    DELAYED = "delayed"
    ABORTED = "aborted"
    OUTAGE = "outage"
    JAMMED = "jammed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition(Record):
    """A procedure looked at a footprint for a period, whatever it saw.

    Attributes:
        footprint: what was looked at.
        p_clear: probability that nothing stood in the way (cloud, dark, outage).
        cause: why it failed, if it did.
        held_by: id of the party that held the ground, as delivered; empty for unknown.
    """

    procedure: str
    footprint: Polygon
    time: Period
    outcome: Outcome
    p_clear: float
    independence: str
    row: str
    cause: Cause = Cause.UNKNOWN
    held_by: str = ""

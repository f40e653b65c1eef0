"""The terms as records: who promised whom what, where, when, and as read by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trucewatch.agreement.geometry import Line, Site, Zone
from trucewatch.agreement.taxonomy import Act, Domain, ExemptKind, WeaponClass
from trucewatch.period import Period
from trucewatch.record import Record, Value


@dataclass(frozen=True, slots=True)
class Party(Value):
    """Somebody the agreement names.

    Attributes:
        role: ``side`` for a party to the hostilities; else ``guarantor``,
            ``mediator``, ``monitor`` or ``observer``.
    """

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Window(Value):
    """When something is in force: half-open, each edge known to a period.

    Attributes:
        begin: the period in which the window opens (a second, or a whole day where
            only a date was said); ``None`` when it has no beginning.
        end: the period in which it closes; ``None`` when it is open.
        stated: the words of the source.
        zone: IANA zone whose days its dates are; empty for the agreement's own.
    """

    begin: Period | None
    end: Period | None
    stated: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Clause(Value):
    """One checkable promise.

    Attributes:
        prohibits: acts, each with all its cases.
        where: ids of zones, any of them; empty means everywhere.
        sites: name of the list of sites it protects; empty for none.
        binds: ids of the parties that promised.
        weapons: classes the clause is limited to; empty for all.
    """

    id: str
    text: str
    domain: Domain
    prohibits: tuple[Act, ...]
    where: tuple[str, ...]
    sites: str
    binds: tuple[str, ...]
    weapons: tuple[WeaponClass, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReadClause(Value):
    """What one reading changes in one clause; ``None`` where it changes nothing."""

    clause: str
    applies: bool
    prohibits: tuple[Act, ...] | None = None
    where: tuple[str, ...] | None = None
    sites: str | None = None
    windows: tuple[Window, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading(Value):
    """How somebody reads the terms: when they are in force and what they cover.

    Attributes:
        held_by: ids of the parties that read the terms so.
        stance: ``accepted``, ``unilateral``, ``mirror``, ``rejected`` or ``disputed``.
        windows: when the terms are in force under this reading; empty means never.
    """

    id: str
    title: str
    held_by: tuple[str, ...]
    stance: str
    windows: tuple[Window, ...]
    changes: tuple[ReadClause, ...]
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exemption(Value):
    """Activity the terms excuse, on a condition.

    Attributes:
        needs: ``notification``, ``authorisation`` or ``nothing``.
        within_m: how near a notified place the activity must be.
        within_s: how near the notified time.
        where: zones in which the exemption holds; empty means everywhere.
    """

    id: str
    kind: ExemptKind
    text: str
    acts: tuple[Act, ...]
    needs: str
    within_m: float
    within_s: float
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commitment(Value):
    """A guarantee: who promised what, on which condition."""

    id: str
    by: tuple[str, ...]
    text: str
    domain: Domain | None
    condition: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Rung(Value):
    """One rung of the consultation ladder: what is due, on what ground, by when.

    Attributes:
        severity: least severity that calls for it, ``S1`` to ``S4``.
        grade: least grade that calls for it.
        needs: ``one_person`` or ``two_persons``.
    """

    id: str
    severity: str
    grade: str
    notify: tuple[str, ...]
    within_s: float
    needs: str


@dataclass(frozen=True, slots=True)
class Term(Value):
    """A word and what the parties agreed it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Record):
    """One version of the terms.

    Attributes:
        slug: short name of the agreement, the same in all versions.
        version: label of this version.
        effective: when this version takes effect; ``None`` for from the beginning.
        status: ``in_force``, ``declared``, ``proposed`` or ``historical``.
        local_zone: IANA zone of local dates.
    """

    slug: str
    title: str
    version: str
    effective: datetime | None
    status: str
    local_zone: str
    parties: tuple[Party, ...]
    lines: tuple[Line, ...]
    zones: tuple[Zone, ...]
    sites: tuple[Site, ...]
    clauses: tuple[Clause, ...]
    readings: tuple[Reading, ...]
    exemptions: tuple[Exemption, ...]
    commitments: tuple[Commitment, ...]
    consultation: tuple[Rung, ...]
    glossary: tuple[Term, ...]
    sources: tuple[str, ...]


Versions = tuple[Agreement, ...]
"""All versions of one agreement, earliest effective first."""


def version_at(versions: Versions, instant: datetime) -> Agreement:
    """The version in force at an instant.

    The first version also stands for all time before it took effect, so that an
    incident before the agreement can still be set beside its terms.
    """
    in_force = [v for v in versions if v.effective is None or v.effective <= instant]
    return in_force[-1] if in_force else versions[0]

"""What was said, as rows of a bulletin: who said it, what is one, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trucewatch.record import Value


@dataclass(frozen=True, slots=True)
class StatementRow(Value):
    """What was said, by whom as printed, and where."""

    id: str
    speaker: str
    against: str
    said: datetime
    said_end: datetime
    what: str  # catalogue code of the kind
    figures: tuple[tuple[str, int], ...]
    total: int | None
    words: str
    outlet: str
    address: str
    contradicted_by: tuple[str, ...]
    total_at_least: bool = False  # said as "more than" or "nearly"


@dataclass(frozen=True, slots=True)
class ContradictionRow(Value):
    """Two statements that cannot both be printed right."""

    disagreement: str
    first: str
    second: str
    about: str


@dataclass(frozen=True, slots=True)
class DifferenceRow(Value):
    """Where two prints of one statement, or two texts that share one, differ.

    Attributes:
        nature: ``contradiction``, ``rendering`` or ``complement``.
        aspect: in what they differ, as a catalogue code.
        first: id of one statement; ``first_says`` as it has it, empty for silence and
            where what it says would name a person.
    """

    nature: str
    aspect: str
    first: str
    second: str
    first_says: str
    second_says: str


@dataclass(frozen=True, slots=True)
class SharedRow(Value):
    """Statements that are one: prints of the same words, or words of one origin.

    Attributes:
        why: ``prints`` for one statement in several outlets; ``one_origin`` for words
            that count once; ``doubtful`` where copies cannot be told from witnesses.
        outlets: who printed them, each once.
        ties: why they are linked, as catalogue codes.
    """

    why: str
    statements: tuple[str, ...]
    outlets: tuple[str, ...]
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow(Value):
    """One place where one subject of the agreement is spoken of.

    Attributes:
        what: catalogue code of the kind of claim.
        by: party that speaks; empty for everybody else.
        begin: characters ``[begin, end)`` of the text as delivered.
    """

    statement: str
    what: str
    by: str
    outlet: str
    begin: int
    end: int
    condition: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow(Value):
    """One subject of the agreement and what statements hold of it.

    Attributes:
        conflicts: positions in ``reports`` of two that stand against each other, and
            in what: ``stance``, ``condition`` or ``day``.
    """

    topic: str
    by: tuple[str, ...]
    domains: tuple[str, ...]
    reports: tuple[ReportRow, ...]
    conflicts: tuple[tuple[str, int, int], ...] = ()

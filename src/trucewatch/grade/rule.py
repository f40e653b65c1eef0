"""What a rule must offer: one question, answered as a probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from trucewatch.agreement.taxonomy import ExemptKind
from trucewatch.agreement.terms import Agreement, Clause, Window
from trucewatch.collect.observation import Observation
from trucewatch.fuse.incident import Incident
from trucewatch.grade.causes import Causes
from trucewatch.grade.reasons import Reason
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import RecordId


@dataclass(frozen=True, slots=True)
class Question:
    """One clause as one reading has it, and what may excuse.

    Attributes:
        clause: with the reading's changes made.
        windows: when the clause is in force under the reading; empty means never.
        applies: whether the reading has the clause at all.
        notices: announcements of exempt activity.
        causes: what made each incident, by its id; an attack where nothing is said.
    """

    agreement: Agreement
    reading: str
    clause: Clause
    windows: tuple[Window, ...]
    applies: bool
    notices: tuple[Observation, ...]
    settings: GradeSettings
    causes: Causes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule's answer for one incident.

    Attributes:
        testable: whether place and time are fine enough for the question.
        sources: records the answer rests on besides incident and agreement.
    """

    p: float
    testable: bool = True
    reasons: tuple[Reason, ...] = ()
    exempt_kind: ExemptKind | None = None
    sources: tuple[RecordId, ...] = ()


class Rule(Protocol):
    """Answers one question. A module with this function is a rule."""

    def answers(
        self, question: Question, incidents: Sequence[Incident]
    ) -> list[Answer]:
        """One answer per incident, in their order; no other question is mixed in."""
        ...

"""Was it anybody's attack, rather than thunder, blasting or everyday work?"""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.fuse.incident import Incident
from trucewatch.grade.causes import A_DEED
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability that nature and everyday work are not the cause, per incident.

    1 for what is known by more than its sound.
    """
    return [_answer(question, one) for one in incidents]


def _answer(question: Question, incident: Incident) -> Answer:
    cause = question.causes.get(incident.id, A_DEED)
    unsure = cause.deed.p < question.settings.p_inside
    reasons = (Reason.MAY_BE_NATURAL,) if cause.heard and unsure else ()
    return Answer(cause.deed.p, reasons=reasons)

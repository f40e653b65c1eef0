"""Does it lie when the reading has the clause in force?"""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.agreement.within import p_in_windows
from trucewatch.fuse.incident import Incident
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability that each incident's time lies in a window of the reading."""
    return [_answer(question, one) for one in incidents]


def _answer(question: Question, incident: Incident) -> Answer:
    if not question.applies:
        return Answer(0.0, reasons=(Reason.CLAUSE_NOT_IN_READING,))
    p = p_in_windows(question.windows, incident.time)
    if p <= question.settings.p_outside:
        return Answer(p, reasons=(Reason.OUTSIDE_WINDOW,))
    if p < question.settings.p_inside:
        return Answer(p, reasons=(Reason.WINDOW_UNDECIDED,))
    return Answer(p)

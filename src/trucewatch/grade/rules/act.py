"""Is it an act the clause prohibits?"""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.fuse.incident import Incident
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question

# Known too broadly: it may be one of the prohibited cases or another; nothing favours
# either.
P_OF_A_CASE = 0.5


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability mass of the acts the clause prohibits, per incident."""
    return [_answer(question, one) for one in incidents]


def _answer(question: Question, incident: Incident) -> Answer:
    p, reasons = 0.0, []
    for share in incident.acts:
        chance = _prohibited(share.act, question.clause.prohibits)
        p += share.p * chance
        if chance == P_OF_A_CASE:
            reasons.append(Reason.ACT_NOT_DETERMINED)
    if question.clause.weapons and p > 0:
        p *= P_OF_A_CASE
        reasons.append(Reason.WEAPON_NOT_KNOWN)
    return Answer(min(1.0, p), reasons=tuple(dict.fromkeys(reasons)))


def _prohibited(act: Act, prohibits: Sequence[Act]) -> float:
    if any(is_a(act, one) for one in prohibits):
        return 1.0
    broad = act is Act.UNDETERMINED or any(is_a(one, act) for one in prohibits)
    return P_OF_A_CASE if broad and prohibits else 0.0

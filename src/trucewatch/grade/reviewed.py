"""The grade after a person's word: the only way to Verified."""

from __future__ import annotations

from trucewatch.grade.finding import Finding, Grade
from trucewatch.grade.reasons import Reason

# The reviewer's verdict, by its value: review stands to the right of this stage.
_DECIDED = {
    "unverifiable": Grade.UNVERIFIABLE,
    "disputed": Grade.CONTESTED,
    "rejected": Grade.DISCOUNTED,
}


def reviewed_grade(finding: Finding, verdict: str) -> Grade:
    """The grade of a finding once a reviewer has given a verdict.

    Confirming makes Verified of what needed nothing but review; it lifts nothing else.
    A merged finding keeps its grade: another one stands for it.

    Raises:
        ValueError: if ``verdict`` is none a reviewer can give.
    """
    if verdict in _DECIDED:
        return _DECIDED[verdict]
    if verdict == "confirmed":
        ready = Reason.NEEDS_REVIEW in finding.reasons
        return Grade.VERIFIED if ready else finding.grade
    if verdict == "merged":
        return finding.grade
    msg = (
        f"no reviewer can say {verdict!r}; known: confirmed, merged, {sorted(_DECIDED)}"
    )
    raise ValueError(msg)

"""What stands after a person's word: the only way to Verified and to a side."""

from __future__ import annotations

from trucewatch.grade.finding import Attributed, Finding, Grade, Standing
from trucewatch.grade.reasons import Reason

# The reviewer's verdict, by its value: review stands to the right of this stage.
_DECIDED = {
    "unverifiable": Grade.UNVERIFIABLE,
    "disputed": Grade.CONTESTED,
    "rejected": Grade.DISCOUNTED,
}


# Nobody is held responsible for what may well not have happened.
_CARRIES_A_SIDE = (Grade.VERIFIED, Grade.PROBABLE)


def reviewed_attribution(
    finding: Finding, verdict: str, said: Attributed
) -> Attributed:
    """How far responsibility is given to the side a reviewer named.

    It stands for a confirmed finding that is Probable or better after review and that
    its reading does not put outside the terms; else nobody is responsible for a
    breach. Whether the place allows a side at all is the reviewer's to say, with a
    reason: on which side something happened does not say which side did it.

    Raises:
        ValueError: if ``verdict`` is none a reviewer can give.
    """
    sure = reviewed_grade(finding, verdict) in _CARRIES_A_SIDE
    breach = verdict == "confirmed" and finding.standing is not Standing.OUTSIDE
    return said if sure and breach else Attributed.NOT


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

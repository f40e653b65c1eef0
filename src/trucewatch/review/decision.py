"""What this stage makes: a person's signed word on one finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trucewatch.grade.finding import Attributed
from trucewatch.record import Record, RecordId

_SIDE = re.compile(r"[\w.-]+/(left|right|inside|rest)")


class Verdict(StrEnum):
    """What a reviewer can say."""

    CONFIRMED = "confirmed"  # the automatic grade stands; may make it Verified
    UNVERIFIABLE = "unverifiable"
    DISPUTED = "disputed"
    REJECTED = "rejected"  # read, not approved
    MERGED = "merged"  # one report standing for several


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """A reviewer's word on one finding.

    Attributes:
        finding: id of the finding.
        reviewer: role or pseudonym, never a personal name.
        decided: when, by the mission's clock.
        attribution: how far the reviewer holds one side responsible; what of it stands
            is for ``grade.reviewed`` to say.
        side: the side held responsible, as ``line/held`` (``contact_line/left``); empty
            for none. Never a party: who holds the side is in the terms.
    """

    finding: RecordId
    verdict: Verdict
    reviewer: str
    reason: str
    decided: datetime
    attribution: Attributed = Attributed.NOT
    side: str = ""

    def check(self) -> None:
        """Check that verdict, attribution and side fit together.

        Raises:
            ValueError: if they do not; see ``check_attribution``.
        """
        check_attribution(self.verdict, self.attribution, self.side)


def check_attribution(verdict: Verdict, attribution: Attributed, side: str) -> None:
    """Return if a reviewer can say these three together.

    Raises:
        ValueError: if a side is named without an attribution or the other way round, is
            not written as ``line/held``, or the finding is not confirmed.
    """
    if attribution is Attributed.NOT:
        if side:
            msg = f"side {side!r} needs attributed or largely_attributed"
            raise ValueError(msg)
        return
    if not _SIDE.fullmatch(side):
        msg = f"{attribution} needs a side such as contact_line/left, not {side!r}"
        raise ValueError(msg)
    if verdict is not Verdict.CONFIRMED:
        msg = f"only a confirmed finding can be {attribution}; this one is {verdict}"
        raise ValueError(msg)

"""What this stage makes: a person's signed word on one finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trucewatch.record import Record, RecordId


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
        attribution_confirmed: whether the reviewer stands behind the side named.
    """

    finding: RecordId
    verdict: Verdict
    reviewer: str
    reason: str
    decided: datetime
    attribution_confirmed: bool = False

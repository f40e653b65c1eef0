"""What this stage makes: how much of a sector a procedure could speak for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.agreement.taxonomy import Act
from trucewatch.period import Period
from trucewatch.record import Record


class Watch(StrEnum):
    """Whether a procedure watched at all; silence speaks only for the first."""

    WATCHED = "watched"
    PARTLY = "partly"
    NOT_WATCHED = "not_watched"  # deliveries came, none proves where it looked
    NO_DELIVERY = "no_delivery"  # the procedure delivered nothing for the period
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Record):
    """How well one procedure watched one sector for one period.

    Attributes:
        sector: id of the zone; empty for everywhere.
        procedure: family of procedures, as in the mission file.
        act: what would have been noticed.
        p_detect: chance that one such act, uniform over sector and period, would
            have been noticed; 0 where nothing proves that anybody looked.
        watched_ratio: share of the sector's area-hours looked at, 0 to 1.
        acquisitions: how many looks it rests on.
        observations: how many observations the procedure gave all the same.
    """

    sector: str
    procedure: str
    period: Period
    act: Act
    watch: Watch
    p_detect: float
    watched_ratio: float
    acquisitions: int
    observations: int

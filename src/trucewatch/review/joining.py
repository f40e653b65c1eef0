"""What a person says of two incidents: that they are one, or that they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trucewatch.fuse.rulings import Rulings
from trucewatch.record import Record


class Joining(StrEnum):
    """What a reviewer can say of two."""

    SAME = "same"
    APART = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinDecision(Record):
    """A reviewer's word on two incidents, or on two parts of one.

    Attributes:
        first: stable name of the one, or of a part, as ``trucewatch merges`` prints it.
        second: of the other.
        reviewer: role or pseudonym, never a personal name.
        decided: when, by the mission's clock; pictures with a later cut-off honour it.
    """

    first: str
    second: str
    joining: Joining
    reviewer: str
    reason: str
    decided: datetime

    def check(self) -> None:
        """Check that two are named.

        Raises:
            ValueError: if both are the same.
        """
        if self.first == self.second:
            msg = f"two different incidents must be named, not {self.first!r} twice"
            raise ValueError(msg)


def decided_by(
    made: Sequence[JoinDecision], cutoff: datetime
) -> tuple[JoinDecision, ...]:
    """The last word on each pair by a cut-off, sorted by id."""
    last: dict[frozenset[str], JoinDecision] = {}
    for one in sorted(made, key=lambda d: (d.decided, d.id)):
        if one.decided <= cutoff:
            last[frozenset((one.first, one.second))] = one
    return tuple(sorted(last.values(), key=lambda one: one.id))


def rulings_of(made: Sequence[JoinDecision]) -> Rulings:
    """What decisions amount to, for fusion to honour; their order never matters."""

    def pairs(what: Joining) -> tuple[tuple[str, str], ...]:
        found = {
            (min(one.first, one.second), max(one.first, one.second))
            for one in made
            if one.joining is what
        }
        return tuple(sorted(found))

    return Rulings(together=pairs(Joining.SAME), apart=pairs(Joining.APART))

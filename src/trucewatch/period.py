"""Time, always UTC, always an interval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trucewatch.record import Value


@dataclass(frozen=True, slots=True)
class Period(Value):
    """The half-open interval ``[begin, end)``, both UTC, ``begin < end``.

    An instant is a period as long as its clock's resolution. Within a period
    nothing is known of when: statements about it integrate over all of it.
    """

    begin: datetime
    end: datetime

    def check(self) -> None:
        """Check the bounds.

        Raises:
            ValueError: if a bound has no zone or the period is empty or reversed.
        """
        for bound in (self.begin, self.end):
            if bound.utcoffset() is None:
                msg = f"{bound.isoformat()} has no time zone"
                raise ValueError(msg)
        object.__setattr__(self, "begin", self.begin.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.begin:
            msg = f"a period must end after it begins: {self}"
            raise ValueError(msg)

    @property
    def duration_s(self) -> float:
        """Length in seconds, always positive."""
        return (self.end - self.begin).total_seconds()

    def overlaps(self, other: Period, slack: timedelta = timedelta(0)) -> bool:
        """Whether the two, one of them widened by ``slack``, share an instant."""
        return self.begin - slack < other.end and other.begin - slack < self.end

    def contains(self, instant: datetime) -> bool:
        """Whether ``begin <= instant < end``."""
        return self.begin <= instant < self.end

    def overlap_s(self, other: Period) -> float:
        """Seconds the two have in common; 0 where they only touch."""
        shared = min(self.end, other.end) - max(self.begin, other.begin)
        return max(0.0, shared.total_seconds())

    def __str__(self) -> str:
        """ISO 8601 interval, to the second where that loses nothing."""
        return f"{iso(self.begin)}/{iso(self.end)}"


def iso(instant: datetime) -> str:
    """ISO 8601 in UTC with ``Z``; no zero seconds or fractions."""
    text = instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return text.replace(":00Z", "Z") if text.count(":") == 2 else text

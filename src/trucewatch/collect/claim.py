"""What somebody says that can be checked, and where the words stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.agreement.taxonomy import Act, Domain
from trucewatch.period import Period
from trucewatch.place import Unlocated, Whereabouts
from trucewatch.record import Value


class StatementKind(StrEnum):
    """What somebody does by saying something."""

    ALLEGATION = "allegation"
    DENIAL = "denial"
    ADMISSION = "admission"
    WARNING = "warning"
    COMMITMENT = "commitment"
    AGREEMENT_FACT = "agreement_fact"
    FIGURE = "figure"
    SCHEDULE = "schedule"
    POSITION = "position"


class Rounding(StrEnum):
    """To what depth a source gave a time."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


class Bound(StrEnum):
    """How firmly a number was given."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"


class Tally(StrEnum):
    """Whether a number counts one time only, or everything since some beginning."""

    INCREMENT = "increment"
    CUMULATIVE = "cumulative"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span(Value):
    """Where words stand: characters ``[begin, end)`` of the text as delivered.

    The text is that of one part of the delivery (an article, a message, a page),
    decoded but otherwise untouched, mark-up included.
    """

    begin: int
    end: int

    def check(self) -> None:
        """Check the bounds.

        Raises:
            ValueError: if the span is empty, reversed or begins before the text.
        """
        if not 0 <= self.begin < self.end:
            msg = f"a span must have 0 <= begin < end: {self.begin}, {self.end}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Quantity(Value):
    """A number somebody gave, and of what.

    Attributes:
        numeral: the number in decimal digits with a point, sign before it (``27``,
            ``2.5``): exact, whatever its size.
        numeral_to: upper end where a range was given; else empty.
        unit: of measure (``km``, ``percent``, ``hour`` …); empty for a count.
        counted: what is counted, as printed; empty where nothing stands behind it.
        tally: of one period, or of everything so far.
    """

    numeral: str
    span: Span
    numeral_to: str = ""
    unit: str = ""
    counted: str = ""
    act: Act = Act.UNDETERMINED
    bound: Bound = Bound.EXACT
    tally: Tally = Tally.UNKNOWN


@dataclass(frozen=True, slots=True)
class Toponym(Value):
    """A place as the words name it, and what a gazetteer makes of it.

    Attributes:
        printed: the form that stands in the text, inflected.
        name: of the first candidate; empty where none was found.
        place: ellipse over all candidates that fit the words equally well.
        candidates: ids of the gazetteer's entries, the most probable first.
    """

    printed: str
    span: Span
    name: str = ""
    place: Whereabouts = Unlocated()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim(Value):
    """The checkable part of a statement.

    Attributes:
        who: id of the party that is said to have acted, or its name as printed.
        whom: whom it is said to have acted upon; empty where not said.
        acts: what is said to have been done; empty where the taxonomy has no word.
        topic: of a commitment, position or fact of the agreement, a word of the
            rules' list of topics (``monitoring``, ``hubs``, …); else empty.
        domains: land, air or sea, where the words of a topic name them.
        condition: as printed (``after a ceasefire``); empty for none.
        time: what the words speak of; ``None`` where they give no time.
        rounding: to what depth that time was given.
        span: of the words of this claim.
    """

    kind: StatementKind
    span: Span
    who: str = ""
    whom: str = ""
    acts: tuple[Act, ...] = ()
    topic: str = ""
    domains: tuple[Domain, ...] = ()
    condition: str = ""
    time: Period | None = None
    rounding: Rounding = Rounding.UNKNOWN
    toponyms: tuple[Toponym, ...] = ()
    quantities: tuple[Quantity, ...] = ()

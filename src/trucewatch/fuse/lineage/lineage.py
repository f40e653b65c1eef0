"""What this step makes: which observations have one origin, and why we think so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.record import Record, RecordId, Value

OWN = "own:"  # begins the key of what repeats our own bulletins


class Tie(StrEnum):
    """Why two observations are taken to have one origin."""

    SAME_WORDS = "same_words"
    CONTAINED = "contained"  # most words of the shorter stand in the other, in order
    QUOTED = "quoted"  # a quotation of one stands in the other
    SAME_FACTS = "same_facts"  # numbers and names agree, in any language
    CITED = "cited"  # one says that it passes on the other
    ECHO = "echo"  # it passes on our own bulletin
    ALIKE = "alike"  # one place, act and hours: copies or two witnesses, nobody knows


@dataclass(frozen=True, slots=True)
class Link(Value):
    """Two observations and why they are linked.

    Attributes:
        about: the numbers, names or counts that agree, in words.
    """

    tie: Tie
    first: RecordId
    second: RecordId
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage(Record):
    """Observations with one origin, or that may have one.

    Attributes:
        origin: the independence key all members share; of a doubtful lineage its name.
        members: ids of the observations, earliest made known first.
        links: a tree over the members; empty where one member cites somebody absent.
        doubtful: nothing proves a copy; each member keeps its key, and all together
            weigh ``max + (1 - rho) rest``.
    """

    origin: str
    members: tuple[RecordId, ...]
    links: tuple[Link, ...]
    doubtful: bool = False

"""What this stage makes: one thing that happened, as far as the evidence tells."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.detect.detection import ActShare, Channel
from trucewatch.period import Period
from trucewatch.place import Whereabouts
from trucewatch.record import Record, RecordId, Value


@dataclass(frozen=True, slots=True)
class Contribution(Value):
    """What one independent origin adds to the odds that the incident exists.

    Attributes:
        independence: the origin's key.
        log10_likelihood_ratio: of its strongest detection; copies add nothing.
        detections: all detections of this origin, copies included.
        claimed_by: party whose word it is; empty for everybody else's.
        against: party the word is about; empty for none.
        admits: whether a party tells it of its own side.
        p_without: of a party's word, the probability of the incident computed anew
            without anything this party said; 1 for everybody else's.
    """

    independence: str
    channel: Channel
    log10_likelihood_ratio: float
    detections: tuple[RecordId, ...]
    claimed_by: str = ""
    against: str = ""
    admits: bool = False
    p_without: float = 1.0


@dataclass(frozen=True, slots=True)
class Sign(Value):
    """What physics says of how an incident came about, whoever heard it.

    Attributes:
        code: ``aloft`` for sounds from high above the ground, as thunder is; ``sweep``
            for a front that swept the ground faster than sound; ``loose`` for arrivals
            that agree on no single place as those of a bang do.
        log10_ratio: how much likelier such a sign is if nature or an aircraft did it
            than if something banged on the ground; 0 where it says nothing of that.
    """

    code: str
    log10_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """One thing that happened in the world.

    Attributes:
        name: stable short name; survives new evidence for the same incident.
        place: where, with its 90 % ellipse; an ``Area`` only where no detection
            knows better.
        time: when; within it nothing is known.
        acts: what it may have been; probabilities sum to 1.
        units_low: kinetic units, least; 0 where nobody counted.
        units_best: as the best independent origin counted.
        units_high: most.
        log10_prior_odds: of such an incident in this place and period, before any
            evidence.
        log10_miss_ratio: what looks that saw nothing take from the odds, never
            positive.
        p_exists: posterior probability from prior, contributions and misses.
        contributions: evidence by independent origin, strongest first.
        context: detections that are near in time but bear on no point.
        against: party that the word of another is about; empty unless all origins
            are claims about the same party.
        p_without_strongest: ``p_exists`` computed anew without the origin that adds
            most; 0 where there is no other.
        signs: of what it was by nature; where one says that it was no point, ``place``
            holds the region it sounded from.
    """

    name: str
    place: Whereabouts
    time: Period
    acts: tuple[ActShare, ...]
    units_low: int
    units_best: int
    units_high: int
    log10_prior_odds: float
    log10_miss_ratio: float
    p_exists: float
    contributions: tuple[Contribution, ...]
    context: tuple[RecordId, ...] = ()
    against: str = ""
    p_without_strongest: float = 0.0
    signs: tuple[Sign, ...] = ()

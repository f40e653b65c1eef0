"""Ellipses that hold the truth as often as they say, by kind of evidence.

The ellipse of an incident is that of the model's normal law. Models err in ways they do
not know of, so it is made larger or smaller by a ratio learnt from exercises: the one
that would have held nine in ten of the places that truly were. Source: split conformal
prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018), one ratio a kind of
evidence; of n cases the ceil(0.9 (n + 1))-th smallest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Contribution, Sign
from trucewatch.place import Place, Whereabouts
from trucewatch.record import Value

P_HELD = 0.9
LEAST_CASES = 50  # with fewer a ratio is a guess


class Evidence(StrEnum):
    """What the place of an incident rests on."""

    ALOFT = "aloft"  # claps above the ground
    SWEEP = "sweep"  # the front of a boom
    LOOSE = "loose"  # acoustic nodes that agree on no single place, and nobody else
    NODES = "nodes"  # acoustic nodes and nobody else
    NODES_AND_MORE = "nodes_and_more"
    SENSORS = "sensors"  # other instruments
    OBSERVERS = "observers"
    PRINT = "print"
    WORDS = "words"  # of parties alone


@dataclass(frozen=True, slots=True)
class Widening(Value):
    """What is learnt of one kind of evidence.

    Attributes:
        grow_ratio: by which the axes of its ellipses grow.
        cases: how many places it was learnt from.
    """

    evidence: Evidence
    grow_ratio: float
    cases: int


@dataclass(frozen=True, slots=True)
class Ellipses(Value):
    """All that is learnt, and from what.

    Attributes:
        trained_on: what it was learnt from, in words.
        sha256: of the cases learnt from.
    """

    trained_on: str
    sha256: str
    widenings: tuple[Widening, ...]

    def ratio(self, evidence: Evidence) -> float:
        """By which the axes grow; 1 where too little was learnt."""
        found = [one.grow_ratio for one in self.widenings if one.evidence is evidence]
        return found[0] if found else 1.0


def evidence_of(
    contributions: Sequence[Contribution], signs: Sequence[Sign]
) -> Evidence:
    """What the place of an incident rests on; parties' words move no place."""
    codes = {one.code for one in signs}
    for sign in (Evidence.SWEEP, Evidence.ALOFT):
        if sign.value in codes:
            return sign
    shaping = [one for one in contributions if one.channel is not Channel.PARTY]
    kinds = {one.independence.partition(":")[0] for one in shaping}
    channels = {one.channel for one in shaping}
    if "acoustic" in kinds:
        if len(kinds) > 1:
            return Evidence.NODES_AND_MORE
        return Evidence.LOOSE if Evidence.LOOSE.value in codes else Evidence.NODES
    if Channel.INSTRUMENT in channels:
        return Evidence.SENSORS
    if Channel.OBSERVER in channels:
        return Evidence.OBSERVERS
    return Evidence.PRINT if Channel.MEDIA in channels else Evidence.WORDS


def widened(
    place: Whereabouts, evidence: Evidence, ellipses: Ellipses | None
) -> Whereabouts:
    """The place with its ellipse as it was learnt to be; what is no point stays."""
    if ellipses is None or not isinstance(place, Place):
        return place
    ratio = ellipses.ratio(evidence)
    return replace(
        place,
        semi_major_m=place.semi_major_m * ratio,
        semi_minor_m=place.semi_minor_m * ratio,
    )


def fitted(evidence: Evidence, reaches: Sequence[float]) -> Widening | None:
    """The widening some cases ask for; ``None`` for too few.

    ``reaches`` are the ratios by which each ellipse would just have held the truth.
    The ratio is rounded up to the thousandth.
    """
    n = len(reaches)
    if n < LEAST_CASES:
        return None
    rank = min(n, ceil(P_HELD * (n + 1)))
    return Widening(evidence, ceil(sorted(reaches)[rank - 1] * 1_000) / 1_000, n)

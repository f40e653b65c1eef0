"""What a statement says happened at a point: one telling for each claim and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.claim import Bound, Claim, StatementKind
from trucewatch.collect.observation import Observation, Statement
from trucewatch.detect.delay import before
from trucewatch.detect.detection import ActShare
from trucewatch.detect.ellipse import offset_m
from trucewatch.detect.select import shares, weighted
from trucewatch.period import Period
from trucewatch.place import Place

LONGEST_S = 36 * 3600.0  # a tally over more than a day and a half is no incident
CLAIMING = (StatementKind.ALLEGATION, StatementKind.ADMISSION)
PARTY = "party:"  # begins the key of the word of a party


@dataclass(frozen=True, slots=True)
class Telling:
    """One act said to have been at one point.

    Attributes:
        units: counted, ``None`` where not, or where it is not said where.
        against: party it is about; empty for none.
        admits: whether the speaker tells it of its own side.
        made_known: where a party's words give no time and only the print tells; else
            ``None``.
    """

    acts: tuple[ActShare, ...]
    place: Place
    time: Period
    units: int | None
    against: str
    admits: bool
    made_known: datetime | None


def is_of_party(one: Observation) -> bool:
    """Whether it is the word of a party, not of an outlet or a person in it."""
    return one.independence.startswith(PARTY)


def tellings(one: Observation, said: Statement) -> Iterator[Telling]:
    """Every act at a point the statement alleges or admits, in the order of its words.

    Tallies without a place, or over a longer time, stay statements: nobody could
    ever check them against a point.
    """
    short = one.phenomenon_time.duration_s <= LONGEST_S
    if said.claims:
        yield from _claimed(one, said)
    elif said.kind in CLAIMING and isinstance(one.place, Place) and short:
        yield _filled_in(one, said, one.place)


def _filled_in(one: Observation, said: Statement, place: Place) -> Telling:
    """What a form says: one act, one place."""
    counts = [figure.units for figure in said.figures if not figure.at_least]
    acts = {figure.act: 0.0 for figure in said.figures}
    for figure in said.figures:
        acts[figure.act] += figure.units
    return Telling(
        acts=weighted(acts) if acts else shares(()),
        place=place,
        time=one.phenomenon_time,
        units=said.total if said.total is not None else sum(counts) or None,
        against=said.against,
        admits=said.kind is StatementKind.ADMISSION,
        made_known=None,
    )


def _claimed(one: Observation, said: Statement) -> Iterator[Telling]:
    for claim in said.claims:
        acts = [act for act in claim.acts if act is not Act.UNDETERMINED]
        if claim.kind not in CLAIMING or not acts:
            continue
        time, made_known = _when(one, claim)
        if time.duration_s > LONGEST_S:
            continue
        places = _narrowest(claim)
        for place in places:
            yield Telling(
                acts=shares(acts),
                place=place,
                time=time,
                units=_units(claim, acts) if len(places) == 1 else None,
                against=claim.who if claim.who != said.speaker else "",
                admits=claim.kind is StatementKind.ADMISSION,
                made_known=made_known,
            )


def _when(one: Observation, claim: Claim) -> tuple[Period, datetime | None]:
    """What the claim says, else its statement; else the hours before the print."""
    if claim.time:
        return claim.time, None
    if one.phenomenon_time != one.result_time:
        return one.phenomenon_time, None
    by_party = is_of_party(one)
    time = before(one.result_time, by_party=by_party)
    return time, one.result_time.end if by_party else None


def _narrowest(claim: Claim) -> list[Place]:
    """The points a claim names, each once, without those that only surround another.

    "Torske on the Lyman axis" is Torske.
    """
    named = [t.place for t in claim.toponyms if isinstance(t.place, Place)]
    once = list(dict.fromkeys(named))
    return [one for one in once if not any(_surrounds(one, other) for other in once)]


def _surrounds(one: Place, other: Place) -> bool:
    east_m, north_m = offset_m(one, other)
    within = east_m**2 + north_m**2 <= one.semi_major_m**2
    return within and one.semi_major_m > other.semi_major_m


def _units(claim: Claim, acts: Sequence[Act]) -> int | None:
    """What is counted of the claimed acts, where it is exact and one number."""
    counts = [
        int(one.numeral)
        for one in claim.quantities
        if one.act in acts
        and not one.unit
        and one.bound is Bound.EXACT
        and one.numeral.isdigit()
        and len(one.numeral) <= 9
    ]
    return counts[0] if len(counts) == 1 else None

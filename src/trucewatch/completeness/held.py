"""Who held the ground of a look: what was delivered, checked against the terms.

A delivery says who held the ground; nobody checked it when it was read. It is kept as
it came, with a doubt where the terms know no such party or give the ground to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import shapely

from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_sides
from trucewatch.collect.observation import Acquisition
from trucewatch.place import Place

P_OTHER_SIDE = 0.05  # a party's own side is less likely than this: the other's ground
_NEAR_M = 100.0  # how well the middle of a footprint is known


class Doubt(StrEnum):
    """Why a holder of ground as delivered is not taken at its word."""

    NOBODY = "nobody"  # nobody says who held it
    NO_PARTY = "no_party"  # the terms know no such party
    OTHER_SIDE = "other_side"  # the terms give that ground to the other side of a line


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is said to have held ground.

    Attributes:
        party: id of the party, or the words delivered where the terms know no such.
        doubt: code of ``Doubt``; empty where the terms bear it out.
    """

    party: str
    doubt: str = ""


def holder(one: Acquisition, agreement: Agreement) -> Holder:
    """Who held the ground of a look, by id or name of a party, upper case or lower."""
    said = one.held_by.strip()
    if not said:
        return Holder("", Doubt.NOBODY)
    for party in agreement.parties:
        if said.casefold() in (party.id.casefold(), party.name.casefold()):
            other = _on_other_side(one, party.id, agreement)
            return Holder(party.id, Doubt.OTHER_SIDE if other else "")
    return Holder(said, Doubt.NO_PARTY)


def _on_other_side(one: Acquisition, party: str, agreement: Agreement) -> bool:
    """Whether the middle of a footprint surely lies beyond a line from the party."""
    middle = shapely.Polygon(one.footprint.outer).centroid
    place = Place.circle(middle.y, middle.x, _NEAR_M)
    for line in agreement.lines:
        mine = {side.held for side in line.sides if side.party == party}
        if mine:
            p = sum(p for held, p in p_sides(agreement, line.id, place) if held in mine)
            if p < P_OTHER_SIDE:
                return True
    return False

"""On which side it happened, and why that does not say who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trucewatch.agreement.geometry import Line, SideOf, Zone
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_inside_each
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Attributed, Attribution, SideShare
from trucewatch.grade.reasons import Reason
from trucewatch.place import WHERE_PREC_LIMIT, Place, where_prec

P_SIDE = 0.9  # a side is told apart from here (MODEL 6.3)
_OTHER = {"left": "right", "right": "left", "inside": "rest", "rest": "inside"}


def attributions(
    agreement: Agreement, incidents: Sequence[Incident]
) -> list[Attribution]:
    """For each incident the share of each side of each line, and an abstention.

    The shares say where the incident lies. Who is responsible for it is for a reviewer
    to say; no party is named here.
    """
    lines = [line for line in agreement.lines if line.sides]
    fine = {
        n: one.place
        for n, one in enumerate(incidents)
        if isinstance(one.place, Place) and where_prec(one.place) < WHERE_PREC_LIMIT
    }
    shares: dict[int, list[SideShare]] = {n: [] for n in fine}
    for line in lines:
        both = _sides_each(agreement, line, list(fine.values()))
        for n, sides in zip(fine, both, strict=True):
            shares[n].extend(sides)
    return [_abstention(shares.get(n), bool(lines)) for n in range(len(incidents))]


def _sides_each(
    agreement: Agreement, line: Line, places: Sequence[Place]
) -> list[tuple[SideShare, SideShare]]:
    """What ``within.p_sides`` says of each place, for all places at once."""
    side = line.sides[0]
    zone = Zone(f"side of {line.id}", "", SideOf(line.id, side.party))
    drawn = replace(agreement, zones=(*agreement.zones, zone))
    return [
        (
            SideShare(line.id, side.held, p),
            SideShare(line.id, _OTHER[side.held], 1 - p),
        )
        for p in p_inside_each(drawn, (zone.id,), places).tolist()
    ]


def _abstention(shares: Sequence[SideShare] | None, has_line: bool) -> Attribution:
    """Why no side is named; ``shares`` is ``None`` where the place is too coarse."""
    reasons = [Reason.AUTOMATIC_STAGE]
    if not has_line:
        reasons.append(Reason.NO_LINE)
    elif shares is None:
        reasons.append(Reason.PLACE_TOO_COARSE)
    else:
        reasons.append(Reason.PLACE_IS_NOT_ORIGIN)
    sides = tuple(shares or ())
    if any(1 - P_SIDE < share.p < P_SIDE for share in sides):
        reasons.append(Reason.NEAR_LINE)
    return Attribution(Attributed.NOT, sides, tuple(reasons))

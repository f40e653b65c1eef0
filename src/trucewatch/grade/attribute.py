"""On which side it happened, and why that does not say who did it."""

from __future__ import annotations

from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import p_sides
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Attributed, Attribution, SideShare
from trucewatch.grade.reasons import Reason
from trucewatch.place import WHERE_PREC_LIMIT, Place, where_prec

P_SIDE = 0.9  # a side is told apart from here (MODEL 6.3)


def attribution_of(incident: Incident, agreement: Agreement) -> Attribution:
    """The share of each side of each line, always with an abstention.

    The shares say where the incident lies. Who is responsible for it is for a reviewer
    to say; no party is named here.
    """
    reasons = [Reason.AUTOMATIC_STAGE]
    lines = [line for line in agreement.lines if line.sides]
    if not lines:
        return _abstained((), (*reasons, Reason.NO_LINE))
    place = incident.place
    if not isinstance(place, Place) or where_prec(place) >= WHERE_PREC_LIMIT:
        return _abstained((), (*reasons, Reason.PLACE_TOO_COARSE))
    shares = tuple(
        SideShare(line.id, held, p)
        for line in lines
        for held, p in p_sides(agreement, line.id, place)
    )
    if any(max(s.p for s in shares if s.line == line.id) < P_SIDE for line in lines):
        reasons.append(Reason.NEAR_LINE)
    return _abstained(shares, (*reasons, Reason.PLACE_IS_NOT_ORIGIN))


def _abstained(
    shares: tuple[SideShare, ...], reasons: tuple[Reason, ...]
) -> Attribution:
    return Attribution(Attributed.NOT, shares, tuple(reasons))

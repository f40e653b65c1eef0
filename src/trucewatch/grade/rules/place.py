"""Does it lie where the clause holds?"""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.agreement.geometry import Everywhere
from trucewatch.agreement.within import p_inside_each, p_near_sites
from trucewatch.fuse.incident import Incident
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question
from trucewatch.place import WHERE_PREC_LIMIT, Place, where_prec


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability of lying in the clause's zones and at its sites, per incident.

    An incident known to an area only is testable where the clause holds everywhere;
    its answer is 0 elsewhere, because such a place supports nothing.
    """
    if _holds_everywhere(question):
        return [Answer(1.0)] * len(incidents)
    found = {one.id: one.place for one in incidents if _is_fine(one)}
    placed = {n: place for n, place in found.items() if isinstance(place, Place)}
    inside = dict(zip(placed, _inside(question, list(placed.values())), strict=True))
    return [
        _answer(question, inside[one.id])
        if one.id in inside
        else Answer(0.0, testable=False, reasons=(Reason.PLACE_TOO_COARSE,))
        for one in incidents
    ]


def _holds_everywhere(question: Question) -> bool:
    clause = question.clause
    shapes = {zone.id: zone.shape for zone in question.agreement.zones}
    zones = [shapes.get(one) for one in clause.where]
    whole = not zones or any(isinstance(shape, Everywhere) for shape in zones)
    return whole and not clause.sites


def _is_fine(incident: Incident) -> bool:
    return where_prec(incident.place) < WHERE_PREC_LIMIT


def _inside(question: Question, places: list[Place]) -> list[float]:
    agreement, clause = question.agreement, question.clause
    zones: list[float] = p_inside_each(agreement, clause.where, places).tolist()
    if not clause.sites:
        return zones
    reach_m = question.settings.site_reach_m
    return [
        p and p * p_near_sites(agreement, clause.sites, reach_m, place)
        for p, place in zip(zones, places, strict=True)
    ]


def _answer(question: Question, p: float) -> Answer:
    if p <= question.settings.p_outside:
        return Answer(p, reasons=(Reason.OUTSIDE_ZONE,))
    if p < question.settings.p_inside:
        return Answer(p, reasons=(Reason.ZONE_UNDECIDED,))
    return Answer(p)

"""Do the terms excuse it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import sqrt

from scipy.stats import ncx2

from trucewatch.agreement.taxonomy import is_a
from trucewatch.agreement.terms import Exemption
from trucewatch.agreement.within import p_inside
from trucewatch.collect.observation import Notice, Observation
from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.fuse.incident import Incident
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question
from trucewatch.period import Period
from trucewatch.place import Place

# An announcement shows that somebody announced, not that somebody allowed.
P_AUTHORISED = 0.5


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability that each incident is excused, by its best excuse."""
    return [
        max(_excuses(question, one), key=lambda a: a.p, default=Answer(0.0))
        for one in incidents
    ]


def _excuses(question: Question, incident: Incident) -> Iterator[Answer]:
    for exemption in question.agreement.exemptions:
        p = _p_covered(question, exemption, incident)
        if p <= question.settings.p_outside:
            continue
        if exemption.needs == "nothing":
            yield _excuse(question, exemption, p, ())
            continue
        for one in question.notices:
            if isinstance(one.result, Notice) and one.result.kind is exemption.kind:
                matched = p * _p_matched(exemption, incident, one)
                yield _excuse(question, exemption, matched, (one,))


def _excuse(
    question: Question,
    exemption: Exemption,
    p: float,
    notices: tuple[Observation, ...],
) -> Answer:
    if p <= question.settings.p_outside:
        return Answer(0.0)
    reasons = []
    if exemption.needs == "authorisation":
        p *= P_AUTHORISED
        reasons.append(Reason.AUTHORISATION_NOT_SHOWN)
    if p < question.settings.p_inside:
        reasons.append(Reason.EXEMPT_POSSIBLE)
    else:
        reasons.append(Reason.EXEMPT_NOTIFIED if notices else Reason.EXEMPT_BY_TERMS)
    sources = tuple(one.id for one in notices)
    return Answer(p, True, tuple(reasons), exemption.kind, sources)


def _p_covered(question: Question, exemption: Exemption, incident: Incident) -> float:
    """That the incident is such an act, in the exemption's zones."""
    p = sum(
        share.p
        for share in incident.acts
        if any(is_a(share.act, act) for act in exemption.acts)
    )
    if p <= 0 or not exemption.where:
        return p
    if not isinstance(incident.place, Place):
        return 0.0
    return p * p_inside(question.agreement, exemption.where, incident.place)


def _p_matched(exemption: Exemption, incident: Incident, notice: Observation) -> float:
    """That the incident lies within the exemption's reach of what was announced."""
    if not (isinstance(incident.place, Place) and isinstance(notice.place, Place)):
        return 0.0
    slack = timedelta(seconds=exemption.within_s)
    announced = notice.phenomenon_time
    widened = Period(announced.begin - slack, announced.end + slack)
    in_time = incident.time.overlap_s(widened) / incident.time.duration_s
    if not in_time:
        return 0.0
    return in_time * _p_within(incident.place, notice.place, exemption.within_m)


def _p_within(place: Place, other: Place, within_m: float) -> float:
    """That two uncertain places lie within a distance of each other.

    Source: non-central chi-square law with two degrees of freedom; the two ellipses
    together are taken as the circle of the same mean variance.
    """
    (a, _, b), (c, _, d) = covariance_of(place), covariance_of(other)
    sigma_m = sqrt((a + b + c + d) / 2)
    east_m, north_m = offset_m(place, other)
    apart2 = (east_m**2 + north_m**2) / sigma_m**2
    return float(ncx2.cdf((within_m / sigma_m) ** 2, 2, apart2))

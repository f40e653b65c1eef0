"""Do the terms excuse it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import exp, log10, pi, sqrt

from scipy.stats import ncx2

from trucewatch.agreement.taxonomy import is_a
from trucewatch.agreement.terms import Exemption
from trucewatch.agreement.within import p_inside
from trucewatch.collect.observation import Notice, Observation
from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.fuse.blend import determinant, distance2
from trucewatch.fuse.incident import Incident
from trucewatch.grade.causes import A_DEED
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question
from trucewatch.period import Period
from trucewatch.place import Place

# An announcement shows that somebody announced, not that somebody allowed.
P_AUTHORISED = 0.5
P_AS_ANNOUNCED = 0.9  # that a work lies in the place announced; judgement, not fitted
DAY_S = 86_400.0


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability that each incident is excused, by its best excuse."""
    return [
        max(_excuses(question, one), key=lambda a: a.p, default=Answer(0.0))
        for one in incidents
    ]


def _excuses(question: Question, incident: Incident) -> Iterator[Answer]:
    for exemption in question.agreement.exemptions:
        p_kind = _p_kind(exemption, incident)
        p_zone = _p_zone(question, exemption, incident)
        if p_kind * p_zone <= question.settings.p_outside:
            continue
        if exemption.needs == "nothing":
            yield _excuse(question, exemption, p_kind * p_zone, ())
            continue
        for one in question.notices:
            if isinstance(one.result, Notice) and one.result.kind is exemption.kind:
                p_reach = _p_matched(exemption, incident, one)
                p_work = _p_work(question, incident, (exemption, one), p_kind)
                yield _excuse(question, exemption, p_zone * p_reach * p_work, (one,))


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


def _p_kind(exemption: Exemption, incident: Incident) -> float:
    """That the incident is an act such as the exemption speaks of."""
    return sum(
        share.p
        for share in incident.acts
        if any(is_a(share.act, act) for act in exemption.acts)
    )


def _p_zone(question: Question, exemption: Exemption, incident: Incident) -> float:
    """That it lies in the exemption's zones."""
    if not exemption.where:
        return 1.0
    if not isinstance(incident.place, Place):
        return 0.0
    return p_inside(question.agreement, exemption.where, incident.place)


def _p_work(
    question: Question,
    incident: Incident,
    announced: tuple[Exemption, Observation],
    p_kind: float,
) -> float:
    """That it is the very work announced, rather than an attack beside it.

    Odds are the density of announced work there and then over the density of attacks,
    and of thunder and the like where it was only heard, each with what its features
    are worth. Without a calibration whatever lies within reach is taken for the work.
    """
    exemption, notice = announced
    calibration = question.settings.calibration
    if calibration is None:
        return p_kind
    cause = question.causes.get(incident.id, A_DEED)
    per_km2_day = calibration.works_ratio * _density(exemption, incident, notice)
    if per_km2_day <= 0:
        return 0.0
    odds_log10 = log10(per_km2_day) - cause.log10_attacks_per_km2_day
    odds = p_kind * 10 ** (odds_log10 + cause.log10_work_ratio)
    nature = 10**-cause.log10_deed_odds if cause.heard else 0.0
    return odds / (1 + nature + odds)


def _density(exemption: Exemption, incident: Incident, notice: Observation) -> float:
    """Of one announced blast per km2 and day where and when the incident was.

    Nine in ten lie where announced and nine in ten when, the rest evenly within the
    exemption's reach.
    """
    place, other = incident.place, notice.place
    if not (isinstance(place, Place) and isinstance(other, Place)):
        return 0.0
    (a, b, c), (d, e, f) = covariance_of(place), covariance_of(other)
    both = (a + d, b + e, c + f)
    near = exp(-distance2(offset_m(other, place), both) / 2)
    peak_km2 = 2 * pi * sqrt(determinant(both)) / 1e6
    reach_km2 = pi * (exemption.within_m / 1000) ** 2
    spread = P_AS_ANNOUNCED * near / peak_km2
    if reach_km2:
        spread += (1 - P_AS_ANNOUNCED) / reach_km2
    announced = notice.phenomenon_time
    on_time = incident.time.overlap_s(announced) / incident.time.duration_s
    rate = P_AS_ANNOUNCED * on_time / announced.duration_s
    if exemption.within_s:
        rate += (1 - P_AS_ANNOUNCED) / (announced.duration_s + 2 * exemption.within_s)
    return spread * DAY_S * rate


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

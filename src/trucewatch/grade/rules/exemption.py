"""Do the terms excuse it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from math import exp, hypot, pi, sqrt

from scipy.stats import ncx2

from trucewatch.agreement.taxonomy import is_a
from trucewatch.agreement.terms import Exemption
from trucewatch.agreement.within import p_inside
from trucewatch.collect.observation import Notice, Observation
from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.fuse.blend import determinant, distance2
from trucewatch.fuse.incident import Incident
from trucewatch.grade.announced import commotion_per_km2_day, p_works
from trucewatch.grade.calibration import Calibration
from trucewatch.grade.causes import A_DEED
from trucewatch.grade.reasons import Reason
from trucewatch.grade.rule import Answer, Question
from trucewatch.period import Period
from trucewatch.place import SIGMAS_90, Place

# An announcement shows that somebody announced, not that somebody allowed.
P_AUTHORISED = 0.5
P_AS_ANNOUNCED = 0.9  # that a work lies in the place announced; judgement, not fitted
DAY_S = 86_400.0
REACH_SIGMAS = 5.0  # beyond these nothing is asked


@dataclass(frozen=True, slots=True)
class _Excuse:
    """One way in which the terms excuse an incident, and how likely it is the one."""

    exemption: Exemption
    p: float
    notice: Observation | None = None


def answers(question: Question, incidents: Sequence[Incident]) -> list[Answer]:
    """The probability that each incident is excused, and its best excuse."""
    found: list[list[_Excuse]] = [[] for _ in incidents]
    for n, excuse in chain(_by_terms(question, incidents), _said(question, incidents)):
        found[n].append(excuse)
    return [_answer(question, some) for some in found]


def _answer(question: Question, excuses: Sequence[_Excuse]) -> Answer:
    """What is announced excludes each other, so that it adds up, where it is odds."""
    if not excuses:
        return Answer(0.0)
    best = max(excuses, key=lambda one: one.p)
    p = best.p
    if best.notice and question.settings.calibration is not None:
        p = min(1.0, sum(one.p for one in excuses if one.notice))
    if p <= question.settings.p_outside:
        return Answer(0.0)
    reasons = []
    if best.exemption.needs == "authorisation":
        reasons.append(Reason.AUTHORISATION_NOT_SHOWN)
    if p < question.settings.p_inside:
        reasons.append(Reason.EXEMPT_POSSIBLE)
    else:
        notified = best.notice is not None
        reasons.append(Reason.EXEMPT_NOTIFIED if notified else Reason.EXEMPT_BY_TERMS)
    sources = (best.notice.id,) if best.notice else ()
    return Answer(p, True, tuple(reasons), best.exemption.kind, sources)


def _by_terms(
    question: Question, incidents: Sequence[Incident]
) -> Iterator[tuple[int, _Excuse]]:
    """Excuses that need nobody's word, by row of the incidents."""
    for exemption in question.agreement.exemptions:
        if exemption.needs == "nothing":
            for n, (p_kind, p_zone) in _able(question, exemption, incidents).items():
                yield n, _Excuse(exemption, p_kind * p_zone)


def _able(
    question: Question, exemption: Exemption, incidents: Sequence[Incident]
) -> dict[int, tuple[float, float]]:
    """Rows of incidents an exemption may speak of: that kind and zone fit."""
    each = (
        (n, _p_kind(exemption, one), _p_zone(question, exemption, one))
        for n, one in enumerate(incidents)
    )
    least = question.settings.p_outside
    return {n: (kind, zone) for n, kind, zone in each if kind * zone > least}


def _said(
    question: Question, incidents: Sequence[Incident]
) -> Iterator[tuple[int, _Excuse]]:
    """Excuses somebody announced, by row of the incidents."""
    said, near = [], []
    for exemption in question.agreement.exemptions:
        notices = _notices(question, exemption)
        able = _able(question, exemption, incidents) if notices else {}
        for notice in notices:
            some = {
                n: pair
                for n, pair in able.items()
                if _may_match(exemption, incidents[n], notice)
            }
            said.append((exemption, notice))
            near.append(some)
    works = _p_works(question, said, near, incidents)
    for (exemption, notice), some, p_work in zip(said, near, works, strict=True):
        allowed = P_AUTHORISED if exemption.needs == "authorisation" else 1.0
        for n, (_, p_zone) in some.items():
            p = p_zone * p_work[n] * _p_matched(exemption, incidents[n], notice)
            yield n, _Excuse(exemption, allowed * p, notice)


def _notices(question: Question, exemption: Exemption) -> list[Observation]:
    if exemption.needs == "nothing":
        return []
    return [
        one
        for one in question.notices
        if isinstance(one.result, Notice) and one.result.kind is exemption.kind
    ]


def _p_works(
    question: Question,
    said: Sequence[tuple[Exemption, Observation]],
    near: Sequence[Mapping[int, tuple[float, float]]],
    incidents: Sequence[Incident],
) -> list[dict[int, float]]:
    """That incidents are the very works announced, rather than beside them.

    Without a calibration whatever lies within reach is taken for the work.
    """
    calibration = question.settings.calibration
    if calibration is None or not said:
        return [{n: kind for n, (kind, _) in some.items()} for some in near]
    announced = {n for some in near for n in some}
    beside = commotion_per_km2_day(incidents, announced)
    odds = [
        {
            n: kind * _odds(question, calibration, one, (incidents[n], beside[n]))
            for n, (kind, _) in some.items()
        }
        for one, some in zip(said, near, strict=True)
    ]
    return p_works(odds, incidents)


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


def _odds(
    question: Question,
    calibration: Calibration,
    announced: tuple[Exemption, Observation],
    found: tuple[Incident, float],
) -> float:
    """Of the very work announced against anything else that bangs there.

    The density of announced work there and then over the density of attacks, of
    thunder and the like where it was only heard, each with what its features are
    worth, and of what else bangs about it, per km2 and day.
    """
    (exemption, notice), (incident, beside) = announced, found
    cause = question.causes.get(incident.id, A_DEED)
    work = calibration.works_ratio * _density(exemption, incident, notice)
    nature = 10**-cause.log10_deed_odds if cause.heard else 0.0
    other = 10**cause.log10_attacks_per_km2_day * (1 + nature) + beside
    return work * 10**cause.log10_work_ratio / other


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


def _may_match(exemption: Exemption, incident: Incident, notice: Observation) -> bool:
    """Whether the incident may lie within the exemption's reach of a notice."""
    place, other = incident.place, notice.place
    if not (isinstance(place, Place) and isinstance(other, Place)):
        return False
    slack = timedelta(seconds=exemption.within_s)
    if not incident.time.overlaps(notice.phenomenon_time, slack):
        return False
    reach_m = REACH_SIGMAS * (place.semi_major_m + other.semi_major_m) / SIGMAS_90
    return hypot(*offset_m(place, other)) <= exemption.within_m + reach_m


def _p_matched(exemption: Exemption, incident: Incident, notice: Observation) -> float:
    """That the incident lies within the exemption's reach of what was announced."""
    if not (isinstance(incident.place, Place) and isinstance(notice.place, Place)):
        return 0.0
    slack = timedelta(seconds=exemption.within_s)
    announced = notice.phenomenon_time
    widened = Period(announced.begin - slack, announced.end + slack)
    in_time = incident.time.overlap_s(widened) / incident.time.duration_s
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

"""What several independent origins say together of where, when and what."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.agreement.taxonomy import BROADER, Act
from trucewatch.detect.detection import ActShare
from trucewatch.detect.ellipse import (
    Covariance,
    covariance_of,
    moved,
    offset_m,
    place_of,
)
from trucewatch.period import Period
from trucewatch.place import Place


def blended(places: Sequence[Place]) -> Place:
    """The product of the places' normal laws; the first alone stays as it is.

    Source: product of Gaussians, information form, in a plane touching at the first.
    """
    origin = places[0]
    if len(places) == 1:
        return origin
    first, both, second, east, north = 0.0, 0.0, 0.0, 0.0, 0.0
    for place in places:
        a, b, c = inverse(covariance_of(place))
        x, y = offset_m(origin, place)
        first, both, second = first + a, both + b, second + c
        east, north = east + a * x + b * y, north + b * x + c * y
    covariance = inverse((first, both, second))
    east_m = covariance[0] * east + covariance[1] * north
    north_m = covariance[1] * east + covariance[2] * north
    return place_of(*moved(origin, east_m, north_m), covariance)


def misfit(place: Place, origin: Place) -> float:
    """Half the squared distance from ``place``, in sigmas of ``origin``."""
    return distance2(offset_m(origin, place), covariance_of(origin)) / 2


def distance2(offset: tuple[float, float], covariance: Covariance) -> float:
    """Squared Mahalanobis distance of an offset in metres."""
    a, b, c = inverse(covariance)
    x, y = offset
    return a * x * x + 2 * b * x * y + c * y * y


def determinant(covariance: Covariance) -> float:
    """Of a symmetric matrix of order two."""
    return covariance[0] * covariance[2] - covariance[1] ** 2


def inverse(matrix: Covariance) -> Covariance:
    """Of a symmetric, regular matrix of order two."""
    a, b, c = matrix
    det = determinant(matrix)
    return c / det, -b / det, a / det


def common(times: Sequence[Period]) -> Period:
    """The time all periods share.

    Raises:
        ValueError: if they share none.
    """
    return Period(max(one.begin for one in times), min(one.end for one in times))


def agreed(said: Sequence[tuple[ActShare, ...]]) -> tuple[ActShare, ...]:
    """What the act was, from what each origin said; the mean where they exclude.

    An act an origin did not name counts as the nearest broader act it did name, so
    that "an explosion" and "shelling" together are shelling.
    """
    listed = [{share.act: share.p for share in acts} for acts in said]
    acts = sorted({act for one in listed for act in one})
    scores = {act: 1.0 for act in acts}
    for act in acts:
        for one in listed:
            scores[act] *= _said(one, act)
    if sum(scores.values()) <= 0:
        scores = {a: sum(one.get(a, 0.0) for one in listed) for a in acts}
    total = sum(scores[act] for act in acts)
    ranked = sorted(acts, key=lambda act: (-scores[act], act))
    return tuple(ActShare(a, scores[a] / total) for a in ranked if scores[a] > 0)


def _said(one: dict[Act, float], act: Act) -> float:
    step: Act | None = act
    while step is not None:
        if step in one:
            return one[step]
        step = BROADER.get(step)
    return one.get(Act.UNDETERMINED, 0.0)

"""What a detection that can speak of many incidents gives to each of them.

A report of a day, a fire or a count within the hour joins the incident that explains
it best. Where several sharp hypotheses explain it, it cannot prove each: their shares
follow from one noisy-or.

    intensity of z = clutter (1 + sum of p_j L_j)      L_j its ratio, were it of j
    j gains          log10 (1 + L_j / (1 + sum over the others of p_i L_i))
    its own incident log10 (    L_b / (1 + sum over the others of p_i L_i))

Source: MODEL 1.3, capacity of channels D, E, G and H, as a Poisson rate; the others at
their odds without z. One hypothesis alone keeps the whole ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.ellipse import Covariance, covariance_of, offset_m
from trucewatch.fuse.blend import distance2, inverse
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.gain import SPARE
from trucewatch.fuse.group import Group
from trucewatch.fuse.incident import Contribution
from trucewatch.fuse.law import Capacity, law_of
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import METRES_PER_DEG
from trucewatch.fuse.weigh import p_of
from trucewatch.place import Place

LEAST_LISTED = 0.05  # decades; what gives less is not listed and not counted


@dataclass(frozen=True, slots=True)
class _Word:
    """A cell that may speak of many, and the number of its own group."""

    cell: Cell
    home: int


def shared(
    groups: Sequence[Group], settings: FusionSettings
) -> dict[int, tuple[Contribution, ...]]:
    """By number of the group, the contributions that differ from its own; by key."""
    sharp = _Sharp(groups, settings)
    found: dict[int, dict[str, Contribution]] = {}
    for word in _words(groups):
        near = sharp.near(word.cell)
        if len(near) < 2 or word.home not in near:
            continue
        for number, ratio in _shares(word, near, groups):
            given = _given(groups[number], word, ratio, own=number == word.home)
            best = found.setdefault(number, {})
            held = best.get(given.independence)
            weaker = held is not None and (
                held.log10_likelihood_ratio >= given.log10_likelihood_ratio
            )
            if not weaker:
                best[given.independence] = given
    return {
        number: tuple(best[key] for key in sorted(best))
        for number, best in found.items()
    }


def with_shares(group: Group, given: Sequence[Contribution]) -> Group:
    """The group with such contributions in place of those of their keys."""
    if not given:
        return group
    own = {one.independence: one for one in group.weighed.contributions}
    anew = {one.independence: one for one in given}
    told = {**own, **anew}
    shifts = tuple(
        (key, one.log10_likelihood_ratio - _log10(own.get(key)))
        for key, one in anew.items()
    )
    weighed = replace(group.weighed, contributions=tuple(told.values()))
    return replace(group, weighed=weighed, log10_shifts=shifts)


def _log10(one: Contribution | None) -> float:
    return one.log10_likelihood_ratio if one else 0.0


def _words(groups: Sequence[Group]) -> list[_Word]:
    """Cells that stand for their key in a sharp group and may speak of many."""
    return [
        _Word(cell, number)
        for number, group in enumerate(groups)
        if group.weighed.moment
        for cell in group.weighed.origins
        if not cell.is_claim
        and law_of(cell.best.detector).capacity(cell) is Capacity.MANY
    ]


class _Sharp:
    """Groups whose instant is known, to be looked up by place and time."""

    def __init__(self, groups: Sequence[Group], settings: FusionSettings) -> None:
        rows = [
            (group.weighed.moment.state.time_s, number)
            for number, group in enumerate(groups)
            if group.weighed.moment and isinstance(group.weighed.place, Place)
        ]
        rows.sort()
        self._numbers = np.array([number for _, number in rows], np.int64)
        self._times_s = np.array([time_s for time_s, _ in rows])
        places = [groups[number].weighed.place for _, number in rows]
        lonlat_deg = [(p.lon_deg, p.lat_deg) for p in places if isinstance(p, Place)]
        self._lonlat_deg = np.array(lonlat_deg).reshape(-1, 2)
        self._groups = groups
        self._gate = float(settings.gate_sigmas**2)

    def near(self, cell: Cell) -> list[int]:
        """Numbers of the groups the cell could speak of, ascending."""
        place, time = cell.best.place, cell.best.time
        if not isinstance(place, Place):
            return []
        bounds_s = time.begin.timestamp(), time.end.timestamp()
        first = np.searchsorted(self._times_s, bounds_s[0], side="left")
        last = np.searchsorted(self._times_s, bounds_s[1], side="right")
        covariance = covariance_of(place)
        away = self._distances(first, last, place, covariance)
        found = np.flatnonzero(away <= self._gate + SPARE)
        close = self._numbers[first:last][found]
        unsure = close[away[found] >= self._gate - SPARE]
        far = [n for n in unsure.tolist() if not self._is_near(n, place, covariance)]
        return sorted(set(close.tolist()) - set(far))

    def _distances(
        self, first: np.intp, last: np.intp, place: Place, covariance: Covariance
    ) -> NDArray[np.float64]:
        """Squared, in the ellipse of a place; good to SPARE."""
        lon, lat = self._lonlat_deg[first:last].T
        flat = np.cos(np.radians((place.lat_deg + lat) / 2))
        x = ((lon - place.lon_deg + 180) % 360 - 180) * flat * METRES_PER_DEG
        y = (lat - place.lat_deg) * METRES_PER_DEG
        a, b, c = inverse(covariance)
        return np.asarray(a * x * x + 2 * b * x * y + c * y * y)

    def _is_near(self, number: int, place: Place, covariance: Covariance) -> bool:
        there = self._groups[number].weighed.place
        if not isinstance(there, Place):
            return False
        return distance2(offset_m(place, there), covariance) <= self._gate


def _shares(
    word: _Word, near: Sequence[int], groups: Sequence[Group]
) -> list[tuple[int, float]]:
    """What each group gains from the word, where it is worth listing."""
    ratios = {n: _ratio(word.cell, groups[n]) for n in near}
    weights = {n: _p_without(groups[n], word) * 10 ** ratios[n] for n in near}
    total = sum(weights[n] for n in near)
    found = []
    for n in near:
        others = 1 + max(total - weights[n], 0.0)
        if n == word.home:
            found.append((n, ratios[n] - log10(others)))
            continue
        gain = log10(1 + 10 ** ratios[n] / others)
        if gain >= LEAST_LISTED and word.cell.best.independence not in groups[n].keys:
            found.append((n, gain))
    return found


def _ratio(cell: Cell, group: Group) -> float:
    moment = group.weighed.moment
    if moment is None:
        return -300.0
    return law_of(cell.best.detector).log10_ratio(cell, moment.state)


def _p_without(group: Group, word: _Word) -> float:
    """Probability of the group without what the word's key gives it."""
    key = word.cell.best.independence
    own = _held(group, key)
    gained = own.log10_likelihood_ratio if own else 0.0
    return p_of(group.weighed.log10_odds - gained)


def _given(group: Group, word: _Word, ratio: float, *, own: bool) -> Contribution:
    best = word.cell.best
    held = _held(group, best.independence)
    if own and held is not None:
        return replace(held, log10_likelihood_ratio=max(ratio, 0.0))
    return Contribution(
        independence=best.independence,
        channel=best.channel,
        log10_likelihood_ratio=ratio,
        detections=word.cell.copies,
    )


def _held(group: Group, key: str) -> Contribution | None:
    """What a key gives a group already."""
    given = group.weighed.contributions
    return next((one for one in given if one.independence == key), None)

"""What joining two groups gains: "one incident" against "two".

The gain of a pair is reckoned exactly, one pair at a time, only where it may matter:
``Bounds`` says for any number of pairs at once what their gains cannot exceed.
"""

from __future__ import annotations

from math import inf, log, pi

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.delay import PARTY, late_s
from trucewatch.detect.ellipse import offset_m
from trucewatch.detect.strength import DAY_S
from trucewatch.fuse.blend import determinant, distance2
from trucewatch.fuse.cell import Cell, shared_kind
from trucewatch.fuse.group import Group
from trucewatch.fuse.law import p_then
from trucewatch.fuse.neighbours import Integers, Numbers, microseconds
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import METRES_PER_DEG, State, p_inside
from trucewatch.fuse.weigh import Weighed
from trucewatch.place import Place

LOG10 = log(10)
NEVER = -inf  # the gain of what cannot be one
QUANTUM = 2.0**20  # gains are compared on this grid, coarser than a last bit
SPARE = 1e-6  # of a squared distance: the exact gate is looked at again
SPARE_S = 1e-6
KINDS = (Act.UNDETERMINED, *(act for act in Act if act is not Act.UNDETERMINED))

_FIELDS = 9  # numbers kept of each group


def merge_gain(one: Group, other: Group, settings: FusionSettings) -> float:
    """Log of "one incident" over "two": positive where one explains both better.

    Source: MODEL 1.2; the integral over place of two normal laws and over time of two
    uniform laws, against the density of births.
    """
    if one.covariance is None or other.covariance is None:
        return NEVER
    if not one.window.overlaps(other.window):
        return NEVER
    if not _same_kind(one.kind, other.kind) or one.sealed & other.sealed:
        return NEVER
    (a, b, c), (d, e, f) = one.covariance, other.covariance
    both = (a + d, b + e, c + f)
    place, there = one.weighed.place, other.weighed.place
    if not (isinstance(place, Place) and isinstance(there, Place)):
        return NEVER
    distance = distance2(offset_m(place, there), both)
    if distance > settings.gate_sigmas**2:
        return NEVER
    births = settings.log10_births(shared_kind((*one.cells, *other.cells))) * LOG10
    split = log(settings.p_same_origin_splits) if one.keys & other.keys else 0.0
    per_km2 = log(1e6) - log(2 * pi) - log(determinant(both)) / 2 - distance / 2
    return per_km2 + _log_per_day(one.weighed, other.weighed) - births + split


def merge_key(one: Group, other: Group, settings: FusionSettings) -> int | None:
    """The gain on the grid by which gains are compared; ``None`` where it is none."""
    gain = merge_gain(one, other, settings)
    return round(gain * QUANTUM) if gain > 0 else None


class Bounds:
    """What the gains of pairs of groups cannot exceed.

    Groups are known by the number under which they were put in.
    """

    def __init__(self, most: int, settings: FusionSettings) -> None:
        """Room for so many groups."""
        self._settings = settings
        self._numbers = np.full((most, _FIELDS), np.nan)
        self._ticks = np.zeros((most, 2), np.int64)
        self._timed = np.zeros(most, np.bool_)
        self._kind = np.zeros(most, np.int64)
        self._sealed = np.zeros(most, np.int64)
        self._codes: dict[str, int] = {}
        births = [settings.log10_births(kind) * LOG10 for kind in KINDS]
        self._births = np.array(births)

    def put(self, number: int, group: Group) -> None:
        """Know a group; one without a place gains nothing with any other."""
        weighed, moment = group.weighed, group.weighed.moment
        place, covariance = weighed.place, group.covariance
        if not isinstance(place, Place) or covariance is None:
            return
        at = moment.state if moment else State(0.0, 0.0, 0.0)
        self._numbers[number] = (
            place.lat_deg,
            place.lon_deg,
            *covariance,
            weighed.time.duration_s,
            log(_most_then(weighed)),
            at.time_s,
            at.time_sd_s**2,
        )
        self._ticks[number] = microseconds(group.window)
        self._timed[number] = moment is not None
        self._kind[number] = KINDS.index(group.kind)
        if len(group.sealed) == 1:
            (key,) = group.sealed
            self._sealed[number] = self._codes.setdefault(key, len(self._codes) + 1)

    def of(self, one: Integers, other: Integers) -> Numbers:
        """What each pair's gain cannot exceed, ``NEVER`` included, shape ``(n,)``."""
        first, second = self._kind[one], self._kind[other]
        able = (first == second) | (first == 0) | (second == 0)
        able &= (self._sealed[one] != self._sealed[other]) | (self._sealed[one] == 0)
        begin = np.maximum(self._ticks[one, 0], self._ticks[other, 0])
        shared_us = np.minimum(self._ticks[one, 1], self._ticks[other, 1]) - begin
        able &= shared_us > 0
        rows = np.flatnonzero(able)
        distance, det = self._distances(one[rows], other[rows])
        close = distance <= self._settings.gate_sigmas**2 + SPARE
        rows, distance, det = rows[close], distance[close], det[close]
        some, others = one[rows], other[rows]
        births = self._births[np.maximum(self._kind[some], self._kind[others])]
        per_km2 = log(1e6 / (2 * pi)) - np.log(det) / 2 - distance / 2
        per_day = self._log_per_day(some, others, shared_us[rows] * 1e-6)
        found = np.full(len(one), NEVER)
        found[rows] = per_km2 + per_day - births
        return found

    def keys(self, one: Integers, other: Integers) -> Integers:
        """``of`` on the grid of ``merge_key``, never below the key of the exact gain.

        Zero or less where nothing is gained.
        """
        most = self.of(one, other)
        found = np.zeros(len(most), np.int64)
        gains = most > -1.0
        found[gains] = np.floor(most[gains] * QUANTUM).astype(np.int64) + 2
        return found

    def _distances(self, one: Integers, other: Integers) -> tuple[Numbers, Numbers]:
        """Squared distance in both ellipses, and the determinant of the two."""
        lat, lon, a, b, c = self._numbers[one, :5].T
        lat2, lon2, d, e, f = self._numbers[other, :5].T
        flat = np.cos(np.radians((lat + lat2) / 2))
        x = ((lon2 - lon + 180) % 360 - 180) * flat * METRES_PER_DEG
        y = (lat2 - lat) * METRES_PER_DEG
        a, b, c = a + d, b + e, c + f
        det = a * c - b * b
        return (c * x * x - 2 * b * x * y + a * y * y) / det, det

    def _log_per_day(
        self, one: Integers, other: Integers, shared_s: Numbers
    ) -> Numbers:
        """As the exact one; a probability within a period is taken as its most."""
        first, second = self._numbers[one, 5:].T, self._numbers[other, 5:].T
        timed, also = self._timed[one], self._timed[other]
        both = first[3] + second[3]
        apart = (first[2] - second[2]) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            each = log(DAY_S) - apart / both / 2 - np.log(2 * pi * both) / 2
            even = np.log((shared_s + SPARE_S) * DAY_S / (first[0] * second[0]))
        open_s = np.where(timed, second[0], first[0])
        most = np.where(timed, second[1], first[1])
        mixed = most + log(DAY_S) - np.log(open_s)
        found: Numbers = np.where(timed | also, mixed, even)
        return np.where(timed & also, each, found)


def _most_then(weighed: Weighed) -> float:
    """What ``p_then`` of an instant and this time cannot exceed."""
    alone = _alone(weighed)
    printed = alone.best.made_known if alone else None
    if alone is None or printed is None:
        return 1.0
    time = alone.best.time
    ends_s = (late_s(printed, at.timestamp()) for at in (time.end, time.begin))
    return max(1.0, PARTY.most_ratio(*ends_s))


def _alone(weighed: Weighed) -> Cell | None:
    return weighed.origins[0] if len(weighed.origins) == 1 else None


def _log_per_day(one: Weighed, other: Weighed) -> float:
    """Log of the integral of the product of two laws of time, per day.

    Two uniform laws, a normal and a uniform one, or two normal ones.
    """
    if one.moment is None and other.moment is None:
        shared_s, lengths = one.time.overlap_s(other.time), one.time.duration_s
        return log(shared_s * DAY_S / (lengths * other.time.duration_s))
    if one.moment is not None and other.moment is not None:
        first, second = one.moment.state, other.moment.state
        both = first.time_sd_s**2 + second.time_sd_s**2
        apart = (first.time_s - second.time_s) ** 2
        return -apart / both / 2 - log(2 * pi * both) / 2 + log(DAY_S)
    known, open_ = (one, other) if one.moment else (other, one)
    state = known.moment.state if known.moment else State(0.0, 0.0, 0.0)
    alone = _alone(open_)
    p = p_then(alone, state) if alone else p_inside(open_.time, state)
    return log(p * DAY_S / open_.time.duration_s)


def _same_kind(one: Act, other: Act) -> bool:
    return one == other or Act.UNDETERMINED in (one, other)

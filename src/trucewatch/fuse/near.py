"""Pairs of incidents that are nearly one: for a person to look at.

The model told them as two, and not by much, or a guard kept them apart. Nothing here
changes anything: a person's ruling does, in the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from trucewatch.detect.ellipse import covariance_of, offset_m
from trucewatch.fuse.blend import distance2
from trucewatch.fuse.gain import SPARE, Bounds, merge_gain
from trucewatch.fuse.group import Group
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.neighbours import Integers
from trucewatch.fuse.settings import FusionSettings
from trucewatch.place import Place
from trucewatch.record import Record, RecordId

P_LEAST = 0.05  # that they are one; below nobody need look
MOST = 200  # of one picture: the likeliest


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss(Record):
    """Two incidents that may be one, and what it would change.

    Attributes:
        first: id of one incident, with its name; likewise ``second``.
        p_same: that they are one, by the model; from 0.5 on where a guard kept them
            apart: joined, one of them would be less probable than alone.
        away_m: between their places.
        away_ratio: the same in standard deviations of both places together.
        shared_s: how long their times overlap.
        same_origins: keys both rest on; one origin seldom tells one thing twice.
        p_first: ``p_exists`` of the one as told; likewise ``p_second``.
        p_joined: of both as one incident.
    """

    first: RecordId
    first_name: str
    second: RecordId
    second_name: str
    p_same: float
    away_m: float
    away_ratio: float
    shared_s: float
    same_origins: tuple[str, ...]
    p_first: float
    p_second: float
    p_joined: float


def near_pairs(
    groups: Sequence[Group], near: Integers, settings: FusionSettings
) -> list[tuple[float, int, int]]:
    """Probability and numbers of pairs worth a look, the likeliest first.

    ``near`` are the pairs to look at, by number, shape ``(n, 2)``.
    """
    bounds = Bounds(len(groups), settings)
    for number, group in enumerate(groups):
        bounds.put(number, group)
    least = log(P_LEAST / (1 - P_LEAST)) - SPARE
    found = []
    for one, other in near[bounds.of(near[:, 0], near[:, 1]) >= least].tolist():
        gain = merge_gain(groups[one], groups[other], settings)
        p = 1 / (1 + exp(-max(-50.0, min(50.0, gain))))
        if p >= P_LEAST:
            found.append((p, one, other))
    found.sort(key=lambda row: (-row[0], row[1], row[2]))
    return found[:MOST]


def near_miss(
    p_same: float, one: Incident, other: Incident, p_joined: float
) -> NearMiss:
    """The record of one pair; the incident that begins earlier stands first."""
    first, second = sorted((one, other), key=lambda i: (i.time.begin, i.id))
    away_m, sigmas = _away(first, second)
    keys = [{c.independence for c in i.contributions} for i in (first, second)]
    return NearMiss(
        first=first.id,
        first_name=first.name,
        second=second.id,
        second_name=second.name,
        p_same=p_same,
        away_m=away_m,
        away_ratio=sigmas,
        shared_s=first.time.overlap_s(second.time),
        same_origins=tuple(sorted(keys[0] & keys[1])),
        p_first=first.p_exists,
        p_second=second.p_exists,
        p_joined=p_joined,
        derived_from=(first.id, second.id),
    )


def _away(one: Incident, other: Incident) -> tuple[float, float]:
    here, there = one.place, other.place
    if not (isinstance(here, Place) and isinstance(there, Place)):
        return 0.0, 0.0
    offset = offset_m(here, there)
    a, b = covariance_of(here), covariance_of(there)
    both = (a[0] + b[0], a[1] + b[1], a[2] + b[2])
    return sqrt(offset[0] ** 2 + offset[1] ** 2), sqrt(distance2(offset, both))

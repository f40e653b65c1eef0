"""Which incident speaks of which true happening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from trucewatch.agreement.planar import Plane
from trucewatch.exercise.truth import Happening, nearest, places
from trucewatch.fuse.incident import Incident
from trucewatch.place import SIGMAS_90, Place

Reals = NDArray[np.float64]
FARTHEST_M = 15_000.0
FIRE_KEYS = ("thermal", "sar", "damage")  # what shows a fire that made no sound
GRACE_M = 1_000.0
GRACE_S = 600.0


@dataclass(frozen=True, slots=True)
class Pair:
    """An incident set beside the true happening it is nearest to.

    Attributes:
        incident: row of the incidents; ``happening`` row of the truth.
        away_m: between the two.
        inside: whether the incident's 90 % ellipse holds the truth: of what sounded
            from many places, each place it speaks of.
        reach_ratio: by how much the ellipse would have to grow, or may shrink, to
            just hold it.
    """

    incident: int
    happening: int
    away_m: float
    inside: bool
    reach_ratio: float


def matched(
    incidents: Sequence[Incident], truth: Sequence[Happening], plane: Plane
) -> tuple[Pair, ...]:
    """Pairs one to one, the nearest in units of the ellipse first.

    A pair is possible where the happening lies within twice the 90 % ellipse and 1 km,
    never farther than 15 km, and at most ten minutes outside the incident's time. What
    moved, or reached far, lies at the nearest place of its way or reach. Of what
    sounded from many places as many incidents may speak as there were sounds, each of
    as many of the nearest places as it counts units; a boom is one, and all it swept is
    its place.
    Incidents without a point, and what was invented, are never paired, nor is a fire
    that made no sound with what nobody saw burn.
    """
    sounds = {k: _sounds(one) for k, one in enumerate(truth)}
    units = [max(1, one.units_best) for one in incidents]
    return _one_to_one(
        [p for _, p in _possible(incidents, truth, plane)], sounds, units
    )


def spoken_of(
    incidents: Sequence[Incident], truth: Sequence[Happening], plane: Plane
) -> dict[int, int]:
    """By row of the incidents the row of the happening each may speak of, the nearest.

    Unlike in ``matched`` two incidents may speak of one happening: it was told twice.
    """
    best: dict[int, int] = {}
    for _, pair in _possible(incidents, truth, plane):
        best.setdefault(pair.incident, pair.happening)
    return best


def _possible(
    incidents: Sequence[Incident], truth: Sequence[Happening], plane: Plane
) -> list[tuple[float, Pair]]:
    """All possible pairs, the nearest first."""
    rows = [k for k, one in enumerate(incidents) if isinstance(one.place, Place)]
    real = [k for k, one in enumerate(truth) if not one.words_of]
    if not rows or not real:
        return []
    spots = _spots([incidents[k] for k in rows], plane)
    ground = [places(truth[k]) for k in real]
    owner = np.repeat(real, [len(one) for one in ground])
    near = KDTree(np.concatenate(ground)).query_ball_point(spots, FARTHEST_M)
    found = []
    for i, spot, others in zip(rows, spots, near, strict=True):
        for j in sorted({int(owner[k]) for k in np.atleast_1d(others).tolist()}):
            pair = _pair((i, j), incidents[i], truth[j], spot)
            if pair is not None:
                found.append(pair)
    found.sort(key=lambda one: (one[0], one[1].incident, one[1].happening))
    return found


def _one_to_one(
    pairs: Sequence[Pair], sounds: dict[int, int], units: Sequence[int]
) -> tuple[Pair, ...]:
    taken: set[int] = set()
    left = dict(sounds)
    kept = []
    for one in pairs:
        if one.incident not in taken and left[one.happening] > 0:
            taken.add(one.incident)
            left[one.happening] -= units[one.incident]
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.incident))


def _sounds(one: Happening) -> int:
    """How many incidents of one unit may speak of it."""
    return len(one.spots) if one.spots and not one.path else 1


def _spots(incidents: Sequence[Incident], plane: Plane) -> Reals:
    places = [one.place for one in incidents if isinstance(one.place, Place)]
    return plane.project(np.array([(one.lon_deg, one.lat_deg) for one in places]))


def _pair(
    rows: tuple[int, int], incident: Incident, one: Happening, spot: Reals
) -> tuple[float, Pair] | None:
    place = incident.place
    if not isinstance(place, Place) or not _in_time(incident, one):
        return None
    if one.burns_s and not (one.level_db or _saw_fire(incident)):
        return None
    away = float(np.hypot(*(np.array(nearest(one, *spot.tolist())) - spot)))
    if away > min(2 * place.semi_major_m + GRACE_M, FARTHEST_M):
        return None
    z2 = np.sort(_apart2(place, _spoken(one, spot) - spot))
    of = z2.size if one.path else min(max(1, incident.units_best), z2.size)
    late_s = abs((_middle(incident) - one.time).total_seconds())
    late = late_s / (incident.time.duration_s + GRACE_S)
    cost = float(z2[0]) * SIGMAS_90**2 + late**2
    reach = float(np.sqrt(z2[of - 1]))
    return cost, Pair(*rows, away, reach <= 1.0, reach)


def _spoken(one: Happening, spot: Reals) -> Reals:
    """Places an incident may speak of: all its sounds, or the nearest of its way."""
    if one.spots:
        return np.array([(each.x_m, each.y_m) for each in one.spots])
    return np.array([nearest(one, *spot.tolist())])


def _apart2(place: Place, offset: Reals) -> Reals:
    """Squared distances of offsets, shape (..., 2), in radii of the 90 % ellipse."""
    turn = np.radians(place.azimuth_deg)
    east, north = offset[..., 0], offset[..., 1]
    along = east * np.sin(turn) + north * np.cos(turn)
    across = east * np.cos(turn) - north * np.sin(turn)
    return np.asarray(
        (along / place.semi_major_m) ** 2 + (across / place.semi_minor_m) ** 2
    )


def _saw_fire(incident: Incident) -> bool:
    keys = (one.independence.partition(":")[0] for one in incident.contributions)
    return any(key in FIRE_KEYS for key in keys)


def _middle(incident: Incident) -> datetime:
    return incident.time.begin + (incident.time.end - incident.time.begin) / 2


def _in_time(incident: Incident, one: Happening) -> bool:
    grace = timedelta(seconds=GRACE_S)
    end = one.time + timedelta(seconds=max(one.length_s, one.burns_s))
    return incident.time.begin - grace <= end and one.time <= incident.time.end + grace

"""What looks without a detection take from an incident's odds."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, log10, radians

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.cover import p_detect
from trucewatch.completeness.look import lasting
from trucewatch.completeness.response import family_of
from trucewatch.fuse.blend import agreed
from trucewatch.fuse.group import Group
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import METRES_PER_DEG
from trucewatch.period import Period
from trucewatch.place import SIGMAS_90, Place

REACH_SIGMAS = 6.0  # farther from the middle no part of an ellipse is asked about
TURN_DEG = 170.0  # beyond, a box may cross the antimeridian

# Families of instruments that see one phenomenon share the key of its detections.
FAMILY_KEYS = {"viirs": "thermal", "modis": "thermal"}


class Looks:
    """Acquisitions that did look, to be looked up by time and place."""

    def __init__(
        self, acquisitions: Sequence[Acquisition], settings: FusionSettings
    ) -> None:
        """Keep what looked; a failed feed saw neither something nor nothing."""
        looked = [one for one in acquisitions if one.outcome is not Outcome.FAILURE]
        self._sorted = sorted(looked, key=lambda one: (one.time.begin, one.id))
        families = [family_of(one.procedure) for one in self._sorted]
        kinds = sorted(set(families))
        self._one_each = [self._sorted[families.index(kind)] for kind in kinds]
        number = {kind: n for n, kind in enumerate(kinds)}
        self._family = np.array([number[one] for one in families], dtype=np.int64)
        spans = [(one.time.begin, one.time.end) for one in self._sorted]
        self._seconds = np.array([
            (begin.timestamp(), end.timestamp()) for begin, end in spans
        ]).reshape(-1, 2)
        self._boxes = _boxes(self._sorted)
        self._least = settings.log10_least_miss

    def log10_miss(self, group: Group) -> float:
        """Log10 of the chance that no other look notices it; 0 where nobody looked.

        A later look counts for as long as the act's trace would still show to it.
        Looks of an origin that did detect it are no misses, nor are looks of the
        other instruments of its family: ``viirs:N20`` is of ``thermal``.
        """
        place, time = group.weighed.place, group.weighed.time
        if not isinstance(place, Place) or not self._sorted:
            return 0.0
        act = agreed([one.best.acts for one in group.weighed.origins])[0].act
        missed = [
            one
            for one in self._around(place, time, act)
            if not _is_of(one.independence, group.keys)
        ]
        if not missed:
            return 0.0
        p = p_detect(missed, place, time, act)
        return max(self._least, log10(max(1 - p, 1e-12)))

    def _around(self, place: Place, time: Period, act: Act) -> list[Acquisition]:
        """Looks that could have shown such an act there and then."""
        back_s = np.array([lasting(one, act).total_seconds() for one in self._one_each])
        begin_s, end_s = self._seconds.T
        near = begin_s - back_s[self._family] < time.end.timestamp()
        near &= end_s > time.begin.timestamp()
        west, south, east, north = self._boxes.T
        reach_deg = REACH_SIGMAS * place.semi_major_m / SIGMAS_90 / METRES_PER_DEG
        high_deg = min(89.0, abs(place.lat_deg) + reach_deg)
        wide_deg = reach_deg / cos(radians(high_deg))
        near &= (south < place.lat_deg + reach_deg) & (
            north > place.lat_deg - reach_deg
        )
        if abs(place.lon_deg) + wide_deg < TURN_DEG:
            near &= west < place.lon_deg + wide_deg
            near &= east > place.lon_deg - wide_deg
        return [self._sorted[n] for n in np.flatnonzero(near).tolist()]


def _boxes(acquisitions: Sequence[Acquisition]) -> NDArray[np.float64]:
    """West, south, east, north of footprints; the whole turn beside longitude 180."""
    found = []
    for one in acquisitions:
        lon, lat = zip(*one.footprint.outer, strict=True)
        turned = max(map(abs, lon)) > TURN_DEG or max(lon) - min(lon) > TURN_DEG
        sides = (-360.0, 360.0) if turned else (min(lon), max(lon))
        found.append((sides[0], min(lat), sides[1], max(lat)))
    return np.array(found, dtype=np.float64).reshape(-1, 4)


def _is_of(key: str, origins: frozenset[str]) -> bool:
    family = key.partition(":")[0]
    network = key.rpartition("/")[0]  # of a node: ``acoustic:north/n12``
    return bool({key, network, FAMILY_KEYS.get(family, family)} & origins)

"""What looks without a detection take from an incident's odds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from math import log10

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.cover import p_detect
from trucewatch.completeness.look import lasting
from trucewatch.completeness.response import family_of
from trucewatch.fuse.agglomerate import Group
from trucewatch.fuse.blend import agreed
from trucewatch.fuse.settings import FusionSettings
from trucewatch.period import Period
from trucewatch.place import Place

# Families of instruments that see one phenomenon share the key of its detections.
FAMILY_KEYS = {"viirs": "thermal", "modis": "thermal"}


class Looks:
    """Acquisitions that did look, to be looked up by time."""

    def __init__(
        self, acquisitions: Sequence[Acquisition], settings: FusionSettings
    ) -> None:
        """Keep what looked; a failed feed saw neither something nor nothing."""
        looked = [one for one in acquisitions if one.outcome is not Outcome.FAILURE]
        self._sorted = sorted(looked, key=lambda one: (one.time.begin, one.id))
        self._begins = [one.time.begin for one in self._sorted]
        self._one_each = {family_of(one.procedure): one for one in looked}
        longest = max((one.time.duration_s for one in looked), default=0.0)
        self._longest = timedelta(seconds=longest)
        self._least = settings.log10_least_miss

    def log10_miss(self, group: Group) -> float:
        """Log10 of the chance that no other look notices it; 0 where nobody looked.

        A later look counts for as long as the act's trace would still show to it.
        Looks of an origin that did detect it are no misses, nor are looks of the
        other instruments of its family: ``viirs:N20`` is of ``thermal``.
        """
        place, time = group.weighed.place, group.weighed.time
        if not isinstance(place, Place):
            return 0.0
        act = agreed([one.best.acts for one in group.weighed.origins])[0].act
        missed = [
            one
            for one in self._around(time, act)
            if not _is_of(one.independence, group.keys)
        ]
        if not missed:
            return 0.0
        p = p_detect(missed, place, time, act)
        return max(self._least, log10(max(1 - p, 1e-12)))

    def _around(self, time: Period, act: Act) -> list[Acquisition]:
        """Looks that could have shown such an act at such a time."""
        reach = max(
            (lasting(one, act) for one in self._one_each.values()),
            default=timedelta(0),
        )
        first = bisect_left(self._begins, time.begin - self._longest)
        last = bisect_left(self._begins, time.end + reach)
        return [
            one
            for one in self._sorted[first:last]
            if Period(one.time.begin - lasting(one, act), one.time.end).overlaps(time)
        ]


def _is_of(key: str, origins: frozenset[str]) -> bool:
    family = key.partition(":")[0]
    network = key.rpartition("/")[0]  # of a node: ``acoustic:north/n12``
    return bool({key, network, FAMILY_KEYS.get(family, family)} & origins)

"""Which wide-area detections are near in time to an incident."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta

from trucewatch.detect.detection import Detection
from trucewatch.fuse.group import Group
from trucewatch.place import Area, Place, Whereabouts
from trucewatch.record import RecordId


class Context:
    """Context detections, to be looked up by time."""

    def __init__(self, detections: Sequence[Detection]) -> None:
        """Sort the detections by their begin; all must be context."""
        once = {one.id: one for one in detections}.values()
        self._sorted = sorted(once, key=lambda one: (one.time.begin, one.id))
        self._begins = [one.time.begin for one in self._sorted]
        longest = max((one.time.duration_s for one in once), default=0.0)
        self._longest = timedelta(seconds=longest)

    def near(self, group: Group) -> tuple[RecordId, ...]:
        """Ids of context that overlaps the group's time and could bear on its area.

        A group without any place, or of a whole country, takes context of every area;
        one of a province or district takes that area's. A point takes none: a name
        alone cannot say whether it holds the point.
        """
        place, time = group.weighed.place, group.weighed.time
        if isinstance(place, Place):
            return ()
        first = bisect_left(self._begins, time.begin - self._longest)
        last = bisect_left(self._begins, time.end)
        return tuple(
            one.id
            for one in self._sorted[first:last]
            if one.time.overlaps(time) and (not _is_part(place) or one.place == place)
        )


def _is_part(place: Whereabouts) -> bool:
    return isinstance(place, Area) and place.level != "country"

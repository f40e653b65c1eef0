"""The points method of public tools, for comparison; no part of the mechanism.

Every item scores by its kind whatever its error, items within 25 km and six hours are
added, and a sum above a line is called confirmed. Nothing is asked of who copied whom,
of what would have been noticed, or of how wide a place is.

Source: FIELD 3, the fixed windows of public tools; the points are theirs in kind, the
line is set where the method does best here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from trucewatch.agreement.planar import Plane
from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place

REACH_M = 25_000.0
WINDOW = timedelta(hours=6)
CONFIRMED = 4
POINTS = {
    Channel.INSTRUMENT: 2,
    Channel.OBSERVER: 2,
    Channel.MEDIA: 1,
    Channel.PARTY: 1,
    Channel.CONTEXT: 1,
}


def points(incidents: Sequence[Incident], plane: Plane) -> NDArray[np.int64]:
    """The sum of points about each incident, shape (n,); 0 for those without a point.

    Every report of an origin scores, and so does what speaks of another incident
    near by: that is the method.
    """
    rows = [k for k, one in enumerate(incidents) if isinstance(one.place, Place)]
    sums = np.zeros(len(incidents), np.int64)
    if not rows:
        return sums
    spots = plane.project(np.array([_lonlat(incidents[k]) for k in rows]))
    near = KDTree(spots).query_ball_point(spots, REACH_M)
    own = [_own(incidents[k]) for k in rows]
    times = [_middle(incidents[k]) for k in rows]
    for n, others in enumerate(near):
        close = np.atleast_1d(others).tolist()
        sums[rows[n]] = sum(own[m] for m in close if abs(times[m] - times[n]) <= WINDOW)
    return sums


def _own(incident: Incident) -> int:
    return sum(
        POINTS[one.channel] * len(one.detections) for one in incident.contributions
    )


def _lonlat(incident: Incident) -> tuple[float, float]:
    place = incident.place
    return (place.lon_deg, place.lat_deg) if isinstance(place, Place) else (0.0, 0.0)


def _middle(incident: Incident) -> datetime:
    return incident.time.begin + (incident.time.end - incident.time.begin) / 2

"""Looks of a receiver: where and when a thing that broadcasts would be heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import shapely

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.hearing_cells import CELLS_PER_DEG, middles_deg
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.reception import (
    PACES,
    SECOND_NS,
    Pace,
    Reception,
    reception,
)
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import polygons
from trucewatch.collect.tracking import instant
from trucewatch.collect.tracks import Flags, Integers, TrackPoints
from trucewatch.period import Period

# Where classes of the chance learnt begin, and what a look of each states: what
# simulated receptions truly gave (docs/tracks.md). Below the first nothing is said.
CLASSES = (0.8, 0.9, 0.95, 0.98)
STATED = (0.75, 0.9, 0.95, 0.98)
_HALF_DEG = 0.5 / CELLS_PER_DEG


def pace_of(chosen: Options, source: str) -> Pace:
    """How often things of a source are heard, with the station where it was told.

    Raises:
        SourceError: if option ``station`` is no place.
    """
    usual, told = PACES[source], chosen.text("station")
    if not told:
        return usual
    try:
        lat, lon = (float(one) for one in told.split(","))
    except ValueError:
        lat = lon = float("nan")
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise chosen.refused(name="station", instead="lat,lon in degrees")
    return Pace(usual.step_s, usual.window_s, (lat, lon))


def receiver_looks(
    points: TrackPoints, pace: Pace, delivery: Delivery, chosen: Options
) -> tuple[Acquisition, ...]:
    """One look per stretch of time, class of reception and connected ground.

    An outage is a look that failed, over all ground heard otherwise. Where too little
    was heard to tell, there is no look.

    Raises:
        SourceError: if option ``receiver`` is no word.
    """
    receiver = chosen.slug("receiver")
    learnt = reception(points, pace)
    if learnt is None:
        return ()
    family = chosen.slug("family")
    return tuple(
        Acquisition(
            procedure=f"{family}/{receiver}",
            footprint=ground,
            time=time,
            outcome=Outcome.MISS if level else Outcome.FAILURE,
            p_clear=level,
            independence=f"{family}:{receiver}",
            row=f"reception learnt from {len(points)} messages",
            derived_from=(delivery.id,),
        )
        for time, level, ground in _looks(learnt)
    )


def _looks(learnt: Reception) -> Iterator[tuple[Period, float, Polygon]]:
    for number in np.unique(learnt.window).tolist():
        mine = learnt.window == number
        level = np.searchsorted(CLASSES, learnt.p_heard[mine], side="right")
        times = list(_stretches(learnt, ~learnt.outage, number))
        for one in np.unique(level[level > 0]).tolist():
            grounds = _grounds(learnt.cell[mine][level == one])
            yield from _each(times, STATED[one - 1], grounds)
    lost = list(_stretches(learnt, learnt.outage, None))
    yield from _each(lost, 0.0, _grounds(np.unique(learnt.cell)))


def _each(
    times: list[Period], level: float, grounds: Iterator[Polygon]
) -> Iterator[tuple[Period, float, Polygon]]:
    for ground in grounds:
        for time in times:
            yield time, level, ground


def _stretches(
    learnt: Reception, chosen: Flags, window: int | None
) -> Iterator[Period]:
    """Unbroken times of the chosen steps, within a window where one is named."""
    first, after = 0, len(chosen)
    if window is not None:
        steps = learnt.pace.window_s // learnt.pace.step_s
        first = max(first, window * steps - learnt.first)
        after = min(after, (window + 1) * steps - learnt.first)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], chosen[first:after], [0]))))
    width = timedelta(seconds=learnt.pace.step_s)
    origin = instant((learnt.first + first) * learnt.pace.step_s * SECOND_NS)
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield Period(origin + begin * width, origin + end * width)


def _grounds(cell: Integers) -> Iterator[Polygon]:
    """The connected areas of some cells, from the south-west."""
    lat, lon = middles_deg(np.sort(cell))
    squares = shapely.box(
        lon - _HALF_DEG, lat - _HALF_DEG, lon + _HALF_DEG, lat + _HALF_DEG
    )
    if len(lat):
        whole = shapely.union_all(squares)
        found, _ = polygons(whole)
        yield from sorted(found, key=lambda one: (one.outer, one.holes))

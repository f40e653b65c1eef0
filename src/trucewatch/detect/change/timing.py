"""Between which two pictures a place changed."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from trucewatch.detect.change.places import Band
from trucewatch.detect.change.welch import Numbers
from trucewatch.period import Period

P_HELD = 0.9  # chance that the change lies in the period told


def changed_within(bands: tuple[Band, ...], place: int, since: datetime) -> Period:
    """The shortest run of gaps between pictures that holds the change, p at least 0.9.

    One step of unknown size per band, the scatter of each band known from its earlier
    pictures, any instant after the last earlier picture equally likely. It is sure of
    one thing only: what was seen before ``since`` is background.

    Raises:
        ValueError: if no band has a picture on either side.
    """
    every = sorted({t for one in bands for t in one.times})
    early = [t for t in every if t < since]
    late = [t for t in every if t >= since]
    if not early or not late:
        msg = "a change needs a picture before and one after"
        raise ValueError(msg)
    edges = [early[-1], *late]
    cost = np.array([
        sum(_squares(one, place, end, since) for one in bands) for end in late
    ])
    hours = np.array([
        (b - a).total_seconds() / 3600
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    ])
    weight = hours * np.exp(-(cost - cost.min()) / 2)
    first, last = _shortest(weight / weight.sum(), hours)
    return Period(edges[first], edges[last + 1])


def _squares(band: Band, place: int, end: datetime, since: datetime) -> float:
    """Squared deviations in a step just before ``end``, in units of the scatter."""
    values = band.values[place]
    good = np.isfinite(values)
    after = band.after(end)
    quiet = values[good & ~band.after(since)]
    scatter = max(float(np.var(quiet, ddof=1)) if len(quiet) > 1 else 1.0, 1e-2)
    parts = (values[good & ~after], values[good & after])
    total = sum(float(((x - x.mean()) ** 2).sum()) for x in parts if len(x))
    return total / scatter


def _shortest(p: Numbers, hours: Numbers) -> tuple[int, int]:
    """The run of gaps, shortest in time, that holds the chance asked for."""
    sums = np.concatenate(([0.0], np.cumsum(p)))
    spans = np.concatenate(([0.0], np.cumsum(hours)))
    runs = [
        (spans[j + 1] - spans[i], i, j)
        for i in range(len(p))
        for j in range(i, len(p))
        if sums[j + 1] - sums[i] >= P_HELD - 1e-9
    ]
    _, first, last = min(runs)
    return first, last

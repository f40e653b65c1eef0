"""Waveforms as miniSEED or SAC: what channels of arrays recorded, as one table.

A gap begins a new row, so nothing is said of the time between; so does a change of the
clock's state. Coordinates are taken from SAC headers; for miniSEED ``array_stations``
brings them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.recorded import PLACES, listened
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.stretches import Stretch, stretches
from trucewatch.collect.unpack import plain
from trucewatch.collect.waveforms import Segments

OPTIONS = known("A", "2", family="infrasound", range_m="30000")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable stretches as one table of waveforms; every other one rejected.

    A stretch whose place is told is a look of its array besides.

    Raises:
        SourceError: if the delivery is neither form, a library is absent, or an option
            is wrong.
    """
    chosen = options(delivery, OPTIONS, (PLACES,))
    family = chosen.slug("family")
    kept = Account(delivery)
    good = stretches(plain(raw), kept)
    recorded = _segments(good)
    columns = recorded.to_columns(delivery, family)
    looks = listened(recorded, chosen, delivery)
    return Batch(
        rows_read=len(good) + len(kept.rejections),
        acquisitions=looks,
        tables=(columns,) if good else (),
        rejections=tuple(kept.rejections),
        drawn=len(looks),
    )


def _segments(good: Sequence[Stretch]) -> Segments:
    where = np.array([one.place for one in good]).reshape(-1, 3)
    return Segments(
        channel_id=tuple(one.channel_id for one in good),
        begin_ns=np.array([one.begin_ns for one in good], np.int64),
        rate_hz=np.array([one.rate_hz for one in good]),
        lat_deg=where[:, 0],
        lon_deg=where[:, 1],
        elevation_m=where[:, 2],
        samples=tuple(one.samples for one in good),
        clock=tuple(one.clock.value for one in good),
        clock_sigma_s=np.array([one.clock_sigma_s for one in good], np.float64),
        row=tuple(one.where for one in good),
    )

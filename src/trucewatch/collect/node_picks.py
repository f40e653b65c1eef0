"""Onsets found in recordings, as picks of the one form that nodes send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
import pyarrow as pa

from trucewatch.collect.columnar import Text
from trucewatch.collect.nodes import Clock, NodePicks, Seal
from trucewatch.collect.onsets import Onset

_REFERENCE_PA = 20e-6  # of levels in air, ISO 1683


@dataclass(frozen=True, slots=True)
class Heard:
    """Onsets of one stretch of one sensor.

    Attributes:
        sensor_id: which.
        begin_ns: of the first sample, since 1970-01-01 UTC.
        found: the onsets.
        unit_pa: pressure of one unit of the samples, NaN where not known.
        clock: what is known of the recorder's clock.
        clock_sigma_s: its error, NaN where not known.
        where: the stretch in the delivery.
    """

    sensor_id: str
    begin_ns: int
    found: tuple[Onset, ...]
    unit_pa: float
    clock: Clock
    clock_sigma_s: float
    where: str


def picks_of(heard: Sequence[Heard], key: str) -> NodePicks:
    """One pick per onset, in the order given; ``key`` is their independence."""
    each = [(one, onset) for one in heard for onset in one.found]
    times = [one.begin_ns + 1000 * round(onset.at_s * 1e6) for one, onset in each]
    names = [f"{one.sensor_id}-{t}" for (one, _), t in zip(each, times, strict=True)]
    counts = [n for one in heard for n in range(1, len(one.found) + 1)]
    rows = [f"{o.where} onset {n}" for (o, _), n in zip(each, counts, strict=True)]
    return NodePicks(
        pick_id=_text(names),
        sensor_id=_text([one.sensor_id for one, _ in each]),
        time_ns=np.array(times, np.int64),
        onset_sd_s=np.round([onset.sd_s for _, onset in each], 6),
        clock_sigma_s=np.array([one.clock_sigma_s for one, _ in each], np.float64),
        level_db=np.round([_level_db(one, onset) for one, onset in each], 3),
        snr_db=np.round([onset.snr_db for _, onset in each], 3),
        clock=_text([one.clock.value for one, _ in each]),
        seal=_text([Seal.UNSIGNED.value] * len(each)),
        independence=_text([key] * len(each)),
        row=_text(rows),
    )


def _level_db(one: Heard, onset: Onset) -> float:
    """Peak level over 20 micropascals; NaN where the recorder is not calibrated."""
    if not one.unit_pa > 0:
        return float("nan")
    return 20 * log10(max(onset.peak_ratio * one.unit_pa, 1e-12) / _REFERENCE_PA)


def _text(values: list[str]) -> Text:
    return pa.array(values, pa.string())

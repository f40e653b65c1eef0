"""What channels of pressure or of moving ground record of bangs, as miniSEED.

A bang far off is one swing up and one down, smoothed by the way; the ground rings after
it. Noise is white but for what neighbouring samples share.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.tracking import library
from trucewatch.exercise.dice import Dice, exp
from trucewatch.exercise.truth import Reals

UNIT_PA = 1e-3  # of one count
REFERENCE_PA = 2e-5
PEAK = 0.6065306597126334  # of t exp(-t²/2), at t = 1
RING_S = 0.6  # in which the ground's ringing falls by a factor of e

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples of one channel without a gap; ``channel`` is its SEED name."""

    channel: str
    begin: datetime
    rate_hz: float
    samples: Counts


def pressure_pa(level_db: float) -> float:
    """Peak pressure of a sound level."""
    return float(REFERENCE_PA * exp(level_db * 0.11512925464970229))


def noise(count: int, rms_pa: float, rng: Dice) -> Reals:
    """Noise of a root mean square."""
    white = rng.normal(0.0, rms_pa / 1.25**0.5, count + 1)
    return np.asarray(white[1:] + 0.5 * white[:-1])


def add_bang(
    samples: Reals, rate_hz: float, at_s: float, peak_pa: float, width_s: float
) -> None:
    """Add a bang to samples, in place; it begins where the ear would say so.

    Args:
        samples: of the channel, in Pa.
        rate_hz: of the samples.
        at_s: of its onset after the first sample.
        peak_pa: greatest pressure.
        width_s: from its middle to its greatest pressure.
    """
    first = max(0, int((at_s - width_s) * rate_hz))
    last = min(samples.size, int((at_s + 9 * width_s) * rate_hz) + 1)
    if first >= last:
        return
    t = (np.arange(first, last) / rate_hz - at_s) / width_s - 2.5
    samples[first:last] -= peak_pa / PEAK * t * exp(-0.5 * t * t)


def add_ringing(
    samples: Reals, rate_hz: float, at_s: float, peak_pa: float, rng: Dice
) -> None:
    """Add what the ground rings after a bang, in place."""
    first = max(0, int(at_s * rate_hz) + 1)
    last = min(samples.size, int((at_s + 6 * RING_S) * rate_hz))
    if first < last:
        t = np.arange(last - first) / rate_hz
        ring = 0.5 * peak_pa * exp(-t / RING_S) * rng.normal(0.0, 1.0, last - first)
        samples[first:last] += ring


def counted(samples: Reals) -> Counts:
    """Samples in whole counts."""
    most = 2.0**31 - 1
    return np.clip(np.round(samples / UNIT_PA), -most, most).astype(np.int32)


def miniseed(stretches: Sequence[Stretch]) -> bytes:
    """A miniSEED file.

    Raises:
        SourceError: if ObsPy is not installed.
    """
    obspy = library("obspy", "waveforms")
    traces = []
    for one in stretches:
        names = ("network", "station", "location", "channel")
        header = dict(zip(names, one.channel.split("."), strict=True))
        start = obspy.UTCDateTime(one.begin)
        told = {"sampling_rate": one.rate_hz, "starttime": start, **header}
        traces.append(obspy.Trace(data=one.samples, header=told))
    out = io.BytesIO()
    obspy.Stream(traces).write(out, format="MSEED", encoding="STEIM2", reclen=4096)
    return out.getvalue()

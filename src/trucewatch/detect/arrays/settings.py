"""How arrays are processed: one default for every array."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArraySettings:
    """Numbers of array processing; the defaults are the same for every array.

    Attributes:
        low_hz: the band's lower edge.
        high_hz: the band's upper edge; at most 0.4 of the sampling rate is used.
        window_s: time analysed at once; twice the crossing time of the array is added.
        slowest_mps: trace velocity at the edge of the slowness grid.
        slow_mps: least trace velocity of what is kept.
        fast_mps: greatest trace velocity of what is kept; infinite keeps all.
        false_per_day: how many detections noise alone may give a day.
        arrivals_per_day: expected rate of arrivals, the prior of ``probability``.
        timing_s: error of delays that no window shows: clocks, sites, turbulence.
        together_s: windows of one direction not further apart are one arrival.
    """

    low_hz: float = 1.0
    high_hz: float = 5.0
    window_s: float = 10.0
    slowest_mps: float = 250.0
    slow_mps: float = 280.0
    fast_mps: float = 600.0
    false_per_day: float = 0.5
    arrivals_per_day: float = 10.0
    timing_s: float = 0.005
    together_s: float = 60.0

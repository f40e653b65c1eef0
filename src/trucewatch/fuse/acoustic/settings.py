"""What the engine takes for granted; the shipped values are the defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Constants of the acoustic model; what differs between networks is learnt.

    Attributes:
        margin_m: how far beyond the outermost nodes incidents are looked for.
        turbulence_ratio: standard deviation of travel time over travel time.
        base_s: timing error common to all picks (survey, onset).
        air_speed_mps: prior standard deviation of the forecast's sound speed.
        wind_mps: prior standard deviation of the forecast's wind, per component.
        p_least: incidents less probable than this are not reported.
    """

    margin_m: float = 15_000.0
    turbulence_ratio: float = 0.0026
    base_s: float = 0.008
    air_speed_mps: float = 1.0
    wind_mps: float = 1.4
    p_least: float = 0.05

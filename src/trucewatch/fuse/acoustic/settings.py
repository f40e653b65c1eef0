"""What the engine takes for granted; the shipped values are the defaults."""

from __future__ import annotations

from dataclasses import dataclass

NODE_S = 900.0
DAY_S = 86_400.0
# Where nobody forecasts, the air is as unknown as a season leaves it: 10 K about 15
# degrees Celsius are 6 m/s of sound speed; winds near the ground, 4 m/s either way.
SEASON_SPEED_MPS = 6.0
SEASON_WIND_MPS = 4.0


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
        epoch_s: time is solved in blocks of this length, which is part of what the
            result is; a multiple of 900 s that divides the day.
        tile_m: a network longer than one and a half of this is solved in tiles.
    """

    margin_m: float = 15_000.0
    turbulence_ratio: float = 0.0026
    base_s: float = 0.008
    air_speed_mps: float = 1.0
    wind_mps: float = 1.4
    p_least: float = 0.05
    epoch_s: float = 10_800.0
    tile_m: float = 200_000.0

    def __post_init__(self) -> None:
        """Epochs share their borders with the nodes of the air and with days.

        Raises:
            ValueError: if the epoch is none of the lengths it may have.
        """
        if self.epoch_s < NODE_S or self.epoch_s % NODE_S or DAY_S % self.epoch_s:
            msg = (
                f"epoch_s is {self.epoch_s:g}; a multiple of {NODE_S:g} that divides "
                f"{DAY_S:g} is needed"
            )
            raise ValueError(msg)


def unforecast() -> EngineSettings:
    """The shipped settings for picks without any weather beside them."""
    return EngineSettings(air_speed_mps=SEASON_SPEED_MPS, wind_mps=SEASON_WIND_MPS)

"""What the background of fires takes for granted, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One step from coarse to fine: what is near borrows, in place and in season.

    Attributes:
        space_deg: standard deviation of the kernel in space; 0 for the cell alone.
        season_days: standard deviation of the kernel over the year.
        prior: shape of the gamma law the coarser level gives; fires it counts as.
    """

    space_deg: float
    season_days: float
    prior: float


# Chosen among nine sets by the likelihood of held-out peace years (docs/thermal.md).
LEVELS = (
    Level(0.6, 2.5, 4.0),
    Level(0.2, 5.0, 4.0),
    Level(0.1, 10.0, 4.0),
    Level(0.0, 20.0, 4.0),
)


@dataclass(frozen=True, slots=True)
class ThermalSettings:
    """How fires are counted, expected and told apart.

    Attributes:
        link_m: pixels this near on one day are one fire.
        ring_deg: standard deviation of the surroundings that tell how busy a day is.
        busy_prior_fires: fires the expectation of the surroundings counts as.
        yesterday_ratio: weight of the day before in telling how busy a day is.
        lasting_days: weeks before a fire that tell of a lasting excess.
        near_deg: standard deviation of its neighbourhood.
        region_deg: standard deviation of the region it is compared with.
        lasting_prior_fires: fires the expectation of the neighbourhood counts as.
        region_prior_fires: fires the expectation of the region counts as.
        local_prior_fires: fires that a small cell must show before it is believed.
        p_persistent: least chance per day that a persistent source is seen burning.
        persistent_months: separate months it must have burned in.
        p_war: share of fire pixels that are war-related, before one is looked at.
        least_fires: fires a history needs before probabilities are calibrated.
    """

    link_m: float = 1_000.0
    ring_deg: float = 0.7
    busy_prior_fires: float = 0.3
    yesterday_ratio: float = 0.5
    lasting_days: int = 30
    near_deg: float = 0.1
    region_deg: float = 2.0
    lasting_prior_fires: float = 1.0
    region_prior_fires: float = 5.0
    local_prior_fires: float = 2.0
    p_persistent: float = 0.02
    persistent_months: int = 5
    p_war: float = 0.1
    least_fires: int = 2_000


DEFAULT = ThermalSettings()
